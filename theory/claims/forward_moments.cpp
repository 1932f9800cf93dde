#include "theory/claims/forward.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/process/forward.hpp"

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

/// Sums over the coordinates and compares.
Coverage score_moments(const Trial& trial, Comparisons& out) {
  const Ball d(trial.target().dim());
  const std::vector<ForwardLevel> levels = integral_levels(trial);
  for (const ForwardLevel& at : levels) {
    Ball aligned(0);
    Ball squared(0);
    Ball slope(0);
    Ball j(0);
    for (const CoordinateLaw& law : coordinates(trial)) {
      const ScoreMoments m =
          law.gaussian() ? moments_of_gaussian(law, at.level) : moments_of_mixture(law, at.level);
      const Ball copies(law.multiplicity);
      out.vanishes(Proved{m.score}, Proved{m.score}, Proved{Ball(0)}, 1 + sqrt(m.squared), 1e-9,
                   at.place("E s* = 0"));
      aligned.add_product(copies, m.aligned);
      squared.add_product(copies, m.squared);
      slope.add_product(copies, m.slope);
      j.add_product(copies, m.j);
    }
    out.equal(aligned, -trial.ball("alignment") * d, d, 1e-9, at.place("E[x.s*] = -d"));
    out.equal(squared, -slope, squared, 1e-9, at.place("E||s*||^2 = -E tr grad s*"));
    out.equal(squared * at.level.noise, j, d, 1e-9, at.place("(1-abar) E||s*||^2 = E tr J"));
    out.at_most(squared * at.level.noise, trial.ball("constant") * d,
                at.place("(1-abar) E||s*||^2 <= C d"));
    out.smallest_constant(squared * at.level.noise, d, at.place("(1-abar) E||s*||^2"));
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
      .left = std::string("Gaussians: closed forms; mixtures: proved integrals over the line, "
                          "tails by hand; ") +
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
                   {"C = 0.999", "mixture-near", {{"constant", "0.999"}}}},
      .covers = kCoversExpectations,
      .evaluate = score_moments};
}

}  // namespace lemmabench
