#pragma once

#include <string>
#include <vector>

#include "numerics/evidence.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

/// Which lemma loses the powers of d between what is proved and what is measured? Every step of the
/// argument for a sampler, in the order in which the proof uses them, with the power of d that it
/// claims and the powers measured on families of targets (docs/losses.md).
struct LossRequest {
  std::string sampler = "li-cai";          ///< li-cai (to D5) or ddpm (to D6)
  long steps = 192;                        ///< T, on li-cai:c0=2,c1=9
  std::vector<long> dims{4, 16, 64, 256};  ///< squares, ascending, three at least
  std::vector<std::string> families;       ///< ids; empty: all
  double relative_error = 0.02;            ///< of the path certificates
  int threads = 1;
};

/// Laws of X_0 in every dimension d.
struct LossFamily {
  std::string id;
  std::string title;
  std::string target;  ///< what --target takes, with {d} for the dimension and {root} for sqrt(d)
};
const std::vector<LossFamily>& loss_families();

/// The power of d with which one quantity grows in one family.
struct PowerOfDimension {
  std::string family;
  std::string not_evaluated;  ///< why there is no power; then only `values` counts
  std::vector<long> dims;     ///< those with a value
  std::vector<Quantity> values;
  double power = 0;  ///< slope of log value against log d between the last two d,
  double low = 0;    ///< with what the slopes of the upper half and the values' errors leave open
  double high = 0;
  Evidence evidence = Evidence::computed;  ///< of the values: the power itself is a fit

  bool known() const { return not_evaluated.empty(); }
};

/// One step of the argument.
struct LossStep {
  std::string id;        ///< "T7, k = 2"
  std::string claim;     ///< the record: "T7"
  std::string quantity;  ///< what the step bounds, in a few words
  Rational claimed;      ///< the power of d in its bound
  /// How much of the power of d in the bound of TV one power of d here is: 1, or 1/2 for a sum of
  /// squares.
  Rational share{1};
  std::vector<PowerOfDimension> worst = {};  ///< at the worst typical point; none behind D2
  std::vector<PowerOfDimension> mean = {};   ///< in expectation over X_t, or of the output law
  /// The power of d that is left for TV if this step, as it is used in the proof, gave what is
  /// measured, and the steps so far did; of the last step what is measured of TV itself.
  double running = 0;
};

/// The one with the largest power, of several within 0.01 the one with the narrowest interval;
/// nullptr where none is known.
const PowerOfDimension* largest(const std::vector<PowerOfDimension>& powers);

struct LossTable {
  LossRequest request;
  std::vector<LossFamily> families;
  Rational claimed;  ///< power of d of the bound of TV that the steps lead to
  std::vector<LossStep> steps;
};

/// Suprema over typical points are proved enclosures, mean squares along the flow computed, those
/// of a step's defect and their sum sampled by the path certificate, TV computed by the engines;
/// powers are fits. The same bytes on any number of threads. Throws InputError for a sampler or a
/// family that there is none of, for dimensions that are not three or more ascending squares up to
/// 4096, and for T below 96. Cost: one to two minutes for the defaults.
LossTable study_losses(const LossRequest& request);

}  // namespace lemmabench
