#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

/// The clip radius and the intermediate noise of the two li-cai forms (theory.md section 3 [D]):
///   R_t = C_clip b (d log T/(1-abar_t))^{3/2},   sigma_t = kappa b R_t.
/// Both are off unless asked for: `clip=C` switches the clip on, `kappa=K` the noise. With the
/// noise on and the clip off, C_clip = 1 sets the scale of R_t.
class LiCaiScales {
 public:
  explicit LiCaiScales(Spec& spec)
      : clips_(spec.has("clip")),
        clip_(spec.number_or("clip", Rational(1))),
        kappa_(spec.number_or("kappa", Rational(0))) {
    if (clip_.sign() <= 0) {
      throw InputError(
          fmt::format("{}: must be above 0; leave it out to clip nothing", spec.where("clip")));
    }
    if (kappa_.sign() < 0) {
      throw InputError(fmt::format("{}: must be 0 (no noise) or above", spec.where("kappa")));
    }
  }

  bool clips() const { return clips_; }
  bool adds_noise() const { return kappa_.sign() > 0; }

  template <class Real>
  Real radius(const Step<Real>& c) const {
    using std::log;
    using std::sqrt;
    const Real scale = Real(static_cast<int>(c.dim)) * log(Real(c.steps)) / c.noise;
    return from_rational<Real>(clip_) * c.b * scale * sqrt(scale);
  }

  template <class Real>
  Real sigma(const Step<Real>& c) const {
    return from_rational<Real>(kappa_) * c.b * radius(c);
  }

  /// clip_R(u), or u when the clip is off.
  template <class State, class Real>
  State clipped(const Step<Real>& c, Walk<State, Real>& walk, State u) const {
    if (clips_) {
      return walk.clip(u, radius(c));
    }
    return u;
  }

  /// y + sigma_t Z', or y when the noise is off.
  template <class State, class Real>
  State blurred(const Step<Real>& c, Walk<State, Real>& walk, State y) const {
    if (adds_noise()) {
      return walk.add_noise(y, sigma(c));
    }
    return y;
  }

  std::string text(std::string_view name) const {
    std::string out(name);
    if (clips_) {
      out += ":clip=" + clip_.text();
    }
    if (adds_noise()) {
      out += (clips_ ? ",kappa=" : ":kappa=") + kappa_.text();
    }
    return out;
  }

 private:
  bool clips_;
  Rational clip_;
  Rational kappa_;
};

}  // namespace lemmabench
