#pragma once

namespace lemmabench {

/// Order from which, and argument x with sqrt(nu^2 + x^2) from which, Debye's expansion is used.
inline constexpr double kDebyeFrom = 30;

/// sum_k U_k(p)/nu^k, p = nu/w, of Debye's expansion (DLMF 10.41.3, 10.41.10)
///   I_nu(x) ~ exp(w - nu asinh(nu/x)) / sqrt(2 pi w) sum_k U_k(p)/nu^k,   w = sqrt(nu^2 + x^2),
/// for nu >= 0 and w >= kDebyeFrom, uniformly in x > 0. Written in 1/w it needs no large order:
/// U_k(p)/nu^k = w^{-k} sum_j u_{kj} p^{2j}, and at nu = 0 it is Hankel's expansion. Stops where a
/// term is below 2^-56; 17 terms at w = 30, 6 at w = 200. Relative error below 1e-15.
double debye_sum(double nu, double w);

/// sum_k (x^2/4)^k / (k! (nu+1)_k), the power series of Gamma(nu+1) (x/2)^-nu I_nu(x) (DLMF
/// 10.25.2), from y = x^2/4. Positive terms; meant for x <= kDebyeFrom (below 60 terms).
double bessel_i_power_series(double nu, double y);

/// log(I_nu(x) e^{-x}), nu = -1/2 or 0 <= nu <= 1e6, x > 0. Debye's expansion for
/// sqrt(nu^2+x^2) >= 30, the power series below, and the closed form at nu = -1/2.
/// Error against Arb over nu = d/2-1, d = 1..4096, and x in 1e-12..1e18: at most
/// 1e-14 + 2e-15 |value| (observed 0.3 of that).
double log_bessel_i_scaled(double nu, double x);

/// I_{nu+1}(x)/I_nu(x) in [0, 1), the same range with x >= 0: Perron's continued fraction of
/// positive terms for x <= max(2 nu, 30), Debye's expansions of I and I' beyond; tanh x at
/// nu = -1/2. Relative error below 2e-15 (observed 1.2e-15) against Arb on the same grid.
double bessel_i_ratio(double nu, double x);

}  // namespace lemmabench
