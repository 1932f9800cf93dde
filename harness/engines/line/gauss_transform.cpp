#include "harness/engines/line/gauss_transform.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

/// Largest |ab| of a group: what is lost to rounding is e^{2|ab|} (see the header).
constexpr double kMostProduct = 4;
/// A smaller group is cheaper pair by pair.
constexpr std::size_t kFewest = 5;

}  // namespace

template <class Real>
GaussTransform<Real>::GaussTransform(const Real& sd, std::size_t channels)
    : inverse_sd_(1 / sd), channels_(channels), inverse_factorials_{Real(1)} {}

/// The sources from `first` on that may be taken together with targets that are `spread` = max |a|
/// away from their middle.
template <class Real>
typename GaussTransform<Real>::Group GaussTransform<Real>::group_from(const Real* means,
                                                                      std::size_t first,
                                                                      std::size_t sources,
                                                                      double spread) const {
  std::size_t low = first;
  std::size_t high = first;
  const auto reach = [&](std::size_t from, std::size_t to) {
    return to_double(Real((means[to] - means[from]) * inverse_sd_)) / 2;
  };
  std::size_t end = first + 1;
  for (; end < sources; ++end) {
    const std::size_t lower = means[end] < means[low] ? end : low;
    const std::size_t upper = means[end] > means[high] ? end : high;
    if (!(reach(lower, upper) * spread <= kMostProduct)) {
      break;
    }
    low = lower;
    high = upper;
  }
  return {first, end, Real((means[low] + means[high]) / 2), reach(low, high)};
}

/// How many terms exp(ab) takes for |ab| <= product, to the last digit of the smallest value.
template <class Real>
std::size_t GaussTransform<Real>::terms_for(double product) {
  const double least = to_double(std::numeric_limits<Real>::epsilon()) * std::exp(-product) / 10;
  std::size_t terms = 1;
  for (double term = 1; term > least; ++terms) {
    term *= product / static_cast<double>(terms);
  }
  while (inverse_factorials_.size() < terms) {
    inverse_factorials_.push_back(inverse_factorials_.back() /
                                  static_cast<double>(inverse_factorials_.size()));
  }
  return terms;
}

template <class Real>
void GaussTransform<Real>::add_direct(const Group& group, const Real* means, const Real* weights,
                                      std::size_t sources, const Real* points, std::size_t targets,
                                      Real* out) {
  using std::exp;
  for (std::size_t k = group.first; k < group.end; ++k) {
    for (std::size_t j = 0; j < targets; ++j) {
      const Real z = (points[j] - means[k]) * inverse_sd_;
      const Real value = exp(Real(-z * z / 2));
      for (std::size_t channel = 0; channel < channels_; ++channel) {
        out[channel * targets + j] += weights[channel * sources + k] * value;
      }
    }
  }
}

template <class Real>
void GaussTransform<Real>::add_series(const Group& group, const Real* means, const Real* weights,
                                      std::size_t sources, const Real& middle, Real* out) {
  using std::exp;
  double spread = 0;
  for (const Real& offset : offsets_) {
    spread = std::max(spread, std::abs(to_double(offset)));
  }
  const std::size_t terms = terms_for(spread * group.reach);
  const std::size_t targets = offsets_.size();
  const Real shift = (middle - group.centre) * inverse_sd_;
  moments_.assign(channels_ * terms, Real(0));
  for (std::size_t k = group.first; k < group.end; ++k) {
    const Real b = (means[k] - group.centre) * inverse_sd_;
    const Real size = exp(Real(b * (shift - b / 2)));
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      Real power = size * weights[channel * sources + k];
      for (std::size_t n = 0; n < terms; ++n) {
        moments_[channel * terms + n] += power;
        power *= b;
      }
    }
  }
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    for (std::size_t n = 0; n < terms; ++n) {
      moments_[channel * terms + n] *= inverse_factorials_[n];
    }
  }
  for (std::size_t j = 0; j < targets; ++j) {
    const Real& a = offsets_[j];
    const Real z = shift + a;
    const Real size = exp(Real(-z * z / 2));
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      const Real* moments = moments_.data() + channel * terms;
      Real sum = moments[terms - 1];
      for (std::size_t n = terms - 1; n-- > 0;) {
        sum = sum * a + moments[n];
      }
      out[channel * targets + j] += size * sum;
    }
  }
}

template <class Real>
void GaussTransform<Real>::add(const Real* means, const Real* weights, std::size_t sources,
                               const Real* points, std::size_t targets, Real* out) {
  if (targets == 0) {
    return;
  }
  const auto [low, high] = std::minmax_element(points, points + targets);
  const Real middle = (*low + *high) / 2;
  offsets_.resize(targets);
  for (std::size_t j = 0; j < targets; ++j) {
    offsets_[j] = (points[j] - middle) * inverse_sd_;
  }
  const double spread = to_double(Real((*high - *low) * inverse_sd_)) / 2;
  for (std::size_t first = 0; first < sources;) {
    const Group group = group_from(means, first, sources, spread);
    if (group.end - group.first < kFewest) {
      add_direct(group, means, weights, sources, points, targets, out);
    } else {
      add_series(group, means, weights, sources, middle, out);
    }
    first = group.end;
  }
}

#define LEMMABENCH_INSTANTIATE(Real) template class GaussTransform<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
