// The event that one half of the rows chooses is judged on the other half alone.
#include "harness/monte_carlo/goodness_of_fit/classifier_test.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "test/support/accuracy.hpp"

using namespace lemmabench;

namespace {

/// 0, 1, 2, ... scaled, one number a row.
PointTable ramp(std::size_t rows, double scale) {
  PointTable out{rows, 1, {}};
  for (std::size_t i = 0; i < rows; ++i) out.values.push_back(scale * static_cast<double>(i));
  return out;
}

}  // namespace

TEST_CASE("chosen event: only rows that did not choose it are counted") {
  const std::vector<double> unknown;
  const PointTable samples = ramp(101, 1);
  const PointTable draws = ramp(402, 0.5);
  const EventCounts counts = chosen_event({samples, unknown}, {draws, unknown});
  CHECK(counts.samples == 51);
  CHECK(counts.draws == 201);
}

TEST_CASE("chosen event: the two ends of a bound share what may be missed") {
  // All of 100 against none of 100: the ends are (miss/2)^(1/100) and 1 minus that.
  const EventCounts counts{100, 100, 0, 100};
  const double end = std::pow(0.01 / 2, 0.01);
  CHECK_CLOSE(counts.total_variation(0.01), 2 * end - 1, Bound::relative(1e-9),
              "Boost's inverse of the incomplete beta function");
}
