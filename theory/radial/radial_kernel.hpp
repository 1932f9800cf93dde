#pragma once

namespace lemmabench {

/// The Gaussian kernel seen from the radius (theory.md section 4, radial law): if y = m e + sigma Z
/// in R^d then rho = |y| has density (rho/sigma^2) (rho/m)^{d/2-1} exp(-(rho^2+m^2)/(2 sigma^2))
/// I_{d/2-1}(rho m/sigma^2). Here as the density of log rho, a function of
///   power = rho^2/sigma^2  and  lean = log(|m|/rho).
///
/// With N = d/2-1, w = sqrt(N^2+z^2), z = rho |m|/sigma^2 and t = log(power/(N+w)), Debye's
/// expansion of I_N makes it [D]
///   power/sqrt(2 pi w) exp(-(w-N) (cosh t - 1) - N (e^t - 1 - t)) sum_k U_k(N/w)/N^k,
/// in which nothing cancels for kernels as narrow as 1e-15 of rho or in dimension 4096. Below
/// w = 30 the power series, at d = 1 the folded normal itself.
/// Relative error about 1e-14 + 4e-16 d near the peak.
class RadialKernel {
 public:
  /// d from 1 to 10^6.
  explicit RadialKernel(long dim);

  long dim() const { return dim_; }
  /// The density of log rho, 0 where it is below e^-90 of its peak. `lean` may be -infinity (m =
  /// 0); power > 0.
  double density(double power, double lean) const;
  /// Its logarithm, everywhere.
  double log_density(double power, double lean) const;

 private:
  struct Parts {
    double exponent;
    double factor;
  };
  Parts folded(double power, double lean) const;
  Parts by_series(double power, double z) const;
  Parts parts(double power, double lean) const;

  long dim_;
  double order_;      ///< N = d/2-1
  double log_gamma_;  ///< log Gamma(N+1)
};

/// log of the density of log|G| at |G|^2 = d, G ~ N(0, I_d):
/// log(2 (d/2)^{d/2} e^{-d/2}/Gamma(d/2)), without the cancellation in large d.
double log_radius_peak(long dim);

}  // namespace lemmabench
