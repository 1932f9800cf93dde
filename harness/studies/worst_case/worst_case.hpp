#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/studies/sweep/stored_laws.hpp"
#include "harness/studies/worst_case/families.hpp"
#include "numerics/evidence.hpp"
#include "numerics/order_fit.hpp"

namespace lemmabench {

/// What is asked: how bad can it get (issue 4, point 5)?
///
/// The error is that of discretisation alone: every law starts from the exact p_{X_T}, so that the
/// initialisation error T^{-c0}, which any schedule can make small, is not what is maximised. Only
/// targets with E||X_0||^2 <= d T are admitted: E||X_0||^2 <= T^{c_R} with c_R = 1 + log d/log T,
/// at most 2 for d <= T. Each instance states its own c_R.
struct WorstCaseRequest {
  std::string sampler = "li-cai";
  ScheduleKind schedule;
  long steps = 128;        ///< T of the search; found instances are measured at 2T, 4T, ... too
  std::vector<long> dims;  ///< ascending
  std::vector<std::string> families;  ///< ids
  long budget = 12;  ///< laws a search of a radial family; cheap families take 8 times it
};

/// One T at which an instance was measured.
struct WorstRung {
  long steps = 0;
  Quantity tv;
  Quantity constant;  ///< C(d, T) = TV T^2/(d^{5/2} log^5 T)
};

/// The order between two measurements: log ratio of TV over log ratio of what changed.
struct WorstExponent {
  double from = 0;
  double to = 0;
  Quantity exponent;
};

/// A target that was found, and what was measured of it.
struct WorstInstance {
  std::string target;
  std::vector<Rational> values;  ///< of the family's parameters
  long dim = 1;
  double second_moment = 0;                   ///< E||X_0||^2/d
  double moment_exponent = 0;                 ///< c_R: log E||X_0||^2/log T
  std::vector<WorstRung> rungs;               ///< T, 2T, 4T, ...; a rung that failed is missing
  std::vector<WorstExponent> step_exponents;  ///< of 1/T, between neighbouring rungs; theory: 2
  std::optional<ExponentFit> fit;             ///< in log T/T, with four rungs and more
  /// The same parameters at 2d: TV there, and its order in d; theory: at most 5/2.
  std::optional<Quantity> tv_doubled;
  std::optional<WorstExponent> dim_exponent;
  /// With the start N(0, I), which the search leaves out.
  std::optional<Quantity> total;
  std::optional<Quantity> initialisation;
};

/// One search: the constant at one d, or the order in d between two.
struct WorstSearch {
  long dim = 1;
  long other_dim = 0;  ///< of the order in d: between dim and this; else 0
  long evaluations = 0;
  long rejected = 0;                      ///< outside the second moment, no law was computed
  std::map<std::string, long> refusals;   ///< laws that failed, by message
  std::optional<WorstExponent> exponent;  ///< found, if other_dim
  std::optional<WorstInstance> worst;     ///< nothing if no law could be computed
};

struct WorstFamily {
  std::string id;
  std::vector<WorstSearch> constants;       ///< one a dimension
  std::vector<WorstExponent> envelope;      ///< order in d of the largest TV found
  std::optional<WorstSearch> dim_exponent;  ///< between the two largest dims
};

struct WorstCaseResult {
  WorstCaseRequest request;
  std::vector<WorstFamily> families;
};

/// The power of log T in C: derived, not read from the paper (claim D5).
inline constexpr int kWorstLogPower = 5;

/// Searches every family in every dimension it has (search.hpp), `jobs` searches side by side;
/// each law is a cell of `laws`. Same result whatever the jobs and however often it was killed.
/// Gaussians run in double while searching, in balls for what is reported. A law counts if its
/// error estimate is at most 1 % of its TV. Throws InputError for an unknown family or sampler and
/// for too few steps.
WorstCaseResult find_worst_cases(const WorstCaseRequest& request, StoredLaws& laws, int jobs);

/// The law function of these searches: compute_law on one thread under `guard`, with the parts of
/// the error only where they cost little or are asked for (start N(0, I)).
LawFunction exact_start_laws(const std::optional<ChildLimits>& guard = std::nullopt);

/// C(d, T).
Quantity implied_constant(const Quantity& tv, long dim, long steps);
/// log(b/a)/log(ratio), with what the errors of a and b can do to it; nothing if one may be 0.
std::optional<Quantity> local_exponent(const Quantity& a, const Quantity& b, double ratio);

}  // namespace lemmabench
