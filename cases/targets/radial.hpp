#pragma once

#include <string_view>

#include "cases/spec.hpp"
#include "cases/targets/read_law.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {

/// Largest dimension of a radial target.
inline constexpr long kMaxRadialDim = 4096;
/// Most scales of a finite scale mixture.
inline constexpr std::size_t kMaxScales = 64;

/// True for the names that make_radial reads.
bool is_radial(std::string_view name);

/// Reads a rotation-invariant law: `student-t:dim=10,nu=3`, `laplace:dim=10,variance=1`,
/// `two-scale:dim=10,weight=1/2,variances=0.1/4` (weight N(0, first I) + (1-weight) N(0, second
/// I)), `contaminated:dim=10,fraction=0.05,variance=9` ((1-fraction) N(0, I) + fraction
/// N(0, variance I)), `scale-mixture:dim=10,weights=1/2;1/4;1/4,variances=0.1/1/9` (any list),
/// `shell:dim=10,radius=1`.
///
/// Throws InputError: dim not in 1..4096, nu not in 1..1000, a variance or radius not in
/// 1e-6..1e6, a weight or fraction not between 0 and 1, weights that do not sum to exactly 1, a
/// number of variances that does not fit, more than kMaxScales scales.
ReadLaw<RadialLaw> make_radial(Spec& spec);

}  // namespace lemmabench
