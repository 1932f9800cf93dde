#pragma once

#include <string>
#include <string_view>

#include "cases/spec.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

inline constexpr std::size_t kMaxComponents = 4096;

/// Reads sum_k w_k N(m_k, v_k) on the line:
/// `mixture:weights=0.5/0.3/0.2,means=-1.5/0.4/1.8,variances=0.09/0.16/0.04`. Throws InputError:
/// lists of different lengths, a weight <= 0, weights that do not sum to exactly 1 (says by how
/// much), a variance <= 0, more than kMaxComponents. The keys are weights, means and variances with
/// `suffix` behind.
CoordinateLaw make_mixture(Spec& spec, std::string_view suffix = "");

/// The inline spec of one coordinate as a mixture on the line.
std::string mixture_text(const CoordinateLaw& law);

}  // namespace lemmabench
