// Vectors that a sampler of somebody else's may combine though they do not belong together.

#include <doctest/doctest.h>

#include <vector>

#include "numerics/affine_form.hpp"
#include "numerics/batch.hpp"
#include "numerics/displacement.hpp"
#include "numerics/sampler_misuse.hpp"

namespace lemmabench {
namespace {

TEST_CASE("batches of different points are not read past their end") {
  const Batch<double> three{{1, 2, 3}, 1};
  const Batch<double> two{{1, 2}, 1};
  const Batch<double> none;
  for (const Batch<double>* other : {&two, &none}) {
    CHECK_THROWS_AS(three + *other, SamplerMisuse);
    CHECK_THROWS_AS(*other + three, SamplerMisuse);
    CHECK_THROWS_AS(three - *other, SamplerMisuse);
  }
  // Two blocks of three points meet one; two and three blocks do not meet.
  CHECK((three.repeated(2) + three).values == std::vector<double>{2, 4, 6, 2, 4, 6});
  CHECK((three + three.repeated(2)).copies == 2);
  CHECK_THROWS_AS(three.repeated(2) + three.repeated(3), SamplerMisuse);
}

TEST_CASE("affine forms of different blocks are not read past their end") {
  AffineForm<double> three;
  three.slope = {1, 1, 1};
  AffineForm<double> two;
  two.slope = {1, 1};
  CHECK_THROWS_AS(three + two, SamplerMisuse);
  CHECK_THROWS_AS(two + three, SamplerMisuse);
  CHECK_THROWS_AS(three - AffineForm<double>(), SamplerMisuse);
  AffineForm<double> odd = three;
  odd.offset = {1, 2};  // a column of another size
  CHECK_THROWS_AS(three + odd, SamplerMisuse);
}

TEST_CASE("displacements of different batches are not read past their end") {
  Displacement two{1, {}};
  two.offset.resize(2);
  Displacement three{1, {}};
  three.offset.resize(3);
  CHECK_THROWS_AS(two + three, SamplerMisuse);
  CHECK_THROWS_AS(three - two, SamplerMisuse);
  const Displacement state{1, {}};
  CHECK((state + two).offset.size() == 2);
  CHECK((two + state).scale == 2);
  // A constant has no place without a size: it was dropped.
  CHECK_THROWS_AS(state + 1.0, EngineRefusal);
}

}  // namespace
}  // namespace lemmabench
