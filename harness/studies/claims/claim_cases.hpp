#pragma once

#include <string_view>
#include <vector>

#include "theory/claims/case.hpp"

namespace lemmabench {

/// The cases the ledger runs on: every target of the catalogue, Student-t laws for the claims about
/// heavy tails, schedules for family S, and the rows of the comparison table for family B.
const std::vector<Case>& claim_cases();

/// A case of its own from what --target takes (inline spec, TOML file or catalogue name), also
/// "student-t:dim=3,nu=4". Throws InputError as make_target.
Case make_target_case(std::string_view text, std::string_view origin);

}  // namespace lemmabench
