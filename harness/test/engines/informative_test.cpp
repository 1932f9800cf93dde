#include "harness/engines/common/informative.hpp"

#include <doctest/doctest.h>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

LawResult law_with(double tv, double error) {
  LawResult out;
  out.tv = Quantity::computed(tv, error);
  out.hellinger = Quantity::computed(0.5, 1e-6);
  return out;
}

}  // namespace

TEST_CASE("a distance that is not known is no number") {
  CHECK_NOTHROW(informative(law_with(0.5, 0.249)));
  CHECK_NOTHROW(informative(law_with(1e-9, 1e-8)));
  CHECK_THROWS_AS(informative(law_with(0.5, 1.02)), NumericalFailure);
  CHECK_THROWS_AS(informative(law_with(0.5, 0.251)), NumericalFailure);
  LawResult law = law_with(0.1, 1e-9);
  law.hellinger = Quantity::computed(0.5, 0.5);
  CHECK_THROWS_AS(informative(law), NumericalFailure);
}

TEST_CASE("an impossible number is not printed") {
  CHECK_THROWS_AS(informative(law_with(1.2, 0.1)), NumericalFailure);
  CHECK_THROWS_AS(informative(law_with(-0.2, 0.1)), NumericalFailure);
  CHECK_NOTHROW(informative(law_with(1.05, 0.1)));
  CHECK_NOTHROW(informative(law_with(-0.05, 0.1)));
  LawResult law = law_with(0.1, 1e-9);
  law.kl_pq = Quantity::computed(-1e-3, 1e-6);
  CHECK_THROWS_AS(informative(law), NumericalFailure);
  law.kl_pq = Quantity::computed(3, 1e-6);  // KL has no upper end
  CHECK_NOTHROW(informative(law));
  law.kl_pq = Quantity::infinite(Evidence::computed, "tails");
  CHECK_NOTHROW(informative(law));
}

TEST_CASE("a density that lost its mass says nothing") {
  LawResult law = law_with(0.1, 1e-9);
  law.parts.mass_defect = Quantity::computed(0.9, 1e-3);
  CHECK_THROWS_AS(informative(law), NumericalFailure);
  law.parts.mass_defect = Quantity::computed(1e-9, 1e-3);  // two runs that differ
  CHECK_THROWS_AS(informative(law), NumericalFailure);
  law.parts.mass_defect = Quantity::computed(1e-9, 1e-9);
  CHECK_NOTHROW(informative(law));
}

TEST_CASE("a part that is not known becomes unknown, the law stays") {
  LawResult law = law_with(0.1, 1e-9);
  law.parts.initialisation = Quantity::computed(0.2, 0.7);
  law.parts.discretisation = Quantity::computed(0.1, 1e-9);
  const LawResult out = informative(law);
  CHECK(out.parts.initialisation.value().extent() == Extent::unknown);
  CHECK(out.parts.discretisation.value().finite());
  CHECK(out.tv.value() == 0.1);
}

}  // namespace lemmabench
