#pragma once

#include <string>

#include "cases/spec.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

inline constexpr long kMaxDim = 1'000'000'000;

/// Reads a gaussian spec: `gaussian:dim=5,variance=0.3[,mean=1]`, or
/// `gaussian:spectrum=0.25x2+4x2[,mean=0/1]` with one mean a block (or one for all). Throws
/// InputError: no spectrum, variance <= 0, dimension 0 or above kMaxDim, a number of means that
/// fits neither one nor the blocks.
GaussianLaw make_gaussian(Spec& spec);

/// The inline spec of a Gaussian law.
std::string gaussian_text(const GaussianLaw& law);

}  // namespace lemmabench
