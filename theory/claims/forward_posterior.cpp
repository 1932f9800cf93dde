#include <vector>

#include "theory/claims/forward.hpp"
#include "theory/mixture/mixture_integrals.hpp"

/// Claims F1 and F2: the score and its slope through the posterior.
namespace lemmabench {
namespace {

/// E[X_0 | X_t = x] by integrating over X_0: int x0 p_0(x0) phi(x0) dx0 / int p_0 phi, with phi(x0)
/// = exp(-(x - sqrt(abar) x0)^2/(2(1-abar))).
Ball posterior_mean_by_integration(const CoordinateLaw& law, const Level<Ball>& level,
                                   const Ball& x) {
  const BallMixture<> prior(law, Ball(1), Ball(0));
  const MixtureIntegral integral(prior);
  const Ball root = sqrt(level.abar);
  const auto joint = [&](const ComplexBall& z) {
    return prior.at(z).density() * exp(square(x - z * root) / (level.noise * -2));
  };
  const IntegralGoal relative{.digits = 12};
  const Ball mass =
      integral([&](const ComplexBall& z, bool) { return joint(z); }, Ball(1), 0, relative);
  const IntegralGoal absolute{.digits = 12, .accuracy = Accuracy::absolute};
  return integral([&](const ComplexBall& z, bool) { return joint(z) * z / mass; },
                  1 / mass.magnitude_lower(), 1, absolute);
}

/// The points x = m + z sd of p_t, z = -5/2, 1/3, 4, against the definition of E[X_0 | x].
void against_definition(const Trial& trial, Comparisons& out) {
  if (trial.target().gaussian() || trial.target().scale_mixture() != nullptr) {
    return;  // the closed form of the posterior is not in doubt there
  }
  const Schedule<Ball> schedule(LiCaiSchedule{}, 128);
  for (const int t : {96, 128}) {
    const CoordinateLaw& law = coordinates(trial).front();
    const Level<Ball>& level = schedule.level(t);
    const BallMixture<> mixture(law, level);
    const Ball mean = sqrt(level.abar) * Ball(law.mean());
    const Ball sd = sqrt(level.abar * Ball(law.variance()) + level.noise);
    for (const Rational& z : {Rational(-5, 2), Rational(1, 3), Rational(4)}) {
      const Ball x = (mean + Ball(z) * sd).midpoint();
      const Ball by_integration = posterior_mean_by_integration(law, level, x);
      const Ball score = mixture.at(Jet<Ball>::variable(x, 1)).log_density().coefficient(1);
      const Ball right =
          -trial.ball("factor") * (x - sqrt(level.abar) * by_integration) / level.noise;
      out.equal(score, right, 1 / sd, 1e-9,
                {.part = "E[X_0|x] by integration over X_0", .steps = 128, .t = t, .x = x});
    }
  }
}

/// F1. Left: the series of log p_t differentiated. Right: the posterior mean from the components'.
Coverage tweedie(const Trial& trial, Comparisons& out) {
  const Ball factor = trial.ball("factor");
  const Ball power = trial.ball("power");
  const auto sides = [&](const auto& law, const Level<Ball>& level) {
    return [=, mixture = axis_mixture(law, level), root = pow(level.abar, power),
            scale = -factor / level.noise](const Jet<Ball>& x) -> BoxSides {
      const auto at = mixture.at(x);
      return {at.log_density().differentiated(), (x - root * at.posterior_mean()) * scale};
    };
  };
  const long levels = prove_in_x(trial, out, "score", 1, sides);
  against_definition(trial, out);
  return on_levels(levels);
}

/// F2 across a ray, as functions of q = |x|^2: grad log p = 2 (d log p/dq) x there, so that
/// 2 d log p/dq = -(1 - Sigma)/(1-abar) with Sigma = E[a V/W]; and 0 <= Sigma as J <= 1.
void second_order_across(const Trial& trial, const ScaleMixtureLaw& law, const Ball& factor,
                         Comparisons& out) {
  for (const ForwardLevel& at : forward_levels(trial)) {
    const LineRange range = line_range(law, at.level);
    const BallScaleMixture<> mixture(law, at.level);
    const Ball high = square(range.high).midpoint();
    const Ball scale = -factor / at.level.noise;
    const auto slope = [&](const Jet<Ball>& q) {
      return mixture.at(q).log_density().differentiated() * 2;
    };
    const BoxIdentity identity{
        .sides = [&](const Jet<Ball>& q) -> BoxSides {
          return {slope(q), (1 - mixture.at(q).noise_variance_across()) * scale};
        },
        .low = Ball(0),
        .high = high,
        .scale = 1 / range.narrowest};
    const BoxInequality ceiling{[&](const Jet<Ball>& q) { return slope(q) * -at.level.noise; },
                                Ball(0), high, trial.ball("ceiling"), 8};
    if (!identity_on_boxes(identity, at.place("grad s across x, by |x|^2"), out) ||
        !inequality_on_boxes(ceiling, at.place("J <= 1 across x"), out)) {
      return;
    }
  }
}

/// F2. Left: the second derivative of the series of log p_t. Right: Cov(Z | x) from the components'
/// posteriors. 0 <= Sigma is J <= 1, with J = -(1-abar) (log p)'' from the left route.
Coverage second_order(const Trial& trial, Comparisons& out) {
  const Ball factor = trial.ball("factor");
  const auto sides = [&](const auto& law, const Level<Ball>& level) {
    return [mixture = axis_mixture(law, level),
            scale = -factor / level.noise](const Jet<Ball>& x) -> BoxSides {
      const auto at = mixture.at(x);
      return {at.log_density().differentiated().differentiated(),
              (1 - at.noise_variance()) * scale};
    };
  };
  const long levels = prove_in_x(trial, out, "grad s", 2, sides);
  for (const ForwardLevel& at : forward_levels(trial)) {
    const bool proved = for_each_axis(trial, [&](const auto& law) {
      const LineRange range = line_range(law, at.level);
      const auto j = [mixture = axis_mixture(law, at.level),
                      scale = -at.level.noise](const Jet<Ball>& x) {
        return mixture.at(x).log_density().differentiated().differentiated() * scale;
      };
      return inequality_on_boxes({j, range.low, range.high, trial.ball("ceiling"), 8},
                                 at.place("J <= 1, that is 0 <= Sigma"), out);
    });
    if (!proved) {
      return on_levels(levels);
    }
  }
  if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
    second_order_across(trial, *law, factor, out);
  }
  return on_levels(levels);
}

}  // namespace

Claim claim_f1() {
  return {
      .id = "F1",
      .title = "Tweedie's formula",
      .kind = ClaimKind::identity,
      .statement = "s*_t(x) = -(x - sqrt(abar_t) E[X_0 | X_t = x])/(1-abar_t)",
      .latex = R"(s_t^\star(x)=-\frac{x-\sqrt{\bar\alpha_t}\,\mathbb E[X_0\mid X_t=x]})"
               R"({1-\bar\alpha_t})",
      .symbols = "s*_t = grad log p_t",
      .source = Source::derived,
      .reference = "theory.md section 6; Robbins 1956, Efron 2011 (Tweedie's formula)",
      .left = std::string("the derivative of log p_t as a Taylor series in balls, on boxes that "
                          "cover 8 standard deviations of every component; ") +
              kForwardLevels,
      .right =
          "the posterior mean from the Gaussian posteriors of the components, as a series on the "
          "same boxes; on mixtures also by proved integration over X_0 at 6 points",
      .falsifier = "a box of x on which the two sides differ",
      .hypotheses = {finite_mixture()},
      .parameters = {{"factor", "1", "of the right-hand side"},
                     {"power", "1/2", "of abar_t beside the posterior mean"}},
      .controls = {{"0.999999 of the right-hand side", "mixture-three", {{"factor", "0.999999"}}},
                   {"the sign turned round", "gauss-flat", {{"factor", "-1"}}},
                   {"abar_t in place of its root", "mixture-near", {{"power", "1"}}},
                   {"0.999999 of the right-hand side, in R^16",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"factor", "0.999999"}}}},
      .covers = kCoversLevels,
      .evaluate = tweedie};
}

Claim claim_f2() {
  return {.id = "F2",
          .title = "The slope of the score",
          .kind = ClaimKind::identity,
          .statement = "grad s*_t = -J/(1-abar_t), J = I - Sigma, Sigma = Cov(Z | X_t = x) >= 0",
          .latex =
              R"(\nabla s_t^\star(x)=-\frac{J_t(x)}{1-\bar\alpha_t},\quad J_t=I-\Sigma_t,\quad )"
              R"(\Sigma_t=\mathrm{Cov}(Z\mid X_t=x)\succeq 0)",
          .symbols = "X_t = sqrt(abar_t) X_0 + sqrt(1-abar_t) Z",
          .source = Source::derived,
          .reference = "theory.md section 6",
          .left = std::string("the second derivative of log p_t as a Taylor series in balls, on "
                              "boxes that cover 8 standard deviations of every component; ") +
                  kForwardLevels,
          .right =
              "Cov(Z | x) from the Gaussian posteriors of the components, as a series on the same "
              "boxes; Sigma >= 0 as J <= 1, J from the left-hand side",
          .falsifier = "a box of x on which the two sides differ or J > 1",
          .hypotheses = {finite_mixture()},
          .parameters = {{"factor", "1", "of J"}, {"ceiling", "1", "of J"}},
          .controls = {{"1.000001 J", "mixture-far", {{"factor", "1.000001"}}},
                       {"1.000001 J, in R^16",
                        "two-scale:dim=16,weight=0.5,variances=0.1/4",
                        {{"factor", "1.000001"}}},
                       {"the sign turned round", "gauss-spread", {{"factor", "-1"}}},
                       {"J <= 0.9999: it comes closer to 1 at high noise",
                        "mixture-near",
                        {{"ceiling", "0.9999"}}}},
          .covers = kCoversLevels,
          .evaluate = second_order};
}

}  // namespace lemmabench
