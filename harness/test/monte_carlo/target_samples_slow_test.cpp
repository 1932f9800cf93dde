// Exact samples of every target pass the judge, whose distribution functions and moments know
// nothing of how they are drawn: at the data and at the level abar = 0.6, seeds fixed. A judgement
// at the level 0.001 rejects samples of the law with at most that probability, so that new seeds
// would fail this test once in about fifteen times by chance; these do not.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cases/target.hpp"
#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "harness/monte_carlo/judge/judge.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

JudgeRequest request_of(const std::string& target, const std::string& level) {
  JudgeRequest request;
  request.target = target;
  request.level = level;
  request.schedule = LiCaiSchedule{};
  request.alpha = 0.001;
  request.pairs = 200;
  request.seed = 21;
  return request;
}

SampleJudgement judged(const Target& target, const std::string& level, double scale) {
  const JudgeRequest request = request_of(target.text(), level);
  PointTable points = JudgedLaw(target, read_level(level, request.schedule, 0).level)
                          .draw(2000, SampleKeys{22, 1}, 1);
  for (double& x : points.values) {
    x *= scale;
  }
  return judge_samples(std::move(points), request, 1);
}

TEST_CASE("judge: samples of every target of the catalogue are of its law") {
  for (const Target& target : catalogue_targets()) {
    for (const std::string level : {"data", "0.6"}) {
      CAPTURE(target.name);
      CAPTURE(level);
      const SampleJudgement judgement = judged(target, level, 1);
      CHECK(judgement.tests.size() == 7);
      for (const SampleTest& test : judgement.tests) {
        CHECK_MESSAGE(!test.rejects, test.name << " at p = " << test.p);
      }
      CHECK_FALSE(judgement.rejected);
    }
  }
}

// The control: as many samples, a fifth too far out.
TEST_CASE("judge: samples of every target but inflated are not") {
  for (const Target& target : catalogue_targets()) {
    CAPTURE(target.name);
    CHECK(judged(target, "data", 1.2).rejected);
  }
}

}  // namespace
}  // namespace lemmabench
