#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "numerics/lanes.hpp"

namespace lemmabench {

/// Every vector u becomes u if |u| <= radius, else radius u/|u|. Groups of eight vectors,
/// coordinate i of group g at [g dim + i].
inline void clip_vectors(std::vector<Lanes>& vectors, std::size_t dim, double radius) {
  for (std::size_t start = 0; start < vectors.size(); start += dim) {
    LaneVector square = {};
    for (std::size_t i = start; i < start + dim; ++i) {
      square += vectors[i].v * vectors[i].v;
    }
    LaneVector factor;
    for (std::size_t l = 0; l < kLanes; ++l) {
      const double norm = std::sqrt(square[l]);
      factor[l] = norm <= radius ? 1 : radius / norm;
    }
    for (std::size_t i = start; i < start + dim; ++i) {
      vectors[i].v *= factor;
    }
  }
}

/// Every coordinate to [-bound, bound]; what is no number stays none.
inline void clamp_coordinates(std::vector<Lanes>& vectors, double bound) {
  for (Lanes& x : vectors) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      x.v[l] = std::clamp(x.v[l], -bound, bound);
    }
  }
}

}  // namespace lemmabench
