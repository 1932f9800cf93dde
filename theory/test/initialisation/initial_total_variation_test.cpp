#include "theory/initialisation/initial_total_variation.hpp"

#include <doctest/doctest.h>

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "theory/radial/typical_mass.hpp"

namespace lemmabench {
namespace {

/// TV(N(0, w I), N(0, I)) = |P_d(r^2) - P_d(r^2/w)|, r^2 = d w log(w)/(w-1) (theory.md section 4).
double isotropic(double d, double w) {
  const double r2 = d * w * std::log(w) / (w - 1);
  return std::abs(boost::math::gamma_p(d / 2, r2 / 2) - boost::math::gamma_p(d / 2, r2 / (2 * w)));
}

}  // namespace

TEST_CASE("initial total variation: one atom is a Gaussian, above and below variance 1") {
  for (const long d : {1L, 10L, 200L}) {
    for (const double scale : {0.01, 3.0, 500.0}) {
      const Level<double> level{0.001, 0.999};
      const Quantity tv = initial_total_variation(d, atomic_scale({{1, scale}}), level);
      const double w = 0.001 * scale + 0.999;
      CAPTURE(d);
      CAPTURE(scale);
      // The reference subtracts two probabilities: 1e-15 each. Seen: 4e-15 at most.
      CHECK(std::abs(tv.value() - isotropic(static_cast<double>(d), w)) <= tv.error() + 4e-15);
      CHECK(tv.error() < 2e-13);
    }
  }
}

TEST_CASE("initial total variation: two crossings, by quadrature on the line") {
  const Level<double> level{0.5, 0.5};
  const double s1 = 0.5 * 0.02 + 0.5;
  const double s2 = 0.5 * 5 + 0.5;
  double sum = 0;
  const double h = 1e-4;
  for (double x = h / 2; x < 20; x += h) {
    const auto normal = [&](double s) { return std::exp(-x * x / (2 * s)) / std::sqrt(s); };
    sum += std::abs(0.3 * normal(s1) + 0.7 * normal(s2) - normal(1));
  }
  const double reference = sum * h / std::sqrt(2 * M_PI);
  const Quantity tv = initial_total_variation(1, atomic_scale({{0.3, 0.02}, {0.7, 5}}), level);
  // The midpoint rule over two kinks: h^2 = 1e-8. Seen: 2e-9.
  CHECK(std::abs(tv.value() - reference) < 1e-8);
}

TEST_CASE("typical mass: the bound by hand, and more outside with heavier tails") {
  // d = 2, theta = 2, T = 10: (E + pi) 10^{-2 * 2 * 2/4}
  const Ball bound = typical_mass_bound(Ball(3), 2, Rational(2), 10);
  CHECK(std::abs(bound.to_double() - (3 + M_PI) / 100) < 1e-15);
  const Level<Ball> level{Ball(Rational(9, 10)), Ball(Rational(1, 10))};
  const Ball typical = Ball(12);
  const Ball three = mass_outside_typical(StudentMarginal(2, Rational(3), level), typical);
  const Ball two = mass_outside_typical(StudentMarginal(2, Rational(2), level), typical);
  CHECK(three.less_than(two) == Truth::certainly);
}

}  // namespace lemmabench
