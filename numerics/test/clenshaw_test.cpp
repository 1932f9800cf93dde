#include "numerics/clenshaw.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/legendre.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

std::vector<double> wavy(std::size_t count, double step) {
  std::vector<double> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = std::sin(1 + step * static_cast<double>(i));
  return out;
}

}  // namespace

TEST_CASE("clenshaw: a point's bits depend neither on how many there are nor on its place") {
  const LegendreBasis<double> basis(24);
  const std::vector<double> coefficients = wavy(24, 0.7);
  const std::vector<double> points = wavy(100, 1.3);
  std::vector<double> alone(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    alone[i] = basis.evaluate(coefficients.data(), points[i]);
  }
  for (std::size_t count = 1; count <= 70; ++count) {
    for (const std::size_t first : {0U, 3U, 30U}) {
      std::vector<double> out(count + 1, -7);
      basis.evaluate(coefficients.data(), points.data() + first, count, out.data());
      bool same = true;
      for (std::size_t i = 0; i < count; ++i) same = same && out[i] == alone[first + i];
      CAPTURE(count);
      CHECK(same);
      CHECK(out[count] == -7);  // nothing is written behind the last
    }
  }
}

TEST_CASE("clenshaw: the sum of the polynomials, by their recurrence upwards") {
  // Chebyshev's second kind: U_{n+1} = 2 x U_n - U_{n-1}, U_n(cos t) = sin((n+1) t)/sin t.
  const std::size_t order = 12;
  const std::vector<double> coefficients = wavy(order, 0.9);
  const std::vector<double> up(order, 2.0);
  const std::vector<double> down(order, 1.0);
  const std::vector<double> points = wavy(19, 0.4);
  std::vector<double> out(points.size());
  clenshaw({coefficients.data(), up.data(), down.data(), order}, points.data(), points.size(),
           out.data());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double t = std::acos(points[i]);
    double sum = 0;
    for (std::size_t n = 0; n < order; ++n) {
      sum += coefficients[n] * std::sin((static_cast<double>(n) + 1) * t) / std::sin(t);
    }
    CHECK_CLOSE(out[i], sum, Bound::absolute(5e-13),
                "rounding of 12 terms of size up to 12; arccos loses digits near 1");
  }
}

}  // namespace lemmabench
