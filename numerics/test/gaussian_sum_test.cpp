#include "numerics/gaussian_sum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

TEST_CASE("a sum of many Gaussians is what adding all of them up gives") {
  std::vector<double> means;
  std::vector<double> weights;
  for (int j = 0; j < 400; ++j) {
    means.push_back(std::sin(7.0 * j));  // in no order
    weights.push_back((1 + std::cos(3.0 * j)) / 800);
  }
  for (const double sd : {0.01, 0.3, 20.0}) {
    const GaussianSum sum(means, weights, sd);
    for (const double x : {-1.5, -1.0, -0.123, 0.0, 0.6, 1.02, 50.0}) {
      double density = 0;
      double below = 0;
      for (std::size_t j = 0; j < means.size(); ++j) {
        const double z = (x - means[j]) / sd;
        density += weights[j] * std::exp(-z * z / 2) / (sd * std::sqrt(2 * std::numbers::pi));
        below += weights[j] * std::erfc(-z / std::numbers::sqrt2) / 2;
      }
      CHECK_CLOSE(sum.density(x) * sd, density * sd, Bound::absolute(2e-14),
                  "400 terms, each with a rounding of at most eps of it, and 1e-17 left out");
      CHECK_CLOSE(sum.cdf(x), below, Bound::absolute(2e-14), "the same, and 1e-18 left out");
    }
    CHECK(sum.cdf(1000) == sum.mass());
    CHECK(sum.cdf(-1000) == 0);
  }
}

TEST_CASE("a sum of Gaussians without any, or with a bad number, is refused") {
  CHECK_THROWS_AS(GaussianSum({}, {}, 1), InputError);
  CHECK_THROWS_AS(GaussianSum({1}, {1, 2}, 1), InputError);
  CHECK_THROWS_AS(GaussianSum({1}, {-1}, 1), InputError);
  CHECK_THROWS_AS(GaussianSum({NAN}, {1}, 1), InputError);
  CHECK_THROWS_AS(GaussianSum({1}, {1}, 0), InputError);
}

}  // namespace
}  // namespace lemmabench
