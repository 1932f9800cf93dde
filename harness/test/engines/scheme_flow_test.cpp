// Deterministic schemes on the line: the two ways to their total variation, and maps that fold.
#include "harness/engines/scheme/scheme_flow.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cases/target.hpp"
#include "cases/test/schemes/example_schemes.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/scheme/scheme_folds.hpp"
#include "harness/engines/scheme/scheme_line.hpp"

using namespace lemmabench;
using namespace lemmabench::example;

namespace {

CoordinateLaw target() {
  return std::get<CoordinateLaw>(
      make_target("mixture:weights=0.5/0.3/0.2,means=-1.5/0.4/1.8,variances=0.09/0.16/0.04", "test")
          .law);
}

struct Flow {
  explicit Flow(const Scheme& scheme)
      : clean(line_mixture(target())),
        start(noisy_mixture(clean, scheme.levels.front())),
        truth(noisy_mixture(clean, scheme.levels.back())),
        map(composed_map(scheme, clean)) {}

  FlowLaw law(const LineSettings& settings) const { return flow_law(map, start, truth, settings); }
  double folded(const LineSettings& settings) const {
    return fold_total_variation(map, MixtureStart(start), truth, flow_domain(map, start, truth),
                                settings)
        .value;
  }

  LineMixture<double> clean;
  LineMixture<double> start;
  LineMixture<double> truth;
  SchemeMap map;
};

TEST_CASE("the model's answer and its derivative are those of the mixture") {
  const LineMixture<double> clean = line_mixture(target());
  for (const double sigma : {0.05, 0.5, 5.0}) {
    const LineDenoiser denoise(clean, sigma);
    const LineMixture<double> noisy = noisy_mixture(clean, sigma);
    for (double y = -4; y <= 4; y += 0.37) {
      double value = 0;
      double slope = 0;
      denoise(&y, 1, &value, &slope);
      // Tweedie: D = y + sigma^2 s, D' = 1 + sigma^2 s'; these cancel by 1/sigma^2 at most.
      const double noise = sigma * sigma;
      CHECK(std::abs(value - (y + noise * noisy.score(y))) < 1e-13 * (1 + noise));
      CHECK(std::abs(slope - (1 + noise * noisy.score_derivative(y))) < 2e-13 * (1 + noise));
    }
  }
}

TEST_CASE("the derivative of a composed map is the limit of its differences") {
  const Flow flow(heun(log_levels(6)));
  for (double x = -30; x <= 30; x += 3.1) {
    // Central differences: h^2 m'''/6 with h = 1e-4 against rounding 1e-16/h.
    const double points[] = {x - 1e-4, x, x + 1e-4};
    double values[3];
    double slopes[3];
    flow.map.evaluate(points, 3, values, slopes);
    CHECK(std::abs((values[2] - values[0]) / 2e-4 - slopes[1]) < 1e-7 * (1 + std::abs(slopes[1])));
  }
}

TEST_CASE("densities pulled back and distribution functions of branches agree") {
  for (const Scheme& scheme : {euler(log_levels(8)), heun(log_levels(8)), euler(log_levels(40))}) {
    const Flow flow(scheme);
    const FlowLaw fine = flow.law(fine_line_settings(0));
    const FlowLaw coarse = flow.law(coarse_line_settings(0));
    CHECK(fine.density == FlowDensity::resolved);
    CHECK(fine.mass_defect < 1e-14);
    CHECK(std::abs(fine.distances.tv.value - coarse.distances.tv.value) < 1e-14);
    CHECK(std::abs(fine.distances.tv.value - flow.folded(fine_line_settings(0))) < 1e-14);
    CHECK(std::abs(fine.distances.tv.value - flow.folded(coarse_line_settings(0))) < 1e-14);
  }
}

/// TV of both laws put into bins, which is below TV by at most the mass of p in the few bins where
/// q - p changes its sign, a pole of q among them: the start's mass between neighbouring points
/// goes evenly between their images.
double binned(const Flow& flow, double low, double high) {
  constexpr std::size_t kBins = 400000;
  constexpr std::size_t kPoints = 400000;
  const double width = (high - low) / kBins;
  std::vector<double> points(kPoints + 1);
  for (std::size_t i = 0; i <= kPoints; ++i) {
    points[i] = -20 + 40.0 * static_cast<double>(i) / kPoints;
  }
  std::vector<double> images(points.size());
  flow.map.evaluate(points.data(), points.size(), images.data(), nullptr);
  std::vector<double> excess(kBins, 0);
  for (std::size_t j = 0; j < kBins; ++j) {
    const double left = low + static_cast<double>(j) * width;
    excess[j] = flow.truth.cdf(left) - flow.truth.cdf(left + width);
  }
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double a = (std::min(images[i], images[i + 1]) - low) / width;
    const double b = (std::max(images[i], images[i + 1]) - low) / width;
    const double mass = flow.start.cdf(points[i + 1]) - flow.start.cdf(points[i]);
    for (double j = std::max(std::floor(a), 0.0); j < std::min(b, 1.0 * kBins); ++j) {
      const double share = (std::min(b, j + 1) - std::max(a, j)) / (b - a);
      excess[static_cast<std::size_t>(j)] += mass * share;
    }
  }
  double sum = 0;
  for (const double value : excess) {
    sum += std::abs(value);
  }
  return sum / 2;
}

TEST_CASE("a map that folds has the total variation of its branches") {
  // m' = c + (a - c) D' turns where the posterior variance, and with it D', is large or small.
  struct Entry {
    double y;
    double answer;
  };
  for (const Entry& entry : {Entry{-0.5, 1.8}, Entry{0.3, -0.9}, Entry{-0.15, 0.9}}) {
    Scheme scheme;
    scheme.levels = {1.5, 1};
    scheme.rows = {{x(1)}, {y(0, entry.y), D(0, entry.answer)}};
    const Flow flow(scheme);
    const FlowLaw law = flow.law(fine_line_settings(0));
    CHECK(law.density == FlowDensity::folded);
    const double tv = law.distances.tv.value;
    CHECK(std::abs(tv - flow.folded(coarse_line_settings(0))) < 1e-12);
    const double below = tv - binned(flow, -10, 10);
    CHECK(below > -1e-9);
    CHECK(below < 4e-5);  // 5e-5 wide, p < 0.4
  }
}

TEST_CASE("of a map that folds KL and Hellinger are unknown, and the reason is said") {
  Scheme scheme;
  scheme.levels = {1.5, 1};
  scheme.rows = {{x(1)}, {y(0, -0.5), D(0, 1.8)}};
  LawRequest request;
  const LawResult law = scheme_line_law(scheme, target(), request, LawOptions{});
  CHECK(law.tv.finite());
  CHECK(law.tv.error() < 1e-11);
  CHECK(law.kl_pq.extent() == Extent::unknown);
  CHECK(law.hellinger.extent() == Extent::unknown);
  CHECK(law.kl_qp.reason().find("folds") != std::string::npos);
  CHECK(!law.parts.initialisation);
  CHECK(law.parts.discretisation->finite());
}

}  // namespace
