#include "harness/particles/two_samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <functional>

#include "harness/parallel.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMostCoordinates = 32;
// An event is chosen on no more points than this: more hardly improve it.
constexpr std::size_t kMostTraining = 1 << 16;

/// The largest gap between two distribution functions, and where it is.
struct Gap {
  double size = 0;
  double at = 0;
  bool y_below = true;  ///< whether Y is below more often
};

Gap largest_gap(std::vector<double> y, std::vector<double> x) {
  std::sort(y.begin(), y.end());
  std::sort(x.begin(), x.end());
  Gap out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < y.size() && j < x.size()) {
    const double c = std::min(y[i], x[j]);
    while (i < y.size() && y[i] <= c) {
      ++i;
    }
    while (j < x.size() && x[j] <= c) {
      ++j;
    }
    const double difference = static_cast<double>(i) / static_cast<double>(y.size()) -
                              static_cast<double>(j) / static_cast<double>(x.size());
    if (std::fabs(difference) > out.size) {
      out = {std::fabs(difference), c, difference > 0};
    }
  }
  return out;
}

/// A number made of a point.
struct Statistic {
  std::string name;
  std::function<double(const WeighedSample&, std::size_t)> value;
};

std::vector<Statistic> statistics(std::size_t dim) {
  std::vector<Statistic> out;
  out.push_back({"log p", [](const WeighedSample& s, std::size_t i) { return s.log_density[i]; }});
  if (dim > 1) {
    out.push_back({"|y|^2", [](const WeighedSample& s, std::size_t i) {
                     double sum = 0;
                     for (std::size_t j = 0; j < s.rows.dim; ++j) {
                       sum += s.rows.row(i)[j] * s.rows.row(i)[j];
                     }
                     return sum;
                   }});
  }
  for (std::size_t j = 0; j < std::min(dim, kMostCoordinates); ++j) {
    out.push_back({fmt::format("y_{}", j + 1),
                   [j](const WeighedSample& s, std::size_t i) { return s.rows.row(i)[j]; }});
    out.push_back({fmt::format("y_{}^2", j + 1), [j](const WeighedSample& s, std::size_t i) {
                     return s.rows.row(i)[j] * s.rows.row(i)[j];
                   }});
  }
  return out;
}

std::vector<double> values(const Statistic& statistic, const WeighedSample& sample,
                           std::size_t end) {
  std::vector<double> out(end);
  for (std::size_t i = 0; i < end; ++i) {
    out[i] = statistic.value(sample, i);
  }
  return out;
}

/// Of the points from `start` on, how many are in the event.
struct Count {
  double all = 0;
  double inside = 0;
  double share() const { return inside / all; }
};
Count count(const Statistic& statistic, const Gap& gap, const WeighedSample& sample,
            std::size_t start) {
  Count out;
  for (std::size_t i = start; i < sample.rows.count(); ++i) {
    out.all += 1;
    out.inside += (statistic.value(sample, i) <= gap.at) == gap.y_below ? 1 : 0;
  }
  return out;
}

double quantile(double probability) {
  return boost::math::quantile(boost::math::normal(), probability);
}

}  // namespace

Quantity likelihood_gap(const std::vector<double>& y, const std::vector<double>& x, double level) {
  const double one = std::log(4 / (1 - level)) / 2;
  const double reach = std::sqrt(one / static_cast<double>(y.size())) +
                       std::sqrt(one / static_cast<double>(x.size()));
  return Sampled{largest_gap(y, x).size, reach, level};
}

EventBound event_bound(const WeighedSample& y, const WeighedSample& x, double level, int threads) {
  const std::size_t y_half = y.rows.count() / 2;
  const std::size_t x_half = x.rows.count() / 2;
  const std::vector<Statistic> all = statistics(y.rows.dim);
  const std::vector<Gap> gaps = parallel_map(all.size(), threads, [&](std::size_t k) {
    return largest_gap(values(all[k], y, std::min(y_half, kMostTraining)),
                       values(all[k], x, std::min(x_half, kMostTraining)));
  });
  const auto best = std::max_element(gaps.begin(), gaps.end(),
                                     [](const Gap& a, const Gap& b) { return a.size < b.size; });
  const Statistic& statistic = all[static_cast<std::size_t>(best - gaps.begin())];
  const Count in_y = count(statistic, *best, y, y_half);
  const Count in_x = count(statistic, *best, x, x_half);
  const double risk = (1 - level) / 2;
  using Binomial = boost::math::binomial;
  EventBound out;
  out.in_y = in_y.share();
  out.in_x = in_x.share();
  out.bound = std::max(0.0, Binomial::find_lower_bound_on_p(in_y.all, in_y.inside, risk) -
                                Binomial::find_upper_bound_on_p(in_x.all, in_x.inside, risk));
  out.detectable = quantile(1 - risk) / 2 * (1 / std::sqrt(in_y.all) + 1 / std::sqrt(in_x.all));
  out.event = fmt::format("{} {} {:.6g}", statistic.name, best->y_below ? "<=" : ">", best->at);
  return out;
}

MomentGaps moment_gaps(const PointRows& y, const PointRows& x, double level) {
  const std::size_t dim = y.dim;
  const double reach = quantile(1 - (1 - level) / (2 * static_cast<double>(dim)));
  const auto largest = [&](auto power) {
    double gap = 0;
    double error = 0;
    for (std::size_t j = 0; j < dim; ++j) {
      RunningMoments of_y;
      RunningMoments of_x;
      for (std::size_t i = 0; i < y.count(); ++i) {
        of_y.add(power(y.row(i)[j]));
      }
      for (std::size_t i = 0; i < x.count(); ++i) {
        of_x.add(power(x.row(i)[j]));
      }
      gap = std::max(gap, std::fabs(of_y.mean - of_x.mean));
      error = std::max(error, reach * std::sqrt(of_y.mean_variance() + of_x.mean_variance()));
    }
    return Quantity(Sampled{gap, error, level});
  };
  return {largest([](double v) { return v; }), largest([](double v) { return v * v; })};
}

}  // namespace lemmabench
