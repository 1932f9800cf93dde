// The intervals of two samples against their formulas: what is shared between coordinates, between
// the two samples and between several T must not be spent twice.
#include "harness/monte_carlo/particles/two_samples.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "harness/test/monte_carlo/particle_cases.hpp"
#include "numerics/running_moments.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;

namespace {

/// Massart's band: a sample's distribution function is off by more with probability `miss`.
double band_of(double n, double miss) { return std::sqrt(std::log(2 / miss) / (2 * n)); }

/// `rows` rows whose coordinates are 0 and 1 by turns.
PointTable coins(std::size_t rows, std::size_t columns) {
  PointTable out{rows, columns, {}};
  for (std::size_t i = 0; i < rows * columns; ++i) {
    out.values.push_back(static_cast<double>(i / columns % 2));
  }
  return out;
}

}  // namespace

TEST_CASE("two samples: the gap has a band of each, which share what may be missed") {
  std::vector<double> y(200);
  std::vector<double> x(800);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i) / 4;
  const Quantity gap = likelihood_gap(y, x, 0.95);
  CHECK_CLOSE(gap.error(), band_of(200, 0.025) + band_of(800, 0.025), Bound::relative(1e-8),
              "radii are kept to 30 bits");
  CHECK(gap.confidence() == 0.95);
}

TEST_CASE("two samples: the largest gap of d moments has the level of all d together") {
  const std::size_t dim = 4;
  const MomentGaps gaps = moment_gaps(coins(100, dim), coins(400, dim), 0.95);
  // Of 0 and 1 by turns the unbiased variance is n/(4(n-1)).
  const double error = std::sqrt(1.0 / 4 / 99 + 1.0 / 4 / 399);
  const boost::math::normal normal;
  const double quantile = boost::math::quantile(normal, 1 - 0.05 / (2 * 4));
  CHECK_CLOSE(gaps.mean.error(), quantile * error, Bound::relative(1e-8),
              "radii are kept to 30 bits");
  CHECK(gaps.mean.value() == 0);
}

TEST_CASE("two samples: several T share the level of all their intervals") {
  ParticleRequest request =
      test::request_of("gaussian:dim=8,variance=0.3", "ddpm", {5, 10}, "logit:from=-3,to=1");
  request.samples = 1000;
  request.level = 0.99;
  const double n = 1000;
  const auto error = [&] {
    return measure_particles(request, 1).results[0].likelihood_gap.error();
  };
  // Four exact samples a particle; half of what may be missed for each band.
  CHECK_CLOSE(error(), band_of(n, 0.0025) + band_of(4 * n, 0.0025), Bound::relative(1e-8),
              "radii are kept to 30 bits");
  request.steps = {5};
  CHECK_CLOSE(error(), band_of(n, 0.005) + band_of(4 * n, 0.005), Bound::relative(1e-8),
              "radii are kept to 30 bits");
}
