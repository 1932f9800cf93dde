#include "theory/product/typical_product.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/ball_functions.hpp"
#include "theory/gaussian/typical_ellipsoid.hpp"

/// Suprema over typical vectors of independent coordinates.
namespace lemmabench {
namespace {

CoordinateLaw two_sided(long copies) {
  return {{{Rational(1, 2), Rational(-1), Rational(1, 10)},
           {Rational(1, 2), Rational(1), Rational(1, 10)}},
          copies};
}

Level<Ball> level_with(const Rational& abar) { return {Ball(abar), Ball(Rational(1) - abar)}; }

Ball score_squared(const TypicalProduct& set, std::size_t kind, const Ball& box) {
  return square(set.reach(kind).score(box));
}

}  // namespace

TEST_CASE("on a Gaussian the bounds of the squared score meet at the ellipsoid's") {
  const PrecisionScope scope(128);
  const ProductLaw law{
      {gaussian_block(Rational(1, 4), Rational(1), 3), gaussian_block(Rational(4))}};
  for (const Rational& abar : {Rational(1, 100), Rational(1, 2), Rational(99, 100)}) {
    const Level<Ball> level = level_with(abar);
    const TypicalProduct set(law, level, Ball(40));
    const TypicalEllipsoid exact(law, level, Ball(40));
    const Supremum found = set.of_sum(
        [&](std::size_t kind, const Ball& box) { return score_squared(set, kind, box); });
    CHECK(found.enclosure().overlaps(exact.score_squared()));
    // The vector is one of samples, 128 a kind of coordinate.
    CHECK(found.lower > 0.9 * found.upper);
    const Supremum trace = set.of_sum(
        [&](std::size_t kind, const Ball& box) { return set.reach(kind).noise_trace(box); });
    CHECK(trace.enclosure().overlaps(exact.noise_trace()));
    CHECK(set.mass_outside().overlaps(exact.mass_outside()));
  }
}

TEST_CASE("one coordinate is the mixture on the line") {
  const PrecisionScope scope(128);
  const ProductLaw law{{two_sided(1)}};
  const Level<Ball> level = level_with(Rational(4, 5));
  const Ball bound(10);
  const TypicalProduct set(law, level, bound);
  const TypicalMixture line(law.coordinates.front(), level, bound);
  std::vector<SupremumCell> cells;
  for (const Ball& box : line.boxes(16)) {
    cells.push_back({0, box});
  }
  const auto on_the_line = [&](const auto& f) {
    return supremum(cells, [&](long, const Ball& box) {
      return SupremumValue{line.contains(box), f(line, box)};
    });
  };
  const auto curvature = [](const TypicalMixture& s, const Ball& box) {
    return abs(s.score_curvature(box));
  };
  const auto trace = [](const TypicalMixture& s, const Ball& box) { return s.noise_trace(box); };
  const Supremum largest = set.of_largest(
      [&](std::size_t kind, const Ball& box) { return curvature(set.reach(kind), box); });
  CHECK(largest.enclosure().overlaps(on_the_line(curvature).enclosure()));
  CHECK(largest.lower > 0.98 * largest.upper);
  const Supremum sum =
      set.of_sum([&](std::size_t kind, const Ball& box) { return trace(set.reach(kind), box); });
  CHECK(sum.enclosure().overlaps(on_the_line(trace).enclosure()));
  CHECK(set.mass_outside().overlaps(line.mass_outside()));
}

TEST_CASE("no typical vector of a grid exceeds the bound, and one comes near it") {
  const PrecisionScope scope(96);
  const ProductLaw law{{two_sided(2)}};
  const Level<Ball> level = level_with(Rational(4, 5));
  const Ball bound(8);
  const TypicalProduct set(law, level, bound);
  const auto f = [&](std::size_t kind, const Ball& box) {
    return set.reach(kind).noise_trace(box);
  };
  const Supremum found = set.of_sum(f);
  double best = 0;
  for (int i = -60; i <= 60; ++i) {
    const Ball x = Ball::exactly(i / 16.0);
    for (int j = -60; j <= i; ++j) {
      const Ball y = Ball::exactly(j / 16.0);
      const Ball cost = -set.reach(0).log_density(x) - set.reach(0).log_density(y);
      if (cost.less_than(bound) == Truth::certainly) {
        best = std::max(best, (f(0, x) + f(0, y)).to_double());
      }
    }
  }
  CHECK(best <= found.upper * (1 + 1e-12));
  CHECK(best >= 0.9 * found.upper);
  CHECK(found.lower <= found.upper);
  // With a bound that leaves the middle to one coordinate alone, the other one stays at a mode.
  const TypicalProduct tight(law, level, Ball(3));
  const Supremum one = tight.of_sum(
      [&](std::size_t kind, const Ball& box) { return tight.reach(kind).noise_trace(box); });
  CHECK(one.upper < found.upper);
}

TEST_CASE("copies take n times the sum and more where the bound is n times as large") {
  const PrecisionScope scope(128);
  const ProductLaw law{{two_sided(1)}};
  const Level<Ball> level = level_with(Rational(1, 2));
  const auto of_copies = [&](long copies) {
    const TypicalProduct set(law, level, Ball(4) * Ball(copies), copies);
    return set.of_sum(
        [&](std::size_t kind, const Ball& box) { return score_squared(set, kind, box); });
  };
  const Supremum four = of_copies(4);
  const Supremum sixty_four = of_copies(64);
  // Vectors of four, sixteen times, are among those of sixty-four.
  CHECK(sixty_four.upper > 16 * four.lower);
  CHECK(sixty_four.upper < 24 * four.upper);
  CHECK(sixty_four.lower > 0.9 * sixty_four.upper);
  CHECK(four.lower > 0.5 * four.upper);
}

TEST_CASE("a set without points has no supremum") {
  const PrecisionScope scope(128);
  const ProductLaw law{{two_sided(4)}};
  const TypicalProduct set(law, level_with(Rational(1, 2)), Ball(-100));
  const Supremum none =
      set.of_sum([&](std::size_t kind, const Ball& box) { return score_squared(set, kind, box); });
  CHECK(none.upper == 0);
}

}  // namespace lemmabench
