#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/regression/regression.hpp"

namespace lemmabench {

/// The report whole, with a final newline; bytes depend on the report only:
///   {"sampler","baseline_sampler","baseline_version","exact","passed",
///    "summary":{"cells":n,"failed_cells":n,"unchanged":n,"improved":n,"differs":n,"regression":n,
///               "inconclusive":n,"missing":n,"failed":n},
///    "cells":[{"cell","kind","passed","unchanged":n,
///              "changes":[{"quantity","change","failure","before":Q|null,"after":Q|null,
///                          "reason","detail"}]}],
///    "version"}
/// with Q as in the JSON of `law`.
std::string gate_json(const GateReport& report);

/// The changes of the one cell of such a report, the unchanged numbers as empty changes. Throws
/// InputError starting with `origin` for anything else.
std::vector<Change> changes_from_json(std::string_view json, std::string_view origin);

}  // namespace lemmabench
