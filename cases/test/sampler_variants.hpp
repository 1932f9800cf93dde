#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cases/sampler.hpp"

/// Every sampler with every option it says it takes: what the conformance suites run over. A new
/// sampler is in the list by being registered.
namespace lemmabench::test {

/// Values to try of one option, whichever sampler has it.
struct OptionValue {
  std::string_view key;
  std::string_view value;
  bool exact = true;      ///< on some constant score: not with more noise than the level has
  bool converges = true;  ///< as T grows: nor with so much of it that no step ever gets short
};

inline constexpr OptionValue kOptionValues[] = {
    {"clip", "1"},
    {"clip", "1/1000"},
    {"kappa", "1/2"},
    {"eta", "0"},
    {"eta", "3/5"},
    {"churn", "0"},
    {"churn", "3"},
    {"churn", "100000", true, false},
    {"refinements", "1"},
    {"refinements", "3"},
    {"noise", "1003/1000", false, false},
    {"draw", "3"},
    {"draws", "4"},
    {"seed", "7"},
    {"rounds", "1"},
    {"rounds", "3"},
};

/// The keys in a line such as "clip=C (default off), kappa=K (default 0)": lower case before `=`.
inline std::vector<std::string> option_keys(std::string_view options) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : options) {
    if (c >= 'a' && c <= 'z') {
      word += c;
    } else {
      if (c == '=' && !word.empty()) {
        out.push_back(word);
      }
      word.clear();
    }
  }
  return out;
}

struct SamplerVariant {
  std::string text;
  const SamplerInfo* info = nullptr;
  bool averages = false;  ///< over draws of its times
  bool plain = true;      ///< without options: what SamplerInfo speaks of
  bool exact = true;      ///< see OptionValue
  bool converges = true;
};

/// A sampler with random times takes those of its first draw, unless it averages over four.
inline SamplerVariant variant(const SamplerInfo& info, const std::string& text) {
  const auto draws = make_sampler(text, "variant")->draws();
  const bool averages = !draws.empty() && draws.size() <= 4;
  return {draws.empty() || averages ? text : draws.front(), &info, averages};
}

/// All of them: plain, and with each value of each option. Throws std::logic_error for an option
/// without values above.
inline std::vector<SamplerVariant> sampler_variants() {
  std::vector<SamplerVariant> out;
  for (const SamplerInfo* info : all_samplers()) {
    const std::string id(info->id);
    out.push_back(variant(*info, id));
    for (const std::string& key : option_keys(info->options)) {
      bool tried = false;
      for (const OptionValue& option : kOptionValues) {
        if (option.key == key) {
          tried = true;
          out.push_back(variant(*info, fmt::format("{}:{}={}", id, key, option.value)));
          out.back().plain = false;
          out.back().exact = option.exact;
          out.back().converges = option.converges;
        }
      }
      if (!tried) {
        throw std::logic_error(fmt::format(
            "{} takes {}=..: add values for it to cases/test/sampler_variants.hpp", id, key));
      }
    }
  }
  return out;
}

}  // namespace lemmabench::test
