#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "theory/claims/claim.hpp"
#include "theory/claims/last_step.hpp"

/// What the claims of necessity share: the step they break, the ladder of errors they break it
/// with, and the bounds that both the verdicts and the report's tables are made from.
///
/// Everywhere TV is the score part of theory.md section 5 for the last step alone: between the laws
/// of Y_1 with exact and with tampered scores, both from X_2 ~ p_2. Upper bounds hold for every law
/// of Y_2, hence for the whole run.
namespace lemmabench {

std::vector<Claim> lattice_claims();   ///< N1
std::vector<Claim> midpoint_claims();  ///< N2
std::vector<Claim> clip_claims();      ///< N3
std::vector<Claim> distance_claims();  ///< N3-tv

/// The schedule and T of the families' examples: logit:from=-9,to=4 with 1024 steps, which ends at
/// 1-abar_1 = 0.018, so that what happens is seen. With the default schedule 1-abar_2 is 1e-24 and
/// everything happens on that scale; N1 and N2 look at it too.
ScheduleKind necessity_schedule();
inline constexpr long kNecessitySteps = 1024;

/// The last step on a target that is a product law, with the schedule above or another.
LastStep make_last_step(const TargetCase& target);
LastStep make_last_step(const TargetCase& target, const ScheduleKind& schedule);
/// The schedule above and the default one, li-cai:c0=2,c1=9.
std::vector<ScheduleKind> both_schedules();

/// The ladder of lattices l = 10^{1-k} b_2, k = 0..6 (12 in the full suite): eps_score is about
/// 10^{1-k} sqrt(4 alpha_2 d/(3 T)).
int ladder_length(const Effort& effort);
Ball lattice_spacing(const LastStep& step, int k);

/// Where maps are looked at: mean + q sd of the block at level 2, a few q.
std::vector<std::vector<Ball>> probes(const LastStep& step);

/// Distance of u to the nearest point of l Z, with sign.
Ball off_lattice(const Ball& u, const Ball& spacing);
/// The largest |off_lattice|/l that counts as on the lattice.
inline constexpr double kOnLattice = 1e-15;

/// Claims that the tampered ddim output of every coordinate of every probe lies on l Z.
void require_lattice(const LastStep& step, const Tampering& how, Comparisons& out);

/// N1: the lattice in the first score. `sampler`: ddim, ddpm, li-cai or li-cai-momentum; throws
/// InputError for others.
DistanceBounds lattice_distance(const LastStep& step, std::string_view sampler,
                                const Tampering& how);

/// N2: the lattice in the first score of li-cai, and a second score that is wrong by
/// A = push alpha/b within delta l of the lattice, which moves Y_1 by `push` wherever it is hit.
struct MidpointError {
  Tampering how;
  Ball push;        ///< how far Y_1 is moved
  Ball half_width;  ///< delta; 0: the lattice alone, a set of measure 0
  Ball eps_squared;
};
/// The k-th rung: l = lattice_spacing(step, k) and M = 10^k `push`, so that eps_score -> 0 while
/// TV -> 1. With `thick` delta is such that the second score's error equals the first one's in L2.
MidpointError midpoint_error(const LastStep& step, int k, const Ball& push, bool thick);
/// What the TV of the sampler that breaks must reach there: 1 - 10^{-3-2k}.
Ball broken_distance(int k);
/// TV for li-cai with intermediate noise sigma = kappa b R (kappa = 0: none), without clip.
DistanceBounds midpoint_distance(const LastStep& step, const MidpointError& error,
                                 const Ball& kappa);

/// N3: |mean with any second score - mean with the exact one| <= 2 b R/sqrt(alpha), plus what the
/// lattice does to the first score, for the clip radius R = R_2 with C_clip = `clip`.
Ball clip_cap(const LastStep& step, const Ball& clip, const Tampering& how);
/// TV for li-cai with (or without) the clip and without intermediate noise.
DistanceBounds clip_distance(const LastStep& step, const MidpointError& error,
                             const std::optional<Ball>& clip);

/// N3: a second score that is wrong by A on a slab B far out in the first coordinate, with
/// A^2 P(X_1 in B) = eps^2 T.
struct SlabError {
  Ball distance;   ///< of B from the mean, in Y_2's coordinate
  Ball push;       ///< A
  Ball point;      ///< a y in the slab's preimage,
  Ball mid_shift;  ///< and a value of sigma Z', that meet in B
  Ball damage;     ///< a lower bound of E|Y_1 - Y_1'|^2 without the clip
};
/// The nearest slab of a geometric ladder whose damage is above `wanted`, for intermediate noise
/// with this kappa. `eps` is exact. Throws NumericalFailure when there is none within 1e19 standard
/// deviations.
SlabError slab_error(const LastStep& step, const Ball& eps, const Ball& kappa, const Ball& wanted);

}  // namespace lemmabench
