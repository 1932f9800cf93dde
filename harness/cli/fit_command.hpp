#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.hpp"
#include "harness/scaling.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench fit FILE.sqlite [--format text|json] [--metric ..]`: the orders of every series of a
/// store. Exit code 0 if all are consistent with what is stated (or faster), 1 if one is slower or
/// inconclusive or if there is nothing to fit.
void add_fit_command(CLI::App& app, CommandOutcome& outcome);

/// The series as an aligned table, what they have in common above it, the reasons below.
std::string fit_text(const std::vector<ScalingSeries>& series, FittedMetric metric);

/// The series with all numbers of their fits, points and local orders included.
std::string fit_json(const std::vector<ScalingSeries>& series, FittedMetric metric);

}  // namespace lemmabench
