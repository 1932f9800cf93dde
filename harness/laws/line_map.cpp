#include "harness/laws/line_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lemmabench {

template <class Real>
LineMap<Real>::LineMap(const PanelFunction<Real>& source, const Real* mean)
    : source_(source), mean_(mean), order_(source.order()) {
  const LegendreBasis<Real>& basis = source.basis();
  const std::size_t size = source.panels() * order_;
  displacement_ = source.nodes();
  series_.resize(size);
  derivative_.resize(size);
  std::vector<Real> slopes(order_);
  for (std::size_t i = 0; i < source.panels(); ++i) {
    Real* at = displacement_.data() + i * order_;
    Real* series = series_.data() + i * order_;
    Real* derivative = derivative_.data() + i * order_;
    double size_of_values = 0;
    for (std::size_t k = 0; k < order_; ++k) {
      const Real& m = mean[i * order_ + k];
      size_of_values =
          std::max({size_of_values, std::abs(to_double(m)), std::abs(to_double(at[k]))});
      at[k] = m - at[k];
    }
    basis.coefficients(at, series);
    chop(series, size_of_values);
    basis.derivative(series, derivative);

    PanelImage<Real> image;
    const double per_length = 2 / source.width(i);
    basis.evaluate(derivative, basis.nodes().data(), order_, slopes.data());
    slopes.push_back(basis.at_left(derivative));
    slopes.push_back(basis.at_right(derivative));
    image.least_slope = std::numeric_limits<double>::infinity();
    image.most_slope = 0;
    for (const Real& slope : slopes) {
      const double m_slope = 1 + to_double(slope) * per_length;
      image.least_slope = std::min(image.least_slope, m_slope);
      image.most_slope = std::max(image.most_slope, std::abs(m_slope));
    }
    slopes.resize(order_);
    image.tail = real_tail(series, size_of_values);
    image.low = Real(source.low(i)) + basis.at_left(series);
    image.high = Real(source.high(i)) + basis.at_right(series);
    // Neighbours share their common end to the last bit: no point may fall between them.
    if (i > 0 && source.high(i - 1) == source.low(i) && one_to_one(i - 1) &&
        image.least_slope > 0) {
      image.low = images_.back().high;
    }
    if (image.least_slope <= 0) {
      for (std::size_t k = 0; k < order_; ++k) {
        image.low = std::min(image.low, mean[i * order_ + k]);
        image.high = std::max(image.high, mean[i * order_ + k]);
      }
      const Real low = std::min(image.low, image.high);
      image.high = std::max(image.low, image.high);
      image.low = low;
    }
    images_.push_back(image);
  }
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
  const Real spread = 2 / (image.high - image.low);
  for (std::size_t k = 0; k < count; ++k) {
    t[k] = (u[k] - image.low) * spread - 1;
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
      const Real m_slope = 1 + slope[k] * per_half;
      const Real excess = (low + half * (t[k] + 1) - u[k]) + shift[k];
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
    slope[k] = 1 + slope[k] * per_half;
  }
}

template <class Real>
double LineMap<Real>::joint_tail(std::size_t i) const {
  const LegendreBasis<Real>& basis = source_.basis();
  std::vector<Real> values(order_);
  std::vector<Real> series(order_);
  const Real* left = displacement_.data() + i * order_;
  basis.join(left, left + order_, values.data());
  basis.coefficients(values.data(), series.data());
  double size = 0;
  for (std::size_t k = 0; k < 2 * order_; ++k) {
    size = std::max(size, std::abs(to_double(mean_[i * order_ + k])));
  }
  chop(series.data(), size);
  return real_tail(series.data(), size);
}

#define LEMMABENCH_INSTANTIATE(Real) template class LineMap<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
