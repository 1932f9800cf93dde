#include "numerics/hermite.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// h_n(x), h_{n-1}(x) and sum_{k<n} h_k(x)^2 for the polynomials orthonormal under N(0, 1).
template <class Real>
std::array<Real, 3> hermite(int n, const Real& x) {
  using std::sqrt;
  Real before(0);
  Real here(1);
  Real squares(0);
  for (int k = 0; k < n; ++k) {
    squares += here * here;
    const Real next = (x * here - sqrt(Real(k)) * before) / sqrt(Real(k + 1));
    before = here;
    here = next;
  }
  return {here, before, squares};
}

/// The root of h_n in (low, high), which contains exactly one.
double bisected_root(int n, double low, double high) {
  const bool rising = hermite<double>(n, high)[0] > 0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    ((hermite<double>(n, middle)[0] > 0) == rising ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

template <class Real>
QuadratureRule<Real> gauss_hermite(int order) {
  using std::sqrt;
  if (order < 1 || order > 128) {
    throw InputError(fmt::format("Gauss-Hermite order {}: use 1 to 128", order));
  }
  // The roots of h_n separate those of h_{n+1}, and all lie within 2 sqrt(n).
  std::vector<double> roots;
  for (int n = 1; n <= order; ++n) {
    const double bound = 2 * std::sqrt(n) + 1;
    std::vector<double> next;
    for (std::size_t i = 0; i <= roots.size(); ++i) {
      next.push_back(
          bisected_root(n, i == 0 ? -bound : roots[i - 1], i == roots.size() ? bound : roots[i]));
    }
    roots = next;
  }
  QuadratureRule<Real> rule;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    Real x(roots[i]);
    if (2 * i + 1 == roots.size()) {
      x = Real(0);
    } else {
      // From 15 digits, three Newton steps (h_n' = sqrt(n) h_{n-1}) give more than 80.
      for (int iteration = 0; iteration < 3; ++iteration) {
        const auto values = hermite(order, x);
        x -= values[0] / (sqrt(Real(order)) * values[1]);
      }
    }
    rule.nodes.push_back(x);
    rule.weights.push_back(1 / hermite(order, x)[2]);
  }
  return rule;
}

#define LEMMABENCH_INSTANTIATE(Real) template QuadratureRule<Real> gauss_hermite<Real>(int);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
