#include "cases/samplers/file_sampler.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cases/samplers/expression_sampler.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

std::vector<std::pair<std::string, SamplerOpener>>& openers() {
  static std::vector<std::pair<std::string, SamplerOpener>> openers{
      {".toml", make_expression_sampler}};
  return openers;
}

/// A sampler whose file is not what it was.
class LostSampler final : public Sampler {
 public:
  LostSampler(std::string text, std::string reason)
      : text_(std::move(text)), reason_(std::move(reason)) {
    info_ = {.id = text_, .title = reason_, .tag = "own"};
  }
  const SamplerInfo& info() const override { return info_; }
  std::string text() const override { return text_; }

#define LEMMABENCH_STEP(State, Real) \
  void step(const Step<Real>&, Walk<State, Real>&) const override { throw InputError(reason_); }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP

 private:
  std::string text_;
  std::string reason_;
  SamplerInfo info_;
};

}  // namespace

void open_samplers_with(std::string_view ending, SamplerOpener open) {
  openers().emplace_back(ending, std::move(open));
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

std::unique_ptr<Sampler> recorded_sampler(const std::string& text, std::string_view origin) {
  if (!names_sampler_file(text)) {
    return make_sampler(text, origin);
  }
  try {
    auto sampler = make_sampler(text, origin);
    static_cast<void>(sampler->info());  // compiles a header
    return sampler;
  } catch (const InputError& error) {
    return std::make_unique<LostSampler>(text, error.what());
  }
}

}  // namespace lemmabench
