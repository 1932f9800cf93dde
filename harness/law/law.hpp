#pragma once

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// Computes the law with the engine that suits the target: Gaussian law for `gaussian`, line law
/// for `mixture`, radial law for the rotation-invariant ones, product law for independent
/// coordinates and for clouds whose centres lie on one line, plane law for those in a plane; of a
/// scheme (a sampler that is a JSON file), which has its own levels, steps and schedule of the
/// request count for nothing. Same bytes on any number of threads. The result's request is the one asked, in its own words.
/// Throws InputError and EngineRefusal.
LawResult compute_law(const LawRequest& request, const LawOptions& options);

}  // namespace lemmabench
