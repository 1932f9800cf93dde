#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace lemmabench {

/// What is maximised over the unit cube; nothing where it has no value (the objective was refused,
/// or the point is not allowed), which counts as smaller than every value.
using SearchObjective = std::function<std::optional<double>(const std::vector<double>& unit)>;

struct SearchOutcome {
  std::vector<double> point;  ///< empty if no point had a value
  double value = 0;           ///< at `point`
  long evaluations = 0;
  long without_value = 0;  ///< of these
};

/// The largest value found with about `budget` evaluations: two thirds for the global DIRECT-L
/// (NLopt's GN_DIRECT_L: Gablonsky & Kelley 2001), which divides the cube deterministically, the
/// rest for the local subplex method from the best point (LN_SBPLX: Rowan 1990). No random numbers:
/// the same objective gives the same outcome. The first point is the centre. Not a proof that
/// nothing is larger. Exceptions of the objective end the search and pass. `count` >= 1, `budget`
/// >= 1.
SearchOutcome maximise(const SearchObjective& objective, std::size_t count, long budget);

}  // namespace lemmabench
