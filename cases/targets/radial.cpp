#include "cases/targets/radial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "theory/radial/scale_mixture.hpp"
#include "theory/radial/shell_marginal.hpp"

namespace lemmabench {
namespace {

constexpr std::array<std::string_view, 5> kNames{"student-t", "laplace", "two-scale",
                                                 "contaminated", "shell"};

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

TwoScaleRadius two_scales(Spec& spec) {
  const Rational weight = proportion(spec, "weight");
  const std::vector<Rational> variances = spec.numbers("variances");
  if (variances.size() != 2) {
    spec.fail_at("variances", fmt::format("{} given; two-scale takes two", variances.size()));
  }
  return {weight, size(spec, "variances", variances[0]), size(spec, "variances", variances[1])};
}

ScaleLaw two_atoms(const Rational& weight, const Rational& first, const Rational& second) {
  return atomic_scale({{weight.to_double(), first.to_double()},
                       {(Rational(1) - weight).to_double(), second.to_double()}});
}

struct Writer {
  std::string operator()(const StudentRadius& x) const { return "nu=" + x.nu.text(); }
  std::string operator()(const LaplaceRadius& x) const { return "variance=" + x.variance.text(); }
  std::string operator()(const TwoScaleRadius& x) const {
    return fmt::format("weight={},variances={}", x.weight.text(), join_list({x.first, x.second}));
  }
  std::string operator()(const ContaminatedRadius& x) const {
    return fmt::format("fraction={},variance={}", x.fraction.text(), x.variance.text());
  }
  std::string operator()(const ShellRadius& x) const { return "radius=" + x.radius.text(); }
};

struct MarginalMaker {
  long dim;
  const Level<double>& level;
  double fineness;
  bool centred;

  using Result = std::unique_ptr<RadialMarginal>;
  Result mixture(const ScaleLaw& law) const {
    return std::make_unique<ScaleMixture>(dim, law, level, fineness);
  }
  Result operator()(const StudentRadius& x) const {
    return mixture(student_scale(x.nu.to_double()));
  }
  Result operator()(const LaplaceRadius& x) const {
    return mixture(laplace_scale(x.variance.to_double()));
  }
  Result operator()(const TwoScaleRadius& x) const {
    return mixture(two_atoms(x.weight, x.first, x.second));
  }
  Result operator()(const ContaminatedRadius& x) const {
    return mixture(two_atoms(x.fraction, x.variance, Rational(1)));
  }
  Result operator()(const ShellRadius& x) const {
    return std::make_unique<ShellMarginal>(dim, x.radius.to_double(), level, centred);
  }
};

}  // namespace

std::string RadialTarget::text() const {
  return fmt::format("{}:dim={},{}", kNames[law.index()], dim, std::visit(Writer{}, law));
}

std::unique_ptr<RadialMarginal> RadialTarget::marginal(const Level<double>& level, double fineness,
                                                       bool centred) const {
  const MarginalMaker make{dim, level, fineness, centred};
  // N(0, I) whatever X_0 is: without a second moment, too, and on a sphere, of radius 0 here.
  return level.abar == 0 ? make.mixture(atomic_scale({{1, 1}})) : std::visit(make, law);
}

bool RadialTarget::has_mean() const {
  const auto* student = std::get_if<StudentRadius>(&law);
  return student == nullptr || student->nu > Rational(1);
}

bool RadialTarget::has_fisher_information() const {
  return !sphere() && (dim == 1 || !std::holds_alternative<LaplaceRadius>(law));
}

std::optional<Rational> RadialTarget::sphere() const {
  const auto* shell = std::get_if<ShellRadius>(&law);
  return shell ? std::optional<Rational>(shell->radius) : std::nullopt;
}

bool is_radial(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

RadialTarget make_radial(Spec& spec) {
  RadialTarget target;
  target.dim = spec.integer("dim", 1, kMaxRadialDim);
  if (spec.name() == "student-t") {
    const Rational nu = spec.number("nu");
    require_within(spec, "nu", nu, Rational(1), Rational(1000));
    target.law = StudentRadius{nu};
  } else if (spec.name() == "laplace") {
    target.law = LaplaceRadius{size(spec, "variance", spec.number_or("variance", Rational(1)))};
  } else if (spec.name() == "two-scale") {
    target.law = two_scales(spec);
  } else if (spec.name() == "contaminated") {
    target.law = ContaminatedRadius{proportion(spec, "fraction"),
                                    size(spec, "variance", spec.number("variance"))};
  } else {
    target.law = ShellRadius{size(spec, "radius", spec.number_or("radius", Rational(1)))};
  }
  return target;
}

}  // namespace lemmabench
