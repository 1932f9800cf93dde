#pragma once

#include <vector>

#include "numerics/batch.hpp"
#include "numerics/mp.hpp"
#include "numerics/panels.hpp"

namespace lemmabench {

/// What a kernel's map m does to one panel of a law.
template <class Real>
struct PanelImage {
  Real low;  ///< of m over the panel
  Real high;
  /// 1 where m increases, -1 where it decreases, 0 where it turns, stands still, or may do so for
  /// all that rounding tells: at the end of a panel m' is 0 in no other way.
  int direction = 1;
  double least_slope = 1;  ///< of |m'|, over nodes and ends
  double most_slope = 1;
  Real left;  ///< m at the ends, as this panel's own polynomial has it
  Real right;
  double left_slope = 1;  ///< m' there
  double right_slope = 1;
  double slope_noise = 0;  ///< what rounding may make of m': the sign of less is not known
  double tail = 0;         ///< what the panel polynomial of m misses
};

/// The map m of a kernel on the panels of a law, as panel polynomials of the displacement m(x) - x,
/// which keeps its digits when m is the identity to 1e-20; or of m itself on panels where that
/// varies less, so that a strong contraction and a reflection keep theirs.
template <class Real>
class LineMap {
 public:
  /// `mean` holds m at the nodes of `source`, one block; m is `composed` maps one after the other.
  LineMap(const PanelFunction<Real>& source, const Real* mean, long composed = 1);

  const PanelImage<Real>& image(std::size_t i) const { return images_[i]; }
  const Real* mean(std::size_t i) const { return mean_ + i * order_; }
  bool one_to_one(std::size_t i) const { return images_[i].direction != 0; }

  /// For `count` points u in the image of panel i: the local coordinates t in [-1, 1] with
  /// m(x(t)) = u, and |m'(x(t))|. Newton's method, all points abreast.
  void invert(std::size_t i, const Real* u, std::size_t count, Real* t, Real* slope) const;

  /// What the polynomial of m misses on panels i and i+1 taken as one.
  double joint_tail(std::size_t i) const;

 private:
  /// What the polynomial of panel i leaves out of m: x or nothing.
  Real identity(std::size_t i) const { return Real(of_displacement_[i] ? 1 : 0); }
  double size_of(std::size_t first, std::size_t count, bool with_points) const;
  double rounding(std::size_t first, std::size_t count) const;
  double plateau(const Real* series) const;
  static double of_level(double level);
  double settle(Real* series, std::size_t first, std::size_t count, bool displacement) const;
  PanelImage<Real> survey(std::size_t i) const;
  double slope_noise(std::size_t i) const;
  void chop(Real* series, double size) const;
  double real_tail(const Real* series, double size) const;

  const PanelFunction<Real>& source_;
  const Real* mean_;
  std::size_t order_;
  long composed_;
  std::vector<Real> nodes_;
  std::vector<bool> of_displacement_;  // of each panel: m(x) - x, or m(x)
  std::vector<Real> series_;           // its Legendre coefficients
  std::vector<Real> derivative_;       // and those of the derivative in the local coordinate
  std::vector<double> tails_;
  std::vector<PanelImage<Real>> images_;
};

#define LEMMABENCH_EXTERN(Real) extern template class LineMap<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
