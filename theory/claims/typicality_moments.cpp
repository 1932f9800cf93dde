#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "numerics/ball_functions.hpp"
#include "theory/claims/typicality.hpp"

/// Claims T2, T3, T4: what can be said at a typical x (theory.md section 6).
namespace lemmabench {
namespace {

constexpr long kSampledMoments = 64;
constexpr std::string_view kPartOfMoment[] = {"k = 1", "k = 2", "k = 3", "k = 4"};
constexpr std::string_view kPowers[] = {"C1", "C2", "C3", "C4"};

/// Claims value <= constant and keeps the smallest constant that would do.
void compare(Comparisons& out, const Ball& value, const Ball& constant, const Place& place) {
  out.at_most(value, constant, place);
  out.smallest_constant(value, Ball(1), place);
}

/// The same for the four moments, each against its own constant; what is kept is the smallest
/// factor of all four that would do.
class MomentComparisons {
 public:
  MomentComparisons(const Trial& trial, Comparisons& out) : out_(out) {
    for (std::size_t k = 0; k < 4; ++k) {
      constants_[k] = trial.ball(kPowers[k]);
    }
  }

  void compare(std::size_t k, const Ball& value, const Place& place) {
    out_.at_most(value, constants_[k], place);
    out_.smallest_constant(value, constants_[k], place);
    largest_[k] = std::max(largest_[k], value.to_double());
  }
  void note() const {
    out_.note(fmt::format("largest C1 = {:.4g}, C2 = {:.4g}, C3 = {:.4g}, C4 = {:.4g}", largest_[0],
                          largest_[1], largest_[2], largest_[3]));
  }

 private:
  Comparisons& out_;
  std::array<Ball, 4> constants_;
  std::array<double, 4> largest_{};
};

/// Both sides divided by what depends on the level, so that one supremum over all levels and all
/// typical x is compared with the constant: `gaussian` gives the value at a level in closed form,
/// `pointwise` encloses it on a box of x (of |x|; of one coordinate, to be combined).
template <class OnGaussian, class OnBox>
Coverage compare_suprema(const Trial& trial, Comparisons& out, const Ball& constant,
                         Combined combined, OnGaussian gaussian, OnBox pointwise) {
  for (const long steps : typicality_ladder(trial)) {
    if (trial.target().gaussian()) {
      const Schedule<Ball> schedule(LiCaiSchedule{}, static_cast<int>(steps));
      const Ball log_steps = log(Ball(steps));
      const Ball bound = trial.ball("theta") * Ball(trial.target().dim()) * log_steps;
      for (int t = 1; t <= schedule.steps(); ++t) {
        const TypicalEllipsoid set(*trial.target().product(), schedule.level(t), bound);
        compare(out, gaussian(set, schedule.level(t), log_steps), constant,
                {.steps = steps, .t = t});
      }
      continue;
    }
    on_typical_vectors(trial, steps, kSampledMoments, Dimensions::own, [&](const auto& levels) {
      const Supremum found = levels.supremum_of(combined, [&](const auto& set, const Ball& box) {
        return pointwise(set, box, levels.rate());
      });
      compare(out, found.enclosure(), constant, levels.place(found));
      note_budget(found, out);
    });
  }
  return typicality_coverage(trial,
                             trial.target().gaussian() ? 0 : mixture_levels(trial, kSampledMoments),
                             ", every typical x");
}

/// T2.
Coverage score_bound(const Trial& trial, Comparisons& out) {
  const Ball rate = trial.ball("theta") + trial.ball("c0");
  return compare_suprema(
      trial, out, trial.ball("constant"), Combined::norm,
      [&](const TypicalEllipsoid& set, const Level<Ball>& level, const Ball& log_steps) {
        return sqrt(set.score_squared() * level.noise / (rate * Ball(set.dim()) * log_steps));
      },
      [&](const auto& set, const Ball& box, const Ball& d_log_steps) {
        return set.score(box) * sqrt(set.level().noise / (rate * d_log_steps));
      });
}

/// T3.
Coverage trace_bound(const Trial& trial, Comparisons& out) {
  const Ball rate = trial.ball("theta") + trial.ball("c0");
  return compare_suprema(
      trial, out, trial.ball("constant"), Combined::sum,
      [&](const TypicalEllipsoid& set, const Level<Ball>&, const Ball& log_steps) {
        return set.noise_trace() / (rate * Ball(set.dim()) * log_steps);
      },
      [&](const auto& set, const Ball& box, const Ball& d_log_steps) {
        return set.noise_trace(box) / (rate * d_log_steps);
      });
}

/// The radius 5 c5 sqrt(m) and the bound exp(-c5^2 theta d log T) of T4's tail.
struct TailPlace {
  Ball c5;
  Ball factor;

  Ball radius(const Ball& m) const { return factor * c5 * sqrt(m); }
  Ball bound(const Ball& theta_d_log) const { return exp(-square(c5) * theta_d_log); }
};

std::vector<TailPlace> tail_places(const Trial& trial) {
  std::vector<TailPlace> out;
  for (const int c5 : {2, 3, 4}) {
    out.push_back({Ball(c5), trial.ball("tail factor")});
  }
  return out;
}

void gaussian_moments(const Trial& trial, long steps, MomentComparisons& compared,
                      Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, static_cast<int>(steps));
  const Ball bound = trial.ball("theta") * Ball(trial.target().dim()) * log(Ball(steps));
  const std::vector<TailPlace> tails = tail_places(trial);
  for (int t = 1; t <= schedule.steps(); ++t) {
    const Level<Ball>& level = schedule.level(t);
    const TypicalEllipsoid set(*trial.target().product(), level, bound);
    const Ball m = bound * level.noise;
    const std::array<Ball, 4> moments = set.displacement_moments();
    Ball power(1);
    for (std::size_t k = 0; k < 4; ++k) {
      power *= sqrt(m);
      compared.compare(k, moments[k] / power, {.part = kPartOfMoment[k], .steps = steps, .t = t});
    }
    for (const TailPlace& tail : tails) {
      out.at_most(set.displacement_tail(tail.radius(m)), tail.bound(bound),
                  {.part = "tail", .steps = steps, .t = t});
    }
  }
}

/// sup E||V||^k/m^{k/2} over typical x, by branch and bound.
template <class Levels>
Supremum moment_supremum(const Levels& levels, int k) {
  return levels.supremum_of([&](const auto& set, const Ball& box) {
    const Ball root = sqrt(levels.bound() * set.level().noise);
    return set.displacement_moment(box, k) / pow(root, Ball(k));
  });
}

void compare_moments(const TypicalLevels<TypicalMixture, CoordinateLaw>& levels,
                     MomentComparisons& compared, Comparisons& out) {
  for (int k = 1; k <= 4; ++k) {
    const std::size_t i = static_cast<std::size_t>(k) - 1;
    const Supremum found = moment_supremum(levels, k);
    compared.compare(i, found.enclosure(), levels.place(found, kPartOfMoment[i]));
    note_budget(found, out);
  }
}

/// k = 2 and 4 by branch and bound; sup E1 between its lower bound where E2 is largest and
/// (sup E2)^{1/2}, sup E3 likewise.
void compare_moments(const TypicalLevels<TypicalBall, ScaleMixtureLaw>& levels,
                     MomentComparisons& compared, Comparisons& out) {
  const Supremum second = moment_supremum(levels, 2);
  const Supremum fourth = moment_supremum(levels, 4);
  const auto odd = [&](int k, const Ball& upper) {
    const TypicalBall& set = levels[static_cast<std::size_t>(second.where.label)];
    const Ball root = sqrt(levels.bound() * set.level().noise);
    const Ball there = set.displacement_moment(second.where.box, k) / pow(root, Ball(k));
    return Ball::hull(there.magnitude_lower(), upper);
  };
  const Ball e2 = second.enclosure();
  const Ball e4 = fourth.enclosure();
  const std::array<Ball, 4> moments{odd(1, sqrt(e2.magnitude_upper())), e2,
                                    odd(3, sqrt((e2 * e4).magnitude_upper())), e4};
  for (std::size_t i = 0; i < 4; ++i) {
    compared.compare(i, moments[i], levels.place(i == 3 ? fourth : second, kPartOfMoment[i]));
  }
  note_budget(second, out);
  note_budget(fourth, out);
}

void pointwise_moments(const Trial& trial, long steps, MomentComparisons& compared,
                       Comparisons& out) {
  on_typical_levels(trial, steps, kSampledMoments / 2, Dimensions::own, [&](const auto& levels) {
    compare_moments(levels, compared, out);
    for (const TailPlace& tail : tail_places(trial)) {
      const Supremum found = levels.supremum_of(
          [&](const auto& set, const Ball& box) {
            const Ball radius = tail.radius(levels.bound() * set.level().noise);
            return set.displacement_tail(box, radius) / tail.bound(levels.bound());
          },
          {.enough = 0.5});
      out.at_most(found.enclosure(), Ball(1), levels.place(found, "tail"));
      note_budget(found, out);
    }
  });
}

/// T4.
Coverage moment_bounds(const Trial& trial, Comparisons& out) {
  MomentComparisons moments(trial, out);
  for (const long steps : typicality_ladder(trial)) {
    if (trial.target().gaussian()) {
      gaussian_moments(trial, steps, moments, out);
    } else {
      pointwise_moments(trial, steps, moments, out);
    }
  }
  moments.note();
  return typicality_coverage(
      trial, trial.target().gaussian() ? 0 : mixture_levels(trial, kSampledMoments / 2),
      ", every typical x, c5 = 2, 3, 4");
}

constexpr const char* kWhere =
    "T = 128..1024 (full: 4096, four times the levels); Gaussians: every t, the typical set is an "
    "ellipsoid and the supremum a corner; mixtures: 64 levels, branch and bound over boxes of x "
    "(scale mixtures: of |x|; independent mixtures: 16 levels, the supremum over typical vectors "
    "between a vector that is typical and Lagrange's bound)";

constexpr const char* kC0 =
    "c0 is the schedule's, abar_T = T^{-c0}; in LY it is the exponent of 1-abar_1, about 7 here, "
    "with which the bound is weaker (see T2-singular)";

Claim claim_t2() {
  return {.id = "T2",
          .title = "The score at a typical x",
          .domain = ClaimDomain::targets,
          .kind = ClaimKind::inequality,
          .statement = "||s*_t(x)|| <= 5 sqrt((theta+c0) d log T/(1-abar_t)) for every typical x",
          .latex = R"(\|s^\star_t(x)\|\le 5\sqrt{\frac{(\theta+c_0)\,d\log T}{1-\bar\alpha_t}})",
          .symbols = std::string("typical: -log p_t(x) <= theta d log T; ") + kC0,
          .source = Source::quoted,
          .reference = "LY (2409.18959) Lemma 1; theory.md section 6",
          .left = std::string("sup of ||s*|| sqrt((1-abar)/((theta+c0) d log T)); ") + kWhere,
          .right = "the constant A = 5",
          .falsifier = "a level and a typical x where the normalised score certainly exceeds A",
          .hypotheses = {pointwise_or_product(), second_moment_bound(kTypicalityFrom)},
          .parameters = {theta_parameter(), {"c0", "2", "c0 of the bound"}, {"constant", "5", "A"}},
          .controls = {{"A = 0.96 where 0.966 is reached at T = 1024",
                        "mixture-far",
                        {{"constant", "0.96"}}},
                       {"A = 0.96 where 0.965 is reached in R^16",
                        "two-scale:dim=16,weight=0.5,variances=0.1/4",
                        {{"constant", "0.96"}}},
                       {"A = 0.5, in independent coordinates",
                        "hypercube:dim=4,separation=1,variance=0.1",
                        {{"constant", "0.5"}}}},
          .covers = kCoversTypical,
          .evaluate = score_bound};
}

Claim claim_t3() {
  return {
      .id = "T3",
      .title = "The posterior covariance at a typical x",
      .domain = ClaimDomain::targets,
      .kind = ClaimKind::inequality,
      .statement = "tr(I - J_t(x)) <= 12 (theta+c0) d log T for every typical x",
      .latex = R"(\mathrm{tr}(I-J_t(x))\le 12\,(\theta+c_0)\,d\log T)",
      .symbols =
          std::string("I - J_t = Cov(Z | X_t = x); typical: -log p_t(x) <= theta d log T; ") + kC0,
      .source = Source::quoted,
      .reference = "LY (2409.18959) Lemma 1; theory.md section 6",
      .left = std::string("sup of tr(I-J)/((theta+c0) d log T); ") + kWhere,
      .right = "the constant A = 12",
      .falsifier = "a level and a typical x where the normalised trace certainly exceeds A",
      .hypotheses = {pointwise_or_product(), second_moment_bound(kTypicalityFrom)},
      .parameters = {theta_parameter(), {"c0", "2", "c0 of the bound"}, {"constant", "12", "A"}},
      .controls = {{"A = 0.34 where 0.344 is reached half-way between the modes",
                    "mixture-far",
                    {{"constant", "0.34"}}},
                   {"A = 0.058 where 0.059 is reached between the two scales, in R^16",
                    "two-scale:dim=16,weight=0.5,variances=0.1/4",
                    {{"constant", "0.058"}}},
                   {"A = 0.1, in independent coordinates",
                    "hypercube:dim=4,separation=1,variance=0.1",
                    {{"constant", "0.1"}}}},
      .covers = kCoversTypical,
      .evaluate = trace_bound};
}

Claim claim_t4() {
  return {
      .id = "T4",
      .title = "Conditional moments and tail at a typical x",
      .domain = ClaimDomain::targets,
      .kind = ClaimKind::inequality,
      .statement =
          "with m = theta d (1-abar_t) log T and V = sqrt(abar_t) X_0 - x, for every "
          "typical x: E[||V||^k | X_t = x] <= 12 m^{1/2}, 120 m, 1040 m^{3/2}, 10080 m^2 "
          "for k = 1..4; P(||V|| > 5 c5 sqrt(m) | X_t = x) <= exp(-c5^2 theta d log T) for "
          "c5 >= 2",
      .latex = R"(\mathbb E[\|V\|^k\mid X_t=x]\le 12m^{1/2},\,120m,\,1040m^{3/2},\,10080m^2;\quad )"
               R"(P(\|V\|>5c_5\sqrt m\mid X_t=x)\le e^{-c_5^2\theta d\log T})",
      .symbols =
          "typical: -log p_t(x) <= theta d log T; the paper asks theta >= c6, large enough: "
          "theta = 2 is enough here",
      .source = Source::quoted,
      .reference = "ODE (2408.02320) Lemma 1; theory.md section 6",
      .left =
          "sup of E||V||^k/m^{k/2} and of P(||V|| > 5 c5 sqrt(m)), c5 = 2, 3, 4. T = 128..1024 "
          "(full: 4096, four times the levels). Gaussians: every t, k = 2, 4 exact, k = 1, 3 "
          "between Hoelder's bounds, the tail between chi-square and normal tails. Mixtures: "
          "32 levels, branch and bound "
          "with the closed forms of the posterior mixture (erf, erfc). Scale mixtures: the same "
          "over |x|, k = 1, 3 by Hoelder, the tail by chi-square from above",
      .right = "the constants C1..C4; exp(-c5^2 theta d log T)",
      .falsifier = "a level and a typical x where one of the five certainly fails",
      .hypotheses = {pointwise_law(), second_moment_bound(kTypicalityFrom)},
      .parameters = {theta_parameter(),
                     {"C1", "12", "of E||V||"},
                     {"C2", "120", "of E||V||^2"},
                     {"C3", "1040", "of E||V||^3"},
                     {"C4", "10080", "of E||V||^4"},
                     {"tail factor", "5", "of c5 sqrt(m)"}},
      .controls =
          {{"C1 = 1.36 where 1.366 is reached at T = 1024", "mixture-far", {{"C1", "1.36"}}},
           {"C4 = 3.4 where 3.49 is reached at T = 1024", "mixture-far", {{"C4", "3.4"}}},
           {"C4 = 3.4 where 3.48 is reached in R^16",
            "two-scale:dim=16,weight=0.5,variances=0.1/4",
            {{"C4", "3.4"}}},
           {"1.5 c5 sqrt(m) in place of 5 c5 sqrt(m)", "gauss-flat", {{"tail factor", "1.5"}}}},
      .covers = kCoversTypical,
      .evaluate = moment_bounds};
}

}  // namespace

std::vector<Claim> typical_moment_claims() { return {claim_t2(), claim_t3(), claim_t4()}; }

}  // namespace lemmabench
