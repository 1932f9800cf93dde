#include <algorithm>
#include <stdexcept>
#include <utility>

#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"
#include "theory/claims/claim.hpp"

namespace lemmabench {
namespace {

/// What an evaluation that did not end leaves: the claim is open, unless a comparison was certainly
/// false before. (A trend of the points so far is no such thing.)
Outcome cut_short(Outcome out, const char* reason, bool precision_may_help) {
  if (out.verdict == Verdict::violated && out.margin_unit != MarginUnit::exponent) {
    return out;
  }
  out.verdict = Verdict::inconclusive;
  out.reason = reason;
  out.precision_may_help = precision_may_help;
  return out;
}

Outcome evaluate_at(const Claim& claim, const Trial& trial, long bits) {
  const PrecisionScope scope(bits);
  const bool identities = claim.kind == ClaimKind::identity;
  Comparisons comparisons;
  try {
    Coverage coverage = claim.evaluate(trial, comparisons);
    Outcome out = comparisons.outcome(claim.trend, identities);
    out.coverage = std::move(coverage);
    return out;
  } catch (const NumericalFailure& failure) {
    return cut_short(comparisons.outcome(claim.trend, identities), failure.what(), true);
  } catch (const std::runtime_error& refusal) {
    // BudgetUsedUp, EngineRefusal, or an error of input that no user gave.
    return cut_short(comparisons.outcome(claim.trend, identities), refusal.what(), false);
  }
}

/// What one claim may cost on one case at all precisions together: more than twice what the
/// dearest takes in the catalogue, and about 20 s.
constexpr double kEvaluations = 2e7;
constexpr double kEvaluationsFull = 2e8;

Outcome not_applicable(std::string reason) {
  Outcome out;
  out.verdict = Verdict::not_applicable;
  out.reason = std::move(reason);
  return out;
}

}  // namespace

bool in_domain(const Claim& claim, const Case& subject) {
  switch (claim.domain) {
    case ClaimDomain::targets:
      return subject.target() != nullptr;
    case ClaimDomain::schedules:
      return subject.schedule() != nullptr;
    case ClaimDomain::theorems:
      return subject.theorem() != nullptr;
  }
  return false;
}

Outcome evaluate_claim(const Claim& claim, const Case& subject, const Effort& effort,
                       Laboratory& laboratory, const std::map<std::string, std::string>& twist) {
  if (!in_domain(claim, subject)) {
    return not_applicable("the claim is not about a case of this kind");
  }
  for (const Hypothesis& hypothesis : claim.hypotheses) {
    const std::string failure = hypothesis.fails(subject);
    if (!failure.empty()) {
      return not_applicable(failure);
    }
  }
  const Trial trial(subject, effort, laboratory, claim.parameters, twist);
  const EvaluationBudget budget(trial.pick(kEvaluations, kEvaluationsFull));
  for (long bits = bits_for_digits(effort.digits) + 32;; bits *= 2) {
    Outcome out = evaluate_at(claim, trial, bits);
    const bool precision_may_help = out.verdict == Verdict::inconclusive &&
                                    out.evidence == Evidence::proved && out.precision_may_help;
    if (!precision_may_help || 2 * bits > effort.max_bits) {
      return out;
    }
  }
}

}  // namespace lemmabench
