#pragma once

#include <string>
#include <string_view>

#include "harness/studies/regression/regression.hpp"

namespace lemmabench {

/// A baseline as a file, indented, with a final newline:
///   {"format":"lemmabench baseline","format_version":1,"sampler","version","alpha",
///    "cells":[{"kind":"law|order|claim|certificate",
///              "target","schedule","start","score","digits","arithmetic",    (not claims)
///              "steps":N or [N,..],"local_errors":bool,"claim","case","margin",
///              "verdict":"holds|violated",                                   (claims)
///              "numbers":[{"name","sense":"lower|higher|detail","value","error",
///                          "evidence"},..]},..],
///    "left_out":["cell: reason",..]}
/// with |true value - value| <= error, printing included. The same bytes for the same numbers.
std::string baseline_json(const Baseline& baseline);

/// The baseline back. Throws InputError in one line, "FILE: cell 3 (law gauss-flat T=64 ..): ..",
/// for text that is no such JSON, another format version, a target, schedule or score this program
/// does not know, a cell that stands twice or lacks one of its numbers, and an interval that is no
/// number.
Baseline baseline_from_json(std::string_view json, const std::string& file);

}  // namespace lemmabench
