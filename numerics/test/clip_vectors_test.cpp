#include "numerics/clip_vectors.hpp"

#include <doctest/doctest.h>

namespace lemmabench {
namespace {

TEST_CASE("vectors are clipped one by one") {
  // Two groups of vectors (3, 4 f), f the lane's number or 0: lengths 3, 5, ...
  std::vector<Lanes> vectors(4);
  for (std::size_t g = 0; g < 2; ++g) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      vectors[2 * g].v[l] = 3;
      vectors[2 * g + 1].v[l] = g == 0 ? 4 * static_cast<double>(l) : 0;
    }
  }
  clip_vectors(vectors, 2, 5);
  for (std::size_t l = 0; l < kLanes; ++l) {
    const double length = std::hypot(3, 4 * static_cast<double>(l));
    const double factor = length <= 5 ? 1 : 5 / length;
    CHECK(std::fabs(vectors[0][l] - 3 * factor) < 1e-15);
    CHECK(std::fabs(vectors[1][l] - 4 * static_cast<double>(l) * factor) < 1e-14);
    CHECK(vectors[2][l] == 3);
    CHECK(vectors[3][l] == 0);
  }
}

}  // namespace
}  // namespace lemmabench
