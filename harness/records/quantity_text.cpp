#include "harness/records/quantity_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lemmabench {

std::string quantity_text(const Quantity& quantity, long most_digits) {
  switch (quantity.extent()) {
    case Extent::finite:
      break;
    case Extent::infinite:
    case Extent::unknown:
      return fmt::format("{} ({})", name(quantity.extent()), quantity.reason());
    case Extent::bounded_above:
      return "at most " + quantity_text(quantity.bound(), most_digits);
    case Extent::bounded_below:
      return "at least " + quantity_text(quantity.bound(), most_digits);
  }
  const double value = std::fabs(quantity.value());
  const double error = quantity.error();
  long digits = most_digits;
  if (error > 0 && value > 0) {
    const double meaningful = std::floor(std::log10(value / error)) + 1;
    digits = static_cast<long>(std::clamp(meaningful, 1.0, static_cast<double>(most_digits)));
  }
  const DecimalEnclosure text = quantity.decimal(digits);
  return fmt::format("{} +- {}", text.value, text.error);
}

}  // namespace lemmabench
