#pragma once

#include <vector>

#include "numerics/evidence.hpp"
#include "numerics/order_fit.hpp"

namespace lemmabench {

/// The limit of a sequence at node 0.
struct RichardsonLimit {
  /// Computed, never proved: the smooth expansion is a hypothesis. Its error is that of the
  /// extrapolation plus what the values' own balls contribute.
  Quantity limit;
  /// Decimal digits of `limit` that the error leaves: floor(log10(|limit|/error)), at least 0.
  long stable_digits = 0;
  /// How many of the nodes (the smallest ones) the accepted entry uses.
  int nodes_used = 0;
};

/// Limit at x = 0 of a(x) = a0 + a1 x + a2 x^2 + ... + a_{n-1} x^{n-1} + o(x^{n-1}), from its
/// values at distinct nodes x_k > 0, for instance x = log T/T for the constants of theory.md
/// section 3.
///
/// Neville's scheme for the interpolating polynomial at 0, in balls, so that the amplification of
/// the values' errors is enclosed and not guessed. Column j of the table holds the polynomials
/// through j neighbouring nodes; its last three entries move by d2, then by d1, towards the
/// smallest nodes. The last entry of the column (j = 1..n-2) with the least error estimate is
/// accepted,
///     max(|d1| max(g/(1-g), 1/4), |d2| q^{2j}) + radius of the entry's ball,
/// g = |d1/d2|, q = the ratio of the two smallest nodes. g/(1-g) is what is left of a geometric
/// approach: q^j if the expansion holds, much more if the column is stuck on a term that is no
/// power of x (x^{1/2}, T^{-c}). That such a term may take over later is why 1/4, and that d1 may
/// be small by accident why d2 comes in. (Differences along the diagonal, the usual estimate, fail
/// here: on 1 + x + x^{1/2} they claim five digits of a limit that is wrong in the second.)
///
/// Cost n^2/2 ball operations at the thread's precision (PrecisionScope). The nodes should shrink
/// by a factor; they may come in any order. Wrong tool when a has terms x^{1/2} or x log x: the
/// stable digits then stay few, which is how to tell.
/// Throws InputError for fewer than 3 nodes, unequal lengths, a node that is not certainly
/// positive, or two nodes that cannot be told apart.
/// Source: Joyce, SIAM Review 13 (1971) 435; Stoer & Bulirsch, section 2.1.2.
RichardsonLimit richardson_limit(std::vector<Ball> nodes, std::vector<Ball> values);

/// An error of a sampler with T = `steps` steps.
struct MeasuredError {
  long steps = 0;
  Quantity value;
};

/// lim value/h^order as T grows, h = log T/T or 1/T: the constant of an order, extrapolated in h.
/// For instance -c1/2 for the relative variance error of ddpm-posterior at order 1. The values'
/// errors are taken as enclosures whatever their evidence. Errors as richardson_limit.
RichardsonLimit limiting_constant(const std::vector<MeasuredError>& errors, ScalingModel model,
                                  int order);

}  // namespace lemmabench
