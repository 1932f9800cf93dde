#pragma once

#include "cases/target.hpp"
#include "harness/monte_carlo/particles/particle_run.hpp"
#include "numerics/evidence.hpp"

namespace lemmabench {

/// The total variation of two laws in one or two dimensions, seen at a resolution.
struct ResolvedVariation {
  Quantity tv;            ///< the middle of the interval
  double resolution = 0;  ///< r
  bool complete = false;  ///< r is the last kernel's own deviation: `tv` is TV itself
  /// Half the interval's width: what the samples leave open.
  double floor() const { return tv.error(); }
};

/// TV(q_r, p_r) with q_r the law of Y_1 + sqrt(r^2 - s^2) Z and p_r that of X_1 + sqrt(r^2 - s^2)
/// Z, s the deviation of the last kernel (0 if it is deterministic): r is the width of what is
/// known of a particle, N(mean, r^2 I), and s = r integrates the last kernel exactly with nothing
/// added. Adding noise brings laws closer, so TV(q_r, p_r) <= TV(q_1, p_1); with a narrow last
/// kernel no finite number of particles says more, since what happens below their distance is
/// unknown.
///
/// On the first half of the particles A = {q^_r > p_r} is chosen; on the second half
/// D = Q_r(A) - P_r(A), the mean of each particle's exact N(A; mean, r^2 I), never above TV(q_r,
/// p_r) in expectation whatever A is. What A loses against the best event is, with Delta = q_r -
/// p_r and q^_r normal about q_r with deviation sigma, in expectation
///   int |Delta| P(wrong sign) <= int |Delta| Phi(-|Delta|/sigma),
/// where |Delta|/sigma is known to +-2 from q^_r; at most 0.17 int sigma. The interval is D +- z
/// se, its upper end raised by this loss and by the mass where there is no particle to judge from;
/// asymptotic in the samples. Sums over a grid of width r/3, for which Gaussians of deviation r are
/// exact to 1e-30; cells cut by the border of A widen the interval by what they can hold.
///
/// `resolution` below s is s; below 1e-10 of the particles' coordinates, where doubles end, it is
/// that. Throws EngineRefusal for more than two dimensions.
ResolvedVariation resolved_variation(const ParticleRun& run, const Target& target,
                                     const Level<double>& level_one, double resolution,
                                     double level, int threads);

/// The resolution at which a Gaussian's lost part of the interval is about as wide as its sampling
/// error: 0.03 times the spread of the narrowest coordinate on the line, 0.2 in the plane, whatever
/// the number of particles; wider where fewer than 30 of them would be in reach, and never below s.
/// Where the middle half of the particles is one point, `spread` is taken for theirs: that of X_1.
double usual_resolution(const ParticleRun& run, double spread);

}  // namespace lemmabench
