#pragma once

#include <string>

#include "harness/monte_carlo/particles/particles.hpp"

namespace lemmabench {

/// The same as a person reads it.
std::string particles_text(const ParticleReport& report);

}  // namespace lemmabench
