#pragma once

#include <cstddef>
#include <vector>

#include "theory/process/schedule.hpp"

/// How the levels of a schedule are made. For Schedule alone: nothing is checked here.
namespace lemmabench {

template <class Real>
struct Levels {
  std::vector<Level<Real>> level;
  std::vector<Real> h;

  explicit Levels(long steps)
      : level(static_cast<std::size_t>(steps)), h(static_cast<std::size_t>(steps), Real(0)) {}
};

/// alpha_t = kept and 1-alpha_t = lost, each to full relative accuracy.
template <class Real>
struct Fall {
  Real kept;
  Real lost;
};

/// Levels from alpha_t and 1-alpha_t, t = 1..T: the noise by 1-abar_t = b_t + alpha_t
/// (1-abar_{t-1}). h is exactly 1 above a level without noise and at one without signal.
template <class Real>
Levels<Real> from_falls(const std::vector<Fall<Real>>& falls);

/// 1-beta and beta of each; the first loses digits where a beta is near 1.
template <class Real>
std::vector<Fall<Real>> falls_of(const std::vector<Real>& beta);

/// The levels at the picked indices of those that the falls 0.. make. O(falls.size()).
template <class Real>
Levels<Real> picked_levels(const std::vector<Fall<Real>>& falls, const std::vector<long>& indices);

template <class Real>
Levels<Real> build(const ScaledLinearSchedule& kind, long steps);
template <class Real>
Levels<Real> build(const ExponentialSchedule& kind, long steps);
template <class Real>
Levels<Real> build(const FlowSchedule& kind, long steps);
/// Throws InputError if there are not `steps` levels, or none at all.
template <class Real>
Levels<Real> build(const ListedSchedule& kind, long steps);
/// Linear betas over the levels of training (kind.train.levels > 0), picked.
template <class Real>
Levels<Real> build_trained(const LinearSchedule& kind, long steps);

}  // namespace lemmabench
