#include "theory/product/product_isotropic.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "numerics/total_variation.hpp"
#include "theory/radial/isotropic_excess.hpp"

namespace lemmabench {
namespace {

/// The panels of `laws`, graded towards the points where c changes sign.
class Grading {
 public:
  Grading(const PanelFunction<double>& laws, const IsotropicExcess& excess)
      : laws_(laws), excess_(excess), points_(laws.order() + 6), values_(2 * points_.size()) {}

  std::vector<Cell> cells() {
    for (std::size_t i = 0; i < laws_.panels(); ++i) {
      grade(laws_.cell(i), 0);
    }
    return std::move(cells_);
  }

 private:
  /// Whether c changes sign in the cell or within its width beside it: behind a kink the integrand
  /// runs through a layer as thin as e is small, which no node of a wide neighbour need see.
  bool has_kink(const Cell& cell) {
    constexpr double kInside = 1e-9;  // the ends as points of this panel and not of its neighbours
    // Where there is less mass p and q are rounding, and so is every change of sign.
    constexpr double kSeen = 1e-16;
    const double low = laws_.line().low(cell);
    const double width = laws_.line().width(cell);
    laws_.nodes_of(cell, points_.data());
    const double beside[] = {low - width,           low - width / 2,
                             low + kInside * width, low + (1 - kInside) * width,
                             low + 1.5 * width,     low + 2 * width};
    std::copy(std::begin(beside), std::end(beside), points_.end() - 6);
    laws_.evaluate(points_.data(), points_.size(), values_.data());
    int signs = 0;
    for (std::size_t k = 0; k < points_.size(); ++k) {
      const double p = values_[k];
      if (p * width > kSeen) {
        signs |= excess_.threshold(p, values_[points_.size() + k]) > 0 ? 1 : 2;
      }
    }
    return signs == 3;
  }

  void grade(const Cell& cell, int depth) {
    constexpr int kDeepest = 24;  // what is missed beyond is at most of order 2^-48
    constexpr std::size_t kMostCells = 8000;
    if (depth < kDeepest && cells_.size() < kMostCells && has_kink(cell)) {
      grade(cell.left(), depth + 1);
      grade(cell.right(), depth + 1);
    } else {
      cells_.push_back(cell);
    }
  }

  const PanelFunction<double>& laws_;
  const IsotropicExcess& excess_;
  std::vector<double> points_;
  std::vector<double> values_;
  std::vector<Cell> cells_;
};

double integral(const PanelFunction<double>& laws, const IsotropicExcess& excess,
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
  const double scale = std::min(1.0, line + std::abs(e) * std::sqrt(static_cast<double>(m)));
  const IsotropicExcess excess(e, m);
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
