#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/spec.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

/// sum_k w_k N(m_k, v_k) on the line.
/// Inline: `mixture:weights=0.5/0.3/0.2,means=-1.5/0.4/1.8,variances=0.09/0.16/0.04`.
struct MixtureTarget {
  struct Component {
    Rational weight;
    Rational mean;
    Rational variance;
  };
  std::vector<Component> components;

  std::string text() const;
};

inline constexpr std::size_t kMaxComponents = 4096;

/// Reads a mixture spec. Throws InputError: lists of different lengths, a weight <= 0, weights that
/// do not sum to exactly 1 (says by how much), a variance <= 0, more than kMaxComponents. The keys
/// are weights, means and variances with `suffix` behind.
MixtureTarget make_mixture(Spec& spec, std::string_view suffix = "");

}  // namespace lemmabench
