#include "theory/mixture/line_mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <type_traits>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"
#include "numerics/legendre.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// What a step of Newton's method for a quantile costs a component, in evaluations of balls.
constexpr double kPerNewton = 0.3;

/// erfc for double and Mp (Boost.Math's own would cost 20 s of compilation).
double complementary_error(double x) { return std::erfc(x); }
template <class Real>
Real complementary_error(const Real& x) {
  Real out;
  mpfr_erfc(out.backend().data(), x.backend().data(), MPFR_RNDN);
  return out;
}

/// P(Z > z).
template <class Real>
Real gaussian_tail(const Real& z) {
  using std::sqrt;
  return complementary_error(Real(z / sqrt(Real(2)))) / 2;
}

/// Composite Gauss-Legendre with bisection where the two halves disagree with the whole.
template <class Real>
class AdaptiveQuadrature {
 public:
  using Integrand = std::function<void(const Real*, std::size_t, Real*)>;

  AdaptiveQuadrature(const Integrand& f, double tolerance)
      : f_(f), tolerance_(tolerance), rule_(gauss_legendre<Real>(order_for(tolerance))) {}

  Real operator()(const Real& low, const Real& high) {
    return refine(low, high, panel(low, high), 0);
  }

 private:
  /// What a value of f costs in evaluations of balls, if it is a score; a flow counts its own.
  static constexpr double kPerPoint = 0.1;

  static int order_for(double tolerance) {
    return std::max(12, static_cast<int>(-std::log10(tolerance)));
  }

  Real panel(const Real& low, const Real& high) {
    const Real half = (high - low) / 2;
    points_.clear();
    for (const Real& x : rule_.nodes) {
      points_.push_back(low + half * (1 + x));
    }
    values_.resize(points_.size());
    EvaluationBudget::spend(kPerPoint * static_cast<double>(points_.size()));
    f_(points_.data(), points_.size(), values_.data());
    Real sum(0);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      sum += rule_.weights[i] * values_[i];
    }
    if (!std::isfinite(to_double(sum))) {
      throw NumericalFailure("mixture: an expectation is not finite in this arithmetic");
    }
    return half * sum;
  }

  Real refine(const Real& low, const Real& high, const Real& whole, int depth) {
    const Real middle = (low + high) / 2;
    const Real left = panel(low, middle);
    const Real right = panel(middle, high);
    using std::abs;
    // Bisection gains order digits at least where it gains any: the halves are far better than
    // their difference from the whole says.
    if (depth >= 40 || to_double(Real(abs(left + right - whole))) <= tolerance_) {
      return left + right;
    }
    return refine(low, middle, left, depth + 1) + refine(middle, high, right, depth + 1);
  }

  const Integrand& f_;
  double tolerance_;
  QuadratureRule<Real> rule_;
  std::vector<Real> points_;
  std::vector<Real> values_;
};

/// Ends of cells in units of a component's deviation, from -reach to reach: about 2 deviations
/// each, so that no feature hides from the first rule; and where components are far narrower, cells
/// that double in width away from each of those, which hide otherwise between the nodes.
template <class Component>
std::vector<double> cell_ends(const std::vector<Component>& all, const Component& component,
                              double reach) {
  constexpr double kNarrow = 1.0 / 6;       // of a deviation: wider bumps are seen
  constexpr std::size_t kMostNarrow = 256;  // more are a texture that any cell sees
  std::vector<double> out;
  const int cells = static_cast<int>(std::ceil(reach));
  for (int i = 0; i <= cells; ++i) {
    out.push_back(-reach + 2 * reach * i / cells);
  }
  const double mean = to_double(component.mean);
  const double sd = std::sqrt(to_double(component.variance));
  std::vector<std::pair<double, double>> narrow;  // where, how wide
  for (const Component& other : all) {
    const double width = std::sqrt(to_double(other.variance)) / sd;
    const double at = (to_double(other.mean) - mean) / sd;
    if (width < kNarrow && std::abs(at) < reach) {
      narrow.emplace_back(at, width);
    }
  }
  if (narrow.empty() || narrow.size() > kMostNarrow) {
    return out;
  }
  for (const auto& [at, width] : narrow) {
    out.push_back(at);
    for (double away = 2 * width; away < 1; away *= 2) {
      out.push_back(at - away);
      out.push_back(at + away);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::remove_if(out.begin(), out.end(), [&](double x) { return std::abs(x) > reach; }),
            out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

template <class Real>
LineMixture<Real>::LineMixture(std::vector<Component> components)
    : components_(std::move(components)) {
  using std::log;
  if (components_.empty()) {
    throw InputError("mixture: needs at least one component");
  }
  double total = 0;
  for (const auto& [weight, mean, variance] : components_) {
    if (!(to_double(weight) > 0) || !(to_double(variance) > 0) ||
        !std::isfinite(to_double(variance)) || !std::isfinite(to_double(mean))) {
      throw InputError("mixture: weights and variances must be above 0 and finite, means finite");
    }
    total += to_double(weight);
    log_factors_.push_back(log(weight) - log(2 * pi<Real>() * variance) / 2);
  }
  if (std::abs(total - 1) > 1e-9) {
    throw InputError(fmt::format("mixture: weights sum to {:.12g}, not to 1", total));
  }
}

template <class Real>
LineMixture<Real> LineMixture<Real>::at_level(const Level<Real>& level) const {
  using std::sqrt;
  const Real signal = sqrt(level.abar);
  std::vector<Component> out;
  for (const auto& [weight, mean, variance] : components_) {
    out.push_back({weight, signal * mean, level.abar * variance + level.noise});
  }
  return LineMixture(std::move(out));
}

template <class Real>
Real LineMixture<Real>::mean() const {
  Real sum(0);
  for (const auto& component : components_) {
    sum += component.weight * component.mean;
  }
  return sum;
}

template <class Real>
Real LineMixture<Real>::variance() const {
  const Real centre = mean();
  Real sum(0);
  for (const auto& [weight, mean, variance] : components_) {
    sum += weight * (variance + (mean - centre) * (mean - centre));
  }
  return sum;
}

template <class Real>
void LineMixture<Real>::density(const Real* points, std::size_t count, Real* out) const {
  using std::exp;
  for (std::size_t i = 0; i < count; ++i) {
    const Real x = points[i];
    Real sum(0);
    for (std::size_t k = 0; k < components_.size(); ++k) {
      const auto& [weight, mean, variance] = components_[k];
      const Real gap = mean - x;
      sum += exp(log_factors_[k] - gap * gap / (2 * variance));
    }
    out[i] = sum;
  }
}

template <class Real>
void LineMixture<Real>::score(const Real* points, std::size_t count, Real* out) const {
  using std::exp;
  const std::size_t size = components_.size();
  std::vector<Real> pull(size, Real(0));
  std::vector<Real> logarithm(size, Real(0));
  for (std::size_t i = 0; i < count; ++i) {
    const Real x = points[i];
    std::size_t largest = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const Real gap = components_[k].mean - x;
      pull[k] = gap / components_[k].variance;
      logarithm[k] = log_factors_[k] - gap * pull[k] / 2;
      largest = logarithm[k] > logarithm[largest] ? k : largest;
    }
    Real total(1);
    Real sum = pull[largest];
    for (std::size_t k = 0; k < size; ++k) {
      if (k != largest) {
        const Real share = exp(logarithm[k] - logarithm[largest]);
        total += share;
        sum += share * pull[k];
      }
    }
    out[i] = sum / total;
  }
}

template <class Real>
Real LineMixture<Real>::density(const Real& x) const {
  Real out(0);
  density(&x, 1, &out);
  return out;
}

template <class Real>
Real LineMixture<Real>::score(const Real& x) const {
  Real out(0);
  score(&x, 1, &out);
  return out;
}

template <class Real>
Real LineMixture<Real>::log_density(const Real& x) const {
  using std::exp;
  using std::log;
  std::vector<Real> logarithm;
  for (std::size_t k = 0; k < components_.size(); ++k) {
    const Real gap = components_[k].mean - x;
    logarithm.push_back(log_factors_[k] - gap * gap / (2 * components_[k].variance));
  }
  const Real largest = *std::max_element(logarithm.begin(), logarithm.end());
  Real sum(0);
  for (const Real& value : logarithm) {
    sum += exp(value - largest);
  }
  return largest + log(sum);
}

template <class Real>
Real LineMixture<Real>::score_derivative(const Real& x) const {
  using std::exp;
  const Real logarithm = log_density(x);
  const Real centre = score(x);
  Real sum(0);
  for (std::size_t k = 0; k < components_.size(); ++k) {
    const Real gap = components_[k].mean - x;
    const Real pull = gap / components_[k].variance;
    const Real share = exp(log_factors_[k] - gap * pull / 2 - logarithm);
    // The variance of the pull about its mean, not a difference of squares.
    sum += share * ((pull - centre) * (pull - centre) - 1 / components_[k].variance);
  }
  return sum;
}

template <class Real>
Real LineMixture<Real>::cdf(const Real& x) const {
  using std::sqrt;
  Real sum(0);
  for (const auto& [weight, mean, variance] : components_) {
    sum += weight * gaussian_tail(Real((mean - x) / sqrt(variance)));
  }
  return sum;
}

template <class Real>
Real LineMixture<Real>::upper_tail(const Real& x) const {
  using std::sqrt;
  Real sum(0);
  for (const auto& [weight, mean, variance] : components_) {
    sum += weight * gaussian_tail(Real((x - mean) / sqrt(variance)));
  }
  return sum;
}

template <class Real>
Real LineMixture<Real>::signed_quantile(const Real& p, bool upper) const {
  using std::abs;
  using std::log;
  using std::sqrt;
  if (!(p > 0) || !(p < 1)) {
    throw InputError(fmt::format("quantile of p = {:.6g}: needs 0 < p < 1", to_double(p)));
  }
  const auto tail = [&](const Real& x) { return upper ? upper_tail(x) : cdf(x); };
  const Real scale = sqrt(variance());
  Real low = mean() - scale;
  Real high = mean() + scale;
  // tail is monotone: falling when upper, rising when not.
  const auto beyond = [&](const Real& x) { return upper ? tail(x) < p : tail(x) > p; };
  for (Real width = scale; beyond(low); width *= 2) {
    low -= width;
  }
  for (Real width = scale; !beyond(high); width *= 2) {
    high += width;
  }
  // Newton on log tail(x) - log p, whose curvature stays small in the tails; bisection when a step
  // leaves the bracket.
  Real x = (low + high) / 2;
  const double precise = 4 * to_double(std::numeric_limits<Real>::epsilon());
  for (int iteration = 0; iteration < 400; ++iteration) {
    EvaluationBudget::spend(kPerNewton * static_cast<double>(components_.size()));
    const Real value = tail(x);
    const Real slope = upper ? Real(-density(x)) : density(x);
    (beyond(x) ? high : low) = x;
    const Real change = value > 0 && slope != 0 ? Real(value * log(value / p) / slope) : Real(0);
    const Real newton = x - change;
    const bool inside = change != 0 && newton > low && newton < high;
    const Real next = inside ? newton : Real((low + high) / 2);
    const Real limit = Real(precise) * (abs(x) > scale ? Real(abs(x)) : scale);
    const bool settled = abs(next - x) <= limit || value == p;
    x = value == p ? x : next;
    if (settled) {
      break;
    }
  }
  return x;
}

template <class Real>
Real LineMixture<Real>::quantile(const Real& p) const {
  return signed_quantile(p, false);
}

template <class Real>
Real LineMixture<Real>::upper_quantile(const Real& p) const {
  return signed_quantile(p, true);
}

template <class Real>
Real LineMixture<Real>::expectation(const std::function<void(const Real*, std::size_t, Real*)>& f,
                                    double tolerance) const {
  using std::exp;
  using std::sqrt;
  // P(|Z| > reach) < exp(-reach^2/2) <= tolerance/100, with room for an f that grows.
  const double reach = std::sqrt(2 * (-std::log(tolerance) + 10));
  Real sum(0);
  for (const auto& component : components_) {
    const Real sd = sqrt(component.variance);
    const Real normaliser = sqrt(2 * pi<Real>());
    std::vector<Real> shifted;
    const std::function<void(const Real*, std::size_t, Real*)> integrand =
        [&](const Real* z, std::size_t count, Real* out) {
          shifted.resize(count);
          for (std::size_t i = 0; i < count; ++i) {
            shifted[i] = component.mean + sd * z[i];
          }
          f(shifted.data(), count, out);
          for (std::size_t i = 0; i < count; ++i) {
            out[i] *= exp(-z[i] * z[i] / 2) / normaliser;
          }
        };
    AdaptiveQuadrature<Real> quadrature(integrand, tolerance);
    Real part(0);
    const std::vector<double> ends = cell_ends(components_, component, reach);
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      part += quadrature(Real(ends[i]), Real(ends[i + 1]));
    }
    sum += component.weight * part;
  }
  return sum;
}

template <class Real>
Real LineMixture<Real>::score_second_moment(double tolerance) const {
  // Scaled by the largest precision 1/v, of which it is at most 1, so that the tolerance is
  // relative to it.
  Real least = components_.front().variance;
  for (const auto& component : components_) {
    least = component.variance < least ? component.variance : least;
  }
  const std::function<void(const Real*, std::size_t, Real*)> squared =
      [&](const Real* x, std::size_t count, Real* out) {
        score(x, count, out);
        for (std::size_t i = 0; i < count; ++i) {
          out[i] *= out[i] * least;
        }
      };
  return expectation(squared, tolerance) / least;
}

template <class Real>
Real posterior_mean(const LineMixture<Real>& clean, const Level<Real>& level, const Real& x) {
  using std::exp;
  using std::log;
  using std::sqrt;
  const LineMixture<Real> noisy = clean.at_level(level);
  const Real logarithm = noisy.log_density(x);
  const Real signal = sqrt(level.abar);
  Real sum(0);
  for (std::size_t k = 0; k < clean.components().size(); ++k) {
    const auto& [weight, mean, variance] = clean.components()[k];
    const auto& diffused = noisy.components()[k];
    const Real gap = diffused.mean - x;
    const Real share = exp(log(weight) - log(2 * pi<Real>() * diffused.variance) / 2 -
                           gap * gap / (2 * diffused.variance) - logarithm);
    sum += share * (mean * level.noise + signal * variance * x) / diffused.variance;
  }
  return sum;
}

template <class Real>
Real exact_flow(const LineMixture<Real>& from, const LineMixture<Real>& to, const Real& x) {
  const Real below = from.cdf(x);
  const Real above = from.upper_tail(x);
  return below < above ? to.quantile(below) : to.upper_quantile(above);
}

#define LEMMABENCH_INSTANTIATE(Real)                                                             \
  template class LineMixture<Real>;                                                              \
  template Real posterior_mean<Real>(const LineMixture<Real>&, const Level<Real>&, const Real&); \
  template Real exact_flow<Real>(const LineMixture<Real>&, const LineMixture<Real>&, const Real&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
