#include "numerics/rational.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/scalar.hpp"

using namespace lemmabench;

TEST_CASE("decimals and fractions are read exactly") {
  const auto parse = [](const char* text) { return Rational::parse(text, "test"); };
  CHECK(parse("0.3") == Rational(3, 10));
  CHECK(parse("-1.5e-3") == Rational(-3, 2000));
  CHECK(parse("+2E2") == Rational(200));
  CHECK(parse("6/4") == Rational(3, 2));
  CHECK(parse("-1/3") == Rational(-1, 3));
  CHECK(parse(".5") == Rational(1, 2));
  CHECK(parse("5.") == Rational(5));
}

TEST_CASE("what is no number is refused in one line that names it") {
  for (const char* text : {"", "x", "nan", "inf", "-", ".", "1e", "1e99999", "1/0", "1/", "/2",
                           "1/2/3", "0x10", "1 ", "--1", "1/-2", "1.5/2", "1\n2"}) {
    CAPTURE(text);
    try {
      Rational::parse(text, "--variance");
      FAIL("accepted");
    } catch (const InputError& error) {
      const std::string message = error.what();
      CHECK(message.rfind("--variance: ", 0) == 0);
      CHECK(message.find('\n') == std::string::npos);
    }
  }
  CHECK_THROWS_AS(Rational::parse(std::string(20000, '1'), "test"), InputError);
}

TEST_CASE("text is what a person would write, and reads back") {
  for (const char* text : {"0.3", "-0.000123", "5", "1/3", "-22/7", "1000000", "0"}) {
    const Rational value = Rational::parse(text, "test");
    CHECK(value.text() == text);
    CHECK(Rational::parse(value.text(), "test") == value);
    CHECK(Rational::parse(value.fraction(), "test") == value);
  }
}

TEST_CASE("conversions to scalars are correctly rounded or enclose") {
  const Rational tenth(1, 10);
  CHECK(tenth.to_double() == 0.1);
  CHECK(from_rational<double>(tenth) == 0.1);
  CHECK(from_rational<Mp40>(tenth) == Mp40("0.1"));
  CHECK(from_rational<Ball>(tenth).contains(tenth));
  CHECK(Rational::from_double(0.1, "test") != tenth);
  CHECK(Rational::from_double(0.1, "test").to_double() == 0.1);
  CHECK(Rational::from_double(-0.375, "test") == Rational(-3, 8));
  CHECK_THROWS_AS(Rational::from_double(std::numeric_limits<double>::infinity(), "x"), InputError);
}

TEST_CASE("arithmetic is exact") {
  const Rational a(1, 3);
  const Rational b(1, 6);
  CHECK(a + b == Rational(1, 2));
  CHECK(a - b == b);
  CHECK(a * b == Rational(1, 18));
  CHECK(a / b == Rational(2));
  CHECK(b < a);
  CHECK_THROWS_AS(a / Rational(0), InputError);
  CHECK_THROWS_AS(Rational(1, 0), InputError);
}
