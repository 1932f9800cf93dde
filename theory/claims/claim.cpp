#include "theory/claims/claim.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

#include "claim_files.hpp"

namespace lemmabench {

std::string_view name(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::identity:
      return "identity";
    case ClaimKind::inequality:
      return "inequality";
    case ClaimKind::order:
      return "order";
    case ClaimKind::smallest_constant:
      return "smallest constant";
    case ClaimKind::necessity:
      return "necessity";
  }
  return "";
}

std::string_view defined_in(const Claim& claim) {
  const auto* const found = std::find_if(std::begin(kClaimFiles), std::end(kClaimFiles),
                                         [&](const auto& row) { return row.first == claim.id; });
  if (found == std::end(kClaimFiles)) {
    throw std::logic_error("claim " + claim.id +
                           ": its id does not stand in theory/claims/ as a literal");
  }
  return found->second;
}

std::string_view family_title(char family) {
  switch (family) {
    case 'S':
      return "Schedule";
    case 'F':
      return "Forward process and scores";
    case 'T':
      return "Typical sets and moments";
    case 'D':
      return "Discretisation";
    case 'I':
      return "Initialisation";
    case 'E':
      return "Score error";
    case 'B':
      return "Bounds as functions";
    case 'N':
      return "Necessity";
    default:
      return "";
  }
}

Trial::Trial(const Case& subject, const Effort& effort, Laboratory& laboratory,
             const std::vector<Parameter>& parameters,
             const std::map<std::string, std::string>& twist)
    : subject_(subject), effort_(effort), laboratory_(laboratory) {
  for (const Parameter& p : parameters) {
    values_[p.id] = p.value;
  }
  for (const auto& [id, value] : twist) {
    if (values_.find(id) == values_.end()) {
      throw std::logic_error("a control changes the parameter '" + id + "', which is not there");
    }
    values_[id] = value;
  }
}

const std::string& Trial::text(std::string_view id) const {
  const auto found = values_.find(id);
  if (found == values_.end()) {
    throw std::logic_error("a claim asks for the parameter '" + std::string(id) +
                           "', which its record does not have");
  }
  return found->second;
}

Rational Trial::number(std::string_view id) const {
  return Rational::parse(text(id), "parameter " + std::string(id));
}

const std::vector<Claim>& all_claims() {
  static const std::vector<Claim> kClaims = [] {
    std::vector<Claim> all;
    for (const auto family :
         {schedule_claims, forward_claims, typicality_claims, discretisation_claims,
          initialisation_claims, score_error_claims, bound_claims, necessity_claims}) {
      std::vector<Claim> records = family();
      std::move(records.begin(), records.end(), std::back_inserter(all));
    }
    return all;
  }();
  return kClaims;
}

}  // namespace lemmabench
