// Two files of samples against one another.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "harness/monte_carlo/judge/judge.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

PointTable normals(std::size_t rows, std::size_t columns, unsigned seed, double shift = 0) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  PointTable out{rows, columns, std::vector<double>(rows * columns)};
  for (double& value : out.values) {
    value = normal(engine) + shift;
  }
  return out;
}

JudgeRequest request_of() {
  JudgeRequest request;
  request.against = "b.npy";
  request.pairs = 300;
  return request;
}

SampleJudgement against(const PointTable& a, const PointTable& b, int threads = 1) {
  return judge_against(a, b, request_of(), "a.npy", threads);
}

TEST_CASE("judge against: two samples of one law are accepted, whatever their sizes") {
  for (const auto& sizes : std::vector<std::pair<std::size_t, std::size_t>>{
           {1000, 1000}, {200, 3000}, {3000, 200}, {130, 171}}) {
    const std::size_t a = sizes.first;
    const std::size_t b = sizes.second;
    CAPTURE(a);
    CAPTURE(b);
    const SampleJudgement judgement = against(normals(a, 3, 1), normals(b, 3, 2));
    CHECK(!judgement.rejected);
    CHECK(judgement.tests.size() == 7);
    CHECK(judgement.rows == a);
    CHECK(judgement.reference_rows == b);
    CHECK(judgement.reference_is == "rows of b.npy");
    for (const VariationBound& bound : judgement.bounds) CHECK(bound.value == 0);
  }
}

// TV(N(m, 1), N(0, 1)) = 2 Phi(m/2) - 1: 0.3829 for m = 1. The difference has the sign of the first
// file less the other.
TEST_CASE("judge against: a shift is seen, and bounded from below, whichever file is larger") {
  const double exact = std::erf(0.5 / std::sqrt(2.0));
  for (const auto& sizes :
       std::vector<std::pair<std::size_t, std::size_t>>{{2000, 8000}, {8000, 2000}}) {
    const std::size_t a = sizes.first;
    const std::size_t b = sizes.second;
    CAPTURE(a);
    const SampleJudgement judgement = against(normals(a, 1, 1, 1), normals(b, 1, 2));
    CHECK(judgement.rejected);
    const Quantity& mean = judgement.moments[0].difference;
    CHECK(std::fabs(mean.value() - 1) < 0.15);
    CHECK(mean.value() - mean.error() < 1);
    CHECK(mean.value() + mean.error() > 1);
    for (const VariationBound& bound : judgement.bounds) CHECK(bound.value < exact);
    CHECK(judgement.bounds[1].value > exact - 0.1);
    CHECK(judgement.bounds[2].value > exact - 0.1);
  }
}

TEST_CASE("judge against: verdict, intervals and bounds never contradict each other") {
  int rejected = 0;
  for (unsigned seed = 0; seed < 30; ++seed) {
    JudgeRequest request = request_of();
    request.alpha = 0.2;
    request.pairs = 100;
    request.seed = seed;
    const SampleJudgement judgement = judge_against(normals(150, 2, 2 * seed, 0.2),
                                                    normals(400, 2, 2 * seed + 1), request, "a", 1);
    for (const std::size_t k : {0U, 1U}) {
      const Quantity& gap = judgement.moments[k].difference;
      CHECK((std::fabs(gap.value()) > gap.error()) == judgement.tests[k].rejects);
    }
    rejected += judgement.rejected ? 1 : 0;
  }
  CHECK(rejected > 3);
  CHECK(rejected < 30);
}

TEST_CASE("judge against: same bytes on any number of threads") {
  const SampleJudgement one = against(normals(500, 3, 1), normals(700, 3, 2), 1);
  const SampleJudgement two = against(normals(500, 3, 1), normals(700, 3, 2), 2);
  for (std::size_t k = 0; k < 7; ++k) {
    CHECK(one.tests[k].statistic == two.tests[k].statistic);
    CHECK(one.tests[k].p == two.tests[k].p);
  }
}

TEST_CASE("judge against: notes say which rows of either file were taken, and which are in both") {
  const PointTable a = normals(150, 2, 1);
  PointTable b = normals(1000, 2, 2);
  std::copy_n(a.values.begin(), 20, b.values.begin());
  const std::vector<std::string> notes = against(a, b).notes;
  const auto there = [&](const std::string& note) {
    return std::find(notes.begin(), notes.end(), note) != notes.end();
  };
  CHECK(there("mean takes 600 rows of b.npy"));  // 200 blocks of 150/50
  CHECK(there("KS of the radius takes 150 rows of b.npy"));
  CHECK(there("MMD takes 150 rows of b.npy"));
  CHECK(notes.back() ==
        "10 rows of a.npy stand in b.npy too; the p-values suppose that the two are independent");
}

TEST_CASE("judge against: what cannot be compared is refused") {
  const auto refused = [](const PointTable& a, const PointTable& b, const std::string& part) {
    try {
      against(a, b);
      FAIL("not refused: " << part);
    } catch (const InputError& error) {
      CHECK_MESSAGE(std::string(error.what()).find(part) != std::string::npos, error.what());
    }
  };
  refused(normals(200, 2, 1), normals(200, 3, 2), "it has 3 numbers a row and a.npy has 2");
  refused(normals(99, 2, 1), normals(200, 2, 2), "a.npy: 99 rows are too few");
  refused(normals(200, 2, 1), normals(99, 2, 2), "--against b.npy: 99 rows are too few");
}

}  // namespace
}  // namespace lemmabench
