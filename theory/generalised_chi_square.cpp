#include "theory/generalised_chi_square.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

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

}  // namespace

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

}  // namespace lemmabench
