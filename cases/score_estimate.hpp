#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/spec.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// What an estimate may know of the marginal p_t it perturbs (all exact, from the target).
template <class Real>
struct LevelMoments {
  Real score_rms;  ///< sqrt(E||s*_t(X_t)||^2)
  Real mean;       ///< E X_t along the first axis (the only one on the line)
  Real sd;         ///< standard deviation of X_t along the first axis
  long dim = 1;
};

struct ScoreInfo {
  std::string_view id;
  std::string_view title;
  std::string_view formula;
  std::string_view options;
  bool affine = true;  ///< keeps Gaussian laws Gaussian
};

/// A score estimate s_t = s*_t + e_t: the exact score plus a known perturbation.
class ScoreEstimate {
 public:
  ScoreEstimate() = default;
  ScoreEstimate(const ScoreEstimate&) = delete;
  ScoreEstimate& operator=(const ScoreEstimate&) = delete;
  virtual ~ScoreEstimate() = default;

  virtual const ScoreInfo& info() const = 0;
  virtual std::string text() const = 0;
  virtual bool exact() const { return false; }

  /// s_t(x) from x and the exact score s*_t(x) at level t. Throws EngineRefusal when the state
  /// cannot carry it (wave on an affine form).
#define LEMMABENCH_ESTIMATE(State, Real)                                    \
  virtual State estimate(const LevelMoments<Real>& moments, const State& x, \
                         const State& exact_score) const = 0;
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_ESTIMATE)
#undef LEMMABENCH_ESTIMATE

  /// E_{X_t}||e_t(X_t)||^2 / E||s*_t(X_t)||^2 if it does not depend on the law (size^2 for affine).
  /// For `wave` it does: see theory.md A1 and the engine, which integrates it.
  virtual bool relative_error_is_universal() const { return true; }
  /// The universal ratio above; 0 for the exact score.
  virtual Rational relative_error_squared() const = 0;
};

/// Makes the estimate `text` names: `exact`, `affine:size=..[,shift=..]`, `wave:size=..[,...]`.
std::unique_ptr<ScoreEstimate> make_score(std::string_view text, std::string_view origin);
std::vector<const ScoreInfo*> all_scores();

}  // namespace lemmabench
