#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/monte_carlo/goodness_of_fit/classifier_test.hpp"
#include "harness/monte_carlo/judge/judge.hpp"
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
  return JudgedLaw(make_target(target, "test"), {1, 0}).draw(rows, SampleKeys{seed, 1}, 1);
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
    for (const auto& one : rejections) {
      MESSAGE(std::string(target) << " " << one.first << ": " << one.second << " of 400 at 0.05");
      CHECK(one.second <= most);
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
  /// The judgement of the samples as they were, for its bandwidth.
  std::function<void(PointTable&, double floor, std::uint64_t seed, const SampleJudgement&)> plant;
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

/// Moves `gap` of the probability of f(x) <= 0 to the other side, f(x) <= 0 being a half of it:
/// where an empirical distribution function is least sure.
void move(PointTable& samples, double gap, std::uint64_t seed,
          const std::function<void(double&)>& change) {
  for (std::size_t r = 0; r < samples.rows; ++r) {
    if (random_uniform({.seed = seed, .stream = 99, .step = 0}, r) < 2 * gap) {
      change(samples.values[r]);
    }
  }
}

TEST_CASE("judge: a deviation at its floor is seen with the probability it says") {
  constexpr int kTrials = 200;
  const std::string target = "gaussian:dim=1,variance=1";
  const std::vector<AtFloor> all{
      {"mean",
       [](PointTable& samples, double floor, std::uint64_t, const SampleJudgement&) {
         for (double& value : samples.values) value += floor;
       }},
      {"covariance",
       [](PointTable& samples, double floor, std::uint64_t, const SampleJudgement&) {
         for (double& value : samples.values) value *= std::sqrt(1 + floor);
       }},
      {"energy distance",
       [](PointTable& samples, double floor, std::uint64_t, const SampleJudgement&) {
         for (double& value : samples.values) value += shift_of_energy(floor);
       }},
      {"MMD",
       [](PointTable& samples, double floor, std::uint64_t, const SampleJudgement& before) {
         // MMD^2 of N(0, 1) and N(m, 1) is 2 s/sqrt(s^2+2) (1 - exp(-m^2/(2 (s^2+2)))).
         const double s = before.bandwidth;
         const double inside = 1 - floor * std::sqrt(s * s + 2) / (2 * s);
         for (double& value : samples.values) {
           value += std::sqrt(-2 * (s * s + 2) * std::log(inside));
         }
       }},
      {"KS of the radius",
       [](PointTable& samples, double floor, std::uint64_t seed, const SampleJudgement&) {
         // the median of |x| is 0.6745
         move(samples, floor, seed, [](double& x) {
           if (std::fabs(x) < 0.6745) x += x < 0 ? -0.6745 : 0.6745;
         });
       }},
      {"KS of projections",
       [](PointTable& samples, double floor, std::uint64_t seed, const SampleJudgement&) {
         move(samples, floor, seed, [](double& x) { x = std::fabs(x); });
       }},
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
      const SampleJudgement before = judge_samples(samples, request_of(target, seed), 1);
      one.plant(samples, test_of(before).floor, seed, before);
      const SampleTest test = test_of(judge_samples(samples, request_of(target, seed), 1));
      seen += test.p <= kAlpha / 7 ? 1 : 0;
    }
    MESSAGE(one.test << ": seen " << seen << " of " << kTrials);
    CHECK_MESSAGE(seen >= kTrials * 0.8 - slack(kTrials, 0.8), one.test << " " << seen);
  }
}

TEST_CASE("judge: an event at its floor is seen with the probability it says") {
  constexpr std::size_t kSamples = 250;
  constexpr std::size_t kDraws = 1000;
  constexpr int kTrials = 2000;
  const double floor = event_floor(kSamples, kDraws, 0.007);
  const auto hits = [](std::size_t trials, double probability, std::uint64_t seed) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < trials; ++i) {
      out += random_uniform({.seed = seed, .stream = trials, .step = 0}, i) < probability ? 1 : 0;
    }
    return out;
  };
  int seen = 0;
  int false_alarms = 0;
  for (std::uint64_t seed = 0; seed < kTrials; ++seed) {
    const std::size_t drawn = hits(kDraws, 0.5, seed);
    const EventCounts at_floor{hits(kSamples, 0.5 + floor, seed), kSamples, drawn, kDraws};
    const EventCounts null{hits(kSamples, 0.5, seed), kSamples, drawn, kDraws};
    seen += at_floor.p() <= 0.007 ? 1 : 0;
    false_alarms += null.p() <= 0.05 ? 1 : 0;
    CHECK(at_floor.total_variation(1e-6) < floor);
  }
  MESSAGE("seen " << seen << ", false alarms " << false_alarms << " of " << kTrials);
  // Fisher's test is a little conservative: 0.788 observed
  CHECK(seen >= 0.77 * kTrials - slack(kTrials, 0.8));
  CHECK(false_alarms <= 0.05 * kTrials + slack(kTrials, 0.05));
}

}  // namespace
}  // namespace lemmabench
