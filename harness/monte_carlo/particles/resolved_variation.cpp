#include "harness/monte_carlo/particles/resolved_variation.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {
namespace {

constexpr double kCellsPerWidth = 3;
constexpr double kReach = 6;  // widths; 2e-9 of a Gaussian lie beyond
constexpr std::size_t kMostCells = std::size_t{1} << 21;
// Of usual_resolution: in spreads, and in particles a width.
constexpr double kLineWidth = 0.03;
constexpr double kPlaneWidth = 0.2;
constexpr double kLeastInReach = 30;
constexpr std::size_t kParticlesPerTask = 1024;

/// Of a cell against the numbers that coordinates are.
double least_resolution(const PointTable& centres) {
  double largest = 0;
  for (const double x : centres.values) {
    largest = std::max(largest, std::fabs(x));
  }
  return 1e-10 * largest;
}

double normal_tail(double u) { return std::erfc(u / std::sqrt(2.0)) / 2; }

/// The middle cells of the line or the plane, as many as there are particles in reach of or as can
/// be kept.
class Grid {
 public:
  Grid(const PointTable& centres, double width)
      : dim_(centres.columns), cell_(width / kCellsPerWidth) {
    const auto most = static_cast<double>(dim_ == 1 ? kMostCells : kMostCells / 1024);
    for (std::size_t j = 0; j < dim_; ++j) {
      std::vector<double> line(centres.rows);
      for (std::size_t i = 0; i < line.size(); ++i) {
        line[i] = centres.values[i * dim_ + j];
      }
      const auto middle = line.begin() + static_cast<std::ptrdiff_t>(line.size() / 2);
      std::nth_element(line.begin(), middle, line.end());
      const double centre = *middle;
      const auto [low, high] = std::minmax_element(line.begin(), line.end());
      const double half = most / 2 * cell_;
      const double start = std::max(*low - kReach * width, centre - half);
      const double end = std::min(*high + kReach * width, centre + half);
      origin_[j] = start;
      size_[j] = static_cast<std::size_t>(std::ceil((end - start) / cell_)) + 1;
    }
  }

  std::size_t cells() const { return size_[0] * size_[1]; }
  double volume() const { return dim_ == 1 ? cell_ : cell_ * cell_; }
  std::size_t row_length() const { return size_[0]; }

  PointTable points() const {
    PointTable out{cells(), dim_, std::vector<double>(cells() * dim_)};
    for (std::size_t c = 0; c < cells(); ++c) {
      out.values[c * dim_] = origin_[0] + static_cast<double>(c % size_[0]) * cell_;
      if (dim_ == 2) {
        out.values[c * dim_ + 1] = origin_[1] + static_cast<double>(c / size_[0]) * cell_;
      }
    }
    return out;
  }

  /// visit(cell, density) for the cells in reach of N(centre, width^2 I).
  template <class Visit>
  void around(const double* centre, double width, Visit visit) const {
    const Line across = line(0, centre[0], width);
    if (dim_ == 1) {
      for (std::size_t i = 0; i < across.size; ++i) {
        visit(across.first + i, across.density[i]);
      }
      return;
    }
    const Line up = line(1, centre[1], width);
    for (std::size_t k = 0; k < up.size; ++k) {
      for (std::size_t i = 0; i < across.size; ++i) {
        visit((up.first + k) * size_[0] + across.first + i, up.density[k] * across.density[i]);
      }
    }
  }

 private:
  static constexpr auto kMostInReach = static_cast<std::size_t>(2 * kReach * kCellsPerWidth) + 2;
  /// One coordinate's factor of a particle's density.
  struct Line {
    std::size_t first = 0;
    std::size_t size = 0;
    std::array<double, kMostInReach> density;
  };
  Line line(std::size_t j, double centre, double width) const {
    const double low = std::ceil((centre - kReach * width - origin_[j]) / cell_);
    const double high = std::floor((centre + kReach * width - origin_[j]) / cell_);
    const double start = std::max(low, 0.0);
    const double end = std::min(high, static_cast<double>(size_[j] - 1));
    Line out;
    out.first = start <= end ? static_cast<std::size_t>(start) : 0;
    out.size = start <= end ? static_cast<std::size_t>(end - start) + 1 : 0;
    const double factor = 1 / (width * std::sqrt(2 * 3.141592653589793));
    for (std::size_t i = 0; i < out.size; ++i) {
      const double z = (origin_[j] + static_cast<double>(out.first + i) * cell_ - centre) / width;
      out.density[i] = factor * std::exp(-z * z / 2);
    }
    return out;
  }

  std::size_t dim_;
  double cell_;
  std::array<double, 2> origin_{};
  std::array<std::size_t, 2> size_{1, 1};
};

/// The density of a level, which need not be one of a schedule, in each cell.
std::vector<double> density_at(const Grid& grid, const Target& target, const Level<double>& level,
                               int threads) {
  const PointTable points = grid.points();
  std::vector<double> out = JudgedLaw(target, level).log_density(points, threads);
  const double volume = std::pow(level.abar, static_cast<double>(points.columns) / 2);
  for (double& x : out) {
    x = std::exp(x) / volume;
  }
  return out;
}

/// What the first half of the particles says of q_r - p_r in each cell.
struct Judged {
  std::vector<bool> inside;  ///< A
  std::vector<bool> judged;  ///< whether a particle is in reach
  double p_inside = 0;       ///< P_r(A)
  double lost = 0;           ///< by A against the best event, in expectation
  double border = 0;         ///< what cells cut by A's border can hold
};

Judged judge(const Grid& grid, const PointTable& centres, std::size_t end, double width,
             const std::vector<double>& p) {
  std::vector<double> sum(grid.cells());
  std::vector<double> squares(grid.cells());
  for (std::size_t i = 0; i < end; ++i) {
    grid.around(&centres.values[i * centres.columns], width, [&](std::size_t c, double density) {
      sum[c] += density;
      squares[c] += density * density;
    });
  }
  const auto count = static_cast<double>(end);
  constexpr double kPeak = 0.7517915;  // of u Phi(-u)
  Judged out{std::vector<bool>(grid.cells()), std::vector<bool>(grid.cells())};
  std::vector<double> gap(grid.cells());
  for (std::size_t c = 0; c < grid.cells(); ++c) {
    const double q = sum[c] / count;
    gap[c] = q - p[c];
    out.inside[c] = gap[c] > 0;
    out.judged[c] = sum[c] > 0;
    out.p_inside += out.inside[c] ? p[c] * grid.volume() : 0;
    const double sigma = std::sqrt(std::max(0.0, squares[c] / count - q * q) / count);
    if (sigma > 0) {
      const double least = std::max(kPeak, std::fabs(gap[c]) / sigma - 2);
      out.lost += grid.volume() * sigma * least * normal_tail(least);
    }
  }
  const auto border = [&](std::size_t a, std::size_t b) {
    if (out.inside[a] != out.inside[b]) {
      out.border += grid.volume() * (std::fabs(gap[a]) + std::fabs(gap[b])) / 8;
    }
  };
  const std::size_t length = grid.row_length();
  for (std::size_t c = 0; c < grid.cells(); ++c) {
    if ((c + 1) % length != 0) {
      border(c, c + 1);
    }
    if (c + length < grid.cells()) {
      border(c, c + length);
    }
  }
  return out;
}

/// Over particles, their mass in A and their mass in cells that were not judged.
struct Masses {
  RunningMoments inside;
  RunningMoments unjudged;
  void add(const Masses& other) {
    inside.add(other.inside);
    unjudged.add(other.unjudged);
  }
};

Masses measure(const Grid& grid, const Judged& judged, const PointTable& centres, std::size_t start,
               double width, int threads) {
  const std::size_t tasks = (centres.rows - start + kParticlesPerTask - 1) / kParticlesPerTask;
  const auto parts = parallel_map(tasks, threads, [&](std::size_t k) {
    Masses out;
    const std::size_t first = start + k * kParticlesPerTask;
    for (std::size_t i = first; i < std::min(centres.rows, first + kParticlesPerTask); ++i) {
      double inside = 0;
      double judged_mass = 0;
      grid.around(&centres.values[i * centres.columns], width, [&](std::size_t c, double density) {
        inside += judged.inside[c] ? density : 0;
        judged_mass += judged.judged[c] ? density : 0;
      });
      out.inside.add(inside * grid.volume());
      out.unjudged.add(std::max(0.0, 1 - judged_mass * grid.volume()));
    }
    return out;
  });
  Masses all;
  for (const Masses& part : parts) {
    all.add(part);
  }
  return all;
}

}  // namespace

ResolvedVariation resolved_variation(const ParticleRun& run, const Target& target,
                                     const Level<double>& level_one, double resolution,
                                     double level, int threads) {
  if (run.samples.columns > 2) {
    throw EngineRefusal("the total variation of particles is resolved in one or two dimensions");
  }
  const bool kernel = !run.means.values.empty();
  const double least = kernel ? run.last_sd : 0;
  const PointTable& centres = kernel ? run.means : run.samples;
  const double width = std::max({resolution, least, least_resolution(centres)});
  if (!(width > 0)) {
    throw EngineRefusal(
        "all particles are 0 and their last kernel has no noise: an atom, total variation 1 from "
        "any target; --resolution says at what width to look at it");
  }
  const Grid grid(centres, width);
  const std::size_t half = centres.rows / 2;
  const double extra = (width - least) * (width + least);
  const Judged judged =
      judge(grid, centres, half, width,
            density_at(grid, target, {level_one.abar, level_one.noise + extra}, threads));
  const Masses masses = measure(grid, judged, centres, half, width, threads);
  const double z = boost::math::quantile(boost::math::normal(), (1 + level) / 2);
  const double value = masses.inside.mean - judged.p_inside;
  const double reach = z * std::sqrt(masses.inside.mean_variance()) + judged.border;
  const double unjudged = masses.unjudged.mean + z * std::sqrt(masses.unjudged.mean_variance());
  const double low = std::max(0.0, value - reach);
  const double high = std::min(1.0, std::max(low, value + reach + judged.lost + unjudged));
  return {Sampled{(low + high) / 2, (high - low) / 2, level}, width, width == least};
}

double usual_resolution(const ParticleRun& run, double spread) {
  const PointTable& rows = run.samples;
  double narrowest = 0;
  for (std::size_t j = 0; j < rows.columns; ++j) {
    std::vector<double> line(rows.rows);
    for (std::size_t i = 0; i < line.size(); ++i) {
      line[i] = rows.values[i * rows.columns + j];
    }
    std::sort(line.begin(), line.end());
    // A normal law has 1.349 deviations between its quartiles.
    const double own = (line[line.size() * 3 / 4] - line[line.size() / 4]) / 1.349;
    const double seen = own > 0 ? own : spread;
    narrowest = j == 0 ? seen : std::min(narrowest, seen);
  }
  const double share = kLeastInReach / (static_cast<double>(rows.rows) / 2);
  const double usual =
      rows.columns == 1 ? std::max(kLineWidth, share) : std::max(kPlaneWidth, std::sqrt(share));
  return std::max({usual * narrowest, run.last_sd, least_resolution(rows)});
}

}  // namespace lemmabench
