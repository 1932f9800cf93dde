#include <fmt/format.h>

#include "numerics/ball_functions.hpp"
#include "theory/claims/law_questions.hpp"
#include "theory/claims/necessity.hpp"

/// N2: li-cai needs the intermediate noise (theory.md section 6).
namespace lemmabench {

MidpointError midpoint_error(const LastStep& step, int k, const Ball& push, bool thick) {
  MidpointError out;
  out.push = push * pow(Ball(10), Ball(k));
  out.how.spacing = lattice_spacing(step, k);
  out.how.push = out.push * step.alpha() / step.b();
  const Ball lattice = step.lattice_error(out.how);
  out.eps_squared = lattice;
  if (thick) {
    // E e_1^2 = A^2 P(X_1 within delta l of l Z) <= A^2 2 delta (1 + l V), V the variation of p_1.
    out.half_width = lattice * Ball(step.steps()) / (2 * square(*out.how.push));
    const Ball uneven = *out.how.spacing * density_variation(step.first().at1);
    out.eps_squared = Ball::hull(lattice, lattice * (2 + uneven));
  }
  return out;
}

Ball broken_distance(int k) { return 1 - pow(Ball(10), Ball(-3 - 2 * k)); }

DistanceBounds midpoint_distance(const LastStep& step, const MidpointError& error,
                                 const Ball& kappa) {
  if (kappa.positive() != Truth::certainly) {
    // Every Y_mid hits, and Y_1 is moved by `push`. Half-space test at push/2, Chebyshev on both
    // sides: 1 - TV <= P(Y_1 > push/2) + P(Y_1' < -push/2).
    const Ball size = step.output_size(error.how);
    return {larger(Ball(0), 1 - 8 * square(size / error.push)), Ball(1)};
  }
  // N(y, sigma^2) puts at most 2 delta (1 + l V) on the thickened lattice, V = 2/sqrt(2 pi
  // sigma^2).
  const Ball variation = sqrt(2 / Ball::pi()) / step.mid_noise(kappa);
  const Ball hit = 2 * error.half_width * (1 + *error.how.spacing * variation);
  return {Ball(0), smaller(Ball(1), hit + step.shift_distance(step.li_cai_shift(error.how)))};
}

namespace {

/// Where the lattice is hit the mean of Y_1 moves by `push` in the first coordinate.
void require_push(const LastStep& step, const MidpointError& error, Comparisons& out) {
  const Tampering lattice{.spacing = error.how.spacing, .pull = error.how.pull};
  for (const std::vector<Ball>& y : probes(step)) {
    const Ball moved = step.li_cai_mean(y, error.how, std::nullopt).front();
    const Ball unmoved = step.li_cai_mean(y, lattice, std::nullopt).front();
    out.equal(moved - unmoved, error.push, error.push, 1e-12,
              {.part = "Y_1 is moved by M", .steps = step.steps(), .t = 2, .x = y.front()});
  }
}

void midpoint_ladder(const Trial& trial, const LastStep& step, std::string_view schedule,
                     Comparisons& out) {
  const Ball root_log = sqrt(log(Ball(step.steps())));
  const Ball fragile = trial.ball("fragile kappa");
  const Ball robust = trial.ball("robust kappa");
  for (int k = 0; k < ladder_length(trial.effort()); ++k) {
    for (const bool thick : {false, true}) {
      const MidpointError error = midpoint_error(step, k, trial.ball("push"), thick);
      require_lattice(step, error.how, out);
      require_push(step, error, out);
      const auto place = [&](std::string_view part) {
        return Place{
            .part = part,
            .steps = step.steps(),
            .t = 2,
            .detail = fmt::format("l = 1e{} b_2, {}, second score wrong {}", 1 - k, schedule,
                                  thick ? "near the lattice" : "on the lattice only")};
      };
      const Ball bound = trial.ball("constant") * sqrt(error.eps_squared) * root_log;
      out.at_most(broken_distance(k), midpoint_distance(step, error, fragile).hull(),
                  place("TV without the noise is above 1 - 10^{-3-2k}"));
      const DistanceBounds tv = midpoint_distance(step, error, robust);
      out.at_most(tv.hull(), bound, place("TV with the noise <= C eps_score sqrt(log T)"));
      out.smallest_constant(tv.high, sqrt(error.eps_squared) * root_log,
                            place("TV with the noise, upper bound"));
    }
  }
}

Coverage intermediate_noise(const Trial& trial, Comparisons& out) {
  for (const ScheduleKind& kind : both_schedules()) {
    midpoint_ladder(trial, make_last_step(trial.target(), kind), text(kind), out);
  }
  return Coverage::instances(4L * ladder_length(trial.effort()),
                             "score errors (schedule, l, thickness)");
}

}  // namespace

std::vector<Claim> midpoint_claims() {
  return {
      {.id = "N2",
       .title = "li-cai needs the intermediate noise",
       .kind = ClaimKind::necessity,
       .statement =
           "li-cai, step 2 -> 1, with the first score of N1, so that Y_mid lies on l Z^d, and the "
           "second score s_1 = s*_1 + (M alpha_2/b_2) e_1 where x_1 is on l Z (a set of measure "
           "zero, on which eps_score does not depend) or within delta l of it (eps_score counts "
           "it): without intermediate noise the output is moved by M, and TV -> 1 as M grows "
           "while eps_score -> 0 with l. With sigma_2 = kappa b_2 R_2 > 0, "
           "TV <= C eps_score sqrt(log T)",
       .latex = R"(s_1=s_1^\star+\tfrac{M\alpha_2}{b_2}e_1\mathbf 1\{x_1\in l\mathbb Z)"
                R"(\ (\pm\delta l)\}:\qquad \sigma_2=0\Rightarrow \mathrm{TV}\to 1\ (M\to\infty),)"
                R"(\qquad \sigma_2=\kappa b_2R_2>0\Rightarrow \mathrm{TV}\le C\,)"
                R"(\varepsilon_{\mathrm{score}}\sqrt{\log T})",
       .symbols = "TV: score part, as in N1; e_1: first unit vector; R_2 = b_2 (d log "
                  "T/(1-abar_2))^{3/2}; "
                  "delta such that both scores' errors are equal in L2; no clip",
       .source = Source::derived,
       .reference = "theory.md section 6 (N2) and section 3 (scales of the intermediate noise)",
       .left =
           "schedules logit:from=-9,to=4 and li-cai:c0=2,c1=9, T = 1024, l = 10^{1-k} b_2 and M = "
           "10^{3+k}, k = 0..6. "
           "Without "
           "noise: Y_mid found on l Z and Y_1 found moved by M at five points, then 1 - TV <= "
           "8 E|Y_1|^2/M^2 (half-space test and Chebyshev). With noise: the probability to hit, at "
           "most 2 delta (1 + 2 l/(sqrt(2 pi) sigma)), plus the lattice's effect as in N1; for "
           "every law of Y_2. In balls",
       .right = "1 - 10^{-3-2k} without the noise; C eps_score sqrt(log T) with it, as in N1",
       .falsifier =
           "a Y_mid off the lattice, a TV below 1 - 10^{-3-2k} without the noise, or one above "
           "C eps_score sqrt(log T) with it",
       .hypotheses = {mixture_target()},
       .parameters = {{"fragile kappa", "0", "kappa of the sampler that breaks"},
                      {"robust kappa", "1", "kappa of the sampler that does not"},
                      {"push", "1000", "M/10^k"},
                      {"constant", "1", "C"}},
       .controls =
           {{"a noise of kappa = 1e-6 breaks too", "gauss-shifted", {{"fragile kappa", "1e-6"}}},
            {"li-cai survives without the noise", "mixture-unbalanced", {{"robust kappa", "0"}}},
            {"a noise of kappa = 1e-6 breaks too, on a mixture",
             "mixture-far",
             {{"fragile kappa", "1e-6"}}}},
       .covers = "instances: the schedules, T, l and M named; the bounds hold for every law of Y_2",
       .evaluate = intermediate_noise}};
}

}  // namespace lemmabench
