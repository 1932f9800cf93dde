#include "harness/engines/line/line_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/mp.hpp"

namespace lemmabench {

template <class Real>
LineMap<Real>::LineMap(const PanelFunction<Real>& source, const Real* mean, long composed)
    : source_(source),
      mean_(mean),
      order_(source.order()),
      composed_(composed),
      nodes_(source.nodes()) {
  const LegendreBasis<Real>& basis = source.basis();
  const std::size_t size = source.panels() * order_;
  series_.resize(size);
  derivative_.resize(size);
  std::vector<Real> values(order_);
  for (std::size_t i = 0; i < source.panels(); ++i) {
    const std::size_t first = i * order_;
    const auto varies = [](const Real* at, std::size_t count) {
      const auto [low, high] = std::minmax_element(at, at + count);
      return to_double(Real(*high - *low));
    };
    for (std::size_t k = 0; k < order_; ++k) {
      values[k] = mean[first + k] - nodes_[first + k];
    }
    const bool displacement = varies(values.data(), order_) <= varies(mean + first, order_);
    of_displacement_.push_back(displacement);
    basis.coefficients(displacement ? values.data() : mean + first, series_.data() + first);
    tails_.push_back(settle(series_.data() + first, first, order_, displacement));
    basis.derivative(series_.data() + first, derivative_.data() + first);
    images_.push_back(survey(i));
  }
}

/// What rounding makes of m' on panel i. Each coefficient is off by an eps or two of the whole
/// series, and P_n' is n(n+1)/2 at the ends; what was chopped is exactly 0. Squared, not cubed: the
/// errors have both signs. (An estimate: it decides what is refused or scattered.)
template <class Real>
double LineMap<Real>::slope_noise(std::size_t i) const {
  const Real* series = series_.data() + i * order_;
  double size = 0;
  double last = 0;
  for (std::size_t n = 0; n < order_; ++n) {
    const double term = std::abs(to_double(series[n]));
    size += term;
    last = term > 0 ? static_cast<double>(n) : last;
  }
  const double eps = to_double(std::numeric_limits<Real>::epsilon());
  return 2 * eps * last * last * size * 2 / source_.width(i);
}

/// What is to be known of panel i, once its series is there.
template <class Real>
PanelImage<Real> LineMap<Real>::survey(std::size_t i) const {
  const LegendreBasis<Real>& basis = source_.basis();
  const Real* series = series_.data() + i * order_;
  const Real* derivative = derivative_.data() + i * order_;
  const double per_length = 2 / source_.width(i);
  std::vector<Real> slopes(order_);
  basis.evaluate(derivative, basis.nodes().data(), order_, slopes.data());
  slopes.push_back(basis.at_left(derivative));
  slopes.push_back(basis.at_right(derivative));
  PanelImage<Real> image;
  image.least_slope = std::numeric_limits<double>::infinity();
  image.most_slope = 0;
  image.slope_noise = slope_noise(i);
  bool rises = true;
  bool falls = true;
  const Real identity = this->identity(i);
  for (const Real& slope : slopes) {
    const double m_slope = to_double(identity) + to_double(slope) * per_length;
    rises = rises && m_slope > image.slope_noise;
    falls = falls && m_slope < -image.slope_noise;
    image.least_slope = std::min(image.least_slope, std::abs(m_slope));
    image.most_slope = std::max(image.most_slope, std::abs(m_slope));
    image.left_slope = image.right_slope;
    image.right_slope = m_slope;  // the ends come last
  }
  image.direction = rises ? 1 : (falls ? -1 : 0);
  image.tail = tails_[i];
  Real left = identity * Real(source_.low(i)) + basis.at_left(series);
  Real right = identity * Real(source_.high(i)) + basis.at_right(series);
  image.left = left;
  image.right = right;
  // Neighbours share their common end to the last bit: no point may fall between them.
  if (i > 0 && image.direction != 0 && source_.high(i - 1) == source_.low(i) &&
      images_.back().direction == image.direction) {
    left = image.direction > 0 ? images_.back().high : images_.back().low;
  }
  image.low = std::min(left, right);
  image.high = std::max(left, right);
  if (image.direction == 0) {
    const auto [low, high] = std::minmax_element(mean_ + i * order_, mean_ + (i + 1) * order_);
    image.low = std::min(image.low, *low);
    image.high = std::max(image.high, *high);
  }
  return image;
}

/// The largest |m| over `count` nodes from `first` on, or of |m| and |x|.
template <class Real>
double LineMap<Real>::size_of(std::size_t first, std::size_t count, bool with_points) const {
  double size = 0;
  for (std::size_t k = first; k < first + count; ++k) {
    size = std::max(size, std::abs(to_double(mean_[k])));
    size = with_points ? std::max(size, std::abs(to_double(nodes_[k]))) : size;
  }
  return size;
}

/// By what the rounding of m over these nodes may be more than that of one map. Every map of a
/// chain rounds anew, which adds up like a random walk, and what it rounds is stretched by the rest
/// of the chain, by about m' at most: between two modes that is 10^5 and more.
template <class Real>
double LineMap<Real>::rounding(std::size_t first, std::size_t count) const {
  if (composed_ == 1) {
    return 1;
  }
  double steepest = 0;
  for (std::size_t k = first + 1; k < first + count; ++k) {
    const Real rise = mean_[k] - mean_[k - 1];
    steepest = std::max(steepest, std::abs(to_double(Real(rise / (nodes_[k] - nodes_[k - 1])))));
  }
  return (1 + steepest) * std::sqrt(static_cast<double>(composed_));
}

/// Chops a series of m or m - x and returns its tail. The rounding of m is that of the largest term
/// it is a sum of, |x| at least; where m is a multiple of one small term it is that of m.
template <class Real>
double LineMap<Real>::settle(Real* series, std::size_t first, std::size_t count,
                             bool displacement) const {
  if (!displacement && composed_ == 1) {
    std::vector<Real> chopped(series, series + order_);
    const double size = size_of(first, count, false);
    chop(chopped.data(), size);
    if (real_tail(chopped.data(), size) == 0) {
      // What counts as rounding is not kept either: y + (1-abar) s far from the data is a small m
      // made of large terms, and m' would have its rounding order^2 times.
      chop(chopped.data(), of_level(plateau(chopped.data())));
      std::copy(chopped.begin(), chopped.end(), series);
      return 0;
    }
  }
  const double size = size_of(first, count, true);
  chop(series, size);
  const double tail = real_tail(series, size);
  if (tail == 0 || composed_ == 1) {
    return tail;
  }
  // Halving the panel helps against a series that falls, not against one that has come to a level.
  const double more = rounding(first, count);
  const double level = plateau(series);
  if (level == 0 || real_tail(series, size * more) != 0) {
    return tail;
  }
  chop(series, std::max(size, of_level(level)));
  return 0;
}

/// The size of an m whose rounding chops a series that has come to this level.
template <class Real>
double LineMap<Real>::of_level(double level) {
  return 2 * level / (3 * to_double(std::numeric_limits<Real>::epsilon()));
}

/// The size of the last quarter of a series if the quarter before is hardly larger, else 0.
template <class Real>
double LineMap<Real>::plateau(const Real* series) const {
  const auto largest = [&](std::size_t from, std::size_t end) {
    double out = 0;
    for (std::size_t n = from; n < end; ++n) {
      out = std::max(out, std::abs(to_double(series[n])));
    }
    return out;
  };
  const double last = largest(3 * order_ / 4, order_);
  return largest(order_ / 2, 3 * order_ / 4) <= 8 * last ? last : 0;
}

// Coefficients that are rounding of x and m alone would be amplified order^2 times in m'. What is
// cut off though it was real sums to about eps/h over the run, because steps shrink like 1-h.
template <class Real>
void LineMap<Real>::chop(Real* series, double size) const {
  const double noise = 3 * to_double(std::numeric_limits<Real>::epsilon()) * size;
  for (std::size_t n = order_; n-- > 0 && std::abs(to_double(series[n])) <= noise;) {
    series[n] = Real(0);
  }
}

// The tail of a chopped series, 0 where it may be rounding that was not chopped: halving the panel
// would not help.
template <class Real>
double LineMap<Real>::real_tail(const Real* series, double size) const {
  const double noise = 16 * to_double(std::numeric_limits<Real>::epsilon()) * size;
  const double tail = series_tail(series, order_);
  return tail <= noise ? 0 : tail;
}

template <class Real>
void LineMap<Real>::invert(std::size_t i, const Real* u, std::size_t count, Real* t,
                           Real* slope) const {
  const LegendreBasis<Real>& basis = source_.basis();
  const Real* series = series_.data() + i * order_;
  const Real* derivative = derivative_.data() + i * order_;
  const PanelImage<Real>& image = images_[i];
  const Real low(source_.low(i));
  const Real half(source_.width(i) / 2);
  const Real per_half(2 / source_.width(i));
  std::vector<Real> shift(count);
  const Real identity = this->identity(i);
  const Real spread = 2 / (image.high - image.low) * Real(image.direction);
  const Real start = image.direction > 0 ? image.low : image.high;
  for (std::size_t k = 0; k < count; ++k) {
    t[k] = (u[k] - start) * spread - 1;
  }
  // Newton leaves an error of about (m''/2m') step^2, with m'' about the range of m' times the
  // order: stop when that is below eps. Where m is nearly linear the first step does.
  const double eps = to_double(std::numeric_limits<Real>::epsilon());
  const double bend = (image.most_slope - image.least_slope) / image.least_slope;
  const double small = std::sqrt(eps / (eps + static_cast<double>(order_) * std::abs(bend)));
  for (int iteration = 0; iteration < 60; ++iteration) {
    basis.evaluate(series, t, count, shift.data());
    basis.evaluate(derivative, t, count, slope);
    double largest = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const Real m_slope = identity + slope[k] * per_half;
      const Real excess = (identity * (low + half * (t[k] + 1)) - u[k]) + shift[k];
      const Real step = excess / m_slope * per_half;
      // Points of the image lie in the panel; a first step may overshoot where m bends.
      t[k] = std::max(Real(-1.0625), std::min(Real(1.0625), Real(t[k] - step)));
      largest = std::max(largest, std::abs(to_double(step)));
    }
    if (!(largest > small)) {
      break;
    }
  }
  basis.evaluate(derivative, t, count, slope);
  for (std::size_t k = 0; k < count; ++k) {
    slope[k] = identity + slope[k] * per_half;
    slope[k] = slope[k] < 0 ? Real(-slope[k]) : slope[k];
  }
}

template <class Real>
double LineMap<Real>::joint_tail(std::size_t i) const {
  const LegendreBasis<Real>& basis = source_.basis();
  std::vector<Real> values(2 * order_);
  std::vector<Real> joined(order_);
  std::vector<Real> series(order_);
  const bool displacement = of_displacement_[i] && of_displacement_[i + 1];
  for (std::size_t k = 0; k < 2 * order_; ++k) {
    values[k] = mean_[i * order_ + k];
    values[k] -= displacement ? nodes_[i * order_ + k] : Real(0);
  }
  basis.join(values.data(), values.data() + order_, joined.data());
  basis.coefficients(joined.data(), series.data());
  return settle(series.data(), i * order_, 2 * order_, displacement);
}

#define LEMMABENCH_INSTANTIATE(Real) template class LineMap<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
