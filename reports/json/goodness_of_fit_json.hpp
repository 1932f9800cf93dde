#pragma once

#include <string>

#include "harness/monte_carlo/judge/judge.hpp"

namespace lemmabench {

/// The same as JSON: "verdict", "tests", "moments", "tv_at_least" and the request with the command
/// that repeats it.
std::string judgement_json(const SampleJudgement& judgement, const std::string& samples);

}  // namespace lemmabench
