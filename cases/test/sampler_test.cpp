#include "cases/sampler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;
using lemmabench::test::PointWalk;

namespace {

// All arithmetic below is a handful of double operations on numbers of order 1: 16 rounding errors
// of 1.1e-16 bound the error, observed at most 4e-16.
constexpr double kRounding = 2e-15;

struct Fixture {
  Schedule<double> schedule{LiCaiSchedule{Rational(1), Rational(5)}, 100};
  static constexpr int kT = 60;
  Step<double> c = make_step(schedule, kT, 1);

  PointWalk::Record run(const std::string& sampler, double start, PointWalk::Score score) const {
    PointWalk walk(start, std::move(score));
    make_sampler(sampler, "test")->step(c, walk);
    return walk.record();
  }
};

bool flow_sampler(const std::string& id) { return id == "ddim" || id == "li-huang-ode"; }

}  // namespace

TEST_CASE("every sampler is exact on a zero score: the signal is rescaled") {
  const Fixture f;
  for (const SamplerInfo* info : all_samplers()) {
    CAPTURE(info->id);
    PointWalk walk(1.5, f.schedule, [](const Level<double>&, double) { return 0.0; });
    const auto sampler = make_sampler(info->id, "test");
    for (int t = 100; t >= 2; --t) {
      sampler->step(make_step(f.schedule, t, 1), walk);
    }
    const double signal = std::sqrt(f.schedule.level(1).abar / f.schedule.level(100).abar);
    // 99 steps of a few roundings each.
    CHECK_CLOSE(walk.record().kernels.back().mean, 1.5 * signal, Bound::relative(1e-13),
                "99 steps of 4 roundings");
  }
}

TEST_CASE("samplers at fixed signal are exact on a score that is constant there") {
  // S_v = g in the unnormalised coordinates of theory.md section 1 means s_u = C/sqrt(abar_u).
  // The flow dx/dv = -S/2 moves by b g down to noise 1-abar_t-2b, by (b/2) g down to level t-1.
  // Samplers that integrate in another variable have their own test (sampler_rows_test.cpp).
  const Fixture f;
  const auto score = [&](int t, double) { return 0.7 / std::sqrt(f.schedule.level(t).abar); };
  const double g = score(Fixture::kT, 0);
  for (const char* id : {"ddpm", "ddpm-posterior", "ddim", "li-cai", "li-cai-momentum",
                         "li-huang-ode", "li-huang-sde", "euler-ancestral"}) {
    CAPTURE(id);
    const PointWalk::Record walk = f.run(id, 0.4, score);
    const double distance = flow_sampler(id) ? f.c.b / 2 : f.c.b;
    const double expected = (0.4 + distance * g) / f.c.sqrt_alpha;
    CHECK_CLOSE(walk.kernels.back().mean, expected, Bound::relative(kRounding),
                "16 roundings at order 1");
  }
}

TEST_CASE("on a linear score every sampler has its closed form in q = b/w") {
  // p_t = N(0, w): s_t(x) = -x/w_t with w_t = abar_t lambda + 1-abar_t. At fixed signal the level
  // t-1 has variance w-b and the level t+1 has w + b1/alpha_{t+1}.
  const Fixture f;
  const double lambda = 0.3;
  const auto variance = [&](int t) {
    return f.schedule.level(t).abar * lambda + f.schedule.level(t).noise;
  };
  const auto score = [&](int t, double x) { return -x / variance(t); };
  const double w = variance(Fixture::kT);
  const double q = f.c.b / w;
  const double q1 = f.c.b1 / w;  // step of the momentum forms
  const double above = w * f.c.sqrt_alpha1 * f.c.sqrt_alpha1 / variance(Fixture::kT + 1);
  const double back = 1 - above * (1 + q1 / 2);  // (S_t - S_{t+1}(back))/( -x/w)
  struct Row {
    const char* sampler;
    double slope;  // of sqrt(alpha) Y_{t-1} in Y_t
    double noise;  // variance of alpha Y_{t-1}, all kernels
  };
  const double posterior = f.c.b * f.c.noise_next / f.c.noise * f.c.alpha;
  const Row rows[] = {{"ddpm", 1 - q, f.c.b},
                      {"ddpm-posterior", 1 - q, posterior},
                      {"ddim", 1 - q / 2, 0},
                      {"li-cai", 1 - q * (1 - q / 2) / (1 - q), f.c.b},
                      {"li-cai-momentum", 1 - q - f.c.b * f.c.b / f.c.b1 / w * back, f.c.b},
                      {"li-huang-ode", 1 - q / 2 - f.c.b * f.c.b / (4 * f.c.b1) / w * back, 0},
                      {"li-huang-sde", 1 - q, f.c.b / 2 + f.c.b / 2 * (1 - q) * (1 - q)}};
  for (const Row& row : rows) {
    CAPTURE(row.sampler);
    const PointWalk::Record walk = f.run(row.sampler, 1.0, score);
    CHECK_CLOSE(walk.kernels.back().mean * f.c.sqrt_alpha, row.slope, Bound::relative(kRounding),
                "16 roundings at order 1");
    double noise = 0;
    for (const PointWalk::Kernel& kernel : walk.kernels) {
      const bool last = &kernel == &walk.kernels.back();
      const double factor = last ? f.c.sqrt_alpha : row.slope;  // the first noise is mapped on
      noise += kernel.sd * kernel.sd * factor * factor;
    }
    CHECK_CLOSE(noise, row.noise, Bound::absolute(kRounding),
                "16 roundings at order 1; some are exactly 0");
  }
}

TEST_CASE("local order on a Gaussian: the li-cai midpoint misses the flow by q^4/8") {
  // Phi = sqrt(1-2q) = 1 - q - q^2/2 - q^3/2 - 5q^4/8 - ..., li-cai = 1 - q - q^2/2 - q^3/2 -
  // q^4/2.
  for (const double q : {0.1, 0.05, 0.025}) {
    const double gap = 1 - q * (1 - q / 2) / (1 - q) - std::sqrt(1 - 2 * q);
    // The next term of the expansion is (7/8 - 1/2) q^5 = 3 q^5/8: relative 3q, and a margin.
    CHECK_CLOSE(gap / (q * q * q * q / 8), 1 + 3 * q, Bound::relative(8 * q * q),
                "the expansion's next term, with a margin");
  }
}

TEST_CASE("the samplers ask for the scores their formulas name") {
  const Fixture f;
  const auto zero = [](int, double) { return 0.0; };
  CHECK(f.run("ddpm", 1, zero).levels == std::vector<int>{60});
  CHECK(f.run("li-cai", 1, zero).levels == std::vector<int>{60, 59});
  CHECK(f.run("li-cai-momentum", 1, zero).levels == std::vector<int>{60, 61});
  CHECK(f.run("li-huang-ode", 1, zero).levels == std::vector<int>{60, 61});
  CHECK(f.run("li-huang-sde", 1, zero).kernels.size() == 2);
}

TEST_CASE("the first step has no level t+1: momentum takes the midpoint, li-huang-ode is ddim") {
  const Schedule<double> schedule(LiCaiSchedule{}, 200);
  const Step<double> first = make_step(schedule, 200, 1);
  const auto score = [](int t, double x) { return -x / (1 + 0.01 * t); };
  const auto mean = [&](const char* id) {
    PointWalk walk(0.8, score);
    make_sampler(id, "test")->step(first, walk);
    return walk.record().kernels.back().mean;
  };
  CHECK(mean("li-cai-momentum") == mean("li-cai"));
  CHECK(mean("li-huang-ode") == mean("ddim"));
}

TEST_CASE("clip and intermediate noise have the scales of theory.md section 3") {
  const Fixture f;
  const auto jump = [](int t, double) { return t == 60 ? 0.0 : 1e6; };
  const double scale = std::log(100.0) / f.c.noise;
  const double radius = 3 * f.c.b * scale * std::sqrt(scale);
  const PointWalk::Record walk = f.run("li-cai:clip=3,kappa=1/2", 0, jump);
  REQUIRE(walk.radii.size() == 1);
  REQUIRE(walk.intermediate.size() == 1);
  CHECK_CLOSE(walk.radii[0], radius, Bound::relative(kRounding), "16 roundings");
  CHECK_CLOSE(walk.intermediate[0], 0.5 * f.c.b * radius, Bound::relative(kRounding),
              "16 roundings");
  CHECK_CLOSE(walk.kernels.back().mean, f.c.b * radius / f.c.sqrt_alpha, Bound::relative(kRounding),
              "16 roundings");
  CHECK(f.run("li-cai", 0, jump).radii.empty());
}

TEST_CASE("sampler specs are checked") {
  CHECK(make_sampler("li-cai:clip=2,kappa=0.5", "test")->text() == "li-cai:clip=2,kappa=0.5");
  CHECK_THROWS_WITH_AS(make_sampler("ddmp", "--sampler"),
                       "--sampler: unknown sampler 'ddmp'; nearest: ddpm, ddim, dpmpp-2m "
                       "(`lemmabench list samplers` "
                       "shows all)",
                       InputError);
  CHECK_THROWS_WITH_AS(make_sampler("ddpm:clip=1", "--sampler"),
                       "--sampler: ddpm: has no key 'clip'; it takes none", InputError);
  CHECK_THROWS_AS(make_sampler("li-cai:clip=0", "--sampler"), InputError);
  CHECK_THROWS_AS(make_sampler("li-cai:kappa=-1", "--sampler"), InputError);
}
