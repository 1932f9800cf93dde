#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "numerics/estimate.hpp"
#include "numerics/evidence.hpp"
#include "numerics/exact_ball.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"

/// How a law computed by quadrature gets its errors: it is computed twice, with settings that
/// differ in everything (nodes, panels, tolerances, and hence rounding). What refining does to a
/// number is seen in the difference of the two runs; what both runs share, such as rounding that
/// an absolute value turns into a bias, is not, and must be put into the estimate where the number
/// is made.
namespace lemmabench {

/// What both runs share of a law after so many steps, relatively: a few units of the last place in
/// the schedule's alpha_t and in each propagated value a step, which add up one-sidedly at worst.
/// (Observed up to 3.4 eps a step against laws in balls.)
template <class Real>
Real run_rounding(long steps) {
  return 4 * std::numeric_limits<Real>::epsilon() * Real(static_cast<int>(steps));
}

/// One or two units of rounding, by either sign, as if drawn anew at every place: SplitMix64 of it.
inline int rounding_units(std::uint64_t place) {
  std::uint64_t x = (place + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x ^= x >> 27U;
  return ((x >> 32U & 1U) != 0 ? 1 : 2) * ((x >> 33U & 1U) != 0 ? 1 : -1);
}

/// The schedule for the other run: every number of it is off by one or two units of rounding, by
/// either sign. Where the terms of a step cancel, as at few steps over many levels, the law is off
/// by far more than a few units, in both runs alike unless they start from differently rounded
/// levels. (Observed: 213 eps a step for six steps of edm-heun on cosine:s=0.00000572.)
template <class Real>
Schedule<Real> rounded_anew(const Schedule<Real>& schedule) {
  return schedule.scaled([](int t, int k) {
    const auto place = 3 * static_cast<std::uint64_t>(t) + static_cast<std::uint64_t>(k);
    return Real(1 + rounding_units(place) * std::numeric_limits<Real>::epsilon());
  });
}

/// The distances of a computed law q from the law p it should be.
template <class Real>
struct LawDistances {
  Estimate<Real> tv;
  Estimate<Real> kl_pq;
  Estimate<Real> kl_qp;
  Estimate<Real> hellinger;

  /// Adds an error that all four have: what q may be off, relatively. A log q is off by that much
  /// of itself too, as an exponent that has been rounded is, and so is a mean of log p/q.
  void widen(const Real& error) {
    tv.error += error;
    hellinger.error += error;
    for (Estimate<Real>* each : {&kl_pq, &kl_qp}) {
      each->error += each->value > 0 ? Real(error * (1 + each->value)) : error;
    }
  }
};

/// Everything one computation of a law by quadrature gives.
template <class Real>
struct LawNumbers {
  LawDistances<Real> distances;
  ErrorParts<Estimate<Real>> parts;
  std::vector<Estimate<Real>> local;  ///< TV(K_t p_t, p_{t-1}), t = T..2
  long score_calls = 0;
  std::size_t most_panels = 0;
};

/// A number of two runs: the finer value, with twice the difference and what the finer run knows
/// it is off as its error; unknown if that is infinite. Throws NumericalFailure if a value is not
/// finite.
template <class Real>
Quantity judged(const Estimate<Real>& coarse, const Estimate<Real>& fine) {
  if (to_double(fine.error) > std::numeric_limits<double>::max()) {
    return Quantity::unknown(Evidence::computed,
                             "one law is too small to be known where the other still has mass");
  }
  const PrecisionScope scope(400);  // differences of Mp80 numbers are exact
  const Ball value = exact_ball(fine.value);
  return Computed{value, 2 * abs(value - exact_ball(coarse.value)) + exact_ball(fine.error)};
}

/// Fills distances, parts, local errors and score_calls of `out`.
template <class Real>
void judge_runs(const LawNumbers<Real>& coarse, const LawNumbers<Real>& fine, LawResult& out) {
  const auto both = [](const Estimate<Real>& a, const Estimate<Real>& b) { return judged(a, b); };
  out.tv = both(coarse.distances.tv, fine.distances.tv);
  out.kl_pq = both(coarse.distances.kl_pq, fine.distances.kl_pq);
  out.kl_qp = both(coarse.distances.kl_qp, fine.distances.kl_qp);
  out.hellinger = both(coarse.distances.hellinger, fine.distances.hellinger);
  out.parts = combined_parts<Quantity>(coarse.parts, fine.parts, both);
  for (std::size_t i = 0; i < fine.local.size(); ++i) {
    out.local_errors.push_back(
        {static_cast<long>(fine.local.size() + 1 - i), both(coarse.local[i], fine.local[i])});
  }
  out.score_calls = fine.score_calls;
}

}  // namespace lemmabench
