#include "harness/plugin/header_sampler.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "cases/samplers/expression_sampler.hpp"
#include "cases/samplers/file_sampler.hpp"
#include "harness/files.hpp"
#include "harness/plugin/checked_walk.hpp"
#include "harness/plugin/compile_plugin.hpp"
#include "harness/plugin/header_scan.hpp"
#include "harness/plugin/plugin_entry.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

using MakeFunction = Sampler* (*)(Spec*);

/// The factory of a plug-in. What is loaded stays: samplers and exceptions point into it.
MakeFunction load(const std::filesystem::path& library, const std::string& origin) {
  void* plugin = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    throw InputError(fmt::format("{}: its plug-in cannot be loaded: {}", origin, ::dlerror()));
  }
  using AbiFunction = const char* (*)();
  const auto abi = reinterpret_cast<AbiFunction>(::dlsym(plugin, "lemmabench_plugin_abi"));
  const auto make = reinterpret_cast<MakeFunction>(::dlsym(plugin, "lemmabench_plugin_make"));
  if (abi == nullptr || make == nullptr || abi() != plugin_abi()) {
    throw InputError(fmt::format(
        "{}: its plug-in was compiled with other headers than this program was; build lemmabench "
        "again, or set LEMMABENCH_INCLUDE to the headers that belong to it",
        origin));
  }
  return make;
}

class HeaderSampler final : public Sampler {
 public:
  explicit HeaderSampler(Spec& spec) : file_(spec.name()), origin_(spec.origin()) {
    std::string content;
    for (const auto& path : included_files(file_)) {
      content += read_file(path);
    }
    hash_ = content_hash(content);
    for (const std::string& key : spec.keys()) {
      const std::string value = spec.word(key);
      if (key != "hash") {
        options_.emplace(key, std::vector{value});
      } else if (value != hash_) {
        spec.fail_at("hash", fmt::format("the header has changed since: it is {} now; leave the "
                                         "hash out to take it as it is",
                                         hash_));
      }
    }
  }

  const SamplerInfo& info() const override { return loaded().info(); }

  std::string text() const override {
    std::string out = fmt::format("{}:hash={}", file_, hash_);
    for (const auto& [key, value] : options_) {
      out += fmt::format(",{}={}", key, value.front());
    }
    return out;
  }

  /// The class's texts with the file in place of the name it has for itself.
  std::vector<std::string> draws() const override {
    std::vector<std::string> out;
    for (const std::string& text : loaded().draws()) {
      out.push_back(file_ + text.substr(std::min(text.find(':'), text.size())));
    }
    return out;
  }

#define LEMMABENCH_STEP(State, Real)                                       \
  void step(const Step<Real>& c, Walk<State, Real>& walk) const override { \
    CheckedWalk<State, Real> checked(walk, c, file_);                      \
    loaded().step(c, checked);                                             \
  }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP

 private:
  const Sampler& loaded() const {
    std::call_once(once_, [this] {
      const MakeFunction make =
          load(compile_plugin(file_).library, fmt::format("{}: {}", origin_, file_));
      Spec spec(file_, options_, origin_);
      try {
        sampler_.reset(make(&spec));
      } catch (const InputError&) {
        throw;  // what the class says of its options
      } catch (const std::exception& error) {
        throw InputError(fmt::format("{}: {}: its constructor throws: {}", origin_, file_,
                                     quoted(error.what())));
      }
      spec.finish();
    });
    return *sampler_;
  }

  std::string file_;
  std::string origin_;
  std::string hash_;
  Spec::Values options_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<Sampler> sampler_;
};

}  // namespace

std::unique_ptr<Sampler> make_header_sampler(Spec& spec) {
  return std::make_unique<HeaderSampler>(spec);
}

void register_header_samplers() { open_samplers_with(".hpp", make_header_sampler); }

bool is_header_sampler(std::string_view text) {
  return text.substr(0, text.find(':')).ends_with(".hpp");
}

}  // namespace lemmabench
