#pragma once

#include <concepts>
#include <vector>

#include "numerics/ball.hpp"
#include "numerics/complex_ball.hpp"
#include "numerics/jet.hpp"

/// What posteriors of finite mixtures share, on the line (theory/mixture/ball_mixture.hpp) and
/// along a ray (theory/radial/ball_scale_mixture.hpp).
namespace lemmabench::posterior {

/// The middle as a double, to tell which component is largest there: every choice gives enclosures,
/// this one those without overflow.
inline double middle(const Ball& x) { return x.to_double(); }
inline double middle(const ComplexBall& x) {
  return arf_get_d(arb_midref(acb_realref(x.raw())), ARF_RND_NEAR);
}
template <class R>
double middle(const Jet<R>& x) {
  return middle(x.value());
}

/// x^2, which of a ball is never below 0.
template <class S>
S squared(const S& x) {
  if constexpr (std::same_as<S, ComplexBall> || std::same_as<S, Ball>) {
    return square(x);
  } else {
    return x * x;
  }
}

/// sum_k r_k values[k], r_k = point.weight(k): cut to the hull of `values`, as the weights sum to
/// 1, which their enclosures on a box do not know. At least one value.
template <class Point>
Ball average_in_hull(const Point& point, const std::vector<Ball>& values) {
  Ball sum;
  Ball hull = values.front();
  for (std::size_t k = 0; k < values.size(); ++k) {
    sum.add_product(point.weight(k), values[k]);
    hull = Ball::hull(hull, values[k]);
  }
  Ball cut;
  return arb_intersection(cut.raw(), sum.raw(), hull.raw(), PrecisionScope::bits()) != 0 ? cut
                                                                                         : sum;
}

}  // namespace lemmabench::posterior
