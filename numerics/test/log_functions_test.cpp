#include "numerics/log_functions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/adaptive_precision.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// Corners of (-1, inf): every scale, both signs, and the switches of the implementation.
const std::vector<double>& corners() {
  static const std::vector<double> points = [] {
    std::vector<double> out{-1 + 1e-15, -0.999, -0.75, -0.5, -1.0 / 3, 0.5, 1, 1.5, 3, 1e3, 1e10};
    for (int k = 1; k <= 300; k += 13) {
      out.push_back(std::pow(10.0, -k));
      out.push_back(-std::pow(10.0, -k));
    }
    for (double x : {-0.5, -1.0 / 3, 0.5, 1.0}) {
      out.push_back(std::nextafter(x, -1));
      out.push_back(std::nextafter(x, 2));
    }
    return out;
  }();
  return points;
}

/// The largest relative error over the corners, against the plain formula at 3000 bits.
template <class Real, class F, class G>
double worst(F subject, G plain) {
  double out = 0;
  for (const double x : corners()) {
    const PrecisionScope scope(3000);
    const Ball point = Ball::exactly(x);
    const Ball truth = plain(point);
    if (std::abs(truth.to_double()) < 1e-290) {
      continue;  // underflow in double
    }
    const Real value = subject(Real(x));
    Ball got = Ball::exactly(to_double(value));
    if constexpr (!std::is_same_v<Real, double>) {
      arb_set_str(got.raw(), value.str(60, std::ios::scientific).c_str(), 3000);
    }
    out = std::max(out, ((got - truth) / truth).magnitude_upper().to_double());
  }
  return out;
}

TEST_CASE("logarithms without their leading terms keep full relative accuracy") {
  const auto excess = [](const Ball& x) { return log1p(x) / x - 1; };
  const auto minus = [](const Ball& x) { return log1p(x) - x; };
  const auto fraction = [](const Ball& x) { return log1p(x) - x / (x + 1); };
  // Observed: 3.9e-16, 1.7e-16, 4.4e-16 in double; 9.2e-41, 7.5e-41, 1.1e-40 at 40 digits.
  CHECK(worst<double>(log1p_excess<double>, excess) < 1e-15);
  CHECK(worst<double>(log1p_minus<double>, minus) < 1e-15);
  CHECK(worst<double>(log1p_minus_fraction<double>, fraction) < 1e-15);
  CHECK(worst<Mp40>(log1p_excess<Mp40>, excess) < 4e-40);
  CHECK(worst<Mp40>(log1p_minus<Mp40>, minus) < 4e-40);
  CHECK(worst<Mp40>(log1p_minus_fraction<Mp40>, fraction) < 4e-40);
}

TEST_CASE("the excess logarithm does not underflow") {
  CHECK(std::abs(log1p_excess(1e-300) / -5e-301 - 1) < 1e-15);
  CHECK(log1p_excess(0.0) == 0.0);
}

template <class F, class G>
void check_enclosure(F subject, G plain, const Ball& x) {
  Ball truth_low;
  Ball truth_high;
  {
    const PrecisionScope scope(3000);
    const Ball low = x.midpoint() - x.radius();
    const Ball high = x.midpoint() + x.radius();
    truth_low = plain(low);
    truth_high = plain(high);
  }
  const Ball got = subject(x);
  CHECK(got.contains(truth_low.midpoint()));
  CHECK(got.contains(truth_high.midpoint()));
  // Tight: at most twice as wide as it must be, but for rounding.
  const Ball need = abs(truth_high - truth_low);
  const Ball rounding = got.magnitude_upper() * Ball(Rational(1, 1L << 60));
  CHECK((need * 2 + rounding * 2).less_than(got.radius() * 2) != Truth::certainly);
}

TEST_CASE("balls of the logarithms are correct and tight for wide arguments") {
  const PrecisionScope scope(128);
  for (const double x : corners()) {
    if (x < -0.9999) {
      continue;  // a relative width of the argument is a huge one of 1+x
    }
    CAPTURE(x);
    const Ball point = Ball::exactly(x);
    const Ball wide = Ball::around(point, point * Ball(Rational(1, 1000000)));
    check_enclosure(
        log1p_minus<Ball>, [](const Ball& y) { return log1p(y) - y; }, wide);
    check_enclosure(
        log1p_minus_fraction<Ball>, [](const Ball& y) { return log1p(y) - y / (y + 1); }, wide);
    check_enclosure(
        log1p_excess<Ball>, [](const Ball& y) { return log1p(y) / y - 1; }, wide);
  }
}

TEST_CASE("balls of the logarithms lose nothing at tiny exact arguments") {
  const PrecisionScope scope(128);
  Ball tiny(1);
  arb_mul_2exp_si(tiny.raw(), tiny.raw(), -100000);
  CHECK(log1p_minus(tiny).relative_accuracy_bits() >= 120);
  CHECK(log1p_minus_fraction(tiny).relative_accuracy_bits() >= 120);
  CHECK(log1p_excess(tiny).relative_accuracy_bits() >= 120);
  CHECK(log1p_excess(Ball(0)).contains_zero());
  CHECK(!log1p_minus(Ball(-1)).finite());
}

TEST_CASE("the complex logarithm without its leading term, for points and for wide balls") {
  acb_t x;
  acb_t plain;
  acb_t got;
  acb_init(x);
  acb_init(plain);
  acb_init(got);
  for (const double size : {0.4, 0.03, 1e-5, 1e-60}) {
    CAPTURE(size);
    acb_set_d_d(x, -0.6 * size, 0.8 * size);
    acb_log1p(plain, x, 2000);
    acb_sub(plain, plain, x, 2000);
    log1p_minus(got, x, 200);
    CHECK(acb_overlaps(got, plain) != 0);
    CHECK(acb_rel_accuracy_bits(got) >= 190);
    // A square of a tenth of the size: its points inside, and no wider than need be.
    mag_t radius;
    mag_init(radius);
    mag_set_d(radius, size / 10);
    acb_add_error_mag(x, radius);
    log1p_minus(got, x, 200);
    for (const double angle : {0.5, 2.0, 3.5, 5.0}) {
      acb_t point;
      acb_init(point);
      acb_set_d_d(point, size * (-0.6 + 0.099 * std::cos(angle)),
                  size * (0.8 + 0.099 * std::sin(angle)));
      acb_log1p(plain, point, 2000);
      acb_sub(plain, plain, point, 2000);
      CHECK(acb_contains(got, plain) != 0);
      acb_clear(point);
    }
    CHECK(mag_get_d(arb_radref(acb_realref(got))) < 0.4 * size * size);
    mag_clear(radius);
  }
  acb_set_d(x, 0.5);
  log1p_minus(got, x, 200);
  CHECK(acb_is_finite(got) == 0);
  acb_zero(x);
  log1p_minus(got, x, 200);
  CHECK(acb_is_zero(got) != 0);
  acb_clear(x);
  acb_clear(plain);
  acb_clear(got);
}

TEST_CASE("enclose raises the precision until the digits are there") {
  int runs = 0;
  const auto cancelling = [&] {
    ++runs;
    const Ball x(Rational(1, 1000000007));
    return (x + 1) * (x + 1) - x * 2 - 1;  // x^2, losing 60 bits
  };
  const Ball square = enclose(cancelling, 50);
  CHECK(accurate_to(square, 50));
  CHECK(runs == 2);
  CHECK(square.contains(Rational(1, 1000000007) * Rational(1, 1000000007)));
  runs = 0;
  const Ball absolute = enclose(cancelling, 50, Accuracy::absolute);
  CHECK(runs == 1);
  CHECK(accurate_to(absolute, 50, Accuracy::absolute));
  CHECK_THROWS_AS(enclose([] { return Ball::pi() - Ball::pi(); }, 10), NumericalFailure);
}

}  // namespace
}  // namespace lemmabench
