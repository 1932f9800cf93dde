#include "numerics/legendre.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/error.hpp"
#include "numerics/hermite.hpp"
#include "numerics/mp.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

template <class Real>
double unit_roundoff() {
  return to_double(std::numeric_limits<Real>::epsilon());
}

template <class Real>
void check_moments(int order) {
  // int x^m = 2/(m+1) for even m < 2 order. Sums of about `order` terms below 1: a few eps.
  // Observed margin: 5 (worst 2.1e-15 at order 64 in double).
  const auto rule = gauss_legendre<Real>(order);
  for (int m = 0; m < 2 * order; ++m) {
    Real sum(0);
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      using std::pow;
      sum += rule.weights[i] * pow(rule.nodes[i], m);
    }
    const Real exact = m % 2 == 0 ? Real(2) / Real(m + 1) : Real(0);
    CAPTURE(order);
    CAPTURE(m);
    CHECK(std::abs(to_double(Real(sum - exact))) < 50 * unit_roundoff<Real>());
  }
}

TEST_CASE("Gauss-Legendre integrates every polynomial it must, in three precisions") {
  for (const int order : {1, 2, 3, 16, 20, 64}) {
    check_moments<double>(order);
  }
  check_moments<Mp40>(17);
  check_moments<Mp80>(32);
  CHECK_THROWS_AS(gauss_legendre<double>(0), InputError);
}

TEST_CASE("Gauss-Hermite has the moments of the standard Gaussian") {
  const auto check = [](auto one, int order) {
    using Real = decltype(one);
    const auto rule = gauss_hermite<Real>(order);
    Real moment(1);  // (2m-1)!!
    for (int m = 0; m < order; ++m) {
      Real sum(0);
      for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        using std::pow;
        sum += rule.weights[i] * pow(rule.nodes[i], 2 * m);
      }
      // Relative: the terms are positive. The nodes' rounding enters 2m times.
      CHECK(std::abs(to_double(Real(sum / moment - 1))) < 40 * order * unit_roundoff<Real>());
      moment *= Real(2 * m + 1);
    }
  };
  for (const int order : {1, 2, 7, 30}) {
    check(1.0, order);
  }
  check(Mp40(1), 24);
  check(Mp80(1), 40);
}

TEST_CASE("a Legendre basis reproduces polynomials, their derivatives and integrals") {
  const LegendreBasis<double> basis(12);
  std::vector<double> values;
  for (const double x : basis.nodes()) {
    values.push_back(std::pow(x, 11) - 3 * x * x + 0.5);
  }
  std::vector<double> c(12);
  std::vector<double> d(12);
  std::vector<double> integral(13);
  basis.coefficients(values.data(), c.data());
  basis.derivative(c.data(), d.data());
  basis.antiderivative(c.data(), integral.data());
  const LegendreBasis<double> longer(13);
  // A derivative amplifies the rounding of 12 coefficients of size 3 by up to order^2/2 = 72 at the
  // ends: 12 * 3 * 72 eps = 6e-13. Observed 4.1e-13.
  for (const double x : {-1.0, -0.37, 0.0, 0.4, 0.99, 1.0}) {
    CHECK_CLOSE(basis.evaluate(c.data(), x), std::pow(x, 11) - 3 * x * x + 0.5,
                Bound::absolute(2e-14), "12 coefficients of size up to 3, 4 roundings each");
    CHECK(std::abs(basis.evaluate(d.data(), x) - (11 * std::pow(x, 10) - 6 * x)) < 1e-12);
    const double exact = (std::pow(x, 12) - 1) / 12 - x * x * x - 1 + 0.5 * (x + 1);
    CHECK(std::abs(longer.evaluate(integral.data(), x) - exact) < 1e-14);
  }
  CHECK_CLOSE(basis.at_right(c.data()), -1.5, Bound::relative(1e-14),
              "12 coefficients of size up to 3: 36 roundings");
  CHECK_CLOSE(basis.at_left(c.data()), -3.5, Bound::relative(1e-14),
              "12 coefficients of size up to 3: 36 roundings");
}

TEST_CASE("halves and their join are exact for polynomials") {
  const LegendreBasis<double> basis(9);
  const auto f = [](double x) { return std::pow(x, 8) - x + 2; };
  std::vector<double> values;
  for (const double x : basis.nodes()) {
    values.push_back(f(x));
  }
  std::vector<double> left(9);
  std::vector<double> right(9);
  std::vector<double> whole(9);
  basis.left_half(values.data(), left.data());
  basis.right_half(values.data(), right.data());
  // Values up to 4, sums of 9 terms: 1e-14 by chance; observed 1.2e-14.
  basis.join(left.data(), right.data(), whole.data());
  for (std::size_t i = 0; i < 9; ++i) {
    const double x = basis.nodes()[i];
    CHECK(std::abs(left[i] - f((x - 1) / 2)) < 5e-14);
    CHECK(std::abs(right[i] - f((x + 1) / 2)) < 5e-14);
    CHECK(std::abs(whole[i] - values[i]) < 5e-14);
  }
}

}  // namespace
}  // namespace lemmabench
