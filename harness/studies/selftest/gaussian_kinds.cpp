#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/studies/selftest/inequalities.hpp"
#include "harness/studies/selftest/question.hpp"
#include "harness/studies/selftest/random_cases.hpp"

namespace lemmabench {
namespace {

constexpr long kMostGaussianSteps = 60;

Ask gaussian_ask(Dice& dice, const std::vector<RandomBlock>& blocks) {
  Ask ask = random_ask(dice, gaussian_text(blocks), kMostGaussianSteps);
  ask.request.score = random_affine_score(dice);
  ask.local_errors = dice.chance(15);
  return ask;
}

std::vector<RandomBlock> any_blocks(Dice& dice) {
  return random_blocks(dice, 3, dice.chance(20) ? 1000000 : 40,
                       dice.chance(60) ? Range::extreme : Range::usual);
}

/// Balls at two precisions: the intervals must meet.
Question gaussian_digits(Dice& dice) {
  Ask ask = gaussian_ask(dice, any_blocks(dice));
  ask.request.digits = dice.between(2, 30);
  const long more = dice.between(40, 100);
  return two_asks(ask, [more](Ask& other) { other.request.digits = more; });
}

/// A proved ball against the other arithmetics inside their stated errors.
Question arithmetic(Dice& dice) {
  Ask ask = gaussian_ask(dice, any_blocks(dice));
  const LawArithmetic other_arithmetic =
      dice.chance(50) ? LawArithmetic::mp() : LawArithmetic::in_double();
  return two_asks(ask, [&](Ask& other) { other.request.arithmetic = other_arithmetic; });
}

/// Blocks cut in two and put in another order.
Question blocks(Dice& dice) {
  const std::vector<RandomBlock> blocks = any_blocks(dice);
  std::vector<RandomBlock> others;
  for (const RandomBlock& block : blocks) {
    const long first = dice.between(1, block.multiplicity);
    others.push_back({block.variance, first, block.mean});
    if (first < block.multiplicity) {
      others.push_back({block.variance, block.multiplicity - first, block.mean});
    }
  }
  std::rotate(others.begin(),
              others.begin() + dice.between(0, static_cast<long>(others.size()) - 1), others.end());
  Ask ask = gaussian_ask(dice, blocks);
  ask.request.digits = dice.between(5, 40);
  return two_asks(
      ask, [&](Ask& other) { other.request.target = gaussian_text(others); }, SpectrumOrder::any);
}

/// The mean of an isotropic block turned onto one axis (4 coordinates of mean m, or one of 2 m),
/// and every mean mirrored.
Question rotation(Dice& dice) {
  std::vector<RandomBlock> blocks = any_blocks(dice);
  blocks[0].multiplicity = 4;
  if (blocks[0].mean.sign() == 0) {
    blocks[0].mean = dice.signed_magnitude(-3, 0);
  }
  std::vector<RandomBlock> others = blocks;
  for (RandomBlock& block : others) {
    block.mean = Rational(0) - block.mean;
  }
  others[0].multiplicity = 1;
  others[0].mean = others[0].mean * Rational(2);
  others.push_back({blocks[0].variance, 3, Rational(0)});
  Ask ask = gaussian_ask(dice, blocks);
  ask.request.score = "exact";  // a shift of the score is along a fixed direction
  return two_asks(
      ask, [&](Ask& other) { other.request.target = gaussian_text(others); }, SpectrumOrder::any);
}

/// The certificate, by sampling, bounds what is proved.
Question gaussian_certificate(Dice& dice) {
  Ask ask = random_ask(dice, gaussian_text(random_blocks(dice, 3, 20, Range::usual)), 40);
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

std::vector<QuestionKind> gaussian_kinds() {
  return {{"ball-digits", "balls at 2 to 30 digits against balls at 40 to 100", gaussian_digits},
          {"ball-arithmetic", "balls against double or mp", arithmetic},
          {"gaussian-blocks", "a spectrum with its blocks cut and reordered", blocks},
          {"gaussian-rotation", "a mean turned and mirrored", rotation},
          {"certificate", "the sampled bound against the proved value", gaussian_certificate}};
}

}  // namespace lemmabench
