#include "harness/monte_carlo/particles/two_samples.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "harness/monte_carlo/goodness_of_fit/kolmogorov.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {

Quantity likelihood_gap(const std::vector<double>& y, const std::vector<double>& x, double level) {
  const double miss = (1 - level) / 2;
  return Sampled{kolmogorov_distance(y, x), band(y.size(), miss) + band(x.size(), miss), level};
}

MomentGaps moment_gaps(const PointTable& y, const PointTable& x, double level) {
  const std::size_t dim = y.columns;
  const double reach = boost::math::quantile(
      boost::math::complement(boost::math::normal(), (1 - level) / (2 * static_cast<double>(dim))));
  const auto largest = [&](auto power) {
    double gap = 0;
    double error = 0;
    for (std::size_t j = 0; j < dim; ++j) {
      RunningMoments of_y;
      RunningMoments of_x;
      for (std::size_t i = j; i < y.values.size(); i += dim) {
        of_y.add(power(y.values[i]));
      }
      for (std::size_t i = j; i < x.values.size(); i += dim) {
        of_x.add(power(x.values[i]));
      }
      gap = std::max(gap, std::fabs(of_y.mean - of_x.mean));
      error = std::max(error, reach * std::sqrt(of_y.mean_variance() + of_x.mean_variance()));
    }
    return Quantity(Sampled{gap, error, level});
  };
  return {largest([](double v) { return v; }), largest([](double v) { return v * v; })};
}

}  // namespace lemmabench
