#include "theory/product_isotropic.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "numerics/total_variation.hpp"

namespace lemmabench {
namespace {

/// P(chi2_m <= x) and its complement.
double lower(double x, double m) { return std::isinf(x) ? 1 : boost::math::gamma_p(m / 2, x / 2); }
double upper(double x, double m) { return std::isinf(x) ? 0 : boost::math::gamma_q(m / 2, x / 2); }

/// F(b) - F(a), 0 <= a <= b, by the density where that is smooth between them: for m >= 2 and an
/// interval narrow against its deviation.
double between(double a, double b, double m, const QuadratureRule<double>& rule) {
  const double width = b - a;
  if (m < 2 || a <= 0 || width > 0.5 * std::min(a, std::sqrt(a))) {
    return a > m ? upper(a, m) - upper(b, m) : lower(b, m) - lower(a, m);
  }
  double sum = 0;
  for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
    const double x = a + 0.5 * width * (1 + rule.nodes[k]);
    sum += rule.weights[k] * boost::math::gamma_p_derivative(m / 2, x / 2);
  }
  return 0.25 * width * sum;  // half the width, and dx/2
}

/// The integrand at a point of the line; `difference` = q - p.
double excess(double p, double difference, double e, double m, const QuadratureRule<double>& rule) {
  if (!(p > 0)) {
    return 0;
  }
  const double ratio = difference / p;
  const double log_ratio =
      ratio > -1 ? std::log1p(ratio) : -std::numeric_limits<double>::infinity();
  const double c = std::max(0.0, (1 + e) * (m * (std::log1p(e) / e) - 2 * (log_ratio / e)));
  const double outer = c / (1 + e);
  if (e > 0) {
    return p * between(outer, c, m, rule) - difference * lower(outer, m);
  }
  return p * between(c, outer, m, rule) - difference * upper(outer, m);
}

double integral(const PanelFunction<double>& laws, double e, double m, double scale,
                double tolerance) {
  const QuadratureRule<double> rule = gauss_legendre<double>(10);
  const std::size_t order = laws.order();
  std::vector<double> values(2 * order);
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < laws.panels(); ++i) {
    cells.push_back(laws.cell(i));
  }
  const PanelFunction<double> integrand = build_panels<double>(
      laws.shared_basis(), laws.line(), 1, cells,
      [&](const Cell&, const double* nodes, double* out) {
        laws.evaluate(nodes, order, values.data());
        for (std::size_t k = 0; k < order; ++k) {
          out[k] = excess(values[k], values[order + k], e, m, rule) / scale;
        }
      },
      {.tolerance = tolerance, .relative = tolerance, .negligible = 1e-3 * tolerance});
  return scale * integrand.integral(0);
}

}  // namespace

Estimate<double> isotropic_product_total_variation(const PanelFunction<double>& laws, double e,
                                                   long m, double tolerance) {
  const double line = half_absolute_integral(laws, 1);
  if (e == 0) {
    return {line, 0};
  }
  const auto degrees = static_cast<double>(m);
  const double scale = std::min(1.0, line + std::abs(e) * std::sqrt(degrees));
  const double fine = integral(laws, e, degrees, scale, tolerance);
  const double coarse = integral(laws, e, degrees, scale, 100 * tolerance);
  return {fine, std::abs(fine - coarse) + 1e-15 * scale};
}

}  // namespace lemmabench
