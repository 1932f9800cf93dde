#include "harness/monte_carlo/particles/particles.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cases/points/point_file.hpp"
#include "harness/engines/scheme/scheme_law.hpp"
#include "harness/io/npy_writer.hpp"
#include "harness/test/monte_carlo/particle_cases.hpp"
#include "harness/test/monte_carlo/scheme_cases.hpp"
#include "numerics/error.hpp"
#include "reports/json/particles_json.hpp"
#include "reports/text/particles_text.hpp"

namespace lemmabench {
namespace {

using test::exact_law;
using test::exact_tv;
using test::request_of;

bool says(const ParticleRequest& request, const std::string& part) {
  try {
    measure_particles(request, 1);
  } catch (const InputError& error) {
    return std::string(error.what()).find(part) != std::string::npos;
  }
  return false;
}

TEST_CASE("an interval is not wider than the number of particles asks for") {
  ParticleRequest request =
      request_of("gaussian:dim=1,variance=0.3", "ddpm", {20}, "logit:from=-6,to=1");
  request.samples = 20000;
  const ResolvedVariation found = *measure_particles(request, 1).results[0].variation;
  CHECK(found.complete);
  CHECK(found.tv.error() < 2 / std::sqrt(20000.0));  // observed 1.3
  CHECK(found.tv.value() > 4 * found.tv.error());
  CHECK(found.tv.evidence() == Evidence::sampled);
}

// The line law computes this TV to 1e-8.
TEST_CASE("particles and the line law agree on a mixture") {
  ParticleRequest request = request_of("mixture-three", "ddpm", {25}, "logit:from=-6,to=1");
  request.samples = 20000;
  request.level = 0.999;
  const ParticleResult found = measure_particles(request, 1).results[0];
  const double exact = exact_law(request, 25).tv.value();
  CHECK(found.variation->complete);
  CHECK(std::fabs(found.variation->tv.value() - exact) <= found.variation->tv.error());
  CHECK(found.variation->tv.value() > 2 * found.variation->tv.error());
  CHECK(found.tv_above <= exact);
  CHECK(found.likelihood_gap.value() - found.likelihood_gap.error() <= exact);
}

// Of an isotropic Gaussian the gap in log p is TV itself.
TEST_CASE("in eight dimensions the gap in log p is the total variation of a Gaussian") {
  ParticleRequest request =
      request_of("gaussian:dim=8,variance=0.3", "ddpm", {20}, "logit:from=-6,to=1");
  request.samples = 5000;
  const double exact = exact_tv(request, 0.3, 8, 0);
  CHECK(exact > 0.2);
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    request.seed = seed;
    const ParticleResult found = measure_particles(request, 1).results[0];
    CHECK(std::fabs(found.likelihood_gap.value() - exact) <= found.likelihood_gap.error());
    CHECK(found.tv_above <= exact);
    CHECK(found.tv_above > exact / 2);
    CHECK_FALSE(found.variation.has_value());
  }
}

// q_r = N(0, v + r^2 - s^2) exactly; with no last noise too. Level 0.999 and fixed seeds.
TEST_CASE("densities of particles are those of the Gaussian law") {
  for (const std::string sampler : {"ddpm", "ddim"}) {
    CAPTURE(sampler);
    ParticleRequest request =
        request_of("gaussian:dim=3,variance=0.3", sampler, {20}, "logit:from=-6,to=2");
    request.samples = 20000;
    request.level = 0.999;
    request.resolution = 0.4;
    request.at = {{0, 0, 0}, {0.5, -0.5, 0.25}, {30, 0, 0}};
    const std::vector<PointDensity> found = measure_particles(request, 1).results[0].densities;
    REQUIRE(found.size() == 3);
    const Schedule<double> schedule(request.schedule, 20);
    const Level<double> level = schedule.level(1);
    const double kernel = sampler == "ddpm" ? schedule.b(2) / schedule.alpha(2) : 0;
    const double extra = 0.16 - kernel;
    const double w = level.abar * 0.3 + level.noise;
    const double v = w * (1 + exact_law(request, 20).relative_variance_error[0].value.value());
    const auto density = [&](double variance, double square) {
      return std::pow(2 * std::acos(-1.0) * variance, -1.5) * std::exp(-square / 2 / variance);
    };
    const double squares[] = {0, 0.5625};
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK(found[k].refusal.empty());
      CHECK(std::fabs(found[k].q.value() - density(v + extra, squares[k])) <= found[k].q.error());
      CHECK(found[k].q.error() < 0.15 * found[k].q.value());
      CHECK(std::fabs(found[k].p / density(w + extra, squares[k]) - 1) < 1e-12);
    }
    CHECK(found[2].refusal.find("count there") != std::string::npos);
  }
}

TEST_CASE("particles see a wrong score") {
  ParticleRequest request =
      request_of("gaussian:dim=10,variance=0.3", "dpmpp-2m", {60}, "logit:from=-6,to=3");
  const ParticleResult right = measure_particles(request, 1).results[0];
  CHECK(right.tv_above == 0);
  CHECK(right.likelihood_gap.value() < right.likelihood_gap.error());
  request.score = "affine:size=0.05";
  const ParticleResult wrong = measure_particles(request, 1).results[0];
  CHECK(wrong.tv_above > 0.05);
  CHECK(wrong.likelihood_gap.value() > wrong.likelihood_gap.error());
  CHECK(wrong.moments->square.value() > wrong.moments->square.error());
  request.score = "affine:size=0,shift=0.1";
  const ParticleResult shifted = measure_particles(request, 1).results[0];
  CHECK(shifted.tv_above > 0.05);
  CHECK(shifted.moments->mean.value() > shifted.moments->mean.error());
}

TEST_CASE("an order is quoted above the floor and refused below it") {
  ParticleRequest request =
      request_of("gaussian:dim=1,variance=0.3", "ddpm", {7, 14, 28}, "logit:from=-3,to=1");
  request.samples = 30000;
  const ParticleReport report = measure_particles(request, 2);
  REQUIRE(report.orders.size() == 3);
  const double exact =
      std::log(exact_law(request, 7).tv.value() / exact_law(request, 14).tv.value()) /
      std::log(2.0);
  CHECK(report.orders[0].refusal.empty());
  // TV at the resolution of T = 7 on both sides: a little off TV itself at T = 14.
  CHECK(std::fabs(report.orders[0].order.value() - exact) <= report.orders[0].order.error() + 0.05);
  CHECK(report.orders[2].from == 7);
  CHECK(report.orders[2].to == 28);
  request.sampler = "dpmpp-2m";
  request.samples = 1000;
  for (const ParticleOrder& order : measure_particles(request, 1).orders) {
    CHECK(order.refusal.find("times the floor of 1000 samples") != std::string::npos);
  }
}

TEST_CASE("a report of particles does not depend on threads and keeps its question") {
  ParticleRequest request =
      request_of("student-t:dim=3,nu=3", "gupta-midpoint", {12, 24}, "logit:from=-3,to=1");
  request.samples = 500;
  const std::string one = particles_json(measure_particles(request, 1));
  CHECK(one == particles_json(measure_particles(request, 2)));
  const auto json = nlohmann::json::parse(one);
  CHECK(json.at("results").size() == 2);
  CHECK(json.at("orders").size() == 1);
  // No fourth moments: none are quoted.
  CHECK_FALSE(json.at("results")[0].contains("mean_gap"));
  CHECK(json.at("command").get<std::string>().find("--steps 12,24") != std::string::npos);
  CHECK(particles_text(measure_particles(request, 1)).find("32 draws") != std::string::npos);
}

/// The same question of a scheme.
ParticleRequest with_scheme(ParticleRequest request, Scheme scheme) {
  request.sampler = "x.json";
  request.steps = {};
  request.scheme = std::make_shared<const Scheme>(std::move(scheme));
  return request;
}

// The line law knows this TV to 1e-10, of the scheme and of ddpm itself, which is the same law.
TEST_CASE("particles of a scheme and the line law of the scheme agree") {
  ParticleRequest named = request_of("mixture-three", "ddpm", {25}, "logit:from=-6,to=1");
  named.samples = 20000;
  named.level = 0.999;
  const Scheme scheme = test::ddpm_scheme("logit:from=-6,to=1", 25);
  const ParticleRequest request = with_scheme(named, scheme);
  LawRequest law;
  law.target = "mixture-three";
  const double exact =
      compute_scheme_law(scheme, make_target(law.target, "test"), law, {.decomposition = false})
          .tv.value();
  CHECK(std::fabs(exact - exact_law(named, 25).tv.value()) < 1e-9);
  const ParticleResult found = measure_particles(request, 1).results[0];
  CHECK(found.variation->complete);
  CHECK(std::fabs(found.variation->tv.value() - exact) <= found.variation->tv.error());
  CHECK(found.variation->tv.value() > 2 * found.variation->tv.error());
  CHECK(found.tv_above <= exact);
  // A control: with half the noise the interval is elsewhere.
  const ParticleRequest wrong =
      with_scheme(named, test::ddpm_scheme("logit:from=-6,to=1", 25, 0.5));
  const ResolvedVariation off = *measure_particles(wrong, 1).results[0].variation;
  CHECK(off.tv.value() - off.tv.error() > exact);
}

TEST_CASE("particles of a scheme: the report names its levels and repeats itself") {
  const ParticleRequest request =
      with_scheme(request_of("gaussian:dim=8,variance=0.3", "ddpm", {20}, "logit:from=-6,to=1"),
                  test::ddpm_scheme("logit:from=-6,to=1", 20));
  const ParticleReport report = measure_particles(request, 2);
  CHECK(report.request.steps == std::vector<long>{19});
  const std::string text = particles_text(report);
  CHECK(text.find("N = 19 steps, 19 model calls at levels of its own") != std::string::npos);
  CHECK(text.find("law of X_0 + sigma Z (p), sigma = ") != std::string::npos);
  const auto json = nlohmann::json::parse(particles_json(report));
  CHECK(json.at("schedule").is_null());
  CHECK(json.at("model_calls") == 19);
  CHECK(json.at("command").get<std::string>().find("--steps") == std::string::npos);
  // Of an isotropic Gaussian the gap in log p is TV itself.
  ParticleRequest named =
      request_of("gaussian:dim=8,variance=0.3", "ddpm", {20}, "logit:from=-6,to=1");
  const double exact = exact_tv(named, 0.3, 8, 0);
  const Quantity& gap = report.results[0].likelihood_gap;
  CHECK(std::fabs(gap.value() - exact) <= gap.error());
}

TEST_CASE("particles refuse what they cannot run") {
  const ParticleRequest good =
      request_of("gaussian:dim=2,variance=0.3", "ddpm", {12}, "logit:from=-3,to=1");
  ParticleRequest request = good;
  request.samples = 99;
  CHECK(says(request, "--samples 99: must be at least 100"));
  request.samples = 100'000'000;
  CHECK(says(request, "in 2 dimensions at most 16777216 fit into memory"));
  request = good;
  request.steps = {24, 12};
  CHECK(says(request, "--steps: must ascend"));
  request = good;
  request.at = {{0, 0, 0}};
  CHECK(says(request, "--at: a point has 3 coordinates, and the target 2"));
  request = good;
  request.target = "gaussian:dim=3,variance=0.3";
  request.sampler = "ddim";
  request.at = {{0, 0, 0}};
  CHECK(says(request, "--resolution says how much"));
  request = good;
  request.level = 1;
  CHECK(says(request, "--confidence 1"));
  request = good;
  request.score = "wave:size=0.1";
  CHECK(says(request, "is not affine"));
  request = good;
  request.target = "gaussian:dim=5000,variance=1";
  CHECK(says(request, "4096"));
}

TEST_CASE("a .npy file is read back as it was written") {
  const std::vector<double> values{1.5, -2e-300, 1.0 / 3, 4, 5, 6};
  const PointTable table = parse_npy(npy_bytes(values, 2), 0, "test");
  CHECK(table.rows == 3);
  CHECK(table.columns == 2);
  CHECK(table.values == values);
  CHECK(npy_bytes(values, 2).size() == 128 + 48);
}

}  // namespace
}  // namespace lemmabench
