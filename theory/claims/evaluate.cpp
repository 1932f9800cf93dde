#include <algorithm>

#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "theory/claims/claim.hpp"

namespace lemmabench {
namespace {

Outcome evaluate_at(const Claim& claim, const Trial& trial, long bits) {
  const PrecisionScope scope(bits);
  const bool identities = claim.kind == ClaimKind::identity;
  Comparisons comparisons;
  try {
    claim.evaluate(trial, comparisons);
    return comparisons.outcome(claim.trend, identities);
  } catch (const NumericalFailure& failure) {
    Outcome out = comparisons.outcome(claim.trend, identities);
    // A certain violation found before the failure stands.
    if (out.verdict != Verdict::violated) {
      out.verdict = Verdict::inconclusive;
      out.reason = failure.what();
    }
    return out;
  } catch (const EngineRefusal& refusal) {
    Outcome out = comparisons.outcome(claim.trend, identities);
    out.verdict = Verdict::inconclusive;
    out.reason = refusal.what();
    out.evidence = Evidence::computed;  // more precision would not help
    return out;
  }
}

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
  for (long bits = bits_for_digits(effort.digits) + 32;; bits *= 2) {
    Outcome out = evaluate_at(claim, trial, bits);
    const bool precision_may_help =
        out.verdict == Verdict::inconclusive && out.evidence == Evidence::proved;
    if (!precision_may_help || 2 * bits > effort.max_bits) {
      return out;
    }
  }
}

}  // namespace lemmabench
