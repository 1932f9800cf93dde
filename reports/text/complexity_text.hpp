#pragma once

#include <string>

#include "harness/studies/complexity/complexity_exponents.hpp"

namespace lemmabench {

/// The same as a person reads it: T* as one table a family, then the exponents. Ends with a line
/// that counts verdicts.
std::string atlas_text(const Atlas& atlas);

/// "64", ">16384" (above the cap), "<= 64" (a T that suffices), "63..64" (a bracket), "-"
/// (unknown).
std::string least_text(const AtlasCurve& curve, std::size_t eps, bool bounded, long cap);

}  // namespace lemmabench
