#pragma once

#include <cmath>
#include <string>

#include "cases/score_estimate.hpp"

namespace lemmabench {

/// s_t(x) = (1 + size) s*_t(x) + shift r_t u,  r_t = sqrt(E||s*_t(X_t)||^2), u = (1,..,1)/sqrt(d).
///
/// Affine in the exact score, so Gaussian laws stay Gaussian. Because E s*_t(X_t) = 0 (claim F3)
/// the cross term vanishes and E||e_t||^2 = (size^2 + shift^2) E||s*_t||^2 exactly, for every
/// target. `size` and `shift` are relative to the root mean square of the score.
class AffineEstimate {
 public:
  explicit AffineEstimate(Spec& spec)
      : size_(spec.number("size")), shift_(spec.number_or("shift", Rational(0))) {
    for (const auto& [key, value] : {std::pair{"size", &size_}, std::pair{"shift", &shift_}}) {
      if (*value < Rational(-10) || *value > Rational(10)) {
        throw InputError(spec.where(key) + ": must lie within -10 and 10");
      }
    }
  }
  static const ScoreInfo& info() {
    static constexpr ScoreInfo kInfo{
        .id = "affine",
        .title = "relative gain and constant shift; keeps Gaussian laws Gaussian",
        .formula = "s_t(x) = (1 + size) s*_t(x) + shift sqrt(E|s*_t|^2) (1,..,1)/sqrt(d)",
        .options = "size=S, shift=H (default 0)",
        .affine = true};
    return kInfo;
  }
  std::string text() const {
    return "affine:size=" + size_.text() + (shift_.sign() == 0 ? "" : ",shift=" + shift_.text());
  }
  bool exact() const { return false; }
  bool relative_error_is_universal() const { return true; }
  Rational relative_error_squared() const { return size_ * size_ + shift_ * shift_; }

  template <class State, class Real>
  State estimate(const LevelMoments<Real>& moments, const State&, const State& exact_score) const {
    using std::sqrt;
    State out = from_rational<Real>(Rational(1) + size_) * exact_score;
    if (shift_.sign() == 0) {
      return out;
    }
    const Real root_dim = sqrt(Real(static_cast<int>(moments.dim)));
    return std::move(out) + Real(from_rational<Real>(shift_) * moments.score_rms / root_dim);
  }

 private:
  Rational size_;
  Rational shift_;
};

}  // namespace lemmabench
