#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "numerics/evidence.hpp"

namespace lemmabench {

/// Puts "value", "error" and "evidence" into `json`: decimal strings with |true value - value| <=
/// error, what printing rounds away included, and "proved", "computed" or "sampled"; a sampled
/// number also its "confidence", the level of its interval. The value has the digits its error
/// leaves meaning to and two or three more, but never more than `most_digits`.
///
/// Of a quantity that is not finite "value" and "error" are null, "extent" says what it is
/// ("infinite", "unknown", "bounded above", "bounded below"), and there is either the "reason" in
/// one sentence or the "bound" with a value and an error.
void put_quantity(nlohmann::ordered_json& json, const Quantity& quantity, long most_digits);

/// An object with just these.
nlohmann::ordered_json quantity_json(const Quantity& quantity, long most_digits);

/// A quantity back from such an object: it encloses what it enclosed. Throws InputError starting
/// with `origin` for a malformed number, evidence or extent, nlohmann::json::exception for a
/// missing key.
Quantity quantity_from_json(const nlohmann::ordered_json& json, std::string_view origin);

/// The digits put_quantity prints.
long meaningful_digits(const Quantity& quantity, long most);

}  // namespace lemmabench
