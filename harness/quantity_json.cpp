#include "harness/quantity_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "numerics/error.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {
namespace {

Evidence evidence_of(const std::string& word, std::string_view origin) {
  for (const Evidence evidence : {Evidence::proved, Evidence::computed, Evidence::sampled}) {
    if (word == name(evidence)) {
      return evidence;
    }
  }
  throw InputError(fmt::format("{}: the evidence is proved, computed or sampled", origin));
}

}  // namespace

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

Quantity quantity_from_json(const nlohmann::ordered_json& json, std::string_view origin) {
  const auto value_text = json.at("value").get<std::string>();
  // Four bits a digit leave room for reading back without loss of the last one.
  const PrecisionScope scope(
      std::clamp(4 * static_cast<long>(value_text.size()) + 64, 128L, 8192L));
  const Ball value(Rational::parse(value_text, origin));
  const Ball error(Rational::parse(json.at("error").get<std::string>(), origin));
  if (error.positive() != Truth::certainly && !error.contains_zero()) {
    throw InputError(fmt::format("{}: an error is negative", origin));
  }
  switch (evidence_of(json.at("evidence").get<std::string>(), origin)) {
    case Evidence::proved:
      return Proved{Ball::around(value, error)};
    case Evidence::computed:
      return Computed{value, error};
    case Evidence::sampled:
      break;
  }
  return Sampled{value.to_double(), error.to_double()};
}

}  // namespace lemmabench
