#include "harness/engines/scheme/chain_maps.hpp"

#include <fmt/format.h>

#include "numerics/error.hpp"

namespace lemmabench {

ChainMaps::ChainMaps(const Scheme& scheme, const SchemeChain& chain,
                     const LineMixture<double>& clean)
    : maps_(chain.states()) {
  for (std::size_t k = 0; k <= scheme.calls(); ++k) {
    add_row(scheme, chain, k, clean);
  }
}

void ChainMaps::add_row(const Scheme& scheme, const SchemeChain& chain, std::size_t k,
                        const LineMixture<double>& clean) {
  const ChainRow& row = chain.rows[k];
  const bool call = k < scheme.calls();
  std::map<std::size_t, MapLine> lines;  // by state
  for (const ChainTerm& term : row.states) {
    lines[term.index].start += term.coefficient;
  }
  for (const ChainTerm& term : row.outputs) {
    lines[home_[term.index]].outputs.push_back({line_[term.index], term.coefficient});
  }
  depends_.emplace_back();
  if (row.noise > 0 || !call) {
    for (auto& [state, line] : lines) {
      depends_[k].push_back(state);
      parts_[{k, state}] = maps_[state].add_result(std::move(line));
    }
  }
  if (!call) {
    return;
  }
  const std::size_t now = chain.state_of_row[k];
  MapLine input{.start = 1, .lines = {}, .outputs = {}};
  home_.push_back(now);
  if (!(row.noise > 0)) {
    if (lines.size() > 1) {
      throw EngineRefusal(fmt::format(
          "the input of model call {} depends on {} states that have noise of their own, and the "
          "law on the line follows calls that depend on one; on a Gaussian target `lemmabench law` "
          "has it, and samples of it on any are `lemmabench particles`",
          k, lines.size()));
    }
    home_.back() = lines.empty() ? now : lines.begin()->first;
    input = lines.empty() ? MapLine{} : std::move(lines.begin()->second);
  }
  line_.push_back(
      maps_[home_.back()].add_call(std::move(input), LineDenoiser(clean, scheme.levels[k])));
}

std::size_t ChainMaps::last_state(const SchemeChain& chain) const {
  const ChainRow& output = chain.rows.back();
  if (output.noise > 0) {
    return chain.states() - 1;
  }
  return depends_.back().empty() ? 0 : depends_.back().back();
}

std::vector<double> ChainMaps::values(std::size_t row, std::size_t state,
                                      const std::vector<double>& points) const {
  const SchemeMap& map = maps_[state];
  std::vector<double> all(map.results() * points.size());
  map.evaluate(points.data(), points.size(), all.data(), nullptr);
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(part(row, state) * points.size());
  return {first, first + static_cast<std::ptrdiff_t>(points.size())};
}

}  // namespace lemmabench
