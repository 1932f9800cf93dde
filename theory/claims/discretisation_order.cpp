#include <fmt/format.h>

#include <string>
#include <string_view>

#include "numerics/ball_functions.hpp"
#include "theory/claims/box_identity.hpp"
#include "theory/claims/discretisation.hpp"
#include "theory/claims/step_defect.hpp"

/// Claim D2-order: the order of one step, as an identity between power series.
namespace lemmabench {
namespace {

/// The coefficients of b^0, ..., b^{p-1} of Phi_t(x) - Psi_t(x) on one box of x. False at the first
/// that certainly does not vanish.
bool vanish_on_box(const CoordinateLaw& law, const StepLevels& levels,
                   const SteppedSampler& sampler, int order, const Ball& box, Comparisons& out) {
  Ball scale = sqrt(levels.noise);
  for (int j = 0; j < order; ++j) {
    const BoxIdentity identity{
        .sides =
            [&](const Jet<Ball>& x) {
              const StepSeries series = step_series(law, levels, sampler, x, j);
              return BoxSides{series.exact.coefficient(j), series.sampler.coefficient(j)};
            },
        .low = box.midpoint() - box.radius(),
        .high = box.midpoint() + box.radius(),
        .scale = scale};
    const Place place{
        .steps = levels.steps, .t = levels.t, .detail = fmt::format("{}, b^{}", sampler.name, j)};
    if (!identity_on_boxes(identity, place, out)) {
      return false;
    }
    scale /= levels.noise;
  }
  return true;
}

/// Boxes a quarter of a deviation wide around three places of every component. Returns how many it
/// looked at.
long vanishing_orders(const Trial& trial, const SteppedSampler& sampler, int order,
                      Comparisons& out) {
  long boxes = 0;
  const Schedule<Ball> schedule(LiCaiSchedule{}, 256);
  for (const int t : chosen_levels(schedule, trial.pick(3.0, 1.0))) {
    const StepLevels levels = step_levels(schedule, t);
    for (const CoordinateLaw& law : trial.target().product()->coordinates) {
      const BallMixture<> mixture(law, levels.abar, levels.noise);
      for (std::size_t k = 0; k < mixture.size(); ++k) {
        for (const Rational& u : {Rational(-3, 2), Rational(1, 2), Rational(3)}) {
          const Ball sd = sqrt(mixture.variance(k));
          const Ball box = Ball::around((mixture.mean(k) + Ball(u) * sd).midpoint(), sd / 8);
          ++boxes;
          if (!vanish_on_box(law, levels, sampler, order, box, out)) {
            return boxes;
          }
        }
      }
    }
  }
  return boxes;
}

/// "li-cai=3 ddpm=2": each sampler with its order.
Coverage step_orders(const Trial& trial, Comparisons& out) {
  // Some ten times what the catalogue takes.
  long boxes = 0;
  for (const std::string& entry : words(trial.text("orders"))) {
    const std::size_t equals = entry.find('=');
    const SteppedSampler sampler = stepped_sampler(trial, entry.substr(0, equals));
    boxes += vanishing_orders(trial, sampler, std::stoi(entry.substr(equals + 1)), out);
  }
  return Coverage::instances(boxes, "boxes of x at levels (T, t), of each sampler");
}

Claim claim_orders() {
  Claim claim;
  claim.id = "D2-order";
  claim.title = "Order of one step";
  claim.kind = ClaimKind::identity;
  claim.statement =
      "Phi_t(x) - Psi_t(x) = O(b^p), p = 3 for li-cai and li-cai-momentum, p = 2 for "
      "ddpm: the coefficients of b^0, ..., b^{p-1} vanish for every x";
  claim.latex = R"([b^k]\,(\Phi_t(x)-\Psi_t(x))=0,\quad k=0,\dots,p-1)";
  claim.symbols = kStepSymbols;
  claim.source = Source::derived;
  claim.reference = "theory.md section 6, claim D2. " + std::string(kReconstruction);
  claim.left =
      "Phi_t: the flow as a Taylor series in v, on boxes of x (T = 256; log snr near -1 and "
      "2 and t = T; full suite: -1, 0, ..., 4)";
  claim.right =
      "Psi_t: the sampler's own code run on series in b whose coefficients are series in x, "
      "b_{t+1}/b_t as in the schedule";
  claim.falsifier = "a coefficient below b^p that certainly does not vanish somewhere on a box";
  claim.hypotheses = {mixture_target()};
  claim.parameters = {{"orders", "li-cai=3 li-cai-momentum=3 ddpm=2", "p of each sampler"},
                      {"neighbour", "1", "0 takes the second score at level t itself"},
                      {"momentum", "1", "factor of the b_{t+1} that the step is told"}};
  claim.controls = {{"order 4 of li-cai, which it has on one Gaussian only",
                     "mixture-near",
                     {{"orders", "li-cai=4"}}},
                    {"order 5 of li-cai on one Gaussian", "gauss-spread", {{"orders", "li-cai=5"}}},
                    {"order 4 of li-cai-momentum", "gauss-flat", {{"orders", "li-cai-momentum=4"}}},
                    {"order 3 of ddpm", "gauss-flat", {{"orders", "ddpm=3"}}},
                    {"the second score at level t", "mixture-three", {{"neighbour", "0"}}},
                    {"the step is told half of b_{t+1}: twice the momentum, half the way back",
                     "mixture-near",
                     {{"momentum", "1/2"}, {"orders", "li-cai-momentum=3"}}}};
  claim.covers = "instances: the levels named, boxes of x around three places of every component";
  claim.evaluate = step_orders;
  return claim;
}

}  // namespace

std::vector<Claim> step_order_claims() { return {claim_orders()}; }

}  // namespace lemmabench
