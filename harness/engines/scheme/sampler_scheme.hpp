#pragma once

#include "cases/sampler.hpp"
#include "cases/schemes/scheme.hpp"
#include "cases/score_estimate.hpp"
#include "numerics/mp.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

/// A sampler of cases/ as a scheme: its steps combine points, scores, noises and what they remember
/// linearly, so that the walk on which x_T, every model output and every draw is a unit vector
/// reads its coefficients off.
namespace lemmabench {

/// The whole run, in the coordinates of a scheme: with x = y/sqrt(abar) and sigma^2 =
/// (1-abar)/abar,
///   s(y) = (sqrt(abar) D(x, sigma) - y)/(1-abar),
/// each call of a score is a call of the model, and x_T has variance 1/abar_T where the sampler
/// starts from N(0, 1). Coefficients are made to 40 digits and rounded to double once. From a level
/// without signal x_T is the noise itself and D_0 = E[X_0]. The first level of a scheme is that of
/// x_T: where the sampler asks for no score at level T first (edm-stochastic raises the noise
/// before it does), a call there stands before the others whose output no row uses. Cost: a few
/// vectors of K+M numbers for each of T steps.
///
/// Throws EngineRefusal for what is not linear (clip, clamp, a constant that is added), and for a
/// score at a level without noise.
Scheme scheme_of(const Sampler& sampler, const Schedule<Mp40>& schedule);

/// The law on the line of a sampler that adds noise and remembers earlier steps, by its scheme
/// (scheme_line.hpp), as harness/engines/line/line_law.hpp has it of others. Exact scores and at
/// most 15 digits. Fills everything of the result but `request`. Throws InputError and
/// EngineRefusal: what scheme_of() and scheme_line_law() refuse, memory of two states among it.
LawResult noisy_memory_line_law(const CoordinateLaw& target, const Sampler& sampler,
                                const ScoreEstimate& score, const LawRequest& request,
                                const LawOptions& options);

}  // namespace lemmabench
