#include "cases/targets/gaussian.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

void require_positive_variance(const Spec& spec, std::string_view key, const Rational& variance) {
  if (variance.sign() <= 0) {
    spec.fail_at(key, fmt::format("variance {} is not above 0", variance.text()));
  }
}

/// One block "0.25x2" of a spectrum; "4" alone has multiplicity 1.
GaussianTarget::Block parse_block(const Spec& spec, const std::string& text) {
  const std::size_t cross = text.find('x');
  GaussianTarget::Block block;
  block.variance = Rational::parse(text.substr(0, cross), spec.where("spectrum"));
  require_positive_variance(spec, "spectrum", block.variance);
  if (cross != std::string::npos) {
    const Rational times =
        Rational::parse(text.substr(cross + 1), spec.where("spectrum") + ": multiplicity");
    if (fmpz_is_one(fmpq_denref(times.raw())) == 0 || times < Rational(1) ||
        times > Rational(kMaxDim)) {
      spec.fail_at("spectrum", fmt::format("multiplicity {} is not a whole number from 1 to {}",
                                           times.text(), kMaxDim));
    }
    block.multiplicity = fmpz_get_si(fmpq_numref(times.raw()));
  }
  return block;
}

std::vector<GaussianTarget::Block> parse_spectrum(Spec& spec) {
  std::vector<GaussianTarget::Block> blocks;
  for (const std::string& text : spec.parts("spectrum", '+')) {
    blocks.push_back(parse_block(spec, text));
  }
  return blocks;
}

}  // namespace

long GaussianTarget::dim() const {
  long total = 0;
  for (const Block& block : blocks) {
    total += block.multiplicity;
  }
  return total;
}

bool GaussianTarget::centred() const {
  return std::all_of(blocks.begin(), blocks.end(),
                     [](const Block& block) { return block.mean.sign() == 0; });
}

std::string GaussianTarget::text() const {
  std::vector<std::string> spectrum;
  std::vector<Rational> means;
  for (const Block& block : blocks) {
    spectrum.push_back(fmt::format("{}x{}", block.variance.text(), block.multiplicity));
    means.push_back(block.mean);
  }
  std::string out = fmt::format("gaussian:spectrum={}", fmt::join(spectrum, "+"));
  if (!centred()) {
    out += fmt::format(",mean={}", join_list(means));
  }
  return out;
}

GaussianTarget make_gaussian(Spec& spec) {
  GaussianTarget target;
  if (spec.has("spectrum")) {
    if (spec.has("dim") || spec.has("variance")) {
      spec.fail("give either spectrum, or dim and variance, not both");
    }
    target.blocks = parse_spectrum(spec);
  } else {
    GaussianTarget::Block block;
    block.multiplicity = spec.integer("dim", 1, kMaxDim);
    block.variance = spec.number("variance");
    require_positive_variance(spec, "variance", block.variance);
    target.blocks = {block};
  }
  if (target.dim() > kMaxDim) {
    spec.fail(fmt::format("the multiplicities add up to more than {}", kMaxDim));
  }
  if (spec.has("mean")) {
    const std::vector<Rational> means = spec.numbers("mean");
    if (means.size() != 1 && means.size() != target.blocks.size()) {
      spec.fail_at("mean", fmt::format("{} means for {} blocks; give one for all or one a block",
                                       means.size(), target.blocks.size()));
    }
    for (std::size_t i = 0; i < target.blocks.size(); ++i) {
      target.blocks[i].mean = means[means.size() == 1 ? 0 : i];
    }
  }
  return target;
}

}  // namespace lemmabench
