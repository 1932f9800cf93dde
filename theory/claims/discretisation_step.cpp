#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/supremum.hpp"
#include "theory/claims/box_identity.hpp"
#include "theory/claims/discretisation.hpp"
#include "theory/claims/step_defect.hpp"
#include "theory/typical_ellipsoid.hpp"
#include "theory/typical_mixture.hpp"

/// Claim D2: the defect of one step.
namespace lemmabench {
namespace {

SteppedSampler sampler_of(const Trial& trial, const std::string& name) {
  return {trial.laboratory(), name, static_cast<int>(trial.number("neighbour").to_double()),
          trial.ball("momentum")};
}

int order_of(const Trial& trial) { return static_cast<int>(trial.number("order").to_double()); }

/// b^p (d log T/(1-abar_t))^{p-1/2}.
Ball defect_bound(int order, const StepLevels& levels, long dim) {
  const Ball ratio = Ball(dim) * log(Ball(levels.steps)) / levels.noise;
  return pow(levels.b * ratio, Ball(order)) / sqrt(ratio);
}

/// t = T and the t whose log snr is nearest to -1, ..., 4 in steps of `gap`: where the score of a
/// mixture changes most. (Towards both ends of the schedule the defects vanish against the bound.)
std::vector<int> chosen_levels(const Schedule<Ball>& schedule, double gap) {
  std::vector<int> out{schedule.steps()};
  double wanted = -1;
  for (int t = schedule.steps(); t >= 2 && wanted <= 4; --t) {
    const double logit = std::log(schedule.level(t).snr().to_double());
    if (logit >= wanted) {
      if (out.back() != t) {
        out.push_back(t);
      }
      wanted += gap;
    }
  }
  return out;
}

/// The coefficients of b^0, ..., b^{p-1} of Phi_t(x) - Psi_t(x) on one box of x. False at the first
/// that certainly does not vanish.
bool vanish_on_box(const CoordinateLaw& law, const StepLevels& levels,
                   const SteppedSampler& sampler, int order, const Ball& box, Comparisons& out) {
  const double centre = box.to_double();
  const double radius = box.radius().to_double();
  Ball scale = sqrt(levels.noise);
  for (int j = 0; j < order; ++j) {
    const BoxIdentity identity{
        .sides =
            [&](const Jet<Ball>& x) {
              const StepSeries series = step_series(law, levels, sampler, x, j);
              return BoxSides{series.exact.coefficient(j), series.sampler.coefficient(j)};
            },
        .low = centre - radius,
        .high = centre + radius,
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

/// Boxes a quarter of a deviation wide around three places of every component.
void vanishing_orders(const Trial& trial, const SteppedSampler& sampler, int order,
                      Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, 256);
  for (const int t : chosen_levels(schedule, trial.pick(3.0, 1.0))) {
    const StepLevels levels = step_levels(schedule, t);
    for (const CoordinateLaw& law : trial.target().product()->coordinates) {
      const BallMixture<> mixture(law, levels.abar, levels.noise);
      for (std::size_t k = 0; k < mixture.size(); ++k) {
        for (const Rational& u : {Rational(-3, 2), Rational(1, 2), Rational(3)}) {
          const Ball sd = sqrt(mixture.variance(k));
          const Ball box = Ball::around((mixture.mean(k) + Ball(u) * sd).midpoint(), sd / 8);
          if (!vanish_on_box(law, levels, sampler, order, box, out)) {
            return;
          }
        }
      }
    }
  }
}

/// "li-cai=3 ddpm=2": each sampler with its order.
void step_orders(const Trial& trial, Comparisons& out) {
  for (const std::string& entry : words(trial.text("orders"))) {
    const std::size_t equals = entry.find('=');
    SteppedSampler sampler = sampler_of(trial, entry.substr(0, equals));
    vanishing_orders(trial, sampler, std::stoi(entry.substr(equals + 1)), out);
  }
}

/// On a Gaussian D_i(x) = d_i (x - c_i), and on the ellipsoid that is the typical set |D| is
/// largest along one axis: sup |D| = R max_i |d_i| sqrt(w_i).
void gaussian_defects(const Trial& trial, long steps, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const ProductLaw& law = *trial.target().product();
  const SteppedSampler sampler = sampler_of(trial, trial.text("sampler"));
  // Every t up to T = 256, then 256 of them.
  const int stride = std::max(1, static_cast<int>(steps / 256));
  for (int t = schedule.steps(); t >= 2; t -= stride) {
    const StepLevels levels = step_levels(schedule, t);
    const Place place{.steps = steps, .t = t};
    Ball largest(0);
    for (const CoordinateLaw& coordinate : law.coordinates) {
      const BallMixture<> mixture(coordinate, levels.abar, levels.noise);
      const StepDefect defect(coordinate, levels, sampler);
      const Ball sd = sqrt(mixture.variance(0));
      largest = larger(largest, abs(defect((mixture.mean(0) + sd).midpoint())));
      if (t == schedule.steps()) {
        const Ball at_centre = defect(mixture.mean(0).midpoint());
        out.vanishes(Proved{at_centre}, Proved{at_centre}, Proved{Ball(0)}, sd, 1e-15,
                     {.part = "the mean is kept", .steps = steps, .t = t});
      }
    }
    for (const long copies : {1L, 4L, 16L}) {
      const long dim = law.dim() * copies;
      const Ball typical = trial.ball("theta") * Ball(dim) * log(Ball(steps));
      const TypicalEllipsoid set(law, schedule.level(t), typical, copies);
      out.constant(largest * sqrt(set.radius_squared()), defect_bound(order_of(trial), levels, dim),
                   dim, place);
    }
  }
}

/// Everything the supremum over one ladder entry needs, one entry a level.
struct LevelDefect {
  StepLevels levels;
  StepDefect defect;
  TypicalMixture typical;
  Ball bound;

  LevelDefect(const Trial& trial, const Schedule<Ball>& schedule, int t,
              const SteppedSampler& sampler)
      : levels(step_levels(schedule, t)),
        defect(trial.target().product()->coordinates.front(), levels, sampler),
        typical(trial.target().product()->coordinates.front(), schedule.level(t),
                trial.ball("theta") * log(Ball(schedule.steps()))),
        bound(defect_bound(order_of(trial), levels, 1)) {}
  LevelDefect(const LevelDefect&) = delete;
  LevelDefect& operator=(const LevelDefect&) = delete;

  SupremumValue operator()(const Ball& box) const {
    const Truth inside = typical.contains(box);
    return {inside, inside == Truth::certainly_not ? Ball(0) : abs(defect(box)) / bound};
  }
};

void mixture_defects(const Trial& trial, long steps, Comparisons& out) {
  // The supremum is wanted to percents: two words a number are enough, and a third faster.
  const PrecisionScope scope(PrecisionScope::bits() * 2 / 3);
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const SteppedSampler sampler = sampler_of(trial, trial.text("sampler"));
  std::vector<std::unique_ptr<LevelDefect>> levels;
  std::vector<SupremumCell> cells;
  for (const int t : chosen_levels(schedule, trial.pick(1.0, 0.5))) {
    levels.push_back(std::make_unique<LevelDefect>(trial, schedule, t, sampler));
    for (const Ball& box : levels.back()->typical.boxes(24)) {
      cells.push_back({static_cast<long>(levels.size()) - 1, box});
    }
  }
  const auto on_box = [&](long i, const Ball& box) {
    return (*levels[static_cast<std::size_t>(i)])(box);
  };
  const Supremum found = supremum(cells, on_box, {.tolerance = trial.pick(1.0 / 16, 1.0 / 64)});
  const int t = levels[static_cast<std::size_t>(found.where.label)]->levels.t;
  out.constant(found.enclosure(), Ball(1), 1, {.steps = steps, .t = t, .x = found.where.box});
}

void one_step(const Trial& trial, Comparisons& out) {
  const std::vector<long> ladder = trial.effort().full
                                       ? std::vector<long>{128, 256, 512, 1024, 2048}
                                       : std::vector<long>{128, 256, 512, 1024};
  for (const long steps : ladder) {
    if (trial.target().gaussian()) {
      gaussian_defects(trial, steps, out);
    } else {
      mixture_defects(trial, steps, out);
    }
  }
}

constexpr std::string_view kStepSymbols =
    "Phi_t the exact flow at fixed signal from v = 1-abar_t to 1-abar_t-2b, Psi_t the sampler's "
    "map, "
    "Y_{t-1} = (Psi_t(Y_t) + sqrt(b) Z)/sqrt(alpha_t)";

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
  claim.evaluate = step_orders;
  return claim;
}

Claim step_claim() {
  Claim claim;
  claim.kind = ClaimKind::smallest_constant;
  claim.symbols = std::string(kStepSymbols) + "; typical: -log p_t(x) <= theta d log T, theta = 2";
  claim.source = Source::derived;
  claim.left =
      "sup ||Phi_t - Psi_t|| over typical x, T = 128, 256, 512, 1024 (full suite: 2048), Psi_t "
      "from "
      "the sampler's own code: Gaussians in closed form (every t up to T = 256, then 256 of them; "
      "1, 4, 16 copies), mixtures by branch and bound over boxes of x with Lagrange's remainder, "
      "at "
      "t = T and the t whose log snr is nearest to -1, 0, ..., 4 (full suite: steps of 1/2), "
      "enclosed to 6 percent (full: 1.6 percent)";
  claim.falsifier = "a smallest C that grows with T or d like a power";
  claim.hypotheses = {mixture_target()};
  claim.parameters = {{"sampler", "li-cai", "whose step is taken"},
                      {"order", "3", "p"},
                      {"theta", "2", "of the typical set"},
                      {"neighbour", "1", "0 takes the second score at level t itself"},
                      {"momentum", "1", "factor of the b_{t+1} that the step is told"}};
  claim.evaluate = one_step;
  return claim;
}

Claim claim_d2() {
  Claim claim = step_claim();
  claim.id = "D2";
  claim.title = "One step of the midpoint form is wrong by b^3";
  claim.statement =
      "||Phi_t(x) - Psi_t(x)|| <= C b^3 (d log T/(1-abar_t))^{5/2} for li-cai on "
      "typical x";
  claim.latex =
      R"(\|\Phi_t(x)-\Psi_t(x)\|\le C\,b_t^3\Big(\frac{d\log T}{1-\bar\alpha_t}\Big)^{5/2})";
  claim.reference = "theory.md section 6, claim D2. " + std::string(kReconstruction);
  claim.right = "C b^p (d log T/(1-abar_t))^{p-1/2}, p = 3";
  claim.controls = {{"ddpm held to order 3", "mixture-far", {{"sampler", "ddpm"}}},
                    {"ddpm held to order 3", "gauss-spread", {{"sampler", "ddpm"}}},
                    {"the second score at level t", "gauss-flat", {{"neighbour", "0"}}}};
  return claim;
}

Claim claim_d2_momentum() {
  Claim claim = claim_d2();
  claim.id = "D2-momentum";
  claim.title = "One step of the momentum form is wrong by b^3";
  claim.statement =
      "||Phi_t(x) - Psi_t(x)|| <= C b^3 (d log T/(1-abar_t))^{5/2} for "
      "li-cai-momentum on typical x";
  claim.parameters[0].value = "li-cai-momentum";
  claim.controls = {{"order 5", "gauss-flat", {{"order", "5"}}},
                    {"the step is told half of b_{t+1}: twice the momentum, half the way back",
                     "gauss-spread",
                     {{"momentum", "1/2"}}}};
  return claim;
}

Claim claim_d2_ddpm() {
  Claim claim = step_claim();
  claim.id = "D2-ddpm";
  claim.title = "One step of ddpm is wrong by b^2";
  claim.statement =
      "||Phi_t(x) - Psi_t(x)|| <= C b^2 (d log T/(1-abar_t))^{3/2} for ddpm on typical x";
  claim.latex =
      R"(\|\Phi_t(x)-\Psi_t(x)\|\le C\,b_t^2\Big(\frac{d\log T}{1-\bar\alpha_t}\Big)^{3/2})";
  claim.reference = "theory.md section 6, claim D2; the power 3/2 belongs to order 2 there";
  claim.right = "C b^p (d log T/(1-abar_t))^{p-1/2}, p = 2";
  claim.parameters[0].value = "ddpm";
  claim.parameters[1].value = "2";
  claim.controls = {{"order 3", "mixture-far", {{"order", "3"}}},
                    {"order 3", "gauss-flat", {{"order", "3"}}}};
  return claim;
}

}  // namespace

std::vector<Claim> one_step_claims() {
  return {claim_orders(), claim_d2(), claim_d2_momentum(), claim_d2_ddpm()};
}

}  // namespace lemmabench
