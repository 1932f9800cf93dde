#pragma once

#include <vector>

#include "harness/engines/radial/radial_ratio.hpp"

namespace lemmabench {

/// How wide the panels of a law held by ratios might be: that of each, twice that where two
/// neighbours would do as one by the rule with this tolerance.
std::vector<double> wanted_widths(const PanelFunction<double>& source, const RatioRule& rule,
                                  double tolerance);

}  // namespace lemmabench
