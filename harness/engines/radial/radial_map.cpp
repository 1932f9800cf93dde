#include "harness/engines/radial/radial_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lemmabench {

RadialMap::RadialMap(const PanelFunction<double>& source, const RadialMeans& means)
    : source_(source),
      order_(source.order()),
      kinked_(means.kinked),
      displacement_(source.shared_basis(), source.line(), 2) {
  const std::vector<double> nodes = source.nodes();
  const LegendreBasis<double>& basis = source.basis();
  std::vector<double> values(2 * order_);
  std::vector<double> series(order_);
  std::vector<double> slopes(order_);
  log_mean_.resize(nodes.size());
  for (std::size_t i = 0; i < source.panels(); ++i) {
    bool one_sign = true;
    for (std::size_t k = 0; k < order_; ++k) {
      const std::size_t node = i * order_ + k;
      values[k] = means.displacement[node];
      log_mean_[node] = nodes[node] + values[k];
      one_sign = one_sign && means.positive[node] == means.positive[i * order_];
    }
    basis.coefficients(values.data(), series.data());
    basis.derivative(series.data(), slopes.data());
    for (double& slope : slopes) {
      slope *= 2 / source.width(i);
    }
    basis.evaluate(slopes.data(), basis.nodes().data(), order_, values.data() + order_);
    images_.push_back(survey(i, one_sign, values.data(), series.data(), slopes.data()));
    displacement_.append(source.cell(i), values.data());
  }
}

RadialImage RadialMap::survey(std::size_t i, bool one_sign, const double* displacement,
                              const double* series, const double* slope_series) const {
  const LegendreBasis<double>& basis = source_.basis();
  RadialImage out;
  const auto [least, most] = std::minmax_element(displacement, displacement + order_);
  out.size = std::max(std::abs(*least), std::abs(*most));
  out.one_sign = one_sign;
  out.tail = series_tail(series, order_);
  const double left = source_.low(i) + basis.at_left(series);
  const double right = source_.high(i) + basis.at_right(series);
  const double* nodes = at_nodes(i);
  out.low = std::min({left, right, *std::min_element(nodes, nodes + order_)});
  out.high = std::max({left, right, *std::max_element(nodes, nodes + order_)});
  if (!out.one_sign) {
    out.low = -std::numeric_limits<double>::infinity();
    out.high = *std::max_element(nodes, nodes + order_) + 0.1;
  }
  out.left = basis.at_left(series);
  out.right = basis.at_right(series);
  out.left_slope = 1 + basis.at_left(slope_series);
  out.right_slope = 1 + basis.at_right(slope_series);
  out.least_slope = std::min(out.left_slope, out.right_slope);
  out.most_slope = std::max(out.left_slope, out.right_slope);
  for (std::size_t k = 0; k < order_; ++k) {
    out.least_slope = std::min(out.least_slope, 1 + displacement[order_ + k]);
    out.most_slope = std::max(out.most_slope, 1 + displacement[order_ + k]);
  }
  return out;
}

double RadialMap::solve(std::size_t i, double v, double lean, double* slope) const {
  const LegendreBasis<double>& basis = source_.basis();
  const double half = 0.5 * source_.width(i);
  const double least = source_.low(i) - v;
  const double most = source_.high(i) - v;
  const RadialImage& image = images_[i];
  const double part = (v + lean - image.low) / (image.high - image.low);
  double s = least + std::clamp(part, 0.0, 1.0) * (most - least);
  for (int step = 0; step < 30; ++step) {
    const double local = (s - least) / half - 1;
    const double gap = s + basis.evaluate(displacement_.coefficients(i, 0), local) - lean;
    *slope = 1 + basis.evaluate(displacement_.coefficients(i, 1), local);
    const double next = std::clamp(s - gap / *slope, least, most);
    const double change = std::abs(next - s);
    s = next;
    if (change <= 1e-9 * std::abs(s) || change <= 1e-16 * half) break;
  }
  return s;
}

}  // namespace lemmabench
