#pragma once

#include <string>
#include <vector>

#include "harness/studies/rates/scaling_series.hpp"

namespace lemmabench {

/// The series as an aligned table, what they have in common above it, the reasons below.
std::string fit_text(const std::vector<ScalingSeries>& series, FittedMetric metric);

}  // namespace lemmabench
