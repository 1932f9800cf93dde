// Imhof's integral: a third way to the total variation of zero-mean Gaussians, independent of the
// contour and of incomplete gamma functions. Nothing but this test needs it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "numerics/chi_square.hpp"
#include "numerics/error.hpp"
#include "numerics/evidence.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

namespace lemmabench {
namespace {

/// A term weight * chi2_degrees of a sum of independent chi-squares; weight != 0, degrees >= 1.
struct WeightedChiSquare {
  double weight = 1;
  long degrees = 1;
};

constexpr double kPi = 3.14159265358979323846;
constexpr long kMostNodes = 1L << 20;

struct Integral {
  std::span<const WeightedChiSquare> terms;
  double threshold;

  double at(double u) const {
    double theta = -threshold * u / 2;
    double log_rho = 0;
    for (const WeightedChiSquare& term : terms) {
      const auto m = static_cast<double>(term.degrees);
      const double x = term.weight * u;
      theta += m / 2 * std::atan(x);
      log_rho += m / 4 * std::log1p(x * x);
    }
    return std::sin(theta) / u * std::exp(-log_rho);
  }

  double midpoint_sum(double step, double end) const {
    const long nodes = static_cast<long>(std::ceil(end / step));
    double sum = 0;
    for (long k = nodes; k-- > 0;) {  // small terms first
      sum += at((static_cast<double>(k) + 0.5) * step);
    }
    return sum * step / kPi;
  }
};

/// Imhof's bound of what is left beyond `end`, in logs because the product may overflow.
double tail_bound(std::span<const WeightedChiSquare> terms, double end) {
  double degrees = 0;
  double log_product = 0;
  for (const WeightedChiSquare& term : terms) {
    const auto m = static_cast<double>(term.degrees);
    degrees += m;
    log_product += m / 2 * std::log(std::abs(term.weight) * end);
  }
  return 2 / (kPi * degrees) * std::exp(-log_product);
}

void require_terms(std::span<const WeightedChiSquare> terms) {
  if (terms.empty()) {
    throw InputError("generalised chi-square: no term; give one or more");
  }
  for (const WeightedChiSquare& term : terms) {
    if (!std::isfinite(term.weight) || term.weight == 0 || term.degrees < 1) {
      throw InputError(fmt::format(
          "generalised chi-square: weight {} with {} degrees; use weight != 0, degrees >= 1",
          term.weight, term.degrees));
    }
  }
}

/// P(sum_r weight_r chi2_{degrees_r} > threshold) by Imhof's integral,
///   1/2 + (1/pi) int_0^inf sin(theta(u))/(u rho(u)) du,
///   theta = (1/2) sum m atan(lambda u) - threshold u/2,  rho = prod (1+lambda^2 u^2)^{m/4}
/// [Q: J. P. Imhof, Computing the distribution of quadratic forms in normal variables, Biometrika
/// 48 (1961), eq. (3.2)], with the midpoint rule, whose error falls exponentially with the step
/// because the sum has exponential tails (R. B. Davies, Appl. Statist. 29 (1980), AS 155).
///
/// Computed: the error is the change under halving the step, plus Imhof's bound of the truncated
/// tail, 2/(pi M U^{M/2} prod |lambda|^{m/2}) with M = sum m, plus rounding. Below 1e-12 for M >=
/// 6; the tail dominates below: 2e-11, 9e-9, 4e-6 and 2e-3 at M = 4, 3, 2 and 1, and the error says
/// so. Cost: up to 2^20 integrand values (20 ms and more); not for production: a third way to a TV
/// that total_variation has already, independent of contours and of incomplete gamma functions.
/// Throws InputError when there is no term or one is outside its range.
Quantity upper_probability(std::span<const WeightedChiSquare> terms, double threshold) {
  require_terms(terms);
  double mean = 0;
  double variance = 0;
  double largest = 0;
  for (const WeightedChiSquare& term : terms) {
    const auto m = static_cast<double>(term.degrees);
    mean += m * term.weight;
    variance += 2 * m * term.weight * term.weight;
    largest = std::max(largest, std::abs(term.weight));
  }
  // The midpoint rule wraps the law around with period 4 pi/step: past this reach it weighs e^-36.
  const double reach = std::abs(threshold - mean) + 12 * std::sqrt(variance) + 72 * largest;
  double step = 4 * kPi / reach;
  double end = 1 / largest;
  while (tail_bound(terms, end) > 1e-15 && end / step < static_cast<double>(kMostNodes) / 2) {
    end *= 1.5;
  }
  const Integral integral{terms, threshold};
  const double coarse = integral.midpoint_sum(step, end);
  const double fine = integral.midpoint_sum(step / 2, end);
  const double rounding = 1e-15 * (1 + std::sqrt(end / step) + reach / largest / 64);
  return Quantity::computed(0.5 + fine,
                            std::abs(fine - coarse) + tail_bound(terms, end) + rounding);
}

/// TV between zero-mean Gaussians, P(sum e chi2_m > c) - P(sum e/(1+e) chi2_m > c),
/// c = sum m log(1+e): q exceeds p where sum_i (1/w_i - 1/v_i) x_i^2 > sum log(v_i/w_i) [D, with
/// theory.md section 4]. Absolute error as above: useless when TV is below 1e-12.
/// Throws InputError when a shift is not 0.
Quantity total_variation_by_imhof(RelativeBlocks<double> blocks) {
  require_domain(blocks);
  std::vector<WeightedChiSquare> under_q;
  std::vector<WeightedChiSquare> under_p;
  double threshold = 0;
  for (const RelativeBlock<double>& block : blocks) {
    if (block.shift != 0) {
      throw InputError("Imhof's integral here takes zero mean differences only; use the contour");
    }
    if (block.e != 0) {
      under_q.push_back({block.e, block.multiplicity});
      under_p.push_back({block.e / (1 + block.e), block.multiplicity});
      threshold += static_cast<double>(block.multiplicity) * std::log1p(block.e);
    }
  }
  if (under_q.empty()) {
    return Quantity::computed(0, 0);
  }
  return upper_probability(under_q, threshold) - upper_probability(under_p, threshold);
}

Quantity probability(const std::vector<WeightedChiSquare>& terms, double threshold) {
  return upper_probability(terms, threshold);
}

TEST_CASE("Imhof's integral on laws with a closed form") {
  // One weight: a scaled chi-square.
  for (const long d : {6L, 7L, 100L}) {
    for (const double x : {0.5, 1.0, 1.3}) {
      const double threshold = x * static_cast<double>(d);
      const Quantity got = probability({{3, d}}, 3 * threshold);
      CHECK(got.interval().overlaps(chi_square_upper(Ball::exactly(threshold), d)));
      CHECK(got.error() < 1e-12);
    }
  }
  // chi2_2 - chi2_2 is a Laplace law; M = 4 converges slowly.
  for (const double x : {0.3, 4.0}) {
    const Quantity laplace = probability({{1, 2}, {-1, 2}}, x);
    CHECK(std::abs(laplace.value() - std::exp(-x / 2) / 2) <= laplace.error());
    CHECK(laplace.error() < 1e-9);
  }
}

TEST_CASE("Imhof's error estimate is honest where its integral converges slowly") {
  const Quantity slow = probability({{1, 1}}, 1);
  CHECK(slow.interval().overlaps(chi_square_upper(Ball(1), 1)));
  CHECK(slow.error() > 1e-8);
  CHECK(slow.error() < 1e-2);
}

TEST_CASE("a third way to the total variation of zero-mean spectra") {
  const std::vector<std::vector<RelativeBlock<double>>> spectra{
      {{0.1, 0, 6}},
      {{-0.02, 0, 3}, {0.3, 0, 5}},
      {{2, 0, 4}, {-0.6, 0, 2}, {0.01, 0, 9}, {0, 0, 50}},
      {{1e-3, 0, 64}, {-1e-3, 0, 32}},
  };
  for (const auto& blocks : spectra) {
    const Quantity imhof = total_variation_by_imhof(blocks);
    CHECK(imhof.evidence() == Evidence::computed);
    const double contour = estimate_total_variation<double>(blocks).value;
    CHECK(std::abs(imhof.value() - contour) <= imhof.error());
    CHECK(imhof.error() < 1e-11);
  }
}

TEST_CASE("generalised chi-squares refuse what they cannot take") {
  CHECK_THROWS_AS(probability({}, 1), InputError);
  CHECK_THROWS_AS(probability({{0, 2}}, 1), InputError);
  CHECK_THROWS_AS(probability({{1, 0}}, 1), InputError);
  CHECK_THROWS_AS(total_variation_by_imhof(std::vector<RelativeBlock<double>>{{1, 1, 1}}),
                  InputError);
  CHECK(total_variation_by_imhof(std::vector<RelativeBlock<double>>{{0, 0, 3}}).value() == 0);
}

}  // namespace
}  // namespace lemmabench
