#include "numerics/log_bessel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/special_functions/bessel.hpp>
#include <cmath>
#include <vector>

#include "numerics/arb.hpp"

namespace lemmabench {
namespace {

// The truth by Arb: log(I_nu(x) e^-x) and I_{nu+1}/I_nu, nu = d/2-1.
struct Truth {
  double log_scaled;
  double ratio;
};

Truth truth(double nu, double x) {
  arb_t order, argument, a, b;
  for (auto* number : {order, argument, a, b}) arb_init(number);
  Truth out{};
  for (slong prec = 128;; prec *= 2) {
    arb_set_d(order, nu);
    arb_set_d(argument, x);
    arb_hypgeom_bessel_i_scaled(a, order, argument, prec);
    arb_add_ui(order, order, 1, prec);
    arb_hypgeom_bessel_i_scaled(b, order, argument, prec);
    if (arb_rel_accuracy_bits(a) > 60 && arb_rel_accuracy_bits(b) > 60) break;
    REQUIRE(prec < 100000);
  }
  arb_div(b, b, a, 128);
  arb_log(a, a, 128);
  out.log_scaled = arf_get_d(arb_midref(a), ARF_RND_NEAR);
  out.ratio = arf_get_d(arb_midref(b), ARF_RND_NEAR);
  for (auto* number : {order, argument, a, b}) arb_clear(number);
  return out;
}

constexpr long kDims[] = {1, 2, 3, 4, 5, 8, 17, 33, 59, 61, 62, 63, 64, 128, 257, 1024, 4095, 4096};

std::vector<double> arguments(double nu) {
  std::vector<double> out;
  for (double x = 1e-12; x < 2e18; x *= 7.3) out.push_back(x);
  // Where the methods meet.
  const double edge = nu < 30 ? std::sqrt(900 - nu * nu) : nu;
  for (const double x : {edge, 2 * nu, 30.0}) {
    for (const double f : {0.999, 0.7, 1.001, 1.5}) {
      if (x > 0) out.push_back(x * f);
    }
  }
  return out;
}

TEST_CASE("log of the scaled Bessel function and the ratio of orders against Arb") {
  double worst_log = 0;
  double worst_ratio = 0;
  for (const long d : kDims) {
    const double nu = 0.5 * static_cast<double>(d) - 1;
    for (const double x : arguments(nu)) {
      const Truth exact = truth(nu, x);
      const double scale = 1e-14 + 2e-15 * std::abs(exact.log_scaled);
      worst_log =
          std::max(worst_log, std::abs(log_bessel_i_scaled(nu, x) - exact.log_scaled) / scale);
      worst_ratio = std::max(worst_ratio, std::abs(bessel_i_ratio(nu, x) / exact.ratio - 1));
    }
  }
  MESSAGE("worst: log ", worst_log, " of what is allowed, ratio ", worst_ratio, " relative");
  CHECK(worst_log < 1);
  CHECK(worst_ratio < 2e-15);
}

TEST_CASE("Boost.Math has the same values where it neither overflows nor underflows") {
  // cyl_bessel_i itself overflows from x = 710 and underflows for large orders: the reason for
  // a function of our own.
  for (const double nu : {0.0, 0.5, 2.0, 7.5, 20.0, 50.0, 127.0}) {
    for (const double x : {0.3, 3.0, 29.0, 31.0, 100.0, 600.0}) {
      const double value = boost::math::cyl_bessel_i(nu, x);
      if (value < 1e-300) continue;
      const double boost = std::log(value) - x;
      CHECK(std::abs(log_bessel_i_scaled(nu, x) - boost) < 1e-13 + 1e-14 * std::abs(boost));
    }
  }
  CHECK_THROWS(boost::math::cyl_bessel_i(3.0, 1000.0));
}

TEST_CASE("the ratio at 0 and at the far end") {
  CHECK(bessel_i_ratio(3, 0) == 0);
  CHECK(bessel_i_ratio(-0.5, 2) == std::tanh(2.0));
  CHECK(bessel_i_ratio(1, 1e18) <= 1);
}

}  // namespace
}  // namespace lemmabench
