#include "theory/initialisation/initial_total_variation.hpp"

#include <algorithm>
#include <cmath>

#include "theory/radial/scale_mixture.hpp"

namespace lemmabench {
namespace {

/// A zero of a function that changes its sign between the two ends; v is of size 1.
template <class F>
double bisect(F f, double low, double high) {
  const bool rises = f(low) < 0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    ((f(middle) < 0) == rises ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double total_variation(const ScaleMixture& p, const ScaleMixture& phi) {
  const auto log_ratio = [&](double v) { return p.log_density(v) - phi.log_density(v); };
  // d log(p/phi)/d(r^2) = (1 - E[1/s | r])/2, which rises from negative to positive.
  const auto slope = [&](double v) { return 1 + p.score_factor(v); };
  const RadialFeature a = p.feature(1e-30);
  const RadialFeature b = phi.feature(1e-30);
  const double low = std::min(a.low, b.low);
  const double high = std::max(a.high, b.high);
  const double lowest = slope(low) >= 0 ? low : slope(high) <= 0 ? high : bisect(slope, low, high);
  double out = 0;
  if (log_ratio(low) > 0 && log_ratio(lowest) < 0) {
    const double r = bisect(log_ratio, low, lowest);
    out += p.cdf(r) - phi.cdf(r);
  }
  if (log_ratio(high) > 0 && log_ratio(lowest) < 0) {
    const double r = bisect(log_ratio, lowest, high);
    out += p.upper_tail(r) - phi.upper_tail(r);
  }
  return out;
}

}  // namespace

Quantity initial_total_variation(long dim, const ScaleLaw& law, const Level<double>& level) {
  const ScaleMixture phi(dim, atomic_scale({{1, 1}}), Level<double>{0.5, 0.5});
  const double fine = total_variation(ScaleMixture(dim, law, level, 1.3), phi);
  const double coarse = total_variation(ScaleMixture(dim, law, level, 1), phi);
  const double rounding = 4e-16 * static_cast<double>(dim) + 1e-14;
  return Quantity::computed(fine, 2 * std::abs(fine - coarse) + rounding);
}

}  // namespace lemmabench
