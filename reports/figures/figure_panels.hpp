#pragma once

#include <string>

#include "reports/figures/figure.hpp"

namespace lemmabench {

/// The gnuplot commands of a heat map and of a forest plot, up to the plot.
std::string heat_script(const Figure& figure, const HeatChart& chart);
std::string forest_script(const Figure& figure, const ForestChart& chart);

std::string heat_csv(const HeatChart& chart);
std::string forest_csv(const ForestChart& chart);

/// Text as one field of a CSV file.
std::string csv_cell(std::string text);

}  // namespace lemmabench
