#pragma once

#include <string>
#include <string_view>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// A result as the JSON of the command line's contract, indented, with a final newline:
///   {"target":..,"sampler":..,"schedule":..,"steps":N,"score_calls":n,"tv":Q,"kl_pq":Q,"kl_qp":Q,
///    "hellinger":Q,"terms":{name:Q,..},"relative_variance_error":[{"multiplicity":m,..Q..},..],
///    "start","score","digits","arithmetic_asked","dim","engine","arithmetic",
///    "local_errors":[{"name":..,..Q..},..],"notes":[..],"version","command"}
/// with Q = {"value":"decimal","error":"decimal","evidence":"proved|computed|sampled"} and
/// |true value - value| <= error, what printing rounds away included. "relative_variance_error" and
/// "local_errors" are there only if the result has them; "arithmetic_asked" is the request's,
/// "arithmetic" what was done; "command" repeats the request.
///
/// A value has the digits its error leaves meaning to and two or three more, but never more than
/// request.digits (40 if that is 0). The bytes depend on the result and the release only.
std::string law_json(const LawResult& result);

/// The same on one line, without a newline: what the store keeps.
std::string law_json_line(const LawResult& result);

/// The result back. Quantities keep their evidence and enclose what they enclosed; they are wider
/// by what printing rounded away, so writing them again may print larger errors, never smaller
/// ones. Unknown keys are ignored. Throws InputError starting with `origin` for text that is no
/// such JSON.
LawResult law_from_json(std::string_view json, std::string_view origin);

}  // namespace lemmabench
