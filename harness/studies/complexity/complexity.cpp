#include "harness/studies/complexity/complexity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "cases/target.hpp"
#include "harness/io/progress.hpp"
#include "harness/law/law.hpp"
#include "harness/records/request_text.hpp"
#include "harness/studies/sweep/stored_laws.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {
namespace {

/// A law that cannot be had ends the search of its curve.
struct Unavailable {
  std::string why;
};

LawResult law_or_stop(const StoreCell& cell) {
  std::optional<LawResult> law = law_of(cell);
  if (!law) throw Unavailable{cell.result};
  return std::move(*law);
}

using Lookup = std::function<LawResult(const LawRequest&)>;

/// Curves still without their search, in the order of the plan.
std::vector<AtlasCurve> empty_curves(const AtlasPlan& plan) {
  std::vector<AtlasCurve> out;
  for (std::size_t f = 0; f < plan.families.size(); ++f) {
    for (std::size_t m = 0; m < plan.families[f].members.size(); ++m) {
      for (const std::string& sampler : plan.families[f].samplers) {
        AtlasCurve curve;
        curve.family = f;
        curve.member = m;
        curve.sampler = sampler;
        out.push_back(std::move(curve));
      }
    }
  }
  return out;
}

/// The ladder up to ladder_to or the cap, for the fits.
void climb(const AtlasPlan& plan, const AtlasFamily& family, long first,
           const std::function<Quantity(long)>& tv) {
  for (long rung = 2; rung <= std::min(plan.ladder_to, family.cap); rung *= 2) {
    if (rung >= first) static_cast<void>(tv(rung));
  }
}

void search(const AtlasPlan& plan, AtlasCurve& curve, const Lookup& lookup) {
  const AtlasFamily& family = plan.families[curve.family];
  const AtlasMember& member = family.members[curve.member];
  std::map<long, Quantity> known;
  const auto tv = [&](long steps) {
    const auto found = known.find(steps);
    if (found != known.end()) return found->second;
    const LawResult law = lookup(plan.request(family, member, curve.sampler, steps));
    curve.dim = law.dim;
    return known.emplace(steps, atlas_error(law)).first->second;
  };
  const long first = std::max<long>(2, least_steps(plan.schedule));
  try {
    climb(plan, family, first, tv);
    curve.complexity = least_steps_for(
        tv, plan.eps, {.first = first, .cap = family.cap, .resolution = family.resolution});
  } catch (const Unavailable& missing) {
    curve.failure = missing.why;
  }
  curve.complexity.points.clear();
  for (const auto& [steps, value] : known) curve.complexity.points.push_back({steps, value});
}

}  // namespace

AtlasLaw atlas_laws(const std::optional<ChildLimits>& guard) {
  return [guard](const LawRequest& request) {
    LawOptions options;
    options.decomposition = false;
    options.guard = guard;
    return compute_law(request, options);
  };
}

Quantity atlas_error(const LawResult& law) { return law.parts.tv_bound.value_or(law.tv); }

Atlas run_atlas(const AtlasPlan& plan, Store& store, int jobs, const AtlasLaw& law) {
  Atlas out;
  out.plan = plan;
  out.curves = empty_curves(plan);
  StoredLaws laws(store, law);
  ProgressBar progress("curves of T*", out.curves.size());
  const Lookup lookup = [&](const LawRequest& request) { return law_or_stop(laws.cell(request)); };
  // The last members are the dearest: begin with them.
  parallel_for(out.curves.size(), jobs, [&](std::size_t i) {
    search(plan, out.curves[out.curves.size() - 1 - i], lookup);
    progress.advance();
  });
  store.finish();
  out.computed = laws.computed();
  out.resumed = laws.resumed();
  return out;
}

Atlas read_atlas(const AtlasPlan& plan, const std::vector<StoreCell>& cells) {
  std::map<std::string, const StoreCell*> known;
  for (const StoreCell& cell : cells) known.emplace(canonical_text(cell.request), &cell);
  Atlas out;
  out.plan = plan;
  const Lookup lookup = [&](const LawRequest& request) {
    const auto found = known.find(canonical_text(request));
    if (found == known.end()) {
      throw Unavailable{fmt::format("T = {} is not in the store", request.steps)};
    }
    ++out.resumed;
    return law_or_stop(*found->second);
  };
  for (AtlasCurve& curve : empty_curves(plan)) {
    search(plan, curve, lookup);
    if (!curve.complexity.points.empty()) out.curves.push_back(std::move(curve));
  }
  return out;
}

}  // namespace lemmabench
