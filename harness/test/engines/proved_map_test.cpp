#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler_schedule.hpp"
#include "cases/target.hpp"
#include "harness/engines/line_proved/chart_map.hpp"
#include "harness/engines/line_proved/map_distance.hpp"
#include "harness/records/law_json.hpp"
#include "harness/test/engines/proved_cases.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

const CoordinateLaw kThree{{{Rational(1, 2), Rational(-3, 2), Rational(9, 100)},
                            {Rational(3, 10), Rational(2, 5), Rational(4, 25)},
                            {Rational(1, 5), Rational(9, 5), Rational(1, 25)}},
                           1};

/// A sampler without noise on three modes.
struct MapCase {
  explicit MapCase(const std::string& name, int steps = 12)
      : sampler(make_sampler(name, "test")),
        schedule(schedule_for<Ball>(*sampler, make_schedule("logit:from=-4,to=4", "test"), steps,
                                    EndLevels::open)) {}

  std::unique_ptr<Sampler> sampler;
  Schedule<Ball> schedule;
  ComposedMap map{kThree, schedule, *sampler};
};

/// The Taylor polynomial at centre + s, with a remainder or without.
Ball polynomial(const ChartFunction& f, const Ball& s, bool with_rest) {
  Ball out = with_rest ? f.top : Ball(0);
  for (std::size_t k = f.terms.size(); k-- > 0;) {
    out = out * s + f.terms[k];
  }
  return out;
}

TEST_CASE("a chart's Taylor polynomial with its remainder holds the map of all steps") {
  const PrecisionScope scope(140);
  for (const char* name : {"ddim", "dpmpp-2m", "heroism-2", "edm-heun"}) {
    CAPTURE(std::string(name));
    const MapCase c(name);
    const std::vector<Chart> charts = {{-2, 0x1p-6}, {-0.25, 0x1p-7}, {0.5, 0x1p-6}, {6, 0x1p-5}};
    const std::vector<ChartFunction> psi = c.map.on_charts(charts, 5);
    bool needs_rest = false;
    for (std::size_t i = 0; i < charts.size(); ++i) {
      REQUIRE(psi[i].top.finite());
      std::vector<double> points;
      for (const double u : {-1.0, -0.4, 0.0, 0.7, 1.0}) {
        points.push_back(charts[i].centre + u * charts[i].radius);
      }
      const std::vector<Ball> at = c.map.at(points);
      for (std::size_t j = 0; j < points.size(); ++j) {
        const Ball s = Ball::exactly(points[j]) - Ball::exactly(charts[i].centre);
        REQUIRE(polynomial(psi[i], s, true).overlaps(at[j]));
        // A remainder that is left out is seen.
        needs_rest = needs_rest || !polynomial(psi[i], s, false).overlaps(at[j]);
      }
      // The mean slope is a value of the derivative.
      const Ball mean = (at.back() - at.front()) / (2 * Ball::exactly(charts[i].radius));
      CHECK(on_chart(psi[i], charts[i], 1).overlaps(mean));
    }
    CHECK(needs_rest);
  }
}

TEST_CASE("the remainder of a chart falls with its radius as its power") {
  const PrecisionScope scope(140);
  const MapCase c("ddim");
  double before = 0;
  for (const double r : {0.0625, 0.03125, 0.015625}) {
    const ChartFunction psi = c.map.on_charts({{0.5, r}}, 5).front();
    const double rest = upper_double(psi.top.magnitude_upper()) * std::pow(r, 5);
    CHECK((before == 0 || rest < before / 16));
    before = rest;
  }
}

TEST_CASE("one component, no noise: the Gaussian law's balls and the proved line law overlap") {
  for (const char* name : {"ddim", "edm-heun", "dpmpp-2m"}) {
    check_is_gaussian(name);
  }
}

TEST_CASE("three modes, no noise, both starts: the computed law lies in the proved interval") {
  check_contains({.target = "mixture-three", .sampler = "ddim", .steps = 16}, "1e-9");
  check_contains(
      {.target = "mixture-three", .sampler = "dpmpp-2m", .steps = 12, .start = Start::exact},
      "1e-9");
}

TEST_CASE("between far modes the map is too steep to be enclosed: gaps are counted") {
  const ProvedCase far{.target = "mixture:weights=0.3/0.7,means=-5/5,variances=0.01/0.02",
                       .sampler = "ddim",
                       .schedule = "logit:from=-5,to=5",
                       .steps = 12};
  check_contains(far, "1e-6");
}

TEST_CASE("another sampler's law does not lie in the interval") {
  ProvedCase c{.target = "mixture-three", .sampler = "ddim", .steps = 16, .decomposition = false};
  const LawResult proved = c.proved("1e-6");
  for (const char* other : {"mutant:base=ddim,bug=score-level,by=1", "ddim-coefficient"}) {
    CAPTURE(other);
    c.sampler = other;
    CHECK(!proved.tv.enclosure().overlaps(c.computed().tv.interval()));
  }
}

TEST_CASE("the proved law without noise has the same bytes on any number of threads") {
  const ProvedCase c{.target = "mixture-three", .sampler = "ddim", .steps = 10};
  const auto text = [&](int threads) {
    return law_json(compute_proved_line_law(c.mixture(), *make_sampler(c.sampler, "test"),
                                            *make_score("exact", "test"), c.request("1e-6"),
                                            {.threads = threads}));
  };
  CHECK(text(1) == text(2));
}

TEST_CASE("no noise: what is asked for is met, from wide to narrow, and costs little more") {
  const ProvedCase c{
      .target = "mixture-three", .sampler = "ddim", .steps = 8, .decomposition = false};
  Ball last;
  for (const char* width : {"1e-3", "1e-6", "1e-10"}) {
    const LawResult found = c.proved(width);
    CHECK(2 * found.tv.error() <= Rational::parse(width, "test").to_double());
    CHECK((last.exact() || found.tv.enclosure().overlaps(last)));
    last = found.tv.enclosure();
  }
}

TEST_CASE("charts that would be too many are refused") {
  const PrecisionScope scope(140);
  const MapCase c("ddim");
  const CoordinateLaw standard{{{Rational(1), Rational(0), Rational(1)}}, 1};
  const std::vector<BallMixture<>> starts = {BallMixture<>(standard, Ball(1), Ball(0))};
  const BallMixture<> end(kThree, c.schedule.level(1));
  CHECK_THROWS_AS(map_distances(c.map, end, starts, 1e-8, 140, 1, 90), EngineRefusal);
}

}  // namespace
}  // namespace lemmabench
