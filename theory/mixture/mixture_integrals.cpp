#include "theory/mixture/mixture_integrals.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/ball_functions.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {
namespace {

/// z of MixtureIntegral::tails: e^{-z^2/2} = 1e-49.
constexpr int kReachOfIntegral = 15;
/// What an error function costs in evaluations (EvaluationBudget).
constexpr double kErfc = 4;

/// sum_k w_k P(sign N(mean, W_k) > sign x).
Ball tail(const BallMixture<>& mixture, const Ball& x, int sign) {
  EvaluationBudget::spend(kErfc * static_cast<double>(mixture.size()));
  Ball sum(0);
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const Ball z = (x - mixture.mean(k)) * sign / sqrt(mixture.variance(k) * 2);
    sum.add_product(mixture.weight(k), erfc(z) / 2);
  }
  return sum;
}

}  // namespace

Ball cdf(const BallMixture<>& mixture, const Ball& x) { return tail(mixture, x, -1); }
Ball upper_tail(const BallMixture<>& mixture, const Ball& x) { return tail(mixture, x, 1); }

MixtureIntegral::MixtureIntegral(const BallMixture<>& mixture) {
  Ball mean(0);
  Ball variance(0);
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    tau_ = larger(tau_, mixture.precision(k));
    mean = larger(mean, abs(mixture.mean(k)));
    variance = larger(variance, mixture.variance(k));
    // -log p <= -log(w_k N_k) <= tau m^2/2 + log(2 pi W_k)/2 - log w_k for any one k.
    const Ball floor = abs(log(2 * Ball::pi() * mixture.variance(k))) / 2 - log(mixture.weight(k));
    log_factor_ = larger(log_factor_, floor + Ball(Rational(3, 2)));
  }
  // log p <= log(tau/(2 pi))/2.
  log_factor_ = larger(log_factor_, abs(log(tau_ / (2 * Ball::pi()))) / 2 + 1);
  offset_ = mean + sqrt(variance);
  // Where to split is a matter of cost only, so midpoints will do; the ends must reach far enough.
  std::vector<double> splits;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const double centre = mixture.mean(k).to_double();
    const double sd = std::sqrt(mixture.variance(k).to_double());
    splits.insert(splits.end(), {centre - 5 * sd, centre, centre + 5 * sd});
  }
  const double end = 1.001 * upper_double(mean + sqrt(variance) * kReachOfIntegral);
  splits.insert(splits.end(), {-end, end});
  std::sort(splits.begin(), splits.end());
  const double gap = 1e-3 * std::sqrt(variance.to_double());
  double last = -HUGE_VAL;
  for (const double x : splits) {
    if (x > last + gap) {
      points_.push_back(Ball::exactly(x));
      last = x;
    }
  }
}

Ball MixtureIntegral::tails(int power) const {
  const Ball z(kReachOfIntegral);
  return pow(3 * offset_, Ball(power)) * 2 * sqrt(2 / Ball::pi()) * pow(z, Ball(power - 1)) *
         exp(-z * z / 2);
}

Ball MixtureIntegral::operator()(const ComplexFunction& f, const Ball& factor, int power,
                                 const IntegralGoal& goal) const {
  return integral_with_tails(f, points_, (factor * tails(power)).magnitude_upper(), goal);
}

}  // namespace lemmabench
