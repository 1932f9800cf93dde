#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cases/points/point_file.hpp"
#include "numerics/lanes.hpp"

/// Particles run in blocks that stay in the first-level cache, several blocks a task of a thread.
namespace lemmabench {

/// Blocks of a task, which share what a marginal costs.
inline constexpr std::size_t kBlocksPerTask = 16;

/// Groups of eight particles in a block.
std::size_t block_groups(std::size_t dim);

/// Lane l of group g is row first + 8 g + l of `out`, or of a permutation of its rows if `order` is
/// not empty; those from `end` on are not written.
void write_rows(const std::vector<Lanes>& points, std::size_t dim,
                const std::vector<std::size_t>& order, std::size_t first, std::size_t end,
                PointTable& out);

/// Throws NumericalFailure that names the sampler unless all are finite.
void require_finite(const std::vector<double>& values, const std::string& sampler);

}  // namespace lemmabench
