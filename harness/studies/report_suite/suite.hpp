#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/sweep/sweep.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The names of the suites: "quick" (its laws take half a minute on two cores) and "full".
std::vector<std::string> suite_names();

/// The cells of a suite, each once: the grids harness/studies/report_suite/suites/<name>-*.toml,
/// which are compiled into the program, one after the other. Throws InputError for a name there is
/// not.
std::vector<LawRequest> suite_requests(std::string_view name);

/// What a suite computes for one cell: the law with its decomposition, and the local errors of each
/// step where the report shows them (exact score, T = 256, a mixture or a flat Gaussian).
LawResult suite_law(const LawRequest& request);

}  // namespace lemmabench
