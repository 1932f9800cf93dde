#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/spec.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

/// What a planted bug does to a sampler, whatever the sampler: to the coefficients that its step is
/// handed (cases/mutants/mutant_step.hpp), or to what it does with its walk
/// (cases/mutants/mutant_walk.hpp).
enum class BugKind {
  scale,           ///< coefficient `of` times `by`
  swap,            ///< coefficient `of` replaced by `for`
  shift,           ///< all coefficients those of step t + `by`
  round,           ///< all coefficients rounded to `by` bits
  float_schedule,  ///< abar kept in `by` bits, 1-abar and 1-alpha by subtraction
  score_level,     ///< score of level t + `by` in place of t
  score_grid,      ///< score of level t + `by` in place of one between levels
  score_scale,     ///< score times `by`
  score_stale,     ///< score where the kernel started
  score_cached,    ///< the kernel's first score once more
  noise_scale,     ///< sd of the noise times `by`
  noise_squared,   ///< variance where the sd belongs
  noise_bracket,   ///< sd times sqrt(alpha)^`by`
  noise_late,      ///< noise n in place of the noises before it, of the same total variance
  noise_shared,    ///< noise n with the sum of the sds before it: one draw for all
  clip,            ///< every score clipped to radius `by`
  overshoot,       ///< mean + `by` (mean - state)
  state_scale,     ///< the state times `by` before the step
  recall_scale,    ///< what is recalled of earlier steps times `by`
  skip,            ///< the step left out
  repeat           ///< the step done twice
};

/// What a user may be told of a kind.
struct BugInfo {
  BugKind kind;
  std::string_view id;     ///< "score-level"
  std::string_view title;  ///< one line
  std::string_view keys;   ///< the keys it takes besides `at`
};

const std::vector<BugInfo>& bug_kinds();

/// The coefficients of Step that a bug can be planted in, in the order of Step; `one` is the number
/// 1 (only to put in place of another).
enum class Coefficient {
  abar,
  noise,
  noise_next,
  alpha,
  sqrt_alpha,
  b,
  h,
  sqrt_alpha1,
  b1,
  sqrt_alpha_next,
  b_next,
  one
};

std::string_view name(Coefficient coefficient);
/// All that `scale` takes: everything but `one`.
std::vector<Coefficient> scalable_coefficients();

/// The steps a bug is at work in.
enum class BugSteps { every, first, middle, last };

/// One planted bug.
struct Bug {
  BugKind kind = BugKind::scale;
  Coefficient of = Coefficient::b;
  Coefficient instead = Coefficient::one;
  Rational by{1};
  int on = 0;  ///< the n-th score call or noise of a step; 0 = all
  BugSteps at = BugSteps::every;

  /// Reads the keys bug, of, for, by, on, at of `spec`:
  ///   bug=scale,of=b,by=2     bug=score-level,by=1,on=2     bug=skip,at=middle
  /// Throws InputError for an unknown bug, coefficient or place, a key the bug does not take, or an
  /// amount out of range.
  static Bug read(Spec& spec);
  /// The same as keys, e.g. "bug=scale,of=b,by=2".
  std::string text() const;
  const BugInfo& info() const;
  /// True in the step from level t of `steps`; the middle is the step from level (steps+2)/2.
  bool acts(int t, int steps) const;
};

}  // namespace lemmabench
