#include "theory/product/product_total_variation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/panels.hpp"
#include "theory/product/product_isotropic.hpp"

using namespace lemmabench;

namespace {

/// N(0, 1) and its product with r(x), given as u(x) = log(r)/2, by the trapezoid rule.
template <class HalfLogRatio>
ProductFactor factor_of(long copies, HalfLogRatio u) {
  return {copies, [u](double) {
            RatioNodes nodes;
            constexpr double kStep = 1.0 / 64;
            for (int k = -640; k <= 640; ++k) {
              const double x = k * kStep;
              nodes.mass.push_back(kStep * std::exp(-x * x / 2) / std::sqrt(2 * pi<double>()));
              nodes.half_log_ratio.push_back(u(x));
            }
            return nodes;
          }};
}

/// N(0, 1) against N(0, 1+e).
ProductFactor gaussian_factor(long copies, double e) {
  return factor_of(copies, [e](double x) { return 0.25 * (x * x * e / (1 + e) - std::log1p(e)); });
}

double exact(const std::vector<RelativeBlock<double>>& blocks) {
  return estimate_total_variation(RelativeBlocks<double>(blocks)).value;
}

/// p = N(0, 1) and q = N(shift, 1+e) on the line as panels of p and q - p.
PanelFunction<double> line_pair(double shift, double e) {
  const auto basis = std::make_shared<LegendreBasis<double>>(20);
  const DyadicLine line = DyadicLine::covering(16);
  const std::vector<Feature> features{{-11, 11, 0.5}};
  return build_panels<double>(
      basis, line, 2, cover(line, features, 0),
      [&](const Cell&, const double* nodes, double* out) {
        for (int k = 0; k < 20; ++k) {
          const double x = nodes[k];
          const double p = std::exp(-x * x / 2) / std::sqrt(2 * pi<double>());
          out[k] = p;
          out[20 + k] = p * std::expm1((e * x * x + shift * (2 * x - shift)) / (2 * (1 + e)) -
                                       std::log1p(e) / 2);
        }
      },
      {});
}

}  // namespace

// Observed: at most 3e-13 of the value from three coordinates on, 2e-10 for one and two.
TEST_CASE("Gaussian coordinates given as ratios have the TV that is known of them") {
  for (const double e : {1e-8, -0.01, 0.3}) {
    for (const long copies : {3L, 10L, 64L, 4096L}) {
      CAPTURE(e);
      CAPTURE(copies);
      const std::vector<ProductFactor> factors{gaussian_factor(copies, e)};
      const Estimate<double> tv = product_total_variation(factors, {});
      const double truth = exact({{e, 0, copies}});
      CHECK(std::abs(tv.value - truth) <= tv.error + 1e-12 * truth);
      CHECK(tv.error <= 1e-7 * truth);
    }
  }
}

TEST_CASE("a few coordinates, whose ratio has a singular law, are within the error") {
  for (const long copies : {1L, 2L}) {
    const std::vector<ProductFactor> factors{gaussian_factor(copies, 0.01)};
    const Estimate<double> tv = product_total_variation(factors, {});
    const double truth = exact({{0.01, 0, copies}});
    CHECK(std::abs(tv.value - truth) <= tv.error);
    CHECK(tv.error <= 1e-4 * truth);
  }
}

TEST_CASE("Gaussian blocks with shifts, alone and beside ratios, agree with the contour integral") {
  const std::vector<RelativeBlock<double>> blocks{{1e-5, 1e-9, 3}, {-2e-5, 0, 40}, {0, 3e-10, 1}};
  const Estimate<double> alone = product_total_variation({}, blocks);
  CHECK(std::abs(alone.value - exact(blocks)) <= 1e-11 * alone.value);
  const std::vector<ProductFactor> factors{gaussian_factor(7, 3e-5)};
  std::vector<RelativeBlock<double>> all = blocks;
  all.push_back({3e-5, 0, 7});
  const Estimate<double> mixed = product_total_variation(factors, blocks);
  CHECK(std::abs(mixed.value - exact(all)) <= 1e-11 * mixed.value);
  // Far apart: TV near 1.
  const std::vector<RelativeBlock<double>> far{{0.5, 2, 60}};
  CHECK(std::abs(product_total_variation({}, far).value - exact(far)) <= 1e-13);
  CHECK(product_total_variation({}, {}).value == 0);
}

// The grid's error is that of the midpoint rule at a kink: 1e-7 of the value.
TEST_CASE("two coordinates that are not Gaussian agree with a plane grid") {
  const auto ratio = [](double x) { return 0.02 * x * std::exp(-x * x / 4); };
  const std::vector<ProductFactor> factors{
      factor_of(2, [&](double x) { return 0.5 * std::log1p(ratio(x)); })};
  constexpr int kCells = 1200;
  constexpr double kStep = 16.0 / kCells;
  std::vector<double> p;
  std::vector<double> e;
  for (int i = 0; i < kCells; ++i) {
    const double x = -8 + kStep * (i + 0.5);
    p.push_back(kStep * std::exp(-x * x / 2) / std::sqrt(2 * pi<double>()));
    e.push_back(ratio(x));
  }
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    for (std::size_t j = 0; j < p.size(); ++j) {
      sum += 0.5 * p[i] * p[j] * std::abs(e[i] + e[j] + e[i] * e[j]);
    }
  }
  const Estimate<double> tv = product_total_variation(factors, {});
  CHECK(std::abs(tv.value - sum) <= 3e-6 * sum);
  CHECK(tv.error <= 1e-4 * sum);
}

TEST_CASE("the line times an isotropic Gaussian is exact, and the inversion agrees with it") {
  for (const double size : {1e-9, 0.02}) {
    for (const double sign : {1.0, -1.0}) {
      for (const long m : {1L, 2L, 9L, 500L}) {
        const double e = sign * size;
        CAPTURE(e);
        CAPTURE(m);
        const double shift = 1.5 * size;
        const double along = -0.7 * size;
        const std::vector<RelativeBlock<double>> line{{along, shift * shift, 1}};
        const std::vector<RelativeBlock<double>> rest{{e, 0, m}};
        const double truth = exact({line[0], rest[0]});
        const Estimate<double> tv =
            isotropic_product_total_variation(line_pair(shift, along), e, m);
        CHECK(std::abs(tv.value - truth) <= 4e-12 * truth);
        CHECK(std::abs(tv.value - truth) <= tv.error);
      }
    }
  }
  const double truth = exact({{0.1, 0.01, 1}});
  CHECK(std::abs(isotropic_product_total_variation(line_pair(0.1, 0.1), 0, 5).value - truth) <
        1e-12);
}
