#include "harness/engines/scheme/scheme_markov.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/engines/line/line_numbers.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// How many model calls a part of this state may be made of: what is rounded anew.
long calls_of(const SchemeMap& map) { return std::max(1L, static_cast<long>(map.calls())); }

/// Values of a row's only part; 0 if it depends on nothing but its noise.
std::vector<double> row_values(const ChainMaps& maps, std::size_t row,
                               const std::vector<double>& points) {
  const std::vector<std::size_t>& depends = maps.depends(row);
  return depends.empty() ? std::vector<double>(points.size(), 0)
                         : maps.values(row, depends.front(), points);
}

}  // namespace

DyadicLine line_of_start(const LineMixture<double>& start) {
  double reach = 12;
  for (const auto& [weight, mean, variance] : start.components()) {
    reach = std::max(reach, std::abs(mean) + 12 * std::sqrt(variance));
  }
  return DyadicLine::covering(2 * reach);
}

DyadicLine line_after(const PanelFunction<double>& law, const std::vector<double>& mean, double sd,
                      const DyadicLine& line, double tolerance) {
  constexpr double kFarthest = 1e60;  // squares and their exponentials are still numbers
  double farthest = 0;
  for (std::size_t i = 0; i < law.panels(); ++i) {
    if (!(law.magnitude(i) * law.width(i) > 0.1 * tolerance)) {
      continue;
    }
    for (std::size_t k = i * law.order(); k < (i + 1) * law.order(); ++k) {
      // Once it is no number it stays so: a comparison with one is false.
      farthest =
          std::isnan(farthest) || std::abs(mean[k]) <= farthest ? farthest : std::abs(mean[k]);
    }
  }
  farthest += 8.5 * sd;
  if (!(farthest < kFarthest)) {
    throw EngineRefusal(
        "the scheme throws mass out beyond 1e60: it diverges, and what it gives has nothing in "
        "common with the target; check the signs and coefficients of its rows");
  }
  return 1.1 * farthest <= line.half_width() ? line : DyadicLine::covering(2 * farthest);
}

PanelFunction<double> carried(
    PanelFunction<double> law,
    const std::function<std::vector<double>(const std::vector<double>&)>& map, double sd,
    long composed, const DyadicLine& line, LinePropagator<double>& propagator, WorkBudget& budget) {
  const double weight[] = {1};
  budget.begin_step();
  while (true) {
    const Batch<double> mean{.values = map(law.nodes()), .copies = 1};
    budget.spend(static_cast<double>(composed) * static_cast<double>(mean.values.size()));
    const DyadicLine target =
        line_after(law, mean.values, sd, line, propagator.settings().tolerance);
    KernelOutcome<double> outcome =
        propagator.apply(law, {.mean = &mean,
                               .copy_weights = weight,
                               .sd = sd > 0 ? std::optional(sd) : std::nullopt,
                               .line = target,
                               .composed = composed,
                               .budget = &budget});
    if (outcome.law) {
      return std::move(*outcome.law);
    }
    law = law.halved(outcome.halve);
  }
}

PanelFunction<double> markov_density(const SchemeChain& chain, const ChainMaps& maps,
                                     const LineMixture<double>& start,
                                     LinePropagator<double>& propagator) {
  const DyadicLine line = line_of_start(start);
  WorkBudget budget("line");
  PanelFunction<double> law = mixture_panels(start, line, propagator);
  const auto step = [&](std::size_t row, std::size_t state, double sd) {
    law = carried(
        std::move(law),
        [&](const std::vector<double>& points) { return row_values(maps, row, points); }, sd,
        calls_of(maps.of_state(state)), line, propagator, budget);
  };
  for (std::size_t state = 1; state <= maps.last_state(chain); ++state) {
    const std::size_t row = chain.state_rows[state];
    step(row, state - 1, chain.rows[row].noise);
  }
  return law;
}

}  // namespace lemmabench
