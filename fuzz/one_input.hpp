#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "numerics/error.hpp"

/// The entry point that libFuzzer and replay_main.cpp call.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace lemmabench::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process, which is how a finding is reported, unless `condition` holds.
inline void require(bool condition, const char* what) {
  if (!condition) {
    std::fprintf(stderr, "finding: %s\n", what);
    std::abort();
  }
}

/// Runs `body` on some input. An InputError is a proper answer if its message is one printable
/// line of bearable length; every other exception escapes, which is a finding.
template <class Body>
void answers_or_refuses(const Body& body) {
  try {
    body();
  } catch (const InputError& error) {
    const std::string_view message = error.what();
    require(!message.empty(), "an error without a message");
    require(message.size() <= 2000, "an error message of more than 2000 characters");
    for (const char c : message) {
      const auto byte = static_cast<unsigned char>(c);
      require(byte >= 0x20 && byte != 0x7f, "an error message with a control character");
    }
  }
}

/// Requires that canonical text is read back by `canonical_of` (text -> canonical text of what it
/// means) as the same thing. Very long texts are left out: they may hold numbers above the 1000
/// characters that a number may have.
template <class CanonicalOf>
void require_reads_back(const std::string& text, const CanonicalOf& canonical_of) {
  if (text.size() <= 1000) {
    try {
      require(canonical_of(text) == text, "the canonical text means something else");
    } catch (const InputError& error) {
      std::fprintf(stderr, "%s\n", error.what());
      require(false, "the canonical text is refused");
    }
  }
}

}  // namespace lemmabench::fuzz
