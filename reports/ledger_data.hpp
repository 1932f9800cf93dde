#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/ledger/ledger.hpp"
#include "theory/claims/necessity_table.hpp"

namespace lemmabench {

/// The claims on their cases, and their false twins.
struct LedgerData {
  Ledger ledger;
  Ledger controls;
  /// N1..N3, on a Gaussian and a mixture each, with the case's name.
  std::vector<std::pair<std::string, NecessityTable>> necessity;
};

}  // namespace lemmabench
