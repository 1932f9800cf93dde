#pragma once

#include <optional>
#include <vector>

#include "numerics/ball.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// c0 and c1 of the schedules of the theory.
struct ScheduleRates {
  Rational c0;
  Rational c1;
};

/// The rates of li-cai and two-phase; nothing for the others.
inline std::optional<ScheduleRates> schedule_rates(const ScheduleKind& kind) {
  if (const auto* k = std::get_if<LiCaiSchedule>(&kind)) {
    return ScheduleRates{k->c0, k->c1};
  }
  if (const auto* k = std::get_if<TwoPhaseSchedule>(&kind)) {
    return ScheduleRates{k->c0, k->c1};
  }
  return std::nullopt;
}

/// L = c1 log T/T.
inline Ball step_size(const ScheduleRates& rates, long steps) {
  return Ball(rates.c1) * log(Ball(steps)) / Ball(steps);
}

/// abar_t for t = 1..T (index t) by the recursion of Li & Cai on abar alone, the second route
/// beside Schedule<Ball>. 1-abar loses accuracy by subtraction, which the balls show. O(T).
inline std::vector<Ball> li_cai_levels(const ScheduleRates& rates, long steps) {
  const Ball l = step_size(rates, steps);
  std::vector<Ball> abar(static_cast<std::size_t>(steps) + 1);
  abar.back() = exp(-Ball(rates.c0) * log(Ball(steps)));
  for (std::size_t t = abar.size() - 1; t >= 2; --t) {
    abar[t - 1] = abar[t] + l * abar[t] * (1 - abar[t]);
  }
  return abar;
}

/// 1-abar_1 = (1-abar_T) prod_{t=2..T} (1 - L abar_t), without a list of levels. Works for every
/// T >= 2, also where h_t >= 1/2. O(T).
inline Ball li_cai_first_noise(const ScheduleRates& rates, long steps) {
  const Ball l = step_size(rates, steps);
  Ball abar = exp(-Ball(rates.c0) * log(Ball(steps)));
  Ball noise = 1 - abar;
  for (long t = steps; t >= 2; --t) {
    const Ball shrink = 1 - l * abar;
    abar += l * abar * noise;
    noise *= shrink;
  }
  return noise;
}

}  // namespace lemmabench
