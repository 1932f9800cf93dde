#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "numerics/sampler_misuse.hpp"

namespace lemmabench {

/// How many vectors a walk remembers at a time, one a slot. The joint Gaussian law costs the cube
/// of the slots in use.
inline constexpr int kMemorySlots = 16;

/// Throws SamplerMisuse unless 0 <= slot < kMemorySlots.
inline void require_memory_slot(int slot) {
  if (slot < 0 || slot >= kMemorySlots) {
    throw SamplerMisuse(fmt::format("remembers or recalls in slot {}; a walk has slots 0 to {}",
                                    slot, kMemorySlots - 1));
  }
}

[[noreturn]] inline void throw_nothing_remembered(int slot) {
  throw SamplerMisuse(
      fmt::format("recalls what no earlier step has remembered (slot {}); the first steps of a run "
                  "have fewer steps before them",
                  slot));
}

/// What a walk remembers (Walk::remember, Walk::recall): one vector a slot, there from the end of
/// the kernel that remembered it.
template <class Vector>
class MemorySlots {
 public:
  /// Throws SamplerMisuse for a slot that there is not.
  void remember(int slot, Vector y) {
    require_memory_slot(slot);
    const auto at = static_cast<std::size_t>(slot);
    if (next_.size() <= at) {
      next_.resize(at + 1);
    }
    next_[at] = std::move(y);
  }
  /// Throws SamplerMisuse for a slot that there is not or that nothing was remembered in.
  const Vector& recall(int slot) const {
    require_memory_slot(slot);
    const auto at = static_cast<std::size_t>(slot);
    if (at >= kept_.size() || !kept_[at]) {
      throw_nothing_remembered(slot);
    }
    return *kept_[at];
  }
  /// The present kernel ends.
  void end_kernel() {
    if (kept_.size() < next_.size()) {
      kept_.resize(next_.size());
    }
    for (std::size_t k = 0; k < next_.size(); ++k) {
      if (next_[k]) {
        kept_[k] = std::exchange(next_[k], std::nullopt);
      }
    }
  }

 private:
  std::vector<std::optional<Vector>> kept_;
  std::vector<std::optional<Vector>> next_;
};

}  // namespace lemmabench
