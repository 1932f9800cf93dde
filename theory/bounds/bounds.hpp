#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "numerics/evidence.hpp"
#include "theory/process/schedule.hpp"

/// The convergence theorems of theory.md section 6 as functions: complexities T(d, eps), their
/// exact inverses bound(T, d), and the constants of the claims that have explicit ones.
///
/// Complexities drop logarithms and constants and take exact scores, as the comparison table does.
/// What a paper states and what was worked out here are told apart by `Source` everywhere.
namespace lemmabench {

/// Where a statement comes from (its tag in docs/theory.md).
enum class Source {
  quoted,         ///< [Q] stated in the paper, which was read
  second_hand,    ///< [Q second-hand] quoted from another paper's account
  attributed,     ///< in theory.md section 6.9 under the paper's name, wording not verified
  derived,        ///< [D] derived here and checked numerically
  reconstructed,  ///< [R] pinned by what is known of it; the published form was not read
};

/// "quoted", "second-hand", "attributed", "derived" or "reconstructed".
std::string_view name(Source source);

/// The distance a theorem bounds. Accuracy eps means TV <= eps, but KL <= eps^2.
enum class Metric { tv, kl };

/// "TV" or "KL".
std::string_view name(Metric metric);

/// d^dim L^smoothness; several are combined by their minimum.
struct DimensionFactor {
  Rational dim;
  Rational smoothness{0};
};

/// One row of the comparison table: T = min_k (d^{dim_k} L^{smoothness_k}) / eps^accuracy.
struct Theorem {
  std::string_view id;     ///< e.g. "lc-sde"
  std::string_view title;  ///< one line
  std::string_view paper;  ///< short name, arXiv number or venue
  Source source;           ///< of the complexity
  Metric metric;           ///< what eps measures
  std::vector<DimensionFactor> factors;
  Rational accuracy;           ///< power of 1/eps
  std::string_view condition;  ///< hypothesis beyond exact scores; empty if none
  std::string_view formula;    ///< T(d, eps) for people, e.g. "d^(5/4)/eps^(1/2)"

  /// True when L (the Lipschitz constant of the score) enters.
  bool needs_smoothness() const;
};

/// Every row, in the order of theory.md section 6.9. Built once; thread-safe.
std::span<const Theorem> theorems();

/// The row with this id. Throws InputError naming the ids there are.
const Theorem& theorem(std::string_view id);

// The functions below take d >= 1, T > 0, eps > 0, L > 0 as any scalar and cost a few logarithms.
// Ball arguments give enclosures; outside the range the result is NaN or an infinite ball.

/// T(d, eps) with constant 1.
template <class Real>
Real complexity(const Theorem& row, const Real& d, const Real& eps, const Real& smoothness);

/// The eps that T steps reach, the exact inverse of complexity in eps (claim B1).
template <class Real>
Real reached_accuracy(const Theorem& row, const Real& steps, const Real& d, const Real& smoothness);

/// The bound on the theorem's own distance: eps for TV, eps^2 for KL.
template <class Real>
Real bound(const Theorem& row, const Real& steps, const Real& d, const Real& smoothness);

/// The eps at which two rows with one dimension factor each and no L ask for the same T:
/// d^{(dim_b - dim_a)/(accuracy_b - accuracy_a)} with the sign that makes them equal. For lc-sde
/// against ly-ddpm it is 1/sqrt(d) (claim B3). Throws InputError for other rows or equal
/// accuracies.
template <class Real>
Real crossing_accuracy(const Theorem& a, const Theorem& b, const Real& d);

/// A main theorem with its logarithms, TV <= C (d^dim log^logs T/T^order + eps_score sqrt(log T)).
struct MainTheorem {
  std::string_view claim;  ///< "D5" or "D6"
  std::string_view statement;
  std::string_view paper;
  Source rate_source;  ///< of d^dim/T^order
  Source logs_source;  ///< of the power of log T
  Rational dim;
  int order;
  int logs;
};

/// D5, li-cai: d^{5/2} log^5 T/T^2. The rate is the paper's; the log power is not known and 5 comes
/// from our derivation. D6, ddpm: d log^3 T/T [Q: LY Theorem 1].
const MainTheorem& main_theorem_li_cai();
const MainTheorem& main_theorem_ddpm();

/// d^dim log^logs T/T^order with C = 1 and exact scores; without the logarithm when !with_logs.
template <class Real>
Real discretisation_bound(const MainTheorem& claim, const Real& steps, const Real& d,
                          bool with_logs);

/// The least T > e^{logs/order} at which discretisation_bound (with logs, C = 1) is eps, solved by
/// the branch W_{-1} of Lambert's function:  log T = -k W_{-1}(-A^{-1/logs}/k), k = logs/order,
/// A = d^dim/eps [D]. Throws InputError when eps is above the bound's maximum, where T = e^k.
Ball steps_with_logs(const MainTheorem& claim, const Ball& d, const Ball& eps);

/// The constant that a measured TV implies: TV divided by the bound with C = 1. Keeps the evidence.
/// T >= 2, d >= 1; throws InputError otherwise.
Quantity implied_constant(const MainTheorem& claim, const Quantity& tv, long steps, long d,
                          bool with_logs);

/// E1 [Q: LY (4.22)]: the score part of ddpm's path KL is at most (c1/2) eps_score^2 log T, and the
/// path bound sqrt(KL/2) of TV grows by at most (1/2) sqrt(c1 log T) eps_score (Minkowski).
template <class Real>
Real ddpm_score_kl_bound(const Real& eps_score, const Real& c1, const Real& steps);
template <class Real>
Real ddpm_score_tv_bound(const Real& eps_score, const Real& c1, const Real& steps);

/// I1 [D]: KL(p_{X_T} || N(0, I)) <= (abar_T E||X_0||^2 + d (-log(1-abar_T) - abar_T))/2, without
/// cancellation at either end of abar_T.
template <class Real>
Real initial_kl_bound(const Level<Real>& last, const Real& second_moment, const Real& d);

#define LEMMABENCH_EXTERN(Real)                                                                 \
  extern template Real complexity<Real>(const Theorem&, const Real&, const Real&, const Real&); \
  extern template Real reached_accuracy<Real>(const Theorem&, const Real&, const Real&,         \
                                              const Real&);                                     \
  extern template Real bound<Real>(const Theorem&, const Real&, const Real&, const Real&);      \
  extern template Real crossing_accuracy<Real>(const Theorem&, const Theorem&, const Real&);    \
  extern template Real discretisation_bound<Real>(const MainTheorem&, const Real&, const Real&, \
                                                  bool);                                        \
  extern template Real ddpm_score_kl_bound<Real>(const Real&, const Real&, const Real&);        \
  extern template Real ddpm_score_tv_bound<Real>(const Real&, const Real&, const Real&);        \
  extern template Real initial_kl_bound<Real>(const Level<Real>&, const Real&, const Real&);
LEMMABENCH_FOR_EACH_COMMON_SCALAR(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
