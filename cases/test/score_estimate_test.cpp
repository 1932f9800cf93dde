#include "cases/score_estimate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;

namespace {

const LevelMoments<double> kMoments{.score_rms = 3.0, .mean = 0.5, .sd = 2.0, .dim = 4};
constexpr double kRounding = 1e-15;  // three operations; observed 2e-16

}  // namespace

TEST_CASE("the exact estimate changes nothing, affine and wave follow their formulas") {
  const Batch<double> x{{0.7, -1.2}, 1};
  const Batch<double> s{{-2.0, 5.0}, 1};
  CHECK(make_score("exact", "t")->estimate(kMoments, x, s).values == s.values);
  const auto affine = make_score("affine:size=0.1,shift=-0.2", "t")->estimate(kMoments, x, s);
  CHECK_CLOSE(affine.values[0], 1.1 * -2.0 - 0.2 * 3.0 / 2.0, Bound::relative(kRounding),
              "a handful of operations");
  const auto wave = make_score("wave:size=0.1,frequency=3,phase=1", "t")->estimate(kMoments, x, s);
  const double expected = 5.0 + 0.1 * std::sqrt(2.0) * 3.0 * std::sin(3 * (-1.2 - 0.5) / 2 + 1);
  CHECK_CLOSE(wave.values[1], expected, Bound::relative(kRounding), "a handful of operations");
}

TEST_CASE("an affine form stays affine under affine, and is refused by wave") {
  const AffineForm<double> x{{1.0}, {}, {}, {}};
  const AffineForm<double> s{{-2.0}, {}, {0.25}, {{0.5}}};
  const auto out = make_score("affine:size=1/2,shift=1", "t")->estimate(kMoments, x, s);
  CHECK(out.slope == std::vector<double>{-3.0});
  CHECK_CLOSE(out.offset[0], 0.375 + 1.5, Bound::relative(kRounding), "a handful of operations");
  CHECK(out.noise[0] == std::vector<double>{0.75});
  CHECK_THROWS_AS(make_score("wave:size=0.1", "t")->estimate(kMoments, x, s), EngineRefusal);
}

TEST_CASE("the relative L2 error of the affine estimate is exact") {
  CHECK(make_score("affine:size=0.3,shift=0.4", "t")->relative_error_squared() == Rational(1, 4));
  CHECK(make_score("exact", "t")->relative_error_squared() == Rational(0));
  CHECK_FALSE(make_score("wave:size=0.3", "t")->relative_error_is_universal());
}

TEST_CASE("score specs are checked") {
  CHECK_THROWS_AS(make_score("affin:size=1", "--score"), InputError);
  CHECK_THROWS_AS(make_score("affine", "--score"), InputError);
  CHECK_THROWS_AS(make_score("affine:size=11", "--score"), InputError);
  CHECK_THROWS_AS(make_score("wave:size=1,frequency=0", "--score"), InputError);
  CHECK(make_score("wave:size=0.5", "t")->text() == "wave:size=0.5,frequency=2,phase=0");
}
