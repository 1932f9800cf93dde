#include "numerics/total_variation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// The sign change of the polynomial in (low, high), where it has values of opposite signs: the
/// Illinois variant of regula falsi (Dahlquist & Bjorck, Numerical Methods, 6.2.2).
template <class Real>
Real sign_change(const LegendreBasis<Real>& basis, const Real* coefficients, Real low, Real at_low,
                 Real high, Real at_high) {
  const Real precise = 2 * std::numeric_limits<Real>::epsilon();
  for (int iteration = 0; iteration < 400 && high - low > precise; ++iteration) {
    Real middle = low + (high - low) * (at_low / (at_low - at_high));
    if (!(middle > low) || !(middle < high)) {
      middle = (low + high) / 2;
    }
    const Real value = basis.evaluate(coefficients, middle);
    if (value == 0) {
      return middle;
    }
    if ((value > 0) == (at_high > 0)) {
      high = middle;
      at_high = value;
      at_low /= 2;
    } else {
      low = middle;
      at_low = value;
      at_high /= 2;
    }
  }
  return (low + high) / 2;
}

template <class Real>
bool opposite(const Real& a, const Real& b) {
  return (a > 0 && b < 0) || (a < 0 && b > 0);
}

template <class Real>
Real antiderivative_at(const std::vector<Real>& series, const Real& x) {
  // The antiderivative has one degree more than the basis: the plain recurrence.
  Real before(1);
  Real here = x;
  Real sum = series[0] + series[1] * x;
  for (std::size_t n = 1; n + 1 < series.size(); ++n) {
    const int k = static_cast<int>(n);
    const Real next = (Real(2 * k + 1) * x * here - Real(k) * before) / Real(k + 1);
    before = here;
    here = next;
    sum += series[n + 1] * here;
  }
  return sum;
}

}  // namespace

template <class Real>
Real absolute_integral(const LegendreBasis<Real>& basis, const Real* coefficients) {
  using std::abs;
  const auto order = static_cast<std::size_t>(basis.order());
  std::vector<Real> points{Real(-1)};
  points.insert(points.end(), basis.nodes().begin(), basis.nodes().end());
  points.push_back(Real(1));
  std::vector<Real> values(points.size());
  basis.evaluate(coefficients, points.data(), points.size(), values.data());
  std::vector<Real> derivative(order);
  std::vector<Real> slopes(points.size());
  basis.derivative(coefficients, derivative.data());
  basis.evaluate(derivative.data(), points.data(), points.size(), slopes.data());
  std::vector<Real> series(order + 1);
  basis.antiderivative(coefficients, series.data());
  Real total(0);
  Real former(0);  // the antiderivative vanishes at -1
  const auto split_at = [&](const Real& root) {
    const Real here = antiderivative_at(series, root);
    total += abs(here - former);
    former = here;
  };
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const Real& left = points[i];
    const Real& right = points[i + 1];
    if (opposite(values[i], values[i + 1])) {
      split_at(sign_change(basis, coefficients, left, values[i], right, values[i + 1]));
    } else if (opposite(slopes[i], slopes[i + 1]) && opposite(values[i], slopes[i])) {
      // |f| falls and rises again: it may have touched 0 in between.
      const Real turn =
          sign_change(basis, derivative.data(), left, slopes[i], right, slopes[i + 1]);
      const Real value = basis.evaluate(coefficients, turn);
      if (opposite(value, values[i])) {
        split_at(sign_change(basis, coefficients, left, values[i], turn, value));
        split_at(sign_change(basis, coefficients, turn, value, right, values[i + 1]));
      }
    }
  }
  return total + abs(antiderivative_at(series, Real(1)) - former);
}

template <class Real>
Real half_absolute_integral(const PanelFunction<Real>& f, std::size_t channel) {
  Real total(0);
  for (std::size_t i = 0; i < f.panels(); ++i) {
    total += absolute_integral(f.basis(), f.coefficients(i, channel)) * Real(f.width(i) / 4);
  }
  return total;
}

template <class Real>
Real total_variation(const PanelFunction<Real>& left, std::size_t a,
                     const PanelFunction<Real>& right, std::size_t b) {
  // The panels of both, the finer where they overlap: cells inside cells, never across.
  std::vector<Feature> features;
  for (const PanelFunction<Real>* f : {&left, &right}) {
    for (std::size_t i = 0; i < f->panels(); ++i) {
      features.push_back({f->low(i), f->high(i), f->width(i)});
    }
  }
  const std::vector<Cell> cells = cover(left.line(), features, 0);
  const std::size_t order = left.order();
  std::vector<Real> nodes(order);
  std::vector<Real> difference(order);
  std::vector<Real> values(order * std::max(left.channels(), right.channels()));
  std::vector<Real> series(order);
  Real total(0);
  for (const Cell& cell : cells) {
    left.nodes_of(cell, nodes.data());
    std::fill(difference.begin(), difference.end(), Real(0));
    const auto add = [&](const PanelFunction<Real>& f, std::size_t channel, int sign) {
      f.evaluate(nodes.data(), order, values.data());
      for (std::size_t k = 0; k < order; ++k) {
        difference[k] += Real(sign) * values[channel * order + k];
      }
    };
    add(left, a, 1);
    add(right, b, -1);
    left.basis().coefficients(difference.data(), series.data());
    total += absolute_integral(left.basis(), series.data()) * Real(left.line().width(cell) / 4);
  }
  return total;
}

#define LEMMABENCH_INSTANTIATE(Real)                                              \
  template Real absolute_integral<Real>(const LegendreBasis<Real>&, const Real*); \
  template Real total_variation<Real>(const PanelFunction<Real>&, std::size_t,    \
                                      const PanelFunction<Real>&, std::size_t);   \
  template Real half_absolute_integral<Real>(const PanelFunction<Real>&, std::size_t);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
