#include "harness/engines/scheme/line_denoiser.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/lanes.hpp"

namespace lemmabench {
namespace {

struct DenoiserParts {
  const LineDenoiser::Component* components;
  std::size_t size;
  Lanes* shares;  ///< room for one a component
};

/// Unnormalised shares of the components at eight points, and their sum.
LEMMABENCH_LANE_FUNCTION void find_shares(const DenoiserParts& parts, const LaneVector& y,
                                          LaneVector& total) {
  LaneVector largest = LaneVector{} - HUGE_VAL;
  for (std::size_t k = 0; k < parts.size; ++k) {
    const LineDenoiser::Component& c = parts.components[k];
    const LaneVector gap = c.mean - y;
    const LaneVector log_share = c.log_factor - gap * gap * c.precision / 2;
    parts.shares[k].v = log_share;
    largest = log_share > largest ? log_share : largest;
  }
  total = LaneVector{};
  for (std::size_t k = 0; k < parts.size; ++k) {
    LaneVector share;
    lane_exp(parts.shares[k].v - largest, share);
    parts.shares[k].v = share;
    total += share;
  }
}

/// D and D' at eight points.
LEMMABENCH_LANE_FUNCTION void denoise(const DenoiserParts& parts, const LaneVector& y,
                                      LaneVector& value, LaneVector& slope) {
  LaneVector total;
  find_shares(parts, y, total);
  LaneVector answer = {};
  LaneVector pull = {};
  for (std::size_t k = 0; k < parts.size; ++k) {
    const LineDenoiser::Component& c = parts.components[k];
    answer += parts.shares[k].v * (c.pull + c.keep * y);
    pull += parts.shares[k].v * (c.mean - y) * c.precision;
  }
  answer /= total;
  pull /= total;
  LaneVector sum = {};
  for (std::size_t k = 0; k < parts.size; ++k) {
    const LineDenoiser::Component& c = parts.components[k];
    const LaneVector excess = (c.mean - y) * c.precision - pull;
    sum += parts.shares[k].v * (c.keep + excess * (c.pull + c.keep * y - answer));
  }
  value = answer;
  slope = sum / total;
}

LEMMABENCH_LANE_FUNCTION void denoise_lanes_body(const DenoiserParts& parts, const double* points,
                                                 std::size_t count, double* values,
                                                 double* slopes) {
  for (std::size_t start = 0; start < count; start += kLanes) {
    const std::size_t here = std::min(kLanes, count - start);
    LaneVector y = {};
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      y[lane] = points[start + std::min(lane, here - 1)];
    }
    LaneVector value;
    LaneVector slope;
    denoise(parts, y, value, slope);
    for (std::size_t lane = 0; lane < here; ++lane) {
      values[start + lane] = value[lane];
    }
    if (slopes != nullptr) {
      for (std::size_t lane = 0; lane < here; ++lane) {
        slopes[start + lane] = slope[lane];
      }
    }
  }
}

LEMMABENCH_FOR_EACH_VECTOR_UNIT(denoise_lanes,
                                (const DenoiserParts& parts, const double* points,
                                 std::size_t count, double* values, double* slopes),
                                (parts, points, count, values, slopes))

}  // namespace

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
  std::vector<Lanes> shares(components_.size());
  denoise_lanes({components_.data(), components_.size(), shares.data()}, points, count, values,
                slopes);
}

}  // namespace lemmabench
