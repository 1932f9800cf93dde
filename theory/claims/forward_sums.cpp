#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "theory/claims/assumptions.hpp"
#include "theory/claims/dimension_ladder.hpp"
#include "theory/claims/forward.hpp"
#include "theory/mixture/mixture_bounds.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/process/forward.hpp"
#include "theory/radial/radial_integrals.hpp"

/// Claim F9: the sums of E||J_t||^2 and of tr E[Sigma_t^2] over all levels, a record each.
namespace lemmabench {
namespace {

/// Which matrix is squared: J = I - Sigma or Sigma = Cov(Z | X_t).
enum class Square { j, sigma };

/// E J^2 or E Sigma^2 of one Gaussian coordinate.
Ball of_gaussian(Square square, const CoordinateLaw& law, const Level<Ball>& level) {
  const Ball lambda(law.variance());
  const Ball value = square == Square::sigma ? noise_posterior_variance(level, lambda)
                                             : level.noise / marginal_variance(level, lambda);
  return value * value;
}

/// Bounds for snr = rho << 1 [D]: Sigma = rho Cov(X_0|X), and with c = X_0 - E X_0 E Cov <= E c^2,
/// E Cov^2 <= E c^4 (Jensen).
Ball at_high_noise(Square square, const CoordinateLaw& law, const Ball& rho) {
  Ball fourth(0);
  for (const CoordinateLaw::Component& k : law.components) {
    const Ball shift(k.mean - law.mean());
    const Ball v(k.variance);
    const Ball s2 = shift * shift;
    fourth.add_product(Ball(k.weight), s2 * s2 + 6 * s2 * v + 3 * v * v);
  }
  const Ball sigma = Ball::hull(Ball(0), rho * Ball(law.variance()));
  const Ball sigma2 = Ball::hull(Ball(0), rho * rho * fourth);
  return square == Square::sigma ? sigma2 : 1 - 2 * sigma + sigma2;
}

/// Bounds for v = 1-abar << 1 [D]: J = -v S', |S'| <= its Lipschitz bound, and E J = v I <= v sum_k
/// w_k/W_k (Fisher information is convex).
Ball at_low_noise(Square square, const CoordinateLaw& law, const Level<Ball>& level) {
  const BallMixture<> mixture(law, level);
  const Ball steepest = level.noise * score_slope(mixture).lipschitz();
  const Ball j2 = Ball::hull(Ball(0), steepest * steepest);
  if (square == Square::j) {
    return j2;
  }
  Ball information(0);
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    information.add_product(mixture.weight(k), mixture.precision(k));
  }
  return 1 - 2 * Ball::hull(Ball(0), level.noise * information) + j2;
}

/// By a proved integral of p Sigma^2 or p (1 - Sigma)^2.
Ball by_integration(Square kind, const CoordinateLaw& law, const Level<Ball>& level) {
  // Enough for four digits where nothing cancels, and a third cheaper; more when the claim is tried
  // again.
  const PrecisionScope scope(std::max(64L, PrecisionScope::bits() / 2));
  const BallMixture<> mixture(law, level);
  const MixtureIntegral integral(mixture);
  // |Sigma|, |1 - Sigma| <= 2 tau m^2, see MixtureIntegral.
  const Ball bound = 4 * integral.tau() * integral.tau();
  const auto integrand = [&](const ComplexBall& z, bool) {
    const auto at = mixture.at(z);
    const ComplexBall sigma = at.noise_variance();
    return at.density() * square(kind == Square::sigma ? sigma : 1 - sigma);
  };
  return integral(integrand, bound, 4, {.digits = 4, .accuracy = Accuracy::absolute});
}

Ball expectation(Square square, const CoordinateLaw& law, const Level<Ball>& level) {
  if (law.gaussian()) {
    return of_gaussian(square, law, level);
  }
  // Outside of this window of log snr the bounds are sharper than 1e-3.
  // Three enclosures of the same number: a midpoint may choose.
  const double log_snr = log(level.snr()).to_double();
  if (log_snr < -8) {
    return at_high_noise(square, law, level.snr());
  }
  return log_snr > 9 ? at_low_noise(square, law, level) : by_integration(square, law, level);
}

/// E tr J^2 and E tr Sigma^2 of a scale mixture from closed forms [D]: with rho = snr
///   0 <= E tr Sigma <= rho d E V,   0 <= E tr Sigma^2 <= rho^2 E||X_0||^4
/// (Sigma = rho Cov(X_0|X); Jensen), which is sharp at high noise; and, as J <= 1-abar times the
/// posterior mean of 1/W and its part along x at least -(1-abar) q kappa_2, kappa_2 <= E[1/W^2],
///   0 <= E tr J^2 <= v^2 d (d + 3) E[1/W^2],
/// which is at low noise; E tr J <= v d E[1/W], tr Sigma^2 = d - 2 tr J + tr J^2.
Ball bound_by_closed_forms(Square square, const BallScaleMixture<>& mixture,
                           const Level<Ball>& level) {
  const Ball d(mixture.dim());
  const Ball rho = level.snr();
  Ball second;
  Ball fourth;
  Ball precision;
  Ball precision2;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const Ball v(mixture.data_variance(k));
    const Ball& beta = mixture.precision(k);
    second.add_product(mixture.weight(k), v);
    fourth.add_product(mixture.weight(k), v * v);
    precision.add_product(mixture.weight(k), beta);
    precision2.add_product(mixture.weight(k), beta * beta);
  }
  const Ball zero(0);
  const Ball sigma = Ball::hull(zero, rho * d * second);
  const Ball sigma2 = Ball::hull(zero, rho * rho * d * (d + 2) * fourth);
  const Ball j = Ball::hull(zero, level.noise * d * precision);
  const Ball j2 = Ball::hull(zero, level.noise * level.noise * d * (d + 3) * precision2);
  // Two enclosures of the same number: the narrower one.
  const Ball from_sigma = square == Square::sigma ? sigma2 : d - 2 * sigma + sigma2;
  const Ball from_j = square == Square::j ? j2 : d - 2 * j + j2;
  return arb_le(from_sigma.radius().raw(), from_j.radius().raw()) != 0 ? from_sigma : from_j;
}

/// E tr J^2 or E tr Sigma^2 of a scale mixture: by the bounds where they are within 1e-3 d, else by
/// a proved integral over the radius.
Ball expectation(Square kind, const ScaleMixtureLaw& law, const Level<Ball>& level) {
  const PrecisionScope scope(std::max(64L, PrecisionScope::bits() / 2));
  const BallScaleMixture<> mixture(law, level);
  const Ball bound = bound_by_closed_forms(kind, mixture, level);
  const Ball d(law.dim);
  if (arb_le(bound.radius().raw(), (d / 1000).raw()) != 0) {
    return bound;
  }
  const RadialIntegral integral(mixture);
  const auto integrand = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    const ComplexBall across = at.noise_variance_across();
    const ComplexBall along = at.noise_variance_along();
    return at.scaled_density() *
           (kind == Square::sigma ? square(across) * (d - 1) + square(along)
                                  : square(1 - across) * (d - 1) + square(1 - along)) /
           d;
  };
  // Sigma along x <= 1 + v tau^2 q/4 <= 2 tau q, |1 - Sigma| no more; across both are at most 1.
  const Ball factor = 5 * integral.tau() * integral.tau() / d;
  return d * integral(integrand, factor, 2, {.digits = 4, .accuracy = Accuracy::absolute});
}

std::vector<long> sum_ladder(const Trial& trial) {
  using Ladder = std::vector<long>;
  return trial.target().gaussian()
             ? trial.pick(Ladder{128, 512, 2048, 8192}, Ladder{128, 512, 2048, 8192, 32768})
             : trial.pick(Ladder{128, 256, 512, 1024}, Ladder{128, 256, 512, 1024, 2048});
}

/// A scale mixture in R^d: independent copies are none of its kind, so that the d of the ladder are
/// those in which the same scales and weights are taken.
template <Square square>
void sums_of_scale_mixture(const Trial& trial, const ScaleMixtureLaw& law, Comparisons& out) {
  const Ball weight_power = trial.ball("weight");
  const Ball dim_power = trial.ball("dim power");
  using Ladder = std::vector<long>;
  for (const long steps : trial.pick(Ladder{128, 256, 512}, Ladder{128, 256, 512, 1024, 2048})) {
    const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
    for (const long dim : dimension_ladder(law.dim)) {
      const ScaleMixtureLaw in_dimension = law.in_dimension(dim);
      Ball sum(0);
      for (int t = 2; t <= schedule.steps(); ++t) {
        sum.add_product(pow(schedule.h(t), weight_power),
                        expectation(square, in_dimension, schedule.level(t)));
      }
      out.constant(Proved{sum}, Proved{pow(Ball(dim), dim_power) * log(Ball(steps))}, dim,
                   {.steps = steps}, before_resolution(trial.target(), steps));
    }
  }
}

template <Square square>
Coverage sum_over_levels(const Trial& trial, Comparisons& out) {
  const Ball weight_power = trial.ball("weight");
  const Ball dim_power = trial.ball("dim power");
  if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
    sums_of_scale_mixture<square>(trial, *law, out);
    return Coverage::instances(out.count(), "pairs (T, d), every t");
  }
  for (const long steps : sum_ladder(trial)) {
    const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
    Ball sum(0);
    for (int t = 2; t <= schedule.steps(); ++t) {
      const Ball weight = pow(schedule.h(t), weight_power);
      for (const CoordinateLaw& law : coordinates(trial)) {
        sum.add_product(weight * Ball(law.multiplicity),
                        expectation(square, law, schedule.level(t)));
      }
    }
    // The law repeated independently: the sum is additive.
    for (const long copies : {1L, 4L, 16L}) {
      const long d = copies * trial.target().dim();
      out.constant(Proved{Ball(copies) * sum}, Proved{pow(Ball(d), dim_power) * log(Ball(steps))},
                   d, {.steps = steps}, before_resolution(trial.target(), steps));
    }
  }
  return Coverage::instances(out.count(), "pairs (T, d), every t");
}

/// What the two records have in common.
Claim sum_claim(std::string id, std::string title, std::string statement, std::string latex) {
  return {
      .id = std::move(id),
      .title = std::move(title),
      .kind = ClaimKind::smallest_constant,
      .statement = std::move(statement),
      .latex = std::move(latex),
      .symbols = "h_t = (1-alpha_t)/(1-abar_t), Sigma_t = Cov(Z | X_t), J_t = I - Sigma_t",
      .source = Source::quoted,
      .reference = "LY (2409.18959) Lemma 1; ODE (2408.02320) Lemma 2; theory.md section 6",
      .left =
          "every t in balls, li-cai:c0=2,c1=9. Gaussians: closed forms, T = 128, 512, 2048, 8192. "
          "Mixtures: proved integrals where -8 < log snr < 9, bounds beyond, T = 128, 256, 512, "
          "1024. d, 4d and 16d by independent copies. Scale mixtures: proved integrals over the "
          "radius, bounds where they are within 1e-3 d, T = 128, 256, 512, the same scales in "
          "three "
          "dimensions 4 times apart",
      .right = "d log T",
      .falsifier = "constants that keep growing with T or d like a power",
      .hypotheses = {finite_mixture(), second_moment_bound(128)},
      .parameters = {{"weight", "1", "power of h_t in the sum"}, {"dim power", "1", "power of d"}},
      .controls = {{"the sum without h_t", "gauss-flat", {{"weight", "0"}}},
                   {"the sum with sqrt(h_t)", "gauss-spread", {{"weight", "1/2"}}},
                   {"sqrt(d) in place of d", "gauss-power-law", {{"dim power", "1/2"}}},
                   {"sqrt(d) in place of d, for scale mixtures",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"dim power", "1/2"}}}},
      .covers = "instances: the T and d named, every t"};
}

}  // namespace

Claim claim_f9() {
  Claim claim =
      sum_claim("F9", "The slopes of the score sum up", "sum_{t>=2} h_t E||J_t||_F^2 <= C0 d log T",
                R"(\sum_{t\ge2}h_t\,\mathbb E\|J_t\|_F^2\le C_0\,d\log T)");
  claim.evaluate = sum_over_levels<Square::j>;
  return claim;
}

Claim claim_f9_sigma() {
  Claim claim = sum_claim("F9-sigma", "The posterior covariances sum up",
                          "sum_{t>=2} h_t tr E[Sigma_t^2] <= C d log T",
                          R"(\sum_{t\ge2}h_t\,\mathrm{tr}\,\mathbb E[\Sigma_t^2]\le C\,d\log T)");
  claim.evaluate = sum_over_levels<Square::sigma>;
  return claim;
}

}  // namespace lemmabench
