#include "theory/radial/radial_integrals.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/ball_functions.hpp"
#include "numerics/chi_square.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {
namespace {

/// Deviations of the radius beyond its middle sqrt(d W) at which an integral ends: e^{-z^2/2} =
/// 1e-49.
constexpr int kReach = 15;
/// What a chi-square probability costs in evaluations (EvaluationBudget).
constexpr double kPerTail = 100;

template <class Tail>
Ball mass(const RayMixture<>& mixture, const Ball& r, Tail tail) {
  const BallScaleMixture<>& law = mixture.in_space();
  EvaluationBudget::spend(kPerTail * static_cast<double>(law.size()));
  Ball sum;
  for (std::size_t k = 0; k < law.size(); ++k) {
    sum.add_product(law.weight(k), tail(square(r) / law.variance(k), law.dim()));
  }
  return sum;
}

}  // namespace

Ball cdf(const RayMixture<>& mixture, const Ball& r) { return mass(mixture, r, chi_square_lower); }
Ball upper_tail(const RayMixture<>& mixture, const Ball& r) {
  return mass(mixture, r, chi_square_upper);
}

RadialIntegral::RadialIntegral(const BallScaleMixture<>& mixture) : mixture_(mixture) {
  const Ball dim(mixture.dim());
  const Ball two_pi = 2 * Ball::pi();
  Ball widest;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    tau_ = larger(tau_, mixture.precision(k));
    widest = larger(widest, mixture.variance(k));
  }
  end_ = Ball::exactly(1.001 * upper_double(sqrt(widest) * (sqrt(dim) + kReach)));
  // log p <= (d/2) log(tau/(2 pi)), and log p >= log(w_k N_k) for any one k.
  Ball offset = dim * abs(log(tau_ / two_pi)) / 2;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    offset =
        larger(offset, dim * abs(log(two_pi * mixture.variance(k))) / 2 - log(mixture.weight(k)));
  }
  log_slope_ = offset / square(end_) + tau_ / 2;
  const Ball half = dim / 2;
  surface_ = 2 * exp(half * log(Ball::pi()) - lgamma(half) - half * log(two_pi));
  // Where to split is a matter of cost only, so midpoints will do.
  std::vector<double> splits{0, end_.to_double()};
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const double sd = std::sqrt(mixture.variance(k).to_double());
    const double root = std::sqrt(static_cast<double>(mixture.dim()));
    for (const double z : {-4.0, 0.0, 4.0}) {
      splits.push_back(sd * (root + z));
    }
  }
  std::sort(splits.begin(), splits.end());
  const double gap = 1e-3 * std::sqrt(widest.to_double());
  double last = -HUGE_VAL;
  for (const double r : splits) {
    if (r >= 0 && r > last + gap && (r <= end_.to_double() - gap || r == end_.to_double())) {
      points_.push_back(Ball::exactly(r));
      last = r;
    }
  }
}

ComplexBall RadialIntegral::measure(const ComplexBall& r) const {
  ComplexBall power;
  acb_pow_ui(power.raw(), r.raw(), static_cast<ulong>(mixture_.dim() - 1), PrecisionScope::bits());
  return power * surface_;
}

Ball RadialIntegral::tail(long power) const {
  const Ball half = Ball(mixture_.dim()) / 2;
  const Ball gammas = exp(lgamma(half + Ball(power)) - lgamma(half));
  Ball sum;
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    const Ball& w = mixture_.variance(k);
    sum.add_product(mixture_.weight(k) * pow(2 * w, Ball(power)) * gammas,
                    chi_square_upper(square(end_) / w, mixture_.dim() + 2 * power));
  }
  return sum;
}

Ball RadialIntegral::integrate(const ComplexFunction& f, const Ball& factor, long power,
                               const IntegralGoal& goal) const {
  return integral_with_tails(f, points_, (factor * tail(power)).magnitude_upper(), goal);
}

}  // namespace lemmabench
