#include "numerics/settling.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "test/support/accuracy.hpp"

using namespace lemmabench;

namespace {

/// The rate that v shows between the middles of n..2n and 2n..4n.
template <class Value>
double rate_of(Value v, double n) {
  const double step = std::log(2.0);
  return settling_rate((v(2 * n) - v(n)) / step, (v(4 * n) - v(2 * n)) / step, step);
}

}  // namespace

TEST_CASE("settling: a power of n shows its own exponent, whatever the limit, factor and sign") {
  for (const double k : {0.25, 0.5, 1.0, 2.0}) {
    for (const double factor : {-3.0, 0.01}) {
      const auto v = [&](double n) { return 7 + factor * std::pow(n, -k); };
      // v is rounded to 4.4e-16; the smaller difference is 0.01 (16^-2 - 32^-2) = 2.9e-5 at least.
      CHECK_CLOSE(rate_of(v, 8), k, Bound::absolute(1e-10), "differences of numbers of size 7");
    }
  }
  CHECK(settling_rate(1, 2, 0.5) < 0);
}

TEST_CASE("settling: a bare logarithm is told from what settles, in orders and in constants") {
  // Of an order: 1/log n at the rate 2/log n, so 1.4 times as much is more than it ever shows.
  const auto order = [](double n) { return 1 / std::log(n); };
  for (const double n : {64.0, 1024.0, 65536.0}) {
    const double seen = rate_of(order, n);
    CHECK_CLOSE(seen * std::log(2 * n), 2, Bound::relative(0.02), "2/log n up to (log 2/log 2n)^2");
    CHECK(seen < needed_rate_of_orders(seen));
    CHECK(rate_of([](double m) { return 1 / std::sqrt(m); }, n) >= needed_rate_of_orders(0.3));
  }
  // Of a constant: log log n at the rate 1/log n, less than a quarter a doubling from n = 8 on.
  const auto constant = [](double n) { return std::log(std::log(n)); };
  for (const double n : {8.0, 64.0, 1024.0}) {
    CHECK(rate_of(constant, n) < needed_rate_of_constants());
  }
  CHECK(rate_of([](double n) { return -1 / std::sqrt(n); }, 2) >= needed_rate_of_constants());
  CHECK_CLOSE(std::exp2(-needed_rate_of_constants()), 0.75, Bound::relative(1e-15),
              "two roundings");
}
