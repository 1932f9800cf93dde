#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/monte_carlo/certificate/path_step.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {

/// Bound of |E|D + delta|^2 - E|D|^2|/(2b) from E|D|^2/(2b) and the samples of |delta|^2/(2b): with
/// three standard errors on top of their mean.
double flow_bias(double summand, const RunningMoments& flow_error);

/// The two kinds of samples of one step.
enum class PathDraw : std::size_t { fine, coarse };

/// What is known of one summand of the path certificate.
///
/// In two levels, E F = E C + E(F - C), F and C the summand by the fine and by the coarse flow:
/// many samples of C, and few others, independent of them, of the difference. Where that would cost
/// more than F alone, F alone.
struct SummandEstimate {
  int t = 0;
  int substeps = 1;         ///< of the fine flow
  int coarse_substeps = 1;  ///< 0: the fine flow alone
  struct Drawn {
    std::uint64_t samples = 0;
    double score_calls = 0;
    /// Scores a sample.
    double cost() const { return score_calls / static_cast<double>(samples); }
  };
  std::array<Drawn, 2> drawn{};  ///< by PathDraw
  FlowMoments summand{};
  FlowMoments discretisation{};  ///< as PathStep::Block: only with a score estimate
  RunningMoments score{};
  RunningMoments flow_error{};
  double variance_term = 0;

  const Drawn& of(PathDraw draw) const { return drawn[static_cast<std::size_t>(draw)]; }
  Drawn& of(PathDraw draw) { return drawn[static_cast<std::size_t>(draw)]; }
  /// The independent means that add up to the expectation: one, or coarse and correction.
  std::vector<RunningMoments> parts(const FlowMoments& moments) const;
  double mean(const FlowMoments& moments) const;

  /// The summand with its variance term.
  double value() const { return mean(summand) + variance_term; }
  std::uint64_t samples() const { return drawn[0].samples + drawn[1].samples; }
  double score_calls() const { return drawn[0].score_calls + drawn[1].score_calls; }
  void add(const PathStep::Block& block);
  void add(const SummandEstimate& other);
  double flow_bias() const { return lemmabench::flow_bias(mean(summand), flow_error); }
};

/// When to stop.
struct PathAccuracy {
  double relative_error = 0.01;
  double level = 0.99;
  double max_samples = 1e8;
};

/// Estimates all summands t = T..2 but those that are known otherwise, of a first step from a level
/// without signal and of steps between equal levels (end_steps.hpp): chooses the substeps of the
/// flow, then draws until the sum is known to the relative error asked for. Throws NumericalFailure
/// when it cannot be reached.
std::vector<SummandEstimate> estimate_path(const PathStep::Setting& setting,
                                           const PathAccuracy& accuracy, int threads);

/// Half the width of a confidence interval of a sum of independent means: Student's quantile with
/// Welch and Satterthwaite's degrees of freedom times its standard error.
double half_width(const std::vector<RunningMoments>& parts, double level);

/// Groups of eight samples in a block, the unit of work: a function of the dimension only.
std::size_t path_block_groups(std::size_t dim);

}  // namespace lemmabench
