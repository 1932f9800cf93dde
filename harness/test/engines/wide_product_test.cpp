// A sampler that blows a law up to 1e18 times its width, on a product of independent coordinates.
#include <doctest/doctest.h>

#include "harness/law/law.hpp"
#include "harness/test/law_request.hpp"

namespace lemmabench {

// Densities of such a law are below any absolute floor: dropped there, it had no mass, and the sum
// over its coordinates did not end. The Gaussian law proves TV = 1 to more digits than these.
TEST_CASE("a product of laws far wider than the target has its total variation") {
  LawRequest request =
      request_for("product:weights=1,means=0,variances=0.3,copies=3",
                  "mutant:base=li-cai,bug=score-scale,by=30", 12, "logit:from=-3,to=3");
  const LawResult law = compute_law(request, LawOptions{.threads = 1});
  CHECK(law.engine == "product");
  CHECK(law.tv.value() + law.tv.error() >= 1);
  CHECK(law.tv.error() < 1e-10);
}

// Where the coordinates' log ratios differ by 10^4 in size, the small one shows in a layer behind
// the zero of the large one, here 2e-4 away from the end of a panel: 26 stated errors before the
// panels beside a kink were graded towards it too.
TEST_CASE("a small Gaussian coordinate beside a larger ratio is resolved next to its zero") {
  const auto start = [](const char* target) {
    const LawRequest request =
        request_for(target, "heroism-3", 27, "linear:first=0.01274060690391258,last=0.01353858462");
    const LawResult law = compute_law(request, LawOptions{.threads = 1});
    CHECK(law.engine == "product");
    REQUIRE(law.parts.initial_tv);
    REQUIRE(law.parts.initialisation);
    // Deterministic and one to one: both are the same number.
    CHECK(law.parts.initial_tv->interval().overlaps(law.parts.initialisation->interval()));
    CHECK(law.parts.initial_tv->error() < 1e-14);
    return law.parts.initial_tv->interval();
  };
  // Proved on gaussian:spectrum=1x1+2.1x1,mean=0.888/0.
  CHECK(start("product:weights=1/2;1/2,means=0.888/0.888,variances=1/1,spectrum=2.1x1")
            .overlaps(Ball::around(Ball(Rational::parse("4.35526494478e-5", "test")),
                                   Ball(Rational::parse("1e-16", "test")))));
  // mpmath: one integral of erf, split at the zero, 20 digits.
  CHECK(start("product:weights=1/4;1/4;1/4;1/4,means=0.888/1.128/1.242/2.022,"
              "variances=2.1/2.1/2.1/2.1,spectrum=2.1x1")
            .contains(Rational::parse("0.000064740424404402054836", "test")));
}

// Selftest, seed 31337, question 2674: the discretisation of a law spread to 1e32 was 0 +- 1e-11,
// with a total variation of 1 from the same start but for 5e-30.
TEST_CASE("a product that panels do not see has no less variation than its parts") {
  const LawResult law =
      compute_law(request_for("two-point:dim=3,separation=1.2185,variance=2.7", "heroism-1", 26,
                              "linear:first=0.023743252996749,last=0.02435142996"),
                  LawOptions{.threads = 1});
  REQUIRE(law.parts.discretisation);
  CHECK(law.parts.discretisation->value() + law.parts.discretisation->error() > 1 - 1e-12);
  CHECK(law.parts.discretisation->error() < 1e-10);
  CHECK(law.tv.value() > 1 - 1e-12);
}

}  // namespace lemmabench
