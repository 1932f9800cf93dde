#pragma once

#include <string>

#include "harness/monte_carlo/judge/judge.hpp"

namespace lemmabench {

/// The judgement as a person reads it: the verdict, a line a test with its p-value and the smallest
/// deviation it could have seen, the moments that differ most, the bounds of total variation.
/// `samples` is what the samples are called.
std::string judgement_text(const SampleJudgement& judgement, const std::string& samples);

}  // namespace lemmabench
