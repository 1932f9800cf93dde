#include "harness/monte_carlo/goodness_of_fit/line_tests.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <optional>
#include <vector>

#include "harness/monte_carlo/goodness_of_fit/kolmogorov.hpp"
#include "harness/monte_carlo/goodness_of_fit/level.hpp"
#include "harness/monte_carlo/goodness_of_fit/shuffle.hpp"
#include "numerics/lanes.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMostAxes = 32;
constexpr std::size_t kRandom = 32;

double dot(const double* a, const double* b, std::size_t dim) {
  double sum = 0;
  for (std::size_t i = 0; i < dim; ++i) sum += a[i] * b[i];
  return sum;
}

/// One function of the points on one sample, against another or a distribution function.
struct Distances {
  double test = 0;   ///< what the p-value is of
  double bound = 0;  ///< what the bound of total variation is of
};

std::vector<double> first_of(const std::vector<double>& all, std::size_t count) {
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

Distances two_samples(const std::vector<double>& own, const std::vector<double>& reference) {
  const std::size_t count = std::min(own.size(), reference.size());
  return {kolmogorov_distance(first_of(own, count), first_of(reference, count)),
          kolmogorov_distance(own, reference)};
}

/// `error` is what the distribution function may be off.
Distances one_sample(const std::vector<double>& own, const DistributionFunction& distribution,
                     double error) {
  const double distance = std::max(0.0, kolmogorov_distance(own, distribution) - error);
  return {distance, distance};
}

/// `found`: one a direction.
LineTest conclude(const std::vector<Distances>& found, bool exact, std::size_t n, std::size_t m,
                  const LineSetting& setting) {
  LineTest out;
  out.exact = exact;
  out.directions = found.size();
  out.rows = exact ? n : std::min(n, m);
  const auto k = static_cast<double>(found.size());
  double most = 0;
  for (const Distances& one : found) {
    out.distance = std::max(out.distance, one.test);
    most = std::max(most, one.bound);
  }
  // The gap at one point is a proportion less another: its deviation is at most 1/2 a sample.
  const double quantile = boost::math::quantile(boost::math::normal(), setting.power);
  const double deviation = quantile / (2 * std::sqrt(static_cast<double>(out.rows)));
  if (exact) {
    out.p = std::min(1.0, k * one_sample_p(out.distance, n));
    out.variation = most - band(n, setting.miss / k);
    out.floor = one_sample_threshold(setting.miss / k, n) + deviation;
  } else {
    out.p = std::min(1.0, k * two_sample_p(out.distance, out.rows));
    out.variation = most - band(n, setting.miss / (2 * k)) - band(m, setting.miss / (2 * k));
    out.floor = two_sample_threshold(setting.miss / k, out.rows) + std::sqrt(2.0) * deviation;
  }
  // The bound is of other numbers than p where the distribution function is not known: it must not
  // say what the test does not.
  out.variation = p_rejects(out.p, setting.miss) ? std::max(0.0, out.variation) : 0;
  return out;
}

std::vector<std::vector<double>> directions(std::size_t dim, std::uint64_t seed) {
  std::vector<std::vector<double>> out;
  for (std::size_t i = 0; i < dim && dim <= kMostAxes; ++i) {
    out.emplace_back(dim);
    out.back()[i] = 1;
  }
  if (dim == 1) return out;
  constexpr std::size_t groups = kRandom / kLanes;
  std::vector<Lanes> normals(groups * dim);
  random_normals({.seed = seed,
                  .stream = static_cast<std::uint64_t>(JudgeStream::direction),
                  .step = static_cast<std::uint64_t>(JudgeDraw::direction)},
                 0, groups, dim, normals.data());
  for (std::size_t k = 0; k < kRandom; ++k) {
    std::vector<double> u(dim);
    for (std::size_t i = 0; i < dim; ++i) u[i] = normals[k / kLanes * dim + i][k % kLanes];
    const double length = std::sqrt(dot(u.data(), u.data(), dim));
    for (double& one : u) one /= length;
    out.push_back(std::move(u));
  }
  return out;
}

std::vector<double> along(const PointTable& points, const std::vector<double>& u) {
  std::vector<double> out(points.rows);
  for (std::size_t r = 0; r < points.rows; ++r) {
    out[r] = dot(&points.values[r * points.columns], u.data(), points.columns);
  }
  return out;
}

std::vector<double> radii(const PointTable& points) {
  std::vector<double> out(points.rows);
  for (std::size_t r = 0; r < points.rows; ++r) {
    const double* x = &points.values[r * points.columns];
    out[r] = std::sqrt(dot(x, x, points.columns));
  }
  return out;
}

}  // namespace

LineTest radius_test(const ReferenceLaw& law, const PointTable& samples,
                     const PointTable& reference, const LineSetting& setting) {
  const std::optional<DistributionFunction> known = law.radius();
  const Distances found = known ? one_sample(radii(samples), *known, law.distribution_error())
                                : two_samples(radii(samples), radii(reference));
  return conclude({found}, known.has_value(), samples.rows, reference.rows, setting);
}

LineTest projection_test(const ReferenceLaw& law, const PointTable& samples,
                         const PointTable& reference, const LineSetting& setting) {
  const auto all = directions(samples.columns, setting.seed);
  const bool exact = law.projection(all.front().data()).has_value();
  const auto found = parallel_map(all.size(), setting.threads, [&](std::size_t k) {
    const std::vector<double> own = along(samples, all[k]);
    if (!exact) return two_samples(own, along(reference, all[k]));
    return one_sample(own, *law.projection(all[k].data()), law.distribution_error());
  });
  return conclude(found, exact, samples.rows, reference.rows, setting);
}

}  // namespace lemmabench
