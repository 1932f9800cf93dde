#include "theory/mixture/vector_mixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {
namespace {

VectorMixture random_mixture(std::size_t dim, std::size_t size, bool shared, double spread) {
  std::mt19937_64 engine(17 + dim);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> unit(0.05, 1);
  std::vector<double> weights;
  double total = 0;
  for (std::size_t k = 0; k < size; ++k) {
    weights.push_back(unit(engine));
    total += weights.back();
  }
  for (double& w : weights) {
    w /= total;
  }
  std::vector<double> means(size * dim);
  for (double& m : means) {
    m = spread * normal(engine);
  }
  std::vector<double> variances(shared ? 1 : size * dim);
  for (double& v : variances) {
    v = unit(engine);
  }
  return {dim, std::move(weights), std::move(means), std::move(variances)};
}

std::vector<Lanes> random_points(std::size_t count, double scale) {
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  std::vector<Lanes> out(count);
  for (Lanes& x : out) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      x.v[l] = scale * normal(engine);
    }
  }
  return out;
}

TEST_CASE("on the line it is LineMixture at the same level") {
  const std::vector<LineMixture<double>::Component> parts{
      {0.5, -1.5, 0.09}, {0.3, 0.4, 0.16}, {0.2, 1.8, 0.04}};
  const LineMixture<double> line(parts);
  const VectorMixture clean(1, {0.5, 0.3, 0.2}, {-1.5, 0.4, 1.8}, {0.09, 0.16, 0.04});
  for (const double abar : {1e-4, 0.3, 0.9, 1 - 1e-6}) {
    const Level<double> level{abar, 1 - abar};
    const LineMixture<double> marginal = line.at_level(level);
    const SmoothedMixture smoothed(clean, level.noise / level.abar);
    const double signal = std::sqrt(abar);
    const std::vector<Lanes> x = random_points(20, 2);  // 20 groups of d = 1
    std::vector<Lanes> y = x;
    for (Lanes& value : y) {
      value.v /= signal;
    }
    std::vector<Lanes> score(20);
    std::vector<Lanes> logarithm(20);
    smoothed.score(y.data(), 20, score.data());
    smoothed.log_density(y.data(), 20, logarithm.data());
    for (std::size_t g = 0; g < 20; ++g) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        const double truth = marginal.score(x[g].v[l]);
        // Observed 3e-14 (the centres' cancellation against x at small abar counts for both).
        CHECK(std::fabs(score[g].v[l] / signal - truth) <= 1e-12 * (1 + std::fabs(truth)));
        const double density = marginal.log_density(x[g].v[l]);
        CHECK(std::fabs(logarithm[g].v[l] - std::log(signal) - density) <=
              1e-12 * (1 + std::fabs(density)));
      }
    }
  }
}

// The same sums one by one in long double: every size of the last tile and of the remainder.
TEST_CASE("scores and densities are the sums they stand for") {
  double worst = 0;
  for (const bool shared : {false, true}) {
    for (const std::size_t size : {1UL, 3UL, 4UL, 7UL, 21UL}) {
      for (const std::size_t dim : {1UL, 2UL, 5UL, 1500UL}) {
        const VectorMixture clean = random_mixture(dim, size, shared, 0.1);
        const double tau = 0.37;
        const SmoothedMixture smoothed(clean, tau);
        const std::vector<Lanes> x = random_points(2 * dim, 1);
        std::vector<Lanes> score(2 * dim);
        Lanes logarithm[2];
        smoothed.score(x.data(), 2, score.data());
        smoothed.log_density(x.data(), 2, logarithm);
        for (const std::size_t lane : {1UL, 14UL}) {
          const auto at = [&](std::size_t i) {
            return static_cast<long double>(x[lane / 8 * dim + i].v[lane % 8]);
          };
          std::vector<long double> logit(size);
          for (std::size_t k = 0; k < size; ++k) {
            logit[k] = std::log(static_cast<long double>(clean.weight(k)));
            for (std::size_t i = 0; i < dim; ++i) {
              const long double w = static_cast<long double>(clean.variance(k, i)) + tau;
              const long double gap = at(i) - clean.mean(k)[i];
              logit[k] -= gap * gap / (2 * w) + std::log(2 * 3.14159265358979323846264L * w) / 2;
            }
          }
          const long double most = *std::max_element(logit.begin(), logit.end());
          long double total = 0;
          for (const long double value : logit) {
            total += std::exp(value - most);
          }
          const long double truth = most + std::log(total);
          worst = std::max(
              worst,
              static_cast<double>(std::fabs((logarithm[lane / 8].v[lane % 8] - truth) / truth)));
          for (std::size_t i = 0; i < dim; ++i) {
            long double pull = 0;
            for (std::size_t k = 0; k < size; ++k) {
              pull += std::exp(logit[k] - truth) * (clean.mean(k)[i] - at(i)) /
                      (static_cast<long double>(clean.variance(k, i)) + tau);
            }
            worst = std::max(worst, static_cast<double>(
                                        std::fabs(score[lane / 8 * dim + i].v[lane % 8] - pull)));
          }
        }
      }
    }
  }
  // d = 1500 squares that add up to 3000: d eps/2 of it in the worst case, 5e-10 (observed 1e-12).
  CHECK(worst < 1e-11);
}

// Two centres 2 apart on either side of where distances are products (1.5e4 half-squares of a
// variance), at points between them, where a logit's rounding moves the shares.
TEST_CASE("distances by products and by differences agree with the sums") {
  for (const double variance : {4e-5, 2e-5, 1e-8}) {  // 0.5/variance: 1.25e4, 2.5e4, 5e7
    const VectorMixture clean(3, {0.5, 0.5}, {5, 1, 7, 5, -1, 7}, {variance / 2});
    const SmoothedMixture smoothed(clean, variance / 2);
    std::vector<Lanes> x(3);
    for (std::size_t l = 0; l < kLanes; ++l) {
      x[0].v[l] = 5 + 0.5 * std::sqrt(variance);
      x[1].v[l] = variance * (static_cast<double>(l) - 3.5) / 2;
      x[2].v[l] = 7;
    }
    std::vector<Lanes> score(3);
    Lanes logarithm;
    smoothed.score(x.data(), 1, score.data());
    smoothed.log_density(x.data(), 1, &logarithm);
    for (std::size_t l = 0; l < kLanes; ++l) {
      const long double y = x[1].v[l];
      const long double w = variance;
      // Either way a squared distance of 1 is rounded: eps/variance in a logit.
      const double rounding = 1e-13 + 1e-15 / variance;
      const long double tilt = std::tanh(y / w);  // the shares' difference
      CHECK(std::fabs(score[1][l] * variance - static_cast<double>(tilt - y)) < rounding);
      CHECK(std::fabs(score[0][l] * std::sqrt(variance) + 0.5) < rounding);
      CHECK(std::fabs(score[2][l] * std::sqrt(variance)) < rounding);
      const long double gap = static_cast<long double>(x[0].v[l]) - 5;
      const long double density = -(gap * gap + y * y + 1) / (2 * w) + std::log(std::cosh(y / w)) -
                                  1.5L * std::log(2 * 3.14159265358979323846264L * w);
      CHECK(std::fabs(logarithm[l] - static_cast<double>(density)) <
            1e-14 * std::fabs(static_cast<double>(density)));
    }
  }
}

// Central differences with h = 1e-3 and 2h, extrapolated: error about h^4 = 1e-12 of fifth
// derivatives, and rounding 1e-16 |log p|/h.
TEST_CASE("the score is the gradient of the logarithm") {
  const std::size_t dim = 6;
  const VectorMixture clean = random_mixture(dim, 5, false, 1);
  const SmoothedMixture smoothed(clean, 0.2);
  const std::vector<Lanes> x = random_points(dim, 1);
  std::vector<Lanes> score(dim);
  smoothed.score(x.data(), 1, score.data());
  const auto value = [&](std::size_t i, double shift) {
    std::vector<Lanes> moved = x;
    moved[i].v += shift;
    Lanes out;
    smoothed.log_density(moved.data(), 1, &out);
    return out;
  };
  const double h = 1e-3;
  for (std::size_t i = 0; i < dim; ++i) {
    const LaneVector near = (value(i, h).v - value(i, -h).v) / (2 * h);
    const LaneVector far = (value(i, 2 * h).v - value(i, -2 * h).v) / (4 * h);
    for (std::size_t l = 0; l < kLanes; ++l) {
      CHECK(std::fabs((4 * near[l] - far[l]) / 3 - score[i].v[l]) < 1e-9);
    }
  }
}

TEST_CASE("far from all components the score stays exact") {
  const VectorMixture clean(2, {0.5, 0.5}, {-1, 0, 1, 0}, {0.01});
  const SmoothedMixture smoothed(clean, 0.01);
  std::vector<Lanes> x(2);
  x[0].v += 1e6;
  std::vector<Lanes> score(2);
  smoothed.score(x.data(), 1, score.data());
  CHECK_CLOSE(score[0][0], (1 - 1e6) / 0.02, Bound::relative(1e-14), "a handful of operations");
  CHECK(score[1][0] == 0);
}

TEST_CASE("components by cumulative weight, and what is refused") {
  const VectorMixture clean(1, {0.5, 0.3, 0.2}, {0, 1, 2}, {1});
  CHECK(clean.component(0.1) == 0);
  CHECK(clean.component(0.79) == 1);
  CHECK(clean.component(0.81) == 2);
  CHECK(clean.component(1 - 1e-17) == 2);
  CHECK_THROWS_AS(VectorMixture(1, {0.5, 0.4}, {0, 1}, {1}), InputError);
  CHECK_THROWS_AS(VectorMixture(2, {1}, {0}, {1}), InputError);
  CHECK_THROWS_AS(VectorMixture(1, {1}, {0}, {-1}), InputError);
}

}  // namespace
}  // namespace lemmabench
