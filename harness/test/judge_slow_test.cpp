#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/judge/judge.hpp"
#include "numerics/random_normals.hpp"

namespace lemmabench {
namespace {

constexpr double kAlpha = 0.05;

JudgeRequest request_of(const std::string& target, std::uint64_t seed) {
  JudgeRequest request;
  request.target = target;
  request.schedule = LiCaiSchedule{};
  request.alpha = kAlpha;
  request.pairs = 100;
  request.seed = seed;
  return request;
}

/// Draws of the target that the judge's own share nothing with.
PointTable draws(const std::string& target, std::size_t rows, std::uint64_t seed) {
  return JudgedLaw(make_target(target, "test"), {1, 0}).draw(rows, {seed, 1}, 1);
}

/// Four standard deviations about a binomial mean.
double slack(double trials, double probability) {
  return 4 * std::sqrt(trials * probability * (1 - probability));
}

// At n = 200, where nothing is asymptotic, with tails that have no fourth moment (nu = 3), a law
// without a density (the sphere) and exact distribution functions (the mixture).
TEST_CASE("judge: no test rejects the law itself more often than it says") {
  constexpr int kTrials = 400;
  for (const char* target :
       {"mixture-three", "student-t:dim=3,nu=3", "shell:dim=2,radius=1", "gauss-flat"}) {
    std::map<std::string, int> rejections;
    int judged_false = 0;
    int bounds_wrong = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const auto seed = static_cast<std::uint64_t>(trial);
      const SampleJudgement judgement =
          judge_samples(draws(target, 200, seed), request_of(target, seed), 1);
      for (const SampleTest& test : judgement.tests) {
        rejections[test.name] += test.p <= kAlpha ? 1 : 0;
      }
      judged_false += judgement.rejected ? 1 : 0;
      bool wrong = false;
      for (const VariationBound& bound : judgement.bounds) wrong = wrong || bound.value > 0;
      bounds_wrong += wrong ? 1 : 0;
    }
    const double most = kTrials * kAlpha + slack(kTrials, kAlpha);
    REQUIRE(rejections.size() == 7);
    for (const auto& [name, count] : rejections) {
      CHECK_MESSAGE(count <= most, target << " " << name << " " << count);
      MESSAGE(target << " " << name << ": " << count << " of " << kTrials << " at 0.05");
    }
    // The permutation tests have exactly their level: more than four standard deviations below
    // would be a test that never rejects.
    for (const char* name : {"mean", "covariance", "energy distance", "MMD"}) {
      CHECK_MESSAGE(rejections[name] >= kTrials * kAlpha - slack(kTrials, kAlpha), target << name);
    }
    MESSAGE(target << ": rejected " << judged_false << ", bounds wrong " << bounds_wrong);
    CHECK(judged_false <= most);
    CHECK(bounds_wrong <= most);
  }
}

/// A deviation as large as the floor of a test, and how the samples come to have it.
struct AtFloor {
  std::string test;
  std::function<void(PointTable&, double floor, std::uint64_t seed)> plant;
};

/// The energy distance of N(0, 1) and N(m, 1): 2 E|N(m, 2)| - 2 E|N(0, 2)|.
double normal_energy(double m) {
  const double root_pi = std::sqrt(std::acos(-1.0));
  return 2 * (2 / root_pi * std::exp(-m * m / 4) + m * std::erf(m / 2)) - 4 / root_pi;
}

double shift_of_energy(double energy) {
  double low = 0;
  double high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (normal_energy(middle) < energy ? low : high) = middle;
  }
  return low;
}

/// Puts so large a fraction of the rows at 100.
void contaminate(PointTable& samples, double fraction, std::uint64_t seed) {
  for (std::size_t r = 0; r < samples.rows; ++r) {
    if (random_uniform({.seed = seed, .stream = 99, .step = 0}, r) < fraction) {
      samples.values[r] = 100;
    }
  }
}

TEST_CASE("judge: a deviation at its floor is seen with the probability it says") {
  constexpr int kTrials = 200;
  const std::string target = "gaussian:dim=1,variance=1";
  const std::vector<AtFloor> all{
      {"mean",
       [](PointTable& samples, double floor, std::uint64_t) {
         for (double& value : samples.values) value += floor;
       }},
      {"covariance",
       [](PointTable& samples, double floor, std::uint64_t) {
         for (double& value : samples.values) value *= std::sqrt(1 + floor);
       }},
      {"energy distance",
       [](PointTable& samples, double floor, std::uint64_t) {
         for (double& value : samples.values) value += shift_of_energy(floor);
       }},
      {"KS of the radius", contaminate},
      {"KS of projections", contaminate},
      {"chosen event", contaminate},
  };
  for (const AtFloor& one : all) {
    int seen = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const auto seed = static_cast<std::uint64_t>(trial);
      const auto test_of = [&](const SampleJudgement& judgement) {
        for (const SampleTest& test : judgement.tests) {
          if (test.name == one.test) return test;
        }
        return SampleTest{};
      };
      PointTable samples = draws(target, 500, seed);
      const double floor = test_of(judge_samples(samples, request_of(target, seed), 1)).floor;
      one.plant(samples, floor, seed);
      const SampleTest test = test_of(judge_samples(samples, request_of(target, seed), 1));
      seen += test.p <= kAlpha / 7 ? 1 : 0;
    }
    MESSAGE(one.test << ": seen " << seen << " of " << kTrials);
    CHECK_MESSAGE(seen >= kTrials * 0.8 - slack(kTrials, 0.8), one.test << " " << seen);
  }
}

}  // namespace
}  // namespace lemmabench
