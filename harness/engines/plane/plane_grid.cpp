#include "harness/engines/plane/plane_grid.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/hermite.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMostOrder = 32;

/// 1/prod_{j != k} (k - j) for k, j < n.
std::vector<double> lagrange_factors(std::size_t n) {
  std::vector<double> out;
  for (std::size_t k = 0; k < n; ++k) {
    double product = 1;
    for (std::size_t j = 0; j < n; ++j) {
      product *= j == k ? 1 : static_cast<double>(k) - static_cast<double>(j);
    }
    out.push_back(1 / product);
  }
  return out;
}

/// Weights of the values at 0..n-1 for the polynomial through them at s; exact at the nodes.
void lagrange_weights(const std::vector<double>& factors, double s, double* out) {
  const std::size_t n = factors.size();
  double before = 1;
  for (std::size_t k = 0; k < n; ++k) {
    out[k] = before * factors[k];
    before *= s - static_cast<double>(k);
  }
  double behind = 1;
  for (std::size_t k = n; k-- > 0;) {
    out[k] *= behind;
    behind *= s - static_cast<double>(k);
  }
}

/// Weights of the values at distance 0, 1, ... on either side, for a deviation in spacings.
std::vector<double> smoothing_stencil(double sd, std::size_t order) {
  std::vector<double> out;
  if (sd >= 1.2) {
    const auto reach = static_cast<std::size_t>(std::ceil(8.5 * sd));
    double sum = 0;
    for (std::size_t k = 0; k <= reach; ++k) {
      const double z = static_cast<double>(k) / sd;
      out.push_back(std::exp(-z * z / 2));
      sum += (k == 0 ? 1 : 2) * out.back();
    }
    for (double& weight : out) {
      weight /= sum;
    }
    return out;
  }
  const std::size_t half = order / 2;
  const std::vector<double> factors = lagrange_factors(2 * half + 1);
  std::vector<double> weights(factors.size());
  out.resize(half + 1);
  const QuadratureRule<double> rule = gauss_hermite<double>(static_cast<int>(half + 1));
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    lagrange_weights(factors, static_cast<double>(half) + sd * rule.nodes[i], weights.data());
    for (std::size_t k = 0; k <= half; ++k) {
      out[k] += rule.weights[i] * weights[half + k];
    }
  }
  return out;
}

/// values <- the symmetric stencil applied to `lines` lines of `count` values: value i of line l is
/// at l * line_step + i * step.
void convolve(const std::vector<double>& stencil, std::size_t count, std::size_t step,
              std::size_t lines, std::size_t line_step, std::vector<double>& values) {
  const std::size_t reach = stencil.size() - 1;
  std::vector<double> line(count + 2 * reach);
  for (std::size_t l = 0; l < lines; ++l) {
    double* at = values.data() + l * line_step;
    for (std::size_t i = 0; i < count; ++i) {
      line[reach + i] = at[i * step];
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double* centre = line.data() + reach + i;
      double sum = stencil[0] * *centre;
      for (std::size_t k = 1; k <= reach; ++k) {
        sum += stencil[k] * (centre[k] + *(centre - k));
      }
      at[i * step] = sum;
    }
  }
}

/// phi of every component at the points of one axis.
std::vector<std::vector<double>> axis_factors(const PlaneMixture& mixture, double start, double h,
                                              std::size_t count,
                                              double PlaneMixture::Component::*centre) {
  std::vector<std::vector<double>> out;
  for (const PlaneMixture::Component& component : mixture.components()) {
    out.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      const double z = start + h * static_cast<double>(i) - component.*centre;
      out.back().push_back(std::exp(-z * z / (2 * mixture.variance())));
    }
  }
  return out;
}

}  // namespace

PlaneGrid grid_of(const PlaneMixture& mixture, const PlaneSettings& settings) {
  const double sd = std::sqrt(mixture.variance());
  const auto& all = mixture.components();
  using Component = PlaneMixture::Component;
  const auto [left, right] = std::minmax_element(
      all.begin(), all.end(), [](const Component& a, const Component& b) { return a.x < b.x; });
  const auto [bottom, top] = std::minmax_element(
      all.begin(), all.end(), [](const Component& a, const Component& b) { return a.y < b.y; });
  PlaneGrid out;
  out.h = settings.spacing * sd;
  const auto count = [&](double extent) {
    return 1 + static_cast<std::size_t>(std::ceil((extent + 2 * settings.reach * sd) / out.h));
  };
  out.nx = count(right->x - left->x);
  out.ny = count(top->y - bottom->y);
  out.x0 = (left->x + right->x) / 2 - out.h * static_cast<double>(out.nx - 1) / 2;
  out.y0 = (bottom->y + top->y) / 2 - out.h * static_cast<double>(out.ny - 1) / 2;
  return out;
}

std::vector<double> density_on(const PlaneGrid& grid, const PlaneMixture& mixture) {
  const auto along_x = axis_factors(mixture, grid.x0, grid.h, grid.nx, &PlaneMixture::Component::x);
  const auto along_y = axis_factors(mixture, grid.y0, grid.h, grid.ny, &PlaneMixture::Component::y);
  std::vector<double> out(grid.size());
  for (std::size_t j = 0; j < grid.ny; ++j) {
    double* row = out.data() + j * grid.nx;
    for (std::size_t k = 0; k < along_x.size(); ++k) {
      const double factor =
          mixture.components()[k].weight / (2 * pi<double>() * mixture.variance()) * along_y[k][j];
      for (std::size_t i = 0; i < grid.nx; ++i) {
        row[i] += factor * along_x[k][i];
      }
    }
  }
  return out;
}

PlaneInterpolant::PlaneInterpolant(const PlaneGrid& grid,
                                   const std::vector<std::vector<double>>& functions,
                                   std::size_t order)
    : grid_(grid), order_(order), stride_(grid.nx + order), factors_(lagrange_factors(order)) {
  const std::size_t margin = order / 2;
  const auto nearest = [&](std::size_t i, std::size_t count) {
    return std::min(i < margin ? 0 : i - margin, count - 1);
  };
  for (const std::vector<double>& function : functions) {
    padded_.emplace_back();
    for (std::size_t j = 0; j < grid.ny + order; ++j) {
      const double* row = function.data() + nearest(j, grid.ny) * grid.nx;
      for (std::size_t i = 0; i < stride_; ++i) {
        padded_.back().push_back(row[nearest(i, grid.nx)]);
      }
    }
  }
}

std::size_t PlaneInterpolant::stencil(double s, std::size_t count, double* weights) const {
  const double inside = std::clamp(s, 0.0, static_cast<double>(count - 1));
  const double floor = std::floor(inside);
  lagrange_weights(factors_, inside - floor + static_cast<double>(order_ / 2 - 1), weights);
  return static_cast<std::size_t>(floor) + 1;
}

void PlaneInterpolant::evaluate(double x, double y, double* out) const {
  double along_x[kMostOrder];
  double along_y[kMostOrder];
  const std::size_t i = stencil((x - grid_.x0) / grid_.h, grid_.nx, along_x);
  const std::size_t j = stencil((y - grid_.y0) / grid_.h, grid_.ny, along_y);
  for (std::size_t f = 0; f < padded_.size(); ++f) {
    double sums[kMostOrder] = {};
    for (std::size_t b = 0; b < order_; ++b) {
      const double* row = padded_[f].data() + (j + b) * stride_ + i;
      for (std::size_t a = 0; a < order_; ++a) {
        sums[a] += along_y[b] * row[a];
      }
    }
    double sum = 0;
    for (std::size_t a = 0; a < order_; ++a) {
      sum += along_x[a] * sums[a];
    }
    out[f] = sum;
  }
}

std::vector<double> halved(const PlaneGrid& grid, const std::vector<double>& values,
                           std::size_t order) {
  std::vector<double> weights(order);
  lagrange_weights(lagrange_factors(order), static_cast<double>(order / 2) - 0.5, weights.data());
  const auto between = [&](const double* from, std::size_t count, std::size_t step, std::size_t i) {
    double sum = 0;
    for (std::size_t k = 0; k < order; ++k) {
      const auto at = static_cast<long>(i + k + 1) - static_cast<long>(order / 2);
      sum +=
          weights[k] *
          from[static_cast<std::size_t>(std::clamp(at, 0L, static_cast<long>(count) - 1)) * step];
    }
    return sum;
  };
  const PlaneGrid fine = grid.halved();
  std::vector<double> out(fine.size());
  for (std::size_t j = 0; j < grid.ny; ++j) {
    const double* row = values.data() + j * grid.nx;
    double* target = out.data() + 2 * j * fine.nx;
    for (std::size_t i = 0; i < fine.nx; ++i) {
      target[i] = i % 2 == 0 ? row[i / 2] : between(row, grid.nx, 1, i / 2);
    }
  }
  for (std::size_t j = 1; j < fine.ny; j += 2) {
    for (std::size_t i = 0; i < fine.nx; ++i) {
      out[j * fine.nx + i] = between(out.data() + i, grid.ny, 2 * fine.nx, j / 2);
    }
  }
  return out;
}

void smooth(const PlaneGrid& grid, double sd, std::size_t order, std::vector<double>& values) {
  constexpr double kMostPolynomial = 0.7;
  double deviation = sd / grid.h;
  int passes = 1;
  if (deviation < 1.2 && deviation > kMostPolynomial) {
    passes =
        static_cast<int>(std::ceil(deviation * deviation / (kMostPolynomial * kMostPolynomial)));
    deviation /= std::sqrt(static_cast<double>(passes));
  }
  const std::vector<double> stencil = smoothing_stencil(deviation, order);
  for (int pass = 0; pass < passes; ++pass) {
    convolve(stencil, grid.nx, 1, grid.ny, grid.nx, values);
    convolve(stencil, grid.ny, grid.nx, grid.nx, 1, values);
  }
}

}  // namespace lemmabench
