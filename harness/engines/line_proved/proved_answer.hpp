#pragma once

#include <string>

#include "numerics/ball.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// What a proved law may take, by a guess made before the work, on one core of the machine that the
/// costs in these headers were measured on.
inline constexpr double kMostProvedSeconds = 1800;

/// Bits of levels and their coefficients.
inline constexpr long kLevelBits = 160;

/// A result of the line with all that proved laws of mixtures leave unknown, without total
/// variations and parts.
LawResult proved_answer(std::string arithmetic, long score_calls);

/// A bound of W_2(X_0, X_1), enclosed.
Quantity proved_early_stopping_bound(const CoordinateLaw& law, const Schedule<Ball>& schedule);

/// Says so where the total variation is known to less than `width`.
void note_missed_width(LawResult& result, double width);

}  // namespace lemmabench
