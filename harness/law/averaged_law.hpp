#pragma once

#include <string>
#include <vector>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The law of a sampler with random times: the mean over the laws given one draw of the times each
/// (`draws` are their samplers' texts, at least two; Sampler::draws), every number sampled, with
/// Student's interval at 99 % plus the draws' own errors.
///
/// The law with the times averaged out is a mixture of these, so that by convexity its TV and its
/// two KL from p are at most what is printed; the mean of KL(p||q) is that of the pair (times,
/// Y_1). Draws are shared among threads; same bytes on any number of them. Throws what compute_law
/// throws.
LawResult averaged_law(const LawRequest& request, const std::vector<std::string>& draws,
                       const LawOptions& options);

}  // namespace lemmabench
