#include <fmt/format.h>

#include <utility>

#include "harness/studies/selftest/levels.hpp"
#include "harness/studies/selftest/question.hpp"
#include "harness/studies/selftest/random_cases.hpp"
#include "numerics/chi_square.hpp"
#include "numerics/exact_ball.hpp"
#include "numerics/incomplete_gamma.hpp"
#include "numerics/mp.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

namespace lemmabench {
namespace {

/// Rounding of a schedule in floats: a handful of operations a step, a cap of beta at 0.999 that
/// costs a factor 1000, and the differences sigma_i - sigma_{i-1} of T neighbours (karras), whose
/// power of rho <= 9 is one more.
Rational schedule_rounding(long steps, long digits) {
  return Rational(100 * (steps + 1000)) * Rational::parse(fmt::format("1e-{}", digits), "digits");
}

Question schedule(Dice& dice) {
  const long steps = random_steps(dice, 120);
  const ScheduleKind kind = random_schedule(dice, steps);
  const std::vector<long> precisions{64, 128, 180, 256, 400};
  const long bits = dice.one_of(precisions);
  Question out;
  out.subject = fmt::format("levels of {} at T = {}", text(kind), steps);
  out.alone = [=] {
    std::vector<Compared> all = check_levels(kind, levels_in_balls(kind, steps, bits));
    const auto add = [&](const char* scalar, const ClaimedLevels& levels) {
      for (Compared& one : check_levels(kind, levels)) {
        one.what += std::string(" in ") + scalar;
        all.push_back(std::move(one));
      }
    };
    add("double", levels_in_floats<double>(kind, steps, schedule_rounding(steps, 16)));
    add("Mp40", levels_in_floats<Mp40>(kind, steps, schedule_rounding(steps, 39)));
    add("Mp80", levels_in_floats<Mp80>(kind, steps, schedule_rounding(steps, 79)));
    return all;
  };
  return out;
}

/// TV of two Gaussians: the chi-square or erf route against the contour, and the estimates.
Question gaussian_pair(Dice& dice) {
  const Rational e = dice.chance(20) ? Rational(0)
                                     : dice.magnitude(-40, 6) * Rational(dice.chance(50) ? 1 : 0) +
                                           dice.within(Rational(-9, 10), Rational(3));
  const Rational shift = dice.chance(50) ? Rational(0) : dice.magnitude(-30, 2);
  const long dim = dice.chance(70) ? dice.between(1, 10) : dice.between(1, 5000);
  const long digits = dice.between(3, 50);
  Question out;
  out.subject = fmt::format("TV at e = {}, shift = {}, d = {}, {} digits", e.text(), shift.text(),
                            dim, digits);
  out.alone = [=] {
    const PrecisionScope scope(512);
    const std::vector<RelativeBlock<Ball>> one{{Ball(e), Ball(shift), dim}};
    const Ball direct = total_variation(RelativeBlocks<Ball>(one), digits).enclosure();
    const Ball contour = total_variation_by_contour(RelativeBlocks<Ball>(one), digits).enclosure();
    std::vector<Compared> all{same_number("two routes", direct, contour)};
    const std::vector<RelativeBlock<double>> in_double{{e.to_double(), shift.to_double(), dim}};
    const auto estimate = estimate_total_variation(RelativeBlocks<double>(in_double));
    // e and shift are rounded to double first: a relative change of 1e-15 in TV or 1 - TV.
    const Ball error = Ball::exactly(estimate.error) + Ball::exactly(1e-15);
    all.push_back(
        same_number("double", direct, Ball::around(Ball::exactly(estimate.value), error)));
    return all;
  };
  return out;
}

/// P + Q = 1, the recurrence in d, and Boost in double.
Question chi_square(Dice& dice) {
  const long d = dice.chance(60) ? dice.between(1, 20) : dice.between(1, 5000);
  const Rational x = dice.chance(60) ? Rational(d) * dice.within(Rational(1, 2), Rational(2))
                                     : dice.magnitude(-8, 3);
  const long bits = dice.between(64, 400);
  Question out;
  out.subject = fmt::format("chi-square distribution, d = {}, x = {}, {} bits", d, x.text(), bits);
  out.alone = [=] {
    const PrecisionScope scope(bits);
    const Ball at(x);
    const Ball lower = chi_square_lower(at, d);
    const Ball upper = chi_square_upper(at, d);
    const Ball half = at / 2;
    const Ball term =
        exp(Ball(Rational(d, 2)) * log(half) - half - lgamma(Ball(Rational(d + 2, 2))));
    std::vector<Compared> all{
        same_number("P + Q = 1", lower + upper, Ball(1)),
        same_number("P_{d+2} = P_d - term", chi_square_lower(at, d + 2), lower - term)};
    const double boost = regularised_gamma_p(static_cast<double>(d) / 2, x.to_double() / 2);
    // "a few hundred eps", and x and d/2 rounded: sqrt(d) |x - d| of them in the tail.
    const double rounding = 1e-12 * (1 + static_cast<double>(d)) * boost + 1e-300;
    all.push_back(
        same_number("Boost", lower, Ball::around(Ball::exactly(boost), Ball::exactly(rounding))));
    return all;
  };
  return out;
}

}  // namespace

std::vector<QuestionKind> library_kinds() {
  return {
      {"schedule", "levels in balls, double and mp against the definition at 4096 bits", schedule},
      {"gaussian-pair", "TV of two Gaussians by two routes and in double", gaussian_pair},
      {"chi-square", "the chi-square distribution by three routes", chi_square}};
}

}  // namespace lemmabench
