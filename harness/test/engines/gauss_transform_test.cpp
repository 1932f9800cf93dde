#include "harness/engines/line/gauss_transform.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

struct Layout {
  const char* name;
  double sources_at;
  double sources_wide;  ///< half-width of the sources, in sd
  double targets_at;
  double targets_wide;
};

const Layout kLayouts[] = {
    {"close", 0, 1, 0.5, 1},        {"far", 0, 1.5, 12, 1.5},
    {"wide sources", -3, 30, 2, 1}, {"wide targets", 1, 0.5, -2, 25},
    {"both wide", 0, 9, 5, 9},      {"one place", 2, 0, 2, 1},
    {"one target", 0, 3, 1, 0},     {"off centre", 1e6, 2, 1e6 + 3, 2},
};

/// A fixed sequence in [-1, 1] without order, so that groups are of every size.
double scattered(std::size_t k) { return std::cos(7.0 * static_cast<double>(k * k) + 0.3); }

/// The largest error against a sum over all pairs at twice the digits, relative to the sum of the
/// absolute terms.
template <class Real, class Truth>
double largest_error(const Layout& layout, double sd, bool in_order) {
  constexpr std::size_t kSources = 40;
  constexpr std::size_t kTargets = 23;
  constexpr std::size_t kChannels = 2;
  std::vector<Real> means;
  std::vector<Real> weights(kSources * kChannels);
  std::vector<Real> points;
  for (std::size_t k = 0; k < kSources; ++k) {
    const double place = in_order ? 2 * static_cast<double>(k) / (kSources - 1) - 1 : scattered(k);
    means.push_back(Real(sd) * (layout.sources_at + layout.sources_wide * place));
    weights[k] = Real(1.0 + 0.5 * scattered(k + 1));
    weights[kSources + k] = Real(scattered(k + 2));
  }
  for (std::size_t j = 0; j < kTargets; ++j) {
    const double place = 2 * static_cast<double>(j) / (kTargets - 1) - 1;
    points.push_back(Real(sd) * (layout.targets_at + layout.targets_wide * place));
  }
  std::vector<Real> out(kTargets * kChannels, Real(0));
  GaussTransform<Real> transform(Real(sd), kChannels);
  transform.add(means.data(), weights.data(), kSources, points.data(), kTargets, out.data());
  double worst = 0;
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    for (std::size_t j = 0; j < kTargets; ++j) {
      Truth sum(0);
      Truth size(0);
      for (std::size_t k = 0; k < kSources; ++k) {
        const Truth z = (Truth(points[j]) - Truth(means[k])) / Truth(Real(sd));
        const Truth term = Truth(weights[channel * kSources + k]) * exp(Truth(-z * z / 2));
        sum += term;
        size += abs(term);
      }
      const Truth off = abs(Truth(Truth(out[channel * kTargets + j]) - sum));
      worst = std::max(worst, to_double(Truth(off / size)));
    }
  }
  return worst;
}

TEST_CASE("the fast Gauss transform is the sum over all pairs") {
  for (const Layout& layout : kLayouts) {
    CAPTURE(layout.name);
    for (const bool in_order : {true, false}) {
      CAPTURE(in_order);
      // Derived: e^8 = 3000 roundings of a series, and as many of an exponent as it is large: 72
      // far away, 10^6 where the middle of two places off the centre is rounded. Observed at most
      // 0.1 of it.
      const double rounding = layout.sources_at > 1e3 ? 1e-32 : 1e-35;
      CHECK(largest_error<Mp40, Mp80>(layout, 0.37, in_order) < rounding);
      CHECK(largest_error<Mp40, Mp80>(layout, 1e-9, in_order) < rounding);
    }
  }
}

}  // namespace
}  // namespace lemmabench
