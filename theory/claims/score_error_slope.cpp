#include <fmt/format.h>

#include "theory/claims/assumptions.hpp"
#include "theory/claims/law_questions.hpp"
#include "theory/claims/score_error.hpp"

/// E2: the score part of li-cai is linear in eps_score (theory.md section 6).
namespace lemmabench {
namespace {

/// eps_score and TV_score of one law.
struct Response {
  std::string score;
  Quantity eps;
  Quantity tv;
};

Response respond(const Trial& trial, long steps, const std::string& score) {
  const bool gaussian = trial.target().gaussian();
  LawRequest request = perturbed_request(
      trial, trial.text(gaussian ? "sampler on a Gaussian" : "sampler"), steps, score);
  // From the exact law of X_T: the line law then needs two propagations in place of three.
  request.start = gaussian ? Start::gaussian : Start::exact;
  const LawResult& law = trial.laboratory().law(request, {});
  return {score, known_part(law, &LawParts::eps_score), known_part(law, &LawParts::score)};
}

/// log(TV_a/TV_b)/log(eps_a/eps_b).
Quantity slope_between(const Response& a, const Response& b) {
  const auto logarithm = [](const Ball& x) { return log(x); };
  return image_of(a.tv / b.tv, logarithm) / image_of(a.eps / b.eps, logarithm);
}

void slope(const Trial& trial, long steps, const std::vector<std::string>& sizes,
           Comparisons& out) {
  std::vector<Response> ladder;
  std::string slopes;
  for (const std::string& size : sizes) {
    ladder.push_back(respond(trial, steps, fmt::format("affine:size={0},shift={0}", size)));
    if (ladder.size() > 1) {
      const Quantity s = slope_between(ladder[ladder.size() - 2], ladder.back());
      slopes += fmt::format("{}{:.6f}", slopes.empty() ? "" : ", ", s.value());
    }
  }
  const Response& last = ladder.back();
  const std::size_t n = ladder.size();
  const Quantity former = slope_between(ladder[n - 3], ladder[n - 2]);
  const Quantity s = slope_between(ladder[n - 2], last);
  const Quantity off = image_of(s, [&](const Ball& x) { return abs(x - trial.ball("slope")); });
  const Quantity window = Proved{trial.ball("window")};
  const Place place{.part = "|slope - 1| over the last decade",
                    .steps = steps,
                    .detail = fmt::format("{}, eps_score = {:.3g}", last.score, last.eps.value())};
  // The slope is one of a limit: only where it has settled, moving from one decade to the next by
  // less than half of what it is off, can it refute.
  const Quantity moved = image_of(s - former, [](const Ball& x) { return abs(2 * x); });
  // Where TV is near 1 its slope has settled at 0, which is not that of the limit either.
  const std::string not_yet = saturated(ladder[n - 2].tv);
  const bool refuted = at_most(off, window).verdict == Verdict::violated;
  if (refuted && (!not_yet.empty() || at_most(moved, off).verdict != Verdict::holds)) {
    const std::string why = not_yet.empty() ? "the slope has not settled" : not_yet;
    out.judged(
        {Verdict::inconclusive, why + ": the response is not linear yet", Evidence::computed}, off,
        window, 0, place);
  } else {
    out.at_most(off, window, place);
  }
  out.note(fmt::format("slopes of log TV_score against log eps_score from decade to decade: {}",
                       slopes));
}

/// TV_score <= C eps_score sqrt(log T) on a ladder of T.
void constants(const Trial& trial, const std::vector<long>& ladder, Comparisons& out) {
  double first = 0;
  double last = 0;
  for (const long steps : ladder) {
    const Response r = respond(trial, steps, "affine:size=1/1000,shift=1/1000");
    const Ball log_steps = log(Ball(steps));
    const Quantity scale = Proved{sqrt(log_steps) * exp(trial.ball("power of T") * log_steps)};
    const std::string not_yet = saturated(r.tv);
    out.constant(r.tv, r.eps * scale, trial.target().dim(), {.steps = steps, .detail = r.score},
                 not_yet.empty() ? before_resolution(trial.target(), steps) : not_yet);
    last = (r.tv / r.eps).value();
    first = steps == ladder.front() ? last : first;
  }
  out.note(fmt::format("TV_score/eps_score itself: {:.4g} at T = {}, {:.4g} at T = {}", first,
                       ladder.front(), last, ladder.back()));
}

Coverage slopes(const Trial& trial, Comparisons& out) {
  if (trial.target().gaussian()) {
    slope(trial, 128, {"1/10", "1/100", "1/1000", "1/10000"}, out);
    slope(trial, 1024, {"1/100", "1/1000", "1/10000"}, out);
    return Coverage::instances(2, "values of T, each slope over the last decade");
  }
  // At 1/10 the response still bends: the slope of that decade says nothing of the limit.
  slope(trial, 128, {"1/100", "1/1000", "1/10000"}, out);
  return Coverage::instances(1, "values of T, each slope over the last decade");
}

Coverage constants_claim(const Trial& trial, Comparisons& out) {
  using Ladder = std::vector<long>;
  if (trial.target().gaussian()) {
    constants(trial, trial.pick<Ladder>({128, 256, 512, 1024}, {128, 256, 512, 1024, 2048, 4096}),
              out);
  } else {
    constants(trial, trial.pick<Ladder>({96, 128, 160, 192}, {128, 256, 512, 1024}), out);
  }
  return Coverage::instances(out.count(), "values of T, one score error");
}

/// What both records say of the sampler and the errors.
Claim linear_response() {
  Claim claim;
  claim.symbols =
      "TV_score: between the laws of Y_1 with estimated and with exact scores; estimates "
      "s_t = (1+size) s*_t + size rms(s*_t) (1,..,1)/sqrt(d)";
  claim.source = Source::derived;
  claim.reference = "theory.md sections 3 and 6 (E2); " + std::string(kReconstruction);
  claim.hypotheses = {estimated_score_target()};
  claim.parameters = {{"sampler", "li-cai:clip=1,kappa=1/10", "on mixtures"},
                      {"sampler on a Gaussian", "li-cai:kappa=1/10", "the clip is not affine"}};
  return claim;
}

Claim slope_claim() {
  Claim claim = linear_response();
  claim.id = "E2";
  claim.title = "The score part of li-cai is linear in eps_score";
  claim.kind = ClaimKind::inequality;
  claim.statement =
      "li-cai with clip and intermediate noise: the slope of log TV_score against log eps_score is "
      "1 as eps_score -> 0";
  claim.latex = R"(\frac{\mathrm d\log\mathrm{TV}_{\mathrm{score}}}{\mathrm d\log)"
                R"(\varepsilon_{\mathrm{score}}}\to 1,\qquad \varepsilon_{\mathrm{score}}\to 0)";
  claim.left =
      "|slope - 1| over the last decade of sizes down to 1/10000 at T = 128. On mixtures "
      "li-cai:clip=1,kappa=1/10 from the law of X_T (line law, computed). On Gaussians the clip is "
      "not affine and is left off: li-cai:kappa=1/10 from N(0,I) in balls, also at T = 1024";
  claim.right = "a window that the curvature of the response leaves: it shrinks with the size";
  claim.falsifier = "a slope off 1 by more than the window";
  claim.parameters.push_back({"slope", "1", "of log TV_score against log eps_score"});
  claim.parameters.push_back({"window", "1/100", "by which the last decade's slope may be off"});
  claim.controls = {{"slope 1.011", "gauss-flat", {{"slope", "1.011"}}},
                    {"slope 0.989", "gauss-near-singular", {{"slope", "0.989"}}},
                    {"slope 2: a quadratic response", "mixture-near", {{"slope", "2"}}},
                    {"slope 1.015 on a mixture", "mixture-unbalanced", {{"slope", "1.015"}}}};
  claim.covers = "instances: the T named, one direction of the score error";
  claim.evaluate = slopes;
  return claim;
}

Claim constant_claim() {
  Claim claim = linear_response();
  claim.id = "E2-constant";
  claim.title = "The score part of li-cai against eps_score sqrt(log T)";
  claim.kind = ClaimKind::smallest_constant;
  claim.statement =
      "li-cai with clip and intermediate noise: TV_score <= C T^a eps_score sqrt(log T), a = 0, "
      "with C bounded in T";
  claim.latex = R"(\mathrm{TV}_{\mathrm{score}}\le C\,\varepsilon_{\mathrm{score}}\sqrt{\log T})";
  claim.left =
      "TV_score at size 1/1000. On mixtures li-cai:clip=1,kappa=1/10 from the law of X_T (line "
      "law, computed), T = 96..192 (full suite: 128..1024). On Gaussians the clip is not affine "
      "and is left off: li-cai:kappa=1/10 from N(0,I) in balls, T = 128..1024 (full: 4096)";
  claim.right = "C T^a eps_score sqrt(log T), eps_score of the law";
  claim.falsifier = "a C that grows like a power of T";
  claim.parameters.push_back({"power of T", "0", "a"});
  claim.controls = {{"a = -1/4", "gauss-spread", {{"power of T", "-1/4"}}},
                    {"a = -1/4 on a mixture", "mixture-near", {{"power of T", "-1/4"}}}};
  claim.covers = "instances: the T named, one score error";
  // On a ladder this narrow terms of order L look like a small power.
  claim.trend = {.slack = 0.02};
  claim.evaluate = constants_claim;
  return claim;
}

}  // namespace

std::vector<Claim> score_slope_claims() { return {slope_claim(), constant_claim()}; }

}  // namespace lemmabench
