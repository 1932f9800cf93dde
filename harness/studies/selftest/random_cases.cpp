#include "harness/studies/selftest/random_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <variant>

#include "cases/sampler.hpp"
#include "harness/studies/selftest/ask.hpp"
#include "numerics/ball.hpp"

namespace lemmabench {
namespace {

Rational power_of_ten(long exponent) {
  return Rational::parse(fmt::format("1e{}", exponent), "10");
}

bool whole(const Rational& x) { return fmpz_is_one(fmpq_denref(x.raw())) != 0; }

/// The midpoint of x to `digits` significant digits.
Rational cut(const Ball& x, long digits) {
  const DecimalEnclosure text = to_decimal(x, digits);
  return Rational::parse(text.value, "cut");
}

Rational random_variance(Dice& dice, Range range) {
  if (range == Range::extreme && dice.chance(25)) {
    return dice.chance(50) ? dice.magnitude(-60, 59) : dice.magnitude(-9, 8);
  }
  return dice.chance(10) ? Rational(1) : dice.magnitude(-2, 0);
}

Rational random_mean(Dice& dice, Range range) {
  if (dice.chance(40)) {
    return Rational(0);
  }
  if (range == Range::extreme && dice.chance(20)) {
    return dice.signed_magnitude(-20, 3);
  }
  return dice.signed_magnitude(-3, 0);
}

/// x (1 + 10^-k), k from 1 to 30.
Rational nearly(Dice& dice, const Rational& x) {
  return x * (Rational(1) + power_of_ten(-dice.between(1, 30)));
}

}  // namespace

// ---- writing ------------------------------------------------------------------------------------

std::string spec_number(const Rational& x) {
  constexpr long kLargest = 130;
  if (x.sign() == 0) {
    return "0";
  }
  for (long exponent = kLargest; exponent >= -kLargest; --exponent) {
    const Rational mantissa = x / power_of_ten(exponent);
    if (!whole(mantissa)) {
      continue;
    }
    return exponent == 0 || (exponent < 0 && exponent > -7) || (exponent > 0 && exponent < 7)
               ? x.text()
               : fmt::format("{}e{}", mantissa.fraction(), exponent);
  }
  return x.fraction();
}

std::string spec_list(const std::vector<Rational>& numbers) {
  std::vector<std::string> texts;
  std::string separator = "/";
  for (const Rational& x : numbers) {
    texts.push_back(spec_number(x));
    separator = texts.back().find('/') != std::string::npos ? ";" : separator;
  }
  const bool lone = separator == ";" && texts.size() == 1;
  return fmt::format("{}{}", fmt::join(texts, separator), lone ? ";" : "");
}

std::string modes_text(const std::vector<RandomMode>& modes, const std::string& suffix) {
  std::vector<Rational> weights;
  std::vector<Rational> means;
  std::vector<Rational> variances;
  for (const RandomMode& mode : modes) {
    weights.push_back(mode.weight);
    means.push_back(mode.mean);
    variances.push_back(mode.variance);
  }
  return fmt::format("weights{0}={1},means{0}={2},variances{0}={3}", suffix, spec_list(weights),
                     spec_list(means), spec_list(variances));
}

std::string mixture_text(const std::vector<RandomMode>& modes) {
  return "mixture:" + modes_text(modes);
}

std::string blocks_text(const std::vector<RandomBlock>& blocks) {
  std::vector<std::string> spectrum;
  std::vector<Rational> means;
  bool centred = true;
  for (const RandomBlock& block : blocks) {
    spectrum.push_back(block.multiplicity == 1
                           ? spec_number(block.variance)
                           : fmt::format("{}x{}", spec_number(block.variance), block.multiplicity));
    means.push_back(block.mean);
    centred = centred && block.mean.sign() == 0;
  }
  const std::string text = fmt::format("spectrum={}", fmt::join(spectrum, "+"));
  return centred ? text : text + ",mean=" + spec_list(means);
}

std::string gaussian_text(const std::vector<RandomBlock>& blocks) {
  return "gaussian:" + blocks_text(blocks);
}

// ---- targets ------------------------------------------------------------------------------------

std::vector<RandomMode> random_modes(Dice& dice, long most, Range range) {
  const long count = dice.between(1, most);
  std::vector<RandomMode> modes;
  Rational left(1);
  for (long i = 0; i < count; ++i) {
    RandomMode mode;
    const bool tiny = range == Range::extreme && dice.chance(10);
    const Rational share(dice.between(1, 9), 10);
    mode.weight =
        i + 1 == count ? left : left * (tiny ? power_of_ten(-dice.between(1, 12)) : share);
    left = left - mode.weight;
    mode.variance = range == Range::extreme && dice.chance(10)
                        ? dice.magnitude(-9, 5)
                        : random_variance(dice, Range::usual);
    mode.mean = random_mean(dice, range);
    if (i > 0 && dice.chance(15)) {
      mode.variance = dice.chance(50) ? modes[0].variance : nearly(dice, modes[0].variance);
      mode.mean = dice.chance(50) ? modes[0].mean : mode.mean;
    }
    modes.push_back(std::move(mode));
  }
  return modes;
}

std::vector<RandomBlock> random_blocks(Dice& dice, long most, long most_copies, Range range) {
  const long count = dice.between(1, most);
  std::vector<RandomBlock> blocks;
  for (long i = 0; i < count; ++i) {
    RandomBlock block;
    block.variance = random_variance(dice, range);
    if (i > 0 && dice.chance(15)) {
      block.variance = nearly(dice, blocks[0].variance);
    }
    block.mean = random_mean(dice, range);
    block.multiplicity = dice.chance(50) ? 1 : dice.between(1, dice.chance(70) ? 6 : most_copies);
    block.multiplicity = std::min(block.multiplicity, most_copies);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

// ---- schedules ----------------------------------------------------------------------------------

long random_steps(Dice& dice, long most) {
  const long steps = dice.chance(30) ? dice.between(2, 6) : dice.between(5, most);
  return std::min(steps, most);
}

Rational tied_c1(const Rational& c0, long steps, long power, long digits) {
  const PrecisionScope scope(600);
  const Ball horizon(steps);
  const Ball scale = expm1(Ball(c0) * log(horizon) / Ball(power));
  return cut(scale * horizon / log(horizon), digits);
}

namespace {

/// c1 with L = c1 log T/T from 0.05 to 0.4, mostly where every h_t is below 1/2.
Rational random_c1(Dice& dice, long steps) {
  const PrecisionScope scope(128);
  const Ball horizon(steps);
  return cut(Ball(dice.within(Rational(1, 20), Rational(8, 20))) * horizon / log(horizon), 4);
}

ScheduleKind two_phase(Dice& dice, long steps) {
  const Rational c0 = dice.within(Rational(1, 5), Rational(3));
  if (steps < 8 || dice.chance(40)) {
    return TwoPhaseSchedule{c0, random_c1(dice, steps)};
  }
  // L = T^(c0/power) - 1 stays below 0.4 from power = c0 log T/log(1.4) on.
  const double least = c0.to_double() * std::log(static_cast<double>(steps)) / std::log(1.4);
  const long low = static_cast<long>(least) + 1;
  const long power = dice.between(std::min(low, steps), steps);
  return TwoPhaseSchedule{c0, tied_c1(c0, steps, power, dice.between(18, 38))};
}

ScheduleKind logit(Dice& dice, long steps) {
  const Rational from = dice.chance(80) ? dice.within(Rational(-12), Rational(0))
                                        : dice.within(Rational(-60), Rational(30));
  const Rational spacing = dice.within(Rational(1, 100), Rational(68, 100));
  return LogitSchedule{from, from + spacing * Rational(steps - 1)};
}

/// Levels of training to pick `steps` from.
Training training(Dice& dice, long steps) {
  Training out{dice.chance(50) ? 1000 : dice.between(std::max(steps, 2L), 1000)};
  out.spacing =
      dice.one_of(std::vector<Spacing>{Spacing::leading, Spacing::trailing, Spacing::linspace});
  // The last of the picked is (steps-1) floor(train/steps) without an offset.
  const long room = out.levels - 1 - (steps - 1) * (out.levels / steps);
  if (out.spacing == Spacing::leading && out.levels - steps >= 1 && room >= 1 && dice.chance(50)) {
    out.offset = 1;
  }
  return out;
}

/// What practice picks from levels of training, and its geometric and flow levels.
ScheduleKind practical(Dice& dice, long steps) {
  switch (dice.between(0, 4)) {
    case 0: {
      const Rational last = dice.within(Rational(1, 1000), Rational(1, 20));
      return ScaledLinearSchedule{last * dice.within(Rational(1, 1000), Rational(1)), last,
                                  training(dice, steps)};
    }
    case 1: {
      const Rational last = dice.within(Rational(1, 1000), Rational(1, 20));
      return LinearSchedule{last * dice.within(Rational(1, 1000), Rational(1)), last,
                            training(dice, steps)};
    }
    case 2:
      return CosineSchedule{Rational(8, 1000), training(dice, steps)};
    case 3:
      return ExponentialSchedule{dice.magnitude(-5, -2), dice.magnitude(0, 2)};
    default:
      return FlowSchedule{dice.within(Rational(1, 5), Rational(6)),
                          dice.chance(25) ? Rational(1) : Rational(1) - dice.magnitude(-5, -2),
                          dice.chance(25) ? Rational(0) : dice.magnitude(-5, -2)};
  }
}

/// Levels of one's own: falling sigmas, equal neighbours at times, and at the ends no signal and no
/// noise; or the same as abar (1 and 0 at the ends).
ScheduleKind listed(Dice& dice, long steps) {
  std::vector<double> sigmas;
  for (long i = 0; i < steps; ++i) {
    sigmas.push_back(dice.magnitude(-2, 1).to_double());
  }
  std::sort(sigmas.begin(), sigmas.end(), std::greater<>());
  for (std::size_t i = 1; i < sigmas.size(); ++i) {
    sigmas[i] = dice.chance(10) ? sigmas[i - 1] : sigmas[i];
  }
  if (dice.chance(40)) {
    sigmas.front() = std::numeric_limits<double>::infinity();
  }
  if (dice.chance(40)) {
    sigmas.back() = 0;
  }
  const LevelScale scale = dice.chance(70) ? LevelScale::sigma : LevelScale::abar;
  for (double& x : sigmas) {
    x = scale == LevelScale::abar ? 1 / (1 + x * x) : x;
  }
  return levels_of_text(levels_text(listed_schedule(scale, std::move(sigmas), "selftest")), scale);
}

}  // namespace

ScheduleKind random_schedule(Dice& dice, long steps) {
  switch (dice.between(0, 11)) {
    case 0:
    case 1:
      return two_phase(dice, steps);
    case 2:
    case 3:
      return logit(dice, steps);
    case 4: {
      const Rational most = Rational(99 * steps, 100000);
      const Rational last = dice.within(Rational(1, 1000), Rational(1)) * most;
      return LinearSchedule{last * dice.within(Rational(1, 1000), Rational(1)),
                            std::min(last, Rational(99, 100))};
    }
    case 5:
      return CosineSchedule{dice.chance(50) ? Rational(8, 1000) : dice.magnitude(-6, -2)};
    case 6:
      return KarrasSchedule{dice.magnitude(-5, -2), dice.magnitude(0, 2),
                            dice.within(Rational(1), Rational(9))};
    case 7:
    case 8:
      return practical(dice, steps);
    case 9:
    case 10:
      return listed(dice, steps);
    default:
      return LiCaiSchedule{dice.within(Rational(1, 5), Rational(4)), random_c1(dice, steps)};
  }
}

// ---- samplers and scores ------------------------------------------------------------------------

namespace {

/// Options of the keys that the sampler says it takes.
std::string random_options(Dice& dice, std::string_view keys) {
  const auto takes = [&](std::string_view key) { return keys.find(key) != std::string_view::npos; };
  std::vector<std::string> out;
  if (takes("draw=")) {
    out.push_back(fmt::format("draw={},seed={}", dice.between(0, 3), dice.between(1, 9)));
  }
  if (takes("rounds=")) {
    out.push_back(fmt::format("rounds={}", dice.between(1, 3)));
  }
  if (takes("eta=")) {
    out.push_back("eta=" + dice.within(Rational(0), Rational(1)).text());
  }
  if (takes("churn=")) {
    out.push_back("churn=" + spec_number(dice.magnitude(-1, 4)));
    out.push_back("noise=" + dice.within(Rational(9, 10), Rational(11, 10)).text());
  }
  if (takes("kappa=") && dice.chance(40)) {
    out.push_back("kappa=" + dice.within(Rational(0), Rational(2)).text());
  }
  if (takes("refinements=") && dice.chance(30)) {
    out.push_back(fmt::format("refinements={}", dice.between(1, 6)));
  }
  return fmt::format("{}", fmt::join(out, ","));
}

}  // namespace

std::string random_sampler(Dice& dice) {
  const SamplerInfo& info = *dice.one_of(all_samplers());
  const std::string options = random_options(dice, info.options);
  const std::string id(info.id);
  if (!options.empty() && dice.chance(80)) {
    return id + ":" + options;
  }
  const bool averaged = info.options.find("draw=") != std::string_view::npos;
  if (averaged) {
    return id + ":draw=0";
  }
  if (!dice.chance(15)) {
    return id;
  }
  const std::vector<std::string> bugs{
      "scale,of=b,by=1.01",      "score-level,by=1",    "noise-scale,by=0.9",
      "noise-scale,by=-1.1",     "state-scale,by=1.2",  "score-scale,by=0.8",
      "skip,at=middle",          "repeat,at=last",      "round,by=24",
      "noise-scale,by=0",        "noise-scale,by=1e-9", "overshoot,by=0.3",
      "noise-scale,by=0,at=last"};
  return fmt::format("mutant:base={},bug={}", id, dice.one_of(bugs));
}

std::string random_sampler_on(Dice& dice, const ScheduleKind& schedule, long steps) {
  // The others have signal everywhere, or may not exist for so many steps.
  const bool may_start = std::holds_alternative<ListedSchedule>(schedule) ||
                         std::holds_alternative<FlowSchedule>(schedule);
  if (!may_start || dice.chance(10) ||
      !Schedule<double>(schedule, steps, StepBound::whole, EndLevels::closed).from_noise()) {
    return random_sampler(dice);
  }
  const std::vector<std::string> starting{
      "ddim-coefficient", "ddpm-posterior",
      "euler-ancestral:eta=" + dice.within(Rational(0), Rational(1)).text(), "dpmpp-2m",
      "dpmpp-2m-sde"};
  return dice.one_of(starting);
}

std::string random_affine_score(Dice& dice) {
  if (dice.chance(75)) {
    return "exact";
  }
  std::string out = "affine:size=" + spec_number(dice.magnitude(-6, -1));
  if (dice.chance(50)) {
    out += ",shift=" + dice.within(Rational(0), Rational(1)).text();
  }
  return out;
}

std::string random_score(Dice& dice) {
  return dice.chance(85) ? random_affine_score(dice)
                         : "wave:size=" + spec_number(dice.magnitude(-4, -1));
}

}  // namespace lemmabench
