#pragma once

#include <vector>

#include "numerics/panels.hpp"

namespace lemmabench {

/// How wide the panels of a density might be: that of each, twice that where two neighbours are one
/// polynomial, whose series tail times the width is at most `tolerance` or within the rule's noise.
std::vector<double> wanted_widths(const PanelFunction<double>& source, const PanelRule& rule,
                                  double tolerance);

}  // namespace lemmabench
