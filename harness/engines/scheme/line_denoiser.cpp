#include "harness/engines/scheme/line_denoiser.hpp"

#include <algorithm>
#include <cmath>

namespace lemmabench {

LineMixture<double> line_mixture(const CoordinateLaw& target) {
  std::vector<LineMixture<double>::Component> components;
  for (const CoordinateLaw::Component& component : target.components) {
    components.push_back({from_rational<double>(component.weight),
                          from_rational<double>(component.mean),
                          from_rational<double>(component.variance)});
  }
  return LineMixture<double>(std::move(components));
}

LineMixture<double> noisy_mixture(const LineMixture<double>& clean, double sigma) {
  if (std::isinf(sigma)) {
    return LineMixture<double>({{1, 0, 1}});
  }
  std::vector<LineMixture<double>::Component> components = clean.components();
  for (auto& component : components) {
    component.variance += sigma * sigma;
  }
  return LineMixture<double>(std::move(components));
}

LineDenoiser::LineDenoiser(const LineMixture<double>& clean, double sigma)
    : mean_(clean.mean()), endless_(std::isinf(sigma)) {
  for (const auto& [weight, mean, variance] : clean.components()) {
    const double noise = sigma * sigma;
    const double total = variance + noise;
    components_.push_back({std::log(weight) - std::log(total) / 2, mean, 1 / total,
                           mean * (noise / total), variance / total});
  }
}

void LineDenoiser::operator()(const double* points, std::size_t count, double* values,
                              double* slopes) const {
  if (endless_) {
    std::fill_n(values, count, mean_);
    if (slopes != nullptr) {
      std::fill_n(slopes, count, 0.0);
    }
    return;
  }
  const std::size_t size = components_.size();
  std::vector<double> share(size);
  for (std::size_t i = 0; i < count; ++i) {
    const double y = points[i];
    double largest = -HUGE_VAL;
    for (std::size_t k = 0; k < size; ++k) {
      const double gap = components_[k].mean - y;
      share[k] = components_[k].log_factor - gap * gap * components_[k].precision / 2;
      largest = std::max(largest, share[k]);
    }
    double total = 0;
    double answer = 0;
    double pull = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const Component& c = components_[k];
      share[k] = std::exp(share[k] - largest);
      total += share[k];
      answer += share[k] * (c.pull + c.keep * y);
      pull += share[k] * (c.mean - y) * c.precision;
    }
    answer /= total;
    values[i] = answer;
    if (slopes != nullptr) {
      pull /= total;
      double slope = 0;
      for (std::size_t k = 0; k < size; ++k) {
        const Component& c = components_[k];
        const double excess = (c.mean - y) * c.precision - pull;
        slope += share[k] * (c.keep + excess * (c.pull + c.keep * y - answer));
      }
      slopes[i] = slope / total;
    }
  }
}

}  // namespace lemmabench
