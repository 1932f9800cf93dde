#include "theory/initialisation/start_difference.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

template <class Real>
LineMixture<Real> mixture() {
  return LineMixture<Real>({{Real(2) / 3, Real(-139) / 1000, Real(285) / 10000},
                            {Real(1) / 3, Real(387) / 1000, Real(169) / 10000}});
}

struct Errors {
  double relative = 0;       ///< the largest |error| over the largest |difference|
  double half_integral = 0;  ///< (1/2) int |error|
};

/// The difference in double against the subtraction of densities at 80 digits, where the mass is.
Errors errors_at(double abar) {
  const Level<double> level{abar, 1 - abar};
  const Level<Mp80> exact_level{Mp80(abar), 1 - Mp80(abar)};
  const StartDifference<double> difference(mixture<double>(), level);
  const LineMixture<Mp80> noisy = mixture<Mp80>().at_level(exact_level);
  const LineMixture<Mp80> normal({{Mp80(1), Mp80(0), Mp80(1)}});
  constexpr double kStep = 0.125;
  Errors out;
  double largest = 0;
  for (double x = -6; x <= 6; x += kStep) {
    double ours = 0;
    difference(&x, 1, &ours);
    const double truth = to_double(Mp80(noisy.density(Mp80(x)) - normal.density(Mp80(x))));
    out.relative = std::max(out.relative, std::abs(ours - truth));
    out.half_integral += kStep * std::abs(ours - truth) / 2;
    largest = std::max(largest, std::abs(truth));
  }
  out.relative /= largest;
  return out;
}

}  // namespace

// The first-order terms of l_k, of size sqrt(abar), cancel to the mean (here 1/3 of them) or, for a
// centred law, to terms of size abar: the relative error is a few units of the last place over
// that ratio. Observed 8e-16, 3e-15 and 6e-15; subtracting densities would give 1e-16/difference.
TEST_CASE("p_{X_T} - N(0,1) keeps its digits however small it is") {
  CHECK(errors_at(0.9).relative < 1e-13);
  CHECK(errors_at(1e-4).relative < 1e-12);
  CHECK(errors_at(1e-10).relative < 1e-12);
  CHECK(errors_at(1e-20).relative < 1e-12);
}

TEST_CASE("p_{X_T} - N(0,1) of modes that N(0,1) does not reach") {
  const LineMixture<double> far({{0.5, -50.0, 1e-8}, {0.5, 50.0, 4.0}});
  const Level<double> level{1 - 1e-9, 1e-9};
  const StartDifference<double> difference(far, level);
  const LineMixture<double> exact = far.at_level(level);
  for (const double x : {-50.0, -49.9999, 0.0, 1.0, 40.0, 48.0, 50.0, 60.0}) {
    double ours = 0;
    difference(&x, 1, &ours);
    const double normal = std::exp(-x * x / 2) / std::sqrt(2 * pi<double>());
    const double truth = exact.density(x) - normal;
    // Exponents up to 2500 are rounded: 2500 eps = 6e-13 relative.
    CHECK(std::abs(ours - truth) <= 6e-13 * (exact.density(x) + normal));
  }
}

TEST_CASE("p_{X_T} - N(0,1): the rounding it states covers what it has, and not by much") {
  for (const double abar : {0.5, 1e-3, 1e-9}) {
    const StartDifference<double> difference(mixture<double>(), {abar, 1 - abar});
    const double found = errors_at(abar).half_integral;
    CAPTURE(found);
    CHECK(found <= difference.rounding());
    CHECK(difference.rounding() <= 1e-14 * std::sqrt(abar));
  }
}

}  // namespace lemmabench
