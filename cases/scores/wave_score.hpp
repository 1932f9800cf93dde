#pragma once

#include <cmath>
#include <string>
#include <type_traits>

#include "cases/score_estimate.hpp"

namespace lemmabench {

/// s_t(x) = s*_t(x) + size sqrt(2) r_t sin(frequency (x - E X_t)/sd(X_t) + phase), on the line;
/// r_t = sqrt(E|s*_t(X_t)|^2). A smooth bounded perturbation that no affine change of the score can
/// imitate. With a high frequency E|e_t|^2 tends to size^2 r_t^2.
class WaveEstimate {
 public:
  explicit WaveEstimate(Spec& spec)
      : size_(spec.number("size")),
        frequency_(spec.number_or("frequency", Rational(2))),
        phase_(spec.number_or("phase", Rational(0))) {
    if (size_ < Rational(-10) || size_ > Rational(10)) {
      throw InputError(spec.where("size") + ": must lie within -10 and 10");
    }
    if (frequency_.sign() <= 0 || frequency_ > Rational(100)) {
      throw InputError(spec.where("frequency") + ": must be above 0 and at most 100");
    }
    if (phase_ < Rational(-10) || phase_ > Rational(10)) {
      throw InputError(spec.where("phase") + ": must lie within -10 and 10");
    }
  }
  static const ScoreInfo& info() {
    static constexpr ScoreInfo kInfo{
        .id = "wave",
        .title = "a smooth bounded wave added to the score (line law only)",
        .formula =
            "s_t(x) = s*_t(x) + size sqrt(2 E|s*_t|^2) sin(frequency (x - E X_t)/sd(X_t) + "
            "phase)",
        .options = "size=S, frequency=F (default 2), phase=P (default 0)",
        .affine = false};
    return kInfo;
  }
  std::string text() const {
    return "wave:size=" + size_.text() + ",frequency=" + frequency_.text() +
           ",phase=" + phase_.text();
  }
  bool exact() const { return false; }
  bool relative_error_is_universal() const { return false; }
  Rational relative_error_squared() const { return size_ * size_; }

  template <class State, class Real>
  State estimate(const LevelMoments<Real>& moments, const State& x,
                 const State& exact_score) const {
    if constexpr (std::is_same_v<State, Batch<Real>>) {
      using std::sin;
      using std::sqrt;
      const Real amplitude = from_rational<Real>(size_) * moments.score_rms * sqrt(Real(2));
      const Real rate = from_rational<Real>(frequency_) / moments.sd;
      const Real phase = from_rational<Real>(phase_);
      State out = x;
      for (Real& value : out.values) {
        value = amplitude * sin(rate * (value - moments.mean) + phase);
      }
      return exact_score + out;
    } else {
      throw EngineRefusal(
          "--score wave: is not affine, and the Gaussian law takes affine scores only; use affine, "
          "or a mixture target");
    }
  }

 private:
  Rational size_;
  Rational frequency_;
  Rational phase_;
};

}  // namespace lemmabench
