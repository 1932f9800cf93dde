#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/worst_case/worst_case.hpp"

namespace lemmabench {

inline constexpr std::string_view kWorstObjective =
    "C(d, T) = TV T^2/(d^{5/2} log^5 T) with TV of discretisation alone (start from p_{X_T}); at "
    "fixed d and T the same as TV";
inline constexpr std::string_view kWorstMomentBound =
    "E||X_0||^2 <= d T, that is T^{c_R} with c_R = 1 + log d/log T";

/// The largest C of one dimension over all families.
struct NamedConstant {
  std::string family;
  std::string target;
  long dim = 1;
  Quantity tv;
  Quantity constant;
};

struct NamedExponent {
  std::string family;
  std::string target;  ///< empty for an envelope, which has two
  WorstExponent exponent;
};

/// How bad it gets, in a few numbers.
struct WorstCaseSummary {
  std::vector<NamedConstant> constants;   ///< one a dimension, ascending
  std::optional<NamedExponent> envelope;  ///< the largest order in d of a family's largest TV
  std::optional<NamedExponent> local;     ///< ... at fixed parameters, d to 2d, of an instance
  std::optional<NamedExponent> searched;  ///< ... that the search for it found
};

WorstCaseSummary summarise(const WorstCaseResult& result);

}  // namespace lemmabench
