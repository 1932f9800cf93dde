#pragma once

#include <string>

#include "harness/judge/judge.hpp"

namespace lemmabench {

/// The judgement as a person reads it: the verdict, a line a test with its p-value and the smallest
/// deviation it could have seen, the moments that differ most, the bounds of total variation.
/// `samples` is what the samples are called.
std::string judgement_text(const SampleJudgement& judgement, const std::string& samples);

/// The same as JSON: "verdict", "tests", "moments", "tv_at_least" and the request with the command
/// that repeats it.
std::string judgement_json(const SampleJudgement& judgement, const std::string& samples);

}  // namespace lemmabench
