#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "numerics/error.hpp"
#include "numerics/least_steps.hpp"
#include "numerics/order_fit.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/discretisation.hpp"

/// Claims D7 and D8: T*(d, eps) = least T with TV <= eps, its exponents, and who needs fewer steps.
namespace lemmabench {
namespace {

/// TV of a sampler on a target, for searches in T.
struct Question {
  const Trial& trial;
  std::string target;
  std::string sampler;

  Quantity tv(long steps) const {
    LawRequest request = law_request(target, sampler, steps);
    // Enough to compare TV with eps, and the same in both claims.
    request.digits = trial.target().gaussian() ? 8 : 0;
    return trial.laboratory().law(request, {.decomposition = false}).tv;
  }
};

long first_steps() { return least_steps(ScheduleKind(LiCaiSchedule{})); }

/// A rational a little above TV: 1.001 of its upper end.
Rational just_above(const Quantity& tv) {
  return Rational::from_double((tv.value() + tv.error()) * 1.001, "eps");
}

/// eps and T*(eps).
struct LeastStepsAt {
  Rational eps;
  long steps = 0;
};

std::vector<long> ladder_of_steps(const Trial& trial) {
  if (trial.target().gaussian()) {
    return trial.pick<std::vector<long>>({96, 128, 192, 256, 384, 512, 768, 1024},
                                         {96, 128, 192, 256, 384, 512, 768, 1024, 1536, 3072});
  }
  return trial.pick<std::vector<long>>({96, 192, 384, 768}, {96, 192, 384, 768, 1536, 3072});
}

/// Accuracies chosen so that T* is known at once: eps just above TV(T) for T on a ladder, where
/// TV(31 T/32) > eps. TV is taken to fall with T, so 31 T/32 < T* <= T: 3 percent for T*.
std::vector<LeastStepsAt> ladder_in_eps(const Question& ask) {
  std::vector<LeastStepsAt> found;
  for (const long steps : ladder_of_steps(ask.trial)) {
    const Rational eps = just_above(ask.tv(steps));
    // While TV is near 1 a step more changes 1/eps by nothing, which is no exponent.
    if (!saturated(ask.tv(steps)).empty()) {
      continue;
    }
    if (at_most(Quantity(Proved{Ball(eps)}), ask.tv(steps * 31 / 32)).verdict == Verdict::holds) {
      found.push_back({eps, steps});
    }
  }
  return found;
}

/// T* over the theorem's own log^{k/2} T*, the log power of D5 solved for T.
double without_logs(const Trial& trial, long steps) {
  const double power = trial.number("log power").to_double();
  const double t = static_cast<double>(steps);
  return t / std::pow(std::log(t), power);
}

/// The exponent q in T*/log^{k/2} T* ~ n^q, n = 1/eps or d, against the one of the bound.
struct Growth {
  std::string_view part;
  std::vector<ScalingPoint> points;  ///< (n, T*/log^{k/2} T*)
  std::string detail;
};

void judge_growth(const Growth& growth, const Quantity& bound, Comparisons& out) {
  const ExponentFit fit = fit_exponent(growth.points, ScalingModel::power);
  Judgement judgement;
  judgement.evidence = weaker(Evidence::computed, fit.evidence);
  if (fit.refused()) {
    judgement.reason = growth.points.empty() ? "TV is above 1/4 at every T tried" : fit.refusal;
    out.judged(judgement, Quantity(), bound, 0, {.part = growth.part, .detail = growth.detail});
    return;
  }
  const double low = -fit.high;
  const double high = -fit.low;
  const double limit = bound.value();
  // The interval holds how far the exponent may still drift (fit_exponent), so that one wholly
  // above the limit refutes it, settled or not; what is no exponent yet was left out of the points.
  judgement.verdict = high <= limit ? Verdict::holds
                      : low > limit ? Verdict::violated
                                    : Verdict::inconclusive;
  judgement.reason =
      fmt::format("the exponent {:.3f} in [{:.3f}, {:.3f}] {} {:.4g}", -fit.order, low, high,
                  high <= limit ? "is consistent with at most"
                  : low > limit ? "exceeds"
                                : "is not told from",
                  limit);
  out.note(fmt::format("{} {}: {}", growth.part, growth.detail, judgement.reason));
  const double margin = std::log(limit / std::max(-fit.order, 1e-9));
  out.judged(judgement, Quantity::computed(-fit.order, fit.half_width()), bound, margin,
             {.part = growth.part, .detail = growth.detail});
}

/// A point of the fit; T* is an integer in an interval of relative `width`. A slope does not feel
/// the factor 4, but fit_exponent wants n >= 3.
ScalingPoint growth_point(const Trial& trial, double n, long steps, double width) {
  const double value = without_logs(trial, steps);
  return {4 * n, value, value * width, Evidence::computed};
}

void exponent_in_eps(const Trial& trial, Comparisons& out) {
  const Question ask{trial, trial.target().target, trial.text("sampler")};
  Growth growth{"exponent of 1/eps", {}, ask.sampler};
  for (const LeastStepsAt& at : ladder_in_eps(ask)) {
    growth.points.push_back(growth_point(trial, 1 / at.eps.to_double(), at.steps, 1.0 / 32));
  }
  judge_growth(growth, Quantity(Proved{trial.ball("in 1/eps")}), out);
}

/// On n independent copies of a Gaussian, at the eps that one copy reaches with 96 steps (more,
/// where TV is still near 1 there).
void exponent_in_dim(const Trial& trial, Comparisons& out) {
  const ProductLaw& law = *trial.target().product();
  const Question one{trial, copies_of(law, 1), trial.text("sampler")};
  Quantity reached = one.tv(96);
  for (long steps = 192; !saturated(reached).empty() && steps <= 768; steps *= 2) {
    reached = one.tv(steps);
  }
  if (!saturated(reached).empty()) {
    throw NumericalFailure("T* in d: TV of one copy is above 1/4 at every T to 768");
  }
  const Rational eps = just_above(reached);
  Growth growth{
      "exponent of d", {}, trial.text("sampler") + ", eps = " + to_decimal(Ball(eps), 3).value};
  for (const long copies : {1L, 4L, 16L, 64L}) {
    const Question ask{trial, copies_of(law, copies), trial.text("sampler")};
    const Complexity found = least_steps_for([&](long steps) { return ask.tv(steps); }, {eps},
                                             {.first = first_steps(), .cap = 1 << 14});
    const LeastSteps& least = found.least.front();
    if (least.capped || !found.monotone || !least.certain) {
      throw NumericalFailure(fmt::format("T* of {} copies: {}", copies,
                                         least.capped ? "above the cap" : found.violation));
    }
    growth.points.push_back(growth_point(trial, static_cast<double>(law.dim() * copies),
                                         least.steps, 1.0 / static_cast<double>(least.steps)));
  }
  judge_growth(growth, Quantity(Proved{trial.ball("in d")}), out);
}

Coverage exponents(const Trial& trial, Comparisons& out) {
  exponent_in_eps(trial, out);
  if (trial.target().gaussian()) {
    exponent_in_dim(trial, out);
  }
  return Coverage::instances(out.count(), "exponents, each read off a ladder");
}

/// What TV on a ladder says of T*(eps), if TV falls with T: T* lies above the largest T with
/// TV(T) > eps and is at most the least T with TV(T) <= eps.
Quantity bracket(const Question& ask, const Rational& eps) {
  long above = first_steps() - 1;
  long at_most_steps = kMaxSteps;
  for (const long steps : {93L, 96L, 186L, 192L, 372L, 384L, 744L, 768L}) {
    // What D7 asks of the accelerated sampler anyway; of the other one the ladder itself suffices.
    if (steps % 96 != 0 && ask.sampler != ask.trial.text("accelerated")) {
      continue;
    }
    const Verdict reached = at_most(ask.tv(steps), Quantity(Proved{Ball(eps)})).verdict;
    if (reached == Verdict::violated) {
      above = steps;
    } else if (reached == Verdict::holds) {
      at_most_steps = std::min(at_most_steps, steps);
    }
  }
  // Never proved: that TV falls with T is a hypothesis.
  const Ball both = Ball::hull(Ball(above + 1), Ball(at_most_steps));
  return Computed{both.midpoint(), both.radius()};
}

/// D8 at eps just above TV(T) of the accelerated sampler.
void advantage_on_ladder(const Trial& trial, Comparisons& out) {
  const std::string& target = trial.target().target;
  const Question fast{trial, target, trial.text("accelerated")};
  const Question plain{trial, target, trial.text("plain")};
  const Quantity factor = Proved{trial.ball("advantage")};
  for (const long steps : {96L, 192L, 384L, 768L}) {
    const Rational eps = just_above(fast.tv(steps));
    // Above 1/sqrt(d) the theorems promise nothing.
    if (eps * eps * Rational(trial.target().dim()) <= Rational(1)) {
      out.at_most(bracket(fast, eps), factor * bracket(plain, eps),
                  {.part = "T*(accelerated) <= T*(plain)",
                   .steps = steps,
                   .detail = "eps = " + to_decimal(Ball(eps), 3).value});
    }
  }
}

/// The largest T of the searches for D8.
constexpr long kCap = 1 << 14;

/// D8 at eps = 1/sqrt(d), where the two bounds cross, on copies of a Gaussian.
void advantage_at_crossing(const Trial& trial, Comparisons& out) {
  const ProductLaw& law = *trial.target().product();
  const auto least = [&](const char* sampler, long copies, const Rational& eps) {
    const Question ask{trial, copies_of(law, copies), trial.text(sampler)};
    return least_steps_for([&](long steps) { return ask.tv(steps); }, {eps},
                           {.first = first_steps(), .cap = kCap})
        .least.front();
  };
  // A search that ends at the cap leaves T* > cap: as good as the cap itself for the slower one.
  const auto shown = [](const LeastSteps& found) {
    return found.capped ? fmt::format("more than {}", kCap) : fmt::format("{}", found.steps);
  };
  for (const long copies : {1L, 8L, 64L}) {
    const long dim = law.dim() * copies;
    const Rational eps = Rational::from_double(1 / std::sqrt(static_cast<double>(dim)), "eps");
    const LeastSteps fast = least("accelerated", copies, eps);
    const LeastSteps plain = least("plain", copies, eps);
    const auto steps = [](const LeastSteps& found) {
      return Quantity::computed(static_cast<double>(found.capped ? kCap + 1 : found.steps), 0);
    };
    if (!(fast.capped && plain.capped)) {
      out.at_most(steps(fast), Quantity(Proved{trial.ball("advantage")}) * steps(plain),
                  {.part = "at eps = 1/sqrt(d)", .detail = fmt::format("d = {}", dim)});
    }
    out.note(fmt::format("d = {}, eps = 1/sqrt(d): T* = {} ({}) and {} ({})", dim, shown(fast),
                         trial.text("accelerated"), shown(plain), trial.text("plain")));
  }
}

Coverage advantage(const Trial& trial, Comparisons& out) {
  advantage_on_ladder(trial, out);
  if (trial.target().gaussian()) {
    advantage_at_crossing(trial, out);
  }
  return Coverage::instances(std::max(out.count(), 1L), "pairs (d, eps)");
}

Claim claim_d7() {
  Claim claim;
  claim.id = "D7";
  claim.title = "Exponents of the number of steps";
  claim.kind = ClaimKind::order;
  claim.statement =
      "T*(d, eps) = least T with TV <= eps grows for li-cai at most like d^{5/4} "
      "eps^{-1/2} times log^{k/2} T*, k = 5 (derived, not the paper's)";
  claim.latex = R"(T^\star(d,\varepsilon)=\tilde O(d^{5/4}\varepsilon^{-1/2}))";
  claim.symbols = "T* >= the least T for which h_t < 1/2; the schedule is li-cai:c0=2,c1=9";
  // The exponents are the paper's; the power of log T and the sampler are not.
  claim.source = Source::derived;
  claim.reference =
      "LC (2410.23285), abstract; theory.md section 6, claim D7; the log power as in "
      "D5. " +
      std::string(kReconstruction);
  claim.left =
      "exponent q of T*/log^{5/2} T* ~ (1/eps)^q on eps = TV(96), ..., TV(768) "
      "(Gaussians: TV(1024); full suite: TV(3072)), where T* is known to 3 percent, and ~ d^q on "
      "1, 4, 16, 64 copies "
      "of a Gaussian with T* by bisection; least squares with the interval of "
      "numerics/order_fit.hpp";
  claim.right = "1/2 and 5/4";
  claim.falsifier = "an exponent whose whole interval lies above that of the bound";
  claim.hypotheses = {mixture_target(), second_moment_bound(96)};
  claim.parameters = {{"sampler", "li-cai", "reconstruction"},
                      {"in 1/eps", "1/2", "exponent of 1/eps"},
                      {"in d", "5/4", "exponent of d"},
                      {"log power", "5/2", "k/2, the power of log T* divided out"}};
  claim.controls = {
      {"ddpm with the exponents of the accelerated sampler", "gauss-flat", {{"sampler", "ddpm"}}},
      {"exponent 1/4 of 1/eps", "mixture-far", {{"in 1/eps", "1/4"}}},
      {"T* does not grow with d", "gauss-flat", {{"in d", "0"}}}};
  claim.covers = "instances: the eps and d named";
  claim.evaluate = exponents;
  return claim;
}

Claim claim_d8() {
  Claim claim;
  claim.id = "D8";
  claim.title = "The accelerated sampler needs fewer steps";
  claim.kind = ClaimKind::inequality;
  claim.statement =
      "T*(d, eps) of li-cai <= T*(d, eps) of ddpm for every eps <= 1/sqrt(d), where "
      "the two bounds cross";
  claim.latex = R"(T^\star_{\rm li-cai}(d,\varepsilon)\le T^\star_{\rm ddpm}(d,\varepsilon)\quad)"
                R"((\varepsilon\le d^{-1/2}))";
  claim.symbols = "T*(d, eps) = least T with TV <= eps (TV falls with T on everything tried)";
  claim.source = Source::derived;
  claim.reference =
      "theory.md section 6, claim D8 (and B3 for the crossing). " + std::string(kReconstruction);
  claim.left =
      "T* of li-cai: T itself at eps = 1.001 TV(T), T = 96, ..., 768; by bisection at eps "
      "= 1/sqrt(d) on 1, 8, 64 copies of a Gaussian";
  claim.right =
      "T* of ddpm: above the largest T' <= 768 with TV(T') > eps; by bisection at eps = "
      "1/sqrt(d)";
  claim.falsifier = "an accuracy which ddpm certainly reaches with fewer steps";
  claim.hypotheses = {mixture_target(), second_moment_bound(96)};
  claim.parameters = {{"accelerated", "li-cai", "reconstruction"},
                      {"plain", "ddpm", ""},
                      {"advantage", "1", "A in T*(accelerated) <= A T*(plain)"}};
  claim.controls = {
      {"the samplers exchanged", "mixture-far", {{"accelerated", "ddpm"}, {"plain", "li-cai"}}},
      {"the samplers exchanged", "gauss-spread", {{"accelerated", "ddpm"}, {"plain", "li-cai"}}},
      {"half as many steps, where both need no more than the schedule asks for",
       "gauss-flat",
       {{"advantage", "1/2"}}}};
  claim.covers = "instances: the eps and d named";
  claim.evaluate = advantage;
  return claim;
}

}  // namespace

std::vector<Claim> complexity_claims() { return {claim_d7(), claim_d8()}; }

}  // namespace lemmabench
