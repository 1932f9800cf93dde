#include "harness/engines/plane/plane_total_variation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "theory/radial/isotropic_excess.hpp"

namespace lemmabench {
namespace {

/// int_0^1 |f|, f(s) = a + (b - a) s - bend s (1 - s)/2.
double absolute_piece(double a, double b, double bend) {
  const auto until = [&](double s) {
    return s * (a + s * ((b - a) / 2 - bend * (1.0 / 4 - s / 6)));
  };
  if ((a < 0) == (b < 0)) {
    return std::abs(until(1));
  }
  double root = a / (a - b);
  for (int i = 0; i < 4; ++i) {
    const double value = a + (b - a) * root - bend * root * (1 - root) / 2;
    const double slope = b - a - bend * (0.5 - root);
    root = std::clamp(slope == 0 ? root : root - value / slope, 0.0, 1.0);
  }
  const double left = until(root);
  return std::abs(left) + std::abs(until(1) - left);
}

/// The sum of |f|/2 over a line of values at unit spacing, f quadratic between neighbours and 0
/// outside. (The plain sum loses h^2 at every change of sign, however well f is resolved.)
double half_absolute_sum(const std::vector<double>& f) {
  const auto at = [&](std::size_t i) { return i < f.size() ? f[i] : 0; };
  double sum = 0;
  for (std::size_t i = 0; i + 1 < f.size(); ++i) {
    const double before = i == 0 ? 0 : f[i - 1];
    const double bend = (before - f[i] - f[i + 1] + at(i + 2)) / 2;
    sum += absolute_piece(f[i], f[i + 1], bend);
  }
  return sum / 2;
}

/// One trapezoid sum over the grid of the pair.
double integral(const PlanePair& pair, double e, long m) {
  const std::vector<double> density = density_on(pair.grid, pair.reference);
  const IsotropicExcess excess(e, m);
  const double unseen = 1e-17 * *std::max_element(density.begin(), density.end());
  double sum = 0;
  std::vector<double> row(pair.grid.nx);
  for (std::size_t j = 0; j < pair.grid.ny; ++j) {
    const std::size_t start = j * pair.grid.nx;
    for (std::size_t i = 0; i < pair.grid.nx; ++i) {
      row[i] = density[start + i] * pair.change[start + i];
    }
    if (m == 0 || e == 0) {
      sum += half_absolute_sum(row);
      continue;
    }
    for (std::size_t i = 0; i < pair.grid.nx; ++i) {
      if (density[start + i] > unseen) {
        const double base = pair.base.empty() ? 1 : pair.base[start + i];
        sum += excess(density[start + i] * base, row[i]);
      }
    }
  }
  return sum * pair.grid.h * pair.grid.h;
}

PlanePair halved(const PlanePair& pair, std::size_t order) {
  return {pair.grid.halved(), pair.reference,
          pair.base.empty() ? pair.base : halved(pair.grid, pair.base, order),
          halved(pair.grid, pair.change, order)};
}

}  // namespace

Estimate<double> plane_total_variation(const PlanePair& pair, double e, long m,
                                       const PlaneSettings& settings) {
  // A point costs a hundred times more with e, and its kinks are weaker.
  const double relative = m == 0 || e == 0 ? 1e-7 : 1e-6;
  PlanePair at = pair;
  double value = integral(at, e, m);
  double change = value;
  for (int i = 0; i < settings.refinements && change > relative * value; ++i) {
    at = halved(at, settings.order);
    const double next = integral(at, e, m);
    change = std::abs(next - value);
    value = next;
  }
  return {value, change};
}

}  // namespace lemmabench
