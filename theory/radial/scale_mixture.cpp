#include "theory/radial/scale_mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/error.hpp"
#include "numerics/incomplete_gamma.hpp"
#include "numerics/lanes.hpp"
#include "theory/radial/radial_kernel.hpp"

namespace lemmabench {
namespace {

constexpr double kIgnored = 42;    // e^-42 of the largest term, at fineness 1
constexpr double kLeast = -1e300;  // a log of nothing that lanes can take
constexpr std::size_t kWindows = 4096;
constexpr std::size_t kLeastGrid = 70;  // more atoms than any target has
constexpr std::size_t kStride = 4;
/// Nodes over sqrt(rate W) in a unit of y: the trapezoid rule on a Gaussian of deviation
/// 1/sqrt(2 rate W) is then good to 2 exp(-2 pi^2 1.9^2/2) = 1e-15.
constexpr double kTailNodes = 1.9;
constexpr double kTruncated = 23;  // e^-23 of the largest term, at an end of the grid

/// The grid in tau of the class comment.
class ScaleGrid {
 public:
  ScaleGrid(const ScaleLaw& law, const Level<double>& level, double half_dim, double fineness)
      : level_(level),
        prior_(fineness / (0.4 * law.width)),
        likelihood_(fineness / std::min(0.3, 0.6 / std::sqrt(half_dim))),
        tail_(fineness * kTailNodes * std::sqrt(law.rate)) {}

  double scale(double y) const { return level_.abar * std::exp(y) + level_.noise; }
  double tau(double y) const {
    return prior_ * y + likelihood_ * std::log(scale(y)) + 2 * tail_ * std::exp(0.5 * y);
  }
  double slope(double y) const {
    return prior_ + likelihood_ * level_.abar * std::exp(y) / scale(y) + tail_ * std::exp(0.5 * y);
  }
  /// y with tau(y) = target, from a guess: tau is convex and its slope at least prior_.
  double inverse(double target, double y) const {
    for (int i = 0; i < 60; ++i) {
      const double change = (target - tau(y)) / slope(y);
      y += change;
      if (std::abs(change) < 1e-13 * (1 + std::abs(y))) break;
    }
    return y;
  }

 private:
  const Level<double>& level_;
  double prior_;
  double likelihood_;
  double tail_;
};

/// sum_j e^{terms_j - largest} and the same with inverse_j, over whole groups of lanes.
LEMMABENCH_LANE_FUNCTION void sum_terms_body(const double* terms, const double* inverse,
                                             std::size_t count, double largest, double* sums) {
  LaneVector sum{};
  LaneVector weighted{};
  for (std::size_t j = 0; j < count; j += kLanes) {
    LaneVector x{};
    LaneVector factor{};
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      x[lane] = terms[j + lane];
      factor[lane] = inverse[j + lane];
    }
    x = x - largest;
    LaneVector weight;
    lane_exp(x, weight);
    sum += weight;
    weighted += weight * factor;
  }
  sums[0] = 0;
  sums[1] = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sums[0] += sum[lane];
    sums[1] += weighted[lane];
  }
}

LEMMABENCH_FOR_EACH_VECTOR_UNIT(sum_terms,
                                (const double* terms, const double* inverse, std::size_t count,
                                 double largest, double* sums),
                                (terms, inverse, count, largest, sums))

}  // namespace

ScaleMixture::ScaleMixture(long dim, const ScaleLaw& law, const Level<double>& level,
                           double fineness)
    : half_dim_(0.5 * static_cast<double>(dim)),
      peak_(log_radius_peak(dim)),
      bucket_width_(std::min(0.1, 0.5 / std::sqrt(half_dim_))),
      ignored_(kIgnored * std::min(1.0, fineness)),
      windows_(kWindows) {
  for (const ScaleLaw::Atom& atom : law.atoms) {
    add(std::log(atom.weight), level.abar * atom.scale + level.noise);
  }
  if (law.atoms.empty()) {
    const ScaleGrid grid(law, level, half_dim_, fineness);
    const double end = grid.tau(law.high);
    double y = law.low;
    for (double tau = grid.tau(law.low); tau < end; tau += 1) {
      y = grid.inverse(tau, y);
      add(law.log_density(y) - std::log(grid.slope(y)), grid.scale(y));
    }
  }
  atoms_ = !law.atoms.empty();
  noise_ = level.noise;
  normalise();
  prepare_windows();
  second_moment_ = level.abar * law.mean + level.noise;
}

void ScaleMixture::add(double log_weight, double scale) {
  const double log_scale = std::log(scale);
  const auto at = std::upper_bound(log_scale_.begin(), log_scale_.end(), log_scale);
  const auto index = at - log_scale_.begin();
  log_scale_.insert(at, log_scale);
  log_weight_.insert(log_weight_.begin() + index, log_weight);
  inverse_.insert(inverse_.begin() + index, 1 / scale);
}

void ScaleMixture::normalise() {
  const double largest = *std::max_element(log_weight_.begin(), log_weight_.end());
  double total = 0;
  for (const double weight : log_weight_) {
    total += std::exp(weight - largest);
  }
  const double log_total = largest + std::log(total);
  for (double& weight : log_weight_) {
    weight -= log_total;
  }
}

void ScaleMixture::prepare_windows() {
  // Neighbouring nodes of a grid have nearly the same term: a few in each width will do to see
  // where the terms matter.
  const std::size_t count = log_scale_.size();
  stride_ = count > kLeastGrid ? kStride : 1;
  for (std::size_t j = 0; j < count; j += stride_) {
    coarse_base_.push_back(log_weight_[j] - half_dim_ * log_scale_[j]);
    coarse_inverse_.push_back(inverse_[j]);
  }
  terms_.resize(count + kLanes);
  inverse_.resize(count + kLanes, 0.0);
}

/// The components that matter anywhere in the bucket of v: each term is linear in e^{2v} and v, so
/// that the ends of a narrow bucket, with some room, speak for what is between them.
const ScaleMixture::Window& ScaleMixture::window(double v) const {
  const int bucket = static_cast<int>(std::floor(v / bucket_width_));
  Window& found = windows_[static_cast<std::size_t>(bucket) % kWindows];
  if (found.last > 0 && found.bucket == bucket) {
    return found;
  }
  const std::size_t count = log_scale_.size();
  const std::size_t coarse = coarse_base_.size();
  found = {bucket, count, 0};
  for (const int end : {bucket, bucket + 1}) {
    const double slope = half_dim_ * std::exp(2 * bucket_width_ * end);
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < coarse; ++k) {
      terms_[k] = coarse_base_[k] - slope * coarse_inverse_[k];
    }
    for (std::size_t k = 0; k < coarse; ++k) {
      largest = std::max(largest, terms_[k]);
    }
    std::size_t first = 0;
    std::size_t last = coarse - 1;
    while (terms_[first] < largest - ignored_) ++first;
    while (terms_[last] < largest - ignored_) --last;
    found.first = std::min(found.first, first == 0 ? 0 : (first - 1) * stride_);
    found.last = std::max(found.last, std::min((last + 1) * stride_, count - 1) + 1);
  }
  return found;
}

ScaleMixture::Posterior ScaleMixture::posterior(double v) const {
  const Window& near = window(v);
  const double square = std::exp(2 * v);
  const std::size_t count = near.last - near.first;
  double largest = kLeast;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t j = near.first + k;
    const double bend = (square * inverse_[j] - 1) - (2 * v - log_scale_[j]);
    terms_[k] = std::max(log_weight_[j] - half_dim_ * bend, kLeast);
  }
  for (std::size_t k = 0; k < count; ++k) {
    largest = std::max(largest, terms_[k]);
  }
  const std::size_t whole = (count + kLanes - 1) / kLanes * kLanes;
  std::fill(terms_.begin() + static_cast<std::ptrdiff_t>(count),
            terms_.begin() + static_cast<std::ptrdiff_t>(whole), 2 * kLeast);
  double sums[2];
  sum_terms(terms_.data(), inverse_.data() + near.first, whole, largest, sums);
  return {largest + std::log(sums[0]), sums[1] / sums[0]};
}

bool ScaleMixture::holds(double v) const {
  if (atoms_) {
    return true;
  }
  const std::size_t last = log_scale_.size() - 1;
  const double square = std::exp(2 * v);
  const double sum = posterior(v).log_sum;
  const auto is_small = [&](std::size_t j) {
    const double bend = (square * inverse_[j] - 1) - (2 * v - log_scale_[j]);
    return log_weight_[j] - half_dim_ * bend < sum - kTruncated;
  };
  // At the lower end there is only noise, whose scale no component is below.
  return is_small(last) && (noise_ > 0 || is_small(0));
}

double ScaleMixture::log_density(double v) const { return peak_ + posterior(v).log_sum; }

double ScaleMixture::score_factor(double v) const { return -posterior(v).inverse; }

RadialFeature ScaleMixture::feature(double negligible) const {
  // A component of scale s reaches from log s/2 by what P(|G|^2/d > e^{2x}) <= negligible asks for.
  const double depth = -std::log(negligible);
  const double up = 0.5 * std::log1p(2 * depth / half_dim_ + 2 * std::sqrt(depth / half_dim_));
  const double down = depth / (2 * half_dim_) + std::sqrt(depth / (2 * half_dim_));
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (std::size_t j = 0; j < log_scale_.size(); ++j) {
    if (log_weight_[j] > -depth) {
      low = std::min(low, 0.5 * log_scale_[j] - down);
      high = std::max(high, 0.5 * log_scale_[j] + up);
    }
  }
  return {low, high, 4 / std::sqrt(half_dim_)};
}

double ScaleMixture::cdf(double v) const {
  double sum = 0;
  for (std::size_t j = 0; j < log_scale_.size(); ++j) {
    sum += std::exp(log_weight_[j]) *
           regularised_gamma_p(half_dim_, half_dim_ * std::exp(2 * v - log_scale_[j]));
  }
  return sum;
}

double ScaleMixture::upper_tail(double v) const {
  double sum = 0;
  for (std::size_t j = 0; j < log_scale_.size(); ++j) {
    sum += std::exp(log_weight_[j]) *
           regularised_gamma_q(half_dim_, half_dim_ * std::exp(2 * v - log_scale_[j]));
  }
  return sum;
}

double ScaleMixture::quantile(double p) const {
  if (!(p > 0 && p < 1)) {
    throw InputError(fmt::format("quantile: {} is not between 0 and 1", p));
  }
  const bool upper = p > 0.5;
  const RadialFeature where = feature(1e-30);
  double low = where.low - 40;
  double high = where.high + 40;
  double v = 0.5 * (low + high);
  for (int i = 0; i < 200; ++i) {
    const double miss = upper ? (1 - p) - upper_tail(v) : cdf(v) - p;  // rises with v
    (miss > 0 ? high : low) = v;
    const double newton = v - miss / std::exp(log_density(v));
    if (std::abs(newton - v) < 1e-15 * (1 + std::abs(v))) break;
    v = newton > low && newton < high ? newton : 0.5 * (low + high);
  }
  return v;
}

}  // namespace lemmabench
