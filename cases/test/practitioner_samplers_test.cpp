// The practitioners' samplers against their own formulas, step by step in x = y/sqrt(abar) and
// sigma, with logarithms and exponentials as their code has them.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;
using lemmabench::test::PointWalk;

namespace {

// sigma stays between 0.05 and 20 here, so that nothing in the textbook formulas loses more than a
// factor 20 against a rounding of 1.1e-16; observed at most 3e-15.
constexpr double kRounding = 1e-13;

/// Their world: the data prediction D(x, sigma) of some smooth score.
struct Theirs {
  static double score(const Level<double>& level, double y) {
    return -y / (0.4 + level.noise) + 0.3 * std::sin(y + level.abar);
  }
  static double denoised(double x, double sigma) {
    const Level<double> level{1 / (1 + sigma * sigma), sigma * sigma / (1 + sigma * sigma)};
    const double y = x * std::sqrt(level.abar);
    return (y + level.noise * score(level, y)) / std::sqrt(level.abar);
  }
  static double slope(double x, double sigma) { return (x - denoised(x, sigma)) / sigma; }
};

/// One step of theirs from (x, sigma) to sigma'; `old` is what the last step left, or none.
struct TheirStep {
  double x;
  double sigma;
  double next;
  bool first;
  double old_denoised;
  double old_sigma;
};
/// The mean of x' and the sd of its noise.
using TheirSampler = std::function<std::pair<double, double>(const TheirStep&)>;

std::pair<double, double> heun(double x, double from, double to) {
  const double d = Theirs::slope(x, from);
  const double d2 = Theirs::slope(x + (to - from) * d, to);
  return {x + (to - from) * (d + d2) / 2, 0.0};
}

double extrapolated(const TheirStep& s) {
  const double d = Theirs::denoised(s.x, s.sigma);
  const double ratio = std::log(s.old_sigma / s.sigma) / std::log(s.sigma / s.next);
  return s.first ? d : (1 + 1 / (2 * ratio)) * d - 1 / (2 * ratio) * s.old_denoised;
}

const std::pair<const char*, TheirSampler> kTheirs[] = {
    {"ddim-coefficient",
     [](const TheirStep& s) {
       return std::pair{s.x + (s.next - s.sigma) * Theirs::slope(s.x, s.sigma), 0.0};
     }},
    {"euler-ancestral",
     [](const TheirStep& s) {
       const double up =
           std::sqrt(s.next * s.next * (s.sigma * s.sigma - s.next * s.next)) / s.sigma;
       const double down = std::sqrt(s.next * s.next - up * up);
       return std::pair{s.x + (down - s.sigma) * Theirs::slope(s.x, s.sigma), up};
     }},
    {"dpm-solver-2",
     [](const TheirStep& s) {
       const double middle = std::exp((std::log(s.sigma) + std::log(s.next)) / 2);
       const double x = s.x + (middle - s.sigma) * Theirs::slope(s.x, s.sigma);
       return std::pair{s.x + (s.next - s.sigma) * Theirs::slope(x, middle), 0.0};
     }},
    {"edm-heun", [](const TheirStep& s) { return heun(s.x, s.sigma, s.next); }},
    {"edm-stochastic:churn=0", [](const TheirStep& s) { return heun(s.x, s.sigma, s.next); }},
    // The draw Z = 0; 100 levels, so gamma = 0.4, and for churn = 50 the cap sqrt(2)-1.
    {"edm-stochastic", [](const TheirStep& s) { return heun(s.x, 1.4 * s.sigma, s.next); }},
    {"edm-stochastic:churn=50",
     [](const TheirStep& s) { return heun(s.x, std::sqrt(2) * s.sigma, s.next); }},
    {"dpmpp-2m",
     [](const TheirStep& s) {
       const double h = std::log(s.sigma / s.next);
       return std::pair{s.next / s.sigma * s.x - std::expm1(-h) * extrapolated(s), 0.0};
     }},
    {"dpmpp-2m-sde", [](const TheirStep& s) {
       const double h = std::log(s.sigma / s.next);
       const double kept = std::exp(-h) * s.next / s.sigma;
       return std::pair{kept * s.x - std::expm1(-2 * h) * extrapolated(s),
                        s.next * std::sqrt(-std::expm1(-2 * h))};
     }}};

}  // namespace

TEST_CASE("five steps of the practitioners' samplers are those of their code") {
  const Schedule<double> schedule(KarrasSchedule{Rational(5, 100), Rational(20), Rational(7)}, 100);
  const auto sigma = [&](int t) {
    return std::sqrt(schedule.level(t).noise / schedule.level(t).abar);
  };
  for (const auto& row : kTheirs) {
    const char* id = row.first;
    const TheirSampler& theirs = row.second;
    CAPTURE(id);
    const auto sampler = make_sampler(id, "test");
    PointWalk walk(0.7, schedule, Theirs::score);
    TheirStep s{0.7 / std::sqrt(schedule.level(100).abar), 0, 0, true, 0, 0};
    for (int t = 100; t > 95; --t) {
      sampler->step(make_step(schedule, t, 1), walk);
      s.sigma = sigma(t);
      s.next = sigma(t - 1);
      s.old_sigma = s.first ? 0 : sigma(t + 1);
      const auto [mean, sd] = theirs(s);
      const double signal = std::sqrt(schedule.level(t - 1).abar);
      CHECK_CLOSE(walk.record().kernels.back().mean, signal * mean, Bound::relative(kRounding),
                  "5 steps of 40 operations with differences of D");
      CHECK_CLOSE(walk.record().kernels.back().sd, signal * sd, Bound::relative(kRounding),
                  "5 steps of 40 operations with differences of D");
      s.old_denoised = Theirs::denoised(s.x, s.sigma);
      s.x = mean;
      s.first = false;
    }
  }
}

TEST_CASE("the churn of edm-stochastic raises the noise to sigma^") {
  const Schedule<double> schedule(LiCaiSchedule{Rational(1), Rational(5)}, 100);
  const Step<double> c = make_step(schedule, 60, 1);
  PointWalk walk(1.0, schedule, [](const Level<double>&, double) { return 0.0; });
  make_sampler("edm-stochastic:churn=30,noise=1.5", "test")->step(c, walk);
  REQUIRE(walk.record().kernels.size() == 2);
  // sigma^2 ((1+gamma)^2 - 1) at signal sqrt(abar), gamma = 0.3, S_noise = 1.5.
  CHECK_CLOSE(walk.record().kernels[0].sd, 1.5 * std::sqrt(0.69 * c.noise), Bound::relative(1e-14),
              "(1+gamma)^2 - 1 loses a factor 2.5; 10 roundings");
  CHECK(walk.record().kernels[1].sd == 0);
}

TEST_CASE("two-step solvers are exact on a constant data prediction") {
  // One point of data, c: the flow of sigma is x' = c + (x - c) sigma'/sigma; 2M must find it, and
  // the sde form its mean.
  const Schedule<double> schedule(LiCaiSchedule{Rational(1), Rational(5)}, 100);
  const auto score = [](const Level<double>& level, double y) {
    return (0.7 * std::sqrt(level.abar) - y) / level.noise;
  };
  for (const auto& row : {std::pair{"dpmpp-2m", 1}, std::pair{"dpmpp-2m-sde", 2}}) {
    const char* id = row.first;
    const int power = row.second;
    CAPTURE(id);
    PointWalk walk(0.3, schedule, score);
    const auto sampler = make_sampler(id, "test");
    double x = 0.3;
    for (int t = 100; t > 60; --t) {
      const Step<double> c = make_step(schedule, t, 1);
      sampler->step(c, walk);
      const double centre = 0.7 * std::sqrt(c.abar);
      const double shrink = std::pow(1 - c.h, 0.5 * power);
      x = (centre + (x - centre) * shrink) / c.sqrt_alpha;
      // Rounding in D, which is a difference, is carried on: 40 steps; observed at most 2e-14.
      CHECK_CLOSE(walk.record().kernels.back().mean, x, Bound::absolute(2e-13),
                  "rounding of D, a difference, over 40 steps");
    }
  }
}

TEST_CASE("specs of the practitioners' samplers") {
  CHECK(make_sampler("edm-stochastic:churn=40", "t")->text() == "edm-stochastic");
  CHECK(make_sampler("edm-stochastic:noise=1.003,churn=30", "t")->text() ==
        "edm-stochastic:churn=30,noise=1.003");
  CHECK_THROWS_AS(make_sampler("edm-stochastic:churn=-1", "t"), InputError);
  CHECK_THROWS_AS(make_sampler("edm-stochastic:noise=0", "t"), InputError);
  CHECK(make_sampler("dpmpp-2m", "t")->info().memory);
}
