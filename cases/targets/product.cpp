#include "cases/targets/product.hpp"

#include <fmt/format.h>

#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr int kMaxFactors = 9;

/// (1/2) N(-m, v) + (1/2) N(m, v), `copies` of it; one component when m = 0.
CoordinateLaw two_sided(const Rational& mean, const Rational& variance, long copies) {
  if (mean.sign() == 0) {
    return gaussian_block(variance, mean, copies);
  }
  const Rational half(1, 2);
  return {{{half, Rational(0) - mean, variance}, {half, mean, variance}}, copies};
}

Rational read_variance(Spec& spec, std::string_view key) {
  Rational variance = spec.number(key);
  if (variance.sign() <= 0) {
    spec.fail_at(key, fmt::format("{} is not above 0", variance.text()));
  }
  return variance;
}

Rational read_separation(Spec& spec) {
  Rational separation = spec.number("separation");
  if (separation.sign() < 0) {
    spec.fail_at("separation", fmt::format("{} is below 0", separation.text()));
  }
  return separation;
}

ReadLaw<ProductLaw> read_hypercube(Spec& spec) {
  const long dim = spec.integer("dim", 1, kMaxDim);
  const Rational separation = read_separation(spec);
  const Rational variance = read_variance(spec, "variance");
  return {{{two_sided(separation, variance, dim)}},
          fmt::format("hypercube:dim={},separation={},variance={}", dim, separation.text(),
                      variance.text())};
}

ReadLaw<ProductLaw> read_two_point(Spec& spec) {
  const long dim = spec.integer("dim", 1, kMaxDim);
  const Rational separation = read_separation(spec);
  const Rational variance = read_variance(spec, "variance");
  const Rational along = spec.has("along") ? read_variance(spec, "along") : variance;
  ReadLaw<ProductLaw> out;
  out.law.coordinates = {two_sided(separation, along, 1)};
  if (dim > 1) {
    out.law.coordinates.push_back(gaussian_block(variance, Rational(0), dim - 1));
  }
  out.text = fmt::format("two-point:dim={},separation={},variance={}", dim, separation.text(),
                         variance.text());
  if (!(along == variance)) {
    out.text += ",along=" + along.text();
  }
  return out;
}

std::string after_colon(const std::string& text) { return text.substr(text.find(':') + 1); }

/// The keys of a mixture with the factor's number behind each.
std::string factor_text(const CoordinateLaw& factor, const std::string& suffix) {
  std::string out;
  std::string mixture = after_colon(mixture_text(factor));
  for (std::size_t at = 0; (at = mixture.find('=', at)) != std::string::npos;
       at += suffix.size() + 1) {
    mixture.insert(at, suffix);
  }
  return fmt::format("{},copies{}={}", mixture, suffix, factor.multiplicity);
}

ReadLaw<ProductLaw> read_product(Spec& spec) {
  ReadLaw<ProductLaw> out;
  out.text = "product:";
  for (int number = 1; number <= kMaxFactors; ++number) {
    const std::string suffix = number == 1 ? "" : fmt::format("{}", number);
    if (number > 1 && !spec.has("weights" + suffix)) {
      break;
    }
    CoordinateLaw factor = make_mixture(spec, suffix);
    factor.multiplicity = spec.integer_or("copies" + suffix, 1, kMaxDim, 1);
    out.text += fmt::format("{}{}", number == 1 ? "" : ",", factor_text(factor, suffix));
    out.law.coordinates.push_back(std::move(factor));
  }
  if (spec.has("spectrum")) {
    const GaussianLaw gaussian = make_gaussian(spec);
    out.text += fmt::format(",{}", after_colon(gaussian_text(gaussian)));
    out.law.coordinates.insert(out.law.coordinates.end(), gaussian.coordinates.begin(),
                               gaussian.coordinates.end());
  }
  return out;
}

}  // namespace

bool is_product(std::string_view name) {
  return name == "product" || name == "hypercube" || name == "two-point";
}

ReadLaw<ProductLaw> make_product(Spec& spec) {
  ReadLaw<ProductLaw> read = spec.name() == "hypercube"   ? read_hypercube(spec)
                             : spec.name() == "two-point" ? read_two_point(spec)
                                                          : read_product(spec);
  if (read.law.dim() > kMaxDim) {
    spec.fail(fmt::format("has {} dimensions; at most {} are taken", read.law.dim(), kMaxDim));
  }
  return read;
}

}  // namespace lemmabench
