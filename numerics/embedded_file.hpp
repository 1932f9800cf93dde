#pragma once

#include <string_view>

namespace lemmabench {

/// A file compiled into the binary (cmake/LemmabenchEmbed.cmake).
struct EmbeddedFile {
  std::string_view name;  ///< without its directory
  std::string_view text;
};

}  // namespace lemmabench
