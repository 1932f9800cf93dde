#include "theory/process/forward.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace lemmabench {
namespace {

/// Levels from almost pure noise to almost pure data, the last with 1-abar = 1e-20.
std::vector<Level<Ball>> levels() {
  std::vector<Level<Ball>> out;
  for (const char* noise : {"0.999999", "0.5", "0.01", "1e-20"}) {
    const Ball v(Rational::parse(noise, "test"));
    out.push_back({1 - v, v});
  }
  return out;
}

const Ball& lambda() {
  static const Ball value(Rational(3, 10));
  return value;
}

const Ball& mu() {
  static const Ball value(Rational(-7, 5));
  return value;
}

TEST_CASE("Tweedie: the posterior mean and variance are what the score says") {
  const PrecisionScope scope(256);
  const Ball x(Rational(11, 10));
  for (const Level<Ball>& level : levels()) {
    const auto score = gaussian_score(level, lambda(), mu());
    const Ball tweedie = (x + level.noise * score(x)) / sqrt(level.abar);
    const Ball mean = posterior_mean(level, lambda(), mu(), x);
    CHECK(mean.overlaps(tweedie));
    CHECK(mean.relative_accuracy_bits() > 240);
    // Second order: Var(X_0|x) = (1-abar)/abar (1 + (1-abar) ds/dx).
    const Ball variance = level.noise / level.abar * (level.noise * score.slope + 1);
    CHECK(posterior_variance(level, lambda()).overlaps(variance));
    // grad s* = -J/(1-abar), J = 1 - Sigma.
    const Ball j = 1 - noise_posterior_variance(level, lambda());
    CHECK((j / level.noise).overlaps(-score.slope));
    // Total variance of X_0 = E Var + Var E.
    const Ball gain = sqrt(level.abar) * lambda() / marginal_variance(level, lambda());
    const Ball explained = gain * gain * marginal_variance(level, lambda());
    CHECK((explained + posterior_variance(level, lambda())).overlaps(lambda()));
  }
}

TEST_CASE("the score has mean square 1/w, below d/(1-abar), and E[x s] = -1") {
  const PrecisionScope scope(256);
  for (const Level<Ball>& level : levels()) {
    const auto score = gaussian_score(level, lambda(), mu());
    const Ball w = marginal_variance(level, lambda());
    const Ball mean = marginal_mean(level, mu());
    CHECK(score(mean).contains_zero());
    CHECK((score.slope * score.slope * w).overlaps(expected_squared_score(level, lambda())));
    CHECK(expected_squared_score(level, lambda()).less_than(1 / level.noise) == Truth::certainly);
    CHECK((score.slope * (w + mean * mean) + score.offset * mean).overlaps(Ball(-1)));
    // At a point mass F3 is an equality.
    CHECK(expected_squared_score(level, Ball(0)).overlaps(1 / level.noise));
  }
}

TEST_CASE("neighbouring levels in the unnormalised coordinate") {
  // Level t-1 sits at v = (1-abar_t) - b_t with S(x) = s_{t-1}(x/sqrt(alpha))/sqrt(alpha), t+1 at
  // v = (1-abar_t) + b_{t+1}/alpha_{t+1} with S(x) = sqrt(alpha) s_{t+1}(sqrt(alpha) x).
  const PrecisionScope scope(256);
  const Schedule<Ball> schedule(LiCaiSchedule{}, 100);
  const Ball x(Rational(1, 3));
  for (const int t : {2, 50, 99}) {
    const Level<Ball>& here = schedule.level(t);
    const Ball root_down = sqrt(schedule.alpha(t));
    const auto below = gaussian_score(schedule.level(t - 1), lambda(), mu());
    const auto down = unnormalised_score(here.abar, here.noise - schedule.b(t), lambda(), mu());
    CHECK(down(x).overlaps(below(x / root_down) / root_down));
    const Ball alpha = schedule.alpha(t + 1);
    const auto above = gaussian_score(schedule.level(t + 1), lambda(), mu());
    const auto up =
        unnormalised_score(here.abar, here.noise + schedule.b(t + 1) / alpha, lambda(), mu());
    CHECK(up(x).overlaps(sqrt(alpha) * above(sqrt(alpha) * x)));
  }
}

TEST_CASE("the flow transports the marginals and solves its equation") {
  const PrecisionScope scope(256);
  const auto all = levels();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const Ball c = flow_coefficient(all[i], all[i + 1], lambda());
    CHECK((c * c * marginal_variance(all[i], lambda()))
              .overlaps(marginal_variance(all[i + 1], lambda())));
  }
  // dx/dv = -S_v(x)/2 at fixed signal: (c(v+h) - 1)/h -> 1/(2 (abar lambda + v)).
  const Ball abar(Rational(7, 10));
  const Ball v(Rational(3, 10));
  const Ball h(Rational::parse("1e-30", "test"));
  const Ball rate = unnormalised_flow_increment(abar, v, h, lambda()) / h;
  const Ball slope = unnormalised_score(abar, v, lambda(), mu()).slope / -2;
  CHECK(rate.overlaps(Ball::around(slope, Ball(Rational::parse("1e-29", "test")))));
  CHECK(rate.relative_accuracy_bits() > 240);
  // Exact, not only to first order: (1 + increment)^2 is the ratio of the variances.
  const Ball change(Rational(-1, 5));
  const Ball c = unnormalised_flow_increment(abar, v, change, lambda()) + 1;
  CHECK((c * c).overlaps((abar * lambda() + v + change) / (abar * lambda() + v)));
}

TEST_CASE("the flow increment does not cancel in double") {
  const double increment = unnormalised_flow_increment(0.5, 0.5, -1e-18, 1.0);
  CHECK(std::abs(increment / -5e-19 - 1) < 1e-15);
}

TEST_CASE("early stopping in W2: exact for Gaussians, bounded for all") {
  const PrecisionScope scope(256);
  for (const Level<Ball>& level : levels()) {
    const Ball exact = early_stopping_w2_squared(level, lambda(), mu());
    const Ball spread = sqrt(marginal_variance(level, lambda())) - sqrt(lambda());
    const Ball shift = (1 - sqrt(level.abar)) * mu();
    CHECK(exact.overlaps(spread * spread + shift * shift));
    CHECK(exact.relative_accuracy_bits() > 240);
    const Ball second_moment = lambda() + mu() * mu();
    const Ball bound = early_stopping_w2_squared_bound(level, second_moment, 1);
    CHECK(exact.less_than(bound) == Truth::certainly);
  }
  // A standard normal stays itself.
  CHECK(early_stopping_w2_squared(Level<double>{0.5, 0.5}, 1.0, 0.0) == 0.0);
  // 1-abar = 1e-20 in double: (1e-20 (1-lambda)/(2 sqrt(lambda)))^2.
  const double tiny = early_stopping_w2_squared(Level<double>{1.0, 1e-20}, 0.25, 0.0);
  CHECK(std::abs(tiny / 5.625e-41 - 1) < 1e-14);
}

}  // namespace
}  // namespace lemmabench
