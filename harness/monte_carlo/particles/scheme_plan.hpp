#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "cases/schemes/scheme.hpp"

namespace lemmabench {

/// In which order the vectors of a scheme's run are made, and where they are kept until no later
/// row asks for them.
struct SchemePlan {
  /// In the place of a slot, for a vector that is not kept.
  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

  struct Term {
    std::size_t slot = 0;
    double coefficient = 0;
  };
  struct Draw {
    std::size_t index = 0;  ///< m of z_m
    std::size_t slot = 0;
  };
  struct Row {
    std::vector<Draw> made;   ///< draws that this row is the first to ask for
    std::vector<Term> terms;  ///< of the row, in the file's order; fresh draws of the last row last
    std::size_t fresh = 0;    ///< how many of the terms, from the end, are such draws
    std::size_t slot = 0;     ///< of y_k; never nowhere
    std::size_t output = kNowhere;  ///< of D_k, if any later row asks for it
  };

  std::vector<Row> rows;         ///< K+1
  std::size_t start = kNowhere;  ///< slot of x_T
  std::size_t slots = 0;
  double last_sd = 0;  ///< of what the fresh draws of the last row add
};

/// O(terms) time and memory.
SchemePlan plan_scheme(const Scheme& scheme);

}  // namespace lemmabench
