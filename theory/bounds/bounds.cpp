#include "theory/bounds/bounds.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "numerics/error.hpp"
#include "numerics/log_functions.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {

std::string_view name(Source source) {
  switch (source) {
    case Source::quoted:
      return "quoted";
    case Source::second_hand:
      return "second-hand";
    case Source::attributed:
      return "attributed";
    case Source::derived:
      return "derived";
    case Source::reconstructed:
      return "reconstructed";
  }
  return "";
}

std::string_view name(Metric metric) { return metric == Metric::tv ? "TV" : "KL"; }

bool Theorem::needs_smoothness() const {
  return std::any_of(factors.begin(), factors.end(),
                     [](const DimensionFactor& factor) { return factor.smoothness.sign() != 0; });
}

std::span<const Theorem> theorems() {
  // Order and exponents: theory.md section 6.9. Only what is marked [Q] there is `quoted`.
  static const std::vector<Theorem> rows{
      {"bddd-ddpm",
       "DDPM, linear in the dimension in KL",
       "Benton, De Bortoli, Doucet, Deligiannidis 2023",
       Source::attributed,
       Metric::kl,
       {{1, 0}},
       2,
       "",
       "d/eps^2"},
      {"ly-ddpm",
       "DDPM, O(d/T) theory",
       "Li & Yan, arXiv 2409.18959",
       Source::quoted,
       Metric::tv,
       {{1, 0}},
       1,
       "",
       "d/eps"},
      {"ode-ddim",
       "Probability-flow ODE, sharp theory",
       "Li, Wei, Chi, Chen, arXiv 2408.02320",
       Source::attributed,
       Metric::tv,
       {{1, 0}},
       1,
       "T >= d^2",
       "d/eps"},
      {"acc-ode",
       "Accelerated ODE sampler",
       "Li, Huang, Efimov, Wei, Chi, Chen, arXiv 2403.03852",
       Source::attributed,
       Metric::tv,
       {{3, 0}},
       {1, 2},
       "",
       "d^3/eps^(1/2)"},
      {"acc-sde",
       "Accelerated SDE sampler",
       "Li, Huang, Efimov, Wei, Chi, Chen, arXiv 2403.03852",
       Source::attributed,
       Metric::tv,
       {{3, 0}},
       1,
       "",
       "d^3/eps"},
      {"lc-sde",
       "Provable acceleration under minimal assumptions",
       "Li & Cai, arXiv 2410.23285",
       Source::quoted,
       Metric::tv,
       {{{5, 4}, 0}},
       {1, 2},
       "",
       "d^(5/4)/eps^(1/2)"},
      {"gcc-midpoint",
       "Randomised midpoints",
       "Gupta, Cai, Chen, arXiv 2406.00924",
       Source::attributed,
       Metric::tv,
       {{{5, 12}, {5, 3}}},
       1,
       "smoothness constant L",
       "L^(5/3) d^(5/12)/eps"},
      {"jl-adaptive",
       "Instance-dependent acceleration",
       "Jiao & Li, arXiv 2410.13738",
       Source::attributed,
       Metric::tv,
       {{1, 0}, {{2, 3}, {1, 3}}, {{1, 3}, 1}},
       {2, 3},
       "smoothness constant L",
       "min(d, d^(2/3) L^(1/3), d^(1/3) L)/eps^(2/3)"},
      {"ho-2",
       "Higher-order solver, K = 2",
       "Li, Zhou, Wei, Chen, arXiv 2506.24042",
       Source::attributed,
       Metric::tv,
       {{2, 0}},
       {1, 2},
       "",
       "d^2/eps^(1/2)"},
      {"ho-3",
       "Higher-order solver, K = 3",
       "Li, Zhou, Wei, Chen, arXiv 2506.24042",
       Source::attributed,
       Metric::tv,
       {{{5, 3}, 0}},
       {1, 3},
       "",
       "d^(5/3)/eps^(1/3)"},
      {"ho-4",
       "Higher-order solver, K = 4",
       "Li, Zhou, Wei, Chen, arXiv 2506.24042",
       Source::attributed,
       Metric::tv,
       {{{3, 2}, 0}},
       {1, 4},
       "",
       "d^(3/2)/eps^(1/4)"},
      {"jz-kl",
       "Sharp KL",
       "Jain & Zhang, ICLR 2026",
       Source::attributed,
       Metric::kl,
       {{1, 0}},
       1,
       "",
       "d/eps"},
  };
  return rows;
}

const Theorem& theorem(std::string_view id) {
  const std::span<const Theorem> rows = theorems();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [id](const Theorem& candidate) { return candidate.id == id; });
  if (row == rows.end()) {
    std::vector<std::string_view> ids;
    for (const Theorem& candidate : rows) {
      ids.push_back(candidate.id);
    }
    throw InputError(fmt::format("no theorem '{}'; there are {}", id, fmt::join(ids, ", ")));
  }
  return *row;
}

namespace {

/// x^power for x > 0; the square root where it serves, because it is correctly rounded.
template <class Real>
Real power(const Real& x, const Rational& exponent) {
  using std::pow;
  using std::sqrt;
  if (exponent == Rational(1)) {
    return x;
  }
  if (exponent == Rational(1, 2)) {
    return sqrt(x);
  }
  if (exponent == Rational(2)) {
    return x * x;
  }
  return pow(x, from_rational<Real>(exponent));
}

template <class Real>
Real smaller(const Real& a, const Real& b) {
  if constexpr (is_ball<Real>) {
    Ball result;
    arb_min(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
    return result;
  } else {
    return b < a ? b : a;
  }
}

/// min_k d^{dim_k} L^{smoothness_k}
template <class Real>
Real dimension_factor(const Theorem& row, const Real& d, const Real& smoothness) {
  const auto value = [&](const DimensionFactor& factor) -> Real {
    Real result = power(d, factor.dim);
    if (factor.smoothness.sign() != 0) {
      result *= power(smoothness, factor.smoothness);
    }
    return result;
  };
  Real least = value(row.factors.front());
  for (std::size_t k = 1; k < row.factors.size(); ++k) {
    least = smaller(least, value(row.factors[k]));
  }
  return least;
}

}  // namespace

template <class Real>
Real complexity(const Theorem& row, const Real& d, const Real& eps, const Real& smoothness) {
  return dimension_factor(row, d, smoothness) / power(eps, row.accuracy);
}

template <class Real>
Real reached_accuracy(const Theorem& row, const Real& steps, const Real& d,
                      const Real& smoothness) {
  const Real ratio = dimension_factor(row, d, smoothness) / steps;
  return power(ratio, Rational(1) / row.accuracy);
}

template <class Real>
Real bound(const Theorem& row, const Real& steps, const Real& d, const Real& smoothness) {
  const Real eps = reached_accuracy(row, steps, d, smoothness);
  return row.metric == Metric::tv ? eps : Real(eps * eps);
}

template <class Real>
Real crossing_accuracy(const Theorem& a, const Theorem& b, const Real& d) {
  if (a.factors.size() != 1 || b.factors.size() != 1 || a.needs_smoothness() ||
      b.needs_smoothness() || a.accuracy == b.accuracy) {
    throw InputError(
        fmt::format("'{}' and '{}' have no single crossing; it takes two powers of d alone with "
                    "different powers of eps",
                    a.id, b.id));
  }
  // d^{dim_a}/eps^{acc_a} = d^{dim_b}/eps^{acc_b}
  const Rational exponent =
      (b.factors.front().dim - a.factors.front().dim) / (b.accuracy - a.accuracy);
  return exponent.sign() < 0 ? Real(1 / power(d, Rational(0) - exponent)) : power(d, exponent);
}

const MainTheorem& main_theorem_li_cai() {
  static const MainTheorem claim{
      "D5",
      "TV(p_X1, p_Y1) <= C d^(5/2) log^5 T/T^2 + C eps_score sqrt(log T)",
      "Li & Cai, arXiv 2410.23285",
      Source::quoted,
      Source::derived,
      {5, 2},
      2,
      5};
  return claim;
}

const MainTheorem& main_theorem_ddpm() {
  static const MainTheorem claim{"D6",
                                 "TV(p_X1, p_Y1) <= C d log^3 T/T + C eps_score sqrt(log T)",
                                 "Li & Yan, arXiv 2409.18959, Theorem 1",
                                 Source::quoted,
                                 Source::quoted,
                                 1,
                                 1,
                                 3};
  return claim;
}

template <class Real>
Real discretisation_bound(const MainTheorem& claim, const Real& steps, const Real& d,
                          bool with_logs) {
  using std::log;
  Real result = power(d, claim.dim);
  for (int i = 0; i < claim.order; ++i) {
    result /= steps;
  }
  if (with_logs) {
    const Real log_steps = log(steps);
    for (int i = 0; i < claim.logs; ++i) {
      result *= log_steps;
    }
  }
  return result;
}

Ball steps_with_logs(const MainTheorem& claim, const Ball& d, const Ball& eps) {
  // With x = log T: A x^logs = e^{order x}, so (-x/k) e^{-x/k} = -A^{-1/logs}/k.
  const Ball k(Rational(claim.logs, claim.order));
  const Ball a = power(d, claim.dim) / eps;
  const Ball argument = -1 * power(a, Rational(-1, claim.logs)) / k;
  Ball w;
  arb_lambertw(w.raw(), argument.raw(), 1, PrecisionScope::bits());
  if (!w.finite()) {
    throw InputError(
        fmt::format("{}: accuracy {} is not below the bound's maximum over T, so no T is the least",
                    claim.claim, eps.to_double()));
  }
  return exp(-1 * k * w);
}

Quantity implied_constant(const MainTheorem& claim, const Quantity& tv, long steps, long d,
                          bool with_logs) {
  if (steps < 2 || d < 1) {
    throw InputError(fmt::format("implied constant: T = {}, d = {}; use T >= 2, d >= 1", steps, d));
  }
  const Ball one = discretisation_bound(claim, Ball(steps), Ball(d), with_logs);
  return tv * Quantity(Proved{1 / one});
}

template <class Real>
Real ddpm_score_kl_bound(const Real& eps_score, const Real& c1, const Real& steps) {
  using std::log;
  return c1 / 2 * eps_score * eps_score * log(steps);
}

template <class Real>
Real ddpm_score_tv_bound(const Real& eps_score, const Real& c1, const Real& steps) {
  using std::log;
  using std::sqrt;
  return sqrt(Real(c1 * log(steps))) * eps_score / 2;
}

template <class Real>
Real initial_kl_bound(const Level<Real>& last, const Real& second_moment, const Real& d) {
  using std::log;
  const bool small = to_double(last.abar) < 0.5;
  // -log(1-abar) - abar cancels for small abar; for abar near 1 only 1-abar knows the logarithm.
  // Both forms are true of any abar, so that a midpoint may choose.
  const Real defect =
      small ? Real(-log1p_minus(Real(-last.abar))) : Real(-log(last.noise) - last.abar);
  return (last.abar * second_moment + d * defect) / 2;
}

#define LEMMABENCH_INSTANTIATE(Real)                                                            \
  template Real complexity<Real>(const Theorem&, const Real&, const Real&, const Real&);        \
  template Real reached_accuracy<Real>(const Theorem&, const Real&, const Real&, const Real&);  \
  template Real bound<Real>(const Theorem&, const Real&, const Real&, const Real&);             \
  template Real crossing_accuracy<Real>(const Theorem&, const Theorem&, const Real&);           \
  template Real discretisation_bound<Real>(const MainTheorem&, const Real&, const Real&, bool); \
  template Real ddpm_score_kl_bound<Real>(const Real&, const Real&, const Real&);               \
  template Real ddpm_score_tv_bound<Real>(const Real&, const Real&, const Real&);               \
  template Real initial_kl_bound<Real>(const Level<Real>&, const Real&, const Real&);
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
