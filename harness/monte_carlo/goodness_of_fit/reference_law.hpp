#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cases/points/point_file.hpp"
#include "harness/monte_carlo/goodness_of_fit/radius_law.hpp"
#include "harness/monte_carlo/goodness_of_fit/shuffle.hpp"

namespace lemmabench {

/// What samples are held against: rows of it, and what is known of it besides. For use by several
/// threads at once.
class ReferenceLaw {
 public:
  ReferenceLaw() = default;
  ReferenceLaw(const ReferenceLaw&) = delete;
  ReferenceLaw& operator=(const ReferenceLaw&) = delete;
  virtual ~ReferenceLaw() = default;

  virtual std::size_t dim() const = 0;
  /// What its rows are, for people: "exact draws", "particles of ddpm", "rows of b.npy".
  virtual std::string rows_are() const = 0;

  /// The rows there are, of a file; none where independent ones are made as they are asked for.
  virtual std::optional<std::size_t> own_rows() const { return std::nullopt; }
  /// Independent rows of the law. Those of two purposes are independent, but for a file's, which
  /// has its own rows only: all of them, or for another purpose than JudgeDraw::reference so many
  /// of them chosen at random. Same bytes on any number of threads.
  virtual PointTable draw(std::size_t rows, JudgeDraw purpose, std::uint64_t seed,
                          int threads) const = 0;

  /// P(u.X <= x), u a vector of dim() numbers; none where it is not known.
  virtual std::optional<DistributionFunction> projection(const double*) const {
    return std::nullopt;
  }
  /// P(|X| <= r); none where it is not known.
  virtual std::optional<DistributionFunction> radius() const { return std::nullopt; }
  /// No distribution function above is off by more than this, as far as is known.
  virtual double distribution_error() const { return 0; }

  /// A function of the points that a classifier may look at beside their coordinates, a number a
  /// row: log of the density that the rows were to have, or of one near it; empty if there is none.
  virtual std::vector<double> log_density(const PointTable&, int) const { return {}; }
};

}  // namespace lemmabench
