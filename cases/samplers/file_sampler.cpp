#include "cases/samplers/file_sampler.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cases/samplers/expression_sampler.hpp"

namespace lemmabench {
namespace {

std::vector<std::pair<std::string, SamplerOpener>>& openers() {
  static std::vector<std::pair<std::string, SamplerOpener>> openers{
      {".toml", make_expression_sampler}};
  return openers;
}

}  // namespace

void open_samplers_with(std::string_view ending, SamplerOpener open) {
  openers().emplace_back(ending, open);
}

bool names_sampler_file(std::string_view text) {
  const std::string_view name = text.substr(0, text.find(':'));
  return std::any_of(openers().begin(), openers().end(),
                     [&](const auto& opener) { return name.ends_with(opener.first); });
}

std::unique_ptr<Sampler> open_sampler_file(Spec& spec) {
  for (const auto& [ending, open] : openers()) {
    if (spec.name().ends_with(ending)) {
      return open(spec);
    }
  }
  return nullptr;
}

}  // namespace lemmabench
