#include <fmt/format.h>

#include <algorithm>

#include "theory/claims/law_questions.hpp"
#include "theory/claims/score_error.hpp"

/// E3: the total error splits into its parts (theory.md section 5).
namespace lemmabench {
namespace {

/// One run whose parts are added up.
struct Run {
  std::string sampler;
  std::string score;
  Rational c0{2};
};

std::vector<Run> runs(const Trial& trial) {
  std::vector<Run> out;
  for (const std::string& sampler : words(trial.text("samplers"))) {
    for (const char* score : {"exact", "affine:size=1/20,shift=1/50"}) {
      out.push_back({sampler, score, Rational(2)});
    }
  }
  if (!trial.target().gaussian()) {
    out.push_back({"ddpm", "wave:size=1/20", Rational(2)});
  }
  // abar_T = T^{-1/2}: an initial error that is as large as the others.
  out.push_back({"ddim", "affine:size=1/20,shift=1/50", Rational(1, 2)});
  out.push_back({"ddim", "exact", Rational(1, 2)});
  return out;
}

/// The sum of local errors costs a TV a step, on a Gaussian of several eigenvalues or off the
/// origin one contour integral each: those are left to the full suite.
bool wants_local_errors(const Trial& trial, const Run& run, long steps) {
  if (run.score != "exact" || run.c0 != Rational(2) || steps > 128) {
    return false;
  }
  if (!trial.target().gaussian() && trial.target().dim() > 1) {
    return false;  // the product engine has none
  }
  const std::vector<CoordinateLaw>& law = trial.target().product()->coordinates;
  const bool cheap =
      !trial.target().gaussian() || (law.size() == 1 && law.front().mean() == Rational(0));
  const bool quick = cheap && (run.sampler == "ddpm" || run.sampler == "li-cai");
  return quick || trial.effort().full;
}

/// `sum` with what the declared errors of both sides leave open where they are estimates: the parts
/// must come up to the total within the numerical budget.
Quantity within_budget(const Quantity& total, const Quantity& sum) {
  const double budget = 2 * (total.error() + sum.error());
  return sum.evidence() == Evidence::proved ? sum : sum + Quantity::computed(budget, 0);
}

void split(const Trial& trial, const Run& run, long steps, Comparisons& out) {
  LawRequest request = perturbed_request(trial, run.sampler, steps, run.score);
  request.schedule = LiCaiSchedule{run.c0, Rational(9)};
  const bool local = wants_local_errors(trial, run, steps);
  const LawResult& law = trial.laboratory().law(request, {.local_errors = local});
  const auto place = [&](std::string_view part) {
    return Place{
        .part = part,
        .steps = steps,
        .detail = fmt::format("{}, score {}, c0 = {}", run.sampler, run.score, run.c0.text())};
  };
  Quantity sum = Proved{Ball(0)};
  for (const std::string& name : words(trial.text("parts"))) {
    sum = sum + known_part(law, part_named(name));
  }
  out.at_most(law.tv, within_budget(law.tv, sum), place("total <= sum of the parts"));
  if (sum.value() > 0) {
    out.smallest_constant(law.tv.interval(), sum.interval(), place("total/sum of the parts"));
  }
  const Quantity& initial = known_part(law, &LawParts::initial_tv);
  if (run.sampler == "ddim") {
    out.equal(known_part(law, &LawParts::initialisation), initial, initial.interval(), 1e-6,
              place("initialisation = TV(p_{X_T}, N(0,I)): ddim is one to one"));
  } else {
    out.at_most(known_part(law, &LawParts::initialisation), initial,
                place("initialisation <= TV(p_{X_T}, N(0,I))"));
  }
  if (local) {
    out.at_most(known_part(law, &LawParts::discretisation), known_part(law, &LawParts::local_sum),
                place("discretisation <= sum of the local errors"));
  }
}

Coverage total_splits(const Trial& trial, Comparisons& out) {
  long count = 0;
  for (const long steps : trial.pick<std::vector<long>>({128}, {128, 512})) {
    for (const Run& run : runs(trial)) {
      split(trial, run, steps, out);
      ++count;
    }
  }
  return Coverage::instances(count, "runs (T, sampler, score, c0)");
}

}  // namespace

std::vector<Claim> split_claims() {
  return {
      {.id = "E3",
       .title = "The error splits into its parts",
       .kind = ClaimKind::inequality,
       .statement =
           "TV(p_{X_1}, p_{Y_1}) <= initialisation + discretisation + score; initialisation <= "
           "TV(p_{X_T}, N(0,I)), with equality for ddim, whose steps are one to one; "
           "discretisation <= sum_t TV(K_t p_t, p_{t-1})",
       .latex = R"(\mathrm{TV}(p_{X_1},p_{Y_1})\le\mathrm{TV}(p_{X_1},\mathcal L(X_T,s^\star))+)"
                R"(\mathrm{TV}(\mathcal L(X_T,s^\star),\mathcal L(N,s^\star))+)"
                R"(\mathrm{TV}(\mathcal L(N,s^\star),\mathcal L(N,s)))",
       .symbols =
           "L(start, scores): law of the output Y_1; discretisation: start X_T, exact scores; "
           "initialisation: X_T against N(0, I), exact scores; score: s*_t against s_t from N(0, "
           "I)",
       .source = Source::derived,
       .reference = "theory.md section 5 (error decomposition) and section 6 (E3)",
       .left =
           "TV of ddpm, ddim, li-cai and li-cai-momentum at T = 128 (full suite: 512), exact "
           "scores, a gain of 1/20 with a shift of 1/50, on mixtures a wave, and ddim with c0 = "
           "1/2: proved on Gaussians, computed on mixtures",
       .right =
           "the three parts, each the TV of two further output laws, on mixtures within the "
           "declared "
           "numerical errors; the sum of local errors with exact scores (quick suite: ddpm and "
           "li-cai, on mixtures and on gauss-flat, where a local TV is cheap)",
       .falsifier = "a run whose total exceeds the sum of its parts beyond the declared errors",
       .hypotheses = {estimated_score_target()},
       .parameters = {{"parts", "initialisation discretisation score", "which are summed"},
                      {"samplers", "ddpm ddim li-cai li-cai-momentum", "that are run"}},
       .controls =
           {{"without the initialisation", "gauss-spread", {{"parts", "discretisation score"}}},
            {"without the score part",
             "gauss-shifted",
             {{"parts", "initialisation discretisation"}}},
            {"without the discretisation", "gauss-flat", {{"parts", "initialisation score"}}},
            {"without the discretisation, on a mixture",
             "mixture-three",
             {{"parts", "initialisation score"}}}},
       .covers = "instances: the runs named",
       .evaluate = total_splits}};
}

}  // namespace lemmabench
