#include "theory/mixture/vector_mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/scalar.hpp"
#include "theory/mixture/initial_divergence.hpp"
#include "theory/mixture/mixture_kernels.hpp"

namespace lemmabench {
namespace {

// Of (|m|^2/2)/variance where distances may be products: see SmoothedMixture.
constexpr double kMostHalfSquare = 1.5e4;

}  // namespace

VectorMixture::VectorMixture(std::size_t dim, std::vector<double> weights,
                             std::vector<double> means, std::vector<double> variances)
    : dim_(dim),
      weights_(std::move(weights)),
      means_(std::move(means)),
      variances_(std::move(variances)) {
  const std::size_t size = weights_.size();
  if (dim_ == 0 || size == 0 || means_.size() != size * dim_ ||
      (variances_.size() != 1 && variances_.size() != size * dim_)) {
    throw InputError(
        fmt::format("mixture: {} weights, {} coordinates of centres and {} variances "
                    "do not fit dimension {}",
                    size, means_.size(), variances_.size(), dim_));
  }
  const auto finite = [](double x) { return std::isfinite(x); };
  if (!std::all_of(means_.begin(), means_.end(), finite) ||
      !std::all_of(variances_.begin(), variances_.end(),
                   [&](double v) { return finite(v) && v >= 0; })) {
    throw InputError("mixture: centres must be finite, variances 0 or above and finite");
  }
  double total = 0;
  for (const double weight : weights_) {
    if (!(weight > 0)) {
      throw InputError("mixture: weights must be above 0");
    }
    total += weight;
    cumulative_.push_back(total);
  }
  if (std::abs(total - 1) > 1e-9) {
    throw InputError(fmt::format("mixture: weights sum to {:.12g}, not to 1", total));
  }
  if (shared()) {
    centre_means();
  }
}

void VectorMixture::centre_means() {
  centre_.assign(dim_, 0);
  for (std::size_t j = 0; j < means_.size(); ++j) {
    centre_[j % dim_] += means_[j] / static_cast<double>(size());
  }
  centred_.resize(means_.size());
  half_squares_.assign(size(), 0);
  for (std::size_t j = 0; j < means_.size(); ++j) {
    centred_[j] = means_[j] - centre_[j % dim_];
    half_squares_[j / dim_] += centred_[j] * centred_[j] / 2;
  }
  most_half_square_ = *std::max_element(half_squares_.begin(), half_squares_.end());
}

std::size_t VectorMixture::component(double u) const {
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), u);
  return std::min(static_cast<std::size_t>(found - cumulative_.begin()), size() - 1);
}

std::vector<double> VectorMixture::mean() const {
  std::vector<double> out(dim_);
  for (std::size_t k = 0; k < size(); ++k) {
    for (std::size_t i = 0; i < dim_; ++i) {
      out[i] += weights_[k] * means_[k * dim_ + i];
    }
  }
  return out;
}

std::unique_ptr<VectorMarginal> VectorMixture::marginal(double tau) const {
  return std::make_unique<SmoothedMixture>(*this, tau);
}

void VectorMixture::sample(const SampleKeys& keys, double tau, std::uint64_t first,
                           std::size_t groups, Lanes* out) const {
  random_normals(keys.key(SampleStream::point), first, groups, dim_, out);
  const RandomKey choice = keys.key(SampleStream::choice);
  const std::size_t stride = shared() ? 0 : dim_;
  MixtureRows rows;
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      const std::size_t k = component(random_uniform(choice, first + g * kLanes + l));
      rows.means[l] = mean(k);
      rows.variances[l] = &variances_[k * stride];
    }
    mixture_place(rows, shared(), tau, dim_, out + g * dim_);
  }
}

double VectorMixture::core_variance() const {
  return *std::min_element(variances_.begin(), variances_.end());
}

void VectorMixture::initial_summands(const Level<double>& level, const Lanes* x, std::size_t groups,
                                     double* out) const {
  const InitialDivergence divergence(*this, level);
  for (std::size_t g = 0; g < groups; ++g) {
    divergence.summands(x + g * dim_, out + g * kLanes);
  }
}

std::vector<double> VectorMixture::precisions(double tau) const {
  std::vector<double> out;
  out.reserve(variances_.size());
  for (const double variance : variances_) {
    out.push_back(1 / (variance + tau));
  }
  return out;
}

double VectorMixture::log_volume(std::size_t k, double tau) const {
  if (shared()) {
    return static_cast<double>(dim_) * std::log(variances_[0] + tau);
  }
  double sum = 0;
  double product = 1;
  for (std::size_t i = 0; i < dim_; ++i) {
    const double variance = variances_[k * dim_ + i] + tau;
    // One logarithm for as many factors as a double has room for.
    const double longer = product * variance;
    if (longer > 1e-200 && longer < 1e200) {
      product = longer;
    } else {
      sum += std::log(product);
      product = variance;
    }
  }
  return sum + std::log(product);
}

SmoothedMixture::SmoothedMixture(const VectorMixture& clean, double tau)
    : VectorMarginal(tau), clean_(clean), precisions_(clean.precisions(tau)) {
  const double turns = static_cast<double>(clean.dim()) * std::log(2 * pi<double>());
  for (std::size_t k = 0; k < clean.size(); ++k) {
    log_factors_.push_back(std::log(clean.weights_[k]) - (clean.log_volume(k, tau) + turns) / 2);
  }
}

namespace {

struct Softmax {
  std::vector<Lanes> shares;
  std::vector<Lanes> largest;
  std::vector<Lanes> total;
};

Softmax softmax(const MixtureBatch& batch) {
  Softmax out{std::vector<Lanes>(batch.groups * batch.components), std::vector<Lanes>(batch.groups),
              std::vector<Lanes>(batch.groups)};
  mixture_logits(batch, out.shares.data());
  mixture_shares(batch, out.shares.data(), out.largest.data(), out.total.data());
  return out;
}

}  // namespace

MixtureBatch SmoothedMixture::batch(const Lanes* points, std::size_t groups) const {
  return {.dim = clean_.dim(),
          .components = clean_.size(),
          .groups = groups,
          .means = by_products() ? clean_.centred_.data() : clean_.means_.data(),
          .precisions = precisions_.data(),
          .precisions_stride = clean_.shared() ? 0 : clean_.dim(),
          .log_factors = log_factors_.data(),
          .half_squares = by_products() ? clean_.half_squares_.data() : nullptr,
          .points = points};
}

bool SmoothedMixture::by_products() const {
  return clean_.shared() && clean_.most_half_square_ * precisions_[0] <= kMostHalfSquare;
}

/// The points less the centre, where distances are products; else nothing.
std::vector<Lanes> SmoothedMixture::centred(const Lanes* points, std::size_t groups) const {
  std::vector<Lanes> out;
  if (by_products()) {
    out.resize(groups * clean_.dim());
    for (std::size_t g = 0; g < groups; ++g) {
      for (std::size_t i = 0; i < clean_.dim(); ++i) {
        out[g * clean_.dim() + i].v = points[g * clean_.dim() + i].v - clean_.centre_[i];
      }
    }
  }
  return out;
}

void SmoothedMixture::score(const Lanes* points, std::size_t groups, Lanes* out) const {
  const std::vector<Lanes> about = centred(points, groups);
  const MixtureBatch task = batch(about.empty() ? points : about.data(), groups);
  mixture_pull(task, softmax(task).shares.data(), out);
}

void SmoothedMixture::log_density(const Lanes* points, std::size_t groups, Lanes* out) const {
  const std::vector<Lanes> about = centred(points, groups);
  Softmax sums = softmax(batch(about.empty() ? points : about.data(), groups));
  for (std::size_t j = 0; j < about.size(); ++j) {
    sums.largest[j / clean_.dim()].v -= 0.5 * precisions_[0] * about[j].v * about[j].v;
  }
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      out[g].v[l] = sums.largest[g].v[l] + std::log(sums.total[g].v[l]);
    }
  }
}

}  // namespace lemmabench
