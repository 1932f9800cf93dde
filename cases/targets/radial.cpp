#include "cases/targets/radial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace lemmabench {
namespace {

constexpr std::array<std::string_view, 6> kNames{"student-t",    "laplace",       "two-scale",
                                                 "contaminated", "scale-mixture", "shell"};

void require_within(const Spec& spec, std::string_view key, const Rational& value,
                    const Rational& least, const Rational& most) {
  if (value < least || value > most) {
    spec.fail_at(
        key, fmt::format("{} is not within {} and {}", value.text(), least.text(), most.text()));
  }
}

/// A variance or a radius.
Rational size(const Spec& spec, std::string_view key, const Rational& value) {
  require_within(spec, key, value, Rational(1, 1'000'000), Rational(1'000'000));
  return value;
}

Rational proportion(Spec& spec, std::string_view key) {
  const Rational value = spec.number(key);
  if (value.sign() <= 0 || !(value < Rational(1))) {
    spec.fail_at(key, fmt::format("{} is not between 0 and 1", value.text()));
  }
  return value;
}

struct Part {
  RadialLaw law;
  std::string keys;  ///< what follows the dimension in the text
};

Part student(Spec& spec, long dim) {
  const Rational nu = spec.number("nu");
  require_within(spec, "nu", nu, Rational(1), Rational(1000));
  return {{StudentLaw{dim, nu}}, "nu=" + nu.text()};
}

Part laplace(Spec& spec, long dim) {
  const Rational variance = size(spec, "variance", spec.number_or("variance", Rational(1)));
  return {{LaplaceLaw{dim, variance}}, "variance=" + variance.text()};
}

Part two_scales(Spec& spec, long dim) {
  const Rational weight = proportion(spec, "weight");
  const std::vector<Rational> variances = spec.numbers("variances");
  if (variances.size() != 2) {
    spec.fail_at("variances", fmt::format("{} given; two-scale takes two", variances.size()));
  }
  for (const Rational& variance : variances) {
    size(spec, "variances", variance);
  }
  return {{ScaleMixtureLaw{dim, {{weight, variances[0]}, {Rational(1) - weight, variances[1]}}}},
          fmt::format("weight={},variances={}", weight.text(), join_list(variances))};
}

Part contaminated(Spec& spec, long dim) {
  const Rational fraction = proportion(spec, "fraction");
  const Rational variance = size(spec, "variance", spec.number("variance"));
  return {{ScaleMixtureLaw{dim, {{fraction, variance}, {Rational(1) - fraction, Rational(1)}}}},
          fmt::format("fraction={},variance={}", fraction.text(), variance.text())};
}

Part scale_mixture(Spec& spec, long dim) {
  const std::vector<Rational> weights = spec.numbers("weights");
  const std::vector<Rational> variances = spec.numbers("variances");
  if (weights.size() != variances.size()) {
    spec.fail(fmt::format("{} weights and {} variances; give one of each a scale", weights.size(),
                          variances.size()));
  }
  if (weights.size() > kMaxScales) {
    spec.fail(fmt::format("{} scales; at most {} are taken", weights.size(), kMaxScales));
  }
  ScaleMixtureLaw law{dim, {}};
  Rational total;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (weights[k].sign() <= 0) {
      spec.fail_at("weights", fmt::format("{} is not above 0", weights[k].text()));
    }
    total = total + weights[k];
    law.atoms.push_back({weights[k], size(spec, "variances", variances[k])});
  }
  if (!(total == Rational(1))) {
    spec.fail_at("weights", fmt::format("sum to {}; they must sum to exactly 1", total.text()));
  }
  return {{std::move(law)},
          fmt::format("weights={},variances={}", join_list(weights), join_list(variances))};
}

Part shell(Spec& spec, long dim) {
  const Rational radius = size(spec, "radius", spec.number_or("radius", Rational(1)));
  return {{ShellLaw{dim, radius}}, "radius=" + radius.text()};
}

Part read_part(Spec& spec, long dim) {
  if (spec.name() == "student-t") {
    return student(spec, dim);
  }
  if (spec.name() == "laplace") {
    return laplace(spec, dim);
  }
  if (spec.name() == "two-scale") {
    return two_scales(spec, dim);
  }
  if (spec.name() == "contaminated") {
    return contaminated(spec, dim);
  }
  return spec.name() == "scale-mixture" ? scale_mixture(spec, dim) : shell(spec, dim);
}

}  // namespace

bool is_radial(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

ReadLaw<RadialLaw> make_radial(Spec& spec) {
  const long dim = spec.integer("dim", 1, kMaxRadialDim);
  Part part = read_part(spec, dim);
  return {std::move(part.law), fmt::format("{}:dim={},{}", spec.name(), dim, part.keys)};
}

}  // namespace lemmabench
