#pragma once

#include <string>
#include <vector>

#include "harness/studies/rates/scaling_series.hpp"

namespace lemmabench {

/// The series with all numbers of their fits, points and local orders included.
std::string fit_json(const std::vector<ScalingSeries>& series, FittedMetric metric);

}  // namespace lemmabench
