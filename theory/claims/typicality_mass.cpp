#include <fmt/format.h>

#include "numerics/error.hpp"
#include "theory/claims/typicality.hpp"
#include "theory/radial/student_radius.hpp"
#include "theory/radial/typical_mass.hpp"

/// Claim T1: X_t is typical, but for a probability that the second moment bounds.
namespace lemmabench {
namespace {

constexpr long kMixtureLevels = 32;
constexpr long kStudentLevels = 2;
constexpr long kMostFreedom = 200;

/// One T: how the probability of leaving the typical set compares with the bound.
class MassCheck {
 public:
  MassCheck(const Trial& trial, long steps, Comparisons& out)
      : trial_(trial),
        out_(out),
        steps_(steps),
        dim_(trial.target().dim()),
        log_steps_(log(Ball(steps))),
        bound_(trial.ball("theta") * Ball(dim_) * log_steps_) {}

  /// theta d log T.
  const Ball& bound() const { return bound_; }

  void compare(const Ball& outside, const Ball& second_moment, long t) {
    const Ball right = typical_mass_bound(second_moment, dim_, trial_.number("theta"), steps_,
                                          trial_.number("moment"));
    const Place place{.steps = steps_, .t = t};
    out_.at_most(outside, right, place);
    out_.smallest_constant(outside, right, place);
    if (!largest_ || largest_->less_than(outside) == Truth::certainly) {
      largest_ = outside;
    }
  }

  /// The exponent of T in the largest probability.
  std::string summary() const {
    return fmt::format("largest P at T = {}: {} = T^{:.3g}", steps_, to_decimal(*largest_, 3).value,
                       (log(largest_->midpoint()) / log_steps_).to_double());
  }

 private:
  const Trial& trial_;
  Comparisons& out_;
  long steps_;
  long dim_;
  Ball log_steps_;
  Ball bound_;
  std::optional<Ball> largest_;
};

void gaussian_mass(const Trial& trial, const Schedule<Ball>& schedule, MassCheck& check) {
  for (int t = 1; t <= schedule.steps(); ++t) {
    const TypicalEllipsoid set(*trial.target().product(), schedule.level(t), check.bound());
    check.compare(set.mass_outside(), set.second_moment(), t);
  }
}

void mixture_mass(const Trial& trial, const Schedule<Ball>& schedule, MassCheck& check) {
  const ProductLaw& law = *trial.target().product();
  const Ball second_moment(law.second_moment());
  for (const long t : sampled_levels(schedule.steps(), kMixtureLevels)) {
    const Level<Ball>& level = schedule.level(static_cast<int>(t));
    const TypicalMixture set(law.coordinates.front(), level, check.bound());
    check.compare(set.mass_outside(), level.abar * second_moment + level.noise, t);
  }
}

void scale_mixture_mass(const ScaleMixtureLaw& law, const Schedule<Ball>& schedule,
                        MassCheck& check) {
  const Ball second_moment(law.second_moment());
  const Ball dim(law.dim);
  for (const long t : sampled_levels(schedule.steps(), kMixtureLevels)) {
    const Level<Ball>& level = schedule.level(static_cast<int>(t));
    const TypicalBall set(law, level, check.bound());
    check.compare(set.mass_outside(), level.abar * second_moment + level.noise * dim, t);
  }
}

void product_mass(const ProductLaw& law, const Schedule<Ball>& schedule, long levels,
                  MassCheck& check) {
  const Ball second_moment(law.second_moment());
  const Ball dim(law.dim());
  for (const long t : sampled_levels(schedule.steps(), levels)) {
    const Level<Ball>& level = schedule.level(static_cast<int>(t));
    const TypicalProduct set(law, level, check.bound());
    check.compare(set.mass_outside(), level.abar * second_moment + level.noise * dim, t);
  }
}

void student_mass(const Trial& trial, const Schedule<Ball>& schedule, MassCheck& check) {
  const StudentLaw& law = *trial.target().student();
  // With many degrees of freedom W is nearly 1, and the integrals over log W look for a needle.
  if (Rational(kMostFreedom) < law.nu) {
    throw EngineRefusal(fmt::format("nu = {}: the integrals over W are made for nu up to {}",
                                    short_text(law.nu), kMostFreedom));
  }
  for (const long t : sampled_levels(schedule.steps(), kStudentLevels)) {
    const StudentMarginal marginal(law.dim, law.nu, schedule.level(static_cast<int>(t)));
    check.compare(mass_outside_typical(marginal, check.bound()), marginal.second_moment(), t);
  }
}

/// How many levels are looked at for one T; 0: all.
long levels_of(const Trial& trial) {
  if (trial.target().student() != nullptr) {
    return kStudentLevels;
  }
  if (trial.target().independent_mixtures()) {
    return kMixtureLevels / 4;
  }
  return trial.target().gaussian() ? 0 : kMixtureLevels;
}

Coverage typical_mass(const Trial& trial, Comparisons& out) {
  for (const long steps : typicality_ladder(trial)) {
    const Schedule<Ball> schedule(LiCaiSchedule{}, static_cast<int>(steps));
    MassCheck check(trial, steps, out);
    if (trial.target().student() != nullptr) {
      student_mass(trial, schedule, check);
    } else if (trial.target().gaussian()) {
      gaussian_mass(trial, schedule, check);
    } else if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
      scale_mixture_mass(*law, schedule, check);
    } else if (trial.target().independent_mixtures()) {
      product_mass(*trial.target().product(), schedule, levels_of(trial), check);
    } else {
      mixture_mass(trial, schedule, check);
    }
    if (steps == typicality_ladder(trial).back()) {
      out.note(check.summary());
    }
  }
  return typicality_coverage(trial, levels_of(trial));
}

Claim claim_t1() {
  return {
      .id = "T1",
      .title = "X_t is typical with high probability",
      .domain = ClaimDomain::targets,
      .kind = ClaimKind::inequality,
      .statement =
          "P(-log p_t(X_t) > theta d log T) <= (E||X_t||^2 + V_d) T^{-2 theta d/(d+2)} "
          "for every t and every law with a finite second moment",
      .latex = R"(P\{-\log p_t(X_t)>\theta d\log T\}\le )"
               R"((\mathbb E\|X_t\|^2+V_d)\,T^{-2\theta d/(d+2)})",
      .symbols =
          "V_d = pi^{d/2}/Gamma(d/2+1), the volume of the unit ball; E||X_t||^2 = abar_t "
          "E||X_0||^2 + (1-abar_t) d",
      .source = Source::derived,
      .reference =
          "theory.md section 6 says that it is small and that the second moment enters; "
          "explicit form: P <= E||X_t||^2/R^2 + V_d R^d T^{-theta d}, by Markov and "
          "by p_t < T^{-theta d} on what is left of a ball of radius R = T^{theta d/(d+2)}",
      .left =
          "Gaussians: P(chi2_d > R_t^2), every t. Mixtures: the mass of the complement of the "
          "typical intervals, bounded by sign tests on boxes, at 32 levels. Independent mixtures: "
          "between one coordinate beyond what the others leave it and Chernoff's bound, at 8 "
          "levels. Student-t: "
          "P(||X_t|| > r_t) at t = 1, T/2 and T by rigorous integrals over log W, r_t enclosed. "
          "T = 128..1024 (full: 4096)",
      .right = "(E||X_t||^2 + V_d) T^{-m theta d/(d+2)} with m = 2, in balls",
      .falsifier = "a level whose probability certainly exceeds the bound",
      .hypotheses = {{"a finite mixture of Gaussians with independent coordinates, a finite scale "
                      "mixture or a Student-t law",
                      [](const Case&) { return std::string(); }},
                     second_moment_bound(kTypicalityFrom)},
      .parameters = {theta_parameter(),
                     {"moment", "2", "m, the moment that Markov's inequality uses"}},
      .controls = {{"m = 3: as if the third moment were finite",
                    "student-t:dim=1,nu=2.1",
                    {{"moment", "3"}}},
                   {"m = 4: the density itself falls no faster",
                    "two-scale:dim=1,weight=0.5,variances=0.05/1",
                    {{"moment", "4"}}},
                   {"m = 40, in independent coordinates",
                    "hypercube:dim=4,separation=1,variance=0.1",
                    {{"moment", "40"}}}},
      .covers = "instances: the T named; at each every t (Gaussians) or the levels named",
      .evaluate = typical_mass};
}

}  // namespace

std::vector<Claim> typical_mass_claims() { return {claim_t1()}; }

}  // namespace lemmabench
