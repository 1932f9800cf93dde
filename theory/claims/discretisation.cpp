#include "theory/claims/discretisation.hpp"

#include <utility>

/// Family D: the discretisation error (theory.md section 6).
namespace lemmabench {

std::vector<Claim> discretisation_claims() {
  std::vector<Claim> out;
  for (const auto& group :
       {path_marginal_claims, step_order_claims, one_step_claims, smoothing_claims,
        divergence_claims, main_theorem_claims, complexity_claims, limit_claims}) {
    for (Claim& claim : group()) {
      out.push_back(std::move(claim));
    }
  }
  return out;
}

}  // namespace lemmabench
