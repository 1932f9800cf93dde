#pragma once

#include "cases/sampler.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

/// Throws EngineRefusal if local errors are `wanted` of a sampler that has none.
inline void require_local_errors(const Sampler& sampler, bool wanted) {
  if (wanted && !sampler.info().single_steps) {
    throw EngineRefusal("--sampler " + sampler.text() +
                        ": has no local errors: a step of it alone does not lead from p_t to "
                        "p_{t-1}");
  }
}

}  // namespace lemmabench
