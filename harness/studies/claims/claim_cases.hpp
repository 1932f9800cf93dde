#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theory/claims/claim.hpp"

namespace lemmabench {

/// The cases the ledger runs on: every target of the catalogue, Student-t laws for the claims about
/// heavy tails, schedules for family S, and the rows of the comparison table for family B.
const std::vector<Case>& claim_cases();

/// Why the quick suite leaves the claim out on this one of its cases, or nothing: the output
/// laws of rotation-invariant laws cost seconds each, and are looked at on one of them.
std::string left_to_full_suite(const Claim& claim, const Case& subject);

/// A case of its own from what --target takes (inline spec, TOML file or catalogue name), also
/// "student-t:dim=3,nu=4". Throws InputError as make_target.
Case make_target_case(std::string_view text, std::string_view origin);

}  // namespace lemmabench
