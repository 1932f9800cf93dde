// A sampler that blows a law up to 1e18 times its width, on a product of independent coordinates.
#include <doctest/doctest.h>

#include "cases/parse_schedule.hpp"
#include "harness/law/law.hpp"

namespace lemmabench {

// Densities of such a law are below any absolute floor: dropped there, it had no mass, and the sum
// over its coordinates did not end. The Gaussian law proves TV = 1 to more digits than these.
TEST_CASE("a product of laws far wider than the target has its total variation") {
  LawRequest request;
  request.target = "product:weights=1,means=0,variances=0.3,copies=3";
  request.sampler = "mutant:base=li-cai,bug=score-scale,by=30";
  request.schedule = make_schedule("logit:from=-3,to=3", "test");
  request.steps = 12;
  const LawResult law = compute_law(request, LawOptions{.threads = 1});
  CHECK(law.engine == "product");
  CHECK(law.tv.value() + law.tv.error() >= 1);
  CHECK(law.tv.error() < 1e-10);
}

}  // namespace lemmabench
