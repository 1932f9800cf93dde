#include <fmt/format.h>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "theory/claims/law_questions.hpp"
#include "theory/claims/necessity.hpp"

/// N1: a deterministic last step is fragile (theory.md section 6).
namespace lemmabench {

DistanceBounds lattice_distance(const LastStep& step, std::string_view sampler,
                                const Tampering& how) {
  if (sampler == "ddim") {
    // The exact output has a density and is rarely near the lattice, the tampered one always.
    const Ball near = step.lattice_mass(step.first(), *how.spacing, Ball::exactly(kOnLattice));
    return {1 - near, Ball(1)};
  }
  Ball shift;
  if (sampler == "ddpm") {
    shift = step.ddpm_shift(how);
  } else if (sampler == "li-cai") {
    shift = step.li_cai_shift(how);
  } else if (sampler == "li-cai-momentum") {
    shift = step.momentum_shift(how);
  } else {
    throw InputError(fmt::format("no lattice is known for the sampler {}", sampler));
  }
  return {Ball(0), step.shift_distance(shift)};
}

namespace {

void lattice_ladder(const Trial& trial, const LastStep& step, std::string_view schedule,
                    Comparisons& out) {
  const Ball root_log = sqrt(log(Ball(step.steps())));
  const std::string& fragile = trial.text("fragile");
  for (int k = 0; k < ladder_length(trial.effort()); ++k) {
    const Tampering how{.spacing = lattice_spacing(step, k), .pull = trial.ball("pull")};
    if (fragile == "ddim") {
      require_lattice(step, how, out);
    }
    const Ball eps = sqrt(step.lattice_error(how));
    const auto place = [&](std::string_view part, std::string_view sampler) {
      return Place{.part = part,
                   .steps = step.steps(),
                   .t = 2,
                   .detail = fmt::format("{}, l = 1e{} b_2, {}", sampler, 1 - k, schedule)};
    };
    const Ball linear = how.pull * *how.spacing / step.b() *
                        sqrt(step.alpha() * Ball(step.dim()) / Ball(step.steps()));
    out.at_most(eps, linear, place("eps_score <= (2/b) sqrt(alpha d/T) l", "eps_score"));
    out.at_most(1 - Ball(Rational(1, 1000000000)), lattice_distance(step, fragile, how).hull(),
                place("TV of the fragile sampler is 1", fragile));
    for (const std::string& sampler : words(trial.text("robust"))) {
      const DistanceBounds tv = lattice_distance(step, sampler, how);
      out.at_most(tv.hull(), trial.ball("constant") * eps * root_log,
                  place("TV of a robust sampler <= C eps_score sqrt(log T)", sampler));
      out.smallest_constant(tv.high, eps * root_log, place("TV, upper bound", sampler));
    }
  }
}

Coverage deterministic_last_step(const Trial& trial, Comparisons& out) {
  for (const ScheduleKind& kind : both_schedules()) {
    lattice_ladder(trial, make_last_step(trial.target(), kind), text(kind), out);
  }
  return Coverage::instances(2L * ladder_length(trial.effort()), "lattices (schedule, l)");
}

}  // namespace

std::vector<Claim> lattice_claims() {
  return {
      {.id = "N1",
       .title = "A deterministic last step is fragile",
       .kind = ClaimKind::necessity,
       .statement =
           "With s_2(y) = s*_2(y) - (2 sqrt(alpha_2)/b_2)(u - l floor(u/l)) in every coordinate, "
           "u = (y + (b_2/2) s*_2(y))/sqrt(alpha_2) the exact ddim output, and all other scores "
           "exact: ddim's output lies on the lattice l Z^d, so that TV = 1 for every l > 0, while "
           "eps_score <= (2/b_2) sqrt(alpha_2 d/T) l -> 0 with l. For ddpm, li-cai and "
           "li-cai-momentum the same scores give TV <= C eps_score sqrt(log T)",
       .latex = R"(s_2(y)=s_2^\star(y)-\tfrac{2\sqrt{\alpha_2}}{b_2}\,\bigl(u-l\lfloor u/l\rfloor)"
                R"(\bigr),\quad u=\frac{y+\frac{b_2}{2}s_2^\star(y)}{\sqrt{\alpha_2}}:\qquad )"
                R"(\mathrm{TV}_{\mathrm{ddim}}=1,\ \varepsilon_{\mathrm{score}}\le\tfrac{2}{b_2})"
                R"(\sqrt{\alpha_2 d/T}\;l\to 0,\quad \mathrm{TV}_{\mathrm{ddpm}},)"
                R"(\mathrm{TV}_{\mathrm{li\text{-}cai}}\le C\,\varepsilon_{\mathrm{score}})"
                R"(\sqrt{\log T})",
       .symbols =
           "TV: score part of the error, between the laws of Y_1 with exact and with tampered "
           "scores; l: spacing of the lattice; C = 1 here (E1 proves (1/2) sqrt(c1) for ddpm)",
       .source = Source::derived,
       .reference = "SGM (2306.09251) section 3.2.1; theory.md section 6",
       .left =
           "schedules logit:from=-9,to=4 and li-cai:c0=2,c1=9, T = 1024, l = 10 b_2 down to 1e-5 "
           "b_2. ddim: its output "
           "at five points a coordinate is found on l Z within 1e-15 l (for all other points by "
           "the algebra); the exact output from X_2 ~ p_2 comes so close with probability at most "
           "2 delta (M + l V)/m, m <= u' <= M, V the variation of p_2. ddpm, li-cai and "
           "li-cai-momentum: TV of two Gaussians at the largest distance of their means, with the "
           "score's Lipschitz constant over the whole line; holds for every law of Y_2. In balls",
       .right =
           "1 - 1e-9 for ddim; C eps_score sqrt(log T) for the others, eps_score enclosed from "
           "m, M, V. Computed values of TV stand in the report's table",
       .falsifier =
           "an output of ddim off the lattice, a ddim whose TV is below 1, or a robust sampler "
           "whose TV is above C eps_score sqrt(log T) for a small l",
       .hypotheses = {mixture_target()},
       .parameters = {{"fragile", "ddim", "the sampler that breaks"},
                      {"robust", "ddpm li-cai li-cai-momentum", "the samplers that do not"},
                      {"pull", "2", "the factor of sqrt(alpha_2)/b_2 in s_2"},
                      {"constant", "1", "C"}},
       .controls = {{"ddpm breaks too", "gauss-flat", {{"fragile", "ddpm"}}},
                    {"li-cai breaks too", "mixture-three", {{"fragile", "li-cai"}}},
                    {"ddim survives", "mixture-near", {{"robust", "ddim"}}},
                    {"a pull of 1.999999 in place of 2 leaves the lattice",
                     "gauss-spread",
                     {{"pull", "1.999999"}}}},
       .covers = "instances: the schedules, T and l named; the bounds hold for every law of Y_2",
       .evaluate = deterministic_last_step}};
}

}  // namespace lemmabench
