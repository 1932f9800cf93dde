#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theory/claims/claim.hpp"

namespace lemmabench {

/// A table of a claim of necessity on one case, for the report: eps_score against the damage, for
/// the sampler that breaks and for those that do not. One row a lattice (or slab).
struct NecessityTable {
  std::string title;
  std::string caption;                      ///< one or two sentences, ASCII
  std::vector<std::string> columns;         ///< e.g. "TV of ddim, at least"
  std::vector<std::vector<Quantity>> rows;  ///< one quantity a column
};

/// The table of "N1", "N2" or "N3" with the record's own parameters, from the bounds that the
/// verdict is made from (proved) and, where it says so, from the law of the step on the line in the
/// first coordinate (computed; theory/mixture/one_step_law.hpp).
/// Throws InputError for another id, or a target that is no finite mixture of Gaussians.
/// Cost: about half a second.
NecessityTable necessity_table(std::string_view claim, const Case& subject, const Effort& effort);

}  // namespace lemmabench
