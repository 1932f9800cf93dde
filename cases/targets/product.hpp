#pragma once

#include <string_view>

#include "cases/spec.hpp"
#include "cases/targets/gaussian.hpp"
#include "cases/targets/mixture.hpp"
#include "cases/targets/read_law.hpp"

namespace lemmabench {

/// Whether a spec of this name is read by make_product.
bool is_product(std::string_view name);

/// Reads independent coordinates: `copies` of each one-dimensional mixture, and a Gaussian of
/// diagonal covariance.
///
/// Inline: `product:weights=1/2;1/2,means=-1/1,variances=0.1/0.1,copies=8,spectrum=0.5x10`. A
/// second factor has the keys weights2, means2, variances2 and copies2, a third weights3 ..., up to
/// 9; `spectrum` and `mean` are those of `gaussian` and may be left out. Two kinds are products:
///  * `hypercube:dim=64,separation=1,variance=0.1`: (+-1, ..., +-1) + N(0, 0.1 I), all signs alike;
///  * `two-point:dim=64,separation=2,variance=0.25[,along=V]`: +-mu + N(0, 0.25 I), |mu| = 2, in
///    the basis whose first axis is mu/|mu|; `along` is another variance on that axis.
///
/// Throws InputError: what mixture and gaussian refuse, copies below 1, separation < 0, more than
/// kMaxDim dimensions.
ReadLaw<ProductLaw> make_product(Spec& spec);

}  // namespace lemmabench
