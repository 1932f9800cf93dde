#include "harness/monte_carlo/goodness_of_fit/radius_law.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "numerics/legendre.hpp"
#include "theory/mixture/line_mixture.hpp"
#include "theory/radial/law_marginal.hpp"

namespace lemmabench {
namespace {

using Result = std::optional<DistributionFunction>;

Result of(const GaussianLaw& target, const Level<double>& level) {
  if (target.coordinates.size() != 1 || !target.centred()) return std::nullopt;
  const double half = static_cast<double>(target.dim()) / 2;
  const double variance = level.abar * target.coordinates[0].variance().to_double() + level.noise;
  return [half, variance](double r) { return boost::math::gamma_p(half, r * r / (2 * variance)); };
}

Result of(const CoordinateLaw& target, const Level<double>& level) {
  std::vector<LineMixture<double>::Component> components;
  components.reserve(target.components.size());
  for (const CoordinateLaw::Component& one : target.components) {
    components.push_back({one.weight.to_double(), one.mean.to_double(), one.variance.to_double()});
  }
  const LineMixture<double> line = LineMixture<double>(std::move(components)).at_level(level);
  return [line](double r) { return line.cdf(r) - line.cdf(-r); };
}

Result of(const RadialLaw& target, const Level<double>& level) {
  if (level.noise == 0 && target.sphere()) return std::nullopt;
  return radius_by_quadrature(*radial_marginal(target, level, 1));
}

template <class Other>
Result of(const Other&, const Level<double>&) {
  return std::nullopt;
}

/// A distribution function of v at equidistant points, with its densities.
struct Table {
  double low = 0;
  double step = 1;
  std::vector<double> values;
  std::vector<double> densities;

  double at(double v) const {
    const double place = (v - low) / step;
    if (!(place > 0)) return 0;
    const auto last = static_cast<double>(values.size() - 1);
    if (place >= last) return values.back();
    const auto i = static_cast<std::size_t>(place);
    const double x = place - static_cast<double>(i);
    const double rise = values[i + 1] - values[i];
    const double left = step * densities[i] - rise;
    const double right = rise - step * densities[i + 1];
    return values[i] + x * rise + x * (1 - x) * ((1 - x) * left + x * right);
  }
};

}  // namespace

Result radius_law(const Target& target, const Level<double>& level) {
  return std::visit([&](const auto& law) { return of(law, level); }, target.law);
}

Result radius_law(const VectorMixture& mixture) {
  const std::size_t dim = mixture.dim();
  if (dim == 1) {
    std::vector<LineMixture<double>::Component> components;
    for (std::size_t k = 0; k < mixture.size(); ++k) {
      components.push_back({mixture.weight(k), mixture.mean(k)[0], mixture.variance(k, 0)});
    }
    const LineMixture<double> line(std::move(components));
    return [line](double r) { return line.cdf(r) - line.cdf(-r); };
  }
  std::vector<std::pair<double, double>> parts;  // weight, variance
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    for (std::size_t i = 0; i < dim; ++i) {
      if (mixture.mean(k)[i] != 0 || mixture.variance(k, i) != mixture.variance(k, 0)) {
        return std::nullopt;
      }
    }
    parts.emplace_back(mixture.weight(k), mixture.variance(k, 0));
  }
  const double half = static_cast<double>(dim) / 2;
  return [half, parts](double r) {
    double sum = 0;
    for (const auto& [weight, variance] : parts) {
      sum += weight * boost::math::gamma_p(half, r * r / (2 * variance));
    }
    return sum;
  };
}

DistributionFunction radius_by_quadrature(const RadialMarginal& marginal) {
  constexpr int kOrder = 5;
  constexpr double kPanels = 64;
  const QuadratureRule<double> rule = gauss_legendre<double>(kOrder);
  const RadialFeature where = marginal.feature(1e-12);
  const double width = std::min(where.width, 1.0) / kPanels;
  const auto count = static_cast<std::size_t>(std::ceil((where.high - where.low) / width));
  auto table = std::make_shared<Table>();
  table->low = where.low;
  table->step = (where.high - where.low) / static_cast<double>(count);
  const auto density = [&](double v) { return std::exp(marginal.log_density(v)); };
  table->values.push_back(0);
  table->densities.push_back(density(where.low));
  for (std::size_t i = 1; i <= count; ++i) {
    const double end = where.low + table->step * static_cast<double>(i);
    double sum = 0;
    for (std::size_t j = 0; j < kOrder; ++j) {
      sum += rule.weights[j] * density(end + table->step / 2 * (rule.nodes[j] - 1));
    }
    table->values.push_back(table->values.back() + table->step / 2 * sum);
    table->densities.push_back(density(end));
  }
  const double log_root = std::log(static_cast<double>(marginal.dim())) / 2;
  return [table, log_root](double r) { return table->at(std::log(r) - log_root); };
}

}  // namespace lemmabench
