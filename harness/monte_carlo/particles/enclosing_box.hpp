#pragma once

#include "cases/points/point_file.hpp"
#include "harness/monte_carlo/goodness_of_fit/classifier_test.hpp"

namespace lemmabench {

/// The event "in the smallest box that holds the first half of the samples", counted on the second
/// halves, if hardly any of the first half of the draws are in it; else chosen_event of both, whose
/// half-spaces do not see a law that has collapsed to a point or a small set. Which of the two it
/// is the second halves do not know, so that the counts keep their level.
EventCounts enclosing_or_chosen_event(const Described& samples, const Described& draws);

}  // namespace lemmabench
