#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/schemes/scheme.hpp"
#include "theory/process/schedule.hpp"

// Schemes whose steps are known by another text.
namespace lemmabench::test {

/// A level of a schedule in x = y/sqrt(abar).
inline double sigma_of(const Level<double>& level) { return std::sqrt(level.noise / level.abar); }

/// ddpm on the levels of a schedule. With x = y/sqrt(abar) and sqrt(abar) D = y + (1-abar) s its
/// step is x_{t-1} = (1 - h_t) x_t + h_t D + sqrt(b_t/abar_t) z. Starts from N(0, 1/abar_T), which
/// is y_T ~ N(0, 1). `factor` is of the noise: 1 but for a bug.
inline Scheme ddpm_scheme(const std::string& schedule_text, long steps, double factor = 1) {
  const Schedule<double> schedule(make_schedule(schedule_text, "test"), steps, StepBound::whole);
  Scheme out;
  out.source = "ddpm";
  out.rows.push_back({{SchemeSource::start, 0, 1}});
  for (int t = schedule.steps(); t >= 2; --t) {
    const auto k = static_cast<std::uint32_t>(schedule.steps() - t);
    out.levels.push_back(sigma_of(schedule.level(t)));
    out.rows.push_back(
        {{SchemeSource::row, k, 1 - schedule.h(t)},
         {SchemeSource::output, k, schedule.h(t)},
         {SchemeSource::draw, k, factor * std::sqrt(schedule.b(t) / schedule.level(t).abar)}});
  }
  out.levels.push_back(sigma_of(schedule.level(1)));
  out.draws = static_cast<std::size_t>(schedule.steps() - 1);
  out.gaussian_start_variance = 1 / schedule.level(schedule.steps()).abar;
  return out;
}

/// Euler's method on geometric levels: x <- D + (next/sigma) (x - D).
inline Scheme euler_scheme(double high, double low, long steps) {
  Scheme out;
  out.source = "euler";
  out.rows.push_back({{SchemeSource::start, 0, 1}});
  for (long k = 0; k <= steps; ++k) {
    out.levels.push_back(high *
                         std::pow(low / high, static_cast<double>(k) / static_cast<double>(steps)));
  }
  for (std::uint32_t k = 0; k < steps; ++k) {
    const double ratio = out.levels[k + 1] / out.levels[k];
    out.rows.push_back({{SchemeSource::row, k, ratio}, {SchemeSource::output, k, 1 - ratio}});
  }
  return out;
}

/// The same with every row written by x_T, D and z alone.
inline Scheme written_out(const Scheme& scheme) {
  const SchemeColumns columns = expanded(scheme);
  Scheme out = scheme;
  for (std::size_t k = 0; k < out.rows.size(); ++k) {
    out.rows[k].clear();
    for (std::size_t c = 0; c < columns.columns(); ++c) {
      const double value = columns.row(k)[c];
      if (value == 0) continue;
      const std::size_t calls = columns.calls;
      const SchemeSource source = c == 0       ? SchemeSource::start
                                  : c <= calls ? SchemeSource::output
                                               : SchemeSource::draw;
      const std::size_t index = c == 0 ? 0 : c <= calls ? c - 1 : c - 1 - calls;
      out.rows[k].push_back({source, static_cast<std::uint32_t>(index), value});
    }
  }
  return out;
}

}  // namespace lemmabench::test
