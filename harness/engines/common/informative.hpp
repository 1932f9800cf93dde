#pragma once

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The law, if it says something: a total variation or Hellinger distance lies in [0, 1], so one
/// whose error is above kLeastKnowledge is no number, and neither is any number of a density that
/// lost more than kMostLost of its mass. Throws NumericalFailure with the reason for such a law;
/// a part of its error that is known no better becomes an unknown quantity.
///
/// Also the last check that no engine contradicts itself: throws NumericalFailure when a distance
/// is certainly outside [0, 1] or a divergence certainly negative.
LawResult informative(LawResult law);

/// An error above this leaves less than half of [0, 1] excluded.
inline constexpr double kLeastKnowledge = 0.25;
/// A density that lost so much of its mass was not resolved; its errors estimate nothing.
inline constexpr double kMostLost = 1e-3;

/// Throws NumericalFailure for a density that lost (or gained) more mass than kMostLost, or an
/// amount that is no number. For engines whose numbers of such a density would take for ever.
void require_resolved(double lost);

}  // namespace lemmabench
