#include "harness/monte_carlo/particles/scheme_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cases/rows_at_level.hpp"
#include "cases/vector_law.hpp"
#include "harness/engines/scheme/scheme_moments.hpp"
#include "harness/monte_carlo/particles/particles.hpp"
#include "harness/monte_carlo/particles/scheme_plan.hpp"
#include "harness/test/monte_carlo/scheme_cases.hpp"
#include "numerics/error.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {
namespace {

constexpr const char* kSchedule = "logit:from=-6,to=3";

/// All that a run refers to.
struct Case {
  Case(const std::string& target_text, Scheme of)
      : target(make_target(target_text, "test")), clean(vector_law(target)), scheme(std::move(of)) {
    require_sound(scheme, "test");
  }
  ParticleRun run(std::size_t count, Start start = Start::gaussian, bool means = false,
                  int threads = 1, std::uint64_t first = 0) const {
    return run_scheme({target, *clean, scheme, "test", 5, start, first}, count, means, threads);
  }

  Target target;
  std::shared_ptr<const VectorLaw> clean;
  Scheme scheme;
};

double largest_gap(const PointTable& a, const PointTable& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    most = std::max(most, std::fabs(a.values[i] - b.values[i]));
  }
  return most;
}

// The start is what the scheme of no step gives: x_T itself. Then x <- D + (next/sigma) (x - D)
// with the model of the C library and of Python. Rounding: observed 3e-15 of coordinates up to 60.
TEST_CASE("scheme run: Euler's method on a cloud, written out") {
  for (const Start start : {Start::gaussian, Start::exact}) {
    const Case one("cloud:means=-1/0/0;1/0/1,variances=0.25/0.5", test::euler_scheme(20, 0.05, 12));
    Scheme still = one.scheme;
    still.levels = {20, 0.05};
    still.rows = {{{SchemeSource::start, 0, 1}}, {{SchemeSource::row, 0, 1}}};
    PointTable x =
        Case("cloud:means=-1/0/0;1/0/1,variances=0.25/0.5", still).run(100, start).samples;
    for (std::size_t k = 0; k < 12; ++k) {
      const double sigma = one.scheme.levels[k];
      std::vector<double> answer(x.values.size());
      denoise_rows(*one.clean->marginal(sigma * sigma), 1, {x.values.data(), 100, 3},
                   answer.data());
      for (std::size_t i = 0; i < answer.size(); ++i) {
        x.values[i] = answer[i] + one.scheme.levels[k + 1] / sigma * (x.values[i] - answer[i]);
      }
    }
    CHECK(largest_gap(one.run(100, start).samples, x) < 1e-12);
  }
}

// 20000 independent coordinates: the deviation of their variance is 1 % of it, so that a bug of 5 %
// would be seen. A fixed seed.
TEST_CASE("scheme run: mean and variance are those of the Gaussian law") {
  const Scheme half_noise = test::ddpm_scheme(kSchedule, 30, 0.5);
  for (const Scheme& scheme :
       {test::ddpm_scheme(kSchedule, 30), test::euler_scheme(20, 0.05, 12)}) {
    for (const Start start : {Start::gaussian, Start::exact}) {
      CAPTURE(scheme.source);
      const Case one("gaussian:dim=4,variance=0.3,mean=0.7", scheme);
      RunningMoments moments;
      for (const double x : one.run(5000, start).samples.values) moments.add(x);
      const auto response = scheme_response<double>(scheme, 0.3, 0.7);
      const bool exact = start == Start::exact;
      const double from =
          exact ? 0.3 + scheme.levels[0] * scheme.levels[0] : scheme.start_variance();
      const double variance = response.start * response.start * from + response.noise;
      const double mean = response.constant + (exact ? response.start * 0.7 : 0);
      CHECK(std::fabs(moments.variance() / variance - 1) < 4 * std::sqrt(2.0 / 20000));
      CHECK(std::fabs(moments.mean - mean) < 4 * std::sqrt(variance / 20000));
      // A control: with half of the noise the variance is another one.
      const auto less = scheme_response<double>(half_noise, 0.3, 0.7);
      CHECK((scheme.draws == 0 || std::fabs(less.noise / response.noise - 1) > 0.5));
    }
  }
}

// Three rows share two draws: x_T + z0, then + z1, and the output takes both back, which leaves
// x_T.
TEST_CASE("scheme run: a draw that rows share is the same in all of them") {
  Scheme scheme;
  scheme.levels = {2, 1, 0.5};
  scheme.draws = 2;
  scheme.rows = {
      {{SchemeSource::start, 0, 1}, {SchemeSource::draw, 0, 1}},
      {{SchemeSource::row, 0, 1}, {SchemeSource::draw, 1, 1}},
      {{SchemeSource::row, 1, 1}, {SchemeSource::draw, 0, -1}, {SchemeSource::draw, 1, -1}}};
  const Case shared("gaussian:dim=3,variance=1", scheme);
  scheme.rows = {{{SchemeSource::start, 0, 1}}, {}, {{SchemeSource::row, 0, 1}}};
  const Case still("gaussian:dim=3,variance=1", scheme);
  CHECK(largest_gap(shared.run(50).samples, still.run(50).samples) < 1e-14);
  CHECK(shared.run(50, Start::gaussian, true).last_sd == 0);
}

TEST_CASE("scheme run: rows by earlier rows and rows written out are one scheme") {
  const Scheme scheme = test::ddpm_scheme(kSchedule, 30);
  const Case one("cloud:means=-1/0/0;1/0/1,variances=0.25", scheme);
  const Case same("cloud:means=-1/0/0;1/0/1,variances=0.25", test::written_out(scheme));
  // Products of 29 coefficients, in another order.
  CHECK(largest_gap(one.run(100).samples, same.run(100).samples) < 1e-11);
}

TEST_CASE("scheme run: a recursion keeps a few vectors, whatever its length") {
  const SchemePlan plan = plan_scheme(test::ddpm_scheme("li-cai", 1000));
  CHECK(plan.slots <= 5);
  CHECK(plan.rows.size() == 1000);
  const SchemePlan dense = plan_scheme(test::written_out(test::ddpm_scheme(kSchedule, 30)));
  CHECK(dense.slots > 29);
  CHECK(dense.slots <= 2 + 2 * 29);
}

TEST_CASE("scheme run: same bytes on any number of threads, whatever the number of particles") {
  const Case one("cloud:means=-1/0/0;1/0/1,variances=0.25/0.5", test::ddpm_scheme(kSchedule, 30));
  const ParticleRun a = one.run(9000, Start::exact, true, 1);
  const ParticleRun b = one.run(9000, Start::exact, true, 2);
  CHECK(a.samples.values == b.samples.values);
  CHECK(a.means.values == b.means.values);
  const PointTable few = one.run(11, Start::exact).samples;
  CHECK(std::equal(few.values.begin(), few.values.end(), a.samples.values.begin()));
  const PointTable later = one.run(16, Start::exact, false, 1, 8).samples;
  CHECK(std::equal(later.values.begin(), later.values.end(), a.samples.values.begin() + 24));
  CHECK_FALSE(std::equal(few.values.begin() + 3, few.values.end(), a.samples.values.begin()));
}

// What the output row adds by a draw of its own: 6000 numbers, so a variance within 7 %.
TEST_CASE("scheme run: the last kernel is kept apart from its noise") {
  const Scheme scheme = test::ddpm_scheme(kSchedule, 30);
  const Case one("gaussian:dim=2,variance=0.3", scheme);
  const ParticleRun run = one.run(3000, Start::gaussian, true);
  CHECK(std::fabs(run.last_sd / scheme.rows.back().back().coefficient - 1) < 1e-15);
  RunningMoments noise;
  for (std::size_t i = 0; i < run.samples.values.size(); ++i) {
    noise.add((run.samples.values[i] - run.means.values[i]) / run.last_sd);
  }
  CHECK(std::fabs(noise.variance() - 1) < 0.073);
  const ParticleRun none = Case("gaussian:dim=2,variance=0.3", test::euler_scheme(20, 0.05, 5))
                               .run(100, Start::exact, true);
  CHECK(none.last_sd == 0);
  CHECK(none.means.values.empty());
}

// At an infinite level the model answers E X_0: here the output is half of it and half the start.
TEST_CASE("scheme run: the model's answer at an infinite level is the mean") {
  Scheme scheme;
  scheme.levels = {HUGE_VAL, 1};
  scheme.rows = {{{SchemeSource::start, 0, 1}},
                 {{SchemeSource::output, 0, 0.5}, {SchemeSource::start, 0, 0.5}}};
  Scheme still = scheme;
  still.rows[1] = {{SchemeSource::start, 0, 0.5}};
  const std::vector<std::pair<const char*, std::vector<double>>> means = {
      {"cloud:means=-1/0/0;3/0/1,variances=0.25/0.5,weights=0.75/0.25", {0, 0, 0.25}},
      {"gaussian:dim=2,variance=0.3,mean=0.7", {0.7, 0.7}},
      {"mixture:weights=1/4;3/4,means=-1/1,variances=0.1/0.2", {0.5}},
      {"student-t:dim=3,nu=3", {0, 0, 0}},
  };
  for (const auto& row : means) {
    const char* target = row.first;
    const std::vector<double>& mean = row.second;
    CAPTURE(target);
    const PointTable found = Case(target, scheme).run(8).samples;
    const PointTable start = Case(target, still).run(8).samples;
    for (std::size_t i = 0; i < found.values.size(); ++i) {
      CHECK(std::fabs(found.values[i] - start.values[i] - mean[i % mean.size()] / 2) < 1e-14);
    }
  }
}

void check_refused(const std::function<void()>& call, const std::string& part) {
  try {
    call();
    FAIL("not refused: " << part);
  } catch (const InputError& error) {
    CHECK_MESSAGE(std::string(error.what()).find(part) != std::string::npos, error.what());
  }
}

TEST_CASE("scheme run: what cannot be run is refused in one line") {
  Scheme far = test::euler_scheme(20, 0.05, 3);
  far.levels[0] = 1e11;
  check_refused([&] { Case("gauss-flat", far).run(8); }, "above 1e+10");
  ParticleRequest request;
  request.target = "shell:dim=3,radius=1";
  request.sampler = "x.json";
  request.samples = 100;
  Scheme to_data = test::euler_scheme(20, 0.05, 3);
  to_data.levels.back() = 0;
  request.scheme = std::make_shared<const Scheme>(to_data);
  check_refused([&] { measure_particles(request, 1); }, "has no density");
  request.target = "gauss-flat";
  request.steps = {3};
  check_refused([&] { measure_particles(request, 1); }, "leave --steps out");
  request.steps = {};
  request.score = "affine:size=0.1";
  check_refused([&] { measure_particles(request, 1); }, "leave --score out");
}

}  // namespace
}  // namespace lemmabench
