#include "harness/engines/line/gauss_pairs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace lemmabench {
namespace {

constexpr std::size_t kChannels = 2;

/// Sources, their weights and ascending targets around them.
struct Pairs {
  std::vector<double> means;
  std::vector<double> weights;
  std::vector<double> points;
  double scale = 1 / (0.3 * std::sqrt(2.0));

  Pairs(std::size_t sources, std::size_t targets) {
    for (std::size_t k = 0; k < sources; ++k) {
      means.push_back(0.8 * std::cos(7.0 * static_cast<double>(k * k)));
    }
    for (std::size_t k = 0; k < kChannels * sources; ++k) {
      weights.push_back(std::sin(1.0 + static_cast<double>(k)));
    }
    for (std::size_t j = 0; j < targets; ++j) {
      points.push_back(-2 + 0.17 * static_cast<double>(j));
    }
  }

  std::vector<double> sums(double reach = 1e9) const {
    std::vector<double> out(kChannels * points.size() + 1, 0);
    out.back() = -7;
    add_gauss_pairs({.means = means.data(),
                     .weights = weights.data(),
                     .sources = means.size(),
                     .channels = kChannels,
                     .scale = scale,
                     .reach = reach},
                    points.data(), points.size(), out.data());
    CHECK(out.back() == -7);  // nothing is written behind the last
    out.pop_back();
    return out;
  }
};

TEST_CASE("Gaussian pairs in lanes are the sum over all pairs") {
  for (const std::size_t sources : {1U, 16U, 20U, 32U, 45U}) {
    for (const std::size_t targets : {1U, 7U, 8U, 20U, 33U}) {
      CAPTURE(sources);
      CAPTURE(targets);
      const Pairs pairs(sources, targets);
      const std::vector<double> found = pairs.sums();
      double worst = 0;
      for (std::size_t channel = 0; channel < kChannels; ++channel) {
        for (std::size_t j = 0; j < targets; ++j) {
          long double sum = 0;
          long double size = 0;
          for (std::size_t k = 0; k < sources; ++k) {
            const long double z =
                (static_cast<long double>(pairs.points[j]) - pairs.means[k]) * pairs.scale;
            const long double term = pairs.weights[channel * sources + k] * std::exp(-z * z);
            sum += term;
            size += std::fabs(term);
          }
          const long double off = std::fabs(found[channel * targets + j] - sum) / size;
          worst = std::max(worst, static_cast<double>(off));
        }
      }
      // Five roundings of the exponent, which is up to 39 for the largest term of a
      // target: 2.2e-14, and those of the exponential and of the sum.
      CHECK(worst < 4e-14);  // observed at most 1.5e-14
    }
  }
}

TEST_CASE("sources out of reach of eight targets are left out, and no others") {
  Pairs pairs(20, 24);
  for (const bool ascending : {true, false}) {
    std::sort(pairs.means.begin(), pairs.means.end());
    if (!ascending) {
      std::reverse(pairs.means.begin(), pairs.means.end());
    }
    const double reach = 0.4;
    const std::vector<double> found = pairs.sums(reach);
    std::size_t left_out = 0;
    for (std::size_t j = 0; j < pairs.points.size(); ++j) {
      const double low = pairs.points[j / 8 * 8];
      const double high = pairs.points[j / 8 * 8 + 7];
      double sum = 0;
      for (std::size_t k = 0; k < pairs.means.size(); ++k) {
        const double z = (pairs.points[j] - pairs.means[k]) * pairs.scale;
        const bool near = pairs.means[k] >= low - reach && pairs.means[k] <= high + reach;
        sum += near ? pairs.weights[k] * std::exp(-z * z) : 0;
        left_out += near ? 0 : 1;
      }
      CHECK(std::fabs(found[j] - sum) < 1e-14);  // 20 terms of size 1; observed at most 3e-16
    }
    CHECK(left_out > 100);
  }
}

TEST_CASE("a mean that is no number makes sums that are none") {
  Pairs pairs(20, 9);
  pairs.means[0] = std::numeric_limits<double>::quiet_NaN();
  for (const double sum : pairs.sums()) {
    CHECK(std::isnan(sum));
  }
}

}  // namespace
}  // namespace lemmabench
