#include "cases/targets/product.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr int kMaxFactors = 9;

/// (1/2) N(-m, v) + (1/2) N(m, v); one component when m = 0.
MixtureTarget two_sided(const Rational& mean, const Rational& variance) {
  if (mean.sign() == 0) {
    return {{{Rational(1), mean, variance}}};
  }
  const Rational half(1, 2);
  return {{{half, Rational(0) - mean, variance}, {half, mean, variance}}};
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

ProductTarget read_hypercube(Spec& spec) {
  const long dim = spec.integer("dim", 1, kMaxDim);
  const Rational separation = read_separation(spec);
  const Rational variance = read_variance(spec, "variance");
  return {.factors = {{two_sided(separation, variance), dim}},
          .gaussian = {},
          .spec = fmt::format("hypercube:dim={},separation={},variance={}", dim, separation.text(),
                              variance.text())};
}

ProductTarget read_two_point(Spec& spec) {
  const long dim = spec.integer("dim", 1, kMaxDim);
  const Rational separation = read_separation(spec);
  const Rational variance = read_variance(spec, "variance");
  const Rational along = spec.has("along") ? read_variance(spec, "along") : variance;
  ProductTarget out;
  out.factors = {{two_sided(separation, along), 1}};
  if (dim > 1) {
    out.gaussian.blocks = {{variance, Rational(0), dim - 1}};
  }
  out.spec = fmt::format("two-point:dim={},separation={},variance={}", dim, separation.text(),
                         variance.text());
  if (!(along == variance)) {
    out.spec += ",along=" + along.text();
  }
  return out;
}

std::string after_colon(const std::string& text) { return text.substr(text.find(':') + 1); }

/// The keys of a mixture with the factor's number behind each.
std::string factor_text(const ProductTarget::Factor& factor, const std::string& suffix) {
  std::string out;
  std::string mixture = after_colon(factor.law.text());
  for (std::size_t at = 0; (at = mixture.find('=', at)) != std::string::npos;
       at += suffix.size() + 1) {
    mixture.insert(at, suffix);
  }
  return fmt::format("{},copies{}={}", mixture, suffix, factor.copies);
}

ProductTarget read_product(Spec& spec) {
  ProductTarget out;
  out.spec = "product:";
  for (int number = 1; number <= kMaxFactors; ++number) {
    const std::string suffix = number == 1 ? "" : fmt::format("{}", number);
    if (number > 1 && !spec.has("weights" + suffix)) {
      break;
    }
    ProductTarget::Factor factor{make_mixture(spec, suffix),
                                 spec.integer_or("copies" + suffix, 1, kMaxDim, 1)};
    out.spec += fmt::format("{}{}", number == 1 ? "" : ",", factor_text(factor, suffix));
    out.factors.push_back(std::move(factor));
  }
  if (spec.has("spectrum")) {
    out.gaussian = make_gaussian(spec);
    out.spec += fmt::format(",{}", after_colon(out.gaussian.text()));
  }
  return out;
}

}  // namespace

long ProductTarget::dim() const {
  long total = gaussian.dim();
  for (const Factor& factor : factors) {
    total += factor.copies;
  }
  return total;
}

bool is_product(std::string_view name) {
  return name == "product" || name == "hypercube" || name == "two-point";
}

ProductTarget make_product(Spec& spec) {
  ProductTarget target = spec.name() == "hypercube"   ? read_hypercube(spec)
                         : spec.name() == "two-point" ? read_two_point(spec)
                                                      : read_product(spec);
  if (target.dim() > kMaxDim) {
    spec.fail(fmt::format("has {} dimensions; at most {} are taken", target.dim(), kMaxDim));
  }
  return target;
}

}  // namespace lemmabench
