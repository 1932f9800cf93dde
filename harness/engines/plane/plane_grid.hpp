#pragma once

#include <cstddef>
#include <vector>

#include "theory/mixture/plane_mixture.hpp"

namespace lemmabench {

/// How finely a plane law is computed.
struct PlaneSettings {
  double spacing = 0.14;   ///< of the grid, in standard deviations of a component
  std::size_t order = 18;  ///< points of an interpolation along each axis, even
  double reach = 8;        ///< standard deviations around the centres that the grid covers
  /// Points with less density than this times the highest are where the law is not known.
  double negligible = 1e-16;
  int refinements = 4;  ///< most halvings of the spacing in integrals of |q - p|
};

/// Points (x0 + i h, y0 + j h), i < nx, j < ny; values of a function are kept at j * nx + i.
struct PlaneGrid {
  double x0 = 0;
  double y0 = 0;
  double h = 1;
  std::size_t nx = 0;
  std::size_t ny = 0;

  std::size_t size() const { return nx * ny; }
  double x(std::size_t i) const { return x0 + h * static_cast<double>(i); }
  double y(std::size_t j) const { return y0 + h * static_cast<double>(j); }
  /// The same region at half the spacing.
  PlaneGrid halved() const { return {x0, y0, h / 2, 2 * nx - 1, 2 * ny - 1}; }
};

/// The grid that covers a mixture.
PlaneGrid grid_of(const PlaneMixture& mixture, const PlaneSettings& settings);

/// The mixture's density on a grid, by products of one-dimensional factors: K multiplications a
/// point.
std::vector<double> density_on(const PlaneGrid& grid, const PlaneMixture& mixture);

/// Evaluates functions on a grid between its points: tensor Lagrange interpolation on the `order`
/// nearest points along each axis. Outside of the grid the function is taken as constant along each
/// axis, which keeps the interpolation centred and thus stable when it is repeated.
class PlaneInterpolant {
 public:
  /// Copies `functions`, each of grid.size() values.
  PlaneInterpolant(const PlaneGrid& grid, const std::vector<std::vector<double>>& functions,
                   std::size_t order);

  /// All functions at (x, y). Cost order^2 a function.
  void evaluate(double x, double y, double* out) const;

 private:
  /// Weights of the stencil around position s (in spacings), and the padded index it starts at.
  std::size_t stencil(double s, std::size_t count, double* weights) const;

  PlaneGrid grid_;
  std::size_t order_;
  std::size_t stride_;
  std::vector<double> factors_;              ///< 1/prod_{j != k} (k - j)
  std::vector<std::vector<double>> padded_;  ///< order/2 more points on every side
};

/// One function at half the spacing, by interpolation on `order` points.
std::vector<double> halved(const PlaneGrid& grid, const std::vector<double>& values,
                           std::size_t order);

/// E f(x + sd Z) on the grid, Z ~ N(0, I), f = 0 outside: two passes of a symmetric stencil along
/// each axis. From sd = 1.2 h on the stencil is the Gaussian itself, whose error is
/// 2 exp(-2 pi^2 sd^2/h^2) < 1e-12; below, E of the interpolation polynomial on order + 1 points,
/// with sd cut so that none is above 0.7 h.
void smooth(const PlaneGrid& grid, double sd, std::size_t order, std::vector<double>& values);

}  // namespace lemmabench
