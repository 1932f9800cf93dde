#include "theory/radial/scale_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace lemmabench {
namespace {

constexpr double kDepth = 66;  // log of 1e-28, and some room for what multiplies it
// Samplers that diverge ask for scores far out: of |x| up to 1e6 sqrt(d) for Student-t ...
constexpr double kFarthestScale = 1e12;
// ... and 1e5 deviations for Laplace, where log p is -1e5.
constexpr double kFarthestTail = 1e5;

}  // namespace

ScaleLaw student_scale(double nu) {
  const double k = 0.5 * nu;
  ScaleLaw law;
  // f(y) = k^k/Gamma(k) exp(-k y - k e^-y), relative to its peak at y = 0.
  law.log_density = [k](double y) { return -k * (y + std::expm1(-y)); };
  law.high = std::max(kDepth / k + 1 + std::sqrt(2 * kDepth / k), std::log(kFarthestScale));
  law.low = -std::min(std::log1p(kDepth / k) + 1, 1 + std::sqrt(2 * kDepth / k));
  while (law.log_density(law.low) > -kDepth) law.low -= 0.1;
  law.width = 1 / std::sqrt(1 + k);
  law.mean = nu > 2 ? nu / (nu - 2) : std::numeric_limits<double>::infinity();
  return law;
}

ScaleLaw laplace_scale(double mean) {
  const double shift = std::log(mean);
  ScaleLaw law;
  law.log_density = [shift](double y) { return (y - shift) - std::exp(y - shift); };
  law.low = shift - kDepth;
  law.high = shift + std::log(kFarthestTail);
  law.rate = 1 / mean;
  law.width = 0.7;
  law.mean = mean;
  return law;
}

ScaleLaw atomic_scale(std::vector<ScaleLaw::Atom> atoms) {
  ScaleLaw law;
  law.mean = 0;
  for (const ScaleLaw::Atom& atom : atoms) {
    law.mean += atom.weight * atom.scale;
  }
  law.atoms = std::move(atoms);
  return law;
}

}  // namespace lemmabench
