#include "harness/engines/radial/radial_walk.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "harness/engines/radial/radial_law.hpp"
#include "numerics/mp.hpp"

using namespace lemmabench;

namespace {

/// The law of li-cai after `count` of `steps` steps of the default schedule, from p_T.
PanelFunction<double> law_after(const char* name, int count, int steps) {
  const Target target = make_target(name, "test");
  const auto sampler = make_sampler("li-cai", "test");
  const auto score = make_score("exact", "test");
  const RadialModel model{std::get<RadialLaw>(target.law),
                          Schedule<Mp40>(make_schedule("li-cai:c0=2,c1=9", "test"), steps),
                          *sampler, *score};
  const RadialPropagator propagator(model.target.dim(), fine_radial_settings(steps, 8));
  const DyadicLine line(5);
  RadialWalk walk(model, true, propagator, line);
  const auto start = model.marginal(steps, propagator.settings().fineness);
  walk.start(radial_panels(*start, line, propagator));
  for (int t = steps; t > steps - count; --t) walk.step(t);
  return walk.law();
}

}  // namespace

// In steps so small that a density moves by less than the first node of a cell lies from its end,
// values at the nodes alone let q/p grow beyond all bounds in the tails: to 300 here.
TEST_CASE("small steps keep the tails of a radial law in proportion") {
  const PanelFunction<double> law = law_after("student-t:dim=64,nu=3", 400, 8192);
  CHECK(law.panels() < 45);
  double worst = 0;
  for (std::size_t i = 0; i < law.panels(); ++i) {
    for (std::size_t k = 0; k < law.order(); ++k) {
      if (law.values(i, 1)[k] > std::log(1e-13)) {
        worst = std::max(worst, std::abs(law.values(i, 0)[k] - 1));
      }
    }
  }
  MESSAGE(law.panels(), " panels, |q/p - 1| <= ", worst);
  CHECK(worst < 0.1);
}
