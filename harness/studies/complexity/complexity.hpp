#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/records/store.hpp"
#include "harness/studies/complexity/plan.hpp"
#include "numerics/least_steps.hpp"

namespace lemmabench {

/// T*(eps) and the error against T of one sampler on one member of a family.
struct AtlasCurve {
  std::size_t family = 0;  ///< index into AtlasPlan::families
  std::size_t member = 0;
  std::string sampler;
  long dim = 0;           ///< of the target
  Complexity complexity;  ///< the least steps, and every T that was evaluated
  std::string failure;    ///< why the search ended early; its points are kept, `least` is empty
};

/// The measured atlas: for every family, member and sampler of the plan one curve, in that order.
struct Atlas {
  AtlasPlan plan;
  std::vector<AtlasCurve> curves;
  std::size_t computed = 0;  ///< laws that this run computed
  std::size_t resumed = 0;   ///< laws that were in the store
};

/// Computes one law or certificate, on one thread.
using AtlasLaw = std::function<LawResult(const LawRequest&)>;

/// Computes laws without their decomposition, under `guard`.
AtlasLaw atlas_laws(const std::optional<ChildLimits>& guard = std::nullopt);

/// The number a curve is about: TV, or of a certificate its bound ("tv_bound").
Quantity atlas_error(const LawResult& law);

/// Searches T*(eps) for every curve, `jobs` curves at a time. Every law is put into the store as
/// soon as it is known, in the JSON that is read back before it is used: a search that was killed
/// goes on where it was and takes the same decisions, so that the finished store has the same bytes
/// however often it was interrupted and on any number of jobs. A law that fails (InputError,
/// NumericalFailure) is kept as a failure and ends its curve; it is tried again by another version.
Atlas run_atlas(const AtlasPlan& plan, Store& store, int jobs, const AtlasLaw& law);

/// The same from what is in the store, computing nothing: a curve ends where a law is missing, and
/// curves without any are left out. What `report` does with a store.
Atlas read_atlas(const AtlasPlan& plan, const std::vector<StoreCell>& cells);

}  // namespace lemmabench
