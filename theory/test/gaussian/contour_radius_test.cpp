// The radius of the contour integral, where few digits are asked for and the integrand decays so
// slowly that what lies beyond the end is most of it.
#include <doctest/doctest.h>

#include "numerics/ball_functions.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

namespace lemmabench {
namespace {

TEST_CASE("the contour's radius covers what the integral leaves out") {
  const PrecisionScope scope(400);
  for (const char* text : {"0.1", "-0.1", "1", "-0.5", "-0.9", "3", "30", "1000"}) {
    for (const long d : {1L, 2L, 3L, 5L}) {
      const std::vector<RelativeBlock<Ball>> blocks{
          {Ball(Rational::parse(text, "test")), Ball(0), d}};
      // By the chi-square distribution, not by any contour.
      const Ball truth = total_variation(blocks, 60).interval();
      for (long digits = 1; digits <= 25; ++digits) {
        CAPTURE(text);
        CAPTURE(d);
        CAPTURE(digits);
        CHECK(total_variation_by_contour(blocks, digits).interval().overlaps(truth));
      }
    }
  }
}

}  // namespace
}  // namespace lemmabench
