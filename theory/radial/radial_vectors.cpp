#include "theory/radial/radial_vectors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "numerics/error.hpp"
#include "numerics/legendre.hpp"
#include "numerics/log_gamma.hpp"
#include "numerics/scalar.hpp"
#include "theory/radial/radial_kernel.hpp"

namespace lemmabench {
namespace {

void squared_norms(std::size_t dim, const Lanes* points, std::size_t groups, Lanes* out) {
  for (std::size_t g = 0; g < groups; ++g) {
    LaneVector sum = {};
    for (std::size_t i = g * dim; i < (g + 1) * dim; ++i) {
      sum += points[i].v * points[i].v;
    }
    out[g].v = sum;
  }
}

class RadialPoints final : public VectorMarginal {
 public:
  RadialPoints(double tau, std::unique_ptr<RadialMarginal> marginal)
      : VectorMarginal(tau),
        marginal_(std::move(marginal)),
        dim_(static_cast<std::size_t>(marginal_->dim())),
        abar_(1 / (1 + tau)) {}

  // x = sqrt(abar) y, so the score in y is abar g(|x|) y.
  void score(const Lanes* points, std::size_t groups, Lanes* out) const override {
    std::vector<Lanes> factor(groups);
    squared_norms(dim_, points, groups, factor.data());
    for (std::size_t g = 0; g < groups; ++g) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        factor[g].v[l] = abar_ * marginal_->score_factor(log_radius(factor[g][l]));
      }
      for (std::size_t i = g * dim_; i < (g + 1) * dim_; ++i) {
        out[i].v = factor[g].v * points[i].v;
      }
    }
  }

  void log_density(const Lanes* points, std::size_t groups, Lanes* out) const override {
    squared_norms(dim_, points, groups, out);
    const double half = static_cast<double>(dim_) / 2;
    const double log_sphere = std::log(2.0) + half * std::log(pi<double>()) - log_gamma(half);
    for (std::size_t g = 0; g < groups; ++g) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        // The density of log|y| is that of y times |y|^d and the unit sphere's surface.
        const double square = out[g][l];
        out[g].v[l] =
            marginal_->log_density(log_radius(square)) - log_sphere - half * std::log(square);
      }
    }
  }

 private:
  /// v = log(|x|/sqrt(d)) from |y|^2; at 0 the least double's.
  double log_radius(double square) const {
    return std::log(std::max(abar_ * square / static_cast<double>(dim_), 1e-300)) / 2;
  }

  std::unique_ptr<RadialMarginal> marginal_;
  std::size_t dim_;
  double abar_;
};

}  // namespace

RadialVectors::RadialVectors(Parts parts) : parts_(std::move(parts)) {}

std::vector<double> RadialVectors::mean() const {
  if (!parts_.has_mean) {
    throw EngineRefusal(
        "--target: has no mean, which is what the data prediction is at a level without signal "
        "(abar = 0); let the first level of --schedule have some");
  }
  return std::vector<double>(parts_.dim);
}

std::unique_ptr<VectorMarginal> RadialVectors::marginal(double tau) const {
  return std::make_unique<RadialPoints>(tau, parts_.marginal({1 / (1 + tau), tau / (1 + tau)}));
}

void RadialVectors::sample(const SampleKeys& keys, double tau, std::uint64_t first,
                           std::size_t groups, Lanes* out) const {
  const std::size_t dim = parts_.dim;
  random_normals(keys.key(SampleStream::point), first, groups, dim, out);
  std::vector<Lanes> factor(groups);
  if (parts_.scale) {
    // sqrt(W) G + sqrt(tau) Z given W is N(0, (W + tau) I).
    const RandomKey choice = keys.key(SampleStream::choice);
    for (std::size_t s = 0; s < groups * kLanes; ++s) {
      factor[s / kLanes].v[s % kLanes] =
          std::sqrt(parts_.scale(random_uniform(choice, first + s)) + tau);
    }
    for (std::size_t i = 0; i < groups * dim; ++i) {
      out[i].v *= factor[i / dim].v;
    }
    return;
  }
  squared_norms(dim, out, groups, factor.data());
  const double radius = parts_.shell * std::sqrt(static_cast<double>(dim));
  for (Lanes& one : factor) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      one.v[l] = radius / std::sqrt(one[l]);
    }
  }
  std::vector<Lanes> noise(groups * dim);
  random_normals(keys.key(SampleStream::further), first, groups, dim, noise.data());
  const double sd = std::sqrt(tau);
  for (std::size_t i = 0; i < groups * dim; ++i) {
    out[i].v = factor[i / dim].v * out[i].v + sd * noise[i].v;
  }
}

double kl_to_standard_normal(const RadialMarginal& marginal, std::size_t panels) {
  constexpr int kOrder = 20;
  const QuadratureRule<double> rule = gauss_legendre<double>(kOrder);
  const auto d = static_cast<double>(marginal.dim());
  const double peak = log_radius_peak(marginal.dim());
  const RadialFeature where = marginal.feature(1e-28);
  const double widths = (where.high - where.low) / std::min(where.width, 1.0);
  const auto count = static_cast<std::size_t>(std::ceil(widths)) * panels;
  const double half = (where.high - where.low) / (2 * static_cast<double>(count));
  double sum = 0;
  double moment = 0;
  for (std::size_t n = 0; n < count; ++n) {
    const double middle = where.low + half * static_cast<double>(2 * n + 1);
    for (std::size_t j = 0; j < kOrder; ++j) {
      const double v = middle + half * rule.nodes[j];
      const double log_p = marginal.log_density(v);
      const double log_normal = peak - d / 2 * (std::expm1(2 * v) - 2 * v);
      const double x = log_normal - log_p;
      const double p = half * rule.weights[j] * std::exp(log_p);
      sum += x > 500 ? 0 : p * (std::expm1(x) - x);
      moment += p * std::exp(2 * v);
    }
  }
  const double missed = marginal.second_moment() - moment;
  // Where nothing is missed the difference is rounding.
  return sum + (missed > 1e-12 * moment ? d / 2 * missed : 0);
}

}  // namespace lemmabench
