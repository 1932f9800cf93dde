#include <fmt/format.h>

#include <array>

#include "theory/claims/forward.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/process/forward.hpp"
#include "theory/radial/radial_integrals.hpp"

/// Claims F7 and F8: entropy, Fisher information and the posterior covariance under a change of the
/// noise.
namespace lemmabench {
namespace {

/// A series v + s of order 1 for complex arguments: the coefficient of s is the derivative in v,
/// taken inside the integrals (Gaussian tails dominate all integrands and their derivatives).
using ComplexSeries = Jet<ComplexBall>;

BallMixture<ComplexSeries> moving_in_the_plane(const CoordinateLaw& law, const Level<Ball>& level) {
  return BallMixture<ComplexSeries>(law, level.abar,
                                    ComplexSeries::variable(ComplexBall(level.noise), 1));
}

/// Twelve digits of an integral whose integrand was scaled to order 1.
const IntegralGoal kGoal{.digits = 12, .accuracy = Accuracy::absolute};

/// The two sides of F7 for one coordinate.
struct InformationFlow {
  Ball entropy_rate;  ///< dh/dv
  Ball fisher;        ///< I = E S^2
  Ball fisher_rate;   ///< dI/dv
  Ball slope_square;  ///< E S'^2
};

/// h = log(2 pi e w)/2 and I = 1/w as series in v.
InformationFlow information_of_gaussian(const CoordinateLaw& law, const Level<Ball>& level) {
  const Ball lambda(law.variance());
  const Jet<Ball> w = Jet<Ball>::variable(level.noise, 1) + level.abar * lambda;
  const AffineScore<Ball> s = gaussian_score(level, lambda, Ball(law.mean()));
  return {(log(w) / 2).coefficient(1), expected_squared_score(level, lambda),
          (1 / w).coefficient(1), s.slope * s.slope};
}

InformationFlow information_of_mixture(const CoordinateLaw& law, const Level<Ball>& level) {
  const BallMixture<> mixture(law, level);
  const BallMixture<ComplexSeries> moved = moving_in_the_plane(law, level);
  const MixtureIntegral integral(mixture);
  const Ball& tau = integral.tau();
  const auto entropy_rate = [&](const ComplexBall& z, bool) {
    const auto at = moved.at(ComplexSeries(z));
    return -(at.density() * at.log_density()).coefficient(1);
  };
  const auto fisher = [&](const ComplexBall& z, bool) {
    const auto at = mixture.at(z);
    return at.density() * square(at.score());
  };
  const auto fisher_rate = [&](const ComplexBall& z, bool) {
    const auto at = moved.at(ComplexSeries(z));
    const ComplexSeries score = at.score();
    return (at.density() * score * score).coefficient(1);
  };
  const auto slope_square = [&](const ComplexBall& z, bool) {
    const auto at = mixture.at(z);
    return at.density() * square(at.score_derivative());
  };
  return {integral(entropy_rate, integral.log_factor() * pow(tau, Ball(3)), 4, kGoal),
          integral(fisher, tau * tau, 2, kGoal),
          integral(fisher_rate, 7 * pow(tau, Ball(4)), 4, kGoal),
          integral(slope_square, 4 * pow(tau, Ball(4)), 4, kGoal)};
}

BallScaleMixture<ComplexSeries> moving_in_the_plane(const ScaleMixtureLaw& law,
                                                    const Level<Ball>& level) {
  return BallScaleMixture<ComplexSeries>(law, level.abar,
                                         ComplexSeries::variable(ComplexBall(level.noise), 1));
}

/// The same of a scale mixture as a whole, by proved integrals over the radius, each integrand
/// scaled to order 1. For q > Q (RadialIntegral): |d_v(p log p)| <= 2 tau^2 log_slope q^2 p + tau^2
/// q p, |d_v(p q g^2)| <= 8 tau^4 q^2 p and ||grad S||_F^2 <= 2 tau^4 q^2.
InformationFlow information_of_scale_mixture(const ScaleMixtureLaw& law, const Level<Ball>& level) {
  const BallScaleMixture<> mixture(law, level);
  const BallScaleMixture<ComplexSeries> moved = moving_in_the_plane(law, level);
  const RadialIntegral integral(mixture);
  const Ball& tau = integral.tau();
  const Ball d(law.dim);
  const Ball scale = d * tau;
  const Ball rate_scale = scale * tau;
  const Ball log_two_pi = log(2 * Ball::pi()) * d / 2;
  const auto entropy_rate = [&](const ComplexBall& q) {
    const auto at = moved.at(ComplexSeries(q));
    // log p without its constant, whose part of the rate is that of int p = 1.
    return (at.scaled_density() * (at.log_density() + log_two_pi)).coefficient(1) / -scale;
  };
  const auto fisher = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    return at.scaled_density() * q * square(at.precision()) / scale;
  };
  const auto fisher_rate = [&](const ComplexBall& q) {
    const auto at = moved.at(ComplexSeries(q));
    const ComplexSeries g = at.precision();
    return (at.scaled_density() * g * g).coefficient(1) * q / rate_scale;
  };
  const auto slope_square = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    const ComplexBall g = at.precision();
    const ComplexBall along = g - q * at.precision_variance();
    return at.scaled_density() * (square(g) * (d - 1) + square(along)) / rate_scale;
  };
  const Ball tau2 = tau * tau;
  return {integral(entropy_rate, 4 * tau2 * (integral.log_slope() + tau) / scale, 2, kGoal) * scale,
          integral(fisher, tau2 / scale, 1, kGoal) * scale,
          integral(fisher_rate, 8 * tau2 * tau2 / rate_scale, 2, kGoal) * rate_scale,
          integral(slope_square, 2 * tau2 * tau2 / rate_scale, 2, kGoal) * rate_scale};
}

/// F7, summed over the coordinates.
Coverage de_bruijn(const Trial& trial, Comparisons& out) {
  const std::vector<ForwardLevel> levels = integral_levels(trial);
  for (const ForwardLevel& at : levels) {
    InformationFlow sum{Ball(0), Ball(0), Ball(0), Ball(0)};
    if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
      sum = information_of_scale_mixture(*law, at.level);
    }
    for (const CoordinateLaw& law : coordinates(trial)) {
      const InformationFlow one = law.gaussian() ? information_of_gaussian(law, at.level)
                                                 : information_of_mixture(law, at.level);
      const Ball copies(law.multiplicity);
      sum.entropy_rate.add_product(copies, one.entropy_rate);
      sum.fisher.add_product(copies, one.fisher);
      sum.fisher_rate.add_product(copies, one.fisher_rate);
      sum.slope_square.add_product(copies, one.slope_square);
    }
    const Ball half_fisher = sum.fisher * trial.ball("half");
    out.equal(sum.entropy_rate, half_fisher, half_fisher, 1e-9, at.place("dh/dv = I/2"));
    const Ball loss = -trial.ball("loss") * sum.slope_square;
    out.equal(sum.fisher_rate, loss, sum.slope_square, 1e-9, at.place("dI/dv = -E||grad S||_F^2"));
  }
  return Coverage::instances(static_cast<long>(levels.size()), "levels (T, t)");
}

/// The sides of F8 for one coordinate at rho = snr: mmse(rho) = E Cov(X_0|X), I = I(X_0; X).
struct PosteriorFlow {
  Ball mmse;
  Ball mmse_rate;          ///< d mmse/d rho
  Ball covariance_square;  ///< E Cov^2
  Ball information_rate;   ///< dI/d rho
};

/// mmse = lambda/(1 + rho lambda) and I = log(1 + rho lambda)/2 as series in rho; Cov in levels.
PosteriorFlow posterior_of_gaussian(const CoordinateLaw& law, const Level<Ball>& level) {
  const Ball lambda(law.variance());
  const Jet<Ball> gain = Jet<Ball>::variable(level.snr(), 1) * lambda + 1;
  const Ball covariance = posterior_variance(level, lambda);
  return {covariance, (lambda / gain).coefficient(1), covariance * covariance,
          (log(gain) / 2).coefficient(1)};
}

/// d/d rho = -(v^2/a) d/dv at fixed signal a; I = h(x_v) - log(2 pi e v)/2. Each integrand is
/// scaled by powers of k = 1/Var X_0 + rho, which is about 1/mmse.
PosteriorFlow posterior_of_mixture(const CoordinateLaw& law, const Level<Ball>& level) {
  const BallMixture<> mixture(law, level);
  const BallMixture<ComplexSeries> moved = moving_in_the_plane(law, level);
  const MixtureIntegral integral(mixture);
  const Ball& tau = integral.tau();
  const Ball k = 1 / Ball(law.variance()) + level.snr();
  const Ball speed = -level.noise * level.noise / level.abar;
  const auto mmse = [&](const ComplexBall& z, bool) {
    const auto at = mixture.at(z);
    return at.density() * at.posterior_variance() * k;
  };
  const auto square_of_it = [&](const ComplexBall& z, bool) {
    const auto at = mixture.at(z);
    return at.density() * square(at.posterior_variance() * k);
  };
  const Ball rate_scale = speed * k * k;
  const auto rate = [&](const ComplexBall& z, bool) {
    const auto at = moved.at(ComplexSeries(z));
    return (at.density() * at.posterior_variance()).coefficient(1) * rate_scale;
  };
  const Ball information_scale = speed * k;
  const auto entropy_rate = [&](const ComplexBall& z, bool) {
    const auto at = moved.at(ComplexSeries(z));
    return (at.density() * at.log_density()).coefficient(1) * -information_scale;
  };
  const Ball entropy = integral(
      entropy_rate, abs(information_scale) * integral.log_factor() * pow(tau, Ball(3)), 4, kGoal);
  const Ball spread = 2 * k * level.noise * tau / level.abar;
  return {integral(mmse, spread, 2, kGoal) / k,
          integral(rate, 19 * tau * tau * abs(rate_scale) / level.abar, 4, kGoal) / (k * k),
          integral(square_of_it, spread * spread, 4, kGoal) / (k * k),
          (entropy - information_scale / (2 * level.noise)) / k};
}

/// Of a scale mixture as a whole: traces, d times each entry of E Cov and of E Cov^2, which are
/// multiples of I. For q > Q (RadialIntegral): tr Cov <= 3 (v/a) tau q, tr Cov^2 <= 6 (v/a)^2 tau^2
/// q^2, |d_v(p tr Cov)| <= 16 tau^2 q^2 p/a [D].
PosteriorFlow posterior_of_scale_mixture(const ScaleMixtureLaw& law, const Level<Ball>& level) {
  const BallScaleMixture<> mixture(law, level);
  const BallScaleMixture<ComplexSeries> moved = moving_in_the_plane(law, level);
  const RadialIntegral integral(mixture);
  const Ball& tau = integral.tau();
  const Ball d(law.dim);
  const Ball k = 1 / Ball(law.variance()) + level.snr();
  const Ball unit = k / d;
  const Ball unit2 = k * unit;
  const Ball speed = -level.noise * level.noise / level.abar;
  const Ball log_two_pi = log(2 * Ball::pi()) * d / 2;
  const auto trace = [&](const auto& at) {
    return at.clean_variance_across() * (d - 1) + at.clean_variance_along();
  };
  const auto mmse = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    return at.scaled_density() * trace(at) * unit;
  };
  const auto square_of_it = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    return at.scaled_density() *
           (square(at.clean_variance_across()) * (d - 1) + square(at.clean_variance_along())) *
           unit2;
  };
  const Ball rate_scale = speed * unit2;
  const auto rate = [&](const ComplexBall& q) {
    const auto at = moved.at(ComplexSeries(q));
    return (at.scaled_density() * trace(at)).coefficient(1) * rate_scale;
  };
  const Ball information_scale = speed * unit;
  const auto entropy_rate = [&](const ComplexBall& q) {
    const auto at = moved.at(ComplexSeries(q));
    return (at.scaled_density() * (at.log_density() + log_two_pi)).coefficient(1) *
           -information_scale;
  };
  const Ball spread = level.noise / level.abar;
  const Ball tau2 = tau * tau;
  const Ball entropy = integral(
      entropy_rate, abs(information_scale) * 4 * tau2 * (integral.log_slope() + tau), 2, kGoal);
  return {integral(mmse, 3 * spread * tau * unit, 1, kGoal) / unit,
          integral(rate, 16 * tau2 / level.abar * abs(rate_scale), 2, kGoal) / unit2,
          integral(square_of_it, 6 * spread * spread * tau2 * unit2, 2, kGoal) / unit2,
          (entropy - information_scale * d / (2 * level.noise)) / unit};
}

/// The first identity is one of matrices: each coordinate by itself. The second is a sum.
void differential_identities(const Trial& trial, const std::vector<ForwardLevel>& levels,
                             Comparisons& out) {
  for (const ForwardLevel& at : levels) {
    Ball mmse(0);
    Ball information_rate(0);
    const auto compare_rates = [&](const PosteriorFlow& one) {
      out.equal(one.mmse_rate, -trial.ball("loss") * one.covariance_square, one.covariance_square,
                1e-8, at.place("d E Cov/d rho = -E[Cov^2]"));
    };
    if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
      const PosteriorFlow whole = posterior_of_scale_mixture(*law, at.level);
      compare_rates(whole);
      mmse = whole.mmse;
      information_rate = whole.information_rate;
    }
    for (const CoordinateLaw& law : coordinates(trial)) {
      const PosteriorFlow one = law.gaussian() ? posterior_of_gaussian(law, at.level)
                                               : posterior_of_mixture(law, at.level);
      compare_rates(one);
      const Ball copies(law.multiplicity);
      mmse.add_product(copies, one.mmse);
      information_rate.add_product(copies, one.information_rate);
    }
    const Ball half_mmse = trial.ball("half") * mmse;
    out.equal(information_rate, half_mmse, half_mmse, 1e-8, at.place("dI/d rho = mmse/2"));
  }
}

/// What the integrated form needs of one coordinate at one level.
struct SnrEnd {
  Ball weighted_mmse;  ///< rho mmse(rho)
  Ball information;    ///< I(rho)
};

SnrEnd snr_end(const CoordinateLaw& law, const Level<Ball>& level) {
  const BallMixture<> mixture(law, level);
  const MixtureIntegral integral(mixture);
  const auto sigma = [&](const ComplexBall& z, bool) {
    const auto at = mixture.at(z);
    return at.density() * at.noise_variance();
  };
  const auto entropy = [&](const ComplexBall& z, bool analytic) {
    const auto at = mixture.at(z);
    return -(at.density() * at.log_density(analytic));
  };
  const Ball h = integral(entropy, integral.log_factor() * integral.tau(), 2, kGoal);
  return {integral(sigma, (1 + level.noise * integral.tau()) * integral.tau(), 2, kGoal),
          h - (log(2 * Ball::pi() * level.noise) + 1) / 2};
}

/// For a scale mixture as a whole: rho mmse = E tr Sigma, tr Sigma <= 2 tau q for q > Q.
SnrEnd snr_end(const ScaleMixtureLaw& law, const Level<Ball>& level) {
  const BallScaleMixture<> mixture(law, level);
  const RadialIntegral integral(mixture);
  const Ball d(law.dim);
  const auto sigma = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    return at.scaled_density() * at.noise_trace() / d;
  };
  const Ball log_two_pi = log(2 * Ball::pi()) * d / 2;
  const auto entropy = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    return at.scaled_density() * (at.log_density() + log_two_pi) / -d;
  };
  // The constant that was left out of log p is that of the entropy of d normal coordinates.
  const Ball h = integral(entropy, 2 * (integral.log_slope() + integral.tau()) / d, 1, kGoal) * d;
  return {integral(sigma, 2 * integral.tau() / d, 1, kGoal) * d,
          h - d * (log(level.noise) + 1) / 2};
}

/// int_{r0}^{r1} rho E Cov^2 d rho by parts, from the two ends.
Ball by_parts(const SnrEnd& low, const SnrEnd& high) {
  return low.weighted_mmse - high.weighted_mmse + 2 * (high.information - low.information);
}

/// int_{r0}^{r1} rho E Cov^2 d rho of one coordinate. Gaussian: in closed form. Mixture: by parts,
/// r0 mmse(r0) - r1 mmse(r1) + int mmse d rho, and int mmse d rho = 2 (I(r1) - I(r0)).
Ball weighted_square(const CoordinateLaw& law, const Level<Ball>& from, const Level<Ball>& to) {
  if (law.gaussian()) {
    const Ball lambda(law.variance());
    const Ball low = 1 + from.snr() * lambda;
    const Ball high = 1 + to.snr() * lambda;
    return log(high / low) + 1 / high - 1 / low;
  }
  return by_parts(snr_end(law, from), snr_end(law, to));
}

Ball weighted_mmse(const CoordinateLaw& law, const Level<Ball>& level) {
  return law.gaussian() ? noise_posterior_variance(level, Ball(law.variance()))
                        : snr_end(law, level).weighted_mmse;
}

void integrated_inequality(const Trial& trial, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, 128);
  const Ball d(trial.target().dim());
  for (const auto& [t0, t1] : {std::array{128, 1}, {100, 1}, {80, 1}, {100, 80}}) {
    const Level<Ball>& from = schedule.level(t0);
    const Level<Ball>& to = schedule.level(t1);
    Ball left(0);
    Ball start(0);
    if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
      const SnrEnd low = snr_end(*law, from);
      left = by_parts(low, snr_end(*law, to));
      start = low.weighted_mmse;
    }
    for (const CoordinateLaw& law : coordinates(trial)) {
      const Ball copies(law.multiplicity);
      left.add_product(copies, weighted_square(law, from, to));
      start.add_product(copies, weighted_mmse(law, from));
    }
    const Ball range = d * log(to.snr() / from.snr());
    const Place place{.part = "int rho E||Cov||^2 <= r0 mmse(r0) + C d log(r1/r0)",
                      .steps = 128,
                      .detail = fmt::format("r0, r1 = snr at t = {}, {}", t0, t1)};
    out.at_most(left, start + trial.ball("constant") * range, place);
    out.smallest_constant(left - start, range, place);
  }
}

Coverage stochastic_localisation(const Trial& trial, Comparisons& out) {
  const std::vector<ForwardLevel> levels = integral_levels(trial);
  differential_identities(trial, levels, out);
  integrated_inequality(trial, out);
  return Coverage::instances(static_cast<long>(levels.size()) + 4,
                             "levels (T, t) and ranges of rho");
}

}  // namespace

Claim claim_f7() {
  return {
      .id = "F7",
      .title = "Entropy and Fisher information under noise",
      .kind = ClaimKind::identity,
      .statement = "dh/dv = I/2 and dI/dv = -E||grad S_v||_F^2",
      .latex = R"(\frac{dh}{dv}=\tfrac12 I,\qquad \frac{dI}{dv}=-\mathbb E\|\nabla S_v\|_F^2)",
      .symbols =
          "h(v) = -E log p_v(x_v) the entropy, I(v) = E||S_v(x_v)||^2 the Fisher information of "
          "x_v = sqrt(abar_t) X_0 + sqrt(v) Z, at v = 1-abar_t",
      .source = Source::derived,
      .reference = "theory.md section 6; de Bruijn's identity (Stam 1959)",
      .left = std::string("the derivative in v by series inside the integrals of -p log p and p "
                          "S^2 (Gaussians: series of the closed forms); ") +
              kIntegralLevels,
      .right = "proved integrals of p S^2 and p (S')^2, tails by hand (Gaussians: closed forms)",
      .falsifier = "a level at which the two sides differ",
      .hypotheses = {finite_mixture()},
      .parameters = {{"half", "1/2", "the factor of I"}, {"loss", "1", "of E||grad S||_F^2"}},
      .controls = {{"0.499999 in place of 1/2", "mixture-near", {{"half", "0.499999"}}},
                   {"dI/dv without its sign", "gauss-power-law", {{"loss", "-1"}}},
                   {"1.000001 E||grad S||_F^2", "mixture-far", {{"loss", "1.000001"}}},
                   {"1.000001 E||grad S||_F^2, in R^16",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"loss", "1.000001"}}}},
      .covers = kCoversExpectations,
      .evaluate = de_bruijn};
}

Claim claim_f8() {
  return {
      .id = "F8",
      .title = "Stochastic localisation",
      .kind = ClaimKind::inequality,
      .statement =
          "with rho = snr: d/d rho E Cov(X_0|X) = -E[Cov^2]; d/d rho I(X_0;X) = mmse/2; hence "
          "int_{r0}^{r1} rho E||Cov||_F^2 d rho <= r0 mmse(r0) + d log(r1/r0)",
      .latex =
          R"(\frac{d}{d\rho}\mathbb E\,\mathrm{Cov}(X_0\mid X)=-\mathbb E[\mathrm{Cov}^2],\quad )"
          R"(\frac{d}{d\rho}I(X_0;X)=\tfrac12\mathrm{mmse},\quad )"
          R"(\int_{r_0}^{r_1}\!\rho\,\mathbb E\|\mathrm{Cov}\|_F^2\,d\rho)"
          R"(\le r_0\,\mathrm{mmse}(r_0)+d\log\frac{r_1}{r_0})",
      .symbols = "rho = abar/(1-abar), mmse = E tr Cov(X_0|X)",
      .source = Source::derived,
      .reference = "theory.md section 6; I-MMSE: Guo, Shamai & Verdu 2005",
      .left = std::string("derivatives in v (d/d rho = -(v^2/abar) d/dv) by series inside the "
                          "integrals of p Cov and -p log p; the integral over rho in closed form "
                          "(Gaussians), by parts from mmse and I at its ends (mixtures); ") +
              kIntegralLevels,
      .right =
          "proved integrals of p Cov^2 and p Cov with Cov from the components' posteriors; C = 1 "
          "before d log(r1/r0)",
      .falsifier =
          "a level at which an identity fails, or a pair of levels at which the integrated "
          "inequality does",
      .hypotheses = {finite_mixture()},
      .parameters = {{"loss", "1", "of E[Cov^2]"},
                     {"half", "1/2", "the factor of mmse"},
                     {"constant", "1", "C"}},
      .controls = {{"0.999999 E[Cov^2]", "mixture-three", {{"loss", "0.999999"}}},
                   {"0.499999 mmse", "mixture-unbalanced", {{"half", "0.499999"}}},
                   {"mmse for mmse/2", "gauss-flat", {{"half", "1"}}},
                   {"C = 0.95: a long way up from snr >> 1 needs nearly 1",
                    "mixture-near",
                    {{"constant", "0.95"}}},
                   {"0.999999 E[Cov^2], in R^16",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"loss", "0.999999"}}}},
      .covers = "instances: the levels (T, t) and the four ranges of rho named",
      .evaluate = stochastic_localisation};
}

}  // namespace lemmabench
