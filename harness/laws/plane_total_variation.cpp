#include "harness/laws/plane_total_variation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "theory/isotropic_excess.hpp"

namespace lemmabench {
namespace {

/// The sum of |f|/2 at unit spacing, f linear between its values: exact at sign changes.
double half_absolute_sum(const double* f, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const double a = std::abs(f[i]);
    const double b = std::abs(f[i + 1]);
    const bool crosses = (f[i] < 0) != (f[i + 1] < 0);
    sum += crosses && a + b > 0 ? (a * a + b * b) / (a + b) : a + b;
  }
  return sum / 4;
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
      sum += half_absolute_sum(row.data(), row.size());
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
  constexpr double kRelative = 1e-9;
  PlanePair at = pair;
  double value = integral(at, e, m);
  double change = value;
  for (int i = 0; i < settings.refinements && change > kRelative * value; ++i) {
    at = halved(at, settings.order);
    const double next = integral(at, e, m);
    change = std::abs(next - value);
    value = next;
  }
  return {value, change};
}

}  // namespace lemmabench
