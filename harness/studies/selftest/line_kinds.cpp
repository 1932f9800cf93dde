#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/studies/selftest/inequalities.hpp"
#include "harness/studies/selftest/question.hpp"
#include "harness/studies/selftest/random_cases.hpp"

namespace lemmabench {
namespace {

constexpr long kMostLineSteps = 60;
constexpr long kMostMpSteps = 8;

std::vector<RandomMode> any_modes(Dice& dice) {
  return random_modes(dice, 4, dice.chance(60) ? Range::extreme : Range::usual);
}

Ask line_ask(Dice& dice, const std::string& target, long most_steps) {
  Ask ask = random_ask(dice, target, most_steps);
  ask.request.score = random_score(dice);
  ask.local_errors = dice.chance(10);
  return ask;
}

/// Double against multiprecision: 16 to 26 digits, or 40 where the steps are few (at 40 digits a
/// step of one component takes a second).
Question line_digits(Dice& dice) {
  Ask ask = line_ask(dice, mixture_text(random_modes(dice, 3, Range::extreme)), kMostMpSteps);
  ask.local_errors = ask.local_errors && ask.request.steps <= 4;
  const long more = ask.request.steps <= 3 && dice.chance(50) ? 40 : dice.between(16, 26);
  return two_asks(ask, [more](Ask& other) { other.request.digits = more; });
}

/// One component, cut in two or three equal ones or not, against the Gaussian law in balls.
Question gaussian(Dice& dice) {
  std::vector<RandomBlock> blocks = random_blocks(dice, 1, 1, Range::usual);
  if (dice.chance(30)) {
    blocks[0].variance = dice.magnitude(-8, 4);
  }
  Ask ask = random_ask(dice, gaussian_text(blocks), kMostLineSteps);
  ask.request.score = random_affine_score(dice);
  std::vector<RandomMode> modes{{Rational(1), blocks[0].mean, blocks[0].variance}};
  if (dice.chance(30)) {
    modes[0].weight = Rational(1, 4);
    modes.push_back({Rational(3, 4), blocks[0].mean, blocks[0].variance});
  }
  return two_asks(ask, [&](Ask& other) { other.request.target = mixture_text(modes); });
}

/// The mirror image, with a component cut in two and the others in another order.
Question symmetry(Dice& dice) {
  const std::vector<RandomMode> modes = any_modes(dice);
  std::vector<RandomMode> others = modes;
  others[0].weight = others[0].weight / Rational(2);
  others.push_back(others[0]);
  for (RandomMode& mode : others) {
    mode.mean = Rational(0) - mode.mean;
  }
  std::rotate(others.begin(),
              others.begin() + dice.between(0, static_cast<long>(others.size()) - 1), others.end());
  Ask ask = line_ask(dice, mixture_text(modes), kMostLineSteps);
  ask.request.score = "exact";  // an estimate with a shift or a wave has no mirror symmetry
  return two_asks(ask, [&](Ask& other) { other.request.target = mixture_text(others); });
}

/// The path certificate bounds what is computed.
Question line_certificate(Dice& dice) {
  Ask ask = random_ask(dice, mixture_text(random_modes(dice, 3, Range::usual)), 30);
  // The flow of the certificate runs to noise 1-abar_t-2b_t: every h_t is below 1/2, and far below.
  ask.request.steps = dice.between(10, 40);
  const Rational steps(ask.request.steps);
  ask.request.schedule = LiCaiSchedule{dice.within(Rational(1, 2), Rational(2)),
                                       steps * dice.within(Rational(1, 100), Rational(8, 100))};
  const std::vector<std::string> one_kernel{"ddpm", "li-cai", "li-cai-momentum"};
  ask.request.sampler = dice.one_of(one_kernel);
  Question out = two_asks(ask, [](Ask& other) {
    other.request.arithmetic = LawArithmetic::certificate(Rational(1, 20), "selftest");
  });
  out.compare = [](const std::vector<Reply>& replies) {
    return certified(replies[0].result, replies[1].result);
  };
  return out;
}

}  // namespace

std::vector<QuestionKind> line_kinds() {
  return {
      {"line-digits", "the line law in double against 16 to 40 digits", line_digits},
      {"line-gaussian", "one component on the line against the Gaussian law in balls", gaussian},
      {"line-symmetry", "the mirror image with a component cut in two", symmetry},
      {"line-certificate", "the sampled bound against the line law", line_certificate}};
}

}  // namespace lemmabench
