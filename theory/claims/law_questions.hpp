#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "theory/claims/claim.hpp"

/// What claims that ask for output laws share: hypotheses on the target, the questions put to the
/// laboratory and the reading of its answers.
namespace lemmabench {

/// "a finite mixture of Gaussians with independent coordinates": what the engines compute.
Hypothesis mixture_target();
/// The same, or a finite scale mixture: the engines compute its law too.
Hypothesis law_target();
/// "a Gaussian in R^d or a mixture on the line": the engine of other products takes the exact
/// score.
Hypothesis estimated_score_target();
/// "one Gaussian".
Hypothesis gaussian_target();

/// What the records say of the two forms of the accelerated sampler.
inline constexpr std::string_view kReconstruction =
    "li-cai and li-cai-momentum are reconstructions: the update printed in LC (2410.23285) could "
    "not be read";

/// The law of `sampler` with T steps on a target, default schedule li-cai:c0=2,c1=9.
LawRequest law_request(std::string target, std::string sampler, long steps);

/// A part of the error of a law. Throws EngineRefusal when the engine does not have it.
const Quantity& known_part(const LawResult& law, std::optional<Quantity> LawParts::*which);

/// The part with that name; throws std::logic_error if there is none.
std::optional<Quantity> LawParts::*part_named(std::string_view name);

/// The target text of `copies` independent copies: all multiplicities times `copies`. At most nine
/// kinds of coordinates where one is no Gaussian.
std::string copies_of(const ProductLaw& law, long copies);

/// f(q) for a function on balls that maps intervals to enclosures: keeps the evidence.
template <class F>
Quantity image_of(const Quantity& q, F f) {
  if (!q.finite()) {
    return Quantity::unknown(q.evidence(), q.reason());
  }
  Ball image = f(q.interval());
  switch (q.evidence()) {
    case Evidence::proved:
      return Proved{std::move(image)};
    case Evidence::computed:
      return Computed{image.midpoint(), image.radius()};
    case Evidence::sampled:
      break;
  }
  return Sampled{image.to_double(), image.radius().to_double(), q.confidence()};
}

/// The words of a parameter such as "ddpm li-cai".
std::vector<std::string> words(const std::string& text);

}  // namespace lemmabench
