#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/path_step.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {

/// Bound of |E|D + delta|^2 - E|D|^2|/(2b) from E|D|^2/(2b) and E|delta|^2/(2b).
double flow_bias(double summand, double flow_error);

/// What is known of one summand of the path certificate.
struct SummandEstimate {
  int t = 0;
  int substeps = 1;
  std::uint64_t samples = 0;
  double score_calls = 0;
  RunningMoments summand{};
  RunningMoments discretisation{};  ///< as PathStep::Block: only with a score estimate
  RunningMoments score{};
  RunningMoments flow_error{};
  double variance_term = 0;

  /// The summand with its variance term.
  double value() const { return summand.mean + variance_term; }
  void add(const PathStep::Block& block);
  void add(const SummandEstimate& other);
  double flow_bias() const { return lemmabench::flow_bias(summand.mean, flow_error.mean); }
};

/// When to stop.
struct PathAccuracy {
  double relative_error = 0.01;
  double level = 0.99;
  double max_samples = 1e8;
};

/// Estimates all summands t = T..2: chooses the substeps of the flow, then draws until the sum is
/// known to the relative error asked for. Throws NumericalFailure when it cannot be reached.
std::vector<SummandEstimate> estimate_path(const PathStep::Setting& setting,
                                           const PathAccuracy& accuracy, int threads);

/// Half the width of a confidence interval of a sum of independent means: Student's quantile with
/// Welch and Satterthwaite's degrees of freedom times its standard error.
double half_width(const std::vector<RunningMoments>& parts, double level);

/// Groups of eight samples in a block, the unit of work: a function of the dimension only.
std::size_t path_block_groups(std::size_t dim);

}  // namespace lemmabench
