#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>

#include "cases/expression/parse_expression.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "cases/samplers/file_sampler.hpp"
#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;
using lemmabench::test::PointWalk;

namespace {

Step<double> some_step() {
  const Schedule<double> schedule(LiCaiSchedule{Rational(1), Rational(5)}, 100);
  return make_step(schedule, 60, 3);
}

double at(const std::string& text, const Step<double>& c) {
  return parse_expression(text, "test").value(c);
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parse_expression(text, "mine.toml:7: y"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "taken";
}

std::string sampler_refusal(const std::string& document) {
  try {
    static_cast<void>(parse_expression_sampler(document, "mine.toml"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "taken";
}

std::string example(const std::string& name) {
  return LEMMABENCH_SOURCE_DIR "/examples/own_toml/" + name + ".toml";
}

}  // namespace

TEST_CASE("expressions mean what C++ means by them") {
  const Step<double> c = some_step();
  CHECK(at("1 + 2*3 - 4/8", c) == 6.5);
  CHECK(at("-2^2", c) == -4);
  CHECK(at("(-2)^2", c) == 4);
  CHECK(at("2^-3", c) == 0.125);
  CHECK(at("7 - 2 - 1", c) == 4);
  CHECK(at("8/2/2", c) == 2);
  CHECK(at("-1--1", c) == 0);
  CHECK(at("2*-3", c) == -6);
  CHECK(at("1.5e-2", c) == 0.015);
  CHECK(at("b/(2*sqrt(alpha))", c) == c.b / (2 * std::sqrt(c.alpha)));
  CHECK_CLOSE(at("exp(log(h)) / h", c), 1, Bound::relative(1e-15),
              "log, exp, division: 4 roundings");
  CHECK(at("b1", c) == c.b1);
  CHECK(at("noise + noise_next + abar", c) == c.noise + c.noise_next + c.abar);
  CHECK(at("t + T/d", c) == 60 + 100.0 / 3);
  CHECK(at("alpha1", c) == c.sqrt_alpha1 * c.sqrt_alpha1);
}

TEST_CASE("numbers are exact at every scalar") {
  Step<Ball> c;
  const PrecisionScope scope(400);
  CHECK(parse_expression("0.3", "test").value(c).contains(Rational(3, 10)));
  CHECK(parse_expression("3e-1", "test").value(c).contains(Rational(3, 10)));
  const Ball third = parse_expression("1/3", "test").value(c);
  CHECK(third.contains(Rational(1, 3)));
  CHECK(third.radius().to_double() < 1e-118);  // 400 bits are 120 digits
  Step<Mp40> m;
  CHECK(parse_expression("0.3*10 - 3", "test").value(m) == 0);
}

TEST_CASE("a random expression has the same value at every scalar") {
  // Balls enclose; doubles agree to 64 roundings of numbers below 1e3.
  std::mt19937 random(7);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const char* const atoms[] = {"b", "h", "alpha", "abar", "0.7", "noise", "1/3", "2"};
  const char* const forms[] = {"(%a + %b)",     "(%a - %b)",    "%a*%b",          "%a/(1 + %b^2)",
                               "-%a",           "exp(-%a^2)",   "sqrt(1 + %a^2)", "log(2 + %b^2)",
                               "%a^3",          "(%a)^-0 + %b", "min(%a, %b)",    "max(%a, %b)",
                               "log1p(%a^2/2)", "expm1(-%b^2)"};
  const Schedule<double> doubles(LiCaiSchedule{Rational(1), Rational(5)}, 100);
  const PrecisionScope scope(200);
  const Schedule<Ball> balls(LiCaiSchedule{Rational(1), Rational(5)}, 100);
  for (int trial = 0; trial < 200; ++trial) {
    std::string text = "%a";
    for (int depth = 0; depth < 4; ++depth) {
      for (const char* hole : {"%a", "%b"}) {
        const auto found = text.find(hole);
        if (found != std::string::npos) {
          text.replace(found, 2, "(" + std::string(forms[pick(14)]) + ")");
        }
      }
    }
    for (auto hole = text.find('%'); hole != std::string::npos; hole = text.find('%')) {
      text.replace(hole, 2, "(" + std::string(atoms[pick(8)]) + ")");
    }
    CAPTURE(text);
    const Expression expression = parse_expression(text, "test");
    const double value = expression.value(make_step(doubles, 60, 1));
    const Ball ball = expression.value(make_step(balls, 60, 1));
    const double magnitude = std::max(1.0, std::fabs(value));
    CHECK(std::fabs(value - ball.to_double()) <= 1e-12 * magnitude * magnitude);
  }
}

TEST_CASE("what is no expression is refused with its place and what would be right") {
  CHECK(
      refusal("1/sqrt(alfa)") ==
      "mine.toml:7: y: '1/sqrt(alfa)' at column 8: unknown symbol 'alfa'; nearest: alpha, "
      "abar, alpha1 (there are b, b1, b2, b3, alpha, alpha1, alpha2, alpha3, abar, h, h1, h2, h3, "
      "sigma, sigma_next, sigma1, sigma2, sigma3, noise, noise_next, t, T, d, and sqrt(), exp(), "
      "log(), log1p(), expm1(), min(,), max(,))");
  CHECK(refusal("b + ") ==
        "mine.toml:7: y: 'b + ' at column 5: expected a number, a symbol, a function or '('");
  CHECK(refusal("") ==
        "mine.toml:7: y: '' at column 1: expected a number, a symbol, a function or '('");
  CHECK(refusal("2b") ==
        "mine.toml:7: y: '2b' at column 2: expected an operator (+ - * / ^) or the end");
  CHECK(refusal("(b") == "mine.toml:7: y: '(b' at column 3: expected ')'");
  CHECK(refusal("b)") ==
        "mine.toml:7: y: 'b)' at column 2: expected an operator (+ - * / ^) or the end");
  CHECK(refusal("sqrt b") == "mine.toml:7: y: 'sqrt b' at column 6: expected '('");
  CHECK(refusal("b^h") == "mine.toml:7: y: 'b^h' at column 3: expected a whole number (as in b^2)");
  CHECK(refusal("b^65").find("from -64 to 64") != std::string::npos);
  CHECK(refusal("b^99999999999").find("expected a whole number") != std::string::npos);
  CHECK(refusal(std::string(65, '(')).find("more than 64 nested") != std::string::npos);
  CHECK(refusal(std::string(1001, '-')).find("longer than 1000") != std::string::npos);
  CHECK(refusal(std::string(999, '-') + "b") == "taken");
  CHECK(refusal("sqrtb").find("unknown symbol 'sqrtb'") != std::string::npos);
  CHECK(refusal("b \t\n+ b") == "taken");
  CHECK(refusal("1/\xd8\x97").find("at column 3: expected a number") != std::string::npos);
  CHECK(refusal("sqrt\xff(b)").find("expected '('") != std::string::npos);
  CHECK(refusal("1e99999").find("mine.toml:7: y") == 0);
}

TEST_CASE("the samplers of examples/own_toml are the compiled ones") {
  // At a point on the line: a dozen double operations on numbers of order 1.
  const Schedule<double> schedule(LiCaiSchedule{Rational(1), Rational(5)}, 100);
  const auto score = [](int t, double x) { return std::sin(x + t) - x / (1 + 0.01 * t); };
  for (const char* name :
       {"ddpm", "ddim", "li-cai", "li-cai-momentum", "li-huang-ode", "li-huang-sde"}) {
    const auto compiled = make_sampler(name, "test");
    const auto own = make_sampler(example(name), "test");
    CAPTURE(name);
    CHECK(own->info().score_calls == compiled->info().score_calls);
    CHECK(own->info().deterministic == compiled->info().deterministic);
    CHECK(own->info().path_kernel == compiled->info().path_kernel);
    for (const int t : {100, 99, 60, 2}) {
      CAPTURE(t);
      PointWalk expected(0.8, score);
      PointWalk got(0.8, score);
      compiled->step(make_step(schedule, t, 1), expected);
      own->step(make_step(schedule, t, 1), got);
      CHECK(got.record().levels == expected.record().levels);
      REQUIRE(got.record().kernels.size() == expected.record().kernels.size());
      for (std::size_t k = 0; k < got.record().kernels.size(); ++k) {
        const PointWalk::Kernel& a = got.record().kernels[k];
        const PointWalk::Kernel& b = expected.record().kernels[k];
        CHECK(std::fabs(a.mean - b.mean) <= 1e-14);
        CHECK(std::fabs(a.sd - b.sd) <= 1e-15);
      }
    }
  }
}

TEST_CASE("a noise inside a kernel is an intermediate one") {
  const auto own = parse_expression_sampler(
      "[[stage]]\nname = \"mid\"\ny = 1\ns = \"b/2\"\nz = \"b^2\"\n"
      "[[stage]]\ny = 1\n\"s(t-1, mid)\" = \"b\"\nz = \"sqrt(b/alpha)\"\n",
      "mine.toml");
  const Step<double> c = some_step();
  PointWalk walk(1, [](int, double) { return 0.0; });
  own->step(c, walk);
  CHECK(walk.record().intermediate == std::vector<double>{c.b * c.b});
  CHECK(walk.record().kernels.size() == 1);
  CHECK(own->info().path_kernel);
}

TEST_CASE("only the noise sqrt(b/alpha) makes a path kernel") {
  const auto path = [](const std::string& sd) {
    return parse_expression_sampler("[[stage]]\ny = 1\nz = \"" + sd + "\"\n", "mine.toml")
        ->info()
        .path_kernel;
  };
  CHECK(path("sqrt(b)/sqrt(alpha)"));
  CHECK(path("sqrt(b/alpha)"));
  CHECK(path("sqrt(b*h/(alpha*h))"));
  CHECK(path("sqrt((1-alpha)/alpha)"));
  CHECK_FALSE(path("sqrt(b)"));
  CHECK(path("-sqrt(b/alpha)"));  // the law of -Z is that of Z
  CHECK_FALSE(path("sqrt(b/alpha)*(1 + 1e-50)"));
  CHECK_FALSE(path("sqrt(b*noise_next/noise)"));
  CHECK_FALSE(path("0"));
  CHECK_FALSE(path("b"));
}

TEST_CASE("what is no sampler is refused with its line") {
  CHECK(sampler_refusal("title = 1\n[[stage]]\ny = 1\n") ==
        "mine.toml:1: title must be text in quotes");
  CHECK(sampler_refusal("title = \"x\"\n") == "mine.toml:1: needs at least one [[stage]]");
  CHECK(sampler_refusal("[[stages]]\ny = 1\n")
            .find("mine.toml:1: unknown key 'stages'; nearest: stage") == 0);
  CHECK(sampler_refusal("[stage]\ny = 1\n") == "mine.toml:1: write stage as tables: [[stage]]");
  CHECK(sampler_refusal("[[stage]]\ny = 1.5\n") ==
        "mine.toml:2: y must be an expression in quotes, or a whole number");
  CHECK(
      sampler_refusal("[[stage]]\ny = 1\nmidd = 1\n").find("mine.toml:3: unknown vector 'midd'") ==
      0);
  CHECK(sampler_refusal("[[stage]]\ny = 1\n[[stage]]\ny = 1\n")
            .find("mine.toml:1: a stage before the last needs name") == 0);
  CHECK(sampler_refusal("[[stage]]\nname = \"m\"\ny = 1\n[[stage]]\ny = 1\n") ==
        "mine.toml: [[stage]]: the point 'm' is never used");
  CHECK(sampler_refusal("[[stage]]\nname = \"y\"\ny = 1\n[[stage]]\ny = 1\n") ==
        "mine.toml:2: the name 'y' is taken; choose another");
  CHECK(sampler_refusal("[[stage]]\ny = 1\n\"s(t-2, y)\" = \"b\"\n") ==
        "mine.toml:3: 's(t-2, y)' is no score; write s(t, y), s(t-1, NAME), s(t+1, NAME) or "
        "s(LEVEL, NAME) with a level of the file's own, [level.LEVEL]");
  CHECK(sampler_refusal("[[stage]]\ny = 1\n\"s(\" = \"b\"\n").find("is no score") !=
        std::string::npos);
  CHECK(sampler_refusal("[[stage]]\ny = 1\ns = \"b1\"\n") ==
        "mine.toml:3: s: looks back to t+1, which the first step t = T does not have; give "
        "mine.toml its stages as [[first]]");
  CHECK(
      sampler_refusal("[[stage]]\ny = 1\n[[first]]\n\"s(t+1, y)\" = \"b\"\n") ==
      "mine.toml:4: s(t+1, y): the first step t = T has no level t+1: use t and t-1 in [[first]]");
  CHECK(sampler_refusal("[[stage]]\nz = \"b\"\n").find("a stage needs a vector") !=
        std::string::npos);
  CHECK(sampler_refusal("y = \n").find("mine.toml:1: ") == 0);
}

TEST_CASE("a coefficient that is no number is refused at its step") {
  const auto own = parse_expression_sampler("[[stage]]\ny = \"log(b - b)\"\n", "mine.toml");
  PointWalk walk(1, [](int, double) { return 0.0; });
  CHECK_THROWS_WITH_AS(own->step(some_step(), walk),
                       "mine.toml:2: y: 'log(b - b)' is no finite number at t = 60 of 100",
                       InputError);
}

TEST_CASE("the text of a sampler from a file tells its versions apart") {
  const auto own = make_sampler(example("ddpm"), "test");
  CHECK(make_sampler(own->text(), "test")->text() == own->text());
  CHECK_THROWS_AS(make_sampler(example("ddpm") + ":hash=0123456789abcdef", "--sampler"),
                  InputError);
  CHECK_THROWS_WITH_AS(make_sampler("no/such.toml", "--sampler"),
                       "--sampler: no/such.toml: cannot read this file", InputError);
  CHECK_THROWS_AS(make_sampler(example("ddpm") + ":clip=1", "--sampler"), InputError);
  CHECK(content_hash("") == "cbf29ce484222325");
  CHECK(content_hash("a") == "af63dc4c8601ec8c");
}

TEST_CASE("a record outlives the file of its sampler") {
  CHECK(recorded_sampler("li-cai", "store")->text() == "li-cai");
  CHECK_THROWS_AS(recorded_sampler("lcai", "store"), InputError);
  const auto lost = recorded_sampler("no/such.toml:hash=0123456789abcdef", "store");
  CHECK(lost->info().title == "store: no/such.toml: cannot read this file");
  CHECK(lost->text() == "no/such.toml:hash=0123456789abcdef");
  PointWalk walk(1, [](int, double) { return 0.0; });
  CHECK_THROWS_AS(lost->step(some_step(), walk), InputError);
}
