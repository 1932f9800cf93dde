#include "harness/quantity_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lemmabench {

long meaningful_digits(const Quantity& quantity, long most) {
  // In balls: a double would overflow or underflow at 1e-400.
  const Ball interval = quantity.interval();
  const long bits = interval.relative_accuracy_bits();
  const long digits = static_cast<long>(static_cast<double>(std::min(bits, 10 * most)) * 0.30103);
  return std::clamp(digits + 3, 2L, most);
}

void put_quantity(nlohmann::ordered_json& json, const Quantity& quantity, long most_digits) {
  const DecimalEnclosure decimal = quantity.decimal(meaningful_digits(quantity, most_digits));
  json["value"] = decimal.value;
  json["error"] = decimal.error;
  json["evidence"] = name(quantity.evidence());
}

nlohmann::ordered_json quantity_json(const Quantity& quantity, long most_digits) {
  nlohmann::ordered_json json;
  put_quantity(json, quantity, most_digits);
  return json;
}

}  // namespace lemmabench
