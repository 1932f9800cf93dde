#include <doctest/doctest.h>

#include <cmath>

#include "harness/law.hpp"
#include "harness/path_certificate.hpp"

namespace lemmabench {
namespace {

// Of 200 intervals at level 0.9 the misses are Binomial(200, 0.1): 20 with deviation 4.2; five
// deviations. The interval has the flow's bound and a spare tenth in it, so misses are fewer.
TEST_CASE("the intervals hold as often as they say") {
  CertificateRequest request;
  request.target = "gaussian:dim=2,variance=0.3";
  request.sampler = "li-cai";
  request.steps = 100;
  request.schedule = LiCaiSchedule{};
  request.relative_error = 0.05;
  request.level = 0.9;
  LawRequest law;
  law.target = request.target;
  law.sampler = request.sampler;
  law.steps = request.steps;
  law.schedule = request.schedule;
  double truth = 0;
  for (const Term& term : compute_law(law, {}).terms) {
    truth = term.name == "path_kl" ? term.value.value() : truth;
  }
  int misses = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    request.seed = seed;
    const Quantity estimate = certify_path(request, 2).path_kl;
    misses += std::fabs(estimate.value() - truth) > estimate.error() ? 1 : 0;
  }
  CHECK(misses <= 41);
  CHECK(misses >= 3);  // intervals ten times too wide would be no use
  MESSAGE(misses, " of 200 outside");
}

}  // namespace
}  // namespace lemmabench
