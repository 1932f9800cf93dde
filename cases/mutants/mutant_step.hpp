#pragma once

#include <algorithm>
#include <cmath>

#include "cases/mutants/bug.hpp"
#include "cases/mutants/rounded_bits.hpp"
#include "cases/step.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

/// The coefficient a step has under this name; `of` is not `one`.
template <class Real>
Real& coefficient(Step<Real>& c, Coefficient of) {
  switch (of) {
    case Coefficient::abar:
      return c.abar;
    case Coefficient::noise:
      return c.noise;
    case Coefficient::noise_next:
      return c.noise_next;
    case Coefficient::alpha:
      return c.alpha;
    case Coefficient::sqrt_alpha:
      return c.sqrt_alpha;
    case Coefficient::h:
      return c.h;
    case Coefficient::sqrt_alpha1:
      return c.sqrt_alpha1;
    case Coefficient::b1:
      return c.b1;
    case Coefficient::sqrt_alpha_next:
      return c.sqrt_alpha_next;
    case Coefficient::b_next:
      return c.b_next;
    default:
      return c.b;
  }
}

/// False for the coefficients of a neighbouring step that is not there: at t = T and t = 2.
template <class Real>
bool has(const Step<Real>& c, Coefficient of) {
  const bool above = of == Coefficient::sqrt_alpha1 || of == Coefficient::b1;
  const bool below = of == Coefficient::sqrt_alpha_next || of == Coefficient::b_next;
  return !(above && c.first()) && !(below && c.t <= 2);
}

template <class Real>
Real square_root(const Real& x) {
  using std::sqrt;
  return sqrt(x);
}

/// abar_t and abar_{t-1} in `bits` bits, and the rest from them by the obvious formulas.
template <class Real>
Step<Real> float_schedule(Step<Real> c, int bits) {
  const auto kept = [bits](const Real& x) { return rounded_to_bits(x, bits); };
  const Real next = kept(Real(c.abar / c.alpha));
  c.abar = kept(c.abar);
  c.noise = kept(Real(1 - c.abar));
  c.noise_next = kept(Real(1 - next));
  c.alpha = kept(Real(c.abar / next));
  c.sqrt_alpha = kept(square_root(c.alpha));
  c.b = kept(Real(1 - c.alpha));
  c.h = kept(Real(c.b / c.noise));
  if (has(c, Coefficient::b1)) {
    c.b1 = kept(Real(1 - kept(Real(1 - c.b1))));
    c.sqrt_alpha1 = kept(c.sqrt_alpha1);
  }
  if (has(c, Coefficient::b_next)) {
    c.b_next = kept(Real(1 - kept(Real(1 - c.b_next))));
    c.sqrt_alpha_next = kept(c.sqrt_alpha_next);
  }
  return c;
}

/// The coefficients of another step of the schedule, as if they were those of this one.
template <class Real>
Step<Real> shifted(const Step<Real>& c, int by) {
  if (by == 0) {
    return c;
  }
  if (c.schedule == nullptr) {
    throw EngineRefusal("this computation knows one step's coefficients only; leave shift out");
  }
  Step<Real> out = make_step(*c.schedule, std::clamp(c.t + by, 2, c.steps), c.dim);
  // At the ends the other step lacks a neighbour that this one has.
  if (!has(out, Coefficient::b1)) {
    out.b1 = c.b1;
    out.sqrt_alpha1 = c.sqrt_alpha1;
  }
  if (!has(out, Coefficient::b_next)) {
    out.b_next = c.b_next;
    out.sqrt_alpha_next = c.sqrt_alpha_next;
  }
  out.t = c.t;
  return out;
}

/// The coefficients that a step with this bug is handed; `c` itself for bugs of the walk and for
/// amount 1 (scale), 0 (shift). Levels of the schedule itself are never changed.
template <class Real>
Step<Real> mutated(Step<Real> c, const Bug& bug) {
  // A whole number by Bug::read.
  const auto whole = [&bug] { return static_cast<int>(bug.by.to_double()); };
  switch (bug.kind) {
    case BugKind::scale:
      if (bug.by != Rational(1) && has(c, bug.of)) {
        coefficient(c, bug.of) *= from_rational<Real>(bug.by);
      }
      return c;
    case BugKind::swap:
      if (bug.instead == Coefficient::one) {
        coefficient(c, bug.of) = Real(1);
      } else if (has(c, bug.of) && has(c, bug.instead)) {
        coefficient(c, bug.of) = Real(coefficient(c, bug.instead));
      }
      return c;
    case BugKind::shift:
      return shifted(c, whole());
    case BugKind::round:
      for (const Coefficient of : scalable_coefficients()) {
        if (has(c, of)) {
          coefficient(c, of) = rounded_to_bits(coefficient(c, of), whole());
        }
      }
      return c;
    case BugKind::float_schedule:
      return float_schedule(c, whole());
    default:
      return c;
  }
}

}  // namespace lemmabench
