#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "numerics/legendre.hpp"

namespace lemmabench {

/// A dyadic interval of [-R, R]: the `index`-th of 2^depth equal parts, R a power of two. Ends are
/// exact in every scalar, so that the panels of two grids are either equal, nested or disjoint.
struct Cell {
  int depth = 0;
  long index = 0;

  Cell left() const { return {depth + 1, 2 * index}; }
  Cell right() const { return {depth + 1, 2 * index + 1}; }
  Cell parent() const { return {depth - 1, index / 2}; }
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// The root interval [-half_width, half_width].
class DyadicLine {
 public:
  /// half_width = 2^exponent.
  explicit DyadicLine(int exponent) : exponent_(exponent) {}
  /// The smallest power of two at least `reach`.
  static DyadicLine covering(double reach);

  double half_width() const;
  double low(const Cell& cell) const;
  double width(const Cell& cell) const;
  double high(const Cell& cell) const { return low(cell) + width(cell); }

 private:
  int exponent_;
};

/// Where something lives and how finely it must be looked at there.
struct Feature {
  double low = 0;
  double high = 0;
  double width = 0;  ///< cells that meet (low, high) shall be at most about this wide
};

/// The cells of `line` that meet some feature widened by `reach` on both sides, ascending. A cell
/// is halved while it is wider than 1.5 times the least width of the features it meets (without
/// `reach`, if it meets any), or deeper than depth 48 (58 near 0).
std::vector<Cell> cover(const DyadicLine& line, std::span<const Feature> features, double reach);

/// Vector-valued piecewise polynomials on disjoint dyadic panels, 0 elsewhere: `channels` functions
/// held at the Gauss-Legendre nodes of each panel and as Legendre coefficients.
template <class Real>
class PanelFunction {
 public:
  PanelFunction(std::shared_ptr<const LegendreBasis<Real>> basis, DyadicLine line, int channels);

  const LegendreBasis<Real>& basis() const { return *basis_; }
  const std::shared_ptr<const LegendreBasis<Real>>& shared_basis() const { return basis_; }
  const DyadicLine& line() const { return line_; }
  std::size_t order() const { return static_cast<std::size_t>(basis_->order()); }
  std::size_t channels() const { return channels_; }
  std::size_t panels() const { return cells_.size(); }

  const Cell& cell(std::size_t i) const { return cells_[i]; }
  double low(std::size_t i) const { return lows_[i]; }
  double width(std::size_t i) const { return widths_[i]; }
  double high(std::size_t i) const { return lows_[i] + widths_[i]; }

  /// Values of a channel at the nodes of panel i, and its Legendre coefficients there.
  const Real* values(std::size_t i, std::size_t channel) const {
    return values_.data() + (i * channels_ + channel) * order();
  }
  const Real* coefficients(std::size_t i, std::size_t channel) const {
    return coefficients_.data() + (i * channels_ + channel) * order();
  }

  /// Appends a panel right of all others; `values` is channels x order.
  void append(const Cell& cell, const Real* values);

  /// The nodes of a cell; of all panels, ascending.
  void nodes_of(const Cell& cell, Real* out) const;
  std::vector<Real> nodes() const;

  /// The panel that contains x, or panels() if there is none.
  std::size_t find(double x) const;
  /// All channels at `count` points: out[channel * count + k]. Fastest where neighbours in the list
  /// lie in the same panel.
  void evaluate(const Real* points, std::size_t count, Real* out) const;
  Real evaluate(const Real& x, std::size_t channel) const;
  /// The integral over all panels: positive weights, no cancellation for a positive function.
  Real integral(std::size_t channel) const;
  /// max |values| of panel i over all channels.
  double magnitude(std::size_t i) const;

  /// One channel: sum_c factors[c] f_c.
  PanelFunction combined(std::span<const Real> factors) const;
  /// The same function with the panels of `halve` (ascending indices) cut in two.
  PanelFunction halved(std::span<const std::size_t> halve) const;

 private:
  std::shared_ptr<const LegendreBasis<Real>> basis_;
  DyadicLine line_;
  std::size_t channels_;
  std::vector<Cell> cells_;
  std::vector<double> lows_;
  std::vector<double> widths_;
  std::vector<Real> values_;
  std::vector<Real> coefficients_;
};

/// Size of what a truncated Legendre series leaves out, judged by its last two coefficients.
template <class Real>
double series_tail(const Real* coefficients, std::size_t order);

/// How a function is put on panels.
struct PanelRule {
  double tolerance = 1e-13;  ///< a panel is fine enough when tail * width is at most this,
  double relative = 1e-14;   ///< or tail at most this times the largest coefficient (rounding)
  /// Points far from 0 are known to eps |x| only, eps |x|/width of a panel: a function known at
  /// such points has this many times that as relative noise.
  double position_noise = 4;
  /// |x| below this counts as this: of a log the rounding is eps times the number it is the log of.
  double least_position = 0;
  double negligible = 1e-24;  ///< panels with max|f| * width below this are left out
  std::size_t most_panels = 20000;

  /// Relative size of rounding in values on [low, low + width]: far from 0 the points themselves
  /// are known to eps |x| only, which is eps |x|/width of a panel.
  template <class Real>
  double noise(double low, double width) const;
};

/// Values of all channels at the nodes of a cell: out[channel * order + node].
template <class Real>
using PanelSampler = std::function<void(const Cell&, const Real* nodes, Real* out)>;

/// What a panel is worth: left out, kept, or halved.
enum class PanelVerdict { negligible, resolved, unresolved };
template <class Real>
using PanelJudge = std::function<PanelVerdict(double low, double width, const Real* values)>;

/// Puts f on panels: starts from `cells` (disjoint, ascending), leaves out the negligible, halves
/// what is not resolved. Throws NumericalFailure when more than most_panels have been tried.
/// Cost: one call of f per cell tried and O(order^2) each.
template <class Real>
PanelFunction<Real> build_panels(const std::shared_ptr<const LegendreBasis<Real>>& basis,
                                 const DyadicLine& line, int channels,
                                 const std::vector<Cell>& cells, const PanelSampler<Real>& f,
                                 const PanelJudge<Real>& judge, std::size_t most_panels);

/// The same by a rule that treats all channels alike.
template <class Real>
PanelFunction<Real> build_panels(const std::shared_ptr<const LegendreBasis<Real>>& basis,
                                 const DyadicLine& line, int channels,
                                 const std::vector<Cell>& cells, const PanelSampler<Real>& f,
                                 const PanelRule& rule);

#define LEMMABENCH_EXTERN(Real)                                                  \
  extern template class PanelFunction<Real>;                                     \
  extern template double PanelRule::noise<Real>(double, double) const;           \
  extern template double series_tail<Real>(const Real*, std::size_t);            \
  extern template PanelFunction<Real> build_panels<Real>(                        \
      const std::shared_ptr<const LegendreBasis<Real>>&, const DyadicLine&, int, \
      const std::vector<Cell>&, const PanelSampler<Real>&, const PanelRule&);    \
  extern template PanelFunction<Real> build_panels<Real>(                        \
      const std::shared_ptr<const LegendreBasis<Real>>&, const DyadicLine&, int, \
      const std::vector<Cell>&, const PanelSampler<Real>&, const PanelJudge<Real>&, std::size_t);
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
