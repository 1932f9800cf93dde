#include "theory/mixture/vector_flow.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "theory/mixture/line_mixture.hpp"
#include "theory/mixture/vector_mixture.hpp"

namespace lemmabench {
namespace {

std::vector<Lanes> flow(const VectorMixture& clean, const std::vector<Lanes>& points, double from,
                        double length, int substeps, FlowMethod method = FlowMethod::butcher) {
  const VectorFlow integrator(clean, method, from, length, substeps);
  const std::size_t groups = points.size() / clean.dim();
  std::vector<Lanes> score(points.size());
  std::vector<Lanes> out(points.size());
  clean.marginal(from)->score(points.data(), groups, score.data());
  integrator.displacement(points.data(), score.data(), groups, out.data());
  return out;
}

std::vector<Lanes> spread_points(std::size_t count, double from, double to) {
  std::vector<Lanes> out(count);
  const auto n = static_cast<double>(count * kLanes - 1);
  for (std::size_t j = 0; j < count * kLanes; ++j) {
    out[j / kLanes].v[j % kLanes] = from + (to - from) * static_cast<double>(j) / n;
  }
  return out;
}

// A Gaussian's flow is y -> y sqrt((v + to)/(v + from)).
TEST_CASE("on a Gaussian the displacement is exact to its own relative accuracy") {
  const VectorMixture clean(1, {1}, {0}, {0.5});
  const std::vector<Lanes> points = spread_points(2, -3, 3);
  for (const double step : {1e-9, 1e-3, 0.05}) {
    const std::vector<Lanes> moved = flow(clean, points, 1, -step, 1);
    const double truth = std::expm1(std::log1p(-step / 1.5) / 2);
    for (std::size_t g = 0; g < 2; ++g) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        // Order 6 at the largest step: (step/1.5)^6 times less than 1/7!; observed 2e-13.
        CHECK(std::fabs(moved[g].v[l] / (truth * points[g].v[l]) - 1) < 1e-12);
      }
    }
  }
}

TEST_CASE("on the line it is the quantile map, and the errors fall by 2^6 and 2^4") {
  const VectorMixture clean(1, {0.5, 0.3, 0.2}, {-1.5, 0.4, 1.8}, {0.09, 0.16, 0.04});
  const LineMixture<double> line({{0.5, -1.5, 0.09}, {0.3, 0.4, 0.16}, {0.2, 1.8, 0.04}});
  const double abar = 0.6;
  const double from = 0.4 / 0.6;
  const double length = -0.15 / 0.6;
  const double signal = std::sqrt(abar);
  // The quantile map at fixed signal, noise variance 0.4 to 0.25.
  const auto law = [&](double noise) { return line.at_level({abar, noise}); };
  const std::vector<Lanes> points = spread_points(4, -3, 3);
  const auto error = [&](int substeps, FlowMethod method) {
    const std::vector<Lanes> moved = flow(clean, points, from, length, substeps, method);
    double worst = 0;
    for (std::size_t g = 0; g < points.size(); ++g) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        const double y = points[g].v[l];
        const double truth = exact_flow(law(0.4), law(0.25), signal * y) / signal - y;
        worst = std::max(worst, std::fabs(moved[g].v[l] - truth));
      }
    }
    return worst;
  };
  CHECK(error(16, FlowMethod::butcher) < 1e-11);  // observed below 1e-12
  const auto order = [&](FlowMethod method) {
    return std::log2(error(2, method) / error(4, method));
  };
  CHECK(order(FlowMethod::butcher) > 5.5);
  CHECK(order(FlowMethod::butcher) < 7.5);
  CHECK(order(FlowMethod::kutta) > 3.5);
  CHECK(order(FlowMethod::kutta) < 5);
  MESSAGE("orders ", order(FlowMethod::butcher), " and ", order(FlowMethod::kutta));
}

// Equal components in R^3 at the corners of a simplex: by symmetry the flow keeps the centroid, and
// there and back is the identity.
TEST_CASE("there and back in three dimensions") {
  const VectorMixture clean(3, {0.25, 0.25, 0.5}, {1, 0, 0, 0, 1, 0, 0, 0, 1},
                            {0.1, 0.2, 0.3, 0.2, 0.1, 0.3, 0.4, 0.4, 0.1});
  const std::vector<Lanes> points = spread_points(6, -1.5, 1.5);
  std::vector<Lanes> there = flow(clean, points, 0.8, -0.3, 8);
  std::vector<Lanes> moved = points;
  for (std::size_t j = 0; j < points.size(); ++j) {
    moved[j].v += there[j].v;
  }
  const std::vector<Lanes> back = flow(clean, moved, 0.5, 0.3, 8);
  for (std::size_t j = 0; j < points.size(); ++j) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      CHECK(std::fabs(there[j].v[l] + back[j].v[l]) < 1e-9);
    }
  }
}

}  // namespace
}  // namespace lemmabench
