#pragma once

#include <optional>

#include "cases/sampler.hpp"
#include "cases/step.hpp"

/// Steps that the path certificate does not estimate: from a level without signal, and between
/// equal levels.
namespace lemmabench {

/// What a first step from a level without signal makes of Y_T ~ N(0, I): the law
/// N(mean_share E[X_0], variance I).
template <class Real>
struct NormalStart {
  Real mean_share;  ///< sqrt(abar_{T-1}) for the samplers of cases/
  Real variance;
};

/// Found by running the step, with exact scores: at a level without signal they are -y, and the
/// data prediction is E[X_0]. Nothing where the step is not one kernel y -> N(a y + k E[X_0], s^2
/// I): if it clips, draws inside a kernel or asks for scores of another level. Real is double or
/// Ball.
template <class Real>
std::optional<NormalStart<Real>> normal_start(const Sampler& sampler, const Step<Real>& c);

/// Whether a step leaves the state exactly where it is, without noise, whatever the scores are.
bool stands_still(const Sampler& sampler, const Step<double>& c);

}  // namespace lemmabench
