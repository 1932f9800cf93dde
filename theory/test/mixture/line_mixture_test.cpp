#include "theory/mixture/line_mixture.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

template <class Real>
LineMixture<Real> three_modes() {
  return LineMixture<Real>({{Real(1) / 2, Real(-3) / 2, Real(9) / 100},
                            {Real(3) / 10, Real(2) / 5, Real(16) / 100},
                            {Real(2) / 10, Real(9) / 5, Real(4) / 100}});
}

LineMixture<double> far_modes() { return LineMixture<double>({{0.5, -50, 0.01}, {0.5, 50, 0.01}}); }

TEST_CASE("a mixture refuses what is no mixture") {
  using Mixture = LineMixture<double>;
  CHECK_THROWS_AS(Mixture({}), InputError);
  CHECK_THROWS_AS(Mixture({{1, 0, 0}}), InputError);
  CHECK_THROWS_AS(Mixture({{0.5, 0, 1}, {0.4, 1, 1}}), InputError);
  CHECK_THROWS_AS(Mixture({{1, std::nan(""), 1}}), InputError);
}

TEST_CASE("double agrees with 40 digits in density, score and its derivative") {
  const auto p = three_modes<double>();
  const auto q = three_modes<Mp40>();
  // Conditioning: log p reaches -400 at the ends, so exp() gives up to 400 eps = 9e-14.
  for (double x = -6; x <= 6; x += 0.173) {
    const Mp40 y(x);
    CHECK(std::abs(p.density(x) / to_double(q.density(y)) - 1) < 3e-13);
    CHECK(std::abs(p.log_density(x) - to_double(q.log_density(y))) < 3e-13);
    CHECK(std::abs(p.score(x) - to_double(q.score(y))) < 1e-12 * (1 + std::abs(p.score(x))));
    CHECK(std::abs(p.score_derivative(x) - to_double(q.score_derivative(y))) < 3e-10);
  }
}

TEST_CASE("scores are the derivative of the log density") {
  const auto p = three_modes<Mp80>();
  const Mp80 step("1e-20");
  // Central differences err by step^2 = 1e-40 times third derivatives of at most 1e6.
  for (double at = -4; at <= 4; at += 0.31) {
    const Mp80 x(at);
    const Mp80 first = (p.log_density(x + step) - p.log_density(x - step)) / (2 * step);
    const Mp80 second = (p.score(x + step) - p.score(x - step)) / (2 * step);
    CHECK(std::abs(to_double(Mp80(first - p.score(x)))) < 1e-30);
    CHECK(std::abs(to_double(Mp80(second - p.score_derivative(x)))) < 1e-30);
  }
}

TEST_CASE("between and beyond far modes nothing overflows") {
  const auto p = far_modes();
  CHECK(p.score(0.0) == 0);
  CHECK_CLOSE(p.score(49.0), 100, Bound::relative(1e-12),
              "(50-49)/0.01, and 0.01 = 0.1^2 or so: the other mode is e^-480000");
  CHECK_CLOSE(p.score(1e6), (50 - 1e6) / 0.01, Bound::relative(1e-14), "a handful of operations");
  CHECK_CLOSE(p.log_density(0.0), -125000 + std::log(1 / (0.1 * std::sqrt(2 * M_PI))),
              Bound::relative(1e-14), "a handful of operations at the size of the exponent");
  CHECK(p.density(0.0) == 0);
  // At 0 both modes count half: posterior variance of the pull is (50/0.01)^2.
  CHECK_CLOSE(p.score_derivative(0.0), 25e6 - 100, Bound::relative(3e-11),
              "shares are differences of exponents of size 125000");
  const std::vector<double> x{-60, 0, 1e-9, 51};
  std::vector<double> s(4);
  p.score(x.data(), 4, s.data());
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(s[i] == p.score(x[i]));
    CHECK(std::isfinite(s[i]));
  }
}

TEST_CASE("a level scales means and widens variances") {
  const Level<double> level{0.25, 0.75};
  const auto p = three_modes<double>().at_level(level);
  CHECK(p.components()[0].mean == -0.75);
  CHECK(p.components()[0].variance == 0.25 * 0.09 + 0.75);
  CHECK_CLOSE(p.mean(), 0.5 * three_modes<double>().mean(), Bound::relative(1e-14),
              "sums of three terms");
  CHECK_CLOSE(p.variance(), 0.25 * three_modes<double>().variance() + 0.75, Bound::relative(1e-14),
              "sums of three terms, less the squared mean");
}

TEST_CASE("Tweedie's formula holds (claim F1)") {
  const auto clean = three_modes<Mp40>();
  for (const char* noise : {"0.9", "0.1", "1e-6"}) {
    const Level<Mp40> level{1 - Mp40(noise), Mp40(noise)};
    const auto noisy = clean.at_level(level);
    for (double at = -3; at <= 3; at += 0.7) {
      const Mp40 x(at);
      const Mp40 tweedie = (x + level.noise * noisy.score(x)) / sqrt(level.abar);
      CHECK(std::abs(to_double(Mp40(posterior_mean(clean, level, x) - tweedie))) < 1e-36);
    }
  }
}

TEST_CASE("quantiles invert the distribution in both tails, and the flow transports it") {
  const auto p = three_modes<double>();
  for (const double u : {1e-300, 1e-30, 1e-5, 0.2, 0.5, 0.79, 0.999}) {
    CHECK(std::abs(p.cdf(p.quantile(u)) / u - 1) < 1e-12);
    CHECK(std::abs(p.upper_tail(p.upper_quantile(u)) / u - 1) < 1e-12);
  }
  CHECK_THROWS_AS(p.quantile(0.0), InputError);
  const auto q = p.at_level({0.3, 0.7});
  for (double x = -4; x < 4; x += 0.37) {
    const double y = exact_flow(p, q, x);
    CHECK(std::abs(q.cdf(y) - p.cdf(x)) < 1e-14);
    CHECK(std::abs(exact_flow(q, p, y) - x) < 1e-9);  // p is 1e-5 times flatter than q in places
  }
  const auto precise = three_modes<Mp40>();
  const Mp40 u("1e-25");
  CHECK(std::abs(to_double(Mp40(precise.cdf(precise.quantile(u)) / u - 1))) < 1e-35);
}

TEST_CASE("expectations: E s = 0, E x s = -1, and E s^2 = -E s' (claim F3)") {
  const auto p = three_modes<double>();
  using Points = std::function<void(const double*, std::size_t, double*)>;
  const Points score = [&](const double* x, std::size_t n, double* out) { p.score(x, n, out); };
  const Points radial = [&](const double* x, std::size_t n, double* out) {
    p.score(x, n, out);
    for (std::size_t i = 0; i < n; ++i) {
      out[i] *= x[i];
    }
  };
  const Points minus_slope = [&](const double* x, std::size_t n, double* out) {
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = -p.score_derivative(x[i]);
    }
  };
  CHECK(std::abs(p.expectation(score, 1e-13)) < 1e-12);
  CHECK(std::abs(p.expectation(radial, 1e-13) + 1) < 1e-12);
  CHECK(std::abs(p.expectation(minus_slope, 1e-13) / p.score_second_moment(1e-13) - 1) < 1e-12);
  // One component: exactly 1/v. Far modes: 1/v again.
  CHECK(std::abs(far_modes().score_second_moment(1e-13) - 100) < 1e-10);
}

}  // namespace

// Selftest, seed 2026, question 9235: a bump 6e-4 of the widest component's deviation, between the
// nodes of its cells. Held against the trapezoid sum, 28 points a deviation of the narrowest.
TEST_CASE("an expectation sees components far narrower than another") {
  const LineMixture<double> mixture(
      {{0.1, 0, 0.0765}, {0.63, -0.00638, 199000}, {0.27, 76.8, 7.54}});
  const auto bump = [](const double* x, std::size_t count, double* out) {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = std::exp(-x[i] * x[i] / (2 * 0.0765));
    }
  };
  double by_sum = 0;
  double fisher = 0;
  constexpr double kStep = 0.01;
  for (long i = -400000; i <= 400000; ++i) {
    const double x = kStep * static_cast<double>(i);
    const double p = mixture.density(x);
    double value = 0;
    bump(&x, 1, &value);
    by_sum += kStep * p * value;
    fisher += kStep * p * mixture.score(x) * mixture.score(x);
  }
  CHECK(std::abs(mixture.expectation(bump, 1e-15) / by_sum - 1) < 1e-12);
  CHECK(std::abs(mixture.score_second_moment(1e-15) / fisher - 1) < 1e-12);
}

}  // namespace lemmabench
