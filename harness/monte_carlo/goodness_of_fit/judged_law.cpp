#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "cases/vector_law.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "numerics/quoted.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kChunkGroups = 256;

NamedLevel level_of_schedule(const ScheduleKind& kind, long steps, long t) {
  const Schedule<double> schedule(kind, steps, StepBound::whole,  // of any sampler
                                  EndLevels::closed);
  if (schedule.level(static_cast<int>(t)).abar == 0) {
    throw InputError(fmt::format(
        "--noise-level {}: this level of --schedule {} has no signal, and X_t is N(0, I) whatever "
        "the target; use a smaller t",
        t, quoted(text(kind))));
  }
  return {schedule.level(static_cast<int>(t)),
          fmt::format("t = {} of {}, {}", t, steps, text(kind))};
}

bool is_whole_number(const std::string& text) {
  return !text.empty() && text.size() < 10 &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

bool without_density(const Target& target, const Level<double>& level) {
  const auto* radial = std::get_if<RadialLaw>(&target.law);
  return level.noise == 0 && radial != nullptr && radial->sphere().has_value();
}

}  // namespace

NamedLevel read_level(const std::string& text, const ScheduleKind& schedule, long steps) {
  if (text == "data" || (text.empty() && steps == 0)) {
    return {{1, 0}, "data"};
  }
  if (text.empty() || text == "last" || is_whole_number(text)) {
    if (steps == 0) {
      throw InputError(fmt::format(
          "--noise-level {}: needs --steps, the number of levels of the schedule", quoted(text)));
    }
    const long t = is_whole_number(text) ? std::stol(text) : 1;
    if (t < 1 || t > steps) {
      throw InputError(fmt::format("--noise-level {}: must be from 1 (where Y_1 ends) to {}",
                                   quoted(text), steps));
    }
    return level_of_schedule(schedule, steps, t);
  }
  const Rational abar = Rational::parse(text, "--noise-level");
  if (abar.sign() <= 0 || !(abar < Rational(1))) {
    throw InputError(fmt::format(
        "--noise-level {}: must be data, last, a whole number t, or abar between 0 and 1",
        quoted(text)));
  }
  return {{abar.to_double(), (Rational(1) - abar).to_double()}, "abar = " + abar.text()};
}

JudgedLaw::JudgedLaw(const Target& target, const Level<double>& level)
    : law_(vector_law(target)),
      level_(level),
      has_density_(!without_density(target, level)),
      radius_(radius_law(target, level)) {}

JudgedLaw::JudgedLaw(std::shared_ptr<const VectorMixture> mixture, std::string rows_are)
    : law_(mixture),
      level_{1, 0},
      has_density_(true),
      rows_are_(std::move(rows_are)),
      radius_(radius_law(*mixture)) {}

PointTable JudgedLaw::draw(std::size_t rows, JudgeDraw purpose, std::uint64_t seed,
                           int threads) const {
  return draw(rows, SampleKeys{seed, static_cast<std::uint64_t>(purpose)}, threads);
}

PointTable JudgedLaw::draw(std::size_t rows, const SampleKeys& keys, int threads) const {
  const std::size_t d = dim();
  PointTable out{rows, d, std::vector<double>(rows * d)};
  const double signal = std::sqrt(level_.abar);
  const std::size_t chunk = kChunkGroups * kLanes;
  parallel_for((rows + chunk - 1) / chunk, threads, [&](std::size_t c) {
    const std::size_t first = c * chunk;
    const std::size_t last = std::min(rows, first + chunk);
    const std::size_t groups = (last - first + kLanes - 1) / kLanes;
    std::vector<Lanes> y(groups * d);
    law_->sample(keys, level_.noise / level_.abar, first, groups, y.data());
    for (std::size_t s = first; s < last; ++s) {
      const std::size_t g = (s - first) / kLanes;
      for (std::size_t i = 0; i < d; ++i) {
        out.values[s * d + i] = signal * y[g * d + i][s % kLanes];
      }
    }
  });
  return out;
}

std::optional<DistributionFunction> JudgedLaw::projection(const double* u) const {
  std::optional<LineMixture<double>> line = projected(u);
  if (!line) return std::nullopt;
  return [known = std::move(*line)](double x) { return known.cdf(x); };
}

std::optional<LineMixture<double>> JudgedLaw::projected(const double* u) const {
  const auto* mixture = dynamic_cast<const VectorMixture*>(law_.get());
  if (mixture == nullptr || mixture->size() > kMostComponents) {
    return std::nullopt;
  }
  std::vector<LineMixture<double>::Component> components;
  for (std::size_t k = 0; k < mixture->size(); ++k) {
    double mean = 0;
    double variance = 0;
    double length = 0;
    for (std::size_t i = 0; i < dim(); ++i) {
      mean += u[i] * mixture->mean(k)[i];
      variance += u[i] * u[i] * mixture->variance(k, i);
      length += u[i] * u[i];
    }
    components.push_back({mixture->weight(k), std::sqrt(level_.abar) * mean,
                          level_.abar * variance + level_.noise * length});
  }
  return LineMixture<double>(std::move(components));
}

std::vector<double> JudgedLaw::log_density(const PointTable& points, int threads) const {
  if (!has_density_) {
    return {};
  }
  const std::size_t d = dim();
  std::vector<double> out(points.rows);
  const double signal = std::sqrt(level_.abar);
  const std::size_t chunk = kChunkGroups * kLanes;
  parallel_for((points.rows + chunk - 1) / chunk, threads, [&](std::size_t c) {
    const std::size_t first = c * chunk;
    const std::size_t last = std::min(points.rows, first + chunk);
    const std::size_t groups = (last - first + kLanes - 1) / kLanes;
    std::vector<Lanes> y(groups * d);
    for (std::size_t s = first; s < last; ++s) {
      for (std::size_t i = 0; i < d; ++i) {
        y[(s - first) / kLanes * d + i].v[(s - first) % kLanes] = points.values[s * d + i] / signal;
      }
    }
    std::vector<Lanes> logarithm(groups);
    law_->marginal(level_.noise / level_.abar)->log_density(y.data(), groups, logarithm.data());
    for (std::size_t s = first; s < last; ++s) {
      out[s] = logarithm[(s - first) / kLanes][(s - first) % kLanes];
    }
  });
  return out;
}

}  // namespace lemmabench
