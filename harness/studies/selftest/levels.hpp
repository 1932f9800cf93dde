#pragma once

#include <vector>

#include "harness/studies/selftest/comparison.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// Levels t = 1..T as somebody computed them: abar_t, 1-abar_t and h_t (h_1 is not used).
struct ClaimedLevels {
  std::vector<Level<Ball>> level;
  std::vector<Ball> h;
};

/// abar_t by the words of each schedule's definition, in balls at the thread's precision; 1-abar
/// and h = 1 - snr_t/snr_{t-1} by subtraction, and every min as the min of two balls. Written apart
/// from Schedule, which avoids the subtractions.
ClaimedLevels levels_by_definition(const ScheduleKind& kind, long steps);

/// What Schedule<Ball> says at `bits` bits.
ClaimedLevels levels_in_balls(const ScheduleKind& kind, long steps, long bits);
/// What Schedule<Real> says, each number +- `relative` of itself.
template <class Real>
ClaimedLevels levels_in_floats(const ScheduleKind& kind, long steps, const Rational& relative);

/// Holds claimed levels against the definition at 4096 bits: every abar, noise and h; abar + noise
/// = 1; abar falling in t; for li-cai the consequences S1. One entry a relation, its worst level.
std::vector<Compared> check_levels(const ScheduleKind& kind, const ClaimedLevels& claimed);

}  // namespace lemmabench
