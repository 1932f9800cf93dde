#pragma once

#include "numerics/error.hpp"

namespace lemmabench {

/// A sampler somebody else wrote used the walk in a way that has no meaning: a level that is not
/// there, a vector of another kernel. Exit code 2.
class SamplerMisuse : public InputError {
 public:
  using InputError::InputError;
};

/// A step combined vectors that do not belong together: of two kernels, or of two walks.
[[noreturn]] inline void throw_foreign_vectors() {
  throw SamplerMisuse(
      "combines vectors of different walks (a vector may be used only in the kernel that made it; "
      "Walk::remember and recall carry one on)");
}

}  // namespace lemmabench
