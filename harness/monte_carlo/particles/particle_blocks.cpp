#include "harness/monte_carlo/particles/particle_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

// Numbers of a block, which should stay in the first-level cache.
constexpr std::size_t kBlockLanes = 512;

}  // namespace

std::size_t block_groups(std::size_t dim) {
  return std::clamp<std::size_t>(kBlockLanes / dim, 1, 64);
}

void write_rows(const std::vector<Lanes>& points, std::size_t dim,
                const std::vector<std::size_t>& order, std::size_t first, std::size_t end,
                PointTable& out) {
  for (std::size_t place = first; place < std::min(end, first + points.size() / dim * kLanes);
       ++place) {
    const std::size_t s = place - first;
    double* row = &out.values[(order.empty() ? place : order[place]) * dim];
    for (std::size_t i = 0; i < dim; ++i) {
      row[i] = points[s / kLanes * dim + i][s % kLanes];
    }
  }
}

void require_finite(const std::vector<double>& values, const std::string& sampler) {
  if (!std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); })) {
    throw NumericalFailure(fmt::format("--sampler {}: a particle is not finite", sampler));
  }
}

}  // namespace lemmabench
