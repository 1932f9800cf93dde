#pragma once

#include <string>
#include <string_view>

#include "numerics/evidence.hpp"

namespace lemmabench {

/// A value rounded to the digits its error leaves meaningful (the error to two digits, the value to
/// the same place), and to `most` significant digits at the most: "1.983 ± 0.012", "6.214e-05",
/// "3.5e-07 ± 1.1e-07". An error below the last digit shown is left out.
std::string rounded(double value, double error, int most = 4);
std::string rounded(const Quantity& quantity, int most = 4);

/// The same with a minus sign and powers of ten as people write them: "6.21 × 10⁻⁵".
std::string typeset(std::string_view number);

/// "10⁻³" from -3; "1" and "10" from 0 and 1.
std::string power_of_ten(int exponent);

/// & < > " ' as XML entities.
std::string escape_xml(std::string_view text);

}  // namespace lemmabench
