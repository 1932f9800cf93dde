#pragma once

#include <string>

#include "cases/score_estimate.hpp"

namespace lemmabench {

/// s_t = s*_t: no score error.
class ExactEstimate {
 public:
  explicit ExactEstimate(Spec&) {}
  static const ScoreInfo& info() {
    static constexpr ScoreInfo kInfo{.id = "exact",
                                     .title = "the exact score",
                                     .formula = "s_t(x) = s*_t(x)",
                                     .options = "",
                                     .affine = true};
    return kInfo;
  }
  std::string text() const { return "exact"; }
  bool exact() const { return true; }
  bool relative_error_is_universal() const { return true; }
  Rational relative_error_squared() const { return Rational(0); }

  template <class State, class Real>
  State estimate(const LevelMoments<Real>&, const State&, const State& exact_score) const {
    return exact_score;
  }
};

}  // namespace lemmabench
