#include "harness/law/averaged_law.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "harness/law/law.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;

namespace {

LawRequest request(const std::string& target, const std::string& sampler) {
  return request_for(target, sampler, 60, "li-cai:c0=1,c1=5");
}

}  // namespace

TEST_CASE("random times: the mean over the draws, sampled, the same on two threads") {
  for (const std::string& target :
       {std::string("gaussian:spectrum=0.3x2+4,mean=1/2"),
        std::string("mixture:weights=0.5/0.5,means=-1/1,variances=0.3/0.3")}) {
    CAPTURE(target);
    const LawResult all = compute_law(request(target, "gupta-midpoint:draws=4"), {});
    CHECK(all.tv.evidence() == Evidence::sampled);
    CHECK(all.request.sampler == "gupta-midpoint:draws=4");
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < 4; ++k) {
      const LawResult one =
          compute_law(request(target, "gupta-midpoint:draw=" + std::to_string(k)), {});
      CHECK(one.tv.evidence() != Evidence::sampled);
      sum += one.tv.value();
      squares += one.tv.value() * one.tv.value();
    }
    CHECK_CLOSE(all.tv.value(), sum / 4, Bound::relative(1e-12), "a mean of four");
    // Student's 99.5 % point with three degrees of freedom is 5.8409.
    const double sd = std::sqrt((squares - sum * sum / 4) / 3);
    CHECK_CLOSE(all.tv.error(), 5.8409 * sd / 2, Bound::relative(1e-3),
                "Student's quantile has five digits, sd by a difference of squares");
    const LawResult two = compute_law(request(target, "gupta-midpoint:draws=4"), {.threads = 2});
    CHECK(two.tv.value() == all.tv.value());
    CHECK(two.kl_pq.error() == all.kl_pq.error());
  }
}

TEST_CASE("jiao-li has no local errors, and says so") {
  CHECK_THROWS_AS(compute_law(request("gaussian:dim=2,variance=0.3", "jiao-li:draws=2"),
                              {.local_errors = true}),
                  EngineRefusal);
  CHECK_NOTHROW(compute_law(request("gaussian:dim=2,variance=0.3", "jiao-li:draws=2"), {}));
}
