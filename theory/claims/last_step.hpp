#pragma once

#include <optional>
#include <span>
#include <vector>

#include "theory/claims/case.hpp"
#include "theory/mixture/mixture_bounds.hpp"

/// The last step t = 2 -> 1 of a sampler whose scores have been tampered with: what the claims of
/// necessity (N1-N3) are about. In balls, coordinate by coordinate.
namespace lemmabench {

/// Coordinates with one common law, and its marginals at the levels the step touches.
struct LastStepBlock {
  long multiplicity = 1;
  BallMixture<> at1;
  BallMixture<> at2;
  SlopeBounds slope1;
  SlopeBounds slope2;
  SlopeBounds slope3;
};

/// How the scores are tampered with.
///
/// First score, the lattice of SGM section 3.2.1 in every coordinate: with u the output of a ddim
/// step with the exact score and f = u/l - floor(u/l) in [0, 1),
///   s_2(y) = s*_2(y) - (pull sqrt(alpha_2)/b_2) l f;  pull = 2 puts ddim's output on l Z.
/// Second score, in the first coordinate: s_1 = s*_1 + push where the sampler asks for it.
struct Tampering {
  std::optional<Ball> spacing = {};  ///< l
  Ball pull{2};
  std::optional<Ball> push = {};  ///< A
  /// Added to the intermediate point (a value of sigma Z'), in the first coordinate.
  std::optional<Ball> mid_shift = {};
};

/// An enclosure of a total variation distance.
struct DistanceBounds {
  Ball low;
  Ball high;

  Ball hull() const { return Ball::hull(low, high); }
};

/// Everything about the step that does not depend on the tampering. Immutable.
class LastStep {
 public:
  /// Needs T >= 3; the first block is one coordinate, the one that is pushed.
  LastStep(const ProductLaw& law, const ScheduleKind& schedule, long steps);

  long steps() const { return steps_; }
  long dim() const { return dim_; }
  const Ball& b() const { return b_; }
  const Ball& alpha() const { return alpha_; }
  const std::vector<LastStepBlock>& blocks() const { return blocks_; }
  const LastStepBlock& first() const { return blocks_.front(); }

  /// sqrt(b/alpha): standard deviation of the noise of ddpm and of both li-cai forms.
  Ball noise_sd() const;
  /// R_2 = C_clip b (d log T/(1-abar_2))^{3/2} and sigma_2 = kappa b R_2 with C_clip = 1
  /// (theory.md section 3).
  Ball clip_radius(const Ball& clip) const;
  Ball mid_noise(const Ball& kappa) const;

  /// Bounds of the slope of u(x) = (x + (b/2) s*_2(x))/sqrt(alpha), ddim's map; least > 0.
  Ball least_slope(const LastStepBlock& block) const;
  Ball most_slope(const LastStepBlock& block) const;

  /// u(y) with the exact score; the tampered first score; the tampered output of ddim, which is
  /// also the intermediate point of li-cai.
  Ball ddim(const LastStepBlock& block, const Ball& y) const;
  Ball first_score(const LastStepBlock& block, const Ball& y, const Tampering& how) const;
  Ball tampered_ddim(const LastStepBlock& block, const Ball& y, const Tampering& how) const;
  /// The mean of Y_1 given Y_2 = y of the li-cai step, one entry a block (all coordinates of a
  /// block start from the same y). `radius`: of the clip, if it is on.
  std::vector<Ball> li_cai_mean(std::span<const Ball> y, const Tampering& how,
                                const std::optional<Ball>& radius) const;
  /// Euclidean length in R^d of such a vector.
  Ball length(std::span<const Ball> v) const;

  /// (1/T) E||e_2(X_2)||^2 of the lattice, enclosed: pull^2 alpha l^2/(b^2 T) sum_i E f_i^2 with
  ///   (m/3M)(1 - V l/m) <= E f^2 <= (M/3m)(1 + V l/m),
  /// m <= u' <= M and V the variation of the density of X_2 [D]: a cell of the lattice is an
  /// interval of x of length l/M to l/m, on which f runs through [0, 1) with slope u'/l.
  Ball lattice_error(const Tampering& how) const;

  /// P(the i-th coordinate's u is within delta l of l Z) <= 2 delta (M + l V)/m [D].
  Ball lattice_mass(const LastStepBlock& block, const Ball& spacing, const Ball& delta) const;

  /// Upper bounds of |mean with the lattice - mean with exact scores| in R^d, for every y.
  Ball ddpm_shift(const Tampering& how) const;
  Ball li_cai_shift(const Tampering& how) const;
  Ball momentum_shift(const Tampering& how) const;
  /// TV(N(0, sd^2 I), N(v, sd^2 I)) = erf(|v|/(2 sqrt(2) sd)), sd = noise_sd().
  Ball shift_distance(const Ball& shift) const;

  /// An upper bound of sqrt(E |Y_1|^2) in the first coordinate for the li-cai step from X_2, with
  /// the lattice and without the push, and hence also with exact scores.
  Ball output_size(const Tampering& how) const;

 private:
  long steps_;
  long dim_;
  Ball b_, alpha_, noise_;
  Ball b1_, alpha1_;  ///< of the step 3 -> 2, for the momentum form
  std::vector<LastStepBlock> blocks_;
};

/// l floor(u/l); wide when the ball u/l contains an integer.
Ball lattice_point(const Ball& u, const Ball& spacing);

}  // namespace lemmabench
