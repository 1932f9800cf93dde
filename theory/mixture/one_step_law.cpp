#include "theory/mixture/one_step_law.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "numerics/panels.hpp"
#include "numerics/total_variation.hpp"

namespace lemmabench {
namespace {

constexpr double kReachOfStep = 9;  // standard deviations; beyond them 1e-18 of the mass

struct Rules {
  int order;     ///< of the panels in y
  int nodes;     ///< of the Gauss-Legendre rule in x
  double width;  ///< of a cell in x, in sd
};

/// A cell of x: its nodes for all copies, and where their means lie.
struct XCell {
  double low = 0;
  double high = 0;
  std::vector<double> mass;               ///< [node]: weight times density
  std::vector<TamperedStep::Mean> means;  ///< [node][copy]
};

/// The part of the line that carries the source.
std::pair<double, double> support(const LineMixture<double>& source) {
  double low = source.mean();
  double high = low;
  for (const auto& c : source.components()) {
    const double reach = kReachOfStep * std::sqrt(c.variance);
    low = std::min(low, c.mean - reach);
    high = std::max(high, c.mean + reach);
  }
  return {low, high};
}

double narrowest(const LineMixture<double>& source) {
  double out = source.components().front().variance;
  for (const auto& c : source.components()) {
    out = std::min(out, c.variance);
  }
  return std::sqrt(out);
}

XCell make_cell(const TamperedStep& step, const QuadratureRule<double>& rule, double a, double b) {
  XCell cell;
  const std::size_t copies = step.weights.size();
  cell.means.resize(rule.nodes.size() * copies);
  for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
    const double x = (a + b) / 2 + (b - a) / 2 * rule.nodes[k];
    cell.mass.push_back((b - a) / 2 * rule.weights[k] * step.source.density(x));
    step.means(x, &cell.means[k * copies]);
  }
  const auto [least, most] =
      std::minmax_element(cell.means.begin(), cell.means.end(),
                          [](const auto& l, const auto& r) { return l.exact < r.exact; });
  cell.low = least->exact;
  cell.high = most->exact;
  return cell;
}

std::vector<XCell> make_cells(const TamperedStep& step, const Rules& rules) {
  const auto [low, high] = support(step.source);
  std::vector<double> ends{low};
  for (const double cut : step.cuts) {
    if (cut > low && cut < high) {
      ends.push_back(cut);
    }
  }
  ends.push_back(high);
  const double widest = rules.width * std::min(step.sd, narrowest(step.source));
  const auto fine = gauss_legendre<double>(rules.nodes);
  // On a cell much narrower than the noise the integrand is nearly linear.
  const auto coarse = gauss_legendre<double>(rules.nodes / 3 + 1);
  std::vector<XCell> out;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const double length = ends[i + 1] - ends[i];
    const auto parts = static_cast<std::size_t>(std::ceil(length / widest));
    const double each = length / static_cast<double>(parts);
    for (std::size_t p = 0; p < parts; ++p) {
      const double a = ends[i] + static_cast<double>(p) * each;
      out.push_back(make_cell(step, each < 0.2 * step.sd ? coarse : fine, a, a + each));
    }
  }
  return out;
}

/// sum over nodes and copies of mass (N(y; m + shift) - N(y; m)), without the factor
/// 1/(sd sqrt(2 pi)).
double difference_at(const TamperedStep& step, const XCell& cell, double y) {
  const std::size_t copies = step.weights.size();
  double sum = 0;
  for (std::size_t k = 0; k < cell.mass.size(); ++k) {
    double here = 0;
    for (std::size_t c = 0; c < copies; ++c) {
      const TamperedStep::Mean& mean = cell.means[k * copies + c];
      const double z = (y - mean.exact) / step.sd;
      const double shift = mean.shift / step.sd;
      here += step.weights[c] * std::exp(-z * z / 2) * std::expm1(shift * (z - shift / 2));
    }
    sum += cell.mass[k] * here;
  }
  return sum;
}

double distance(const TamperedStep& step, const Rules& rules) {
  const std::vector<XCell> cells = make_cells(step, rules);
  double largest_shift = 0;
  double reach_y = 0;
  for (const XCell& cell : cells) {
    for (const TamperedStep::Mean& mean : cell.means) {
      largest_shift = std::max(largest_shift, std::abs(mean.shift));
    }
    reach_y = std::max({reach_y, std::abs(cell.low), std::abs(cell.high)});
  }
  const double reach = kReachOfStep * step.sd + largest_shift;
  const auto basis = std::make_shared<LegendreBasis<double>>(rules.order);
  const DyadicLine line = DyadicLine::covering(reach_y + 2 * reach);
  const Feature feature{cells.front().low - reach, cells.back().high + reach,
                        narrowest(step.source)};
  const double scale = std::min(1.0, largest_shift / step.sd);
  const PanelRule rule{.tolerance = 1e-11 * scale, .relative = 1e-13, .negligible = 1e-16 * scale};
  const double norm = 1 / (step.sd * std::sqrt(2 * pi<double>()));
  const auto sample = [&](const Cell& at, const double* nodes, double* out) {
    const auto order = static_cast<std::size_t>(rules.order);
    std::fill_n(out, order, 0.0);
    const double low = line.low(at) - reach;
    const double high = line.high(at) + reach;
    for (const XCell& cell : cells) {
      if (cell.high < low || cell.low > high) {
        continue;
      }
      for (std::size_t k = 0; k < order; ++k) {
        if (cell.high > nodes[k] - reach && cell.low < nodes[k] + reach) {
          out[k] += norm * difference_at(step, cell, nodes[k]);
        }
      }
    }
  };
  const PanelFunction<double> difference =
      build_panels<double>(basis, line, 1, cover(line, std::span(&feature, 1), 0), sample, rule);
  return half_absolute_integral(difference, 0);
}

}  // namespace

Quantity tampered_distance(const TamperedStep& step) {
  const double fine = distance(step, {.order = 20, .nodes = 12, .width = 1.0});
  const double coarse = distance(step, {.order = 16, .nodes = 10, .width = 1.3});
  return Quantity::computed(fine, 2 * std::abs(fine - coarse));
}

}  // namespace lemmabench
