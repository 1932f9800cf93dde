#include "harness/engines/scheme/scheme_density.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "cases/schemes/scheme_facts.hpp"
#include "harness/engines/line/line_numbers.hpp"
#include "harness/engines/scheme/chain_maps.hpp"
#include "harness/engines/scheme/line_denoiser.hpp"
#include "harness/engines/scheme/scheme_map.hpp"
#include "harness/engines/scheme/scheme_markov.hpp"
#include "harness/engines/scheme/scheme_pairs.hpp"
#include "harness/engines/scheme/scheme_rounding.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Of the other run, where two states are carried on grids.
constexpr double kCoarserGrid = 0.85;

/// The law of one result of a map, without noise.
PanelFunction<double> image(PanelFunction<double> law, const SchemeMap& map,
                            LinePropagator<double>& propagator) {
  const auto values = [&](const std::vector<double>& points) {
    std::vector<double> found(points.size());
    map.evaluate(points.data(), points.size(), found.data(), nullptr);
    return found;
  };
  WorkBudget budget("line");
  const DyadicLine line = law.line();
  return carried(std::move(law), values, 0, std::max(1L, static_cast<long>(map.calls())), line,
                 propagator, budget);
}

}  // namespace

SchemeDensity scheme_line_density(const Scheme& scheme, const CoordinateLaw& target, Start start,
                                  const LineSettings& settings, bool anew) {
  const LineMixture<double> clean = line_mixture(target);
  const LineMixture<double> from = start == Start::exact
                                       ? noisy_mixture(clean, scheme.levels.front())
                                       : LineMixture<double>({{1, 0, scheme.start_variance()}});
  const SchemeChain exact_chain = make_chain(scheme);
  const SchemeFacts facts = scheme_facts(scheme, exact_chain);
  const Scheme run = anew ? rounded_anew(scheme) : scheme;
  LinePropagator<double> propagator(settings);
  if (facts.kind == SchemeKind::deterministic) {
    return {image(mixture_panels(from, line_of_start(from), propagator), composed_map(run, clean),
                  propagator),
            0};
  }
  if (facts.kind == SchemeKind::deeper_memory) {
    throw EngineRefusal("the scheme adds noise and remembers more than one earlier state");
  }
  const SchemeChain chain = anew ? rounded_anew(exact_chain) : exact_chain;
  const ChainMaps maps(run, chain, clean);
  const std::size_t last_row = chain.rows.size() - 1;
  if (chain.rows.back().noise == 0 && maps.depends(last_row).size() != 1) {
    throw EngineRefusal("the scheme's output is no function of one state");
  }
  PanelFunction<double> law =
      facts.most_remembered == 0
          ? markov_density(chain, maps, from, propagator)
          : pair_density(chain, maps, from, propagator, anew ? kCoarserGrid : 1);
  if (chain.rows.back().noise == 0) {
    const std::size_t last = maps.last_state(chain);
    law = image(std::move(law), maps.of_state(last).only(maps.part(last_row, last)), propagator);
  }
  return {std::move(law),
          dropped_variation(exact_chain, clean, from, noisy_mixture(clean, scheme.levels.back()))};
}

}  // namespace lemmabench
