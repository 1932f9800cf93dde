#include "harness/engines/common/cloud_frame.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "numerics/rational.hpp"
#include "theory/mixture/vector_mixture.hpp"

namespace lemmabench {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

Rational exact(double x) { return Rational::from_double(x, "cloud"); }

/// The mean of all centres, by their weights.
Vector middle_of(const VectorMixture& mixture) {
  Vector out(mixture.dim());
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] += mixture.weight(k) * mixture.mean(k)[i];
    }
  }
  return out;
}

/// What of `arm` lies along none of the axes.
Vector off_axes(Vector arm, const std::vector<Vector>& axes) {
  for (const Vector& axis : axes) {
    const double along = dot(arm, axis);
    for (std::size_t i = 0; i < arm.size(); ++i) {
      arm[i] -= along * axis[i];
    }
  }
  return arm;
}

/// Orthonormal axes through the arms, the farthest first; nothing if `most` are not enough.
std::optional<std::vector<Vector>> axes_of(const std::vector<Vector>& arms, std::size_t most) {
  constexpr double kTolerance = 1e-12;
  std::vector<Vector> axes;
  double widest = 0;
  while (true) {
    Vector farthest;
    double distance = 0;
    for (const Vector& arm : arms) {
      Vector rest = off_axes(arm, axes);
      const double length = std::sqrt(dot(rest, rest));
      if (farthest.empty() || length > distance) {
        distance = length;
        farthest = std::move(rest);
      }
    }
    if (axes.empty()) {
      widest = distance;
    }
    if (distance <= kTolerance * widest) {
      break;
    }
    if (axes.size() == most) {
      return std::nullopt;
    }
    for (double& x : farthest) {
      x /= distance;
    }
    axes.push_back(std::move(farthest));
  }
  if (axes.empty()) {  // all centres are one
    axes.emplace_back(arms.front().size());
    axes.front().front() = 1;
  }
  return axes;
}

GaussianLaw others_of(const Rational& variance, double distance, bool off, long count) {
  GaussianLaw out;
  if (count > 0 && off) {
    out.coordinates.push_back(gaussian_block(variance, exact(distance)));
    --count;
  }
  if (count > 0) {
    out.coordinates.push_back(gaussian_block(variance, Rational(0), count));
  }
  return out;
}

}  // namespace

std::optional<CloudFrame> frame_of(const CloudTarget& target, std::size_t most) {
  const auto mixture = std::dynamic_pointer_cast<const VectorMixture>(target.source->load());
  if (!mixture || !mixture->shared()) {
    return std::nullopt;
  }
  const Vector middle = middle_of(*mixture);
  std::vector<Vector> arms;
  double size = std::sqrt(dot(middle, middle));
  for (std::size_t k = 0; k < mixture->size(); ++k) {
    arms.emplace_back(mixture->mean(k), mixture->mean(k) + mixture->dim());
    for (std::size_t i = 0; i < middle.size(); ++i) {
      arms.back()[i] -= middle[i];
    }
    size = std::max(size, std::sqrt(dot(arms.back(), arms.back())));
  }
  const std::optional<std::vector<Vector>> axes = axes_of(arms, most);
  if (!axes) {
    return std::nullopt;
  }
  CloudFrame out;
  out.dimensions = axes->size();
  out.variance = mixture->variance(0, 0);
  for (std::size_t k = 0; k < mixture->size(); ++k) {
    out.weights.push_back(mixture->weight(k));
    out.centres.emplace_back();
    for (const Vector& axis : *axes) {
      out.centres.back().push_back(dot(middle, axis) + dot(arms[k], axis));
    }
  }
  const Vector rest = off_axes(middle, *axes);
  const double distance = std::sqrt(dot(rest, rest));
  out.gaussian = others_of(exact(out.variance), distance, distance > 1e-12 * size,
                           target.dim() - static_cast<long>(axes->size()));
  return out;
}

}  // namespace lemmabench
