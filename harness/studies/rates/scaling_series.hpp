#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/store.hpp"
#include "numerics/order_fit.hpp"

namespace lemmabench {

/// What of a law an order is fitted to.
enum class FittedMetric { tv, kl_pq, kl_qp, hellinger, relative_variance_error };

/// "tv", "kl_pq", "kl_qp", "hellinger" or "relative_variance_error".
std::string_view name(FittedMetric metric);
const std::vector<FittedMetric>& all_metrics();
/// The metric of that name. Throws InputError naming all of them.
FittedMetric parse_metric(std::string_view text, std::string_view origin);

/// An order that theory.md section 3 states for a series.
struct ExpectedOrder {
  double order = 0;
  int known_logs = 0;  ///< factors log T beside h^order (docs/findings.md)
};

/// The order to expect of `metric` for this target, sampler, schedule, start and score, if one is
/// stated: SamplerInfo's, for the li-cai schedule and, without log factors, for the logit schedule
/// started exactly (its initialisation error does not vanish with T); with the exact score. The
/// statements are for the relative variance error on one Gaussian and for TV on a mixture;
/// Hellinger is of the same order as TV, KL of twice that.
std::optional<ExpectedOrder> expected_order(const LawRequest& request, FittedMetric metric);

/// Cells that differ in steps only, and the order fitted to them.
struct ScalingSeries {
  LawRequest request;                ///< of the first cell; steps means nothing
  std::vector<ScalingPoint> points;  ///< T ascending
  std::size_t failed_cells = 0;
  ExponentFit fit;  ///< in the schedule's natural model, log factors that theory knows divided out
  std::optional<ExpectedOrder> expected;
  /// Against `expected`; without one, consistent means that the range is asymptotic.
  OrderJudgement judgement;
  /// The constant of the expected order, if the fit is consistent with it.
  std::optional<ConstantEstimate> constant;

  /// Consistent with what is stated, or faster, or asymptotic where nothing is stated.
  bool holds() const {
    return judgement.verdict == OrderVerdict::consistent ||
           judgement.verdict == OrderVerdict::faster;
  }
};

/// Groups the cells and fits each group, in the order in which groups first appear. The relative
/// variance error is that of the eigenvalue that is worst at the largest T. `origin` starts the
/// messages about malformed cells. Throws InputError for those, and for samplers or targets this
/// version does not know.
std::vector<ScalingSeries> scaling_series(const std::vector<StoreCell>& cells, FittedMetric metric,
                                          std::string_view origin);

/// True if there are series and each of them holds.
bool all_hold(const std::vector<ScalingSeries>& series);

/// "measured" for an order that no theory states and that has settled, else the verdict's name.
std::string verdict_name(const ScalingSeries& series);

}  // namespace lemmabench
