#include "theory/product_isotropic.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "numerics/total_variation.hpp"

namespace lemmabench {
namespace {

/// In double throughout.
using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

/// P(chi2_m <= x) and its complement.
double lower(double x, double m) {
  return std::isinf(x) ? 1 : boost::math::gamma_p(m / 2, x / 2, Policy());
}
double upper(double x, double m) {
  return std::isinf(x) ? 0 : boost::math::gamma_q(m / 2, x / 2, Policy());
}

/// The integrand at points of the line, from p and `difference` = q - p there.
class Excess {
 public:
  Excess(double e, double m) : e_(e), m_(m), rule_(gauss_legendre<double>(10)) {}

  /// c(x), which may be negative.
  double threshold(double p, double difference) const {
    const double ratio = difference / p;
    const double log_ratio =
        ratio > -1 ? std::log1p(ratio) : -std::numeric_limits<double>::infinity();
    return (1 + e_) * (m_ * (std::log1p(e_) / e_) - 2 * (log_ratio / e_));
  }

  double operator()(double p, double difference) const {
    if (!(p > 0)) {
      return 0;
    }
    const double c = std::max(0.0, threshold(p, difference));
    const double other = c / (1 + e_);
    return p * between(std::min(c, other), std::abs(e_) * other) -
           difference * (e_ > 0 ? lower(other, m_) : upper(other, m_));
  }

 private:
  double between(double a, double width) const;

  double e_;
  double m_;
  QuadratureRule<double> rule_;
};

/// F(a + width) - F(a), a >= 0, by the density where that is smooth between them: where its
/// logarithm changes by a few units at most.
double Excess::between(double a, double width) const {
  if (!(width > 0) || std::isinf(a)) {
    return 0;
  }
  const double b = a + width;
  if (width > 0.5 * std::min(a, std::sqrt(a)) || m_ * width > 10 * a) {
    return a > m_ ? upper(a, m_) - upper(b, m_) : lower(b, m_) - lower(a, m_);
  }
  double sum = 0;
  for (std::size_t k = 0; k < rule_.nodes.size(); ++k) {
    const double x = a + 0.5 * width * (1 + rule_.nodes[k]);
    sum += rule_.weights[k] * boost::math::gamma_p_derivative(m_ / 2, x / 2, Policy());
  }
  return 0.25 * width * sum;  // half the width, and dx/2
}

/// The panels of `laws`, graded towards the points where c changes sign.
class Grading {
 public:
  Grading(const PanelFunction<double>& laws, const Excess& excess)
      : laws_(laws), excess_(excess), points_(laws.order() + 2), values_(2 * points_.size()) {}

  std::vector<Cell> cells() {
    for (std::size_t i = 0; i < laws_.panels(); ++i) {
      grade(laws_.cell(i), 0);
    }
    return std::move(cells_);
  }

 private:
  bool has_kink(const Cell& cell) {
    constexpr double kInside = 1e-9;  // the ends as points of this panel and not of its neighbours
    const double low = laws_.line().low(cell);
    const double width = laws_.line().width(cell);
    laws_.nodes_of(cell, points_.data() + 1);
    points_.front() = low + kInside * width;
    points_.back() = low + (1 - kInside) * width;
    laws_.evaluate(points_.data(), points_.size(), values_.data());
    int signs = 0;
    for (std::size_t k = 0; k < points_.size(); ++k) {
      const double p = values_[k];
      if (p > 0) {
        signs |= excess_.threshold(p, values_[points_.size() + k]) > 0 ? 1 : 2;
      }
    }
    return signs == 3;
  }

  void grade(const Cell& cell, int depth) {
    constexpr int kDeepest = 24;  // what is missed beyond is at most of order 2^-48
    if (depth < kDeepest && has_kink(cell)) {
      grade(cell.left(), depth + 1);
      grade(cell.right(), depth + 1);
    } else {
      cells_.push_back(cell);
    }
  }

  const PanelFunction<double>& laws_;
  const Excess& excess_;
  std::vector<double> points_;
  std::vector<double> values_;
  std::vector<Cell> cells_;
};

double integral(const PanelFunction<double>& laws, const Excess& excess,
                const std::vector<Cell>& cells, double scale, double tolerance) {
  const std::size_t order = laws.order();
  std::vector<double> values(2 * order);
  const PanelFunction<double> integrand = build_panels<double>(
      laws.shared_basis(), laws.line(), 1, cells,
      [&](const Cell&, const double* nodes, double* out) {
        laws.evaluate(nodes, order, values.data());
        for (std::size_t k = 0; k < order; ++k) {
          out[k] = excess(values[k], values[order + k]) / scale;
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
  const Excess excess(e, degrees);
  const std::vector<Cell> cells = Grading(laws, excess).cells();
  std::vector<Cell> halves;
  for (const Cell& cell : cells) {
    halves.push_back(cell.left());
    halves.push_back(cell.right());
  }
  const double fine = integral(laws, excess, halves, scale, tolerance);
  const double coarse = integral(laws, excess, cells, scale, 100 * tolerance);
  return {fine, std::abs(fine - coarse) + 10 * tolerance * scale};
}

}  // namespace lemmabench
