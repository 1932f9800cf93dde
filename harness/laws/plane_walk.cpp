#include "harness/laws/plane_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "cases/step.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

PlaneKernel PlaneProbe::kernel(const Step<double>& c, int stage, std::vector<double> points) {
  points_ = std::move(points);
  stage_ = stage;
  current_ = 0;
  score_calls_ = 0;
  model_.sampler.step(c, *this);
  return std::move(found_);
}

PlaneProbe::State PlaneProbe::state() {
  // Kernels that are not looked at run on one point.
  return {.values = current_ == stage_ ? points_ : std::vector<double>(kPlaneWidth), .copies = 1};
}

PlaneProbe::State PlaneProbe::score(int t, const State& y) {
  ++score_calls_;
  State out = y;
  model_.marginal(t).score(y.values.data(), y.values.size() / kPlaneWidth, out.values.data());
  return out;
}

PlaneProbe::State PlaneProbe::add_noise(const State&, const double&) {
  throw EngineRefusal(
      "the plane law takes no noise inside a kernel; use the sampler without it (li-cai: kappa=0)");
}

PlaneProbe::State PlaneProbe::clip(const State&, const double&) {
  throw EngineRefusal(
      "clip looks at the norm over all coordinates and couples the plane with the others; use the "
      "sampler without clip, or `lemmabench certificate`");
}

void PlaneProbe::end_kernel(const State& mean, const std::optional<double>& sd) {
  if (current_ == stage_) {
    found_ = {mean.values, sd};
  }
  ++current_;
}

/// The points of one row of the new grid whose preimages are looked for.
struct PlaneWalk::Row {
  std::vector<double> ux, uy;       ///< where the map shall arrive
  std::vector<double> x, y;         ///< preimages; on entry the guesses
  std::vector<double> determinant;  ///< of the Jacobian there
  std::vector<bool> found;
};

// Newton's method on all points that have not arrived; the last step is below 1e-12 deviations, so
// that the Jacobian before it will do.
void PlaneWalk::invert(const Step<double>& c, int stage, Row& row) {
  constexpr int kMostIterations = 40;
  const double sd = std::sqrt(law_.reference.variance());
  const std::size_t count = row.ux.size();
  row.determinant.assign(count, 0);
  row.found.assign(count, false);
  std::vector<std::size_t> left(count);
  for (std::size_t i = 0; i < count; ++i) {
    left[i] = i;
  }
  for (int iteration = 0; iteration < kMostIterations && !left.empty(); ++iteration) {
    const std::size_t n = left.size();
    std::vector<double> points(kPlaneWidth * n);
    for (std::size_t k = 0; k < n; ++k) {
      points[k] = row.x[left[k]];
      points[n + k] = row.y[left[k]];
      points[2 * n + k] = 1;
      points[5 * n + k] = 1;
    }
    const PlaneKernel at = probe_.kernel(c, stage, std::move(points));
    std::vector<std::size_t> rest;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t i = left[k];
      const double* m = at.mean.data() + k;
      const double determinant = m[2 * n] * m[5 * n] - m[3 * n] * m[4 * n];
      const double ex = m[0] - row.ux[i];
      const double ey = m[n] - row.uy[i];
      const double dx = (m[5 * n] * ex - m[4 * n] * ey) / determinant;
      const double dy = (m[2 * n] * ey - m[3 * n] * ex) / determinant;
      const double size = std::hypot(dx, dy);
      const double kept = size > sd ? sd / size : 1;  // no leaps where the map bends
      if (!std::isfinite(size)) {
        continue;
      }
      row.x[i] -= kept * dx;
      row.y[i] -= kept * dy;
      if (size < 1e-12 * sd) {
        row.determinant[i] = determinant;
        row.found[i] = determinant > 0;
      } else {
        rest.push_back(i);
      }
    }
    left = std::move(rest);
  }
}

void PlaneWalk::apply(const Step<double>& c, int stage, const std::optional<double>& sd,
                      PlaneMixture to) {
  const PlaneGrid grid = grid_of(to, settings_);
  const std::vector<double> density = density_on(grid, to);
  const double highest = *std::max_element(density.begin(), density.end());
  const double negligible = settings_.negligible * highest;
  const PlaneInterpolant ratio(law_.grid, law_.ratios, settings_.order);
  std::vector<std::vector<double>> out(law_.ratios.size(), std::vector<double>(grid.size()));
  // Displacements u - x of the last two rows: the guess for the next.
  std::vector<std::vector<double>> last(4, std::vector<double>(grid.nx));
  std::vector<double> here(out.size());
  double lost = 0;
  for (std::size_t j = 0; j < grid.ny; ++j) {
    Row row;
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < grid.nx; ++i) {
      if (density[j * grid.nx + i] > 1e-4 * negligible) {
        columns.push_back(i);
        row.ux.push_back(grid.x(i));
        row.uy.push_back(grid.y(j));
        row.x.push_back(grid.x(i) - 2 * last[0][i] + last[2][i]);
        row.y.push_back(grid.y(j) - 2 * last[1][i] + last[3][i]);
      }
    }
    invert(c, stage, row);
    std::vector<double> points = row.x;
    points.insert(points.end(), row.y.begin(), row.y.end());
    std::vector<double> log_density(columns.size());
    law_.reference.log_density(points.data(), columns.size(), log_density.data());
    last[2] = last[0];
    last[3] = last[1];
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::size_t i = columns[k];
      if (!row.found[k]) {
        lost += density[j * grid.nx + i] * grid.h * grid.h;
        continue;
      }
      last[0][i] = row.ux[k] - row.x[k];
      last[1][i] = row.uy[k] - row.y[k];
      ratio.evaluate(row.x[k], row.y[k], here.data());
      const double pushed = std::exp(log_density[k]) / row.determinant[k];
      for (std::size_t f = 0; f < out.size(); ++f) {
        out[f][j * grid.nx + i] = here[f] * pushed;
      }
    }
  }
  if (lost > 1e-9) {
    throw EngineRefusal(fmt::format(
        "the map of step {} is not one-to-one on mass {:.2g}; use more steps", c.t, lost));
  }
  for (std::size_t f = 0; f < out.size(); ++f) {
    if (sd) {
      smooth(grid, *sd, settings_.order, out[f]);
    }
    for (std::size_t i = 0; i < grid.size(); ++i) {
      // Where the law is not known it is the reference; the other channels are differences.
      out[f][i] = density[i] > negligible ? out[f][i] / density[i] : (f == 0 ? 1 : 0);
    }
  }
  law_ = {grid, std::move(to), std::move(out)};
}

void PlaneWalk::step(int t) {
  const Step<double> c = make_step(model_.schedule, t, model_.dim);
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
