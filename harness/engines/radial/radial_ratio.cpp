#include "harness/engines/radial/radial_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lemmabench {

RadialReference::RadialReference(const RadialMarginal& p, double floor)
    : p_(p), floor_(floor), log_floor_(std::log(floor)) {}

double RadialReference::log_weight(double v) const {
  const double log_p = p_.log_density(v);
  return log_p > log_floor_ ? log_p + std::log1p(floor_ * std::exp(-log_p))
                            : log_floor_ + std::log1p(std::exp(log_p) / floor_);
}

RatioRule::RatioRule(std::shared_ptr<const LegendreBasis<double>> basis, const PanelRule& rule)
    : basis_(std::move(basis)), rule_(rule) {}

PanelVerdict RatioRule::verdict(double low, double width, const double* values,
                                std::size_t channels) const {
  return verdict(low, width, values, channels, rule_.tolerance);
}

PanelVerdict RatioRule::verdict(double low, double width, const double* values,
                                std::size_t channels, double tolerance) const {
  const auto order = static_cast<std::size_t>(basis_->order());
  const double* log_weight = values + (channels - 1) * order;
  const double noise = rule_.noise<double>(low, width);
  std::vector<double> weight(order);
  std::vector<double> density(order);
  std::vector<double> series(order);
  std::transform(log_weight, log_weight + order, weight.begin(),
                 [](double x) { return std::exp(x); });
  const double largest_weight = *std::max_element(weight.begin(), weight.end());
  const auto tail = [&](const double* at) {
    basis_->coefficients(at, series.data());
    return series_tail(series.data(), order);
  };
  bool resolved = true;
  double largest = 0;
  for (std::size_t channel = 0; channel + 1 < channels; ++channel) {
    const double* ratio = values + channel * order;
    double most = 0;
    double most_ratio = 0;
    for (std::size_t k = 0; k < order; ++k) {
      density[k] = ratio[k] * weight[k];
      most = std::max(most, std::abs(density[k]));
      most_ratio = std::max(most_ratio, std::abs(ratio[k]));
    }
    largest = std::max(largest, most);
    if (!(most * width > rule_.negligible)) {
      continue;
    }
    const double of_ratio = tail(ratio);
    const double of_density = tail(density.data());
    resolved = resolved &&
               (of_ratio * largest_weight * width <= tolerance || of_ratio <= noise * most_ratio) &&
               (of_density * width <= tolerance || of_density <= noise * most);
  }
  if (!(largest * width > rule_.negligible)) {
    return PanelVerdict::negligible;
  }
  const double of_weight = tail(log_weight);
  resolved = resolved && (of_weight * largest * width <= tolerance || of_weight <= noise);
  return resolved ? PanelVerdict::resolved : PanelVerdict::unresolved;
}

PanelFunction<double> RatioRule::build(const DyadicLine& line, std::size_t densities,
                                       const std::vector<Cell>& cells,
                                       const PanelSampler<double>& ratios) const {
  const PanelJudge<double> judge = [&](double low, double width, const double* values) {
    return verdict(low, width, values, densities + 1);
  };
  return build_panels<double>(basis_, line, static_cast<int>(densities) + 1, cells, ratios, judge,
                              rule_.most_panels);
}

void divide_by_weight(const RadialReference& reference, const double* points, std::size_t count,
                      std::size_t densities, double* values) {
  for (std::size_t k = 0; k < count; ++k) {
    const double log_weight = reference.log_weight(points[k]);
    const double scale = std::exp(-log_weight);
    for (std::size_t channel = 0; channel < densities; ++channel) {
      values[channel * count + k] *= scale;
    }
    values[densities * count + k] = log_weight;
  }
}

PanelFunction<double> combined_density(const PanelFunction<double>& law,
                                       std::span<const double> factors) {
  const std::size_t order = law.order();
  const std::size_t last = law.channels() - 1;
  PanelFunction<double> out(law.shared_basis(), law.line(), 1);
  std::vector<double> sum(order);
  for (std::size_t i = 0; i < law.panels(); ++i) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (std::size_t channel = 0; channel < last; ++channel) {
      for (std::size_t k = 0; k < order; ++k) {
        sum[k] += factors[channel] * law.values(i, channel)[k];
      }
    }
    for (std::size_t k = 0; k < order; ++k) {
      sum[k] *= std::exp(law.values(i, last)[k]);
    }
    out.append(law.cell(i), sum.data());
  }
  return out;
}

double largest_density(const PanelFunction<double>& law, std::size_t i) {
  const std::size_t last = law.channels() - 1;
  double largest = 0;
  for (std::size_t k = 0; k < law.order(); ++k) {
    double most = 0;
    for (std::size_t channel = 0; channel < last; ++channel) {
      most = std::max(most, std::abs(law.values(i, channel)[k]));
    }
    largest = std::max(largest, most * std::exp(law.values(i, last)[k]));
  }
  return largest;
}

}  // namespace lemmabench
