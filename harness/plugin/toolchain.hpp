#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lemmabench {

/// What a plug-in is compiled with.
struct PluginToolchain {
  std::string compiler;  ///< full path
  /// Options, include directories among them.
  std::vector<std::string> options;
  std::filesystem::path headers;  ///< the directory that holds cases/sampler.hpp
};

/// $CXX, or the compiler that built this program, or c++, g++ or clang++ of the PATH; and our own
/// headers: $LEMMABENCH_INCLUDE, or include/lemmabench beside the program's bin/, or the tree it
/// was built from. Throws InputError saying what to install or to set.
PluginToolchain plugin_toolchain();

/// Where plug-ins are kept: $XDG_CACHE_HOME/lemmabench, or ~/.cache/lemmabench. Made if it is not
/// there. Throws InputError if it cannot be.
std::filesystem::path plugin_cache();

/// The path of this program.
std::filesystem::path program_path();

}  // namespace lemmabench
