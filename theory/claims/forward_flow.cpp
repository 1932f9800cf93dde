#include <array>
#include <vector>

#include "theory/claims/forward.hpp"
#include "theory/mixture/mixture_flow.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/radial/radial_flow.hpp"
#include "theory/radial/radial_integrals.hpp"

/// Claim F10: the probability flow transports p_a to p_b.
namespace lemmabench {
namespace {

/// A flow between two levels of T = 128 and the points it starts from, in standard deviations.
struct Transport {
  std::string_view part;
  int from;
  int to;
  std::vector<Rational> points;
};

std::vector<Transport> transports(const Trial& trial) {
  const std::vector<Rational> three{Rational(-5, 2), Rational(1, 4), Rational(4)};
  std::vector<Transport> out{{"from T to 1", 128, 1, {Rational(-1), Rational(1, 4), Rational(3)}},
                             {"from 1 to 2", 1, 2, three}};
  const std::vector<int> quick{128, 112, 104, 96, 88, 80, 2};
  std::vector<int> every;
  for (int t = 128; t >= 2; t -= 3) {
    every.push_back(t);
  }
  for (const int t : trial.pick(quick, every)) {
    out.push_back({"from t to t-1", t, t - 1, three});
  }
  return out;
}

/// The point `deviations` from the middle of an axis: mean + z sd on the line; on a ray sqrt(d)
/// sd e^{z/(2 sqrt(d))}, which is about as far in deviations of the radius.
Ball point(const CoordinateLaw& law, const Level<Ball>& level, const Rational& deviations) {
  const Ball sd = sqrt(level.abar * Ball(law.variance()) + level.noise);
  return (sqrt(level.abar) * Ball(law.mean()) + Ball(deviations) * sd).midpoint();
}
Ball point(const ScaleMixtureLaw& law, const Level<Ball>& level, const Rational& deviations) {
  const Ball sd = sqrt(level.abar * Ball(law.variance()) + level.noise);
  const Ball root = sqrt(Ball(law.dim));
  return (root * sd * exp(Ball(deviations) / (2 * root))).midpoint();
}

/// F_to(Phi(x)) = F_from(x), through the tail x lies in. The flow runs at the signal of `from`,
/// where level `to` has noise variance abar_from (1-abar_to)/abar_to and X_to is scaled by
/// sqrt(abar_from/abar_to).
template <class Law>
void compare_quantiles(const Law& law, const Transport& flight, const Level<Ball>& from,
                       const Level<Ball>& to, const FlowOptions& options, Comparisons& out) {
  const auto before = axis_mixture(law, from);
  const auto after = axis_mixture(law, to);
  for (const Rational& z : flight.points) {
    const Ball x = point(law, from, z);
    const Ball moved = flow(law, from.abar, x, from.noise, from.abar * to.noise / to.abar, options);
    const Ball y = moved * (after.root_abar() / before.root_abar());
    const auto mass = [&](const auto& mixture, const Ball& at) {
      return z.sign() < 0 ? cdf(mixture, at) : upper_tail(mixture, at);
    };
    const Ball right = mass(before, x);
    out.equal(mass(after, y), right, right, 1e-7,
              {.part = flight.part, .steps = 128, .t = flight.from, .x = x});
  }
}

Coverage transport(const Trial& trial, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, 128);
  long points = 0;
  const FlowOptions options{.order = 12, .tolerance = 1e-12, .speed = trial.number("speed")};
  for (const Transport& flight : transports(trial)) {
    const Level<Ball>& from = schedule.level(flight.from);
    const Level<Ball>& to = schedule.level(flight.to);
    for_each_axis(trial, [&](const auto& law) {
      compare_quantiles(law, flight, from, to, options, out);
      points += static_cast<long>(flight.points.size());
      return true;
    });
  }
  return Coverage::instances(points, "points x between two levels");
}

}  // namespace

Claim claim_f10() {
  return {.id = "F10",
          .title = "The flow transports the marginals",
          .kind = ClaimKind::identity,
          .statement =
              "the flow of dx/dv = -S_v(x)/2 from level a to level b maps p_a to p_b: F_b(Phi(x)) "
              "= F_a(x) in each coordinate (of a scale mixture: of the radius)",
          .latex = R"(\dot x=-\tfrac12S_v(x)\ \Rightarrow\ \Phi_{a\to b}\,\#\,p_a=p_b:\quad )"
                   R"(F_b(\Phi_{a\to b}(x))=F_a(x))",
          .symbols = "F_a the distribution function of a coordinate at level a",
          .source = Source::derived,
          .reference = "theory.md sections 1, 4 and 6; Song et al. 2021, section 4.3",
          .left =
              "validated integration of the ODE (Taylor steps with Lagrange remainder on a-priori "
              "boxes), then F_b by erfc; T = 128 of li-cai:c0=2,c1=9 from t = T to 1, from 1 to 2, "
              "and t to t-1 at t = 128, 112, 104, 96, 88, 80, 2 (full suite: every third t), three "
              "points each",
          .right = "F_a by erfc, through the smaller tail",
          .falsifier = "a point whose image has certainly another quantile",
          .hypotheses = {finite_mixture()},
          .parameters = {{"speed", "1/2", "dx/dv = -speed S_v"}},
          .controls = {{"a flow of speed 0.499999", "mixture-three", {{"speed", "0.499999"}}},
                       {"a flow of speed 0.499999, in R^16",
                        "two-scale:dim=16,weight=0.5,variances=0.1/4",
                        {{"speed", "0.499999"}}},
                       {"a flow of speed 1", "gauss-flat", {{"speed", "1"}}}},
          .covers = "instances: the pairs of levels and points x named",
          .evaluate = transport};
}

}  // namespace lemmabench
