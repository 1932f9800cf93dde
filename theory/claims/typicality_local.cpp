#include <fmt/format.h>

#include "numerics/ball_functions.hpp"
#include "theory/claims/typicality.hpp"

/// Claims T6 and T8: how much density and score change between nearby points (theory.md section 6).
namespace lemmabench {
namespace {

constexpr long kSampledLocal = 32;

/// (d log T)^p with p = 1/2.
Ball linear_factor(const Trial& trial, long dim, const Ball& log_steps) {
  return pow(Ball(dim) * log_steps, Ball(trial.number("linear power")));
}

/// T6 for Gaussians and all u > 0: with y on the boundary of the typical ellipsoid and x' - x along
/// the axis of the least w, |log p(x')/p(x)| = u R sqrt(tau/w) + u^2 tau/(2 w); against u^2 + u A
/// this is largest at u -> 0 or u -> infinity.
void gaussian_density_ratio(const Trial& trial, long steps, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, static_cast<int>(steps));
  const ProductLaw& law = *trial.target().product();
  const Ball log_steps = log(Ball(steps));
  const std::string not_yet = before_resolution(trial.target(), steps);
  for (int t = 1; t <= schedule.steps(); ++t) {
    const Level<Ball>& level = schedule.level(t);
    for (const long copies : {1L, 2L, 4L, 8L}) {
      const long dim = copies * law.dim();
      const TypicalEllipsoid set(law, level, trial.ball("theta") * Ball(dim) * log_steps, copies);
      const Ball shrink = level.noise / set.least_variance();
      const Ball steep = sqrt(set.radius_squared() * shrink) / linear_factor(trial, dim, log_steps);
      out.constant(Proved{larger(steep, shrink / 2)}, Proved{Ball(1)}, dim,
                   {.steps = steps, .t = t}, not_yet);
    }
  }
}

/// log p(x + shift) - log p(x) over a box of x, in mean value form. On a ray the x' at a distance u
/// from x have every |x'| between the two ends x +- u, and p falls with |x'|.
template <class Mixture>
Ball log_ratio(const Mixture& mixture, const Ball& box, const Ball& shift) {
  const Ball centre = box.midpoint();
  const Ball change = mixture.at(centre + shift).log_density() - mixture.at(centre).log_density();
  if (box.exact()) {
    return change;
  }
  const Ball slope = mixture.at(box + shift).score() - mixture.at(box).score();
  return Ball::around(change, slope.magnitude_upper() * box.radius());
}

template <class Levels>
void compare_density_ratio(const Trial& trial, const Levels& levels, Comparisons& out) {
  const Ball linear = linear_factor(trial, levels.dim(), log(Ball(levels.steps())));
  for (const Rational& u : {Rational(1, 16), Rational(1, 4), Rational(1), Rational(4)}) {
    const Ball bound = Ball(u) * (Ball(u) + linear);
    for (const int sign : {-1, 1}) {
      const Supremum found = levels.supremum_of([&](const auto& set, const Ball& box) {
        const Ball shift = sign * Ball(u) * sqrt(set.level().noise);
        return abs(log_ratio(set.mixture(), box, shift)) / bound;
      });
      note_budget(found, out);
      Place place = levels.place(found);
      place.detail = fmt::format("u = {}{}", sign < 0 ? "-" : "", u.text());
      out.constant(Proved{found.enclosure()}, Proved{Ball(1)}, levels.dim(), place,
                   before_resolution(trial.target(), levels.steps()));
    }
  }
}

Coverage density_ratio(const Trial& trial, Comparisons& out) {
  for (const long steps : typicality_ladder(trial)) {
    if (trial.target().gaussian()) {
      gaussian_density_ratio(trial, steps, out);
    } else {
      on_typical_levels(trial, steps, kSampledLocal, Dimensions::ladder,
                        [&](const auto& levels) { compare_density_ratio(trial, levels, out); });
    }
  }
  return trial.target().gaussian()
             ? typicality_coverage(trial, 0, ", every typical x and every x'")
             : typicality_coverage(trial, mixture_levels(trial, kSampledLocal),
                                   ", every typical x, eight u");
}

/// T8. On a typical segment ||grad s(x1) - grad s(x2)|| <= sup ||D^2 s|| |x1 - x2|, and no smaller
/// constant does.
void compare_curvature(const Trial& trial, long steps, const Ball& power, Comparisons& out) {
  const Rational excess = trial.number("dim power") - Rational(3, 2);
  on_typical_vectors(trial, steps, 4 * kSampledLocal, Dimensions::ladder, [&](const auto& levels) {
    const Ball cube = levels.rate() * sqrt(levels.rate()) * pow(Ball(levels.dim()), Ball(excess));
    const auto norm = [&](const auto& set, const Ball& box) {
      return abs(set.score_curvature(box)) * pow(set.level().noise, power) / cube;
    };
    // Of independent coordinates D^3 log p is diagonal: its norm is the largest entry.
    const Supremum found = levels.supremum_of(Combined::largest, norm);
    note_budget(found, out);
    out.constant(Proved{found.enclosure()}, Proved{Ball(1)}, levels.dim(), levels.place(found),
                 before_resolution(trial.target(), steps));
  });
}

/// Coordinate by coordinate, on |x| <= 100 at once: a Gaussian's score is affine, so that what
/// rounding leaves of its s'' around 0 is 0 (the larger of many such balls would grow with T like
/// 1/(1-abar_1), and look like a constant that does).
void gaussian_curvature(const Trial& trial, long steps, const Ball& power, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, static_cast<int>(steps));
  const Ball log_steps = log(Ball(steps));
  const long dim = trial.target().dim();
  const Ball rate = Ball(dim) * log_steps;
  for (const long t : sampled_levels(steps, kSampledLocal)) {
    const Level<Ball>& level = schedule.level(static_cast<int>(t));
    for (const CoordinateLaw& coordinate : trial.target().product()->coordinates) {
      const TypicalMixture set(coordinate, level, trial.ball("theta") * log_steps);
      const Ball curvature = set.score_curvature(Ball::around(Ball(0), Ball(100)));
      out.constant(curvature.contains_zero() ? Ball(0) : curvature * pow(level.noise, power),
                   rate * sqrt(rate), dim, {.steps = steps, .t = t});
    }
  }
}

Coverage score_curvature(const Trial& trial, Comparisons& out) {
  const Ball power(trial.number("noise power"));
  for (const long steps : typicality_ladder(trial)) {
    if (trial.target().gaussian()) {
      gaussian_curvature(trial, steps, power, out);
    } else {
      compare_curvature(trial, steps, power, out);
    }
  }
  const long levels =
      trial.target().gaussian() ? kSampledLocal : mixture_levels(trial, 4 * kSampledLocal);
  return typicality_coverage(trial, levels, ", every typical segment");
}

Claim claim_t6() {
  return {
      .id = "T6",
      .title = "Densities of nearby points",
      .domain = ClaimDomain::targets,
      .kind = ClaimKind::smallest_constant,
      .statement =
          "for typical x and every x': p_t(x')/p_t(x) = exp(O(u^2 + u sqrt(d log T))), u = "
          "||x'-x||/sqrt(1-abar_t)",
      .latex = R"(\frac{p_t(x')}{p_t(x)}=\exp\{O(u^2+u\sqrt{d\log T})\},\quad )"
               R"(u=\frac{\|x'-x\|}{\sqrt{1-\bar\alpha_t}})",
      .symbols = "typical: -log p_t(x) <= theta d log T; the constant of O() may depend on theta",
      .source = Source::quoted,
      .reference = "HO (2506.24042) Lemma 6; theory.md section 6",
      .left =
          "sup of |log p(x')/p(x)|/(u^2 + u sqrt(d log T)). Gaussians: all u > 0 in closed "
          "form, every t, 1, 2, 4, 8 copies. Mixtures: u = +-1/16, +-1/4, +-1, +-4, 32 levels, "
          "branch and bound over boxes of x. Scale mixtures: the same over |x|, the worst "
          "direction "
          "of x'-x being along x, in three dimensions 4 times apart. T = 128..1024 (full: 4096, "
          "four "
          "times the levels)",
      .right = "the constant C of O()",
      .falsifier = "a constant that grows with T or d",
      .hypotheses = {pointwise_law(), second_moment_bound(kTypicalityFrom)},
      .parameters = {theta_parameter(), {"linear power", "1/2", "of d log T"}},
      .controls = {{"u in place of u sqrt(d log T)", "gauss-flat", {{"linear power", "0"}}},
                   {"u in place of u sqrt(d log T), for scale mixtures",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"linear power", "0"}}}},
      .trend = kSampledLevels,
      .covers = kCoversTypical,
      .evaluate = density_ratio};
}

Claim claim_t8() {
  return {
      .id = "T8",
      .title = "The score's gradient is Lipschitz on typical segments",
      .domain = ClaimDomain::targets,
      .kind = ClaimKind::smallest_constant,
      .statement =
          "||grad s(x1) - grad s(x2)|| <= c sqrt(d^3 log^3 T/(1-abar_t)^3) ||x1-x2|| when "
          "the segment between x1 and x2 is typical",
      .latex = R"(\|\nabla s(x_1)-\nabla s(x_2)\|\le )"
               R"(c\sqrt{\frac{d^3\log^3T}{(1-\bar\alpha_t)^3}}\,\|x_1-x_2\|)",
      .symbols = "typical: -log p_t(x) <= theta d log T; c may depend on theta",
      .source = Source::quoted,
      .reference =
          "HO (2506.24042) Lemma 3, the analogue of LC (2410.23285) claim (89); theory.md "
          "section 6",
      .left =
          "sup of |s''| over the typical intervals, the least Lipschitz constant there, by "
          "branch and bound over boxes of x at 128 levels; Gaussians, where it is 0: s'' per "
          "coordinate on |x| <= 100. Scale mixtures: the norm of the tensor D^3 log p over |x|, in "
          "three dimensions 4 times apart. Independent mixtures: 32 levels, the largest over the "
          "coordinates, each as far from typical as the others leave it, 1, 4, 16 copies. T = "
          "128..1024 (full: 4096, four times the levels)",
      .right = "sqrt(d^3 log^3 T/(1-abar_t)^3)",
      .falsifier = "a constant that grows with T",
      .hypotheses = {pointwise_or_product(), second_moment_bound(kTypicalityFrom)},
      .parameters = {theta_parameter(),
                     {"noise power", "3/2", "of 1/(1-abar_t)"},
                     {"dim power", "3/2", "of d"}},
      .controls = {{"(1-abar)^{1/10} in place of (1-abar)^{-3/2}",
                    "mixture-near",
                    {{"noise power", "-1/10"}}},
                   {"sqrt(d) in place of d^{3/2}",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"dim power", "1/2"}}},
                   {"(1-abar)^{1/10} in place of (1-abar)^{-3/2}, in independent coordinates",
                    "hypercube:dim=4,separation=1,variance=0.1",
                    {{"noise power", "-1/10"}}}},
      .trend = kSampledLevels,
      .covers = kCoversTypical,
      .evaluate = score_curvature};
}

}  // namespace

std::vector<Claim> typical_local_claims() { return {claim_t6(), claim_t8()}; }

}  // namespace lemmabench
