#include "harness/laws/product_cloud.hpp"

#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "numerics/rational.hpp"
#include "theory/vector_mixture.hpp"

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

Vector centred(const VectorMixture& mixture, std::size_t k, const Vector& middle) {
  Vector out(mixture.mean(k), mixture.mean(k) + mixture.dim());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] -= middle[i];
  }
  return out;
}

/// The unit vector towards the farthest centre (the first axis if all are one), and its distance.
std::pair<Vector, double> axis_of(const VectorMixture& mixture, const Vector& middle) {
  Vector axis(mixture.dim());
  axis[0] = 1;
  double longest = 0;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    Vector arm = centred(mixture, k, middle);
    const double length = std::sqrt(dot(arm, arm));
    if (length > longest) {
      longest = length;
      axis = std::move(arm);
    }
  }
  for (double& x : axis) {
    x /= longest > 0 ? longest : 1;
  }
  return {axis, longest};
}

}  // namespace

std::optional<ProductTarget> collinear_product(const CloudTarget& target) {
  const auto mixture = std::dynamic_pointer_cast<const VectorMixture>(target.source->load());
  if (!mixture || !mixture->shared()) {
    return std::nullopt;
  }
  constexpr double kTolerance = 1e-12;
  const Vector middle = middle_of(*mixture);
  const auto [axis, longest] = axis_of(*mixture, middle);
  const double start = dot(axis, middle);
  const Rational variance = exact(mixture->variance(0, 0));
  MixtureTarget line;
  for (std::size_t k = 0; k < mixture->size(); ++k) {
    Vector arm = centred(*mixture, k, middle);
    const double along = dot(arm, axis);
    for (std::size_t i = 0; i < arm.size(); ++i) {
      arm[i] -= along * axis[i];
    }
    if (std::sqrt(dot(arm, arm)) > kTolerance * longest) {
      return std::nullopt;
    }
    line.components.push_back({exact(mixture->weight(k)), exact(start + along), variance});
  }
  Vector rest = middle;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    rest[i] -= start * axis[i];
  }
  ProductTarget out{.factors = {{std::move(line), 1}}, .gaussian = {}, .spec = target.spec};
  const double distance = std::sqrt(dot(rest, rest));
  const long others = target.dim() - 1;
  const bool off = distance > kTolerance * (longest + std::abs(start));
  if (others > 0 && off) {
    out.gaussian.blocks.push_back({variance, exact(distance), 1});
  }
  if (others > (off ? 1 : 0)) {
    out.gaussian.blocks.push_back({variance, Rational(0), others - (off ? 1 : 0)});
  }
  return out;
}

}  // namespace lemmabench
