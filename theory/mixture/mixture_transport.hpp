#pragma once

#include "theory/mixture/ball_mixture.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// The exact probability flow between two levels of a mixture on the line as the quantile map
/// x -> F_to^{-1}(F_from(x)) (theory.md section 4), enclosed without integrating the ODE.
///
/// The inverse is found in double and then enclosed by the signs of F_to(x') - F_from(x) in balls,
/// through whichever tail is the smaller; the map increases, so a box takes its two ends. Much
/// cheaper than flow() (theory/mixture/mixture_flow.hpp), about 50 us an end, but no more accurate
/// than double. The two mixtures must be the same data at two levels; they are referred to.
class MixtureTransport {
 public:
  MixtureTransport(const BallMixture<>& from, const BallMixture<>& to);

  /// The image of every point of the box. Throws NumericalFailure where the tail at x is below
  /// 1e-290 or the image cannot be enclosed.
  Ball operator()(const Ball& box) const;

 private:
  Ball at(const Ball& x) const;

  const BallMixture<>& from_;
  const BallMixture<>& to_;
  LineMixture<double> rough_from_;
  LineMixture<double> rough_to_;
};

}  // namespace lemmabench
