#include "numerics/ball_functions.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace lemmabench;

namespace {

Ball ball(const char* middle, const char* radius) {
  return Ball::around(Ball(Rational::parse(middle, "test")), Ball(Rational::parse(radius, "test")));
}

}  // namespace

TEST_CASE("the larger and the smaller of two balls enclose those of all their points") {
  const PrecisionScope scope(128);
  // Certain: the ball itself, to the bit.
  const Ball third(Rational(1, 3));
  CHECK(arb_equal(smaller(third, Ball(1)).raw(), third.raw()) != 0);
  CHECK(arb_equal(larger(Ball(-1), third).raw(), third.raw()) != 0);
  // Overlapping, equal as balls, one within the other, touching.
  for (const auto& [a, b] :
       {std::pair(ball("1", "1e-30"), ball("1.0000001", "1e-6")), std::pair(third, third),
        std::pair(ball("2", "1"), ball("2", "0.1")), std::pair(ball("1", "1"), ball("3", "1"))}) {
    const auto ends = [](const Ball& x) { return std::pair(lower_end(x), upper_end(x)); };
    for (const Ball& x : {ends(a).first, ends(a).second}) {
      for (const Ball& y : {ends(b).first, ends(b).second}) {
        const bool first = x.less_than(y) == Truth::certainly;
        CHECK(smaller(a, b).contains(first ? x.midpoint() : y.midpoint()));
        CHECK(larger(a, b).contains(first ? y.midpoint() : x.midpoint()));
      }
    }
    // No more than both.
    CHECK(Ball::hull(a, b).overlaps(smaller(a, b)));
    CHECK(Ball::hull(a, b).overlaps(larger(a, b)));
  }
  CHECK_FALSE(smaller(Ball(1) / Ball(0), Ball(1)).finite());
}

TEST_CASE("the ends of a ball lie outside of it, as balls and as doubles") {
  const PrecisionScope scope(80);
  const Ball third(Rational(1, 3));
  CHECK(lower_end(third).exact());
  CHECK(lower_end(third).less_than(upper_end(third)) == Truth::certainly);
  CHECK(Ball::hull(lower_end(third), upper_end(third)).contains(third));
  CHECK(Ball::exactly(lower_double(third)).less_than(third) == Truth::certainly);
  CHECK(third.less_than(Ball::exactly(upper_double(third))) == Truth::certainly);
  CHECK(upper_double(third) == std::nextafter(lower_double(third), 1.0));
  CHECK(lower_double(Ball(1)) == 1);
  CHECK(upper_double(Ball(1)) == 1);
  CHECK(std::isinf(upper_double(Ball(1) / Ball(0))));
  CHECK(std::isinf(lower_double(Ball(1) / Ball(0))));
}
