#include "harness/engines/scheme/scheme_law.hpp"

#include <variant>

#include "harness/engines/common/informative.hpp"
#include "harness/engines/scheme/scheme_gaussian.hpp"
#include "harness/engines/scheme/scheme_line.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

LawResult compute_scheme_law(const Scheme& scheme, const Target& target, const LawRequest& request,
                             const LawOptions& options) {
  if (request.score != "exact") {
    throw EngineRefusal("--score " + request.score +
                        ": a scheme is run with the exact model; leave --score out");
  }
  if (options.local_errors) {
    throw EngineRefusal(
        "--local: a scheme has no local errors: a row of it alone does not lead from one "
        "level to the next");
  }
  if (const auto* gaussian = std::get_if<GaussianLaw>(&target.law)) {
    return informative(scheme_gaussian_law(scheme, *gaussian, request, options));
  }
  if (const auto* mixture = std::get_if<CoordinateLaw>(&target.law)) {
    return informative(scheme_line_law(scheme, *mixture, request, options));
  }
  throw EngineRefusal("--target " + target.label() +
                      ": the exact law of a scheme takes gaussian targets in any dimension and "
                      "mixtures on the line; `lemmabench particles` samples it on any target");
}

}  // namespace lemmabench
