#pragma once

#include <vector>

#include "cases/schemes/scheme.hpp"
#include "numerics/exact_number.hpp"
#include "numerics/mp.hpp"
#include "numerics/scalar.hpp"

/// The output of a scheme on a Gaussian target, one coordinate at a time.
///
/// For X_0 ~ N(mu, w) the model's answer is affine,
///   D_j = mu + g_j (y_j - mu),  g_j = w/(w + sigma_j^2),
/// and so is the output: y_K = c + a x_T + sum_m b_m z_m. The factors are found backwards, from the
/// output row to the start: O(number of coefficients), whatever the scheme remembers [D].
namespace lemmabench {

template <class Real>
struct SchemeResponse {
  Real start;     ///< a
  Real constant;  ///< c
  Real noise;     ///< sum_m b_m^2
};

/// sigma_k^2 of a level that is finite.
template <class Real>
Real level_variance(const Scheme& scheme, std::size_t k) {
  const Real level = exact_number<Real>(scheme.levels[k]);
  return level * level;
}

template <class Real>
SchemeResponse<Real> scheme_response(const Scheme& scheme, const Real& w, const Real& mu) {
  const std::size_t calls = scheme.calls();
  std::vector<Real> of_row(calls + 1, Real(0));
  std::vector<Real> of_output(calls, Real(0));
  std::vector<Real> of_draw(scheme.draws, Real(0));
  of_row[calls] = Real(1);
  SchemeResponse<Real> out{Real(0), Real(0), Real(0)};
  for (std::size_t k = calls + 1; k-- > 0;) {
    if (k < calls && k == 0 && scheme.starts_from_noise()) {
      out.constant += of_output[k] * mu;
    } else if (k < calls) {
      const Real variance = level_variance<Real>(scheme, k);
      const Real total = w + variance;
      of_row[k] += of_output[k] * (w / total);
      out.constant += of_output[k] * (variance / total) * mu;
    }
    for (const SchemeTerm& term : scheme.rows[k]) {
      const Real share = exact_number<Real>(term.coefficient) * of_row[k];
      switch (term.source) {
        case SchemeSource::start:
          out.start += share;
          break;
        case SchemeSource::row:
          of_row[term.index] += share;
          break;
        case SchemeSource::output:
          of_output[term.index] += share;
          break;
        case SchemeSource::draw:
          of_draw[term.index] += share;
          break;
      }
    }
  }
  for (const Real& factor : of_draw) {
    out.noise += factor * factor;
  }
  return out;
}

}  // namespace lemmabench
