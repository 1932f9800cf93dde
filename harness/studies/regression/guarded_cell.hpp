#pragma once

#include <string>
#include <vector>

#include "harness/studies/regression/regression.hpp"

namespace lemmabench {

/// True for a claim or certificate of a sampler that needs a guard (needs_guard()): such a cell
/// runs the sampler's code outside of compute_law(), which guards itself.
bool cell_needs_guard(const GateCell& cell, const std::string& sampler,
                      const std::optional<ChildLimits>& guard);

/// The changes of one cell as a child process finds them, `program compare` on a baseline of that
/// cell alone, with alpha for its share, under options.guard, which there must be. Throws as
/// guarded_answer().
std::vector<Change> guarded_changes(const BaselineCell& cell, double alpha,
                                    const std::string& sampler, const GateOptions& options);

/// The answer of one cell for a baseline as a child process finds it, `program compare --write` on
/// a plan of that cell alone, under these limits. Throws as guarded_answer().
CellAnswer guarded_cell_answer(const GateCell& cell, double alpha, const std::string& sampler,
                               int threads, const ChildLimits& limits);

}  // namespace lemmabench
