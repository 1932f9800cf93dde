#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lemmabench {

/// A compiled plug-in.
struct CompiledPlugin {
  std::filesystem::path library;
  bool cached = false;  ///< it was there already
  double seconds = 0;   ///< that the compiler took
};

/// Compiles a sampler's header into a shared object, or finds it compiled in plugin_cache(). The
/// name there is a hash of the header, of what it includes from beside itself, of our own headers
/// and version, and of compiler and options: it is compiled again when any of them changes. Written
/// under another name first and renamed, so that any number of runs may do so at once.
///
/// Throws InputError for a header without a sampler class, and for one that does not compile: the
/// compiler's first error with the place in the user's file, and the path of the full log. A
/// compiler that takes more than two minutes or 4 GB is a NumericalFailure.
CompiledPlugin compile_plugin(const std::filesystem::path& header);

/// The first error of a compiler's log (GCC or Clang), as "mine.hpp:12: what": its own place if it
/// lies in `header`, else the place in `header` it was reached from; the message alone if there is
/// none. Empty if the log has no error.
std::string first_error(std::string_view log, const std::string& header);

}  // namespace lemmabench
