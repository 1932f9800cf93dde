#include "harness/monte_carlo/certificate/path_certificate.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "harness/law/law.hpp"
#include "harness/monte_carlo/certificate/path_step.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"
#include "numerics/running_moments.hpp"
#include "reports/json/certificate_json.hpp"
#include "theory/mixture/vector_mixture.hpp"

namespace lemmabench {
namespace {

CertificateRequest request_of(const std::string& target, const std::string& sampler, long steps) {
  CertificateRequest request;
  request.target = target;
  request.sampler = sampler;
  request.steps = steps;
  request.schedule = LiCaiSchedule{};
  return request;
}

double exact_path_kl(const CertificateRequest& asked) {
  LawRequest request = request_for(asked.target, asked.sampler, asked.steps);
  request.schedule = asked.schedule;
  return compute_law(request, {}).parts.path_kl.value().value();
}

// Level 0.9999: with six entries and two terms a true value is outside once in a thousand seeds.
TEST_CASE("every reference certificate lies in its interval") {
  std::ifstream in(std::string(LEMMABENCH_SOURCE_DIR) + "/test/reference/path_certificates.json");
  REQUIRE(in.good());
  const auto all = nlohmann::json::parse(in);
  REQUIRE(all.size() == 6);
  for (const auto& entry : all) {
    CertificateRequest request =
        request_of(entry.at("target"), entry.at("sampler"), entry.at("steps").get<long>());
    request.schedule = make_schedule(entry.at("schedule").get<std::string>(), "reference");
    request.level = 0.9999;
    request.relative_error = 0.02;
    const PathCertificate ours = certify_path(request, 2);
    const auto check = [](const Quantity& value, const nlohmann::json& text) {
      const double truth = std::stod(text.get<std::string>());
      CHECK(std::fabs(value.value() - truth) <= value.error() + 1e-6 * truth);
    };
    CAPTURE(request.sampler);
    CAPTURE(request.steps);
    check(ours.path_kl, entry.at("path_kl"));
    check(ours.initial_kl, entry.at("initial_kl"));
    CHECK(ours.path_kl.error() <= 0.02 * ours.path_kl.value());
    CHECK(ours.path_kl.evidence() == Evidence::sampled);
    CHECK(ours.flow_error <= 0.05 * ours.path_kl.error());  // a small part; observed 1e-2 at most
    CHECK(ours.summands.size() == static_cast<std::size_t>(request.steps - 1));
  }
}

TEST_CASE("on Gaussians the interval holds the exact law's path term, in several dimensions") {
  for (const char* target :
       {"gaussian:dim=1,variance=0.3", "gaussian:dim=64,variance=0.3",
        "gaussian:dim=300,variance=2", "gaussian:spectrum=0.01x3+1x2+9x4,mean=1/0/-2"}) {
    for (const char* sampler : {"ddpm", "li-cai", "li-cai-momentum"}) {
      CAPTURE(target);
      CAPTURE(sampler);
      CertificateRequest request = request_of(target, sampler, 150);
      request.level = 0.9999;
      request.relative_error = 0.03;
      const PathCertificate ours = certify_path(request, 2);
      const double truth = exact_path_kl(request);
      CHECK(std::fabs(ours.path_kl.value() - truth) <= ours.path_kl.error());
      CHECK(ours.path_kl.error() <= 0.031 * truth);
      CHECK(ours.initial_kl.evidence() == Evidence::proved);
    }
  }
}

// The same Gaussian as a cloud of two equal centres: nothing of it is proved, and the initial term
// is sampled.
TEST_CASE("the sampled initial term agrees with the proved one") {
  // With mean 0 the variances alone make it, with mean 1 nearly the means alone.
  for (const char* mean : {"0", "1"}) {
    CertificateRequest request =
        request_of(std::string("gaussian:dim=3,variance=4,mean=") + mean, "ddpm", 100);
    request.level = 0.9999;
    const PathCertificate proved = certify_path(request, 2);
    const std::string row = std::string(mean) + "/" + mean + "/" + mean;
    request.target = "cloud:means=" + row + ";" + row + ",variances=4";
    const PathCertificate sampled = certify_path(request, 2);
    const auto clean = vector_law(make_target(request.target, "t"));
    const Schedule<double> schedule(request.schedule, request.steps);
    const Level<double>& level = schedule.level(schedule.steps());
    RunningMoments moments;
    std::vector<Lanes> x(2000 * 3);
    clean->sample({3, 101}, level.noise / level.abar, 0, 2000, x.data());
    for (Lanes& value : x) {
      value.v *= std::sqrt(level.abar);
    }
    std::vector<double> summands(16000);
    clean->initial_summands(level, x.data(), 2000, summands.data());
    for (const double summand : summands) {
      moments.add(summand);
    }
    // Without the rest of the certificate, to its own 1 %.
    const double truth = proved.initial_kl.value();
    CHECK(std::fabs(moments.mean - truth) < 4 * std::sqrt(moments.mean_variance()));
    CHECK(std::sqrt(moments.mean_variance()) < 0.02 * truth);
    CHECK(sampled.initial_kl.evidence() == Evidence::sampled);
    CHECK(std::fabs(sampled.initial_kl.value() - truth) <= sampled.initial_kl.error());
    CHECK(std::fabs(sampled.path_kl.value() - proved.path_kl.value()) <=
          sampled.path_kl.error() + proved.path_kl.error());
  }
}

TEST_CASE("the same bytes on one thread and on two, others with another seed") {
  CertificateRequest request = request_of("mixture-three", "li-cai:kappa=0.01", 100);
  request.relative_error = 0.05;
  const std::string one = certificate_json(certify_path(request, 1));
  CHECK(certificate_json(certify_path(request, 2)) == one);
  request.seed = 2;
  CHECK(certificate_json(certify_path(request, 2)) != one);
}

// With f = b/w the flow is sqrt(1-2f) (x-c) and li-cai 1 - f (1-f/2)/(1-f): f^4/8 apart, which is
// 1e-17 at f = 1e-4. Subtracting two points of size 5 would leave rounding alone, 50 times as much.
TEST_CASE("summands keep their digits where the maps agree beyond double precision") {
  const VectorMixture clean(2, {1}, {3, -5}, {0.5});
  const auto sampler = make_sampler("li-cai", "t");
  const Schedule<double> schedule(LogitSchedule{Rational(-1), Rational(1)}, 15001);
  // Some of these t have sqrt(alpha) (1/sqrt(alpha)) = 1 + 1e-16.
  for (int t = 7500; t < 7510; ++t) {
    const RunningMoments sampled =
        PathStep({clean, *sampler, schedule, 1}, t, {.fine = 1}).run(0, 256).summand.fine;
    const double w = schedule.level(t).abar * 0.5 + schedule.level(t).noise;
    const double f = schedule.b(t) / w;
    const double gap = f * f * f * f / 8;
    CHECK(gap < 1e-17);
    const double truth = 2 * w * gap * gap / (2 * schedule.b(t));
    // Rounding: the scores' own, b eps |x|/w, is up to 1 % of the gap.
    CHECK(std::fabs(sampled.mean / truth - 1) <
          5 * std::sqrt(sampled.mean_variance()) / truth + 0.02);
  }
}

// Steps with flows that differ: the correction is 6 % of the summand at t = 170.
TEST_CASE("the coarse summand and the correction are the fine one, on the same samples") {
  const auto clean = vector_law(make_target("mixture-three", "t"));
  const auto sampler = make_sampler("li-cai", "t");
  const Schedule<double> schedule(LiCaiSchedule{}, 200);
  for (const int t : {120, 170}) {
    const auto run = [&](const PathFlows& flows) {
      return PathStep({*clean, *sampler, schedule, 1}, t, flows).run(800, 50).summand;
    };
    const FlowMoments both = run({.coarse = 1, .fine = 4});
    const FlowMoments fine = run({.fine = 4});
    const FlowMoments coarse = run({.coarse = 1, .fine = 0});
    CHECK(both.fine.mean == fine.fine.mean);
    CHECK(both.coarse.count == 0);
    CHECK(both.correction.count == 400);
    CHECK(fine.correction.count == 0);
    CHECK(std::fabs(coarse.coarse.mean + both.correction.mean - fine.fine.mean) <
          1e-14 * fine.fine.mean);
    CHECK(both.correction.variance() < 0.1 * fine.fine.variance());
    CHECK(both.correction.mean != 0);
    MESSAGE("t = ", t, ": correction ", both.correction.mean / fine.fine.mean, ", variance ",
            both.correction.variance() / fine.fine.variance());
  }
}

// Few steps, so that the two flows differ; against the fine flow alone, from other samples.
TEST_CASE("a certificate in two levels is that of the fine flow") {
  CertificateRequest request = request_of("mixture-three", "li-cai", 80);
  request.relative_error = 0.01;
  request.level = 0.9999;
  const PathCertificate ours = certify_path(request, 2);
  const auto clean = vector_law(make_target(request.target, "t"));
  const auto sampler = make_sampler(request.sampler, "t");
  const Schedule<double> schedule(request.schedule, request.steps);
  double sum = 0;
  double variance = 0;
  double correction = 0;
  for (int t = 2; t <= request.steps; ++t) {
    const FlowMoments one = PathStep({*clean, *sampler, schedule, 99}, t, {.coarse = 1, .fine = 6})
                                .run(0, 4000)
                                .summand;
    sum += one.fine.mean;
    variance += one.fine.mean_variance();
    correction += one.correction.mean;
  }
  CHECK(std::fabs(ours.path_kl.value() - sum) <= ours.path_kl.error() + 4 * std::sqrt(variance));
  // Without the correction it would not be: it is 9.4 % of the sum, 2.8 % are allowed.
  CHECK(std::fabs(correction) > ours.path_kl.error() + 4 * std::sqrt(variance));
  MESSAGE("correction ", correction / sum, ", allowed ",
          (ours.path_kl.error() + 4 * std::sqrt(variance)) / sum);
}

// On N(0, v I) the intermediate noise adds b sigma^2 d/(2 w_{t-1}^2 alpha) to the summand of t.
TEST_CASE("an intermediate noise adds its variance") {
  const VectorMixture clean(4, {1}, {0, 0, 0, 0}, {0.5});
  const Schedule<double> schedule(LiCaiSchedule{}, 100);
  const auto noisy = make_sampler("li-cai:kappa=0.5", "t");
  const auto plain = make_sampler("li-cai", "t");
  const auto mean = [&](const Sampler& sampler) {
    return PathStep({clean, sampler, schedule, 1}, 60, {.fine = 2}).run(0, 2000).summand.fine;
  };
  const Step<double> c = make_step(schedule, 60, 4);
  const double scale = 4 * std::log(100.0) / c.noise;
  const double sigma = 0.5 * c.b * c.b * scale * std::sqrt(scale);
  const double w = schedule.level(59).abar * 0.5 + schedule.level(59).noise;
  const double added = c.b * sigma * sigma * 4 / (2 * w * w * c.alpha);
  const RunningMoments with = mean(*noisy);
  const RunningMoments without = mean(*plain);
  CHECK(std::fabs(with.mean - without.mean - added) < 5 * std::sqrt(with.mean_variance()));
  CHECK(without.mean < 0.01 * with.mean);
}

TEST_CASE("a wide clip changes nothing, a narrow one does") {
  const VectorMixture clean(3, {0.5, 0.5}, {-1, 0, 0, 1, 0, 0}, {0.1});
  const Schedule<double> schedule(LiCaiSchedule{}, 100);
  const auto mean = [&](const char* name) {
    const auto sampler = make_sampler(name, "t");
    return PathStep({clean, *sampler, schedule, 1}, 85, {.fine = 2}).run(0, 16).summand.fine.mean;
  };
  CHECK(std::fabs(mean("li-cai:clip=1000") / mean("li-cai") - 1) < 1e-9);
  CHECK(std::fabs(mean("li-cai:clip=0.0000001") / mean("ddpm") - 1) < 1e-3);
  CHECK(mean("ddpm") > 2 * mean("li-cai"));
}

TEST_CASE("what is refused") {
  const auto refusal = [](const CertificateRequest& request) -> std::string {
    try {
      certify_path(request, 1);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  const auto says = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos && text.find('\n') == std::string::npos;
  };
  CHECK(says(refusal(request_of("gauss-flat", "ddim", 100)), "one kernel"));
  CertificateRequest request = request_of("gauss-flat", "ddpm", 100);
  request.score = "wave:size=0.1";
  CHECK(says(refusal(request), "--score wave:size=0.1"));
  request = request_of("gauss-flat", "ddpm", 100);
  request.level = 1;
  CHECK(says(refusal(request), "--confidence"));
  request = request_of("gauss-flat", "ddpm", 100);
  request.relative_error = 1e-9;
  CHECK(says(refusal(request), "--relative-error"));
  request = request_of("gauss-flat", "ddpm", 100);
  request.schedule = LinearSchedule{};
  CHECK(refusal(request) == "accepted");  // levels of h >= 1/2 have a path as well
  request = request_of("mixture-three", "ddpm", 100);
  request.relative_error = 1e-3;
  request.max_samples = 1000;
  CHECK_THROWS_AS(certify_path(request, 1), NumericalFailure);
}

}  // namespace
}  // namespace lemmabench
