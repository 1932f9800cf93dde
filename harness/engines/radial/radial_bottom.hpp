#pragma once

#include <cstddef>
#include <vector>

#include "harness/engines/radial/radial_noise.hpp"
#include "numerics/legendre.hpp"

namespace lemmabench {

/// Calls f(n, P_n(x)) for n below `count`.
template <class Function>
void for_legendre(std::size_t count, double x, const Function& f) {
  double before = 0;
  double here = 1;
  for (std::size_t n = 0; n < count; ++n) {
    f(n, here);
    const auto k = static_cast<double>(n);
    const double next = ((2 * k + 1) * x * here - k * before) / (k + 1);
    before = here;
    here = next;
  }
}

/// The radii below sigma of one kernel. In low dimensions a density of log rho falls there like
/// e^{dv} only, over dozens of panels, while the kernel is (rho/sigma)^d times an entire function
/// of x = m^2/sigma^2 and of y = rho^2/sigma^2. Polynomials in x on [0, 1] gather the weights of
/// all panels with m <= sigma at `order` points, and polynomials in y on [0, 1] give the density at
/// all radii rho <= sigma from its values at `order` radii. With order 12 the interpolation is good
/// to 1e-13 of the density, with 16 to rounding.
class RadialBottom {
 public:
  RadialBottom(const LegendreBasis<double>& basis, const RadialNoise& noise, long dim);

  /// Is v at or below sigma? Never above dimension 16, where few panels live there.
  bool holds(double v) const { return half_dim_ <= 8 && noise_.power(v) <= 1; }
  /// v of the order points, ascending; both of means and of radii.
  const std::vector<double>& nodes() const { return nodes_; }
  /// Adds `count` weights at means of these logarithms, all held, to `moments` (order numbers).
  void gather(const double* log_mean, const double* weights, std::size_t count,
              double* moments) const;
  /// The weights at nodes() that have these moments.
  std::vector<double> weights_of(const std::vector<double>& moments) const;
  /// The density at `order` points, all held, from its values at nodes().
  void spread(const double* at_nodes, const double* points, double* out) const;

 private:
  const LegendreBasis<double>& basis_;
  const RadialNoise& noise_;
  double half_dim_;
  std::vector<double> nodes_;
};

}  // namespace lemmabench
