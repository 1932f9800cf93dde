// The typical set of a mode so narrow that its density is far above 1.
#include <doctest/doctest.h>

#include "numerics/ball_functions.hpp"
#include "theory/mixture/typical_mixture.hpp"

namespace lemmabench {
namespace {

TEST_CASE("the typical set of a narrow mode reaches as far as its density asks") {
  const PrecisionScope scope(128);
  const Rational variance = Rational::parse("1e-6", "test");
  const Rational noise = Rational::parse("1e-8", "test");
  const CoordinateLaw narrow{{{Rational(1), Rational(0), variance}}};
  const Level<Ball> level{Ball(Rational(1) - noise), Ball(noise)};
  // {p >= 1}: |x| <= r sd, r^2 = -log(2 pi w), w = abar variance + noise.
  const TypicalMixture set(narrow, level, Ball(0));
  const Ball w = level.abar * Ball(variance) + level.noise;
  const Ball r = sqrt(-log(2 * Ball::pi() * w));
  const Ball outside = erfc(r / sqrt(Ball(2)));
  CHECK(outside.to_double() < 1e-3);
  CHECK(set.mass_outside().overlaps(outside));
  CHECK(set.mass_outside().radius().to_double() < 1e-6);
  CHECK(set.contains(Ball(0)) == Truth::certainly);
}

}  // namespace
}  // namespace lemmabench
