#pragma once

#include <cmath>

#include "cases/walk.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// The coefficients of the step t -> t-1 of a schedule, 2 <= t <= T. O(1): three square roots.
/// Refers to the schedule.
template <class Real>
Step<Real> make_step(const Schedule<Real>& schedule, int t, long dim) {
  using std::sqrt;
  Step<Real> c;
  c.t = t;
  c.steps = schedule.steps();
  c.dim = dim;
  c.abar = schedule.level(t).abar;
  c.noise = schedule.level(t).noise;
  c.noise_next = schedule.level(t - 1).noise;
  c.alpha = schedule.alpha(t);
  c.sqrt_alpha = sqrt(c.alpha);
  c.h = schedule.h(t);
  c.b = c.h * c.noise;
  if (!c.first()) {
    c.sqrt_alpha1 = sqrt(schedule.alpha(t + 1));
    c.b1 = schedule.b(t + 1);
  }
  if (t > 2) {
    c.sqrt_alpha_next = sqrt(schedule.alpha(t - 1));
    c.b_next = schedule.b(t - 1);
  }
  c.schedule = &schedule;
  return c;
}

}  // namespace lemmabench
