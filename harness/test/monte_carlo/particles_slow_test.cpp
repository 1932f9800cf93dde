#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/test/monte_carlo/particle_cases.hpp"

namespace lemmabench {
namespace {

using test::exact_law;
using test::exact_tv;
using test::request_of;

/// How many of `seeds` intervals hold the exact TV at their resolution.
int covered(ParticleRequest request, double dim, int seeds) {
  int out = 0;
  request.level = 0.95;
  for (int seed = 1; seed <= seeds; ++seed) {
    request.seed = static_cast<std::uint64_t>(seed);
    const ResolvedVariation found = *measure_particles(request, 1).results[0].variation;
    const Schedule<double> schedule(request.schedule, request.steps[0]);
    const bool noise = request.sampler == "ddpm";
    const double kernel = noise ? schedule.b(2) / schedule.alpha(2) : 0;
    const double extra = std::max(0.0, found.resolution * found.resolution - kernel);
    const double exact = exact_tv(request, 0.3, dim, extra);
    out += std::fabs(found.tv.value() - exact) <= found.tv.error() ? 1 : 0;
  }
  return out;
}

// 100 seeds at level 0.95 miss 5 on average, more than 10 once in a hundred; the seeds are fixed.
// With wide kernels, kernels blurred, none, and a distance far below the floor.
TEST_CASE("intervals of the total variation hold the exact one") {
  constexpr int kSeeds = 100;
  const std::string line = "gaussian:dim=1,variance=0.3";
  const std::string plane = "gaussian:dim=2,variance=0.3";
  CHECK(covered(request_of(line, "ddpm", {20}, "logit:from=-6,to=1"), 1, kSeeds) >= 90);
  CHECK(covered(request_of(line, "ddpm", {100}, "li-cai:c0=2,c1=9"), 1, kSeeds) >= 90);
  CHECK(covered(request_of(line, "ddim", {20}, "logit:from=-6,to=2"), 1, kSeeds) >= 90);
  CHECK(covered(request_of(line, "dpmpp-2m", {60}, "logit:from=-6,to=2"), 1, kSeeds) >= 90);
  CHECK(covered(request_of(plane, "ddpm", {20}, "logit:from=-6,to=1"), 2, kSeeds) >= 90);
  CHECK(covered(request_of(plane, "dpmpp-2m", {20}, "logit:from=-6,to=2"), 2, kSeeds) >= 90);
}

// The radial law and the product law compute these TV; the gap in log p is nearly all of them.
TEST_CASE("particles agree with the radial and the product law") {
  for (const std::string target :
       {"student-t:dim=10,nu=3", "hypercube:dim=16,separation=1,variance=0.1"}) {
    CAPTURE(target);
    ParticleRequest request = request_of(target, "ddpm", {100}, "li-cai:c0=2,c1=9");
    const double exact = exact_law(request, 100).tv.value();
    const ParticleResult found = measure_particles(request, 1).results[0];
    CHECK(found.tv_above <= exact);
    CHECK(found.tv_above > exact / 2);
    CHECK(found.likelihood_gap.value() - found.likelihood_gap.error() <= exact);
    CHECK(found.likelihood_gap.value() + found.likelihood_gap.error() >= 0.9 * exact);
  }
}

}  // namespace
}  // namespace lemmabench
