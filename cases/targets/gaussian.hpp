#pragma once

#include <string>
#include <vector>

#include "cases/spec.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

/// N(mean, diag(spectrum)) in R^d, as blocks of coordinates with the same variance and mean. Any
/// Gaussian is one of these in its eigenbasis. Cost of every law is independent of multiplicities.
///
/// Inline: `gaussian:dim=5,variance=0.3[,mean=1]`, or `gaussian:spectrum=0.25x2+4x2[,mean=0/1]`
/// with one mean a block (or one for all).
struct GaussianTarget {
  struct Block {
    Rational variance;
    Rational mean;
    long multiplicity = 1;
  };
  std::vector<Block> blocks;

  long dim() const;
  /// True when every mean is 0.
  bool centred() const;
  std::string text() const;
};

inline constexpr long kMaxDim = 1'000'000'000;

/// Reads a gaussian spec. Throws InputError: no spectrum, variance <= 0, dimension 0 or above
/// kMaxDim, a number of means that fits neither one nor the blocks.
GaussianTarget make_gaussian(Spec& spec);

}  // namespace lemmabench
