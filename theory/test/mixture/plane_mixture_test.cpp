#include "theory/mixture/plane_mixture.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

const PlaneMixture& three() {
  static const PlaneMixture mixture({{0.5, 1, 0.5}, {0.3, -1, 0.2}, {0.2, 0, -2}}, 0.4);
  return mixture;
}

double log_density(const PlaneMixture& mixture, double x, double y) {
  const double point[] = {x, y};
  double out = 0;
  mixture.log_density(point, 1, &out);
  return out;
}

/// Points with unit tangents, in the layout of score().
std::vector<double> with_tangents(const std::vector<double>& x, const std::vector<double>& y) {
  const std::size_t n = x.size();
  std::vector<double> out(kPlaneWidth * n);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = x[i];
    out[n + i] = y[i];
    out[2 * n + i] = 1;
    out[5 * n + i] = 1;
  }
  return out;
}

}  // namespace

TEST_CASE("one component is a Gaussian") {
  const PlaneMixture one({{1, 2, -1}}, 0.5);
  CHECK(std::abs(log_density(one, 3, 0) + 2 + std::log(3.14159265358979324)) < 1e-14);
  std::vector<double> points = with_tangents({3}, {0});
  one.score(points.data(), 1, points.data());
  const double expected[] = {-2, -2, -2, 0, 0, -2};
  for (std::size_t k = 0; k < kPlaneWidth; ++k) {
    CHECK(std::abs(points[k] - expected[k]) < 1e-14);
  }
  CHECK(std::abs(one.second_moment() - 6) < 1e-14);
}

TEST_CASE("scores are gradients of log p, and tangents derivatives of scores") {
  // 11 points: a full group of eight and a part of one. The last is far from all centres.
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 10; ++i) {
    x.push_back(-2 + 0.4 * i);
    y.push_back(1.5 - 0.37 * i);
  }
  x.push_back(60);
  y.push_back(-45);
  const std::size_t n = x.size();
  std::vector<double> out(kPlaneWidth * n);
  three().score(with_tangents(x, y).data(), n, out.data());
  constexpr double h = 1e-4;
  const auto scores = [&](double dx, double dy) {
    std::vector<double> a = x;
    std::vector<double> b = y;
    for (std::size_t i = 0; i < n; ++i) {
      a[i] += dx;
      b[i] += dy;
    }
    std::vector<double> at(kPlaneWidth * n);
    three().score(with_tangents(a, b).data(), n, at.data());
    return at;
  };
  const std::vector<double> right = scores(h, 0);
  const std::vector<double> left = scores(-h, 0);
  const std::vector<double> up = scores(0, h);
  const std::vector<double> down = scores(0, -h);
  for (std::size_t i = 0; i < n; ++i) {
    const double scale = std::hypot(x[i], y[i]) + 1;
    const auto p = [&](double dx, double dy) { return log_density(three(), x[i] + dx, y[i] + dy); };
    CHECK(std::abs(out[i] - (p(h, 0) - p(-h, 0)) / (2 * h)) < 1e-6 * scale);
    CHECK(std::abs(out[n + i] - (p(0, h) - p(0, -h)) / (2 * h)) < 1e-6 * scale);
    for (std::size_t row = 0; row < 2; ++row) {
      const std::size_t at = row * n + i;
      CHECK(std::abs(out[2 * n + at] - (right[at] - left[at]) / (2 * h)) < 1e-6 * scale);
      CHECK(std::abs(out[4 * n + at] - (up[at] - down[at]) / (2 * h)) < 1e-6 * scale);
    }
  }
}

TEST_CASE("levels shrink the centres and add noise") {
  Level<double> level;
  level.abar = 0.25;
  level.noise = 0.75;
  const PlaneMixture noisy = three().at_level(level);
  CHECK(std::abs(noisy.variance() - 0.85) < 1e-15);
  CHECK(std::abs(noisy.components()[2].y + 1) < 1e-15);
  CHECK(std::abs(noisy.smoothed(0.15).variance() - 1) < 1e-15);
  CHECK_THROWS_AS(PlaneMixture({{0.5, 0, 0}}, 1), InputError);
  CHECK_THROWS_AS(PlaneMixture({{1, 0, 0}}, 0), InputError);
}
