#include "theory/gaussian/gaussian_divergences.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "numerics/log_functions.hpp"
#include "numerics/mp.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

namespace lemmabench {
namespace {

template <class Real>
Truth positive(const Real& x) {
  if constexpr (is_ball<Real>) {
    return x.positive();
  } else {
    return x > 0 ? Truth::certainly : Truth::certainly_not;
  }
}

template <class Real>
Truth negative(const Real& x) {
  return positive<Real>(-x);
}

template <class Real>
Real times(long multiplicity, const Real& x) {
  return Real(multiplicity) * x;
}

/// x > 0, which a chi^2 needs to be finite? Throws NumericalFailure where a ball leaves it open: to
/// take that for infinite would be as wrong as to take it for finite.
template <class Real>
bool is_positive(const Real& x) {
  const Truth answer = positive(x);
  if (answer == Truth::unknown) {
    throw NumericalFailure("Gaussian divergence: a chi^2 may be infinite");
  }
  return answer == Truth::certainly;
}

/// log(a b), given also x with a b = 1 - x^2: by x when x is small, where log(a b) would cancel,
/// and by the product elsewhere, where 1 - x^2 would. Both are true of any x: the midpoint chooses
/// the more accurate.
template <class Real>
Real log_product(const Real& x, const Real& product) {
  using std::abs;
  using std::log;
  using std::log1p;
  return abs(to_double(x)) < 0.5 ? Real(log1p(Real(-(x * x)))) : Real(log(product));
}

template <class Real>
Real exp_minus_one(const Real& x) {
  using std::expm1;
  return expm1(x);
}

/// sqrt of what is known not to be negative (a ball is cut at 0).
template <class Real>
Real root(const Real& x) {
  using std::sqrt;
  if constexpr (is_ball<Real>) {
    Ball result;
    arb_sqrtpos(result.raw(), x.raw(), PrecisionScope::bits());
    return result;
  } else {
    return sqrt(x);
  }
}

}  // namespace

template <class Real>
void require_domain(RelativeBlocks<Real> blocks) {
  for (const RelativeBlock<Real>& block : blocks) {
    const Truth variance = positive<Real>(block.e + 1);
    const Truth shift = negative<Real>(block.shift);
    if (variance == Truth::certainly_not || shift == Truth::certainly || block.multiplicity < 1) {
      throw InputError(
          fmt::format("Gaussian divergence: a block with relative variance error {}, shift {}, "
                      "multiplicity {}; "
                      "use e > -1, shift >= 0, multiplicity >= 1",
                      to_double(block.e), to_double(block.shift), block.multiplicity));
    }
    if (variance == Truth::unknown || shift == Truth::unknown) {
      // A shift that contains 0 is fine: a square mean difference is never negative.
      if constexpr (is_ball<Real>) {
        if (variance == Truth::unknown || arb_contains_nonnegative(block.shift.raw()) == 0) {
          throw NumericalFailure("Gaussian divergence: a relative variance error may be -1");
        }
      }
    }
  }
}

template <class Real>
Real kl_pq(RelativeBlocks<Real> blocks) {
  require_domain(blocks);
  Real sum(0);
  for (const RelativeBlock<Real>& block : blocks) {
    sum += times(block.multiplicity, log1p_minus_fraction(block.e));
    sum += block.shift / (block.e + 1);
  }
  return sum / 2;
}

template <class Real>
Real kl_qp(RelativeBlocks<Real> blocks) {
  require_domain(blocks);
  Real sum(0);
  for (const RelativeBlock<Real>& block : blocks) {
    sum += times(block.multiplicity, Real(-log1p_minus(block.e)));
    sum += block.shift;
  }
  return sum / 2;
}

template <class Real>
Real log_affinity(RelativeBlocks<Real> blocks) {
  require_domain(blocks);
  Real sum(0);
  for (const RelativeBlock<Real>& block : blocks) {
    // (1+e)/(1+e/2)^2 = 1 - (e/(2+e))^2
    const Real r = 2 / (block.e + 2);
    const Real product = (block.e + 1) * r * r;
    sum += times(block.multiplicity, log_product(Real(block.e / (block.e + 2)), product)) / 4;
    sum -= block.shift * r / 8;
  }
  return sum;
}

template <class Real>
Real hellinger(RelativeBlocks<Real> blocks) {
  if constexpr (std::is_same_v<Real, double>) {
    // H^2 = -expm1(log affinity) is of order e^2 and underflows long before H does: below
    // sum m r^2 + shift/2 < 1e-17 the leading term is exact to rounding, and can be scaled.
    require_domain(blocks);
    double scale = 0;
    for (const RelativeBlock<double>& block : blocks) {
      scale = std::max({scale, std::abs(block.e / (2 + block.e)), std::sqrt(block.shift)});
    }
    if (scale == 0) {
      return 0;
    }
    double sum = 0;
    for (const RelativeBlock<double>& block : blocks) {
      const double r = block.e / (2 + block.e) / scale;
      sum += static_cast<double>(block.multiplicity) * r * r / 4;
      sum += block.shift / scale / scale / (2 + block.e) / 4;
    }
    if (sum * scale * scale < 1e-17) {
      return scale * std::sqrt(sum);
    }
  }
  return root(Real(-exp_minus_one(log_affinity(blocks))));
}

template <class Real>
std::optional<Real> chi_square_pq(RelativeBlocks<Real> blocks) {
  require_domain(blocks);
  Real log_b(0);
  for (const RelativeBlock<Real>& block : blocks) {
    const Real narrow = 2 * block.e + 1;
    if (!is_positive(narrow)) {
      return std::nullopt;
    }
    // (1+2e)/(1+e)^2 = 1 - (e/(1+e))^2
    const Real r = 1 / (block.e + 1);
    log_b -= times(block.multiplicity, log_product(Real(block.e * r), Real(narrow * r * r))) / 2;
    log_b += block.shift / narrow;
  }
  return exp_minus_one(log_b);
}

template <class Real>
std::optional<Real> chi_square_qp(RelativeBlocks<Real> blocks) {
  require_domain(blocks);
  Real log_b(0);
  for (const RelativeBlock<Real>& block : blocks) {
    const Real narrow = 1 - block.e;
    if (!is_positive(narrow)) {
      return std::nullopt;
    }
    const Real product = narrow * (block.e + 1);
    log_b -= times(block.multiplicity, log_product(block.e, product)) / 2;
    log_b += block.shift / narrow;
  }
  return exp_minus_one(log_b);
}

#define LEMMABENCH_INSTANTIATE(Real)                                      \
  template Real kl_pq<Real>(RelativeBlocks<Real>);                        \
  template Real kl_qp<Real>(RelativeBlocks<Real>);                        \
  template Real log_affinity<Real>(RelativeBlocks<Real>);                 \
  template Real hellinger<Real>(RelativeBlocks<Real>);                    \
  template std::optional<Real> chi_square_pq<Real>(RelativeBlocks<Real>); \
  template std::optional<Real> chi_square_qp<Real>(RelativeBlocks<Real>); \
  template void require_domain<Real>(RelativeBlocks<Real>);
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

GaussianDivergences gaussian_divergences(RelativeBlocks<Ball> blocks, long digits) {
  GaussianDivergences out;
  out.tv = total_variation(blocks, digits);
  // Sums of terms of one sign, and one expm1: a few bits beyond the digits are enough.
  const PrecisionScope scope(std::max(64L, bits_for_digits(digits) + 32));
  out.kl_pq = Proved{kl_pq(blocks)};
  out.kl_qp = Proved{kl_qp(blocks)};
  out.hellinger = Proved{hellinger(blocks)};
  if (auto value = chi_square_pq(blocks)) {
    out.chi2_pq = Proved{std::move(*value)};
  }
  if (auto value = chi_square_qp(blocks)) {
    out.chi2_qp = Proved{std::move(*value)};
  }
  return out;
}

}  // namespace lemmabench
