#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "numerics/ball_functions.hpp"
#include "theory/claims/typicality.hpp"
#include "theory/mixture/mixture_transport.hpp"
#include "theory/process/forward.hpp"
#include "theory/radial/radial_flow.hpp"

/// Claims T5 and T7: typical points along the probability flow (theory.md section 6).
namespace lemmabench {
namespace {

/// Dimensions d, 2d, 4d, 8d: independent copies of a Gaussian.
constexpr std::array<long, 4> kCopies = {1, 2, 4, 8};
constexpr long kSampledFlow = 64;
constexpr long kTransported = 16;
constexpr std::string_view kDown = "tau' = tau - c tau(1-tau)";
constexpr std::string_view kUp = "tau' = tau + c tau(1-tau)";
constexpr std::string_view kOrders[] = {"k = 0", "k = 1", "k = 2"};

/// The level with tau' = tau + change tau(1-tau).
Level<Ball> moved(const Level<Ball>& level, const Ball& change) {
  return {level.abar * (1 - change * level.noise), level.noise * (1 + change * level.abar)};
}

/// d^power, the factor d of theta d log T in a bound.
Ball dimension_factor(const Trial& trial, long dim) {
  return pow(Ball(dim), Ball(trial.number("dim power")));
}

// T5, Gaussians.

void gaussian_rates(const Trial& trial, const Schedule<Ball>& schedule, Comparisons& out) {
  const Ball log_steps = log(Ball(schedule.steps()));
  const ProductLaw& law = *trial.target().product();
  const std::string not_yet = before_resolution(trial.target(), schedule.steps());
  for (const long t : sampled_levels(schedule.steps(), kSampledFlow)) {
    const Level<Ball>& level = schedule.level(static_cast<int>(t));
    for (const long copies : kCopies) {
      const long dim = copies * law.dim();
      const Ball bound = trial.ball("theta") * dimension_factor(trial, dim) * log_steps;
      const TypicalEllipsoid set(law, level, trial.ball("theta") * Ball(dim) * log_steps, copies);
      const Ball rate = abs(set.noise_trace() - Ball(dim) * level.abar) / 2;
      out.constant(Proved{rate}, Proved{bound}, dim,
                   {.part = "rate", .steps = schedule.steps(), .t = t}, not_yet);
    }
  }
}

void gaussian_transport(const Trial& trial, const Schedule<Ball>& schedule, Comparisons& out) {
  const ProductLaw& law = *trial.target().product();
  const Ball bound = trial.ball("theta") * Ball(law.dim()) * log(Ball(schedule.steps()));
  for (int t = 1; t <= schedule.steps(); ++t) {
    const Level<Ball>& level = schedule.level(t);
    for (const int sign : {-1, 1}) {
      const Level<Ball> there = moved(level, sign * trial.ball("c"));
      // The quadratic part of -log p is conserved; the normalisation is not.
      Ball change;
      for (const CoordinateLaw& c : law.coordinates) {
        const Ball lambda(c.components.front().variance);
        const Ball ratio = marginal_variance(there, lambda) / marginal_variance(level, lambda);
        change += Ball(c.multiplicity) * log(ratio) / 2;
      }
      out.at_most((bound + change) / bound, trial.ball("factor"),
                  {.part = sign < 0 ? kDown : kUp, .steps = schedule.steps(), .t = t});
    }
  }
}

// T5, mixtures.

/// d^power/d: what a control makes of the d in theta d log T.
Ball dimension_change(const Trial& trial, long dim) {
  return pow(Ball(dim), Ball(trial.number("dim power") - Rational(1)));
}

void pointwise_rates(const Trial& trial, long steps, Comparisons& out) {
  on_typical_levels(trial, steps, kSampledFlow, Dimensions::ladder, [&](const auto& levels) {
    const Ball dim(levels.dim());
    const Supremum found = levels.supremum_of([&](const auto& set, const Ball& box) {
      return abs(set.noise_trace(box) - dim * set.level().abar) / 2;
    });
    note_budget(found, out);
    out.constant(Proved{found.enclosure()},
                 Proved{levels.bound() * dimension_change(trial, levels.dim())}, levels.dim(),
                 levels.place(found, "rate"), before_resolution(trial.target(), steps));
  });
}

void line_transport(const Trial& trial, long steps, Comparisons& out) {
  const CoordinateLaw& law = trial.target().product()->coordinates.front();
  const TypicalLevels<TypicalMixture, CoordinateLaw> levels(
      trial.ball("theta"), law, 1, steps,
      sampled_levels(steps, mixture_levels(trial, kTransported)));
  for (const int sign : {-1, 1}) {
    std::vector<TypicalMixture> images;
    std::vector<MixtureTransport> maps;
    images.reserve(levels.size());
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const Level<Ball> there = moved(levels[i].level(), sign * trial.ball("c"));
      images.emplace_back(law, there, levels.bound());
      maps.emplace_back(levels[i].mixture(), images[i].mixture());
    }
    const SupremumGoal goal{.tolerance = 1.0 / 64};
    const Supremum found = levels.supremum_of(
        [&](const TypicalMixture& set, const Ball& box) {
          const auto i = static_cast<std::size_t>(&set - &levels[0]);
          return -images[i].log_density(maps[i](box)) / levels.bound();
        },
        goal);
    note_budget(found, out);
    out.at_most(found.enclosure(), trial.ball("factor"),
                levels.place(found, sign < 0 ? kDown : kUp));
  }
}

/// The flow's image of the typical ball is a ball, and -log p grows with the radius: the worst
/// typical x is on the sphere |x| = R.
void ball_transport(const Trial& trial, const ScaleMixtureLaw& law, long steps, Comparisons& out) {
  const TypicalLevels<TypicalBall, ScaleMixtureLaw> levels(
      trial.ball("theta"), law, law.dim, steps,
      sampled_levels(steps, mixture_levels(trial, kTransported / 2)));
  const FlowOptions options{.order = 12, .tolerance = 1e-10};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const Level<Ball>& from = levels[i].level();
    for (const int sign : {-1, 1}) {
      const Level<Ball> there = moved(from, sign * trial.ball("c"));
      const Ball moved_radius = flow(law, from.abar, levels[i].radius(), from.noise,
                                     from.abar * there.noise / there.abar, options);
      const Ball image = moved_radius * sqrt(there.abar / from.abar);
      const BallScaleMixture<> after(law, there);
      out.at_most(-after.at(square(image)).log_density() / levels.bound(), trial.ball("factor"),
                  {.part = sign < 0 ? kDown : kUp,
                   .steps = steps,
                   .t = levels.t(i),
                   .x = levels[i].radius()});
    }
  }
}

Coverage typical_along_flow(const Trial& trial, Comparisons& out) {
  for (const long steps : typicality_ladder(trial)) {
    if (trial.target().gaussian()) {
      const Schedule<Ball> schedule(LiCaiSchedule{}, static_cast<int>(steps));
      gaussian_rates(trial, schedule, out);
      gaussian_transport(trial, schedule, out);
    } else {
      pointwise_rates(trial, steps, out);
      if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
        ball_transport(trial, *law, steps, out);
      } else {
        line_transport(trial, steps, out);
      }
    }
  }
  const bool gaussian = trial.target().gaussian();
  return typicality_coverage(trial, gaussian ? kSampledFlow : mixture_levels(trial, kSampledFlow),
                             ", every typical x");
}

// T7.

/// sqrt(d theta log T/(tau(1-tau)^3)) (d theta log T/(tau(1-tau)))^k, k = 0, 1, 2.
std::array<Ball, 3> derivative_bounds(const Ball& d_theta_log, const Level<Ball>& level) {
  const Ball rate = d_theta_log / (level.noise * level.abar);
  Ball bound = sqrt(rate) / level.abar;
  std::array<Ball, 3> out;
  for (Ball& b : out) {
    b = bound;
    bound *= rate;
  }
  return out;
}

/// The constants of each order apart: that of k = 0 is the largest, and must not hide how those of
/// k = 1 and 2 develop.
class ConstantsByOrder {
 public:
  void add(std::size_t k, const Ball& left, const Ball& right, long dim, const Place& place,
           const std::string& not_yet) {
    const Ball value = left / right;
    for (ConstantPoint& p : points_[k]) {
      if (p.steps == place.steps && p.dim == dim) {
        p.value = Proved{larger(p.value.enclosure(), value)};
        return;
      }
    }
    points_[k].push_back({place.steps, dim, Proved{value}, place.text(), {}, {}, not_yet});
  }

  /// A judgement on the trends of each order.
  void judge(Comparisons& out) const {
    std::string note = "largest constants:";
    for (std::size_t k = 0; k < 3; ++k) {
      double largest = 0;
      for (const ConstantPoint& p : points_[k]) {
        largest = std::max(largest, p.value.value());
      }
      note += fmt::format(" c_{} = {:.4g}", k, largest);
      for (const Trend& trend : constant_trends(points_[k], kSampledLevels)) {
        const Quantity last = points_[k].back().value;
        out.judged({trend.verdict, trend.reason, Evidence::computed}, last,
                   Quantity(Proved{Ball(1)}), -std::log(last.value()),
                   {.part = kOrders[k], .detail = trend.variable + " at " + trend.fixed});
      }
    }
    out.note(note);
  }

 private:
  std::array<std::vector<ConstantPoint>, 3> points_;
};

void gaussian_derivatives(const Trial& trial, long steps, ConstantsByOrder& by_order,
                          Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, static_cast<int>(steps));
  const ProductLaw& law = *trial.target().product();
  const Ball theta_log = trial.ball("theta") * log(Ball(steps));
  const std::string not_yet = before_resolution(trial.target(), steps);
  for (const long t : sampled_levels(steps, kSampledFlow)) {
    const Level<Ball>& level = schedule.level(static_cast<int>(t));
    for (const long copies : kCopies) {
      const long dim = copies * law.dim();
      const TypicalEllipsoid set(law, level, theta_log * Ball(dim), copies);
      const std::array<Ball, 3> left = set.flow_derivatives();
      const auto right = derivative_bounds(theta_log * dimension_factor(trial, dim), level);
      for (std::size_t k = 0; k < 3; ++k) {
        const Place place{.part = kOrders[k], .steps = steps, .t = t};
        out.constant(Proved{left[k]}, Proved{right[k]}, dim, place, not_yet);
        by_order.add(k, left[k], right[k], dim, place, not_yet);
      }
    }
  }
}

void pointwise_derivatives(const Trial& trial, long steps, ConstantsByOrder& by_order,
                           Comparisons& out) {
  const SupremumGoal goal;
  on_typical_levels(trial, steps, kSampledFlow / 4, Dimensions::ladder, [&](const auto& levels) {
    const Ball d_theta_log = levels.bound() * dimension_change(trial, levels.dim());
    for (std::size_t k = 0; k < 3; ++k) {
      const Supremum found = levels.supremum_of(
          [&](const auto& set, const Ball& box) {
            const auto bound = derivative_bounds(d_theta_log, set.level());
            return abs(set.flow_derivatives(box)[k]) / bound[k];
          },
          goal);
      note_budget(found, out);
      const Place place = levels.place(found, kOrders[k]);
      const std::string not_yet = before_resolution(trial.target(), steps);
      out.constant(Proved{found.enclosure()}, Proved{Ball(1)}, levels.dim(), place, not_yet);
      by_order.add(k, found.enclosure(), Ball(1), levels.dim(), place, not_yet);
    }
  });
}

Coverage derivatives_along_flow(const Trial& trial, Comparisons& out) {
  ConstantsByOrder by_order;
  for (const long steps : typicality_ladder(trial)) {
    if (trial.target().gaussian()) {
      gaussian_derivatives(trial, steps, by_order, out);
    } else {
      pointwise_derivatives(trial, steps, by_order, out);
    }
  }
  by_order.judge(out);
  const long levels =
      trial.target().gaussian() ? kSampledFlow : mixture_levels(trial, kSampledFlow / 4);
  return typicality_coverage(trial, levels, ", every typical x");
}

Parameter dimension_power() { return {"dim power", "1", "of d in d theta log T"}; }

Claim claim_t5() {
  return {
      .id = "T5",
      .title = "Typical points stay typical along the flow",
      .domain = ClaimDomain::targets,
      .kind = ClaimKind::smallest_constant,
      .statement =
          "theta at most doubles along the probability flow over |tau'-tau| <= c "
          "tau(1-tau), for some universal c. Equivalently |d/dtau log p_tau(x_tau)| <= K "
          "theta d log T/(tau(1-tau)) on typical points, c of the order of 1/K",
      .latex = R"(-\log p_\tau(x_\tau)\le\theta d\log T\ \Rightarrow\ )"
               R"(-\log p_{\tau'}(x_{\tau'})\le 2\theta d\log T,\quad )"
               R"(|\tau'-\tau|\le c\,\tau(1-\tau))",
      .symbols =
          "tau = 1-abar; x_tau' is the flow's image of x_tau; along the flow d/dtau log p = "
          "-(tr(I-J) - d(1-tau))/(2 tau(1-tau)) [D, from F5]. c = 1/2 is too much with theta = 2: "
          "half-way between two narrow modes u = -log p - (1/2) log(2 pi tau) doubles where tau is "
          "halved; in general u grows at most like 1/tau (E||V||^2/(2 tau) <= u), so that c = 1/4 "
          "is enough on this schedule",
      .source = Source::quoted,
      .reference = "HO (2506.24042) Lemma 4; theory.md section 6",
      .left =
          "K: sup of |tr(I-J) - d(1-tau)|/2 over typical x at 64 levels (Gaussians in closed "
          "form with 1, 2, 4, 8 copies, mixtures by branch and bound). Besides, for c = 1/4: sup "
          "of -log p_{tau'}(x')/(theta d log T) over typical x, x' by the exact quantile map on "
          "boxes (mixtures, 16 levels) or in closed form (Gaussians, every t). Scale mixtures: the "
          "same over |x| for K, in three dimensions 4 times apart; the image of the sphere |x| = R "
          "by the flow's ODE, 8 levels. T = 128..1024 (full: 4096, four times the levels)",
      .right = "K theta d log T; the factor 2",
      .falsifier =
          "a constant K that grows with T or d, or a typical x whose image certainly "
          "exceeds 2 theta d log T",
      .hypotheses = {pointwise_law(), second_moment_bound(kTypicalityFrom)},
      .parameters = {theta_parameter(),
                     {"c", "1/4", "of the range of tau'"},
                     {"factor", "2", "theta at most doubles"},
                     dimension_power()},
      .controls = {{"theta at most 1.04 times itself for c = 1/2, where 1.047 is reached",
                    "mixture-far",
                    {{"factor", "1.04"}, {"c", "1/2"}}},
                   {"theta log T in place of theta d log T", "gauss-spread", {{"dim power", "0"}}},
                   {"theta log T in place of theta d log T, for scale mixtures",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"dim power", "0"}}}},
      .trend = kSampledLevels,
      .covers = kCoversTypical,
      .evaluate = typical_along_flow};
}

Claim claim_t7() {
  return {
      .id = "T7",
      .title = "Derivatives of the score along the flow",
      .domain = ClaimDomain::targets,
      .kind = ClaimKind::smallest_constant,
      .statement =
          "along the probability flow through a typical x, ||d^k/dtau^k "
          "[s/(1-tau)^{3/2}]|| <= c_k sqrt(d theta log T/(tau(1-tau)^3)) (d theta log "
          "T/(tau(1-tau)))^k, k = 0, 1, 2",
      .latex = R"(\Big\|\frac{d^k}{d\tau^k}\frac{s_\tau(x_\tau)}{(1-\tau)^{3/2}}\Big\|\le )"
               R"(c_k\sqrt{\frac{d\theta\log T}{\tau(1-\tau)^3}}\,)"
               R"(\Big(\frac{d\theta\log T}{\tau(1-\tau)}\Big)^k)",
      .symbols = "tau = 1-abar; the constant shown is the largest of c_0, c_1, c_2",
      .source = Source::quoted,
      .reference = "HO (2506.24042) eq. (64a); theory.md section 6",
      .left =
          "Gaussians: series of w^{-1/2}(1-tau)^{-3/2} in tau, the supremum over the typical "
          "ellipsoid in closed form, 64 levels, 1, 2, 4, 8 copies. Mixtures: Taylor series of "
          "the flow in balls over boxes of x, branch and bound, 16 levels. Scale mixtures: the "
          "same "
          "over |x|, in three dimensions 4 times apart. T = 128..1024 (full: 4096, four times the "
          "levels)",
      .right = "the bound with c_k = 1",
      .falsifier = "a constant that grows with T or d",
      .hypotheses = {pointwise_law(), second_moment_bound(kTypicalityFrom)},
      .parameters = {theta_parameter(), dimension_power()},
      .controls = {{"theta log T in place of d theta log T", "gauss-flat", {{"dim power", "0"}}},
                   {"theta sqrt(d) log T in place of d theta log T, for scale mixtures",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"dim power", "1/2"}}}},
      .trend = kSampledLevels,
      .covers = kCoversTypical,
      .evaluate = derivatives_along_flow};
}

}  // namespace

std::vector<Claim> typical_flow_claims() { return {claim_t5(), claim_t7()}; }

}  // namespace lemmabench
