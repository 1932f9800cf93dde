#pragma once

#include <vector>

#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "numerics/error.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"
#include "theory/process/forward.hpp"

/// Pairs of Gaussian laws as theory/gaussian/gaussian_divergences.hpp wants them.
namespace lemmabench {

template <class Real>
Real whole_number(long n) {
  return Real(static_cast<int>(n));
}

/// Refuses a law that lies on a plane: all of its divergences from one with a density are known,
/// and none of them is a finite number to be computed. In floats a variance below 1e-16 of the
/// right one looks the same.
template <class Real>
void require_spread(const std::vector<BlockLaw<Real>>& law) {
  for (const BlockLaw<Real>& block : law) {
    if constexpr (is_ball<Real>) {
      if (block.e.exact() && block.e.contains(Rational(-1))) {
        throw EngineRefusal(
            "the output has variance 0 in a coordinate, so that TV and Hellinger distance are 1 "
            "and KL(p||q) and KL(q||p) infinite; there is nothing to compute");
      }
    } else if (!(block.e > -1)) {
      throw EngineRefusal(
          "--arithmetic: a variance of the output is 0 or nearly so against the right one, which "
          "this arithmetic cannot tell; leave --arithmetic out for balls");
    }
  }
}

/// A law against the truth N(0, w) of its level.
template <class Real>
std::vector<RelativeBlock<Real>> against_truth(const GaussianLaw& target,
                                               const std::vector<BlockLaw<Real>>& law,
                                               const std::vector<Real>& variance) {
  std::vector<RelativeBlock<Real>> out;
  for (std::size_t i = 0; i < law.size(); ++i) {
    const long m = target.coordinates[i].multiplicity;
    const Real& shift = law[i].mean_error;
    out.push_back({law[i].e, whole_number<Real>(m) * shift * shift / variance[i], m});
  }
  return out;
}

/// Law `q` against law `p` at the same level: 1+e = (1+e_q)/(1+e_p).
template <class Real>
std::vector<RelativeBlock<Real>> between(const GaussianLaw& target,
                                         const std::vector<BlockLaw<Real>>& p,
                                         const std::vector<BlockLaw<Real>>& q,
                                         const std::vector<Real>& variance) {
  std::vector<RelativeBlock<Real>> out;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const long m = target.coordinates[i].multiplicity;
    const Real below = 1 + p[i].e;
    const Real shift = q[i].mean_error - p[i].mean_error;
    out.push_back({(q[i].e - p[i].e) / below,
                   whole_number<Real>(m) * shift * shift / (variance[i] * below), m});
  }
  return out;
}

/// N(0, I) against p_{X_T}: e = 1/w - 1 = abar (1 - lambda)/w.
template <class Real>
std::vector<RelativeBlock<Real>> start_against_truth(const GaussianLaw& target,
                                                     const Level<Real>& level) {
  std::vector<RelativeBlock<Real>> out;
  for (const CoordinateLaw& block : target.coordinates) {
    const Real lambda = from_rational<Real>(block.variance());
    const Real mean = from_rational<Real>(block.mean());
    const Real w = marginal_variance(level, lambda);
    out.push_back({level.abar * (1 - lambda) / w,
                   whole_number<Real>(block.multiplicity) * level.abar * mean * mean / w,
                   block.multiplicity});
  }
  return out;
}

}  // namespace lemmabench
