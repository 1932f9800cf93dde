// Repeated under the null: whether the judge's levels hold for a sampler's output and for two
// files.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "harness/monte_carlo/judge/judge.hpp"
#include "harness/monte_carlo/judge/other_samples.hpp"
#include "harness/monte_carlo/judge/output_law.hpp"
#include "harness/test/monte_carlo/scheme_cases.hpp"

namespace lemmabench {
namespace {

constexpr double kAlpha = 0.05;
constexpr int kTrials = 200;
constexpr const char* kSchedule = "logit:from=-6,to=3";

/// Four standard deviations about a binomial mean.
double slack(double probability) {
  return 4 * std::sqrt(kTrials * probability * (1 - probability));
}

/// How often each test had p <= kAlpha, and any of them rejected at kAlpha together.
struct Counts {
  std::map<std::string, int> tests;
  int rejected = 0;
  int bounded = 0;
};

Counts repeat(const std::function<FitResult(std::uint64_t)>& judge) {
  Counts out;
  for (std::uint64_t seed = 0; seed < kTrials; ++seed) {
    const FitResult result = judge(seed);
    bool bounded = false;
    for (const SampleTest& test : result.tests) out.tests[test.name] += test.p <= kAlpha ? 1 : 0;
    for (const VariationBound& bound : result.bounds) bounded = bounded || bound.value > 0;
    out.rejected += result.rejected ? 1 : 0;
    out.bounded += bounded ? 1 : 0;
  }
  return out;
}

void check_levels(const std::string& name, const Counts& counts) {
  const double most = kTrials * kAlpha + slack(kAlpha);
  REQUIRE(counts.tests.size() == 7);
  for (const auto& one : counts.tests) {
    MESSAGE(name << " " << one.first << ": " << one.second << " of 200 at 0.05");
    CHECK(one.second <= most);
  }
  // The permutation tests have exactly their level: none at all would be a test that never rejects.
  for (const char* test : {"mean", "covariance", "energy distance", "MMD"}) {
    CHECK_MESSAGE(counts.tests.at(test) >= 1, name << " " << test);
  }
  MESSAGE(name << ": rejected " << counts.rejected << ", bounds wrong " << counts.bounded);
  CHECK(counts.rejected <= most);
  CHECK(counts.bounded <= most);
}

FitSetting setting_of(std::uint64_t seed) {
  FitSetting out;
  out.alpha = kAlpha;
  out.seed = seed;
  out.pairs = 100;
  return out;
}

// The samples come from particles, the law from the engine; the law is made once. The same seed
// draws the samples and what they are held against.
TEST_CASE("judge levels: the output of a sampler, by each kind of law") {
  struct Asked {
    const char* name;
    ParticleQuestion question;
    long steps;
    const char* engine;
  };
  const ScheduleKind schedule = make_schedule(kSchedule, "test");
  const auto scheme = std::make_shared<const Scheme>(test::ddpm_scheme(kSchedule, 8));
  const std::vector<Asked> all{
      {"line",
       {"mixture-three", "ddpm", "exact", schedule, Start::gaussian, nullptr},
       20,
       "line law"},
      {"line, exact start",
       {"mixture-three", "ddpm", "exact", schedule, Start::exact, nullptr},
       8,
       "line law"},
      {"scheme on the line",
       {"mixture-three", "x.json", "exact", schedule, Start::exact, scheme},
       0,
       "line law"},
      {"Gaussian",
       {"gauss-flat", "ddpm", "exact", schedule, Start::gaussian, nullptr},
       8,
       "gaussian law"},
      {"particles",
       {"student-t:dim=3,nu=5", "ddpm", "exact", schedule, Start::exact, nullptr},
       8,
       "particles"},
  };
  for (const Asked& one : all) {
    const OutputLaw output = output_law(one.question, one.steps, 1);
    CHECK(output.engine == std::string(one.engine));
    const ParticleSampler sampler(one.question);
    const Counts counts = repeat([&](std::uint64_t seed) {
      const PointTable samples = sampler.run(output.steps, seed, 0, 200, false, 1).samples;
      return goodness_of_fit(samples, *output.law, setting_of(seed), 1);
    });
    check_levels(one.name, counts);
  }
}

// A control: the same with the noise a tenth too large, at 2000 rows: 40 of 50 observed, and no
// more than 1 in 20 of the right ones.
TEST_CASE("judge levels: a scheme with a tenth more noise is mostly rejected") {
  const auto right = std::make_shared<const Scheme>(test::ddpm_scheme(kSchedule, 8));
  const auto wrong = std::make_shared<const Scheme>(test::ddpm_scheme(kSchedule, 8, 1.1));
  const ParticleQuestion asked{"mixture-three", "x.json", "exact", {}, Start::exact, right};
  const OutputLaw output = output_law(asked, 0, 1);
  const ParticleSampler sampler({"mixture-three", "x.json", "exact", {}, Start::exact, wrong});
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const PointTable samples = sampler.run(output.steps, seed, 0, 2000, false, 1).samples;
    rejected += goodness_of_fit(samples, *output.law, setting_of(seed), 1).rejected ? 1 : 0;
  }
  MESSAGE("rejected " << rejected << " of 50");
  CHECK(rejected >= 25);
}

TEST_CASE("judge levels: two files of one law, of equal and unequal sizes") {
  const auto draws = [](const char* target, std::size_t rows, std::uint64_t seed) {
    return JudgedLaw(make_target(target, "test"), {1, 0}).draw(rows, SampleKeys{seed, 1}, 1);
  };
  for (const char* target : {"mixture-three", "student-t:dim=3,nu=3"}) {
    for (const std::size_t other : {200U, 130U, 700U}) {
      const Counts counts = repeat([&](std::uint64_t seed) {
        return goodness_of_fit(draws(target, 200, 2 * seed),
                               OtherSamples(draws(target, other, 2 * seed + 1), "b"),
                               setting_of(seed), 1);
      });
      check_levels(std::string(target) + " against " + std::to_string(other), counts);
    }
  }
}

}  // namespace
}  // namespace lemmabench
