#include "harness/plugin/toolchain.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <string_view>

#include "numerics/error.hpp"
#include "plugin_build.hpp"  // written by harness/CMakeLists.txt

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    if (!part.empty()) {
      out.push_back(part);
    }
  }
  return out;
}

bool executable(const fs::path& path) {
  std::error_code unreadable;
  return fs::is_regular_file(path, unreadable) && ::access(path.c_str(), X_OK) == 0;
}

/// The full path of a program, "" if there is none.
std::string found(const std::string& program) {
  if (program.find('/') != std::string::npos) {
    return executable(program) ? program : "";
  }
  for (const std::string& directory : split(environment("PATH"), ':')) {
    if (!program.empty() && executable(fs::path(directory) / program)) {
      return fs::path(directory) / program;
    }
  }
  return "";
}

std::string find_compiler() {
  if (const std::string asked = environment("CXX"); !asked.empty()) {
    const std::string path = found(asked);
    if (path.empty()) {
      throw InputError(fmt::format(
          "CXX: '{}' is no program; a sampler's header needs a C++ compiler, such as g++", asked));
    }
    return path;
  }
  for (const char* name : {kBuildCompiler, "c++", "g++", "clang++"}) {
    if (std::string path = found(name); !path.empty()) {
      return path;
    }
  }
  throw InputError(
      "a sampler's header needs a C++ compiler and there is none on the PATH: install g++, or set "
      "CXX; a TOML file (docs/own_sampler.md) needs none");
}

bool has_headers(const fs::path& directory) {
  std::error_code unreadable;
  return fs::is_regular_file(directory / "cases/sampler.hpp", unreadable);
}

/// Include directories; the first holds our headers.
std::vector<std::string> find_includes() {
  if (const std::string asked = environment("LEMMABENCH_INCLUDE"); !asked.empty()) {
    const std::vector<std::string> directories = split(asked, ':');
    if (directories.empty() || !has_headers(directories.front())) {
      throw InputError(fmt::format(
          "LEMMABENCH_INCLUDE: there is no cases/sampler.hpp in '{}'; give the directory of "
          "lemmabench's headers",
          asked));
    }
    return directories;
  }
  const fs::path installed = program_path().parent_path().parent_path() / "include/lemmabench";
  if (has_headers(installed)) {
    return {installed};
  }
  const std::vector<std::string> built = split(kBuildIncludes, '|');
  if (built.empty() || !has_headers(built.front())) {
    throw InputError(
        "a sampler's header needs the headers of lemmabench, and they are neither beside this "
        "program nor where it was built; set LEMMABENCH_INCLUDE to their directory");
  }
  return built;
}

}  // namespace

fs::path program_path() {
  std::error_code unreadable;
  return fs::read_symlink("/proc/self/exe", unreadable);
}

PluginToolchain plugin_toolchain() {
  PluginToolchain out;
  out.compiler = find_compiler();
  // As the program itself is compiled, so that a plug-in gives the numbers a row would.
  out.options = {"-std=c++20", "-O2", "-ffp-contract=off", "-fPIC", "-shared", "-DNDEBUG"};
  for (const std::string& option : split(kBuildOptions, '|')) {
    out.options.push_back(option);
  }
  const std::vector<std::string> includes = find_includes();
  out.headers = includes.front();
  for (const std::string& directory : includes) {
    out.options.push_back("-I" + directory);
  }
  return out;
}

fs::path plugin_cache() {
  const std::string cache = environment("XDG_CACHE_HOME");
  const std::string home = environment("HOME");
  if (cache.empty() && home.empty()) {
    throw InputError("no place for compiled samplers: set XDG_CACHE_HOME or HOME");
  }
  const fs::path path =
      (cache.empty() ? fs::path(home) / ".cache" : fs::path(cache)) / "lemmabench";
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) {
    throw InputError(fmt::format("cannot make '{}' for compiled samplers: {}; set XDG_CACHE_HOME",
                                 path.string(), failure.message()));
  }
  return path;
}

}  // namespace lemmabench
