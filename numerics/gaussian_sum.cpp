#include "numerics/gaussian_sum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "numerics/error.hpp"

namespace lemmabench {

GaussianSum::GaussianSum(const std::vector<double>& means, const std::vector<double>& weights,
                         double sd)
    : sd_(sd) {
  const auto finite = [](double x) { return std::isfinite(x); };
  if (means.empty() || means.size() != weights.size() || !std::isfinite(sd) || !(sd > 0) ||
      !std::all_of(means.begin(), means.end(), finite) ||
      !std::all_of(weights.begin(), weights.end(),
                   [](double w) { return std::isfinite(w) && w >= 0; })) {
    throw InputError(
        fmt::format("a sum of Gaussians has {} means, {} weights and deviation {}; as many weights "
                    ">= 0 as means, at least one, and a deviation above 0 are needed",
                    means.size(), weights.size(), sd));
  }
  std::vector<std::size_t> order(means.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return means[a] < means[b] || (means[a] == means[b] && a < b);
  });
  before_.push_back(0);
  for (const std::size_t j : order) {
    means_.push_back(means[j]);
    weights_.push_back(weights[j]);
    before_.push_back(before_.back() + weights[j]);
  }
}

GaussianSum::Window GaussianSum::window(double x) const {
  const auto first = std::lower_bound(means_.begin(), means_.end(), x - kReach * sd_);
  const auto last = std::upper_bound(first, means_.end(), x + kReach * sd_);
  return {static_cast<std::size_t>(first - means_.begin()),
          static_cast<std::size_t>(last - means_.begin())};
}

double GaussianSum::density(double x) const {
  const Window near = window(x);
  double sum = 0;
  for (std::size_t j = near.first; j < near.last; ++j) {
    const double z = (x - means_[j]) / sd_;
    sum += weights_[j] * std::exp(-z * z / 2);
  }
  return sum / (sd_ * std::sqrt(2 * std::numbers::pi));
}

double GaussianSum::cdf(double x) const {
  const Window near = window(x);
  double sum = before_[near.first];
  for (std::size_t j = near.first; j < near.last; ++j) {
    sum += weights_[j] * std::erfc((means_[j] - x) / (sd_ * std::numbers::sqrt2)) / 2;
  }
  return sum;
}

}  // namespace lemmabench
