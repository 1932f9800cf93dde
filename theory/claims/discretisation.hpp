#pragma once

#include <vector>

#include "theory/claims/claim.hpp"
#include "theory/claims/law_questions.hpp"

/// The parts of family D, one file discretisation_<topic>.cpp each.
namespace lemmabench {

std::vector<Claim> path_marginal_claims();  ///< D1
std::vector<Claim> step_order_claims();     ///< D2-order
std::vector<Claim> one_step_claims();       ///< D2
std::vector<Claim> smoothing_claims();      ///< D3
std::vector<Claim> divergence_claims();     ///< D4
std::vector<Claim> main_theorem_claims();   ///< D5, D6
std::vector<Claim> complexity_claims();     ///< D7, D8
std::vector<Claim> limit_claims();          ///< D9

}  // namespace lemmabench
