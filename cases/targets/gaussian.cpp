#include "cases/targets/gaussian.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
CoordinateLaw parse_block(const Spec& spec, const std::string& text) {
  const std::size_t cross = text.find('x');
  const Rational variance = Rational::parse(text.substr(0, cross), spec.where("spectrum"));
  require_positive_variance(spec, "spectrum", variance);
  CoordinateLaw block = gaussian_block(variance);
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

std::vector<CoordinateLaw> parse_spectrum(Spec& spec) {
  std::vector<CoordinateLaw> blocks;
  for (const std::string& text : spec.parts("spectrum", '+')) {
    blocks.push_back(parse_block(spec, text));
  }
  return blocks;
}

}  // namespace

std::string gaussian_text(const GaussianLaw& law) {
  std::vector<std::string> spectrum;
  std::vector<Rational> means;
  for (const CoordinateLaw& block : law.coordinates) {
    spectrum.push_back(fmt::format("{}x{}", block.variance().text(), block.multiplicity));
    means.push_back(block.mean());
  }
  std::string out = fmt::format("gaussian:spectrum={}", fmt::join(spectrum, "+"));
  if (!law.centred()) {
    out += fmt::format(",mean={}", join_list(means));
  }
  return out;
}

GaussianLaw make_gaussian(Spec& spec) {
  GaussianLaw target;
  if (spec.has("spectrum")) {
    if (spec.has("dim") || spec.has("variance")) {
      spec.fail("give either spectrum, or dim and variance, not both");
    }
    target.coordinates = parse_spectrum(spec);
  } else {
    const long dim = spec.integer("dim", 1, kMaxDim);
    const Rational variance = spec.number("variance");
    require_positive_variance(spec, "variance", variance);
    target.coordinates = {gaussian_block(variance, Rational(0), dim)};
  }
  if (target.dim() > kMaxDim) {
    spec.fail(fmt::format("the multiplicities add up to more than {}", kMaxDim));
  }
  if (spec.has("mean")) {
    const std::vector<Rational> means = spec.numbers("mean");
    if (means.size() != 1 && means.size() != target.coordinates.size()) {
      spec.fail_at("mean", fmt::format("{} means for {} blocks; give one for all or one a block",
                                       means.size(), target.coordinates.size()));
    }
    for (std::size_t i = 0; i < target.coordinates.size(); ++i) {
      target.coordinates[i].components.front().mean = means[means.size() == 1 ? 0 : i];
    }
  }
  return target;
}

}  // namespace lemmabench
