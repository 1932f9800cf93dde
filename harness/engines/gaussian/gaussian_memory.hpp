#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "numerics/affine_form.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// What a sampler remembers from step to step, as the law of (Y, M): per block, Y the state and M
/// what is remembered are jointly Gaussian. Nothing is stored, and nothing costs anything, while
/// nothing is remembered.
template <class Real>
class GaussianMemory {
 public:
  using Column = std::vector<Real>;
  using Form = AffineForm<Real>;

  /// Y' = a Y + b M + ... (`next`) and M' = a' Y + b' M + ... (`remembered`; M' = M if none), with
  /// noises in common; `variance` and `mean` are those of Y (an empty mean is 0). Returns what M
  /// adds to the variance and to the mean of Y': 2 a b Cov(Y, M) + b^2 Var M and b E M, per block;
  /// empty = 0. Both forms are settled.
  struct Gain {
    Column variance;
    Column mean;
  };
  Gain advance(const Form& next, const std::optional<Form>& remembered, const Column& variance,
               const Column& mean) {
    Gain gain;
    if (variance_.empty() && !remembered) {
      return gain;
    }
    const std::size_t blocks = next.blocks();
    variance_.resize(blocks, Real(0));
    covariance_.resize(blocks, Real(0));
    mean_.resize(blocks, Real(0));
    for (std::size_t i = 0; i < blocks; ++i) {
      const Real a = next.slope[i];
      const Real b = at(next.memory, i);
      const Real a2 = remembered ? remembered->slope[i] : Real(0);
      const Real b2 = remembered ? at(remembered->memory, i) : Real(1);
      const Real c = covariance_[i];
      const Real m = variance_[i];
      gain.variance.push_back(b * (a * c * 2 + b * m));
      gain.mean.push_back(b * mean_[i]);
      covariance_[i] = a * a2 * variance[i] + (a * b2 + b * a2) * c + b * b2 * m;
      variance_[i] = a2 * (a2 * variance[i] + b2 * c * 2) + b2 * b2 * m;
      mean_[i] = a2 * at(mean, i) + b2 * mean_[i];
      if (remembered) {
        mean_[i] += at(remembered->offset, i);
        add_common_noise(next, *remembered, i);
      }
    }
    return gain;
  }

 private:
  static Real at(const Column& column, std::size_t i) {
    return column.empty() ? Real(0) : column[i];
  }

  void add_common_noise(const Form& next, const Form& remembered, std::size_t i) {
    for (std::size_t k = 0; k < remembered.noise.size(); ++k) {
      const Real z = at(remembered.noise[k], i);
      variance_[i] += z * z;
      covariance_[i] += z * (k < next.noise.size() ? at(next.noise[k], i) : Real(0));
    }
  }

  Column variance_;    // Var M; empty while nothing is remembered
  Column covariance_;  // Cov(Y, M)
  Column mean_;        // E M
};

}  // namespace lemmabench
