// The first test of every sampler is exactness: a zero score, a score that is constant in the
// variable the sampler integrates in, a linear score.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/samplers/heroism.hpp"
#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;
using lemmabench::test::PointWalk;

namespace {

// As in sampler_test.cpp: a few dozen roundings of 1.1e-16 on numbers of order 1 (heroism: a few
// hundred); observed at most 7e-16.
constexpr double kRounding = 4e-15;

struct Fixture {
  Schedule<double> schedule{LiCaiSchedule{Rational(1), Rational(5)}, 100};
  static constexpr int kT = 60;
  Step<double> c = make_step(schedule, kT, 1);
  double r = std::sqrt(1 - c.h);  // sigma'/sigma

  PointWalk::Record run(const std::string& sampler, double start,
                        PointWalk::LevelScore score) const {
    PointWalk walk(start, schedule, std::move(score));
    make_sampler(sampler, "test")->step(c, walk);
    return walk.record();
  }
  /// sqrt(alpha) Y_{t-1} without its noise.
  double mean(const std::string& sampler, double start, PointWalk::LevelScore score) const {
    return run(sampler, start, std::move(score)).kernels.back().mean * c.sqrt_alpha;
  }
};

/// s = -C/sqrt(1-abar): a constant noise prediction.
double constant_noise_prediction(const Level<double>& level, double) {
  return -0.7 / std::sqrt(level.noise);
}

const std::vector<std::string> kHeroism{"heroism-1", "heroism-2", "heroism-3", "heroism-4"};

template <int K>
void require_exact_weights() {
  const auto integrals = lagrange_integrals<K>();
  for (std::size_t m = 1; m < K; ++m) {
    for (int n = 0; n < K; ++n) {
      double sum = 0;
      for (std::size_t j = 0; j < K; ++j) {
        const double node = static_cast<double>(j) / (K - 1);
        sum += integrals.weights[m][j] * std::pow(node, n) / integrals.denominator;
      }
      const double end = static_cast<double>(m) / (K - 1);
      CHECK_CLOSE(sum, std::pow(end, n + 1) / (n + 1), Bound::absolute(1e-14),
                  "K terms of weights up to 10");
    }
  }
}

}  // namespace

TEST_CASE("samplers in sigma are exact on a constant noise prediction: weights telescope") {
  // X' = Y + (sigma' - sigma) eps at fixed signal: Y - sqrt(v) (1-r) 0.7.
  const Fixture f;
  const double expected = 0.4 - std::sqrt(f.c.noise) * (1 - f.r) * 0.7;
  for (const char* id : {"ddim-coefficient", "dpm-solver-2", "edm-heun", "euler-ancestral:eta=0"}) {
    CAPTURE(id);
    CHECK_CLOSE(f.mean(id, 0.4, constant_noise_prediction), expected, Bound::relative(kRounding),
                "32 roundings at order 1");
  }
}

TEST_CASE("the weights of heroism-K integrate polynomials up to every node") {
  // sum_j w_mj x_j^n = x_m^{n+1}/(n+1), x_j = j/(K-1), n < K: the inner rows too, which a score
  // that does not look at x cannot see.
  require_exact_weights<2>();
  require_exact_weights<3>();
  require_exact_weights<4>();
}

TEST_CASE("heroism-K is exact on integrands of degree below K in abar") {
  // d(x/sqrt(a))/da = s/(2 a^{3/2}): for s = a^{3/2} a^n the integral is
  // (a'^{n+1}-a^{n+1})/(2(n+1)).
  const Fixture f;
  const double below = f.c.abar / f.c.alpha;
  for (int k = 1; k <= 4; ++k) {
    for (int n = 0; n < k; ++n) {
      CAPTURE(k);
      CAPTURE(n);
      const auto score = [n](const Level<double>& level, double) {
        return std::pow(level.abar, 1.5 + n);
      };
      const double integral = (std::pow(below, n + 1) - std::pow(f.c.abar, n + 1)) / (2 * (n + 1));
      const double moved = f.mean(kHeroism[static_cast<std::size_t>(k) - 1], 0.0, score);
      // The difference of two powers loses a factor a/(a'-a) = 8 or so.
      CHECK_CLOSE(moved, std::sqrt(f.c.abar) * integral, Bound::relative(1e-13),
                  "a difference of powers loses a factor 8");
    }
  }
}

TEST_CASE("heroism-K asks for the scores at its nodes") {
  const Fixture f;
  const auto zero = [](const Level<double>&, double) { return 0.0; };
  CHECK(f.run("heroism-2:refinements=3", 1, zero).levels == std::vector<int>{60, 59, 59, 59});
  const std::vector<double> noise = f.run("heroism-3:refinements=1", 1, zero).noise;
  REQUIRE(noise.size() == 3);
  CHECK_CLOSE(noise[1], (f.c.noise + f.c.noise_next) / 2, Bound::relative(kRounding),
              "a handful of operations");
  // ceil(log 100) = 5 refinements of K-1 = 3 scores each, and one at the start.
  CHECK(f.run("heroism-4", 1, zero).noise.size() == 16);
}

TEST_CASE("jain-zhang is exact on a score that is constant in Ornstein-Uhlenbeck time") {
  // The flow dx/ds = x + C over H = h_k + h_{k-1}, then e^{-h_{k-1}}: e^{2 h_k} = 1/alpha_t.
  const Fixture f;
  const auto constant = [](const Level<double>&, double) { return 0.7; };
  const double next = f.schedule.alpha(Fixture::kT - 1);
  const double grown = 1 / std::sqrt(f.c.alpha * next);
  const PointWalk::Record walk = f.run("jain-zhang", 0.4, constant);
  const double expected = std::sqrt(next) * (grown * 0.4 + (grown - 1) * 0.7);
  CHECK_CLOSE(walk.kernels.back().mean, expected, Bound::relative(1e-14),
              "32 roundings at order 1");
  CHECK_CLOSE(walk.kernels.back().sd, std::sqrt(1 - next), Bound::relative(1e-13),
              "1 - alpha by subtraction loses a factor 1/b = 20");
}

TEST_CASE("on a linear score every new sampler has its closed form") {
  // p = N(0, w), s = -x/w(level), w = abar lambda + 1-abar. At fixed signal S_v = -X/(m + v) with
  // m = abar_t lambda; tau = sqrt(v) is the noise sd there.
  const Fixture f;
  const double m = f.c.abar * 0.3;
  const double v = f.c.noise;
  const double r = f.r;
  const auto score = [](const Level<double>& level, double x) {
    return -x / (level.abar * 0.3 + level.noise);
  };
  const auto eps = [&](double tau) { return tau / (m + tau * tau); };  // noise prediction over X
  const double tau = std::sqrt(v);
  const double euler = 1 - tau * (1 - r) * eps(tau);
  const double middle = 1 + (std::sqrt(r) - 1) * tau * eps(tau);
  struct Row {
    const char* sampler;
    double slope;
  };
  const double a = f.c.b / f.c.alpha / 2;  // half the length of the step in abar, over abar_t
  const auto integrand = [&](double level, double x) {  // x at fixed signal
    return -x * std::pow(f.c.abar / level, 1.5) * std::sqrt(level / f.c.abar) /
           (level * 0.3 + 1 - level);
  };
  const double first = integrand(f.c.abar, 1);
  double trapezoid = 1;
  for (int n = 0; n < 2; ++n) {
    trapezoid = 1 + a * 0.5 * (first + integrand(f.c.abar / f.c.alpha, trapezoid));
  }
  const Row rows[] = {{"ddim-coefficient", euler},
                      {"dpm-solver-2", 1 - tau * (1 - r) * eps(std::sqrt(r) * tau) * middle},
                      {"edm-heun", 1 - tau * (1 - r) / 2 * (eps(tau) + eps(r * tau) * euler)},
                      {"euler-ancestral", 1 - f.c.b / (m + v)},
                      {"jain-zhang", 1 - (1 - f.c.sqrt_alpha * f.c.sqrt_alpha_next) / (m + v)},
                      {"heroism-1", 1 + a * first},
                      {"heroism-2:refinements=2", trapezoid}};
  for (const Row& row : rows) {
    CAPTURE(row.sampler);
    CHECK_CLOSE(f.mean(row.sampler, 1.0, score), row.slope, Bound::relative(kRounding),
                "32 roundings at order 1");
  }
}

TEST_CASE("euler-ancestral is ddpm-posterior with eta=1 and ddim-coefficient with eta=0") {
  const Fixture f;
  const auto score = [](const Level<double>& level, double x) { return std::sin(x) - level.abar; };
  for (const auto& [ours, theirs] : {std::pair{"euler-ancestral", "ddpm-posterior"},
                                     std::pair{"euler-ancestral:eta=0", "ddim-coefficient"}}) {
    const PointWalk::Record a = f.run(ours, 0.8, score);
    const PointWalk::Record b = f.run(theirs, 0.8, score);
    CHECK_CLOSE(a.kernels.back().mean, b.kernels.back().mean, Bound::relative(kRounding),
                "32 roundings at order 1");
    CHECK_CLOSE(a.kernels.back().sd, b.kernels.back().sd, Bound::absolute(kRounding),
                "32 roundings at order 1; the sd of ddim is 0");
  }
  // In between: sigma_down and sigma_up as k-diffusion computes them.
  const double sigma = std::sqrt(f.c.noise / f.c.abar);
  const double below = sigma * f.r;
  const double up = 0.6 * std::sqrt(below * below * (sigma * sigma - below * below)) / sigma;
  const double down = std::sqrt(below * below - up * up);
  const PointWalk::Record half = f.run("euler-ancestral:eta=0.6", 0.0, constant_noise_prediction);
  const double signal = std::sqrt(f.c.abar / f.c.alpha);
  CHECK_CLOSE(half.kernels.back().mean / signal, (down - sigma) * 0.7, Bound::relative(1e-13),
              "sigma_down - sigma loses a factor 20");
  CHECK_CLOSE(half.kernels.back().sd / signal, up, Bound::relative(1e-13),
              "a difference of squares loses a factor 20");
}

TEST_CASE("the last step of jain-zhang has no next one and takes its own length") {
  const Fixture f;
  const Step<double> last = make_step(f.schedule, 2, 1);
  PointWalk walk(1.0, f.schedule, [](const Level<double>&, double) { return 0.0; });
  make_sampler("jain-zhang", "test")->step(last, walk);
  CHECK_CLOSE(walk.record().kernels.back().sd, std::sqrt(last.b), Bound::relative(kRounding),
              "a handful of operations");
}

TEST_CASE("specs of the new samplers") {
  CHECK(make_sampler("heroism:K=3", "test")->text() == "heroism-3");
  CHECK(make_sampler("heroism:K=2,refinements=4", "test")->text() == "heroism-2:refinements=4");
  CHECK(make_sampler("euler-ancestral:eta=1/3", "test")->text() == "euler-ancestral:eta=1/3");
  CHECK_THROWS_AS(make_sampler("heroism:K=5", "test"), InputError);
  CHECK_THROWS_AS(make_sampler("heroism-1:refinements=2", "test"), InputError);
  CHECK_THROWS_AS(make_sampler("euler-ancestral:eta=2", "test"), InputError);
}
