#include "theory/mixture/factor_mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/scalar.hpp"
#include "theory/mixture/factor_kernels.hpp"
#include "theory/mixture/mixture_kernels.hpp"

namespace lemmabench {
namespace {

// A share this small adds nothing to a sum of doubles.
constexpr double kNegligibleFactorShare = 1e-30;

bool matters(const Lanes& share) {
  for (std::size_t l = 0; l < kLanes; ++l) {
    if (share.v[l] > kNegligibleFactorShare) {
      return true;
    }
  }
  return false;
}

/// L with L L^T = M, in place; M is I plus a square, so that its pivots are at least 1.
void cholesky(double* matrix, std::size_t size) {
  for (std::size_t j = 0; j < size; ++j) {
    for (std::size_t i = j; i < size; ++i) {
      double sum = matrix[i * size + j];
      for (std::size_t n = 0; n < j; ++n) {
        sum -= matrix[i * size + n] * matrix[j * size + n];
      }
      matrix[i * size + j] = i == j ? std::sqrt(sum) : sum / matrix[j * size + j];
    }
  }
}

}  // namespace

FactorMixture::FactorMixture(VectorMixture diagonal, const std::vector<double>& factors)
    : diagonal_(std::move(diagonal)) {
  const std::size_t dim = diagonal_.dim();
  const std::size_t rows = factors.size() / dim;
  rank_ = rows / diagonal_.size();
  if (rank_ == 0 || rank_ > kMostFactors || factors.size() != diagonal_.size() * rank_ * dim) {
    throw InputError(
        fmt::format("factors: {} rows for {} centres; give each centre the same number of them, "
                    "from 1 to {}",
                    rows, diagonal_.size(), kMostFactors));
  }
  if (!(diagonal_.core_variance() > 0) ||
      !std::all_of(factors.begin(), factors.end(), [](double x) { return std::isfinite(x); })) {
    throw InputError("factors: must be finite, over variances above 0");
  }
  factors_.resize(factors.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < dim; ++i) {
      factors_[(row / rank_ * dim + i) * rank_ + row % rank_] = factors[row * dim + i];
    }
  }
  if (diagonal_.shared()) {
    grams_.assign(diagonal_.size() * rank_ * rank_, 0);
    for (std::size_t k = 0; k < diagonal_.size(); ++k) {
      add_gram(k, nullptr, &grams_[k * rank_ * rank_]);
    }
  }
}

std::unique_ptr<VectorMarginal> FactorMixture::marginal(double tau) const {
  return std::make_unique<SmoothedFactorMixture>(*this, tau);
}

void FactorMixture::sample(const SampleKeys& keys, double tau, std::uint64_t first,
                           std::size_t groups, Lanes* out) const {
  diagonal_.sample(keys, tau, first, groups, out);
  std::vector<Lanes> normals(groups * rank_);
  random_normals(keys.key(SampleStream::further), first, groups, rank_, normals.data());
  const RandomKey choice = keys.key(SampleStream::choice);
  for (std::size_t g = 0; g < groups; ++g) {
    const double* rows[kLanes];
    for (std::size_t l = 0; l < kLanes; ++l) {
      const std::size_t k = diagonal_.component(random_uniform(choice, first + g * kLanes + l));
      rows[l] = &factors_[k * dim() * rank_];
    }
    factor_place(dim(), rank_, rows, &normals[g * rank_], out + g * dim());
  }
}

/// U_k^T diag(p) U_k below the diagonal and on it; without p, of ones.
void FactorMixture::add_gram(std::size_t k, const double* precision, double* out) const {
  for (std::size_t i = 0; i < dim(); ++i) {
    const double* row = &factors_[(k * dim() + i) * rank_];
    for (std::size_t a = 0; a < rank_; ++a) {
      const double scaled = precision == nullptr ? row[a] : precision[i] * row[a];
      for (std::size_t b = 0; b <= a; ++b) {
        out[a * rank_ + b] += scaled * row[b];
      }
    }
  }
}

SmoothedFactorMixture::SmoothedFactorMixture(const FactorMixture& clean, double tau)
    : VectorMarginal(tau), clean_(clean), precisions_(clean.diagonal_.precisions(tau)) {
  const VectorMixture& diagonal = clean.diagonal_;
  const std::size_t dim = clean.dim();
  const std::size_t rank = clean.rank_;
  const double turns = static_cast<double>(dim) * std::log(2 * pi<double>());
  triangles_.assign(diagonal.size() * rank * rank, 0);
  for (std::size_t k = 0; k < diagonal.size(); ++k) {
    double* matrix = &triangles_[k * rank * rank];
    if (diagonal.shared()) {
      for (std::size_t j = 0; j < rank * rank; ++j) {
        matrix[j] = precisions_[0] * clean.grams_[k * rank * rank + j];
      }
    } else {
      clean.add_gram(k, &precisions_[k * dim], matrix);
    }
    for (std::size_t a = 0; a < rank; ++a) {
      matrix[a * rank + a] += 1;
    }
    cholesky(matrix, rank);
    double log_volume = diagonal.log_volume(k, tau);
    for (std::size_t a = 0; a < rank; ++a) {
      log_volume += 2 * std::log(matrix[a * rank + a]);
    }
    log_factors_.push_back(std::log(diagonal.weight(k)) - (log_volume + turns) / 2);
  }
}

FactorTask SmoothedFactorMixture::task(std::size_t k, const Lanes* points) const {
  const std::size_t dim = clean_.dim();
  const std::size_t rank = clean_.rank_;
  const bool shared = clean_.diagonal_.shared();
  return {.dim = dim,
          .rank = rank,
          .mean = clean_.diagonal_.mean(k),
          .precision = &precisions_[shared ? 0 : k * dim],
          .precision_stride = shared ? 0U : 1U,
          .factors = &clean_.factors_[k * dim * rank],
          .triangle = &triangles_[k * rank * rank],
          .points = points};
}

SmoothedFactorMixture::Softmax SmoothedFactorMixture::softmax(const Lanes* points,
                                                              std::size_t groups) const {
  const std::size_t size = clean_.diagonal_.size();
  Softmax out{std::vector<Lanes>(groups * size), std::vector<Lanes>(groups * size * clean_.rank_),
              std::vector<Lanes>(groups), std::vector<Lanes>(groups)};
  // All points pass over a component while it is in the cache.
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t g = 0; g < groups; ++g) {
      Lanes square;
      factor_square(task(k, points + g * clean_.dim()), &square,
                    &out.weights[(g * size + k) * clean_.rank_]);
      out.shares[g * size + k].v = log_factors_[k] - 0.5 * square.v;
    }
  }
  MixtureBatch batch;
  batch.components = size;
  batch.groups = groups;
  mixture_shares(batch, out.shares.data(), out.largest.data(), out.total.data());
  return out;
}

void SmoothedFactorMixture::score(const Lanes* points, std::size_t groups, Lanes* out) const {
  const std::size_t size = clean_.diagonal_.size();
  const Softmax sums = softmax(points, groups);
  std::fill_n(out, groups * clean_.dim(), Lanes{});
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t g = 0; g < groups; ++g) {
      const Lanes& share = sums.shares[g * size + k];
      if (matters(share)) {
        factor_pull(task(k, points + g * clean_.dim()), share,
                    &sums.weights[(g * size + k) * clean_.rank_], out + g * clean_.dim());
      }
    }
  }
}

void SmoothedFactorMixture::log_density(const Lanes* points, std::size_t groups, Lanes* out) const {
  const Softmax sums = softmax(points, groups);
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      out[g].v[l] = sums.largest[g].v[l] + std::log(sums.total[g].v[l]);
    }
  }
}

}  // namespace lemmabench
