#pragma once

#include <functional>
#include <string>

#include "harness/studies/regression/regression.hpp"

/// Comparing numbers that are known by Monte Carlo only, with a family-wise error rate.
namespace lemmabench {

/// How the error alpha of a whole gate with `cells` sampled cells is spent: half of it on the
/// baseline's intervals, half on the new ones, in equal shares a cell (Bonferroni), and of a cell's
/// share 2^-k on its k-th look, k = 1, 2, ... All intervals ever looked at then hold together with
/// probability at least 1 - alpha, whatever the dependence between cells, looks and seeds. (With
/// more than some 300 certificates at alpha = 0.01 the levels exceed what certify_path takes; it
/// says so.)
struct AlphaSpending {
  double alpha = 0.01;
  long cells = 1;

  /// Confidence level of a baseline's interval.
  double baseline_level() const { return level(1); }
  /// Confidence level of the k-th look.
  double look_level(int look) const;

 private:
  double level(double share) const;
};

/// Looks at the most, each twice as accurate as the one before (and four times as dear); the last
/// has the relative error of the baseline, margin/8.
inline constexpr int kMostLooks = 4;

/// Relative half-width asked for at look k = 1..kMostLooks: margin/2^(k-1).
double look_accuracy(double margin, int look);

/// Computes the sampled number anew, with samples that no other look has: relative half-width
/// `accuracy` at confidence `level`.
using Estimator = std::function<Quantity(int look, double accuracy, double level)>;

/// The group-sequential comparison of a number, of which less is better, with its baseline. After
/// each look, with D the interval of new - old (the sum of both half-widths around the difference):
///   D above tolerance * old: regression;     D below 0: improved;
///   D below margin * old (so not worse by what matters): unchanged; else look closer.
/// With options.exact D must lie within +- margin * old instead, and D without 0 is a failure.
/// After the last look: inconclusive, a failure.
/// P(some cell of the gate is called a regression or changed though it is the same) <= alpha, and
/// P(some cell passes though it is worse by more than the margin) <= alpha: both need one of the
/// intervals to miss.
Change sequential_test(const std::string& quantity, const Quantity& before, double margin,
                       const AlphaSpending& spending, const GateOptions& options,
                       const Estimator& estimate);

/// The certificate's bound of KL for a cell, as look `look` measures it (0: the baseline itself).
/// Throws what certify_path throws.
Quantity certificate_kl(const GateCell& cell, const std::string& sampler, int look, double accuracy,
                        double level, int threads);

}  // namespace lemmabench
