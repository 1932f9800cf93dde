#pragma once

#include <cstddef>
#include <vector>

#include "cases/schemes/scheme.hpp"

/// A scheme as a chain of states, each made from earlier ones by one fresh noise.
///
/// State 0 is x_T. State i > 0 is Y_i = y_k at the i-th row k that has noise of its own: a part of
/// its draws that is orthogonal to the draws of all rows before (Gram-Schmidt on the draws, so that
/// draws may be shared and split as a Brownian path is). The draws are then eliminated, the latest
/// state first, and every row reads
///   y_k = sum_i p_ki Y_i + sum_j q_kj D_j + noise_k xi_k,   xi_k independent N(0, I),
/// noise_k = 0 for a row without noise of its own. What a row depends on is thus read off, not
/// declared. Each elimination is exact but for rounding; a coefficient that is rounding against the
/// terms that made it is none.
namespace lemmabench {

struct ChainTerm {
  std::size_t index = 0;
  double coefficient = 0;
};

struct ChainRow {
  std::vector<ChainTerm> states;   ///< p, ascending
  std::vector<ChainTerm> outputs;  ///< q, ascending
  double noise = 0;                ///< above 0 if this row is a state
  std::size_t fresh_draws = 0;     ///< draws that its own noise is made of
  /// The states whose values this row's is a function of (but for its own noise), ascending:
  /// those it names and those that the inputs of its D_j depend on.
  std::vector<std::size_t> depends;
  /// Sums of the coefficients that were taken for rounding: of x_T, of the outputs, of xi.
  double dropped_start = 0;
  double dropped_outputs = 0;
  double dropped_noise = 0;
};

struct SchemeChain {
  std::vector<ChainRow> rows;             ///< K+1
  std::vector<std::size_t> state_rows;    ///< the row of each state; of state 0 it is 0
  std::vector<std::size_t> state_of_row;  ///< the latest state when row k has been made
  /// The largest coefficient that was taken for rounding, relative to the terms that made it.
  double defect = 0;

  std::size_t states() const { return state_rows.size(); }
  /// States before i that some row made after state i depends on: what a law of Y_i must remember.
  std::vector<std::vector<std::size_t>> remembered() const;
};

/// Finds the chain. A coefficient below 1e-10 of the largest term that made it, or below 1e-11 of
/// the largest of its kind in the row, is rounding (100 times scheme.rounding_floor if that is
/// more). The rows of a scheme without noise, all functions of x_T, are not written out. Throws
/// EngineRefusal as expanded(). Cost: K+M
/// products for every row and state that it depends on, K^2 look-ups.
SchemeChain make_chain(const Scheme& scheme);

}  // namespace lemmabench
