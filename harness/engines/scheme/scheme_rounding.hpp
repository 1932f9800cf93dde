#pragma once

#include "cases/schemes/scheme_chain.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// The scheme for the other run (common/two_runs.hpp): every coefficient but those that are 1 is
/// off by one or two units of rounding, by either sign.
Scheme rounded_anew(const Scheme& scheme);
SchemeChain rounded_anew(const SchemeChain& chain);

/// What the coefficients that were taken for rounding may change of a total variation: each shifts
/// a row by its size times the spread of what it belongs to, and a shift of d under a noise of c is
/// a TV of at most d/(c sqrt(2 pi)), c the row's noise, the next one, or after the last one the
/// narrowest deviation of the truth.
double dropped_variation(const SchemeChain& chain, const LineMixture<double>& clean,
                         const LineMixture<double>& start, const LineMixture<double>& truth);

}  // namespace lemmabench
