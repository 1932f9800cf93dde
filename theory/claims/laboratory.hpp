#pragma once

#include <functional>
#include <string>

#include "numerics/jet.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// One step t -> t-1 of a sampler with everything in it a Taylor series in one and the same
/// variable s with coefficients in Real. theory.md section 3 names the numbers.
template <class Real>
struct SeriesStep {
  int t = 0;        ///< from level t to level t-1
  int steps = 0;    ///< T; a step with t = steps is the first one and has no level t+1
  long dim = 1;     ///< d, for the scales of clip and intermediate noise
  Jet<Real> abar;   ///< abar_t
  Jet<Real> noise;  ///< 1-abar_t
  Jet<Real> b;      ///< b_t = 1-alpha_t
  Jet<Real> b1;     ///< b_{t+1}; not looked at when t = steps
};

/// The score a step is run with: s_{t'}(y) for the level t' the sampler asks for (t-1, t or t+1).
/// Theory knows the exact one; a control gives a false one.
template <class Real>
using SeriesScore = std::function<Jet<Real>(int level, const Jet<Real>& y)>;

/// The two kinds a sampler's code can run on: series in x (s = x - x_0), and series in s = b_t
/// whose coefficients are series in x.
using JetStep = SeriesStep<Ball>;
using JetScore = SeriesScore<Ball>;
using NestedStep = SeriesStep<Jet<Ball>>;
using NestedScore = SeriesScore<Jet<Ball>>;

/// What claims about samplers may ask for. Theory states the question; the harness, which knows
/// the samplers and the engines, answers (harness/studies/claims/exact_laboratory.hpp).
class Laboratory {
 public:
  Laboratory() = default;
  Laboratory(const Laboratory&) = delete;
  Laboratory& operator=(const Laboratory&) = delete;
  virtual ~Laboratory() = default;

  /// The output law of a sampler, as `lemmabench law` computes it. Answers are remembered, so
  /// several claims may ask the same at no cost. Thread-safe. Throws as compute_law does.
  virtual const LawResult& law(const LawRequest& request, const LawOptions& options) = 0;

  /// Psi_t(x) of theory.md section 4, where Y_{t-1} = (Psi_t(Y_t) + sqrt(b) Z)/sqrt(alpha_t): the
  /// code of the sampler itself (cases/samplers), run on Taylor series in balls at the thread's
  /// precision. In R^d with independent coordinates: for one coordinate.
  /// Throws InputError for a sampler nobody knows, and EngineRefusal for one whose step is not such
  /// a kernel (SamplerInfo::path_kernel) or that clips or adds an intermediate noise.
  virtual Jet<Ball> step_map(const std::string& sampler, const JetStep& step, const Jet<Ball>& x,
                             const JetScore& score) = 0;
  virtual Jet<Jet<Ball>> step_map(const std::string& sampler, const NestedStep& step,
                                  const Jet<Jet<Ball>>& x, const NestedScore& score) = 0;
};

}  // namespace lemmabench
