#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "cases/schemes/scheme.hpp"

/// Schemes for tests, written from the update formulas in the coordinates x = X_0 + sigma Z, not
/// from any library's code. All start at the first level and end at the last.
namespace lemmabench::example {

inline SchemeTerm y(std::size_t k, double c) {
  return {SchemeSource::row, static_cast<std::uint32_t>(k), c};
}
inline SchemeTerm D(std::size_t k, double c) {
  return {SchemeSource::output, static_cast<std::uint32_t>(k), c};
}
inline SchemeTerm z(std::size_t k, double c) {
  return {SchemeSource::draw, static_cast<std::uint32_t>(k), c};
}
inline SchemeTerm x(double c) { return {SchemeSource::start, 0, c}; }

/// n+1 levels from `high` to `low`, equispaced in the logarithm.
inline std::vector<double> log_levels(std::size_t n, double high = 20, double low = 0.05) {
  std::vector<double> out;
  for (std::size_t k = 0; k <= n; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(n);
    out.push_back(k == n ? low : high * std::pow(low / high, share));
  }
  return out;
}

/// Euler on the probability flow, which is ddim: y' = r y + (1-r) D, r = sigma'/sigma.
inline Scheme euler(const std::vector<double>& levels) {
  Scheme s;
  s.levels = levels;
  s.rows.push_back({x(1)});
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const double r = levels[k + 1] / levels[k];
    s.rows.push_back({y(k, r), D(k, 1 - r)});
  }
  return s;
}

/// Heun on the probability flow: an Euler step, a second call at its end, the mean of both slopes.
inline Scheme heun(const std::vector<double>& levels) {
  Scheme s;
  s.levels = {levels[0]};
  s.rows.push_back({x(1)});
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const std::size_t now = s.rows.size() - 1;
    const double step = levels[k + 1] - levels[k];
    const double slope = step / levels[k];          // of (y - D)/sigma
    const double end = step / (2 * levels[k + 1]);  // half of the slope at the end
    s.rows.push_back({y(now, 1 + slope), D(now, -slope)});
    s.levels.push_back(levels[k + 1]);
    s.rows.push_back(
        {y(now, 1 + slope / 2), D(now, -slope / 2), y(now + 1, end), D(now + 1, -end)});
    s.levels.push_back(levels[k + 1]);
  }
  return s;
}

/// The ancestral step with the posterior's variance times eta^2:
/// up = eta sigma' sqrt(1 - sigma'^2/sigma^2), down = sqrt(sigma'^2 - up^2).
inline Scheme ancestral(const std::vector<double>& levels, double eta = 1) {
  Scheme s;
  s.levels = levels;
  s.draws = levels.size() - 1;
  s.rows.push_back({x(1)});
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const double ratio = levels[k + 1] / levels[k];
    const double up = eta * levels[k + 1] * std::sqrt(1 - ratio * ratio);
    const double r = std::sqrt(levels[k + 1] * levels[k + 1] - up * up) / levels[k];
    s.rows.push_back({y(k, r), D(k, 1 - r), z(k, up)});
  }
  return s;
}

/// A second call halfway down (in the logarithm) and one noise at the end of the step.
inline Scheme two_calls_one_noise(const std::vector<double>& levels) {
  Scheme s;
  s.levels = {levels[0]};
  s.draws = levels.size() - 1;
  s.rows.push_back({x(1)});
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const std::size_t now = s.rows.size() - 1;
    const double ratio = levels[k + 1] / levels[k];
    const double up = levels[k + 1] * std::sqrt(1 - ratio * ratio);
    const double r = levels[k + 1] * ratio / levels[k];  // down to sigma'^2/sigma
    const double half = std::sqrt(r);
    s.rows.push_back({y(now, half), D(now, 1 - half)});
    s.levels.push_back(levels[k] * half);
    s.rows.push_back({y(now, r), D(now + 1, 1 - r), z(k, up)});
    s.levels.push_back(levels[k + 1]);
  }
  return s;
}

/// The two-step exponential integrator of the reverse SDE with the midpoint correction, h the step
/// in log(1/sigma): y' = e^{-2h} sigma-scaled y + (1-e^{-2h})(D + (D - D_before)/(2r)) + noise.
inline Scheme sde_with_memory(const std::vector<double>& levels) {
  Scheme s;
  s.levels = levels;
  s.draws = levels.size() - 1;
  s.rows.push_back({x(1)});
  double before = 0;
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const double h = std::log(levels[k] / levels[k + 1]);
    const double gain = -std::expm1(-2 * h);
    SchemeRow row{y(k, std::exp(-2 * h)), z(k, levels[k + 1] * std::sqrt(gain))};
    const double extra = k == 0 ? 0 : 0.5 * h / before;
    row.push_back(D(k, gain * (1 + extra)));
    if (k > 0) {
      row.push_back(D(k - 1, -gain * extra));
    }
    s.rows.push_back(row);
    before = h;
  }
  return s;
}

/// The same with a correction by two earlier outputs.
inline Scheme sde_with_deeper_memory(const std::vector<double>& levels) {
  Scheme s = sde_with_memory(levels);
  for (std::size_t k = 3; k < levels.size(); ++k) {
    s.rows[k].push_back(D(k - 3, 0.01));
    s.rows[k].push_back(D(k - 2, -0.01));
  }
  return s;
}

/// A call halfway through the step with noise of its own. With `share` the end of the step has
/// noise in common with that call, as on a Brownian path; else its noise is drawn anew.
inline Scheme noisy_midpoint(const std::vector<double>& levels, bool share) {
  Scheme s;
  s.levels = {levels[0]};
  s.draws = 2 * (levels.size() - 1);
  s.rows.push_back({x(1)});
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const std::size_t now = s.rows.size() - 1;
    const double middle = std::sqrt(levels[k] * levels[k + 1]);
    const auto up = [](double from, double to) {
      return to * std::sqrt(1 - to * to / (from * from));
    };
    const double r_half = middle * middle / (levels[k] * levels[k]);
    s.rows.push_back({y(now, r_half), D(now, 1 - r_half), z(2 * k, up(levels[k], middle))});
    s.levels.push_back(middle);
    const double r = levels[k + 1] * levels[k + 1] / (levels[k] * levels[k]);
    const double whole = up(levels[k], levels[k + 1]);
    const double r_rest = levels[k + 1] * levels[k + 1] / (middle * middle);
    SchemeRow row{y(now, r), D(now + 1, 1 - r)};
    if (share) {
      row.push_back(z(2 * k, r_rest * up(levels[k], middle)));
      row.push_back(z(2 * k + 1, up(middle, levels[k + 1])));
    } else {
      row.push_back(z(2 * k + 1, whole));
    }
    s.rows.push_back(row);
    s.levels.push_back(levels[k + 1]);
  }
  return s;
}

/// The same scheme in x_T, D and z alone.
inline Scheme written_out(const Scheme& scheme) {
  const SchemeColumns columns = expanded(scheme);
  Scheme out = scheme;
  for (std::size_t k = 0; k < out.rows.size(); ++k) {
    const double* row = columns.row(k);
    out.rows[k].clear();
    const auto add = [&](SchemeTerm term) {
      if (term.coefficient != 0) out.rows[k].push_back(term);
    };
    add(x(row[0]));
    for (std::size_t j = 0; j < columns.calls; ++j) add(D(j, row[1 + j]));
    for (std::size_t m = 0; m < columns.draws; ++m) add(z(m, row[1 + columns.calls + m]));
  }
  return out;
}

}  // namespace lemmabench::example
