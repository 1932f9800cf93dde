#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// A request as an object with the keys "target", "sampler", "schedule", "steps", "start", "score",
/// "digits" and "arithmetic_asked", in this order: its canonical texts, steps and digits as
/// numbers.
nlohmann::ordered_json request_json(const LawRequest& request);

/// The request back, whatever else the object holds. Texts of target, sampler and score are taken
/// as they are: a record outlives the files it names. Throws InputError starting with `origin` for
/// a schedule, start or arithmetic nobody has, nlohmann::json::exception for a missing key and for
/// one of another type.
LawRequest request_from_json(const nlohmann::ordered_json& json, std::string_view origin);

/// Schedule, start, score, digits and arithmetic alone; the last is under `arithmetic_key`.
void read_settings(const nlohmann::ordered_json& json, std::string_view arithmetic_key,
                   std::string_view origin, LawRequest& request);

}  // namespace lemmabench
