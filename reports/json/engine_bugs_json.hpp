#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/studies/mutation/engine_bugs.hpp"

namespace lemmabench {

/// Keys: study: "engine-mutants", outcomes (whose they are), command, bugs: [{id, title, file,
/// right, wrong, tests, caught_by: text or null, survives: text or null}], caught, judged, total,
/// passed, version.
nlohmann::ordered_json engine_bugs_json(const EngineBugs& bank);

}  // namespace lemmabench
