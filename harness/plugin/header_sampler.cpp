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

#include "cases/free_walk.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "cases/samplers/file_sampler.hpp"
#include "cases/step_facts.hpp"
#include "harness/io/files.hpp"
#include "harness/plugin/checked_walk.hpp"
#include "harness/plugin/compile_plugin.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/plugin/header_scan.hpp"
#include "harness/plugin/plugin_entry.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
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
  HeaderSampler(Spec& spec, const std::optional<ChildLimits>& guard)
      : guard_(guard), file_(spec.name()), origin_(spec.origin()) {
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

  /// What the class says of itself, as far as its steps bear it out.
  const SamplerInfo& info() const override {
    std::call_once(examined_, [this] { examine(); });
    return info_;
  }

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
    for (const std::string& text : own_draws()) {
      out.push_back(file_ + text.substr(std::min(text.find(':'), text.size())));
      require_no_draws_of(out.back());
    }
    return out;
  }

#define LEMMABENCH_STEP(State, Real)                                       \
  void step(const Step<Real>& c, Walk<State, Real>& walk) const override { \
    static_cast<void>(info());                                             \
    checked_step<State, Real>(c, walk);                                    \
  }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP

 private:
  /// The class's steps as they are, for observe_steps(): step() asks for info() first.
  class Bare;

  template <class State, class Real>
  void checked_step(const Step<Real>& c, Walk<State, Real>& walk) const {
    if constexpr (!is_jet<Real>) {
      // Which vectors belong to which kernel shows in no engine's numbers.
      FreeWalk<Real> free;
      one_step<AffineForm<Real>, Real>(c, free);
    }
    one_step<State, Real>(c, walk);
  }

  /// One step of the class, which may do anything.
  template <class State, class Real>
  void one_step(const Step<Real>& c, Walk<State, Real>& walk) const {
    CheckedWalk<State, Real> checked(walk, c, file_);
    try {
      loaded().step(c, checked);
    } catch (const SamplerMisuse& error) {
      const std::string what = error.what();
      throw SamplerMisuse(
          what.starts_with(file_)
              ? what
              : fmt::format("{}: {}, in the step from t = {} of {}", file_, what, c.t, c.steps));
    } catch (const std::exception&) {
      throw;
    } catch (...) {
      throw NumericalFailure(
          fmt::format("{}: throws what is no std::exception, in the step from t = {} of {}", file_,
                      c.t, c.steps));
    }
  }

  void examine() const;
  std::vector<std::string> own_draws() const {
    std::vector<std::string> texts = loaded().draws();
    if (texts.size() > kMostDraws) {
      throw InputError(fmt::format("{}: {}: gives {} draws of its times; at most {} are averaged",
                                   origin_, file_, texts.size(), kMostDraws));
    }
    return texts;
  }
  /// A draw of the times has none left to draw; else the average would never begin.
  void require_no_draws_of(const std::string& text) const {
    Spec spec = Spec::parse(text, origin_);
    const HeaderSampler one(spec, guard_);
    if (!one.own_draws().empty()) {
      throw InputError(fmt::format(
          "{}: {}: draws() names '{}', which has draws() itself; it must name samplers whose times "
          "are drawn",
          origin_, file_, quoted(text)));
    }
  }
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
      } catch (...) {
        throw InputError(fmt::format("{}: {}: its constructor throws", origin_, file_));
      }
      spec.finish();
    });
    return *sampler_;
  }

  static constexpr std::size_t kMostDraws = 100'000;

  std::optional<ChildLimits> guard_;
  std::string file_;
  std::string origin_;
  std::string hash_;
  Spec::Values options_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<Sampler> sampler_;
  mutable std::once_flag examined_;
  mutable SamplerInfo info_;
};

class HeaderSampler::Bare final : public Sampler {
 public:
  explicit Bare(const HeaderSampler& of) : of_(of) {}
  const SamplerInfo& info() const override { return of_.loaded().info(); }
  std::string text() const override { return of_.text(); }
#define LEMMABENCH_STEP(State, Real)                                       \
  void step(const Step<Real>& c, Walk<State, Real>& walk) const override { \
    of_.one_step<State, Real>(c, walk);                                    \
  }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP

 private:
  const HeaderSampler& of_;
};

/// Nothing a header says of itself is believed that a number depends on: what its steps show takes
/// its place, and what they contradict is refused.
void HeaderSampler::examine() const {
  if (guard_) {
    require_harmless(text(), *guard_);
  }
  info_ = loaded().info();
  const StepFacts facts = observe_steps(Bare(*this));
  if (const std::string wrong = false_declaration(info_, facts); !wrong.empty()) {
    throw InputError(fmt::format("{}: {}: {}", origin_, file_, wrong));
  }
  info_.id = file_;
  // "quoted" and "derived" are what we found of our own rows.
  info_.tag = info_.tag == "reconstructed" ? info_.tag : "own";
  info_.score_calls = facts.score_calls;
  info_.deterministic = facts.answered && !facts.noise;
  info_.path_kernel = is_path_kernel(facts);
  info_.memory = facts.remembers || info_.memory;
  info_.single_steps = info_.single_steps && !info_.memory;
  // Orders are measured, not declared.
  info_.order_single_gaussian = 0;
  info_.order_mixture = 0;
  info_.extra_logs = 0;
}

}  // namespace

std::unique_ptr<Sampler> make_header_sampler(Spec& spec, const std::optional<ChildLimits>& guard) {
  return std::make_unique<HeaderSampler>(spec, guard);
}

void register_header_samplers(const std::optional<ChildLimits>& guard) {
  open_samplers_with(".hpp", [guard](Spec& spec) { return make_header_sampler(spec, guard); });
}

bool is_header_sampler(std::string_view text) {
  return text.substr(0, text.find(':')).ends_with(".hpp");
}

}  // namespace lemmabench
