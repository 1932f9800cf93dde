#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "numerics/evidence.hpp"

namespace lemmabench {

/// One measured error of a sampler with T = `steps` steps.
struct ScalingPoint {
  double steps = 0;
  double value = 0;  ///< e.g. TV
  double error = 0;  ///< bound or estimate of the value's own error: the numerical floor
  Evidence evidence = Evidence::sampled;
  /// Why value and error say nothing, if the number is not finite; such a point is never used.
  std::string refusal{};
};

/// A point from a quantity, by absolute value (a relative variance error has a sign).
ScalingPoint scaling_point(long steps, const Quantity& value);

/// What the order is counted in: value ~ C h^order with
/// - power: h = 1/T,
/// - log_corrected: h = log T/T, the step scale L/c1 of the li-cai schedule, in which the theory
///   states its orders. (Counted in 1/T an exact order 1 in log T/T reads 0.89 at T = 16384.)
enum class ScalingModel { power, log_corrected };

/// "1/T" or "log T/T".
std::string_view name(ScalingModel model);

/// h(T) of the model; needs T >= 3 where log T/T falls.
double scale(ScalingModel model, double steps);

/// A point that was not used, and why, in words.
struct RefusedPoint {
  double steps = 0;
  std::string reason;
};

/// The order between two neighbouring points: log(y_a/y_b)/log(h_a/h_b).
struct LocalOrder {
  double from = 0;  ///< T of the coarser point
  double to = 0;    ///< T of the finer one
  double order = 0;
  double error = 0;  ///< what the two points' errors can do to it
};

/// An order with its uncertainty, or a refusal.
struct ExponentFit {
  ScalingModel model = ScalingModel::power;
  int known_logs = 0;  ///< as in FitOptions: the model is value ~ C h^order (log T)^known_logs
  /// Why there is no fit; empty if there is one. All numbers below are then 0.
  std::string refusal;
  bool refused() const { return !refusal.empty(); }

  double order = 0;  ///< slope of log value against log h, by least squares over the window
  /// Statistical standard error of the slope, from the residuals.
  double standard_error = 0;
  /// order -+ half_width(); see fit_exponent for what is in it.
  double low = 0;
  double high = 0;
  double half_width() const { return (high - low) / 2; }
  /// What the local orders tend to; equal to the last of them if they do not settle.
  double limit = 0;
  /// exp(intercept), with the interval that belongs to the order's. Far wider than that of
  /// constant_at(), since h = 1 is far outside the data.
  double constant = 0;
  double constant_low = 0;
  double constant_high = 0;
  double rms_residual = 0;  ///< of log value

  std::vector<ScalingPoint> window;   ///< the points of the fit, T ascending
  std::vector<ScalingPoint> outside;  ///< usable points at smaller T, left out by the residuals
  std::vector<RefusedPoint> refused_points;
  std::vector<LocalOrder> local_orders;   ///< within the window
  bool asymptotic = false;                ///< the local orders have settled
  std::string range_reason;               ///< why, in one sentence
  Evidence evidence = Evidence::sampled;  ///< weakest of computed and the window's points
};

struct FitOptions {
  /// A point counts only if its value is at least this many times its error.
  double signal_to_floor = 10;
  /// Level of the Student-t part of the interval, in (0, 1).
  double confidence = 0.95;
  /// Factors log T that the value is known to have beside C h^order (SamplerInfo::extra_logs);
  /// divided out before the fit. From theory, never chosen by the fit.
  int known_logs = 0;
};

/// The fewest points an order is fitted to: two parameters and two degrees of freedom.
inline constexpr std::size_t kLeastFitPoints = 4;

/// Fits value ~ C h(T)^order (times known factors log T). However sure the points are, an order
/// is never more than computed: that the range is asymptotic is judged, not proved.
///
/// Points: those with value < signal_to_floor * error (or value 0) are refused; fewer than
/// kLeastFitPoints left is a refusal that says so. Window: always ends at the largest T and starts
/// at the smallest T for which the criterion
///     t_{n-2} * standard error + propagated errors of the points
/// is at most 1.1 times its least value over all windows, or at most 1e-3. So small T is dropped
/// while, and only while, that sharpens the slope; nobody chooses a window.
///
/// Interval: the residuals of deterministic data are model error, not noise, so the half-width is
/// the sum of (a) the Student-t half-width, (b) the propagated errors of the points (bounds,
/// hence added up), (c) the sensitivity: the larger of how far the slope moves when the window's
/// smallest T is dropped and of how far the limit of the local orders lies from it, and (d) where
/// the local orders are flat or turn, how far a drift like that of a factor log T would still lead.
///
/// Asymptotic range, by the last three local orders s1, s2, s3 (u = largest of their errors): their
/// spread is at most 0.1 + 2u with u <= 0.05, and one of
///   * flat: spread <= 0.002 + 2u;
///   * turning: not monotone with spread <= 0.02 + 2u;
///   * settling: monotone, with increments that shrink like h^k, where k >= 0.3 and k >= 1.4 times
///     the k that a bare factor log T shows at the same T (about 2/log T): settling.hpp has the
///     rule, and why the constants of claims need another k.
/// The limit is s3 carried on along h^k when settling, else s3.
///
/// Throws InputError for T < 3, a T that stands twice, a value that is negative or not finite, or
/// an error that is negative or not finite. Cost O(n^2).
ExponentFit fit_exponent(std::vector<ScalingPoint> points, ScalingModel model,
                         const FitOptions& options = {});

/// How a measured order compares with the one a theory states.
enum class OrderVerdict { consistent, faster, slower, inconclusive };

/// "consistent", "faster", "slower" or "inconclusive".
std::string_view name(OrderVerdict verdict);

struct OrderJudgement {
  OrderVerdict verdict = OrderVerdict::inconclusive;
  std::string reason;  ///< one sentence
  Evidence evidence = Evidence::sampled;
};

/// consistent: in the asymptotic range, `expected` in [low, high], and half-width <= 0.25, so that
/// an order half a unit away would have been seen. faster / slower: in the asymptotic range and the
/// whole interval above / below `expected`. Everything else is inconclusive.
OrderJudgement judge_order(const ExponentFit& fit, double expected);

/// C(T) = value/(h^order (log T)^known_logs) at the largest T of the fit.
struct ConstantEstimate {
  double value = 0;
  /// |C(T) - C at the next smaller T| plus what the point's own error does: an estimate of the
  /// distance to the limit if C converges at least like h^{1/2} on points that double T.
  double error = 0;
};

/// The constant that belongs to a given order. Throws InputError if the fit was refused.
ConstantEstimate constant_at(const ExponentFit& fit, double order);

}  // namespace lemmabench
