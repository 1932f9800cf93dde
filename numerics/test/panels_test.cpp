#include "numerics/panels.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

std::shared_ptr<const LegendreBasis<double>> basis_of(int order) {
  return std::make_shared<LegendreBasis<double>>(order);
}

double bell(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2 * pi<double>()); }

PanelFunction<double> bell_panels(int order, const PanelRule& rule) {
  const DyadicLine line = DyadicLine::covering(60);
  const auto basis = basis_of(order);
  const auto size = static_cast<std::size_t>(order);
  return build_panels<double>(
      basis, line, 2, {Cell{}},
      [size](const Cell&, const double* x, double* out) {
        for (std::size_t k = 0; k < size; ++k) {
          out[k] = bell(x[k]);
          out[size + k] = -x[k] * bell(x[k]);  // the derivative: a signed channel
        }
      },
      rule);
}

TEST_CASE("a dyadic line has exact ends and the least power of two") {
  CHECK(DyadicLine::covering(12).half_width() == 16);
  CHECK(DyadicLine::covering(16).half_width() == 16);
  CHECK(DyadicLine::covering(0.3).half_width() == 0.5);
  const DyadicLine line = DyadicLine::covering(16);
  CHECK(line.low(Cell{}) == -16);
  CHECK(line.high(Cell{}) == 16);
  const Cell cell{40, (1L << 39) + 1};
  CHECK(line.low(cell) == std::ldexp(1.0, -35));
  CHECK(line.high(cell.left()) == line.low(cell.right()));
  CHECK(cell.right().parent() == cell);
}

TEST_CASE("cells cover the features, finer where features are narrow, and nothing else") {
  const DyadicLine line = DyadicLine::covering(16);
  const std::vector<Feature> features{{-3, -1, 1.0}, {2, 2.125, 0.125}};
  const auto cells = cover(line, features, 0);
  double former = -16;
  double covered = 0;
  for (const Cell& cell : cells) {
    CHECK(line.low(cell) >= former);
    former = line.high(cell);
    CHECK(line.width(cell) <= (line.low(cell) >= 2 ? 1.5 * 0.125 : 1.5));
    covered += line.width(cell);
  }
  CHECK(covered == 2 + 0.125);  // the features end where cells end
  CHECK(cover(line, features, 0.01).size() > cells.size());
  // A fine feature in the corner of a wide one must not be overlooked.
  const std::vector<Feature> corner{{0, 1, 1.0}, {0, 1.0 / 1024, 1.0 / 1024}};
  CHECK(line.width(cover(line, corner, 0).front()) == 1.0 / 1024);
}

TEST_CASE("panels resolve a Gaussian to their tolerance") {
  const PanelRule rule{.tolerance = 1e-12};
  const auto f = bell_panels(16, rule);
  // 20 panels of at most 1e-12 each; observed 4e-14 and 1e-13 pointwise.
  CHECK(std::abs(f.integral(0) - 1) < 1e-12);
  CHECK(std::abs(f.integral(1)) < 1e-13);
  for (double x = -9; x < 9; x += 0.0371) {
    CHECK(std::abs(f.evaluate(x, 0) - bell(x)) < 2e-12);
    CHECK(std::abs(f.evaluate(x, 1) + x * bell(x)) < 2e-12);
  }
  CHECK(f.evaluate(50.0, 0) == 0);  // negligible panels are left out
  CHECK(f.find(50.0) == f.panels());
  CHECK(f.panels() < 32);
}

TEST_CASE("evaluation at many points agrees with evaluation at one") {
  const auto f = bell_panels(12, {});
  std::vector<double> points;
  for (int i = 0; i < 200; ++i) {
    points.push_back(-14 + 0.14 * i);
  }
  std::vector<double> values(2 * points.size());
  f.evaluate(points.data(), points.size(), values.data());
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK(values[i] == f.evaluate(points[i], 0));
    CHECK(values[points.size() + i] == f.evaluate(points[i], 1));
  }
}

TEST_CASE("halving keeps the function, combining adds the channels") {
  const auto f = bell_panels(16, {});
  const std::vector<std::size_t> halve{0, 3, f.panels() - 1};
  const auto g = f.halved(halve);
  CHECK(g.panels() == f.panels() + 3);
  const double factors[] = {2.0, -1.0};
  const auto h = f.combined(factors);
  CHECK(h.channels() == 1);
  for (double x = -6; x < 6; x += 0.1) {
    CHECK(std::abs(g.evaluate(x, 0) - f.evaluate(x, 0)) < 1e-15);
    CHECK(std::abs(h.evaluate(x, 0) - (2 * f.evaluate(x, 0) - f.evaluate(x, 1))) < 2e-15);
  }
}

TEST_CASE("a function that no panels resolve is reported, not approximated") {
  const auto basis = basis_of(8);
  PanelRule rule;
  rule.most_panels = 500;
  const auto noise = [](const Cell&, const double* x, double* out) {
    for (int k = 0; k < 8; ++k) {
      out[k] = std::sin(1e9 * x[k]);
    }
  };
  CHECK_THROWS_AS(build_panels<double>(basis, DyadicLine::covering(4), 1, {Cell{}}, noise, rule),
                  NumericalFailure);
}

TEST_CASE("panels hold 35 digits in Mp40") {
  const auto basis = std::make_shared<LegendreBasis<Mp40>>(48);
  PanelRule rule;
  rule.tolerance = 1e-34;
  rule.relative = 1e-36;
  rule.negligible = 1e-40;
  const auto f = build_panels<Mp40>(
      basis, DyadicLine::covering(16), 1, {Cell{}},
      [](const Cell&, const Mp40* x, Mp40* out) {
        for (int k = 0; k < 48; ++k) {
          out[k] = exp(Mp40(-x[k] * x[k] / 2));
        }
      },
      rule);
  CHECK(std::abs(to_double(Mp40(f.integral(0) / sqrt(2 * pi<Mp40>()) - 1))) < 1e-33);
}

}  // namespace
}  // namespace lemmabench
