#pragma once

#include <string>

namespace lemmabench {

/// A law that was read, and the inline spec with the same meaning in its canonical form.
template <class Law>
struct ReadLaw {
  Law law;
  std::string text;
};

}  // namespace lemmabench
