#pragma once

#include <string>

#include "harness/studies/audit/audit.hpp"

namespace lemmabench {

/// An audit as JSON, indented:
///   {"start","targets":[..],"samplers":[{"source","advertised_order","verdict","reason","kind",
///    "folds","series":[{"target","error_of","cells":[{"steps","scheme","error":Q|null,"refusal",
///    "law":..}],"order":{"value","low","high","evidence"}|null,"settled","range","judgement",
///    "constant"}]}],"counts","exit_code","version"}
/// Q as in law_json (harness/records/law_json.hpp).
std::string audit_json(const Audit& audit);

}  // namespace lemmabench
