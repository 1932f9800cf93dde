#pragma once

#include <string>

#include "numerics/evidence.hpp"

namespace lemmabench {

/// value rounded to its meaningful digits with its error, e.g. "0.0749554589 +- 3e-45"; the shared
/// way to print a quantity to people.
std::string quantity_text(const Quantity& quantity, long most_digits = 12);

}  // namespace lemmabench
