#include "theory/initialisation/start_difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/log_functions.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

double exponential_minus_one(double x) { return std::expm1(x); }
template <class Real>
Real exponential_minus_one(const Real& x) {
  Real out;
  mpfr_expm1(out.backend().data(), x.backend().data(), MPFR_RNDN);
  return out;
}

template <class Real>
Real absolute(const Real& x) {
  return x < 0 ? Real(-x) : x;
}

}  // namespace

template <class Real>
StartDifference<Real>::StartDifference(const LineMixture<Real>& clean, const Level<Real>& level) {
  using std::log;
  using std::sqrt;
  const Real signal = sqrt(level.abar);
  for (const auto& [weight, mean, variance] : clean.components()) {
    const Real delta = level.abar * (variance - 1);
    const Real spread = level.abar * variance + level.noise;
    const Real logarithm =
        absolute(delta) < Real(0.5) ? Real(delta * (1 + log1p_excess(delta))) : Real(log(spread));
    components_.push_back({weight, signal * mean, delta, spread, logarithm / 2,
                           -(log(2 * pi<Real>()) + logarithm) / 2});
  }
}

template <class Real>
void StartDifference<Real>::operator()(const Real* points, std::size_t count, Real* out) const {
  using std::exp;
  using std::sqrt;
  const Real height = 1 / sqrt(2 * pi<Real>());
  for (std::size_t i = 0; i < count; ++i) {
    const Real x = points[i];
    const Real normal = height * exp(Real(-x * x / 2));
    Real sum(0);
    for (const Component& c : components_) {
      const Real l =
          (c.delta * x * x / 2 + c.mean * x - c.mean * c.mean / 2) / c.spread - c.log_spread;
      if (absolute(l) < Real(0.5)) {
        sum += c.weight * normal * exponential_minus_one(l);
      } else {
        const Real gap = x - c.mean;
        sum += c.weight * (exp(Real(c.log_density - gap * gap / (2 * c.spread))) - normal);
      }
    }
    out[i] = sum;
  }
}

template <class Real>
Real StartDifference<Real>::size() const {
  Real sum(0);
  for (const Component& c : components_) {
    sum += c.weight * (absolute(c.delta) + absolute(c.mean));
  }
  return std::min(sum, Real(1));
}

template <class Real>
Real StartDifference<Real>::rounding() const {
  using std::sqrt;
  Real sum(0);
  for (const Component& c : components_) {
    const Real narrow = c.delta < 0 ? Real(sqrt(c.spread)) : Real(1);
    sum += c.weight * (absolute(c.delta) + absolute(c.mean)) / narrow;
  }
  return 8 * std::numeric_limits<Real>::epsilon() * sum;
}

#define LEMMABENCH_INSTANTIATE(Real) template class StartDifference<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
