// A quantity through JSON and back, at a confidence that is nobody's default.
#include "harness/records/quantity_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace lemmabench;

TEST_CASE("a quantity read back from JSON has the confidence it was written with") {
  for (const double confidence : {0.8, 0.95, 0.999}) {
    const Quantity before = Sampled{0.5, 0.25, confidence};
    const Quantity after = quantity_from_json(quantity_json(before, 17), "test");
    CHECK(after.evidence() == Evidence::sampled);
    CHECK(after.confidence() == confidence);
    const Quantity bound = quantity_from_json(quantity_json(Quantity::at_most(before), 17), "test");
    CHECK(bound.extent() == Extent::bounded_above);
    CHECK(bound.bound().confidence() == confidence);
  }
}
