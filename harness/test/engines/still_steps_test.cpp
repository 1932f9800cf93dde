// A step that moves nothing is a step: the law after it is one at level t-1. The radial law is kept
// divided by a reference of its level, and the plane law asks a step for its kernels; jiao-li has
// such steps wherever a round covers more than one level.
#include <doctest/doctest.h>

#include <string>

#include "harness/law/law.hpp"
#include "harness/studies/selftest/comparison.hpp"
#include "harness/test/law_request.hpp"

using namespace lemmabench;

namespace {

LawResult law(const std::string& target, const std::string& sampler, long steps) {
  const LawRequest request = request_for(target, sampler, steps, "logit:from=-1,to=1");
  return compute_law(request, {});
}

void check_same(const LawResult& ours, const LawResult& other) {
  for (const Compared& one : same_law(ours, other, SpectrumOrder::any)) {
    CHECK_MESSAGE(one.agrees, one.what << ": " << one.left << " against " << one.right);
  }
}

const char* const kStill[] = {
    "mutant:base=ddpm,bug=skip,at=last", "mutant:base=ddpm,bug=skip,at=middle",
    "mutant:base=ddpm,bug=skip,at=first", "jiao-li:rounds=1,draw=0", "jiao-li:rounds=3,draw=0"};

}  // namespace

// TV was 0.0685418 +- 6e-14 for 0.0952163 with the last step left out.
TEST_CASE("a step that moves nothing: the radial law of one scale is the Gaussian law") {
  for (const char* sampler : kStill) {
    CAPTURE(sampler);
    const LawResult radial = law("two-scale:dim=3,weight=1/3,variances=0.3/0.3", sampler, 12);
    CHECK(radial.engine == "radial");
    CHECK(radial.tv.error() < 1e-9);
    check_same(radial, law("gaussian:dim=3,variance=0.3", sampler, 12));
  }
}

// Was a crash.
TEST_CASE("a step that moves nothing: four centres in the plane are a product") {
  for (const char* sampler : {kStill[0], kStill[4]}) {
    CAPTURE(sampler);
    const LawResult plane = law("cloud:means=-1/-1;-1/1;1/-1;1/1,variances=0.5", sampler, 6);
    CHECK(plane.engine == "plane");
    check_same(plane, law("hypercube:dim=2,separation=1,variance=0.5", sampler, 6));
  }
}

// With a round a level the end of one could lie below the start of the next: noise of a negative
// variance.
TEST_CASE("jiao-li runs at every number of steps") {
  for (long steps = 4; steps <= 24; ++steps) {
    for (const char* sampler : {"jiao-li:draw=0", "jiao-li:draw=1", "jiao-li:draw=2"}) {
      CAPTURE(steps);
      CAPTURE(sampler);
      CHECK_NOTHROW(law("gaussian:dim=1,variance=0.3", sampler, steps));
    }
  }
}
