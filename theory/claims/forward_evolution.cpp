#include "theory/claims/forward.hpp"

/// Claims F4, F5 and F6: the density and the score under a change of the noise variance v, at fixed
/// x and along the probability flow, in the unnormalised coordinates of theory.md section 1.
namespace lemmabench {
namespace {

/// A series in s (order 1, the outer one) whose coefficients are series in x.
using Series = Jet<Jet<Ball>>;

/// The law along an axis at noise variance v + s.
template <class Law>
auto moving(const Law& law, const Level<Ball>& level) {
  return axis_mixture<Series>(law, level.abar, Series::variable(Jet<Ball>(level.noise), 1));
}

/// The derivative of the score across the axis, times the number of directions: what a divergence
/// has besides the derivative along it.
template <class S>
Jet<Ball> across(const MixturePoint<Ball, S>&, long) {
  return 0;
}
template <class S>
Jet<Ball> across(const RayPoint<Ball, S>& at, long directions) {
  return at.score_derivative_across() * Ball(directions);
}

/// x - speed S(x) s, the tangent of dx/dv = -speed S.
Series along_flow(const Jet<Ball>& x, const Jet<Ball>& score, const Ball& speed) {
  return Series({x, score * -speed}, 1);
}

/// F4. Left: d/ds at 0 of log p_{v+s}(x). Right: derivatives in x of the series of log p_v.
Coverage heat_equation(const Trial& trial, Comparisons& out) {
  const Ball half = trial.ball("half");
  const auto sides = [&](const auto& law, const Level<Ball>& level) {
    return [=, still = axis_mixture(law, level), moved = moving(law, level),
            directions = directions_across(law)](const Jet<Ball>& x) -> BoxSides {
      const auto at = still.at(x);
      const Jet<Ball> score = at.log_density().differentiated();
      const Jet<Ball> divergence = score.differentiated() + across(at, directions);
      return {moved.at(Series(x)).log_density().coefficient(1),
              (divergence + score * score) * half};
    };
  };
  return on_levels(prove_in_x(trial, out, "d_v log p", 2, sides));
}

/// F5. Left: d/ds at 0 of log p_{v+s}(x(s)). Right: the closed form of S'.
Coverage density_along_flow(const Trial& trial, Comparisons& out) {
  const Ball half = trial.ball("half");
  const Ball speed = trial.ball("speed");
  const auto sides = [&](const auto& law, const Level<Ball>& level) {
    return [=, still = axis_mixture(law, level), moved = moving(law, level),
            directions = directions_across(law)](const Jet<Ball>& x) -> BoxSides {
      const auto at = still.at(x);
      const Series path = along_flow(x, at.score(), speed);
      return {moved.at(path).log_density().coefficient(1),
              (at.score_derivative() + across(at, directions)) * half};
    };
  };
  return on_levels(prove_in_x(trial, out, "d/dv log p_v(x_v)", 2, sides));
}

/// F6. Left: d/ds at 0 of the closed form of S along the flow. Right: derivatives in x of log p_v.
Coverage score_along_flow(const Trial& trial, Comparisons& out) {
  const Ball laplacian = trial.ball("laplacian");
  const Ball transport = trial.ball("transport");
  // On a ray S = sigma x/|x| has the Laplacian sigma'' + (d-1)(sigma/r)' along it.
  const auto sides = [&](const auto& law, const Level<Ball>& level) {
    return [=, still = axis_mixture(law, level), moved = moving(law, level),
            directions = directions_across(law)](const Jet<Ball>& x) -> BoxSides {
      const auto at = still.at(x);
      const Jet<Ball> score = at.log_density().differentiated();
      const Jet<Ball> slope = score.differentiated();
      const Jet<Ball> lap = (slope + across(at, directions)).differentiated();
      const Series path = along_flow(x, at.score(), Ball(Rational(1, 2)));
      return {moved.at(path).score().coefficient(1), lap * laplacian + slope * score * transport};
    };
  };
  return on_levels(prove_in_x(trial, out, "dS/dv", 3, sides));
}

std::string on_boxes(const char* what) {
  return std::string(what) +
         " in balls, on boxes of x that cover 8 standard deviations of every component; " +
         kForwardLevels;
}

}  // namespace

Claim claim_f4() {
  return {.id = "F4",
          .title = "Heat equation of the log density",
          .kind = ClaimKind::identity,
          .statement = "d_v log p_v = (1/2)(Lap log p_v + ||S_v||^2)",
          .latex = R"(\partial_v\log p_v=\tfrac12\bigl(\Delta\log p_v+\|S_v\|^2\bigr))",
          .symbols = "p_v = law of sqrt(abar_t) X_0 + sqrt(v) Z, S_v = grad log p_v",
          .source = Source::derived,
          .reference = "theory.md section 6",
          .left = on_boxes("the derivative in v of log p_v as a double Taylor series in v and x"),
          .right =
              "first and second derivative in x of the series of log p_v, on the same boxes (in "
              "R^d both sides are sums over the coordinates)",
          .falsifier = "a box of x on which the two sides differ",
          .hypotheses = {finite_mixture()},
          .parameters = {{"half", "1/2", "the factor of the right-hand side"}},
          .controls = {{"1/3 in place of 1/2", "gauss-flat", {{"half", "1/3"}}},
                       {"0.499999 in place of 1/2", "mixture-unbalanced", {{"half", "0.499999"}}},
                       {"0.499999 in place of 1/2, in R^16",
                        "two-scale:dim=16,weight=0.5,variances=0.1/4",
                        {{"half", "0.499999"}}}},
          .covers = kCoversLevels,
          .evaluate = heat_equation};
}

Claim claim_f5() {
  return {
      .id = "F5",
      .title = "Log density along the probability flow",
      .kind = ClaimKind::identity,
      .statement = "along dx/dv = -S_v(x)/2: d/dv log p_v(x_v) = (1/2) div S_v(x_v)",
      .latex = R"(\dot x_v=-\tfrac12S_v(x_v)\ \Rightarrow\ )"
               R"(\tfrac{d}{dv}\log p_v(x_v)=\tfrac12\,\mathrm{div}\,S_v(x_v))",
      .symbols = "p_v = law of sqrt(abar_t) X_0 + sqrt(v) Z, S_v = grad log p_v",
      .source = Source::derived,
      .reference = "theory.md section 6",
      .left = on_boxes("the series in s of log p_{v+s} at x - s S_v(x)/2 and its coefficient of s"),
      .right =
          "div S_v from the components' posterior weights, on the same boxes (in R^d both sides "
          "are sums over the coordinates)",
      .falsifier = "a box of x on which the two sides differ",
      .hypotheses = {finite_mixture()},
      .parameters = {{"half", "1/2", "the factor of the right-hand side"},
                     {"speed", "1/2", "dx/dv = -speed S_v"}},
      .controls = {{"the sign turned round", "gauss-shifted", {{"half", "-1/2"}}},
                   {"a flow of speed 0.499999", "mixture-three", {{"speed", "0.499999"}}},
                   {"a flow of speed 0.499999, in R^16",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"speed", "0.499999"}}}},
      .covers = kCoversLevels,
      .evaluate = density_along_flow};
}

Claim claim_f6() {
  return {
      .id = "F6",
      .title = "Score along the probability flow",
      .kind = ClaimKind::identity,
      .statement = "along dx/dv = -S_v(x)/2: dS/dv = (1/2)(Lap S + (grad S) S)",
      .latex = R"(\dot x_v=-\tfrac12S_v(x_v)\ \Rightarrow\ )"
               R"(\tfrac{d}{dv}S_v(x_v)=\tfrac12\bigl(\Delta S_v+(\nabla S_v)S_v\bigr))",
      .symbols = "S_v = grad log p_v, p_v = law of sqrt(abar_t) X_0 + sqrt(v) Z",
      .source = Source::derived,
      .reference = "theory.md section 6",
      .left = on_boxes("the series in s of S_{v+s}(x - s S_v(x)/2), S from the components' "
                       "posterior weights, and its coefficient of s"),
      .right =
          "derivatives in x of the series of log p_v, on the same boxes (coordinate by coordinate)",
      .falsifier = "a box of x on which the two sides differ",
      .hypotheses = {finite_mixture()},
      .parameters = {{"laplacian", "1/2", "the factor of Lap S"},
                     {"transport", "1/2", "the factor of (grad S) S"}},
      .controls = {{"(grad S) S with factor 1, as at fixed x",
                    "gauss-spread",
                    {{"transport", "1"}}},
                   {"0.499999 Lap S", "mixture-near", {{"laplacian", "0.499999"}}},
                   {"0.499999 Lap S, in R^16",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"laplacian", "0.499999"}}}},
      .covers = kCoversLevels,
      .evaluate = score_along_flow};
}

}  // namespace lemmabench
