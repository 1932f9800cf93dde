// Particles down to no noise, from no signal and between equal levels, against the exact laws.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "harness/law/law.hpp"
#include "harness/monte_carlo/particles/particles.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();
const std::vector<double> kAll{kInfinity, 3, 1, 1, 0.3, 0};

ParticleRequest on(const std::string& target, const std::string& sampler,
                   const std::vector<double>& sigmas) {
  ParticleRequest out;
  out.target = target;
  out.sampler = sampler;
  out.schedule = listed_schedule(LevelScale::sigma, sigmas, "test");
  out.steps = {static_cast<long>(sigmas.size())};
  out.samples = 4000;
  out.level = 0.9999;
  return out;
}

LawResult exact(const ParticleRequest& request) {
  LawRequest out = request_for(request.target, request.sampler, request.steps[0]);
  out.schedule = request.schedule;
  return compute_law(out, {.decomposition = false});
}

std::string refusal(const ParticleRequest& request) {
  try {
    measure_particles(request, 1);
  } catch (const EngineRefusal& error) {
    const std::string said = error.what();
    CHECK(said.find('\n') == std::string::npos);
    return said;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("particle levels: the gap in log p is below the exact TV, and on the line TV is it") {
  for (const char* target : {"mixture:weights=0.3/0.7,means=-1/1,variances=0.2/0.5",
                             "student-t:dim=3,nu=5", "gaussian:spectrum=0.3x2+2,mean=1/-1"}) {
    for (const char* sampler : {"ddim-coefficient", "ddpm-posterior"}) {
      CAPTURE(target);
      CAPTURE(sampler);
      const ParticleRequest request = on(target, sampler, kAll);
      const ParticleReport report = measure_particles(request, 2);
      const ParticleResult& found = report.results[0];
      const double truth = exact(request).tv.value();
      CHECK(found.likelihood_gap.value() - found.likelihood_gap.error() <= truth);
      CHECK(found.tv_above <= truth);
      // Something is seen.
      CHECK(found.likelihood_gap.value() > found.likelihood_gap.error() / 2);
      if (found.variation) {
        // Of both laws with noise of `resolution` added: below TV, and not by much.
        const Quantity& tv = found.variation->tv;
        CHECK(tv.value() - tv.error() <= truth);
        CHECK(tv.value() + tv.error() >= 0.8 * truth);
      }
      CHECK(report.notes.size() >= 2);
    }
  }
}

// From no signal to X_0 in one step of a sampler without noise: D = E[X_0] whatever Y_T is.
TEST_CASE("particle levels: one step from no signal to no noise is the mean") {
  for (const char* target :
       {"product:weights=1/2;1/2,means=-1/2,variances=0.1/0.1,copies=2,spectrum=0.5x1,mean=3",
        "cloud:means=0/0/1;1/2/0,weights=1/4;3/4,variances=0.3", "student-t:dim=3,nu=5",
        "mixture:weights=0.3/0.7,means=-1/1,variances=0.2/0.5"}) {
    CAPTURE(target);
    const auto clean = vector_law(make_target(target, "test"));
    const std::vector<double> mean = clean->mean();
    const ParticleRequest request = on(target, "ddim-coefficient", {kInfinity, 0});
    const auto sampler = make_sampler(request.sampler, "test");
    const Schedule<double> schedule(request.schedule, 2, StepBound::whole, EndLevels::closed);
    const ParticleRun run = run_particles({*clean, *sampler, schedule}, 100, false, 1);
    // Draws of X_0 have this mean, too: 5 standard errors of 8000.
    std::vector<Lanes> draws(1000 * clean->dim());
    clean->sample({1, 1}, 0, 0, 1000, draws.data());
    for (std::size_t i = 0; i < clean->dim(); ++i) {
      double sum = 0;
      double squares = 0;
      for (std::size_t g = 0; g < 1000; ++g) {
        for (std::size_t l = 0; l < kLanes; ++l) {
          const double x = draws[g * clean->dim() + i][l];
          sum += x / 8000;
          squares += x * x / 8000;
        }
      }
      CHECK(std::fabs(sum - mean[i]) < 5 * std::sqrt(squares / 8000));
      for (std::size_t s = 0; s < 100; ++s) {
        CHECK(std::fabs(run.samples.values[s * clean->dim() + i] - mean[i]) < 1e-14);
      }
    }
  }
}

TEST_CASE("particle levels: an estimate down to no noise, two levels and equal ones at the top") {
  for (const std::vector<double>& sigmas :
       {std::vector<double>{1, 0}, {2, 2, 1, 0}, {2, 2, 1, 0.5}}) {
    ParticleRequest request = on("gaussian:dim=1,variance=0.5", "ddim-coefficient", sigmas);
    request.score = "affine:size=0.1,shift=1";
    CHECK(refusal(request) == "accepted");
  }
}

TEST_CASE("particle levels: what cannot be held against X_0, or started from, says why") {
  CHECK(refusal(on("shell:dim=3", "ddpm", {2, 1, 0})).find("lies on a sphere") !=
        std::string::npos);
  CHECK(refusal(on("shell:dim=3", "ddpm", {2, 1, 0.1})) == "accepted");
  CHECK(refusal(on("student-t:dim=3,nu=1", "ddpm-posterior", {kInfinity, 1, 0.5}))
            .find("has no mean") != std::string::npos);
  ParticleRequest estimated = on("mixture-near", "ddpm-posterior", {kInfinity, 1, 0.5});
  estimated.score = "affine:size=0.1";
  CHECK(refusal(estimated).find("no signal") != std::string::npos);
}

}  // namespace lemmabench
