#pragma once

#include <optional>
#include <string_view>

#include "numerics/ball.hpp"
#include "theory/claims/case.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// Score errors e_t = s_t - s*_t whose size E||e_t(X_t)||^2 is known exactly, of unit amplitude:
///   shift  e_t(x) = u/sqrt(1-abar_t), u a unit vector;
///   gain   e_t(x) = (x - E X_t)/Var X_t, coordinate by coordinate (on a Gaussian: -s*_t);
///   wave   e_t(x) = sqrt(2/Var X_t) sin(2 (x - E X_t)/sd X_t) in the first coordinate;
///   score  e_t(x) = s*_t(x), a relative error of the score.
enum class PerturbationShape { shift, gain, wave, score };

/// "shift", "gain", "wave" or "score".
std::string_view name(PerturbationShape shape);

/// E||e_t(X_t)||^2, enclosed. Closed forms, the wave's by the characteristic function,
///   E sin^2(k (X - m)) = (1 - sum_k w_k cos(2 k (m_k - m)) e^{-2 k^2 v_k})/2;
/// the score's on a mixture (claim F3's Fisher information) by a rigorous integral, some ms.
/// Empty where the shape has no finite or no known size: gain for a Student-t law with nu <= 2,
/// wave and score for any Student-t law.
std::optional<Ball> perturbation_size(PerturbationShape shape, const TargetCase& target,
                                      const Level<Ball>& level);

}  // namespace lemmabench
