// The gate on numbers that are not finite.
#include <doctest/doctest.h>

#include "harness/studies/regression/regression.hpp"

using namespace lemmabench;

namespace {

Change compared(const Quantity& before, const Quantity& after) {
  CellAnswer old;
  CellAnswer now;
  old.numbers.push_back({"kl_qp", before});
  now.numbers.push_back({"kl_qp", after});
  const std::vector<Change> changes = compare_answers(old, now, {});
  REQUIRE(changes.size() == 1);
  return changes.front();
}

}  // namespace

TEST_CASE("gate: a divergence that became infinite is a regression, one no longer so is better") {
  const Quantity number = Quantity::computed(1, 0);
  const Quantity infinite = Quantity::infinite(Evidence::computed, "tails");
  const Quantity unknown = Quantity::unknown(Evidence::computed, "nothing is known");
  CHECK(compared(number, infinite).kind == ChangeKind::regression);
  CHECK(compared(number, infinite).failure);
  CHECK(compared(infinite, number).kind == ChangeKind::improved);
  CHECK_FALSE(compared(infinite, number).failure);
  CHECK(compared(infinite, infinite).kind == ChangeKind::unchanged);
  CHECK(compared(number, unknown).kind == ChangeKind::inconclusive);
  CHECK(compared(number, unknown).failure);
}
