#include "harness/engines/scheme/pair_band.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

using namespace lemmabench;

namespace {

TEST_CASE("a band turned over has its columns as rows, and turned twice is itself") {
  Band band;
  const double a[] = {1, 2, 3};
  const double b[] = {4, 5};
  band.append(1, a, 3);
  band.append(0, nullptr, 0);
  band.append(3, b, 2);
  const Band turned = band.transposed(6);
  REQUIRE(turned.rows() == 6);
  CHECK(turned.row(0).count == 0);
  CHECK(turned.row(1).first == 0);
  CHECK(turned.row(1).count == 1);
  CHECK(turned.row(1).values[0] == 1);
  // Column 3 is met by rows 0 and 2; the row between has a 0 there.
  REQUIRE(turned.row(3).count == 3);
  CHECK(turned.row(3).values[0] == 3);
  CHECK(turned.row(3).values[1] == 0);
  CHECK(turned.row(3).values[2] == 4);
  CHECK(turned.row(5).count == 0);
  const Band again = turned.transposed(3);
  REQUIRE(again.row(0).count == 3);
  CHECK(again.row(0).first == 1);
  CHECK(again.row(0).values[2] == 3);
  CHECK(again.row(1).count == 1);  // the 0 in column 3
  CHECK(again.row(2).values[1] == 5);
}

TEST_CASE("a Gaussian added by factors is the Gaussian") {
  const UniformGrid grid{-3, 0.07, 100};
  const double sd = 0.4;
  const GaussianSpreader spreader(grid, sd, 8);
  for (const double mean : {-1.2345, 0.0, 0.5}) {
    std::vector<double> values(300, 0);
    const long first = spreader.first(mean);
    REQUIRE(spreader.last(mean) - first == static_cast<long>(spreader.width()));
    spreader.add(mean, 2.5, values.data(), first);
    for (std::size_t n = 0; n < spreader.width(); ++n) {
      const double z = (-3 + 0.07 * static_cast<double>(first + static_cast<long>(n)) - mean) / sd;
      const double exact = 2.5 * std::exp(-z * z / 2) / (sd * std::sqrt(2 * std::numbers::pi));
      // z itself is rounded, by eps 3/sd, which exp takes z times; observed 6e-15.
      CHECK(std::abs(values[n] / exact - 1) < 3e-14);
    }
    CHECK(spreader.width() >= 2 * 8 * 0.4 / 0.07);
  }
}

}  // namespace
