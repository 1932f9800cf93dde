#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "harness/studies/selftest/question.hpp"
#include "harness/studies/selftest/random_cases.hpp"

namespace lemmabench {
namespace {

constexpr long kMostEngineSteps = 40;
constexpr long kMostPlaneSteps = 16;

/// The second ask is about another text of the same law.
Question same_target(const Ask& ask, const std::string& other) {
  return two_asks(
      ask, [&](Ask& asked) { asked.request.target = other; }, SpectrumOrder::any);
}

/// A contaminated or two-scale law in one dimension is a mixture on the line.
Question radial_line(Dice& dice) {
  const Rational weight = dice.within(Rational(1, 100), Rational(99, 100));
  const Rational first = dice.magnitude(-3, 1);
  const Rational second = dice.magnitude(-3, 1);
  const Rational rest = Rational(1) - weight;
  const bool contaminated = dice.chance(40);
  const std::string radial = contaminated
                                 ? fmt::format("contaminated:dim=1,fraction={},variance={}",
                                               weight.text(), spec_number(first))
                                 : fmt::format("two-scale:dim=1,weight={},variances={}",
                                               weight.text(), spec_list({first, second}));
  const std::string line = mixture_text(
      {{weight, Rational(0), first}, {rest, Rational(0), contaminated ? Rational(1) : second}});
  Ask ask = random_ask(dice, line, kMostEngineSteps);
  ask.request.score =
      dice.chance(80) ? "exact" : "affine:size=" + spec_number(dice.magnitude(-4, -2));
  return same_target(ask, radial);
}

/// Two equal scales are one Gaussian, in any dimension.
Question radial_gaussian(Dice& dice) {
  const long dim = dice.chance(30) ? dice.between(1, 4096) : dice.between(1, 12);
  const std::string variance = spec_number(dice.magnitude(-5, 3));
  const std::string radial =
      fmt::format("two-scale:dim={},weight=1/3,variances={}/{}", dim, variance, variance);
  const Ask ask =
      random_ask(dice, fmt::format("gaussian:dim={},variance={}", dim, variance), kMostEngineSteps);
  return same_target(ask, radial);
}

/// The radial law at fewer digits against all of them.
Question radial_digits(Dice& dice) {
  const long dim = dice.chance(30) ? dice.between(1, 300) : dice.between(1, 8);
  const std::vector<std::string> targets{
      fmt::format("student-t:dim={},nu={}", dim,
                  spec_number(dice.within(Rational(1), Rational(9)))),
      fmt::format("laplace:dim={},variance={}", dim, spec_number(dice.magnitude(-2, 1))),
      fmt::format("shell:dim={},radius={}", dim, spec_number(dice.magnitude(-2, 0))),
      fmt::format("two-scale:dim={},weight=1/3,variances={}/{}", dim,
                  spec_number(dice.magnitude(-4, 0)), spec_number(dice.magnitude(-1, 3))),
      fmt::format("contaminated:dim={},fraction=0.05,variance={}", dim,
                  spec_number(dice.magnitude(-1, 3)))};
  const Ask ask = random_ask(dice, dice.one_of(targets), kMostEngineSteps);
  const long fewer = dice.between(3, 9);
  return two_asks(ask, [fewer](Ask& other) { other.request.digits = fewer; });
}

/// One copy of a mixture is that mixture; one bit of a hypercube or two points in one dimension are
/// two modes.
Question product_line(Dice& dice) {
  const Rational separation = dice.within(Rational(1, 10), Rational(3));
  const Rational variance = dice.magnitude(-2, 0);
  const std::string line = mixture_text({{Rational(1, 2), Rational(0) - separation, variance},
                                         {Rational(1, 2), separation, variance}});
  const std::string bits =
      fmt::format("separation={},variance={}", spec_number(separation), spec_number(variance));
  const std::vector<std::string> others{"hypercube:dim=1," + bits, "two-point:dim=1," + bits,
                                        "cloud:means=" + spec_number(Rational(0) - separation) +
                                            ";" + spec_number(separation) +
                                            ",variances=" + spec_number(variance)};
  return same_target(random_ask(dice, line, kMostEngineSteps), dice.one_of(others));
}

/// Factors of one component each are a Gaussian.
Question product_gaussian(Dice& dice) {
  const long copies = dice.chance(70) ? dice.between(1, 10) : dice.between(10, 100000);
  std::vector<RandomBlock> blocks = random_blocks(dice, 2, 20, Range::usual);
  const Rational mean = dice.signed_magnitude(-2, 0);
  const Rational variance = dice.magnitude(-2, 0);
  const std::string product =
      fmt::format("product:{},copies={},{}",
                  modes_text({{Rational(1, 3), mean, variance}, {Rational(2, 3), mean, variance}}),
                  copies, blocks_text(blocks));
  blocks.push_back({variance, copies, mean});
  return same_target(random_ask(dice, gaussian_text(blocks), kMostEngineSteps), product);
}

/// The factors of a product in another order, and one cut in two.
Question product_order(Dice& dice) {
  const std::vector<RandomMode> first = random_modes(dice, 3, Range::usual);
  const std::vector<RandomMode> second = random_modes(dice, 2, Range::usual);
  const long copies = dice.between(2, 30);
  const long others = dice.between(1, 5);
  const long cut = dice.between(1, copies - 1);
  const std::string one = fmt::format("product:{},copies={},{},copies2={}", modes_text(first),
                                      copies, modes_text(second, "2"), others);
  const std::string two =
      fmt::format("product:{},copies={},{},copies2={},{},copies3={}", modes_text(second), others,
                  modes_text(first, "2"), cut, modes_text(first, "3"), copies - cut);
  return same_target(random_ask(dice, one, kMostEngineSteps), two);
}

/// Four centres at the corners of a rectangle are a product of two mixtures of two points each; the
/// rectangle stands turned by the angle of cosine 3/5, so that the turned centres are decimals.
Question plane_product(Dice& dice) {
  const Rational cosine(3, 5);
  const Rational sine(4, 5);
  const Rational variance = dice.magnitude(-1, -1);
  const Rational a = dice.within(Rational(1, 10), Rational(3, 2));
  const Rational b = dice.within(Rational(1, 10), Rational(3, 2));
  const Rational share(dice.between(1, 9), 10);
  std::vector<std::string> centres;
  std::vector<Rational> weights;
  for (const long i : {-1L, 1L}) {
    for (const long j : {-1L, 1L}) {
      const Rational x = a * Rational(i);
      const Rational y = b * Rational(j);
      centres.push_back((cosine * x - sine * y).text() + "/" + (sine * x + cosine * y).text());
      weights.push_back((i < 0 ? share : Rational(1) - share) * Rational(1, 2));
    }
  }
  const std::string cloud =
      fmt::format("cloud:means={},variances={},weights={}", fmt::join(centres, ";"),
                  spec_number(variance), spec_list(weights));
  const std::string product = fmt::format(
      "product:{},{}",
      modes_text({{share, Rational(0) - a, variance}, {Rational(1) - share, a, variance}}),
      modes_text({{Rational(1, 2), Rational(0) - b, variance}, {Rational(1, 2), b, variance}},
                 "2"));
  return same_target(random_ask(dice, product, kMostPlaneSteps), cloud);
}

/// Centres on one line, in the plane or in space, are a mixture on the line and a Gaussian.
Question collinear_product(Dice& dice) {
  const long dim = dice.between(2, 4);
  const Rational variance = dice.magnitude(-2, 0);
  const long count = dice.between(2, 4);
  std::vector<std::string> centres;
  std::vector<RandomMode> modes;
  for (long k = 0; k < count; ++k) {
    const Rational at = dice.within(Rational(-3), Rational(3));
    std::vector<std::string> centre{(at * Rational(3, 5)).text(), (at * Rational(4, 5)).text()};
    centre.resize(static_cast<std::size_t>(dim), "0");
    centres.push_back(fmt::format("{}", fmt::join(centre, "/")));
    modes.push_back({Rational(1, count), at, variance});
  }
  const std::string cloud =
      fmt::format("cloud:means={},variances={}", fmt::join(centres, ";"), spec_number(variance));
  const std::string product =
      fmt::format("product:{},spectrum={}x{}", modes_text(modes), spec_number(variance), dim - 1);
  return same_target(random_ask(dice, product, kMostEngineSteps), cloud);
}

}  // namespace

std::vector<QuestionKind> engine_kinds() {
  return {{"radial-line", "a radial law in one dimension against the line", radial_line},
          {"radial-gaussian", "a radial law of one scale against balls", radial_gaussian},
          {"radial-digits", "the radial law at 3 to 9 digits against all", radial_digits},
          {"product-line", "a product of one factor against the line", product_line},
          {"product-gaussian", "a product of Gaussians against balls", product_gaussian},
          {"product-order", "the factors of a product reordered and cut", product_order},
          {"plane-product", "a turned rectangle of centres against a product", plane_product},
          {"collinear-product", "centres on a line against a product", collinear_product}};
}

}  // namespace lemmabench
