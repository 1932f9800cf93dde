#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>

#include "cases/sampler.hpp"
#include "lemmabench_version.hpp"
#include "numerics/mp.hpp"

/// What the plug-in made from a sampler's header has inside: compiled twice, into the plug-in and
/// into the program that loads it.
namespace lemmabench {

/// A description of everything the two must agree on: version and the sizes of what they exchange.
inline std::string plugin_abi() {
  std::string out(version::number);
  out += ' ';
  out += version::commit;
  for (const std::size_t size :
       {sizeof(SamplerInfo), sizeof(Step<double>), sizeof(Step<Ball>), sizeof(Step<Jet<Ball>>),
        sizeof(Batch<double>), sizeof(AffineForm<Mp80>), sizeof(Displacement), sizeof(Spec)}) {
    out += ' ';
    out += std::to_string(size);
  }
  return out;
}

/// The class of a sampler's header, checked one requirement at a time so that the compiler's first
/// message says what is missing.
template <class S>
struct OwnSampler {
  static_assert(
      requires {
        { S::info() } -> std::convertible_to<const SamplerInfo&>;
      },
      "the class must offer: static const SamplerInfo& info()");
  static_assert(std::is_constructible_v<S, Spec&>,
                "the class must offer: explicit Name(Spec& spec)");
  static_assert(
      requires(const S& s) {
        { s.text() } -> std::convertible_to<std::string>;
      },
      "the class must offer: std::string text() const");
  static_assert(
      requires(const S& s, const Step<double>& c, Walk<Batch<double>, double>& walk) {
        s.template step<Batch<double>, double>(c, walk);
      },
      "the class must offer: template <class State, class Real> void step(const "
      "Step<Real>& c, Walk<State, Real>& walk) const");
  static Sampler* make(Spec& spec) { return std::make_unique<SamplerModel<S>>(spec).release(); }
};

}  // namespace lemmabench

/// The two functions that the program looks for.
#define LEMMABENCH_PLUGIN(Name)                                                        \
  extern "C" const char* lemmabench_plugin_abi() {                                     \
    static const std::string abi = ::lemmabench::plugin_abi();                         \
    return abi.c_str();                                                                \
  }                                                                                    \
  extern "C" ::lemmabench::Sampler* lemmabench_plugin_make(::lemmabench::Spec* spec) { \
    return ::lemmabench::OwnSampler<Name>::make(*spec);                                \
  }
