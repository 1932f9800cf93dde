#pragma once

#include <functional>
#include <span>
#include <vector>

#include "theory/gaussian/gaussian_divergences.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

/// Total variation between two laws with independent coordinates, p = prod p_i and q = prod q_i.
///
/// Let L = log q/p, the sum of the coordinates' L_i, and B(s) = int p^s q^{1-s} = prod B_i(s). On
/// the line s = 1/2 + iy it is the characteristic function of L under the measure sqrt(pq), and
///   1 - TV = int min(p, q) = int sqrt(pq) e^{-|L|/2}.
/// e^{-|l|/2} on [-P/2, P/2] is its cosine series sum_k a_k cos(y_k l), y_k = 2 pi k/P, with
///   a_k = (2/P) (1 - (-1)^k e^{-P/4})/(1/4 + y_k^2), half of that for k = 0   [D],
/// so that, the a_k being positive with sum 1,
///   TV = sum_k a_k (1 - Re B(1/2 + i y_k)),
/// up to the mass where |L| > P/2. A sum of positive terms: the accuracy is relative, however close
/// the laws are. (With 1/(1/4+y^2) instead of the a_k and an integral for the sum this is the
/// formula of gaussian_total_variation.hpp; the inversion of Gil-Pelaez decays by one power of y
/// less.)
namespace lemmabench {

/// A pair of laws on the line as a quadrature: E_p f(u) ~ sum_j mass_j f(u_j), u = (1/2) log q/p.
/// Both laws have mass 1 in it, sum_j mass_j = sum_j mass_j e^{2 u_j} = 1.
struct RatioNodes {
  std::vector<double> mass;
  std::vector<double> half_log_ratio;
};

/// `copies` coordinates with the same pair of laws.
struct ProductFactor {
  long copies = 1;
  /// Nodes that resolve e^{i y log q/p} for |y| up to the argument.
  std::function<RatioNodes(double)> nodes;
};

/// TV between products of `factors` and Gaussian `blocks` (either may be empty).
///
/// |B| falls only by sqrt(y) a coordinate when L_i has extrema. Those singularities of the density
/// of L lie away from L = 0, where the kink of e^{-|L|/2} is; Re B is therefore damped by the
/// filter e^{-36 (k/K)^8}, which leaves the sum unchanged but for what a smooth kink would see, and
/// K is doubled until the result stands. The error is that last change, the change under doubling
/// P, and rounding: relative 1e-9 for two coordinates and 1e-12 from three on. It grows where few
/// coordinates put an extremum of L at 0. Cost: up to 3 x 10^6 sines a sum, three sums or more;
/// 0.03 to 0.5 s. Independent of copies. Laws with int sqrt(pq) < 1e-14 are known to be apart by
/// that alone: 1 - TV lies between 0 and it.
///
/// Throws NumericalFailure where a pair of laws does not have mass 1 in its nodes.
Estimate<double> product_total_variation(std::span<const ProductFactor> factors,
                                         RelativeBlocks<double> blocks);

}  // namespace lemmabench
