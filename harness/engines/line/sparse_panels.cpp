#include "harness/engines/line/sparse_panels.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

constexpr double kComponentReach = 6;  // deviations; beyond, a bump is below 1e-8 of its height

/// A component of p, in doubles: where nodes lie is no matter of digits.
struct Bump {
  double mean;
  double sd;
};

std::vector<double> points_of_panel(const double* y, std::size_t order) {
  // The panel's ends, about as far beyond the outermost nodes as these are from their neighbours.
  std::vector<double> out{y[0] - (y[1] - y[0])};
  out.insert(out.end(), y, y + order);
  out.push_back(y[order - 1] + (y[order - 1] - y[order - 2]));
  return out;
}

double widest_gap(const std::vector<double>& points) {
  double gap = 0;
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    gap = std::max(gap, std::abs(points[k + 1] - points[k]));
  }
  return gap;
}

/// Whether neighbours step over the component.
bool steps_over(const std::vector<double>& points, const Bump& bump) {
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    const double low = std::min(points[k], points[k + 1]);
    const double high = std::max(points[k], points[k + 1]);
    if (high - low > bump.sd && low < bump.mean + kComponentReach * bump.sd &&
        high > bump.mean - kComponentReach * bump.sd) {
      return true;
    }
  }
  return false;
}

}  // namespace

template <class Real>
std::vector<std::size_t> sparse_panels(const PanelFunction<Real>& law, const Real* y,
                                       const LineMixture<Real>& p, double tolerance) {
  std::vector<Bump> bumps;
  double narrowest = HUGE_VAL;
  for (const auto& component : p.components()) {
    bumps.push_back({to_double(component.mean), std::sqrt(to_double(component.variance))});
    narrowest = std::min(narrowest, bumps.back().sd);
  }
  const std::size_t order = law.order();
  std::vector<std::size_t> out;
  std::vector<double> values(order);
  for (std::size_t i = 0; i < law.panels(); ++i) {
    std::transform(y + i * order, y + (i + 1) * order, values.begin(),
                   [](const Real& value) { return to_double(value); });
    const std::vector<double> points = points_of_panel(values.data(), order);
    if (!(widest_gap(points) > narrowest) || !(law.magnitude(i) * law.width(i) > tolerance)) {
      continue;
    }
    if (std::any_of(bumps.begin(), bumps.end(),
                    [&](const Bump& bump) { return steps_over(points, bump); })) {
      out.push_back(i);
    }
  }
  return out;
}

#define LEMMABENCH_INSTANTIATE(Real)                                                             \
  template std::vector<std::size_t> sparse_panels<Real>(const PanelFunction<Real>&, const Real*, \
                                                        const LineMixture<Real>&, double);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
