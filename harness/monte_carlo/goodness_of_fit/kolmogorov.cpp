#include "harness/monte_carlo/goodness_of_fit/kolmogorov.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lemmabench {
namespace {

double two_sample_constant(std::size_t n) { return n >= 458 ? 2 : std::numbers::e; }

}  // namespace

double kolmogorov_distance(std::vector<double> sample,
                           const std::function<double(double)>& distribution) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double most = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double value = distribution(sample[i]);
    const auto below = static_cast<double>(i);
    most = std::max({most, (below + 1) / n - value, value - below / n});
  }
  return most;
}

double kolmogorov_distance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::size_t i = 0;
  std::size_t j = 0;
  double most = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    const double gap = static_cast<double>(i) / static_cast<double>(a.size()) -
                       static_cast<double>(j) / static_cast<double>(b.size());
    most = std::max(most, std::fabs(gap));
  }
  return most;
}

double one_sample_p(double distance, std::size_t n) {
  return std::min(1.0, 2 * std::exp(-2 * static_cast<double>(n) * distance * distance));
}

double two_sample_p(double distance, std::size_t n) {
  return std::min(1.0,
                  two_sample_constant(n) * std::exp(-static_cast<double>(n) * distance * distance));
}

double band(std::size_t n, double miss) { return one_sample_threshold(miss, n); }

double one_sample_threshold(double p, std::size_t n) {
  return std::sqrt(std::log(2 / p) / (2 * static_cast<double>(n)));
}

double two_sample_threshold(double p, std::size_t n) {
  return std::sqrt(std::log(two_sample_constant(n) / p) / static_cast<double>(n));
}

}  // namespace lemmabench
