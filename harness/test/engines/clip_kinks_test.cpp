// A clip makes kinks in the map of a kernel, and the law behind it is the same however the panels
// lie to them: the line law and the radial law, whose panels have nothing in common.
#include <doctest/doctest.h>

#include <string>

#include "harness/law/law.hpp"
#include "harness/studies/selftest/comparison.hpp"
#include "harness/test/law_request.hpp"

namespace lemmabench {
namespace {

LawResult law_of(const std::string& target, const std::string& sampler, long steps) {
  const LawRequest request = request_for(target, sampler, steps, "logit:from=-0.5,to=0.5");
  return compute_law(request, LawOptions{.threads = 1});
}

}  // namespace

// Two kinks 2 s/1000 apart about 0, an end of all panels of the line, lie between the ends and the
// outermost nodes of the panels there: no node sees them. Total variation was 0.0219890320923 +-
// 4.0e-14 for li-cai:clip=1/1000 and T = 3; it is 0.0219890322537 on the radius, and on the line
// with 40 digits.
TEST_CASE("the kinks of a clip are found on the line and on the radius, however narrow it is") {
  for (const std::string clip : {"1/1000", "1/4"}) {
    for (const std::string id : {"li-cai", "li-cai-momentum"}) {
      for (const long steps : {3, 4}) {
        const std::string sampler = id + ":clip=" + clip;
        CAPTURE(sampler);
        CAPTURE(steps);
        const LawResult line =
            law_of("mixture:weights=1/3;2/3,means=0;0,variances=0.2;2", sampler, steps);
        const LawResult radial =
            law_of("two-scale:dim=1,weight=1/3,variances=0.2/2", sampler, steps);
        // 1e-12 of mass a panel and step in the coarser run, most of which have no kink.
        CHECK(line.tv.error() < 1e-12);
        CHECK(radial.tv.error() < 1e-12);
        for (const Compared& one : same_law(line, radial)) {
          CHECK_MESSAGE(one.agrees, one.what << ": " << one.left << " against " << one.right);
        }
      }
    }
  }
}

}  // namespace lemmabench
