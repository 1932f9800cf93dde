#include "cases/schemes/scheme_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace lemmabench {
namespace {

/// Two levels that were computed in two ways are the same up to rounding.
constexpr double kSameLevel = 1e-12;

void count_columns(const Scheme& scheme, SchemeFacts& facts) {
  std::vector<bool> drawn(scheme.draws, false);
  std::vector<bool> asked(scheme.calls(), false);
  for (const SchemeRow& row : scheme.rows) {
    for (const SchemeTerm& term : row) {
      if (term.source == SchemeSource::draw) {
        drawn[term.index] = true;
      } else if (term.source == SchemeSource::output) {
        asked[term.index] = true;
      }
    }
  }
  facts.unused_draws = static_cast<std::size_t>(std::count(drawn.begin(), drawn.end(), false));
  facts.unused_outputs = static_cast<std::size_t>(std::count(asked.begin(), asked.end(), false));
}

void count_calls(const SchemeChain& chain, SchemeFacts& facts) {
  std::vector<std::size_t> calls(chain.states(), 0);
  for (std::size_t k = 0; k + 1 < chain.rows.size(); ++k) {
    ++calls[chain.state_of_row[k]];
  }
  facts.most_calls = *std::max_element(calls.begin(), calls.end());
}

/// Whether a step ends in a row that has noise of its last call's state and remembers an older one.
bool ends_correlated(const SchemeChain& chain, std::size_t state) {
  const ChainRow& row = chain.rows[chain.state_rows[state]];
  return std::any_of(row.states.begin(), row.states.end(),
                     [&](const ChainTerm& term) { return term.index + 1 == state; });
}

SchemeKind kind_with_memory(const std::vector<std::vector<std::size_t>>& remembered,
                            const SchemeChain& chain, SchemeFacts& facts) {
  std::size_t stretches = 0;  // of states that remember
  for (std::size_t i = 1; i < remembered.size(); ++i) {
    facts.most_remembered = std::max(facts.most_remembered, remembered[i].size());
    stretches += !remembered[i].empty() && remembered[i - 1].empty() ? 1 : 0;
  }
  if (facts.most_remembered == 0) {
    return facts.most_calls > 1 ? SchemeKind::grouped : SchemeKind::one_noise;
  }
  if (facts.most_remembered > 1) {
    return SchemeKind::deeper_memory;
  }
  if (stretches == 1) {
    return SchemeKind::memory_of_one;
  }
  for (std::size_t i = 1; i < remembered.size(); ++i) {
    if (remembered[i].empty() && !remembered[i - 1].empty()) {
      facts.correlated = facts.correlated || ends_correlated(chain, i);
    }
  }
  return SchemeKind::noise_inside_step;
}

}  // namespace

std::string_view name(SchemeKind kind) {
  switch (kind) {
    case SchemeKind::deterministic:
      return "deterministic";
    case SchemeKind::one_noise:
      return "one noise a step";
    case SchemeKind::grouped:
      return "several calls and one noise a step";
    case SchemeKind::noise_inside_step:
      return "noise inside a step";
    case SchemeKind::memory_of_one:
      return "noise with memory of one earlier state";
    case SchemeKind::deeper_memory:
      return "noise with deeper memory";
  }
  return "";
}

std::string SchemeFacts::text() const {
  std::string out = fmt::format("{}; {} model calls, {} draws", name(kind), calls, draws);
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) {
      out += fmt::format(", {} {}", count, what);
    }
  };
  add(unused_draws, "draws unused");
  add(unused_outputs, "model outputs unused");
  add(composite_noises, "noises made of several draws");
  add(equal_levels, "equal neighbouring levels");
  add(rising_levels, "levels that rise");
  return out + (correlated ? ", a step's end shares noise with its calls" : "");
}

SchemeFacts scheme_facts(const Scheme& scheme, const SchemeChain& chain) {
  SchemeFacts facts;
  facts.calls = scheme.calls();
  facts.draws = scheme.draws;
  facts.noises = chain.states() - 1;
  facts.defect = chain.defect;
  count_columns(scheme, facts);
  count_calls(chain, facts);
  for (const ChainRow& row : chain.rows) {
    facts.composite_noises += row.fresh_draws > 1 ? 1 : 0;
  }
  for (std::size_t k = 1; k < scheme.levels.size(); ++k) {
    const bool rises = level_rises(scheme, k);
    const bool falls = scheme.levels[k - 1] - scheme.levels[k] > kSameLevel * scheme.levels[k];
    facts.equal_levels += !rises && !falls ? 1 : 0;
    facts.rising_levels += rises ? 1 : 0;
  }
  if (facts.noises > 0) {
    facts.kind = kind_with_memory(chain.remembered(), chain, facts);
  }
  return facts;
}

SchemeFacts scheme_facts(const Scheme& scheme) { return scheme_facts(scheme, make_chain(scheme)); }

}  // namespace lemmabench
