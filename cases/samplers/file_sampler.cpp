#include "cases/samplers/file_sampler.hpp"

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

std::unique_ptr<Sampler> open_sampler_file(Spec& spec) {
  for (const auto& [ending, open] : openers()) {
    if (spec.name().ends_with(ending)) {
      return open(spec);
    }
  }
  return nullptr;
}

}  // namespace lemmabench
