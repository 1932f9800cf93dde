#include "harness/monte_carlo/particles/particle_density.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "numerics/running_moments.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

constexpr double kLeastCounting = 30;

/// The kernels N(point; centre, width^2 I) of all particles over the largest of them.
struct Kernels {
  RunningMoments relative;
  double log_largest = 0;
  /// How many of equal weight would vary as much.
  double counting() const {
    const double square = relative.squares / relative.count + relative.mean * relative.mean;
    return relative.count * relative.mean * relative.mean / square;
  }
};

Kernels kernels(const PointTable& centres, double width, const std::vector<double>& point) {
  std::vector<double> logs(centres.rows);
  for (std::size_t i = 0; i < centres.rows; ++i) {
    double square = 0;
    for (std::size_t j = 0; j < point.size(); ++j) {
      const double gap = (centres.values[i * point.size() + j] - point[j]) / width;
      square += gap * gap;
    }
    logs[i] = -square / 2;
  }
  const double largest = *std::max_element(logs.begin(), logs.end());
  Kernels out;
  for (const double one : logs) {
    out.relative.add(std::exp(one - largest));
  }
  out.log_largest =
      largest - static_cast<double>(point.size()) * std::log(width * std::sqrt(2 * pi<double>()));
  return out;
}

}  // namespace

std::vector<PointDensity> point_densities(const ParticleRun& run, const Target& target,
                                          const Level<double>& level_one, double resolution,
                                          const std::vector<std::vector<double>>& points,
                                          double level) {
  const bool kernel = !run.means.values.empty();
  const double least = kernel ? run.last_sd : 0;
  const double width = std::max(resolution, least);
  const PointTable& centres = kernel ? run.means : run.samples;
  const Level<double> blurred{level_one.abar, level_one.noise + (width - least) * (width + least)};
  const double z = boost::math::quantile(boost::math::normal(), (1 + level) / 2);
  PointTable asked{points.size(), centres.columns, {}};
  for (const std::vector<double>& point : points) {
    asked.values.insert(asked.values.end(), point.begin(), point.end());
  }
  const std::vector<double> log_p = JudgedLaw(target, blurred).log_density(asked, 1);
  const double log_volume = static_cast<double>(centres.columns) / 2 * std::log(blurred.abar);
  std::vector<PointDensity> out;
  for (std::size_t k = 0; k < points.size(); ++k) {
    PointDensity one{points[k], {}, std::exp(log_p[k] - log_volume), {}};
    const Kernels found = kernels(centres, width, points[k]);
    if (found.counting() < kLeastCounting) {
      one.refusal =
          fmt::format("only {:.2g} particles of {} count there", found.counting(), centres.rows);
    } else {
      const double unit = std::exp(found.log_largest);
      one.q = Sampled{unit * found.relative.mean,
                      unit * z * std::sqrt(found.relative.mean_variance()), level};
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace lemmabench
