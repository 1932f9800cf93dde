#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/monte_carlo/judge/judge.hpp"
#include "numerics/error.hpp"
#include "reports/json/goodness_of_fit_json.hpp"
#include "reports/text/goodness_of_fit_text.hpp"

namespace lemmabench {
namespace {

JudgeRequest request_of(const std::string& target) {
  JudgeRequest request;
  request.target = target;
  request.schedule = LiCaiSchedule{};
  request.pairs = 300;
  return request;
}

/// Exact draws that no draw of the judge's shares numbers with.
PointTable draws(const std::string& target, std::size_t rows, std::uint64_t seed = 11,
                 const Level<double>& level = {1, 0}) {
  return JudgedLaw(make_target(target, "test"), level).draw(rows, SampleKeys{seed, 1}, 1);
}

const SampleTest& find(const SampleJudgement& judgement, const std::string& name) {
  const auto found = std::find_if(judgement.tests.begin(), judgement.tests.end(),
                                  [&](const SampleTest& test) { return test.name == name; });
  REQUIRE(found != judgement.tests.end());
  return *found;
}

TEST_CASE("judge: exact draws of every kind of law are accepted") {
  for (const char* target : {"mixture-three", "gauss-flat", "student-t:dim=10,nu=3",
                             "shell:dim=3,radius=1", "hypercube:dim=5,separation=1,variance=0.1",
                             "cloud:means=-1/0;1/0,variances=0.25,factors=1/1;1/-1"}) {
    const SampleJudgement judgement = judge_samples(draws(target, 1000), request_of(target), 1);
    CHECK_MESSAGE(!judgement.rejected, target);
    CHECK(judgement.tests.size() == 7);
    CHECK(judgement.reference_rows == 4000);
    for (const VariationBound& bound : judgement.bounds) CHECK(bound.value == 0);
  }
}

TEST_CASE("judge: draws of a noise level are of that level and no other") {
  JudgeRequest request = request_of("mixture-three");
  request.steps = 100;
  request.level = "70";
  const NamedLevel level = read_level(request.level, request.schedule, 100);
  const PointTable samples = draws("mixture-three", 2000, 11, level.level);
  CHECK(!judge_samples(samples, request, 1).rejected);
  request.level = "60";
  CHECK(judge_samples(samples, request, 1).rejected);
}

/// One deviation and the tests that must see it.
struct Planted {
  const char* target;
  double scale;
  double shift;
  std::vector<std::string> seen_by;
};

TEST_CASE("judge: planted deviations are seen by the tests made for them") {
  const std::vector<Planted> all{
      {"gauss-flat", 1, 0.15, {"mean", "classifier two-sample"}},
      {"gauss-flat", 1.1, 0, {"covariance", "KS of the radius", "classifier two-sample"}},
      {"mixture-three", 1, 0.6, {"mean", "energy distance", "MMD", "KS of projections"}},
  };
  for (const Planted& planted : all) {
    PointTable samples = draws(planted.target, 4000);
    for (double& value : samples.values) value = planted.scale * value + planted.shift;
    const SampleJudgement judgement = judge_samples(samples, request_of(planted.target), 1);
    CHECK(judgement.rejected);
    for (const std::string& name : planted.seen_by) {
      CHECK_MESSAGE(find(judgement, name).rejects, planted.target << " " << name);
    }
  }
}

// TV(N(m, 1), N(0, 1)) = 2 Phi(m/2) - 1: 0.3829 for m = 1.
TEST_CASE("judge: the bounds of total variation are below it and near it") {
  PointTable samples = draws("gaussian:dim=1,variance=1", 20000);
  for (double& value : samples.values) value += 1;
  const SampleJudgement judgement =
      judge_samples(samples, request_of("gaussian:dim=1,variance=1"), 1);
  const double exact = std::erf(0.5 / std::sqrt(2.0));
  REQUIRE(judgement.bounds.size() == 3);
  for (const VariationBound& bound : judgement.bounds) {
    CHECK(bound.value < exact);
    CHECK(std::fabs(bound.confidence - (1 - 0.01 / 7)) < 1e-15);
  }
  CHECK(judgement.bounds[1].value > exact - 0.03);  // 0.370; the band is 0.0135
  CHECK(judgement.bounds[2].value > exact - 0.04);
}

/// What a judgement prints beside its verdict and must not contradict it.
void check_of_one_piece(const SampleJudgement& judgement) {
  const double level = judgement.request.alpha / 7;
  bool rejected = false;
  for (const SampleTest& test : judgement.tests) {
    rejected = rejected || test.rejects;
    CHECK(test.rejects == (test.adjusted_p <= judgement.request.alpha * (1 + 1e-12)));
  }
  CHECK(judgement.rejected == rejected);
  REQUIRE(judgement.moments.size() == 2);
  for (const std::size_t k : {0U, 1U}) {  // of the mean, of the covariance
    const Quantity& gap = judgement.moments[k].difference;
    CHECK((std::fabs(gap.value()) > gap.error()) == judgement.tests[k].rejects);
  }
  for (const VariationBound& bound : judgement.bounds) {
    CHECK(std::fabs(bound.confidence - (1 - level)) < 1e-15);
    if (bound.value > 0) CHECK(find(judgement, bound.by).rejects);
  }
}

// Samples of the law and samples a little off it, so that many p-values are near the level; laws
// with an exact distribution function and without, where the bounds are of other numbers than the
// tests. Before, the bounds were at alpha/3 each and the moments at alpha.
TEST_CASE("judge: verdict, intervals and bounds never contradict each other") {
  constexpr std::uint64_t kSeeds = 100;
  for (const char* target : {"gaussian:dim=2,variance=1", "student-t:dim=2,nu=3"}) {
    int rejected[2] = {0, 0};
    for (const bool off : {false, true}) {
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        JudgeRequest request = request_of(target);
        request.alpha = 0.2;
        request.pairs = 100;
        request.seed = seed;
        PointTable samples = draws(target, 120, seed + 1000);
        for (double& value : samples.values) value += off ? 0.22 : 0;
        const SampleJudgement judgement = judge_samples(samples, request, 1);
        check_of_one_piece(judgement);
        rejected[off] += judgement.rejected ? 1 : 0;
      }
    }
    MESSAGE(target << ": rejected " << rejected[0] << " and, off the law, " << rejected[1]);
    // The family-wise level, four binomial standard deviations above.
    CHECK(rejected[0] <= kSeeds * 0.2 + 4 * std::sqrt(kSeeds * 0.2 * 0.8));
    CHECK(rejected[1] >= 20);
    CHECK(rejected[1] <= 95);
  }
}

// P(u.X <= v) of a mixture is known in closed form; draws must agree with it at a level too.
TEST_CASE("judge: projections have the law they are said to have") {
  const Target target = make_target("cloud:means=-1/0;1/2,variances=0.25", "test");
  const JudgedLaw law(target, {0.6, 0.4});
  const double u[2] = {0.6, 0.8};
  const auto line = law.projected(u);
  REQUIRE(line.has_value());
  // means sqrt(0.6) u.m, variances 0.6 0.25 + 0.4
  CHECK(std::fabs(line->mean() - std::sqrt(0.6) * (-0.6 + 2.2) / 2) < 1e-15);
  CHECK(std::fabs(line->variance() - (0.55 + 0.6 * 1.4 * 1.4)) < 1e-14);
  CHECK(!JudgedLaw(make_target("student-t:dim=2,nu=3", "test"), {0.6, 0.4}).projection(u));
}

TEST_CASE("judge: same bytes on any number of threads") {
  const PointTable samples = draws("hypercube:dim=5,separation=1,variance=0.1", 3000);
  const JudgeRequest request = request_of("hypercube:dim=5,separation=1,variance=0.1");
  const std::string one = judgement_json(judge_samples(samples, request, 1), "x.npy");
  CHECK(one == judgement_json(judge_samples(samples, request, 2), "x.npy"));
  CHECK(nlohmann::json::parse(one).at("verdict") == "accepted");
  JudgeRequest other = request;
  other.seed = 2;
  CHECK(one != judgement_json(judge_samples(samples, other, 1), "x.npy"));
}

// The threshold of one |z| at p = 0.01/7 is 3.2; the standard error sqrt(1/2000 + 1/8000) in
// standard deviations and sqrt(2) times it in variances.
TEST_CASE("judge: floors of moments are a threshold and a power in standard errors") {
  const std::string target = "gaussian:dim=1,variance=9";
  const SampleJudgement judgement = judge_samples(draws(target, 2000), request_of(target), 1);
  const double error = std::sqrt(1.0 / 2000 + 1.0 / 8000);
  const double wanted = (3.2 + 0.84) * error;
  // Both the threshold and the spread of blocks come from a finite number: 0.2 of it.
  CHECK(std::fabs(find(judgement, "mean").floor / wanted - 1) < 0.2);
  CHECK(find(judgement, "covariance").floor > std::sqrt(2.0) * wanted * 0.9);
  CHECK(find(judgement, "covariance").floor < std::sqrt(2.0) * wanted * 1.4);
  // Samples that are wider are less sure too, which few of them show: 1.11 observed, 0.94 without.
  const SampleJudgement few = judge_samples(draws(target, 200), request_of(target), 1);
  CHECK(find(few, "covariance").floor > std::sqrt(20.0) * wanted * 1.02);
}

TEST_CASE("judge: notes say which rows a test took, and that rows repeat") {
  PointTable samples = draws("gauss-flat", 410);
  const std::vector<std::string> wanted{
      "mean takes 400 of the rows", "covariance takes 400 of the rows",
      "energy distance takes 300 of the rows", "MMD takes 300 of the rows"};
  CHECK(judge_samples(samples, request_of("gauss-flat"), 1).notes == wanted);
  std::copy_n(samples.values.begin(), 10, samples.values.begin() + 100);
  const auto notes = judge_samples(samples, request_of("gauss-flat"), 1).notes;
  REQUIRE(notes.size() == 5);
  CHECK(notes.back().starts_with("2 rows repeat another"));
}

TEST_CASE("judge: samples that diverged are rejected, not failed on") {
  PointTable samples = draws("gauss-flat", 200);
  samples.values[7] = 1e300;
  samples.values[8] = -1e200;
  for (std::size_t i = 500; i < samples.values.size(); ++i) samples.values[i] *= 1e80;
  const SampleJudgement judgement = judge_samples(samples, request_of("gauss-flat"), 1);
  CHECK(judgement.rejected);
  for (const SampleTest& test : judgement.tests) CHECK(std::isfinite(test.statistic));
}

void check_refused(const PointTable& samples, const JudgeRequest& request, const char* words) {
  try {
    judge_samples(samples, request, 1);
    FAIL("not refused: " << words);
  } catch (const InputError& error) {
    CHECK_MESSAGE(std::string(error.what()).find(words) != std::string::npos, error.what());
  }
}

TEST_CASE("judge: what cannot be judged is refused") {
  const PointTable samples = draws("gauss-flat", 100);
  check_refused(draws("gauss-flat", 99), request_of("gauss-flat"), "at least 100");
  check_refused(samples, request_of("mixture-three"), "5 numbers a row");
  JudgeRequest request = request_of("gauss-flat");
  request.alpha = 0.0001;
  check_refused(samples, request, "--alpha 0.0001");
  request = request_of("gauss-flat");
  request.pairs = 99;
  check_refused(samples, request, "--pairs 99");
  request = request_of("gauss-flat");
  request.level = "last";
  check_refused(samples, request, "needs --steps");
  request.level = "1.5";
  check_refused(samples, request, "between 0 and 1");
  request.level = "0";
  request.steps = 100;
  check_refused(samples, request, "from 1");
}

TEST_CASE("judge: the report of a sampler's output names it and repeats itself") {
  JudgeRequest request = request_of("mixture-three");
  request.sampler = "ddpm";
  request.steps = 100;
  const SampleJudgement judgement = judge_samples(draws("mixture-three", 200), request, 1);
  const std::string text = judgement_text(judgement, "x.npy");
  CHECK(text.find("x.npy against the output of ddpm on mixture-three\n  T = 100, ") == 0);
  CHECK(text.find("against 800 exact draws of its output (line law, distribution") !=
        std::string::npos);
  const auto json = nlohmann::json::parse(judgement_json(judgement, "x.npy"));
  CHECK(json.at("engine") == "line law");
  CHECK(json.at("distribution_error").get<double>() < 1e-6);
  CHECK(json.at("level").at("name").get<std::string>().starts_with("t = 1 of 100"));
  CHECK(json.at("command").get<std::string>().find("--sampler ddpm --steps 100") !=
        std::string::npos);
  request.level = "data";
  check_refused(draws("mixture-three", 200), request, "leave --noise-level or --sampler out");
}

TEST_CASE("judge: the report of two files names both") {
  JudgeRequest request;
  request.against = "y.npy";
  const SampleJudgement judgement = judge_against(
      draws("mixture-three", 200, 1), draws("mixture-three", 300, 2), request, "x.npy", 1);
  const std::string text = judgement_text(judgement, "x.npy");
  CHECK(text.starts_with("x.npy against y.npy\n  200 rows, d = 1, against 300 rows of y.npy;"));
  CHECK(text.find("moments furthest from the other file's") != std::string::npos);
  const auto json = nlohmann::json::parse(judgement_json(judgement, "x.npy"));
  CHECK(json.at("against") == "y.npy");
  CHECK(!json.contains("target"));
  CHECK(
      json.at("command").get<std::string>().starts_with("lemmabench judge x.npy --against y.npy"));
}

TEST_CASE("judge: levels") {
  const ScheduleKind kind = LiCaiSchedule{};
  const Schedule<double> schedule(kind, 100);
  CHECK(read_level("", kind, 0).name == "data");
  CHECK(read_level("", kind, 100).level.noise == schedule.level(1).noise);
  CHECK(read_level("last", kind, 100).level.noise == schedule.level(1).noise);
  CHECK(read_level("40", kind, 100).level.abar == schedule.level(40).abar);
  CHECK(read_level("data", kind, 100).level.noise == 0);
  CHECK(read_level("1/3", kind, 0).level.abar == 1.0 / 3);
  CHECK(read_level("0.9", kind, 0).level.noise == 0.1);
}

}  // namespace
}  // namespace lemmabench
