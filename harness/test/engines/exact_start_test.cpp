// A law from the exact start makes no initialisation error, and every engine says so in the same
// terms; what is remembered between laws must not mistake one start for the other.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "harness/law/law.hpp"
#include "harness/test/engines/law_parts.hpp"
#include "harness/test/law_request.hpp"

using namespace lemmabench;

namespace {

LawRequest from(Start start, const std::string& target) {
  LawRequest out = request_for(target, "ddpm", 10, "logit:from=-1,to=2");
  out.start = start;
  return out;
}

}  // namespace

TEST_CASE("exact start: no engine makes an initialisation error, and none leaves it open") {
  for (const std::string target :
       {"gaussian:spectrum=0.3x2+4,mean=1/2",
        "mixture:weights=0.5/0.5,means=-1/1,variances=0.3/0.3",
        "product:weights=1/2;1/2,means=-1/1,variances=0.3/0.3,copies=3", "student-t:dim=3,nu=5",
        "cloud:means=1/0;-1/0;0/1,variances=0.3"}) {
    CAPTURE(target);
    const LawResult law = compute_law(from(Start::exact, target), {.threads = 2});
    for (const char* name : {"initialisation", "initial_tv", "initial_kl"}) {
      CAPTURE(name);
      const Quantity part = term(law, name);
      CHECK(part.finite());
      CHECK(part.value() == 0);
      CHECK(part.error() == 0);
    }
    CHECK(term(law, "discretisation").value() > 0);
  }
}

TEST_CASE("exact start: a product does not take the law of the other start for its own") {
  const std::string product = "product:weights=1,means=1,variances=0.5,copies=3";
  const std::string gaussian = "gaussian:dim=3,variance=0.5,mean=1";
  for (const Start start : {Start::gaussian, Start::exact, Start::gaussian}) {
    const Quantity ours = compute_law(from(start, product), {}).tv;
    const Quantity proved = compute_law(from(start, gaussian), {}).tv;
    CHECK(std::abs(ours.value() - proved.value()) <= ours.error() + proved.error());
    CHECK(ours.error() < 1e-8);
  }
}
