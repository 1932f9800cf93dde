#include "numerics/panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

constexpr int kDeepest = 58;
constexpr int kDeepestFar = 48;  ///< away from 0, where doubles are no denser

bool deepest(const Cell& cell) {
  constexpr long kNear = 1L << 40;
  return cell.depth >= kDeepest ||
         (cell.depth >= kDeepestFar && std::abs(cell.index - (1L << (cell.depth - 1))) > kNear);
}

/// Of the features numbered in `candidates` from `first` on. What lies behind them is for the
/// halves of the cell.
void cover_cell(const DyadicLine& line, const Cell& cell, std::span<const Feature> features,
                std::vector<std::size_t>& candidates, std::size_t first, double reach,
                std::vector<Cell>& out) {
  const double low = line.low(cell);
  const double width = line.width(cell);
  const double high = low + width;
  const std::size_t end = candidates.size();
  double least = std::numeric_limits<double>::infinity();
  double least_near = least;
  for (std::size_t k = first; k < end; ++k) {
    const Feature& feature = features[candidates[k]];
    if (feature.low - reach < high && feature.high + reach > low) {
      candidates.push_back(candidates[k]);
      least_near = std::min(least_near, feature.width);
      // Features that only touch do not meet: a hair of slack against the rounding of their ends.
      const double overlap = std::min(feature.high, high) - std::max(feature.low, low);
      if (overlap > 0.01 * std::min(width, feature.high - feature.low)) {
        least = std::min(least, feature.width);
      }
    }
  }
  if (candidates.size() == end) {
    return;
  }
  const double wanted = least < std::numeric_limits<double>::infinity() ? least : least_near;
  if (width <= 1.5 * wanted || deepest(cell)) {
    out.push_back(cell);
  } else {
    cover_cell(line, cell.left(), features, candidates, end, reach, out);
    cover_cell(line, cell.right(), features, candidates, end, reach, out);
  }
  candidates.resize(end);
}

template <class Real>
double size_of(const Real& x) {
  return std::abs(to_double(x));
}

}  // namespace

DyadicLine DyadicLine::covering(double reach) {
  int exponent = 0;
  std::frexp(reach, &exponent);
  return DyadicLine(std::ldexp(0.5, exponent) == reach ? exponent - 1 : exponent);
}

double DyadicLine::half_width() const { return std::ldexp(1.0, exponent_); }

double DyadicLine::width(const Cell& cell) const {
  return std::ldexp(1.0, exponent_ + 1 - cell.depth);
}

double DyadicLine::low(const Cell& cell) const {
  // In integers: near 0 the index of a deep cell has more digits than a double.
  const long middle = cell.depth > 0 ? 1L << (cell.depth - 1) : 0;
  const double root = cell.depth > 0 ? 0 : 0.5;
  return (static_cast<double>(cell.index - middle) - root) * width(cell);
}

std::vector<Cell> cover(const DyadicLine& line, std::span<const Feature> features, double reach) {
  std::vector<std::size_t> all(features.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = i;
  }
  std::vector<Cell> out;
  cover_cell(line, Cell{}, features, all, 0, reach, out);
  return out;
}

template <class Real>
PanelFunction<Real>::PanelFunction(std::shared_ptr<const LegendreBasis<Real>> basis,
                                   DyadicLine line, int channels)
    : basis_(std::move(basis)), line_(line), channels_(static_cast<std::size_t>(channels)) {}

template <class Real>
void PanelFunction<Real>::append(const Cell& cell, const Real* values) {
  const std::size_t size = channels_ * order();
  cells_.push_back(cell);
  lows_.push_back(line_.low(cell));
  widths_.push_back(line_.width(cell));
  values_.insert(values_.end(), values, values + size);
  coefficients_.resize(values_.size());
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    basis_->coefficients(values + channel * order(),
                         coefficients_.data() + coefficients_.size() - size + channel * order());
  }
}

template <class Real>
void PanelFunction<Real>::nodes_of(const Cell& cell, Real* out) const {
  const Real half(line_.width(cell) / 2);
  const Real centre(line_.low(cell) + line_.width(cell) / 2);
  for (std::size_t k = 0; k < order(); ++k) {
    out[k] = centre + half * basis_->nodes()[k];
  }
}

template <class Real>
std::vector<Real> PanelFunction<Real>::nodes() const {
  std::vector<Real> out(panels() * order());
  for (std::size_t i = 0; i < panels(); ++i) {
    nodes_of(cells_[i], out.data() + i * order());
  }
  return out;
}

template <class Real>
std::size_t PanelFunction<Real>::find(double x) const {
  const auto after = std::upper_bound(lows_.begin(), lows_.end(), x);
  if (after == lows_.begin()) {
    return panels();
  }
  const auto i = static_cast<std::size_t>(after - lows_.begin()) - 1;
  return x <= high(i) ? i : panels();
}

template <class Real>
void PanelFunction<Real>::evaluate(const Real* points, std::size_t count, Real* out) const {
  constexpr std::size_t kBlock = 16;
  std::array<Real, kBlock> local;
  for (std::size_t k = 0; k < count;) {
    const std::size_t i = find(to_double(points[k]));
    std::size_t run = 0;
    if (i == panels()) {
      for (std::size_t channel = 0; channel < channels_; ++channel) {
        out[channel * count + k] = Real(0);
      }
      ++k;
      continue;
    }
    const Real start(low(i));
    const Real scale(2 / width(i));
    double x = to_double(points[k]);
    do {
      local[run] = (points[k + run] - start) * scale - 1;
      ++run;
      x = run < kBlock && k + run < count ? to_double(points[k + run]) : high(i);
    } while (x >= low(i) && x < high(i));
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      basis_->evaluate(coefficients(i, channel), local.data(), run, out + channel * count + k);
    }
    k += run;
  }
}

template <class Real>
Real PanelFunction<Real>::evaluate(const Real& x, std::size_t channel) const {
  const std::size_t i = find(to_double(x));
  if (i == panels()) {
    return Real(0);
  }
  return basis_->evaluate(coefficients(i, channel), Real((x - low(i)) * Real(2 / width(i)) - 1));
}

template <class Real>
Real PanelFunction<Real>::integral(std::size_t channel) const {
  Real total(0);
  for (std::size_t i = 0; i < panels(); ++i) {
    const Real* at = values(i, channel);
    Real sum(0);
    for (std::size_t k = 0; k < order(); ++k) {
      sum += basis_->weights()[k] * at[k];
    }
    total += sum * Real(width(i) / 2);
  }
  return total;
}

template <class Real>
double PanelFunction<Real>::magnitude(std::size_t i) const {
  double largest = 0;
  const Real* at = values(i, 0);
  for (std::size_t k = 0; k < channels_ * order(); ++k) {
    largest = std::max(largest, size_of(at[k]));
  }
  return largest;
}

template <class Real>
PanelFunction<Real> PanelFunction<Real>::combined(std::span<const Real> factors) const {
  PanelFunction out(basis_, line_, 1);
  std::vector<Real> sum(order());
  for (std::size_t i = 0; i < panels(); ++i) {
    std::fill(sum.begin(), sum.end(), Real(0));
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      const Real* at = values(i, channel);
      for (std::size_t k = 0; k < order(); ++k) {
        sum[k] += factors[channel] * at[k];
      }
    }
    out.append(cells_[i], sum.data());
  }
  return out;
}

template <class Real>
PanelFunction<Real> PanelFunction<Real>::halved(std::span<const std::size_t> halve) const {
  PanelFunction out(basis_, line_, static_cast<int>(channels_));
  std::vector<Real> left(channels_ * order());
  std::vector<Real> right(channels_ * order());
  std::size_t next = 0;
  for (std::size_t i = 0; i < panels(); ++i) {
    if (next == halve.size() || halve[next] != i) {
      out.append(cells_[i], values(i, 0));
      continue;
    }
    ++next;
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      basis_->left_half(values(i, channel), left.data() + channel * order());
      basis_->right_half(values(i, channel), right.data() + channel * order());
    }
    out.append(cells_[i].left(), left.data());
    out.append(cells_[i].right(), right.data());
  }
  return out;
}

template <class Real>
double PanelRule::noise(double low, double width) const {
  const double eps = to_double(std::numeric_limits<Real>::epsilon());
  const double position = std::max({std::abs(low), std::abs(low + width), least_position});
  return relative + position_noise * eps * position / width;
}

template <class Real>
double series_tail(const Real* coefficients, std::size_t order) {
  return std::max(size_of(coefficients[order - 1]), size_of(coefficients[order - 2]));
}

template <class Real>
PanelFunction<Real> build_panels(const std::shared_ptr<const LegendreBasis<Real>>& basis,
                                 const DyadicLine& line, int channels,
                                 const std::vector<Cell>& cells, const PanelSampler<Real>& f,
                                 const PanelJudge<Real>& judge, std::size_t most_panels) {
  PanelFunction<Real> out(basis, line, channels);
  std::vector<Real> nodes(out.order());
  std::vector<Real> values(out.order() * out.channels());
  std::vector<Cell> stack(cells.rbegin(), cells.rend());
  std::size_t tried = 0;
  while (!stack.empty()) {
    const Cell cell = stack.back();
    stack.pop_back();
    if (++tried > most_panels) {
      throw NumericalFailure(
          fmt::format("panels: {} panels do not resolve the function", most_panels));
    }
    out.nodes_of(cell, nodes.data());
    f(cell, nodes.data(), values.data());
    const PanelVerdict verdict = judge(line.low(cell), line.width(cell), values.data());
    if (verdict == PanelVerdict::negligible) {
      continue;
    }
    if (verdict == PanelVerdict::resolved || deepest(cell)) {
      out.append(cell, values.data());
    } else {
      stack.push_back(cell.right());
      stack.push_back(cell.left());
    }
  }
  return out;
}

template <class Real>
PanelFunction<Real> build_panels(const std::shared_ptr<const LegendreBasis<Real>>& basis,
                                 const DyadicLine& line, int channels,
                                 const std::vector<Cell>& cells, const PanelSampler<Real>& f,
                                 const PanelRule& rule) {
  const auto order = static_cast<std::size_t>(basis->order());
  std::vector<Real> series(order);
  const PanelJudge<Real> judge = [&](double low, double width, const Real* values) {
    const double noise = rule.noise<Real>(low, width);
    bool negligible = true;
    bool resolved = true;
    for (int channel = 0; channel < channels; ++channel) {
      const Real* at = values + static_cast<std::size_t>(channel) * order;
      double largest = 0;
      for (std::size_t k = 0; k < order; ++k) {
        largest = std::max(largest, size_of(at[k]));
      }
      negligible = negligible && !(largest * width > rule.negligible);
      basis->coefficients(at, series.data());
      const double tail = series_tail(series.data(), order);
      resolved = resolved && (tail * width <= rule.tolerance || tail <= noise * largest);
    }
    if (negligible) {
      return PanelVerdict::negligible;
    }
    return resolved ? PanelVerdict::resolved : PanelVerdict::unresolved;
  };
  return build_panels<Real>(basis, line, channels, cells, f, judge, rule.most_panels);
}

#define LEMMABENCH_INSTANTIATE(Real)                                             \
  template class PanelFunction<Real>;                                            \
  template double PanelRule::noise<Real>(double, double) const;                  \
  template double series_tail<Real>(const Real*, std::size_t);                   \
  template PanelFunction<Real> build_panels<Real>(                               \
      const std::shared_ptr<const LegendreBasis<Real>>&, const DyadicLine&, int, \
      const std::vector<Cell>&, const PanelSampler<Real>&, const PanelRule&);    \
  template PanelFunction<Real> build_panels<Real>(                               \
      const std::shared_ptr<const LegendreBasis<Real>>&, const DyadicLine&, int, \
      const std::vector<Cell>&, const PanelSampler<Real>&, const PanelJudge<Real>&, std::size_t);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
