#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/studies/selftest/selftest.hpp"

namespace lemmabench {

/// The same as JSON: seed, questions, kinds, refusals, findings, passed, version.
nlohmann::ordered_json selftest_json(const SelftestResult& result);

}  // namespace lemmabench
