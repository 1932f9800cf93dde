#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/law/law.hpp"
#include "harness/test/law_request.hpp"

using namespace lemmabench;

namespace {

LawResult law(const std::string& target, const std::string& schedule, long steps, Start start) {
  LawRequest request = request_for(target, "li-cai", steps, schedule);
  request.start = start;
  return compute_law(request, {.decomposition = false, .local_errors = false, .threads = 2});
}

bool bracketed(const LawResult& result) {
  return std::any_of(result.notes.begin(), result.notes.end(), [](const std::string& note) {
    return note.find("bracketed") != std::string::npos;
  });
}

}  // namespace

TEST_CASE("where TV is below rounding it is bracketed by H, and says so") {
  // From the exact start, one step of 1e-6 in logit: the laws differ by less than can be seen.
  const LawResult tiny = law("product:weights=1/2;1/2,means=-1/1,variances=0.3/0.3,copies=1000",
                             "logit:from=0,to=0.000001", 3, Start::exact);
  REQUIRE(bracketed(tiny));
  const double h = tiny.hellinger.value();
  CHECK(h < 1e-11);
  CHECK(tiny.tv.value() - tiny.tv.error() <= h * h);
  CHECK(tiny.tv.value() + tiny.tv.error() >= h * std::sqrt(2 - h * h));
  CHECK(tiny.tv.error() < 2 * (h + tiny.hellinger.error()));
}

TEST_CASE("two coordinates: the inversion of log q/p is the integral over the plane") {
  const char* schedule = "li-cai:c0=2,c1=3";
  for (const char* variance : {"0.1", "0.3"}) {
    const std::string v = variance;
    const LawResult product =
        law("hypercube:dim=2,separation=1,variance=" + v, schedule, 40, Start::gaussian);
    const LawResult plane =
        law("cloud:means=1/1;1/-1;-1/1;-1/-1,variances=" + v, schedule, 40, Start::gaussian);
    CHECK(!bracketed(product));
    CHECK(plane.engine == "plane");
    CHECK(std::abs(product.tv.value() - plane.tv.value()) <= product.tv.error() + plane.tv.error());
    CHECK(product.tv.error() + plane.tv.error() < 1e-4 * plane.tv.value());
  }
}
