#include "theory/generalised_chi_square.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/chi_square.hpp"
#include "numerics/error.hpp"
#include "theory/gaussian_total_variation.hpp"

namespace lemmabench {
namespace {

Quantity probability(const std::vector<WeightedChiSquare>& terms, double threshold) {
  return upper_probability(terms, threshold);
}

TEST_CASE("Imhof's integral on laws with a closed form") {
  // One weight: a scaled chi-square.
  for (const long d : {6L, 7L, 100L}) {
    for (const double x : {0.5, 1.0, 1.3}) {
      const double threshold = x * static_cast<double>(d);
      const Quantity got = probability({{3, d}}, 3 * threshold);
      CHECK(got.interval().overlaps(chi_square_upper(Ball::exactly(threshold), d)));
      CHECK(got.error() < 1e-12);
    }
  }
  // chi2_2 - chi2_2 is a Laplace law; M = 4 converges slowly.
  for (const double x : {0.3, 4.0}) {
    const Quantity laplace = probability({{1, 2}, {-1, 2}}, x);
    CHECK(std::abs(laplace.value() - std::exp(-x / 2) / 2) <= laplace.error());
    CHECK(laplace.error() < 1e-9);
  }
}

TEST_CASE("Imhof's error estimate is honest where its integral converges slowly") {
  const Quantity slow = probability({{1, 1}}, 1);
  CHECK(slow.interval().overlaps(chi_square_upper(Ball(1), 1)));
  CHECK(slow.error() > 1e-8);
  CHECK(slow.error() < 1e-2);
}

TEST_CASE("a third way to the total variation of zero-mean spectra") {
  const std::vector<std::vector<RelativeBlock<double>>> spectra{
      {{0.1, 0, 6}},
      {{-0.02, 0, 3}, {0.3, 0, 5}},
      {{2, 0, 4}, {-0.6, 0, 2}, {0.01, 0, 9}, {0, 0, 50}},
      {{1e-3, 0, 64}, {-1e-3, 0, 32}},
  };
  for (const auto& blocks : spectra) {
    const Quantity imhof = total_variation_by_imhof(blocks);
    CHECK(imhof.evidence() == Evidence::computed);
    const double contour = estimate_total_variation<double>(blocks).value;
    CHECK(std::abs(imhof.value() - contour) <= imhof.error());
    CHECK(imhof.error() < 1e-11);
  }
}

TEST_CASE("generalised chi-squares refuse what they cannot take") {
  CHECK_THROWS_AS(probability({}, 1), InputError);
  CHECK_THROWS_AS(probability({{0, 2}}, 1), InputError);
  CHECK_THROWS_AS(probability({{1, 0}}, 1), InputError);
  CHECK_THROWS_AS(total_variation_by_imhof(std::vector<RelativeBlock<double>>{{1, 1, 1}}),
                  InputError);
  CHECK(total_variation_by_imhof(std::vector<RelativeBlock<double>>{{0, 0, 3}}).value() == 0);
}

}  // namespace
}  // namespace lemmabench
