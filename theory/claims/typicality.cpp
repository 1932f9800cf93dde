#include "theory/claims/typicality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

/// Family T: typical sets and moments (theory.md section 6).
namespace lemmabench {

Parameter theta_parameter() {
  return {"theta", "2", "x is typical when -log p_t(x) <= theta d log T"};
}

std::vector<long> typicality_ladder(const Trial& trial) {
  std::vector<long> out;
  for (long steps = kTypicalityFrom; steps <= trial.pick(1024L, 4096L); steps *= 2) {
    out.push_back(steps);
  }
  return out;
}

long mixture_levels(const Trial& trial, long count) {
  const long each = trial.target().independent_mixtures() ? std::max(1L, count / 4) : count;
  return trial.pick(each, 4 * each);
}

Coverage typicality_coverage(const Trial& trial, long levels, const char* each) {
  const auto steps = static_cast<long>(typicality_ladder(trial).size());
  if (levels == 0) {
    return Coverage::instances(steps, std::string("values of T, every t") + each);
  }
  long count = 0;
  for (const long t : typicality_ladder(trial)) {
    count += static_cast<long>(sampled_levels(t, levels).size());
  }
  return Coverage::instances(count, std::string("levels (T, t)") + each);
}

void note_budget(const Supremum& found, Comparisons& out) {
  if (found.used_up) {
    out.budget_reached();
  }
}

std::vector<long> sampled_levels(long steps, long count) {
  const long stride = std::max(1L, steps / count);
  std::vector<long> out;
  for (long t = 1; t < steps; t += stride) {
    out.push_back(t);
  }
  out.push_back(steps);
  return out;
}

std::vector<Claim> typicality_claims() {
  std::vector<Claim> all;
  for (const auto topic : {typical_mass_claims, typical_moment_claims, typical_singular_claims,
                           typical_flow_claims, typical_local_claims}) {
    std::vector<Claim> records = topic();
    std::move(records.begin(), records.end(), std::back_inserter(all));
  }
  // In the order of the statements; a corrected twin stays behind what it corrects.
  std::stable_sort(all.begin(), all.end(),
                   [](const Claim& a, const Claim& b) { return a.id[1] < b.id[1]; });
  return all;
}

}  // namespace lemmabench
