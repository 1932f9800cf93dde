#include "theory/claims/score_perturbation.hpp"

#include "numerics/ball_functions.hpp"
#include "theory/mixture/mixture_bounds.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/radial/radial_integrals.hpp"

namespace lemmabench {
namespace {

constexpr int kWaveNumber = 2;
constexpr long kIntegralDigits = 6;

Ball variance_of(const BallMixture<>& marginal) {
  return mixture_second_moment(marginal) - square(mixture_mean(marginal));
}

Ball wave_size(const BallMixture<>& marginal) {
  const Ball mean = mixture_mean(marginal);
  const Ball variance = variance_of(marginal);
  const Ball sd = sqrt(variance);
  Ball cosine;
  for (std::size_t k = 0; k < marginal.size(); ++k) {
    const Ball phase = 2 * kWaveNumber * (marginal.mean(k) - mean) / sd;
    const Ball damping = -2 * kWaveNumber * kWaveNumber * marginal.variance(k) / variance;
    cosine.add_product(marginal.weight(k), cos(phase) * exp(damping));
  }
  return (1 - cosine) / variance;
}

/// E s*^2 of one coordinate: 1/w on a Gaussian.
Ball fisher_information(const BallMixture<>& marginal) {
  if (marginal.size() == 1) {
    return marginal.precision(0);
  }
  const MixtureIntegral integral(marginal);
  const auto integrand = [&](const ComplexBall& z, bool) {
    const auto point = marginal.at(z);
    return point.density() * square(point.score());
  };
  return integral(integrand, square(integral.tau()), 2, {.digits = kIntegralDigits});
}

Ball product_size(PerturbationShape shape, const ProductLaw& law, const Level<Ball>& level) {
  if (shape == PerturbationShape::wave) {
    return wave_size(BallMixture<>(law.coordinates.front(), level));
  }
  Ball sum;
  for (const CoordinateLaw& coordinate : law.coordinates) {
    const BallMixture<> marginal(coordinate, level);
    const Ball each =
        shape == PerturbationShape::gain ? 1 / variance_of(marginal) : fisher_information(marginal);
    sum += Ball(coordinate.multiplicity) * each;
  }
  return sum;
}

Ball scale_mixture_size(PerturbationShape shape, const ScaleMixtureLaw& law,
                        const Level<Ball>& level) {
  if (shape == PerturbationShape::wave) {
    CoordinateLaw coordinate;  // each one by itself, which is all that the wave looks at
    for (const ScaleMixtureLaw::Atom& atom : law.atoms) {
      coordinate.components.push_back({atom.weight, Rational(0), atom.variance});
    }
    return wave_size(BallMixture<>(coordinate, level));
  }
  const Ball dim(law.dim);
  if (shape == PerturbationShape::gain) {
    return dim / (level.abar * Ball(law.variance()) + level.noise);
  }
  const BallScaleMixture<> mixture(law, level);
  const RadialIntegral integral(mixture);
  const Ball tau = integral.tau();
  const auto integrand = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    return at.scaled_density() * q * square(at.precision()) / (dim * tau);
  };
  return dim * tau * integral(integrand, tau / dim, 1, {.digits = kIntegralDigits});
}

}  // namespace

std::string_view name(PerturbationShape shape) {
  switch (shape) {
    case PerturbationShape::shift:
      return "shift";
    case PerturbationShape::gain:
      return "gain";
    case PerturbationShape::wave:
      return "wave";
    case PerturbationShape::score:
      return "score";
  }
  return "";
}

std::optional<Ball> perturbation_size(PerturbationShape shape, const TargetCase& target,
                                      const Level<Ball>& level) {
  if (shape == PerturbationShape::shift) {
    return 1 / level.noise;
  }
  if (const ProductLaw* law = target.product()) {
    return product_size(shape, *law, level);
  }
  if (const ScaleMixtureLaw* scales = target.scale_mixture()) {
    return scale_mixture_size(shape, *scales, level);
  }
  const StudentLaw& student = *target.student();
  if (shape == PerturbationShape::gain && student.nu > Rational(2)) {
    const Ball variance = level.abar * Ball(student.nu / (student.nu - Rational(2))) + level.noise;
    return Ball(student.dim) / variance;
  }
  return std::nullopt;
}

}  // namespace lemmabench
