#include "harness/records/quantity_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

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

namespace {

void put_number(Json& json, const Quantity& quantity, long most_digits) {
  const DecimalEnclosure decimal = quantity.decimal(meaningful_digits(quantity, most_digits));
  json["value"] = decimal.value;
  json["error"] = decimal.error;
}

Quantity number_from_json(const Json& json, std::string_view origin) {
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
  return Sampled{value.to_double(), error.to_double(), json.value("confidence", 0.99)};
}

Extent extent_of(const std::string& word, std::string_view origin) {
  for (const Extent extent : {Extent::finite, Extent::infinite, Extent::bounded_above,
                              Extent::bounded_below, Extent::unknown}) {
    if (word == name(extent)) {
      return extent;
    }
  }
  throw InputError(fmt::format(
      "{}: the extent is finite, infinite, bounded above, bounded below or unknown", origin));
}

}  // namespace

void put_quantity(Json& json, const Quantity& quantity, long most_digits) {
  if (quantity.finite()) {
    put_number(json, quantity, most_digits);
  } else {
    json["value"] = nullptr;
    json["error"] = nullptr;
  }
  json["evidence"] = name(quantity.evidence());
  if (quantity.evidence() == Evidence::sampled && quantity.reason().empty()) {
    json["confidence"] = quantity.confidence();
  }
  if (quantity.finite()) {
    return;
  }
  json["extent"] = name(quantity.extent());
  if (quantity.reason().empty()) {
    put_number(json["bound"], quantity.bound(), most_digits);
  } else {
    json["reason"] = quantity.reason();
  }
}

Json quantity_json(const Quantity& quantity, long most_digits) {
  Json json;
  put_quantity(json, quantity, most_digits);
  return json;
}

Quantity quantity_from_json(const Json& json, std::string_view origin) {
  if (!json.contains("extent")) {
    return number_from_json(json, origin);
  }
  const Extent extent = extent_of(json.at("extent").get<std::string>(), origin);
  if (extent == Extent::infinite || extent == Extent::unknown) {
    const Evidence evidence = evidence_of(json.at("evidence").get<std::string>(), origin);
    auto reason = json.at("reason").get<std::string>();
    return extent == Extent::infinite ? Quantity::infinite(evidence, std::move(reason))
                                      : Quantity::unknown(evidence, std::move(reason));
  }
  if (extent == Extent::finite) {
    return number_from_json(json, origin);
  }
  Json number = json.at("bound");
  number["evidence"] = json.at("evidence");
  if (json.contains("confidence")) {
    number["confidence"] = json.at("confidence");
  }
  Quantity bound = number_from_json(number, origin);
  return extent == Extent::bounded_above ? Quantity::at_most(std::move(bound))
                                         : Quantity::at_least(std::move(bound));
}

}  // namespace lemmabench
