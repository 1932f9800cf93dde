#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "cases/walk.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/log_functions.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// The path certificate on a Gaussian (theory.md section 4), per coordinate of every block:
///   sum_t E KL(N(Phi_t(x), b) || N(Psi_t(x), b (1+g))) under p_t, at fixed signal,
///   = sum_t (1/2) (log(1+g) - g/(1+g)) + E|Phi_t - Psi_t|^2/(2 b (1+g)),
/// Phi(x) = c + phi (x-c), phi = sqrt((w-2b)/w), Psi(x) = a x + o, a = sqrt(alpha) slope.
///
/// b (1+g) is the noise that a step really draws, times alpha, so that nothing rests on what a
/// sampler says of itself; g = 0 for one that draws b/alpha. There is no path where a step is not
/// one kernel y -> N(Psi(y), v I) with v > 0, and where 2b >= w: the flow has ended before it has
/// come so far. Where a ball does not tell there is none either: a number left out is not wrong.
template <class Real>
class GaussianPath {
 public:
  GaussianPath(std::size_t blocks, bool wanted)
      : sum_(wanted ? blocks : 0, Real(0)), exists_(wanted) {}

  void begin_step() { kernels_ = 0; }
  void end_step() { exists_ = exists_ && kernels_ == 1; }

  /// The kernel y -> N(mean, noise) of a step that starts from N(centre, w) in every block (an
  /// empty centre is 0); `mean` is settled.
  void add_kernel(const Step<Real>& c, const std::vector<Real>& w, const std::vector<Real>& centre,
                  const AffineForm<Real>& mean, const Real& noise) {
    using std::sqrt;
    exists_ = exists_ && ++kernels_ == 1 && mean.noise.empty() && mean.memory.empty();
    if (!exists_) {
      return;
    }
    const Real wider = noise * c.alpha / c.b;  // 1+g
    if (!certainly_positive(wider)) {
      exists_ = false;
      return;
    }
    common_ += log1p_minus_fraction(Real(wider - 1)) / 2;
    const Real twice_wider = wider * 2;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      const Real fraction = c.b / w[i];
      const Real rest = 1 - fraction * 2;
      if (!certainly_positive(rest)) {
        exists_ = false;
        return;
      }
      const Real a = c.sqrt_alpha * mean.slope[i];
      const Real gap = sqrt(rest) - a;
      sum_[i] += gap * gap / (fraction * twice_wider);
      if (!centre.empty() || !mean.offset.empty()) {
        const Real still = centre.empty() ? Real(0) : Real(centre[i] * (1 - a));
        const Real offset = mean.offset.empty() ? Real(0) : Real(c.sqrt_alpha * mean.offset[i]);
        sum_[i] += (still - offset) * (still - offset) / (c.b * twice_wider);
      }
    }
  }

  bool exists() const { return exists_; }
  /// Of one coordinate of block i; 0 when no path was wanted.
  Real total(std::size_t i) const { return sum_.empty() ? Real(0) : Real(sum_[i] + common_); }

 private:
  static bool certainly_positive(const Real& x) {
    if constexpr (is_ball<Real>) {
      return x.positive() == Truth::certainly;
    } else {
      return x > 0;
    }
  }

  std::vector<Real> sum_;
  Real common_{0};  ///< what every coordinate adds for a noise that is not b/alpha
  bool exists_;
  int kernels_ = 0;  ///< ended in the present step
};

}  // namespace lemmabench
