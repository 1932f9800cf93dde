// Samplers with random times: exact where their integrand is constant, whatever the times;
// unbiased over the times where it is not.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "numerics/error.hpp"
#include "numerics/running_moments.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;
using lemmabench::test::PointWalk;

namespace {

const Schedule<double>& schedule() {
  static const Schedule<double> value(LiCaiSchedule{Rational(1), Rational(5)}, 100);
  return value;
}

PointWalk::Record all_steps(const std::string& sampler, double start, PointWalk::LevelScore score) {
  PointWalk walk(start, schedule(), std::move(score));
  const auto made = make_sampler(sampler, "test");
  for (int t = 100; t >= 2; --t) {
    made->step(make_step(schedule(), t, 1), walk);
  }
  return walk.record();
}

/// s = a^{3/2}: the integrand of jiao-li is 1/2.
double constant_in_abar(const Level<double>& level, double) { return std::pow(level.abar, 1.5); }

}  // namespace

TEST_CASE("gupta-midpoint is exact where e^{h-r} s_{t-r} is constant, for every draw") {
  // s = sqrt(abar): e^{h-r} s_{t-r} = e^h sqrt(abar_t).
  const Step<double> c = make_step(schedule(), 60, 1);
  const double h = -std::log(c.alpha) / 2;
  const auto score = [](const Level<double>& level, double) { return std::sqrt(level.abar); };
  for (int draw = 0; draw < 5; ++draw) {
    PointWalk walk(0.4, schedule(), score);
    make_sampler("gupta-midpoint:draw=" + std::to_string(draw), "t")->step(c, walk);
    const double expected = std::exp(h) * (0.4 + h * std::sqrt(c.abar));
    CHECK_CLOSE(walk.record().kernels.back().mean, expected, Bound::relative(1e-14),
                "a handful of exponentials");
    REQUIRE(walk.record().noise.size() == 2);
    CHECK(walk.record().noise[1] < c.noise);
    CHECK(walk.record().noise[1] > c.noise_next);
  }
}

TEST_CASE(
    "gupta-midpoint is unbiased over the times, and the midpoint takes the flow's own point") {
  // s = abar^2, whatever x: int_0^h e^{h-r} a^2 e^{4r} dr = a^2 e^h (e^{3h} - 1)/3.
  const Step<double> c = make_step(schedule(), 60, 1);
  const double h = -std::log(c.alpha) / 2;
  RunningMoments moments;
  for (int draw = 0; draw < 4000; ++draw) {
    PointWalk walk(0.0, schedule(),
                   [](const Level<double>& level, double) { return level.abar * level.abar; });
    make_sampler("gupta-midpoint:draw=" + std::to_string(draw), "t")->step(c, walk);
    moments.add(walk.record().kernels.back().mean);
  }
  const double integral = c.abar * c.abar * std::exp(h) * std::expm1(3 * h) / 3;
  // Four standard deviations of the mean of 4000 fixed draws.
  CHECK(std::fabs(moments.mean - integral) < 4 * std::sqrt(moments.mean_variance()));
  CHECK(std::sqrt(moments.mean_variance()) < 0.01 * integral);
  // With s = -x, x_half = x for every u, and the step is x (e^h - h e^{(1-u) h}).
  PointWalk walk(1.0, schedule(), [](const Level<double>&, double x) { return -x; });
  make_sampler("gupta-midpoint:draw=3", "t")->step(c, walk);
  const double later = (c.noise - walk.record().noise[1]) / c.abar;  // e^{2uh} - 1
  const double rest = std::exp(h) / std::sqrt(1 + later);            // e^{(1-u)h}
  CHECK_CLOSE(walk.record().kernels.back().mean, std::exp(h) - h * rest, Bound::relative(1e-13),
              "e^{2uh} - 1 by a difference of levels");
}

TEST_CASE("one round of jiao-li covers the whole way on a constant integrand") {
  // Y_1/sqrt(a_1) = Y_T/sqrt(a_T) + (a_1 - a_T)/2: the weights telescope.
  const double top = schedule().level(100).abar;
  const double bottom = schedule().level(1).abar;
  for (const char* id : {"jiao-li:rounds=1,draw=0", "jiao-li:rounds=1,draw=1"}) {
    const PointWalk::Record walk = all_steps(id, 0.3, constant_in_abar);
    REQUIRE(walk.kernels.size() == 1);
    const double expected = std::sqrt(bottom) * (0.3 / std::sqrt(top) + (bottom - top) / 2);
    CHECK_CLOSE(walk.kernels[0].mean, expected, Bound::relative(1e-13), "98 terms of 4 roundings");
    CHECK(walk.kernels[0].sd == 0);
    CHECK(walk.noise.size() == 98);
  }
}

TEST_CASE("every round of jiao-li covers its way, goes down 2M levels and comes back M") {
  const PointWalk::Record walk = all_steps("jiao-li:rounds=9,draw=2", 0.3, constant_in_abar);
  REQUIRE(walk.kernels.size() == 9);
  const std::size_t shift = 11;  // M = 99/9
  REQUIRE(walk.noise.size() == 7 * 2 * shift + (2 * shift - 1) + (shift - 1));
  double y = 0.3;
  for (std::size_t k = 0; k + 1 < 9; ++k) {
    CAPTURE(k);
    const std::size_t first = k * 2 * shift;
    const double start = walk.noise[first];
    const double next = k + 2 < 9 ? walk.noise[first + 2 * shift] : walk.noise[8 * 2 * shift - 1];
    // sd^2 = (tau_{k+1,0} - tau_{k,N})/(1 - tau_{k,N}).
    const double squared = walk.kernels[k].sd * walk.kernels[k].sd;
    const double end = (next - squared) / (1 - squared);
    const double expected = std::sqrt(1 - next) * (y / std::sqrt(1 - start) + (start - end) / 2);
    CHECK_CLOSE(walk.kernels[k].mean, expected, Bound::relative(1e-11),
                "tau_N from sd^2, a difference; 9 rounds carry it on");
    y = walk.kernels[k].mean;
    // tau_{k,n} lies in its cell.
    const int t = 100 - static_cast<int>(k * shift);
    for (std::size_t n = 0; n < shift; ++n) {
      CHECK(walk.noise[first + n] <= schedule().level(t - static_cast<int>(n)).noise);
      CHECK(walk.noise[first + n] >= schedule().level(t - 1 - static_cast<int>(n)).noise);
    }
    CHECK(end < start);
    CHECK(end < next);
  }
}

TEST_CASE("draws of the times: their specs, and that they differ and repeat") {
  CHECK(make_sampler("jiao-li", "t")->draws().size() == 32);
  CHECK(make_sampler("gupta-midpoint:draws=3,seed=5", "t")->draws() ==
        std::vector<std::string>{"gupta-midpoint:draw=0,seed=5", "gupta-midpoint:draw=1,seed=5",
                                 "gupta-midpoint:draw=2,seed=5"});
  CHECK(make_sampler("jiao-li:rounds=4,draws=2", "t")->draws()[1] ==
        "jiao-li:rounds=4,draw=1,seed=1");
  CHECK(make_sampler("jiao-li:rounds=4,draw=1,seed=1", "t")->text() == "jiao-li:rounds=4,draw=1");
  CHECK(make_sampler("jiao-li:draw=1", "t")->draws().empty());
  CHECK(make_sampler("ddpm", "t")->draws().empty());
  CHECK_THROWS_AS(make_sampler("jiao-li:draw=1,draws=2", "t"), InputError);
  CHECK_THROWS_AS(make_sampler("jiao-li:rounds=0", "t"), InputError);
  const auto noise = [](const char* id) { return all_steps(id, 0.3, constant_in_abar).noise; };
  CHECK(noise("jiao-li:draw=1") == noise("jiao-li:draw=1"));
  CHECK(noise("jiao-li:draw=1") != noise("jiao-li:draw=2"));
  CHECK(noise("jiao-li:draw=1") != noise("jiao-li:draw=1,seed=2"));
}
