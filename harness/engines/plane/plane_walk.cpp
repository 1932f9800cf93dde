#include "harness/engines/plane/plane_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

#include "cases/step.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Of one component in a score and its Jacobian, in evaluations.
constexpr double kScoreCost = 6;
/// Mass that may be missing where the map does not arrive, and that a law may lose.
constexpr double kMostFolded = 1e-9;
constexpr double kMostLost = 1e-5;

}  // namespace

PlaneKernel PlaneProbe::kernel(const Step<double>& c, int stage, std::vector<double> points) {
  points_ = std::move(points);
  stage_ = stage;
  current_ = 0;
  score_calls_ = 0;
  model_.sampler.step(c, *this);
  if (current_ == 0) {
    // The step moves nothing: one kernel, the identity, which leads to level t-1's reference.
    move(state());
  }
  return std::move(found_);
}

PlaneProbe::State PlaneProbe::state() {
  // Kernels that are not looked at run on one point.
  return {.values = current_ == stage_ ? points_ : std::vector<double>(kPlaneWidth), .copies = 1};
}

PlaneProbe::State PlaneProbe::score_at(const Level<double>& level, const State& y) {
  ++score_calls_;
  const std::size_t count = y.values.size() / kPlaneWidth;
  budget_.spend(kScoreCost * static_cast<double>(count * model_.clean.components().size()));
  State out = y;
  model_.clean.at_level(level).score(y.values.data(), count, out.values.data());
  return out;
}

PlaneProbe::State PlaneProbe::with_noise(const State&, const double&) {
  throw EngineRefusal(
      "the plane law takes no noise inside a kernel; use the sampler without it (li-cai: kappa=0)");
}

PlaneProbe::State PlaneProbe::clip(const State&, const double&) {
  throw EngineRefusal(
      "clip looks at the norm over all coordinates and couples the plane with the others; use the "
      "sampler without clip, or `lemmabench certificate`");
}

PlaneProbe::State PlaneProbe::clamp(const State&, const double&) {
  throw EngineRefusal(
      "clamping every coordinate is another thing in other coordinates, and the plane law turns "
      "them; `lemmabench particles` takes samples of it");
}

void PlaneProbe::end_kernel(const State& mean, const std::optional<double>& sd) {
  if (current_ == stage_) {
    found_ = {mean.values, sd};
  }
  ++current_;
}

/// The points of one row of the new grid whose preimages are looked for.
struct PlaneWalk::Row {
  std::vector<std::size_t> columns;
  std::vector<double> to;           ///< where the map shall arrive: all x, then all y
  std::vector<double> from;         ///< preimages; on entry the guesses
  std::vector<double> determinant;  ///< of the Jacobian there, signed; 0 where none was found
  std::size_t size() const { return columns.size(); }
};

namespace {

/// Guesses a row's preimages from those of the two rows before.
class PreimageGuess {
 public:
  explicit PreimageGuess(std::size_t columns) : last_(2 * columns), before_(last_) {}

  double operator()(std::size_t column, std::size_t axis, double to) const {
    const std::size_t i = 2 * column + axis;
    return to - (2 * last_[i] - before_[i]);
  }
  void next_row() { before_ = last_; }
  void learn(std::size_t column, std::size_t axis, double to, double from) {
    last_[2 * column + axis] = to - from;
  }

 private:
  std::vector<double> last_;
  std::vector<double> before_;
};

}  // namespace

// Newton's method on all points that have not arrived; the last step is below 1e-12 deviations, so
// that the Jacobian before it will do.
void PlaneWalk::invert(const Step<double>& c, int stage, Row& row) {
  constexpr int kMostIterations = 40;
  const double sd = std::sqrt(law_.reference.variance());
  const std::size_t count = row.size();
  row.determinant.assign(count, 0);
  std::vector<std::size_t> left(count);
  std::iota(left.begin(), left.end(), std::size_t{0});
  for (int iteration = 0; iteration < kMostIterations && !left.empty(); ++iteration) {
    const std::size_t n = left.size();
    std::vector<double> points(kPlaneWidth * n);
    for (std::size_t k = 0; k < n; ++k) {
      points[k] = row.from[left[k]];
      points[n + k] = row.from[count + left[k]];
      points[2 * n + k] = 1;
      points[5 * n + k] = 1;
    }
    const PlaneKernel at = probe_.kernel(c, stage, std::move(points));
    std::vector<std::size_t> rest;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t i = left[k];
      const double* m = at.mean.data() + k;
      const double determinant = m[2 * n] * m[5 * n] - m[3 * n] * m[4 * n];
      const double ex = m[0] - row.to[i];
      const double ey = m[n] - row.to[count + i];
      const double dx = (m[5 * n] * ex - m[4 * n] * ey) / determinant;
      const double dy = (m[2 * n] * ey - m[3 * n] * ex) / determinant;
      const double size = std::sqrt(dx * dx + dy * dy);
      if (!std::isfinite(size)) {
        continue;
      }
      const double kept = size > sd ? sd / size : 1;  // no leaps where the map bends
      row.from[i] -= kept * dx;
      row.from[count + i] -= kept * dy;
      if (size < 1e-12 * sd) {
        row.determinant[i] = determinant;
      } else {
        rest.push_back(i);
      }
    }
    left = std::move(rest);
  }
}

/// g on the new grid, for every ratio, where `density` is at least `least`.
std::vector<std::vector<double>> PlaneWalk::push(const Step<double>& c, int stage,
                                                 const PlaneGrid& grid,
                                                 const std::vector<double>& density, double least) {
  const PlaneInterpolant ratio(law_.grid, law_.ratios, settings_.order);
  std::vector<std::vector<double>> out(law_.ratios.size(), std::vector<double>(grid.size()));
  PreimageGuess guess(grid.nx);
  std::vector<double> here(out.size());
  double lost = 0;
  double kept[2] = {};  // where the map keeps the orientation, and where it turns it round
  for (std::size_t j = 0; j < grid.ny; ++j) {
    Row row;
    for (std::size_t i = 0; i < grid.nx; ++i) {
      if (density[j * grid.nx + i] >= least) {
        row.columns.push_back(i);
      }
    }
    const std::size_t n = row.size();
    for (const std::size_t i : row.columns) {
      row.to.push_back(grid.x(i));
      row.from.push_back(guess(i, 0, grid.x(i)));
    }
    for (const std::size_t i : row.columns) {
      row.to.push_back(grid.y(j));
      row.from.push_back(guess(i, 1, grid.y(j)));
    }
    invert(c, stage, row);
    std::vector<double> log_density(n);
    law_.reference.log_density(row.from.data(), n, log_density.data());
    guess.next_row();
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t at = j * grid.nx + row.columns[k];
      if (row.determinant[k] == 0) {
        lost += density[at] * grid.h * grid.h;
        continue;
      }
      guess.learn(row.columns[k], 0, row.to[k], row.from[k]);
      guess.learn(row.columns[k], 1, row.to[n + k], row.from[n + k]);
      ratio.evaluate(row.from[k], row.from[n + k], here.data());
      kept[row.determinant[k] < 0 ? 1 : 0] += density[at] * grid.h * grid.h;
      const double pushed = std::exp(log_density[k]) / std::abs(row.determinant[k]);
      for (std::size_t f = 0; f < out.size(); ++f) {
        out[f][at] = here[f] * pushed;
      }
    }
    if (lost + std::min(kept[0], kept[1]) > kMostFolded) {
      throw EngineRefusal(fmt::format(
          "the map of the step from t = {} folds or does not reach where the target has mass, and "
          "the plane law follows one-to-one maps onto the target's plane; `lemmabench particles` "
          "takes any",
          c.t));
    }
  }
  return out;
}

void PlaneWalk::apply(const Step<double>& c, int stage, const std::optional<double>& sd,
                      PlaneMixture to) {
  const PlaneGrid grid = grid_of(to, settings_);
  const std::vector<double> density = density_on(grid, to);
  const double negligible =
      settings_.negligible * *std::max_element(density.begin(), density.end());
  // Beyond what is negligible the noise still brings something back.
  std::vector<std::vector<double>> out = push(c, stage, grid, density, 1e-4 * negligible);
  double mass = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    mass += out[0][i] * grid.h * grid.h;
  }
  // Noise of a quarter of the grid would carry far more of it away.
  if (sd && 4 * *sd > grid.h * static_cast<double>(std::max(grid.nx, grid.ny))) {
    mass = 0;
  }
  if (!(std::abs(mass - 1) <= kMostLost)) {
    throw EngineRefusal(fmt::format(
        "the plane law loses mass {:.2g} in the step from t = {}: the sampler carries it to where "
        "the target has none, which its grid does not hold; `lemmabench particles` takes it",
        std::min(std::abs(mass - 1), 1.0), c.t));
  }
  for (std::size_t f = 0; f < out.size(); ++f) {
    if (sd) {
      smooth(grid, *sd, settings_.order, out[f]);
    }
    for (std::size_t i = 0; i < grid.size(); ++i) {
      // Where the law is not known it is the reference; the other ratios are differences.
      out[f][i] = density[i] > negligible ? out[f][i] / density[i] : (f == 0 ? 1 : 0);
    }
  }
  law_ = {grid, std::move(to), std::move(out)};
}

void PlaneWalk::step(int t) {
  const Step<double> c = make_step(model_.schedule, t, model_.dim);
  probe_.begin_step();
  int kernels = 1;
  for (int stage = 0; stage < kernels; ++stage) {
    const std::optional<double> sd = probe_.kernel(c, stage, std::vector<double>(kPlaneWidth)).sd;
    kernels = probe_.kernels();
    if (stage == 0) {
      score_calls_ += probe_.score_calls();
    }
    // Between kernels any mixture near the law will do as its reference.
    apply(c, stage, sd,
          stage + 1 == kernels ? model_.marginal(t - 1)
                               : law_.reference.smoothed(sd ? *sd * *sd : 0));
  }
}

}  // namespace lemmabench
