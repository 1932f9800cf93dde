#pragma once

#include <vector>

#include "harness/ledger/ledger.hpp"
#include "theory/claims/necessity_table.hpp"

namespace lemmabench {

/// The claims on their cases, and their false twins.
struct LedgerData {
  Ledger ledger;
  Ledger controls;
  std::vector<NecessityTable> necessity;  ///< N1..N3, on a Gaussian and a mixture each
};

}  // namespace lemmabench
