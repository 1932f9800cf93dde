#include "theory/claims/forward.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/process/forward.hpp"
#include "theory/radial/radial_integrals.hpp"

/// Claim F3: moments of the score.
namespace lemmabench {
namespace {

/// Expectations under p_t of one coordinate.
struct ScoreMoments {
  Ball score;    ///< E s
  Ball aligned;  ///< E[x s]
  Ball squared;  ///< E s^2
  Ball slope;    ///< E s'
  Ball j;        ///< E J = 1 - E Var(Z | X_t)
};

/// In closed form, from s = slope x + offset and E x, E x^2.
ScoreMoments moments_of_gaussian(const CoordinateLaw& law, const Level<Ball>& level) {
  const Ball lambda(law.variance());
  const Ball mu(law.mean());
  const AffineScore<Ball> s = gaussian_score(level, lambda, mu);
  const Ball mean = marginal_mean(level, mu);
  const Ball second = marginal_variance(level, lambda) + mean * mean;
  return {s(mean), s.slope * second + s.offset * mean,
          s.slope * s.slope * second + 2 * s.slope * s.offset * mean + s.offset * s.offset, s.slope,
          1 - noise_posterior_variance(level, lambda)};
}

/// By proved integrals; each function is bounded by the scales of MixtureIntegral.
ScoreMoments moments_of_mixture(const CoordinateLaw& law, const Level<Ball>& level) {
  const BallMixture<> mixture(law, level);
  const MixtureIntegral integral(mixture);
  const Ball& tau = integral.tau();
  const Ball tau2 = tau * tau;
  const IntegralGoal goal{.digits = 13, .accuracy = Accuracy::absolute};
  const auto expectation = [&](const auto& f, const Ball& factor, int power) {
    const auto integrand = [&](const ComplexBall& z, bool) {
      const auto at = mixture.at(z);
      return at.density() * f(z, at);
    };
    return integral(integrand, factor, power, goal);
  };
  return {
      expectation([](const auto&, const auto& at) { return at.score(); }, tau, 1),
      expectation([](const auto& z, const auto& at) { return z * at.score(); }, tau, 2),
      expectation([](const auto&, const auto& at) { return square(at.score()); }, tau2, 2),
      expectation([](const auto&, const auto& at) { return at.score_derivative(); }, 2 * tau2, 2),
      1 - expectation([](const auto&, const auto& at) { return at.noise_variance(); },
                      (1 + level.noise * tau) * tau, 2)};
}

/// By proved integrals over the radius, summed over all coordinates; s = -g x is odd, so that E s =
/// 0 says nothing more. Each integrand is scaled to order 1.
ScoreMoments moments_of_scale_mixture(const ScaleMixtureLaw& law, const Level<Ball>& level) {
  const BallScaleMixture<> mixture(law, level);
  const RadialIntegral integral(mixture);
  const Ball& tau = integral.tau();
  const Ball d(law.dim);
  const IntegralGoal goal{.digits = 13, .accuracy = Accuracy::absolute};
  const auto expectation = [&](const auto& f, const Ball& scale, const Ball& factor) {
    const auto integrand = [&](const ComplexBall& q) {
      const auto at = mixture.at(q);
      return at.scaled_density() * f(q, at) / scale;
    };
    return integral(integrand, factor / scale, 1, goal) * scale;
  };
  return {
      Ball(0),
      -expectation([](const auto& q, const auto& at) { return q * at.precision(); }, d, tau),
      expectation([](const auto& q, const auto& at) { return q * square(at.precision()); }, d * tau,
                  tau * tau),
      expectation([&](const auto& q,
                      const auto& at) { return q * at.precision_variance() - at.precision() * d; },
                  d * tau, 2 * tau * tau),
      d - expectation([](const auto&, const auto& at) { return at.noise_trace(); }, d, 2 * tau)};
}

void compare(const Trial& trial, const ForwardLevel& at, const ScoreMoments& sum,
             Comparisons& out) {
  const Ball d(trial.target().dim());
  out.equal(sum.aligned, -trial.ball("alignment") * d, d, 1e-9, at.place("E[x.s*] = -d"));
  out.equal(sum.squared, -sum.slope, sum.squared, 1e-9, at.place("E||s*||^2 = -E tr grad s*"));
  out.equal(sum.squared * at.level.noise, sum.j, d, 1e-9, at.place("(1-abar) E||s*||^2 = E tr J"));
  out.at_most(sum.squared * at.level.noise, trial.ball("constant") * d,
              at.place("(1-abar) E||s*||^2 <= C d"));
  out.smallest_constant(sum.squared * at.level.noise, d, at.place("(1-abar) E||s*||^2"));
}

/// Sums over the coordinates and compares.
Coverage score_moments(const Trial& trial, Comparisons& out) {
  const std::vector<ForwardLevel> levels = integral_levels(trial);
  for (const ForwardLevel& at : levels) {
    if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
      compare(trial, at, moments_of_scale_mixture(*law, at.level), out);
      continue;
    }
    ScoreMoments sum{};
    for (const CoordinateLaw& law : coordinates(trial)) {
      const ScoreMoments m =
          law.gaussian() ? moments_of_gaussian(law, at.level) : moments_of_mixture(law, at.level);
      const Ball copies(law.multiplicity);
      out.vanishes(Proved{m.score}, Proved{m.score}, Proved{Ball(0)}, 1 + sqrt(m.squared), 1e-9,
                   at.place("E s* = 0"));
      sum.aligned.add_product(copies, m.aligned);
      sum.squared.add_product(copies, m.squared);
      sum.slope.add_product(copies, m.slope);
      sum.j.add_product(copies, m.j);
    }
    compare(trial, at, sum, out);
  }
  return Coverage::instances(static_cast<long>(levels.size()), "levels (T, t)");
}

}  // namespace

Claim claim_f3() {
  return {
      .id = "F3",
      .title = "Moments of the score",
      .kind = ClaimKind::identity,
      .statement =
          "E s* = 0; E[x.s*] = -d; E||s*||^2 = -E tr(grad s*) = E tr J/(1-abar_t) <= d/(1-abar_t)",
      .latex = R"(\mathbb E s^\star=0,\quad \mathbb E[x\cdot s^\star]=-d,\quad )"
               R"(\mathbb E\|s^\star\|^2=-\mathbb E\,\mathrm{tr}\,\nabla s^\star)"
               R"(=\frac{\mathbb E\,\mathrm{tr}\,J_t}{1-\bar\alpha_t}\le\frac d{1-\bar\alpha_t})",
      .symbols = "expectations over X_t; J_t = I - Cov(Z | X_t)",
      .source = Source::derived,
      .reference = "theory.md section 6",
      .left =
          std::string("Gaussians: closed forms; mixtures: proved integrals over the line (scale "
                      "mixtures: over the radius), tails by hand; ") +
          kIntegralLevels,
      .right = "the other expectations in the same way; J from the posterior of Z",
      .falsifier =
          "a level at which two expectations that should agree have disjoint enclosures, or "
          "(1-abar) E||s*||^2 > d",
      .hypotheses = {finite_mixture()},
      .parameters = {{"alignment", "1", "of -d"}, {"constant", "1", "C"}},
      .controls = {{"E[x.s*] = -1.000001 d", "mixture-far", {{"alignment", "1.000001"}}},
                   {"C = 0.9999: 1 is reached as abar -> 0",
                    "gauss-spread",
                    {{"constant", "0.9999"}}},
                   {"C = 0.999", "mixture-near", {{"constant", "0.999"}}},
                   {"E[x.s*] = -1.000001 d, in R^16",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"alignment", "1.000001"}}}},
      .covers = kCoversExpectations,
      .evaluate = score_moments};
}

}  // namespace lemmabench
