#include "theory/mixture/factor_mixture.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <vector>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

struct Parts {
  std::size_t dim;
  std::size_t size;
  std::size_t rank;
  std::vector<double> weights;
  std::vector<double> means;
  std::vector<double> variances;
  std::vector<double> factors;

  FactorMixture law() const { return {{dim, weights, means, variances}, factors}; }
  Vector mean(std::size_t k) const {
    return Eigen::Map<const Vector>(&means[k * dim], static_cast<Eigen::Index>(dim));
  }
  Matrix covariance(std::size_t k, double tau) const {
    const auto d = static_cast<Eigen::Index>(dim);
    Matrix out = Matrix::Zero(d, d);
    for (Eigen::Index i = 0; i < d; ++i) {
      out(i, i) = tau + (variances.size() == 1 ? variances[0]
                                               : variances[k * dim + static_cast<std::size_t>(i)]);
    }
    for (std::size_t j = 0; j < rank; ++j) {
      const Vector u = Eigen::Map<const Vector>(&factors[(k * rank + j) * dim], d);
      out += u * u.transpose();
    }
    return out;
  }
};

Parts random_parts(std::size_t dim, std::size_t size, std::size_t rank, bool shared) {
  std::mt19937_64 engine(dim + 10 * size + 100 * rank);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> unit(0.1, 1);
  Parts out{dim, size, rank, {}, {}, {}, {}};
  out.weights.assign(size, 1 / static_cast<double>(size));
  for (std::size_t j = 0; j < size * dim; ++j) {
    out.means.push_back(normal(engine));
    out.variances.push_back(unit(engine));
  }
  if (shared) {
    out.variances.resize(1);
  }
  for (std::size_t j = 0; j < size * rank * dim; ++j) {
    out.factors.push_back(normal(engine));
  }
  return out;
}

std::vector<Lanes> random_points(std::size_t count) {
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  std::vector<Lanes> out(count);
  for (Lanes& x : out) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      x.v[l] = normal(engine);
    }
  }
  return out;
}

TEST_CASE("densities and scores are those of the dense covariances") {
  const double tau = 0.2;
  double worst = 0;
  for (const bool shared : {false, true}) {
    for (const std::size_t rank : {1UL, 2UL, 5UL}) {
      for (const std::size_t dim : {2UL, 7UL}) {
        const Parts parts = random_parts(dim, 3, rank, shared);
        const FactorMixture law = parts.law();
        const auto marginal = law.marginal(tau);
        const std::vector<Lanes> x = random_points(2 * dim);
        std::vector<Lanes> score(2 * dim);
        std::vector<Lanes> logarithm(2);
        marginal->score(x.data(), 2, score.data());
        marginal->log_density(x.data(), 2, logarithm.data());
        for (std::size_t s = 0; s < 16; ++s) {
          Vector y(static_cast<Eigen::Index>(dim));
          for (std::size_t i = 0; i < dim; ++i) {
            y[static_cast<Eigen::Index>(i)] = x[s / 8 * dim + i][s % 8];
          }
          double density = 0;
          Vector gradient = Vector::Zero(y.size());
          for (std::size_t k = 0; k < 3; ++k) {
            const Matrix covariance = parts.covariance(k, tau);
            const Vector pull = covariance.ldlt().solve(parts.mean(k) - y);
            const double one = parts.weights[k] * std::exp((y - parts.mean(k)).dot(pull) / 2) /
                               std::sqrt((2 * 3.14159265358979323846 * covariance).determinant());
            density += one;
            gradient += one * pull;
          }
          gradient /= density;
          worst = std::max(worst, std::fabs(logarithm[s / 8][s % 8] - std::log(density)));
          for (std::size_t i = 0; i < dim; ++i) {
            worst = std::max(worst, std::fabs(score[s / 8 * dim + i][s % 8] -
                                              gradient[static_cast<Eigen::Index>(i)]));
          }
        }
      }
    }
  }
  CHECK(worst < 1e-12);
  MESSAGE("largest error ", worst);
}

// Central differences with h and 2h, extrapolated: error h^4 and rounding eps |log p|/h.
TEST_CASE("factors: the score is the gradient of the logarithm") {
  const std::size_t dim = 6;
  const FactorMixture law = random_parts(dim, 4, 2, false).law();
  const auto marginal = law.marginal(0.3);
  const std::vector<Lanes> x = random_points(dim);
  std::vector<Lanes> score(dim);
  marginal->score(x.data(), 1, score.data());
  const auto value = [&](std::size_t i, double shift) {
    std::vector<Lanes> moved = x;
    moved[i].v += shift;
    Lanes out;
    marginal->log_density(moved.data(), 1, &out);
    return out;
  };
  const double h = 1e-3;
  for (std::size_t i = 0; i < dim; ++i) {
    const LaneVector near = (value(i, h).v - value(i, -h).v) / (2 * h);
    const LaneVector far = (value(i, 2 * h).v - value(i, -2 * h).v) / (4 * h);
    for (std::size_t l = 0; l < kLanes; ++l) {
      CHECK(std::fabs((4 * near[l] - far[l]) / 3 - score[i][l]) < 1e-9);
    }
  }
}

// E s = 0 and E s_i x_j = -delta_ij under the law itself: wrong samples or wrong scores fail.
TEST_CASE("samples and scores satisfy Stein's identity") {
  const std::size_t dim = 3;
  const FactorMixture law = random_parts(dim, 2, 2, true).law();
  const auto marginal = law.marginal(0.5);
  const std::size_t groups = 5000;
  std::vector<Lanes> x(groups * dim);
  std::vector<Lanes> score(groups * dim);
  law.sample({7, 3}, 0.5, 0, groups, x.data());
  marginal->score(x.data(), groups, score.data());
  for (std::size_t i = 0; i < dim; ++i) {
    for (std::size_t j = 0; j < dim; ++j) {
      double sum = 0;
      for (std::size_t g = 0; g < groups; ++g) {
        for (std::size_t l = 0; l < kLanes; ++l) {
          sum += score[g * dim + i][l] * x[g * dim + j][l] / 40000;
        }
      }
      // Deviation of one term about 1.5: five of a mean's.
      CHECK(std::fabs(sum + (i == j ? 1 : 0)) < 0.04);
    }
  }
}

TEST_CASE("factors that do not fit are refused") {
  const VectorMixture two(2, {0.5, 0.5}, {0, 0, 1, 1}, {1});
  CHECK_NOTHROW(FactorMixture(two, {1, 0, 0, 1}));
  CHECK_THROWS_AS(FactorMixture(two, {1, 0, 0, 1, 1, 1}), InputError);  // three rows for two
  CHECK_THROWS_AS(FactorMixture(two, {}), InputError);
  CHECK_THROWS_AS(FactorMixture(VectorMixture(1, {1}, {0}, {0}), {1}), InputError);
  CHECK_THROWS_AS(FactorMixture(VectorMixture(1, {1}, {0}, {1}), {std::nan("")}), InputError);
}

}  // namespace
}  // namespace lemmabench
