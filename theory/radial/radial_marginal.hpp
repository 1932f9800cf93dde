#pragma once

#include <cstddef>

namespace lemmabench {

/// Points and widths of a law of the radius that a quadrature must know of.
struct RadialFeature {
  double low;
  double high;
  double width;
};

/// The marginal p_t of a rotation-invariant law in R^d at one level, seen from
/// v = log(|x|/sqrt(d)). All in double. Not for use by two threads at once (windows are cached).
class RadialMarginal {
 public:
  RadialMarginal() = default;
  RadialMarginal(const RadialMarginal&) = delete;
  RadialMarginal& operator=(const RadialMarginal&) = delete;
  virtual ~RadialMarginal() = default;

  virtual long dim() const = 0;
  /// log of the density of v. Infinitely small where no doubles are left, never NaN.
  virtual double log_density(double v) const = 0;
  /// g with grad log p_t(x) = g(|x|) x; at most 0 for scale mixtures.
  virtual double score_factor(double v) const = 0;
  /// Whether density and score at v are those of the law: false so far out (or in) that what is
  /// computed there is of the part of the law that a grid has.
  virtual bool holds(double) const { return true; }
  /// E|X_t|^2/d, |X_t| itself; infinite for tails without a second moment.
  virtual double second_moment() const = 0;
  /// Where v lives, up to the mass `negligible`, and how finely to look.
  virtual RadialFeature feature(double negligible) const = 0;
  /// log(|x|/sqrt(d)) at v = 0, for a law whose radius is counted from elsewhere than 1.
  virtual double log_unit() const { return 0; }
};

}  // namespace lemmabench
