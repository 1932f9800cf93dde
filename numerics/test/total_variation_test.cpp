#include "numerics/total_variation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/mp.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

template <class Real, class F>
Real absolute(const LegendreBasis<Real>& basis, F f) {
  std::vector<Real> values;
  for (const Real& x : basis.nodes()) {
    values.push_back(f(x));
  }
  std::vector<Real> series(values.size());
  basis.coefficients(values.data(), series.data());
  return absolute_integral(basis, series.data());
}

TEST_CASE("the integral of |x - a| is exact on both sides of the kink") {
  const LegendreBasis<double> basis(9);
  for (const double a : {-0.999, -0.3, 0.0, 0.123, 0.77}) {
    const double exact = 0.5 * ((1 + a) * (1 + a) + (1 - a) * (1 - a));
    CHECK_CLOSE(absolute(basis, [a](double x) { return x - a; }), exact, Bound::absolute(1e-15),
                "one sign change of a linear function: 4 roundings");
  }
  const LegendreBasis<Mp80> precise(12);
  const Mp80 third = Mp80(1) / 3;
  const Mp80 computed = absolute(precise, [&](const Mp80& x) { return Mp80(x - third); });
  CHECK(std::abs(to_double(Mp80(computed - Mp80(10) / 9))) < 1e-77);
}

TEST_CASE("two sign changes between neighbouring nodes are both found") {
  // (x - a)^2 - d^2 with both roots between the nodes 0 and 0.2 or so of the rule of order 15:
  // int |f| = int f + 2 int_{a-d}^{a+d} (d^2 - (x-a)^2) = int f + 8 d^3/3.
  const LegendreBasis<double> basis(15);
  const double a = 0.1;
  for (const double d : {0.05, 0.01, 1e-4}) {
    const double smooth = 2.0 / 3 + 2 * a * a - 2 * d * d;
    const double computed = absolute(basis, [&](double x) { return (x - a) * (x - a) - d * d; });
    CHECK(std::abs(computed - smooth - 8 * d * d * d / 3) < 3e-15);
  }
}

TEST_CASE("TV between Gaussians has its closed form, on different panels") {
  // N(0,1) against N(0.3,1): TV = P(|Z| < 0.15) = erf(0.15/sqrt 2). 30 panels of 1e-13 each.
  const auto basis = std::make_shared<LegendreBasis<double>>(18);
  const auto panels = [&](double mean, const std::vector<Cell>& cells) {
    return build_panels<double>(basis, DyadicLine::covering(16), 1, cells,
                                [mean](const Cell&, const double* x, double* out) {
                                  for (int k = 0; k < 18; ++k) {
                                    out[k] = std::exp(-0.5 * (x[k] - mean) * (x[k] - mean)) /
                                             std::sqrt(2 * pi<double>());
                                  }
                                },
                                {});
  };
  const auto f = panels(0, {Cell{}});
  const auto g = panels(0.3, {Cell{}.left().left(), Cell{}.left().right(), Cell{}.right()});
  const double exact = std::erf(0.15 / std::sqrt(2.0));
  CHECK(std::abs(total_variation(f, 0, g, 0) - exact) < 1e-12);
  CHECK(total_variation(f, 0, f, 0) == 0);
  CHECK(std::abs(half_absolute_integral(f, 0) - 0.5) < 1e-12);
}

}  // namespace
}  // namespace lemmabench
