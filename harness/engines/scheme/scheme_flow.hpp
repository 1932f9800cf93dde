#pragma once

#include "harness/engines/common/two_runs.hpp"
#include "harness/engines/line/line_kernel.hpp"
#include "harness/engines/scheme/scheme_map.hpp"
#include "theory/mixture/line_mixture.hpp"

/// The law of a deterministic scheme on the line: x_T ~ start carried by one map m.
///
/// Where m is monotone nothing has to be inverted: everything is an integral in x between the
/// densities q = start and r(x) = p(m(x)) |m'(x)|, the truth p pulled back. Where m folds, the
/// density of m(x_T) has poles, and TV comes from distribution functions (scheme_folds.hpp).
namespace lemmabench {

/// The interval on which a map is looked at, and how finely: one feature for each stretch on which
/// start or truth changes.
struct FlowDomain {
  double low = 0;
  double high = 0;
  std::vector<Feature> features;
};

/// Where the start has all of its mass but 1e-17, and as far beyond as the truth needs for its own
/// (36 standard deviations at most, and while m goes on rising or falling there). Throws
/// EngineRefusal if m is no finite number there.
FlowDomain flow_domain(const SchemeMap& map, const LineMixture<double>& start,
                       const LineMixture<double>& truth);

/// Whether the law of m(x_T) has a density that was used. Without one KL and Hellinger are not
/// there.
enum class FlowDensity {
  resolved,
  folded,      ///< m turns where there is mass: the density has poles
  unresolved,  ///< m stands still where there is mass, or the panels do not suffice
};

/// What one computation of a deterministic law gives.
struct FlowLaw {
  LawDistances<double> distances;
  FlowDensity density = FlowDensity::resolved;
  /// What the panels make of the masses of both laws, which are known: |int (q - r) - (0 but for
  /// the ends)|.
  double mass_defect = 0;
};

/// All four distances by panels in x if m is monotone and they suffice, else TV alone, by
/// fold_total_variation. The errors are what is left out at the ends of the domain. Throws
/// EngineRefusal as flow_domain, and for a map to one point.
FlowLaw flow_law(const SchemeMap& map, const LineMixture<double>& start,
                 const LineMixture<double>& truth, const LineSettings& settings);

}  // namespace lemmabench
