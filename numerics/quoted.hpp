#pragma once

#include <string>
#include <string_view>

namespace lemmabench {

/// What an error message may quote of the user's text: at most 60 bytes, and '?' for every byte
/// that is not printable ASCII, so that the message stays one line whatever was given.
inline std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 60)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  return out;
}
// Exact matches, lest argument-dependent lookup prefers std::quoted where <iomanip> is included.
inline std::string quoted(const std::string& text) { return quoted(std::string_view(text)); }
inline std::string quoted(const char* text) { return quoted(std::string_view(text)); }

}  // namespace lemmabench
