#include <fmt/format.h>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "theory/claims/law_questions.hpp"
#include "theory/claims/necessity.hpp"

/// N3: li-cai needs the clip (theory.md section 6).
namespace lemmabench {

Ball clip_cap(const LastStep& step, const Ball& clip, const Tampering& how) {
  // Both clipped vectors are at most R long; the lattice moves b s_2 by pull l sqrt(alpha) a
  // coordinate.
  const Ball second = 2 * step.b() * step.clip_radius(clip) / sqrt(step.alpha());
  return how.spacing ? second + step.ddpm_shift(how) : second;
}

DistanceBounds clip_distance(const LastStep& step, const MidpointError& error,
                             const std::optional<Ball>& clip) {
  if (!clip) {
    return midpoint_distance(step, error, Ball(0));
  }
  return {Ball(0), step.shift_distance(clip_cap(step, *clip, error.how))};
}

namespace {

/// The slab at `distance` beyond the mean of the widest component.
SlabError slab_at(const LastStep& step, const Ball& eps, const Ball& kappa, const Ball& distance) {
  const BallMixture<>& at2 = step.first().at2;
  // Any component gives a slab of the kind; the widest, by midpoints, does the most damage.
  std::size_t wide = 0;
  for (std::size_t k = 1; k < at2.size(); ++k) {
    if (at2.variance(wide).midpoint().less_than(at2.variance(k).midpoint()) == Truth::certainly) {
      wide = k;
    }
  }
  // Densities fall by a factor e over this length.
  const Ball length = at2.variance(wide) / distance;
  SlabError out;
  out.distance = distance;
  out.point = at2.mean(wide) + distance;
  const Ball beyond = out.point + length;
  Ball low = step.ddim(step.first(), out.point);
  Ball high = step.ddim(step.first(), beyond);
  Ball hit = interval_probability(at2, out.point, beyond);
  if (kappa.positive() == Truth::certainly) {
    // The likeliest share of the noise in Y_mid + sigma Z' = far out.
    const Ball sigma = step.mid_noise(kappa);
    out.mid_shift = distance * square(sigma) / at2.variance(wide);
    hit *= normal_interval_probability(sigma, out.mid_shift, out.mid_shift + length);
    low += out.mid_shift;
    high += out.mid_shift + length;
  }
  const Ball mass = interval_probability(step.first().at1, low, high);
  out.push = eps * sqrt(Ball(step.steps()) / mass);
  out.damage = square(step.b() / step.alpha() * out.push) * hit;
  return out;
}

}  // namespace

SlabError slab_error(const LastStep& step, const Ball& eps, const Ball& kappa, const Ball& wanted) {
  Ball distance = 4 * sqrt(mixture_second_moment(step.first().at2));
  for (int rung = 0; rung < 200; ++rung) {
    const SlabError out = slab_at(step, eps, kappa, distance);
    if (wanted.less_than(out.damage) == Truth::certainly) {
      return out;
    }
    distance *= Ball(Rational(5, 4));
  }
  throw NumericalFailure("N3: no slab within 1e19 standard deviations does the damage asked for");
}

namespace {

std::optional<Ball> clip_of(const Trial& trial, std::string_view id) {
  if (trial.text(id) == "off") {
    return std::nullopt;
  }
  return trial.ball(id);
}

std::optional<Ball> radius_of(const LastStep& step, const std::optional<Ball>& clip) {
  if (!clip) {
    return std::nullopt;
  }
  return step.clip_radius(*clip);
}

/// |mean with tampered scores - mean with exact ones| in R^d at one y.
Ball displacement(const LastStep& step, const std::vector<Ball>& y, const Tampering& how,
                  const std::optional<Ball>& radius) {
  const Tampering exact{.mid_shift = how.mid_shift};
  std::vector<Ball> moved = step.li_cai_mean(y, how, radius);
  const std::vector<Ball> unmoved = step.li_cai_mean(y, exact, radius);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    moved[i] -= unmoved[i];
  }
  return step.length(moved);
}

/// The cap is attained where the two clipped vectors are opposite: room to tell <= from =.
Ball attained() { return 1 + Ball(Rational(1, 1000000000)); }

/// What a trial is about.
struct ClipTrial {
  const LastStep& step;
  std::optional<Ball> fragile;  ///< C_clip, if the clip is on
  std::optional<Ball> robust;
  Ball clip;  ///< C_clip of the bound
  Ball kappa;
  std::string rung;

  Place place(std::string_view part) const {
    return {.part = part, .steps = step.steps(), .t = 2, .detail = rung};
  }
};

/// Wrong near the lattice, no intermediate noise: TV.
void lattice_part(const ClipTrial& trial, const MidpointError& error, int k, Comparisons& out) {
  out.at_most(broken_distance(k), clip_distance(trial.step, error, trial.fragile).hull(),
              trial.place("TV without the clip is above 1 - 10^{-3-2k}"));
  const Ball cap = attained() * clip_cap(trial.step, trial.clip, error.how);
  for (const std::vector<Ball>& y : probes(trial.step)) {
    const Ball moved = displacement(trial.step, y, error.how, radius_of(trial.step, trial.robust));
    out.at_most(trial.step.shift_distance(moved), trial.step.shift_distance(cap),
                trial.place("TV of the kernels with the clip <= erf(cap/(2 sqrt(2) sd))"));
  }
}

/// Wrong on a slab far out, with intermediate noise: the mean square of the displacement.
void slab_part(const ClipTrial& trial, const Ball& eps, Comparisons& out) {
  const LastStep& step = trial.step;
  const SlabError slab = slab_error(step, eps, trial.kappa, 1 / eps);
  const Tampering how{.push = slab.push, .mid_shift = slab.mid_shift};
  const Ball cap = attained() * clip_cap(step, trial.clip, how);
  const Ball damage = trial.fragile
                          ? Ball::hull(Ball(0), square(clip_cap(step, *trial.fragile, how)))
                          : slab.damage;
  out.at_most(1 / eps, damage,
              trial.place("E|Y_1 - Y_1'|^2 without the clip is above 1/eps_score"));
  std::vector<Ball> y = probes(step).front();
  y.front() = slab.point;
  out.at_most(displacement(step, y, how, radius_of(step, trial.robust)), cap,
              trial.place("|Y_1 - Y_1'| with the clip <= 2 b R/sqrt(alpha)"));
}

Coverage clip(const Trial& trial, Comparisons& out) {
  const LastStep step = make_last_step(trial.target());
  ClipTrial parts{.step = step,
                  .fragile = clip_of(trial, "fragile clip"),
                  .robust = clip_of(trial, "robust clip"),
                  .clip = trial.ball("clip"),
                  .kappa = trial.ball("kappa"),
                  .rung = {}};
  for (int k = 0; k < ladder_length(trial.effort()); ++k) {
    const MidpointError error = midpoint_error(step, k, trial.ball("push"), true);
    const Ball eps = sqrt(error.eps_squared).magnitude_upper();
    parts.rung = fmt::format("eps_score = {}", to_decimal(eps, 3).value);
    lattice_part(parts, error, k, out);
    slab_part(parts, eps, out);
  }
  const Ball cap = clip_cap(step, parts.clip, {});
  out.note(fmt::format("with the clip, whatever the second score is: |Y_1 - Y_1'| <= {}, TV <= {}",
                       to_decimal(cap, 4).value, to_decimal(step.shift_distance(cap), 4).value));
  return Coverage::instances(2L * ladder_length(trial.effort()), "score errors (lattice or slab)");
}

}  // namespace

std::vector<Claim> clip_claims() {
  return {
      {.id = "N3",
       .title = "li-cai needs the clip",
       .kind = ClaimKind::necessity,
       .statement =
           "li-cai, step 2 -> 1. With the clip, whatever the second score is, Y_1 moves by at most "
           "2 b_2 R_2/sqrt(alpha_2) and TV <= erf(sqrt(b_2/2) R_2). Without it a second score that "
           "is small in L2 but unbounded does unbounded damage as eps_score -> 0: (a) without "
           "intermediate noise and wrong by M alpha_2/b_2 within delta l of the lattice of N2, "
           "TV -> 1 as M grows; (b) also with intermediate noise, wrong by A on a slab B far out "
           "with A^2 P(X_1 in B) = eps_score^2 T, E|Y_1 - Y_1'|^2 >= 1/eps_score",
       .latex = R"(\text{clip on: }\|Y_1-Y_1'\|\le\frac{2b_2R_2}{\sqrt{\alpha_2}},\ )"
                R"(\mathrm{TV}\le\operatorname{erf}\bigl(\sqrt{b_2/2}\,R_2\bigr);\qquad )"
                R"(\text{clip off: }\mathrm{TV}\to 1\ (\sigma=0),\quad )"
                R"(\mathbb E\|Y_1-Y_1'\|^2\ge 1/\varepsilon_{\mathrm{score}}\ (\sigma>0))",
       .symbols =
           "Y_1, Y_1': with exact and with tampered scores and the same noises; TV between their "
           "laws; R_2 = C_clip b_2 (d log T/(1-abar_2))^{3/2}. The damage in (b) is unbounded "
           "because Y_mid has heavier Gaussian tails than X_1: its variance exceeds Var X_1 by "
           "b_2^2/(4 w alpha_2) + sigma_2^2 (w the variance of X_2), so that q_mid/p_1 grows "
           "without bound and E e_1^2 under p_1 does not control it under q_mid",
       .source = Source::derived,
       .reference = "theory.md section 6 (N3) and section 3 (scale of the clip)",
       .left =
           "schedule logit:from=-9,to=4, T = 1024. (a) as in N2, M = 10^{3+k}, k = 0..6 (full "
           "suite: 12); with the clip, TV "
           "of the two kernels from the update itself at five points of the lattice. (b) the "
           "nearest slab of a geometric ladder with E|Y_1 - Y_1'|^2 = (b A/alpha)^2 P(Y_mid in B) "
           "above 1/eps_score, the probability bounded below by that of Y_2 and of Z' in two "
           "intervals, erfc in balls; with the clip, the displacement of the update at a point "
           "of the slab",
       .right =
           "1 - 10^{-3-2k} and 1/eps_score without the clip; erf(cap/(2 sqrt(2) sd)) and the cap "
           "2 b R/sqrt(alpha) (plus 2 l sqrt(d) from the lattice in the first score) with it, "
           "times "
           "1 + 1e-9 because it is attained",
       .falsifier =
           "an error that the unclipped sampler survives, or a displacement above the cap with the "
           "clip on",
       .hypotheses = {mixture_target()},
       .parameters = {{"fragile clip", "off", "C_clip of the sampler that breaks, or off"},
                      {"robust clip", "1", "C_clip of the sampler that does not, or off"},
                      {"clip", "1", "C_clip in the cap"},
                      {"kappa", "1", "of the intermediate noise in (b)"},
                      {"push", "1000", "M/10^k"}},
       .controls = {{"the clipped sampler breaks too", "mixture-three", {{"fragile clip", "1"}}},
                    {"a clip a hundred times as wide breaks too",
                     "gauss-spread",
                     {{"fragile clip", "100"}}},
                    {"the sampler is safe without the clip",
                     "gauss-flat",
                     {{"robust clip", "off"}}},
                    {"a cap of 0.49 R in place of R: the clip reaches R",
                     "mixture-near",
                     {{"clip", "0.49"}}}},
       .covers = "instances: the schedule, T and score errors named",
       .evaluate = clip}};
}

}  // namespace lemmabench
