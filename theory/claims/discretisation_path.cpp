#include <algorithm>
#include <string>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/ball_integral.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/discretisation.hpp"
#include "theory/mixture/mixture_flow.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/process/forward.hpp"
#include "theory/radial/radial_flow.hpp"
#include "theory/radial/radial_integrals.hpp"

/// Claim D1: the X-path has the exact marginals.
namespace lemmabench {
namespace {

/// What a control may falsify: Phi_t flows from v to v - overshoot b with dx/dv = -speed S_v, and
/// the noise has variance noise b.
struct PathStep {
  Ball overshoot;
  Ball noise;
  Rational speed;
};

PathStep path_step(const Trial& trial) {
  return {trial.ball("overshoot"), trial.ball("noise"), trial.number("speed")};
}

/// Var and mean of (Phi_t(X_t) + sqrt(b) Z)/sqrt(alpha_t) against those of X_{t-1}, times alpha_t,
/// for every t.
void gaussian_path(const Trial& trial, long steps, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const PathStep path = path_step(trial);
  for (int t = schedule.steps(); t >= 2; --t) {
    const Level<Ball>& level = schedule.level(t);
    const Ball b = schedule.b(t);
    const Ball alpha = schedule.alpha(t);
    for (const CoordinateLaw& law : trial.target().product()->coordinates) {
      const Ball lambda(law.components.front().variance);
      const Ball mu(law.components.front().mean);
      const Place place{.part = "variance", .steps = steps, .t = t};
      // The flow multiplies x - c by a power of W: ((W - o b)/W)^speed.
      const Ball w = marginal_variance(level, lambda);
      const Ball factor = pow(1 - path.overshoot * b / w, Ball(path.speed));
      const Ball left = square(factor) * w + path.noise * b;
      const Ball right = alpha * marginal_variance(schedule.level(t - 1), lambda);
      out.vanishes(Proved{left - right}, Proved{left}, Proved{right}, b, 1e-12, place);
      const Ball mean = marginal_mean(level, mu);
      const Ball mean_before = sqrt(alpha) * marginal_mean(schedule.level(t - 1), mu);
      out.vanishes(Proved{mean - mean_before}, Proved{mean}, Proved{mean_before}, b, 1e-12,
                   {.part = "mean", .steps = steps, .t = t});
    }
  }
}

/// F_{v - o b}(Phi_t(x)) = F_v(x), Phi_t by integrating the flow's ODE, through the smaller tail.
/// On the line, or for the radius of a scale mixture.
template <class Law, class Mixture>
void pushed_forward(const Law& law, const Level<Ball>& level, const Ball& to, const PathStep& path,
                    const Mixture& before, const Mixture& after, const Ball& x, const Place& place,
                    Comparisons& out) {
  const Ball image = flow(law, level.abar, x, level.noise, to, {.speed = path.speed});
  const Ball below = cdf(before, x);
  const bool low = below.to_double() < 0.5;  // either tail is the same equation
  const Ball left = low ? cdf(after, image) : upper_tail(after, image);
  const Ball right = low ? below : upper_tail(before, x);
  out.equal(left, right, right, 1e-9, place);
}

/// int p_{v - o b}(u) N(y - u; 0, n b) du = p_{t-1}(y/sqrt(alpha))/sqrt(alpha).
void smoothed(const BallMixture<>& pushed, const BallMixture<>& next, const Ball& variance,
              const Ball& sqrt_alpha, const Ball& y, const Place& place, Comparisons& out) {
  const Ball normaliser = 1 / sqrt(2 * Ball::pi() * variance);
  const ComplexFunction integrand = [&](const ComplexBall& u, bool) {
    const ComplexBall gap = u - ComplexBall(y);
    return pushed.at(u).density() * exp(square(gap) * (-1 / (2 * variance))) * normaliser;
  };
  // Beyond 14 deviations of the noise: at most sup p times the noise's mass there.
  constexpr int kReach = 14;
  const Ball sd = sqrt(variance);
  Ball largest(0);
  for (std::size_t k = 0; k < pushed.size(); ++k) {
    largest += pushed.weight(k) / sqrt(2 * Ball::pi() * pushed.variance(k));
  }
  const Ball tails = largest * erfc(Ball(kReach) / sqrt(Ball(2)));
  std::vector<Ball> points;
  for (const int reach : {-4, 0, 4}) {
    points.push_back((y + reach * sd).midpoint());
  }
  points.insert(points.begin(), lower_end(y - kReach * sd));
  points.push_back(upper_end(y + kReach * sd));
  const Ball left = integral_with_tails(integrand, points, tails, {.digits = 12});
  const Ball right = next.at(y / sqrt_alpha).density() / sqrt_alpha;
  out.equal(left, right, right, 1e-10, place);
}

/// t = T and the t whose log snr first reaches -2, 0, 2, 4.
std::vector<int> path_levels(const Schedule<Ball>& schedule) {
  std::vector<int> out{schedule.steps()};
  for (const double wanted : {-2.0, 0.0, 2.0, 4.0}) {
    int t = out.back();
    while (t > 2 && log(schedule.level(t).snr()).to_double() < wanted) {
      --t;
    }
    out.push_back(t);
  }
  return out;
}

void mixture_path(const Trial& trial, const CoordinateLaw& law, long steps, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const PathStep path = path_step(trial);
  for (const int t : path_levels(schedule)) {
    const Level<Ball>& level = schedule.level(t);
    const Ball b = schedule.b(t);
    const Ball to = level.noise - path.overshoot * b;
    const BallMixture<> here(law, level);
    const BallMixture<> pushed(law, level.abar, to);
    const BallMixture<> next(law, schedule.level(t - 1));
    for (std::size_t k = 0; k < here.size(); ++k) {
      for (const Rational& u : {Rational(-2), Rational(1, 3)}) {
        const Ball x = (here.mean(k) + Ball(u) * sqrt(here.variance(k))).midpoint();
        Place place{.part = "Phi_t pushes p_v to p_{v-2b}", .steps = steps, .t = t, .x = x};
        pushed_forward(law, level, to, path, here, pushed, x, place, out);
        place.part = "p_{v-2b} * N(0, b) = p_{v-b}";
        smoothed(pushed, next, path.noise * b, sqrt(schedule.alpha(t)), x, place, out);
      }
    }
  }
}

/// The flow pushes the law of the radius forward, and the noise widens every component: the law of
/// a component N(0, W I) with N(0, n b I) added is N(0, (W + n b) I).
void scale_mixture_path(const Trial& trial, const ScaleMixtureLaw& law, long steps,
                        Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const PathStep path = path_step(trial);
  const Ball root = sqrt(Ball(law.dim));
  for (const int t : path_levels(schedule)) {
    const Level<Ball>& level = schedule.level(t);
    const Ball b = schedule.b(t);
    const Ball to = level.noise - path.overshoot * b;
    const RayMixture<> here(law, level);
    const RayMixture<> pushed(law, level.abar, to);
    const BallScaleMixture<> next(law, schedule.level(t - 1));
    for (std::size_t k = 0; k < law.atoms.size(); ++k) {
      for (const Rational& u : {Rational(-2), Rational(1, 3)}) {
        const Ball sd = sqrt(here.in_space().variance(k));
        const Ball x = (root * sd * exp(Ball(u) / (2 * root))).midpoint();
        pushed_forward(
            law, level, to, path, here, pushed, x,
            {.part = "Phi_t pushes |X| of p_v to |X| of p_{v-2b}", .steps = steps, .t = t, .x = x},
            out);
        const Ball left = pushed.in_space().variance(k) + path.noise * b;
        const Ball right = schedule.alpha(t) * next.variance(k);
        out.vanishes(Proved{left - right}, Proved{left}, Proved{right}, b, 1e-12,
                     {.part = "p_{v-2b} * N(0, b I) = p_{v-b}, each component",
                      .steps = steps,
                      .t = t,
                      .detail = ""});
      }
    }
  }
}

Coverage path_marginals(const Trial& trial, Comparisons& out) {
  const bool gaussian = trial.target().gaussian();
  std::vector<long> ladder{128};
  if (gaussian || trial.effort().full) {
    ladder.push_back(1024);
  }
  for (const long steps : ladder) {
    if (gaussian) {
      gaussian_path(trial, steps, out);
    } else if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
      scale_mixture_path(trial, *law, steps, out);
    } else {
      // Coordinate by coordinate: flow and noise leave them independent.
      for (const CoordinateLaw& coordinate : trial.target().product()->coordinates) {
        mixture_path(trial, coordinate, steps, out);
      }
    }
  }
  return gaussian ? Coverage::instances(static_cast<long>(ladder.size()), "values of T, every t")
                  : Coverage::instances(out.count() / 2, "points x of levels (T, t)");
}

Claim claim_d1() {
  Claim claim;
  claim.id = "D1";
  claim.title = "The X-path has the exact marginals";
  claim.kind = ClaimKind::identity;
  claim.statement =
      "X_{t-1} = (Phi_t(X_t) + sqrt(b) Z)/sqrt(alpha_t) with X_t ~ p_t has the law "
      "p_{t-1}, Phi_t the exact flow dx/dv = -S_v(x)/2 from v = 1-abar_t to v-2b";
  claim.latex =
      R"(\frac{\Phi_t(X_t)+\sqrt{b_t}\,Z}{\sqrt{\alpha_t}}\sim p_{t-1},\qquad X_t\sim p_t)";
  claim.symbols = "F_v the distribution function of p_v, the law at fixed signal sqrt(abar_t)";
  claim.source = Source::derived;
  claim.reference = "theory.md section 4 (path certificate) and claim D1";
  claim.left =
      "Gaussians: variance and mean after the step, for every t of T = 128 and 1024 (full "
      "suite: 4096). Mixtures: F_{v-2b}(Phi_t(x)) with Phi_t from validated integration of "
      "the ODE, and int p_{v-2b}(u) N(y-u; 0, b) du by rigorous quadrature with its tails, "
      "at log snr near -2, 0, 2, 4 and t = T, two points a component, coordinate by coordinate. "
      "Scale mixtures: the same "
      "flow "
      "of |X|, F by chi-square, and the variance of every component after the noise";
  claim.right =
      "alpha_t Var X_{t-1} and sqrt(alpha_t) E X_{t-1}; F_v(x), and p_{t-1}(y/sqrt(alpha))/"
      "sqrt(alpha) from level t-1 itself";
  claim.falsifier = "a t, x at which the two sides are certainly different";
  claim.hypotheses = {pointwise_or_product()};
  claim.parameters = {{"overshoot", "2", "o: Phi_t flows to v - o b"},
                      {"noise", "1", "n: the noise has variance n b"},
                      {"speed", "1/2", "of the flow dx/dv = -speed S_v(x)"}};
  claim.controls = {{"the noise has variance b/2", "gauss-flat", {{"noise", "1/2"}}},
                    {"the noise has variance b/2", "mixture-far", {{"noise", "1/2"}}},
                    {"the flow stops at v-b", "mixture-near", {{"overshoot", "1"}}},
                    {"a flow of speed 0.4999", "gauss-near-singular", {{"speed", "0.4999"}}},
                    {"a flow of speed 0.4999", "mixture-three", {{"speed", "0.4999"}}},
                    {"the noise has variance b/2, in R^16",
                     "two-scale:dim=16,weight=0.5,variances=0.1/4",
                     {{"noise", "1/2"}}},
                    {"the noise has variance b/2, in independent coordinates",
                     "hypercube:dim=4,separation=1,variance=0.1",
                     {{"noise", "1/2"}}}};
  claim.covers =
      "instances: on Gaussians the T named, every t (mean and variance are the law); on mixtures "
      "the "
      "points named";
  claim.evaluate = path_marginals;
  return claim;
}

}  // namespace

std::vector<Claim> path_marginal_claims() { return {claim_d1()}; }

}  // namespace lemmabench
