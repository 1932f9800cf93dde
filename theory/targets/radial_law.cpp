#include "theory/targets/radial_law.hpp"

namespace lemmabench {

Rational ScaleMixtureLaw::variance() const {
  Rational sum(0);
  for (const Atom& atom : atoms) {
    sum = sum + atom.weight * atom.variance;
  }
  return sum;
}

long RadialLaw::dim() const {
  return std::visit([](const auto& l) { return l.dim; }, law);
}

std::optional<Rational> RadialLaw::sphere() const {
  const auto* shell = std::get_if<ShellLaw>(&law);
  return shell ? std::optional<Rational>(shell->radius) : std::nullopt;
}

bool RadialLaw::has_mean() const { return student() == nullptr || student()->nu > Rational(1); }

bool RadialLaw::has_fisher_information() const {
  return !sphere() && (dim() == 1 || !std::holds_alternative<LaplaceLaw>(law));
}

}  // namespace lemmabench
