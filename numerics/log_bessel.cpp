#include "numerics/log_bessel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "numerics/log_gamma.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kTerms = 22;

/// The polynomials U_k and V_k of DLMF 10.41(ii), as coefficients of p^k (p^2)^j.
struct DebyeTable {
  std::array<std::array<double, kTerms + 1>, kTerms> u{};
  std::array<std::array<double, kTerms + 1>, kTerms> v{};
  /// The k-th term of either sum is below 2^-56 for w above this.
  std::array<double, kTerms> needed_below{};

  DebyeTable();
};

double horner(const std::array<double, kTerms + 1>& c, std::size_t degree, double p2) {
  double sum = c[degree];
  for (std::size_t j = degree; j-- > 0;) {
    sum = sum * p2 + c[j];
  }
  return sum;
}

// U_{k+1} = p^2 (1-p^2) U_k'/2 + int_0^p (1-5t^2) U_k dt/8 and
// V_{k+1} = U_{k+1} - p (1-p^2) U_k/2 - p^2 (1-p^2) U_k' (DLMF 10.41.9, 10.41.11): in every
// coefficient of U two numbers of one sign are added.
DebyeTable::DebyeTable() {
  u[0][0] = 1;
  v[0][0] = 1;
  for (std::size_t k = 0; k + 1 < kTerms; ++k) {
    std::array<double, kTerms + 1> correction{};
    for (std::size_t j = 0; j <= k; ++j) {
      const double n = static_cast<double>(k + 2 * j);
      u[k + 1][j] += u[k][j] * (0.5 * n + 0.125 / (n + 1));
      u[k + 1][j + 1] -= u[k][j] * (0.5 * n + 0.625 / (n + 3));
      correction[j] += u[k][j] * (0.5 + n);
      correction[j + 1] -= u[k][j] * (0.5 + n);
    }
    for (std::size_t j = 0; j <= k + 1; ++j) {
      v[k + 1][j] = u[k + 1][j] - correction[j];
    }
  }
  for (std::size_t k = 1; k < kTerms; ++k) {
    double largest = 0;
    for (int i = 0; i <= 100; ++i) {
      const double p2 = i / 100.0;
      largest = std::max({largest, std::abs(horner(u[k], k, p2)), std::abs(horner(v[k], k, p2))});
    }
    needed_below[k] = std::pow(std::ldexp(largest, 56), 1 / static_cast<double>(k));
  }
}

const DebyeTable& table() {
  static const DebyeTable kTable;
  return kTable;
}

double sum_terms(const std::array<std::array<double, kTerms + 1>, kTerms>& terms, double nu,
                 double w) {
  const DebyeTable& known = table();
  const double inverse = 1 / w;
  const double p = nu * inverse;
  double power = 1;
  double sum = 1;
  for (std::size_t k = 1; k < kTerms && w < known.needed_below[k]; ++k) {
    power *= inverse;
    sum += power * horner(terms[k], k, p * p);
  }
  return sum;
}

// R = x/(2(nu+1) + x^2/(2(nu+2) + x^2/(...))) (DLMF 10.33.1), from the tail forward: Lentz's
// method in Steed's form, positive terms only.
double ratio_by_fraction(double nu, double x) {
  const double y = x * x;
  double b = 2 * (nu + 1);
  double d = 1 / b;
  double term = x * d;
  double sum = term;
  for (int k = 2; std::abs(term) > 1e-17 * sum && k < 100000; ++k) {
    b += 2;
    d = 1 / (b + y * d);
    term *= b * d - 1;
    sum += term;
  }
  return sum;
}

}  // namespace

double debye_sum(double nu, double w) { return sum_terms(table().u, nu, w); }

double bessel_i_power_series(double nu, double y) {
  double term = 1;
  double sum = 1;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= y / (k * (nu + k));
    sum += term;
  }
  return sum;
}

double log_bessel_i_scaled(double nu, double x) {
  if (nu < 0) {
    return std::log1p(std::exp(-2 * x)) - 0.5 * std::log(2 * pi<double>() * x);
  }
  const double w = std::hypot(nu, x);
  if (w < kDebyeFrom) {
    return nu * std::log(x / 2) - log_gamma(nu + 1) - x +
           std::log(bessel_i_power_series(nu, x * x / 4));
  }
  return nu * nu / (w + x) - nu * std::asinh(nu / x) - 0.5 * std::log(2 * pi<double>() * w) +
         std::log(debye_sum(nu, w));
}

double bessel_i_ratio(double nu, double x) {
  if (nu < 0) {
    return std::tanh(x);
  }
  if (x <= std::max(2 * nu, kDebyeFrom)) {
    return ratio_by_fraction(nu, x);
  }
  // x I'/I = w V/U and I_{nu+1} = I' - (nu/x) I.
  const double w = std::hypot(nu, x);
  const double quotient = sum_terms(table().v, nu, w) / debye_sum(nu, w);
  return (w * quotient - nu) / x;
}

}  // namespace lemmabench
