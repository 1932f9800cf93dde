#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace lemmabench {

/// Equidistant points low + i step, 0 <= i < count: on all of the line the trapezoid rule is the
/// best there is for smooth functions that vanish at both ends.
struct UniformGrid {
  double low = 0;
  double step = 1;
  std::size_t count = 0;

  double at(std::size_t i) const { return low + static_cast<double>(i) * step; }
  std::vector<double> points() const;
};

/// A matrix whose rows are 0 but for one stretch each: the joint density of two states, which is
/// narrow where one is the other moved a little.
class Band {
 public:
  struct Row {
    std::size_t first = 0;  ///< column of values[0]
    std::size_t count = 0;
    const double* values = nullptr;
  };

  /// Appends a row.
  void append(std::size_t first, const double* values, std::size_t count);

  std::size_t rows() const { return firsts_.size(); }
  std::size_t entries() const { return values_.size(); }
  Row row(std::size_t i) const {
    return {firsts_[i], offsets_[i + 1] - offsets_[i], values_.data() + offsets_[i]};
  }
  /// Columns as rows, `columns` of them. O(entries + columns).
  Band transposed(std::size_t columns) const;

 private:
  std::vector<std::size_t> firsts_;
  std::vector<std::size_t> offsets_{0};
  std::vector<double> values_;
};

/// Adds Gaussians to values on a uniform grid. Neighbouring points differ by a factor that changes
/// geometrically, so that a Gaussian costs two exponentials and two products a point (Greengard &
/// Lee, "Accelerating the nonuniform fast Fourier transform", SIAM Review 46 (2004), section 3.1).
class GaussianSpreader {
 public:
  /// Deviation sd, cut `reach` deviations from the mean.
  GaussianSpreader(const UniformGrid& grid, double sd, double reach);

  /// The first and the last but one index that a Gaussian with this mean may reach; the latter may
  /// lie beyond the grid, the former before it.
  long first(double mean) const { return centre(mean) - half_; }
  long last(double mean) const { return centre(mean) + half_ + 1; }
  /// out[j - offset] += weight N(x_j; mean, sd^2) for all first(mean) <= j < last(mean), which must
  /// lie in `out`. Relative error about 20 eps.
  void add(double mean, double weight, double* out, long offset) const;
  /// Points that one Gaussian is added to.
  std::size_t width() const { return static_cast<std::size_t>(2 * half_ + 1); }

 private:
  long centre(double mean) const {
    return static_cast<long>(std::floor((mean - grid_.low) / grid_.step + 0.5));
  }

  UniformGrid grid_;
  double norm_;                ///< 1/(sd sqrt(2 pi))
  double decay_;               ///< (step/sd)^2
  long half_;                  ///< points on either side of the centre
  std::vector<double> shape_;  ///< exp(-(j step)^2/(2 sd^2))
};

}  // namespace lemmabench
