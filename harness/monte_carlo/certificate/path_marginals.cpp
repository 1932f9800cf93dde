#include "harness/monte_carlo/certificate/path_marginals.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <variant>

#include "cases/sampler_schedule.hpp"
#include "cases/step.hpp"
#include "harness/monte_carlo/certificate/path_estimate.hpp"
#include "numerics/error.hpp"
#include "numerics/log_functions.hpp"
#include "numerics/parallel.hpp"
#include "numerics/running_moments.hpp"
#include "theory/radial/law_marginal.hpp"
#include "theory/radial/radial_vectors.hpp"

namespace lemmabench {
namespace {

constexpr long kBits = 128;
constexpr double kInitialSamples = 1 << 22;
constexpr std::size_t kScoreGroups = 128;

[[noreturn]] void refuse_first_step(const PathStep::Setting& setting) {
  throw EngineRefusal(fmt::format(
      "--sampler {}: its step from t = {}, a level without signal, is not one kernel y -> N(a y + "
      "k E[X_0], s^2 I), which the path certificate takes there; let the first level have some",
      setting.sampler.text(), setting.schedule.steps()));
}

Schedule<Ball> levels_in_balls(const PathStep::Setting& setting, const ScheduleKind& kind) {
  return schedule_for<Ball>(setting.sampler, kind, setting.schedule.steps(), EndLevels::closed);
}

/// KL(N(0, w) + mean || N(0, I)) = sum_i (q - log(1 + q) + abar mean^2)/2 with q = abar (v - 1).
Quantity gaussian_initial(const GaussianLaw& target, const PathStep::Setting& setting,
                          const ScheduleKind& kind) {
  const PrecisionScope scope(kBits);
  const Schedule<Ball> schedule = levels_in_balls(setting, kind);
  const Ball& abar = schedule.level(schedule.steps()).abar;
  Ball sum(0);
  for (const CoordinateLaw& block : target.coordinates) {
    const Ball mean(block.mean());
    const Ball one = abar * mean * mean - log1p_minus(Ball(abar * (Ball(block.variance()) - 1)));
    sum += one * static_cast<int>(block.multiplicity) / 2;
  }
  return Proved{sum};
}

/// sum_i (q - log(1 + q) + shift_i^2/r^2)/2 with 1 + q = (abar v + 1-abar)/r^2 at level T-1, shift
/// = (sqrt(abar) - share) mean, r^2 and share of the NormalStart.
Quantity gaussian_first_step(const GaussianLaw& target, const PathStep::Setting& setting,
                             const ScheduleKind& kind) {
  const PrecisionScope scope(kBits);
  const Schedule<Ball> schedule = levels_in_balls(setting, kind);
  const Level<Ball>& level = schedule.level(schedule.steps() - 1);
  const auto start = normal_start(setting.sampler, make_step(schedule, schedule.steps(), 1));
  if (!start) {
    refuse_first_step(setting);
  }
  Ball sum(0);
  for (const CoordinateLaw& block : target.coordinates) {
    const Ball shift = (sqrt(level.abar) - start->mean_share) * Ball(block.mean());
    const Ball excess =
        (level.abar * Ball(block.variance()) + level.noise - start->variance) / start->variance;
    const Ball one = shift * shift / start->variance - log1p_minus(excess);
    sum += one * static_cast<int>(block.multiplicity) / 2;
  }
  return Proved{sum};
}

Quantity radial_initial(const RadialLaw& target, const Level<double>& level) {
  const auto marginal = radial_marginal(target, level, 1);
  const double value = kl_to_standard_normal(*marginal, 2);
  const double coarse = kl_to_standard_normal(*radial_marginal(target, level, 0.8), 1);
  // Both share the rounding of the logarithms, eps d relative to densities.
  const double rounding = 4e-16 * static_cast<double>(target.dim()) * std::sqrt(value);
  return Computed{Ball::exactly(value), Ball::exactly(std::fabs(value - coarse) + rounding)};
}

/// log r + 1/r - 1 at samples x of a level, r the density of X_t over that of N(share E[X_0], r^2
/// I): VectorLaw::initial_summands against another Gaussian.
void first_step_summands(const VectorLaw& clean, const Level<double>& level,
                         const NormalStart<double>& start, const std::vector<Lanes>& x,
                         double* out) {
  const std::size_t dim = clean.dim();
  const std::size_t groups = x.size() / dim;
  const std::vector<double> mean = clean.mean();
  std::vector<Lanes> y(x.size());
  std::vector<Lanes> square(groups);
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i].v = x[i].v / std::sqrt(level.abar);
    const LaneVector gap = x[i].v - start.mean_share * mean[i % dim];
    square[i / dim].v += gap * gap;
  }
  std::vector<Lanes> logarithm(groups);
  clean.marginal(level.noise / level.abar)->log_density(y.data(), groups, logarithm.data());
  const double constant =
      static_cast<double>(dim) * std::log(2 * pi<double>() * start.variance / level.abar) / 2;
  for (std::size_t s = 0; s < groups * kLanes; ++s) {
    const double ratio = logarithm[s / kLanes][s % kLanes] + constant +
                         square[s / kLanes][s % kLanes] / (2 * start.variance);
    out[s] = -log1p_minus(std::expm1(-ratio));
  }
}

/// Samples of log r + 1/r - 1 until their half width is below `error` relative to their mean or
/// absolutely to `scale`, or there are kInitialSamples: r the density of X_T over that of N(0, I),
/// or with a `start` that of X_{T-1} over what the first step makes.
Quantity sampled_initial(const PathStep::Setting& setting,
                         const std::optional<NormalStart<double>>& start,
                         const InitialAccuracy& accuracy, int threads) {
  const int last = setting.schedule.steps();
  const Level<double>& level = setting.schedule.level(start ? last - 1 : last);
  const std::size_t dim = setting.clean.dim();
  const std::size_t groups = path_block_groups(dim);
  // Step T+1 is the certificate's first term; its samples are those of no step.
  const SampleKeys keys{setting.seed, static_cast<std::uint64_t>(last + 1)};
  const auto block = [&](std::size_t b) {
    std::vector<Lanes> x(groups * dim);
    setting.clean.sample(keys, level.noise / level.abar, b * groups * kLanes, groups, x.data());
    for (Lanes& value : x) {
      value.v *= std::sqrt(level.abar);
    }
    std::vector<double> summands(groups * kLanes);
    if (start) {
      first_step_summands(setting.clean, level, *start, x, summands.data());
    } else {
      setting.clean.initial_summands(level, x.data(), groups, summands.data());
    }
    RunningMoments out;
    for (const double summand : summands) {
      out.add(summand);
    }
    return out;
  };
  RunningMoments all;
  std::size_t blocks = 0;
  std::size_t more = 1024 / (groups * kLanes);
  do {
    for (const RunningMoments& part :
         parallel_map(more, threads, [&](std::size_t b) { return block(blocks + b); })) {
      all.add(part);
    }
    blocks += more;
    more = blocks;
  } while (half_width({all}, accuracy.level) >
               accuracy.relative_error * (all.mean + accuracy.scale) / 2 &&
           all.count < kInitialSamples);
  return Sampled{all.mean, half_width({all}, accuracy.level), accuracy.level};
}

double exact_score_size(const GaussianLaw& target, const Level<double>& level) {
  double sum = 0;
  for (const CoordinateLaw& block : target.coordinates) {
    sum += static_cast<double>(block.multiplicity) /
           (level.abar * block.variance().to_double() + level.noise);
  }
  return std::sqrt(sum);
}

double sampled_score_size(const PathStep::Setting& setting, int t) {
  const Level<double>& level = setting.schedule.level(t);
  const double tau = level.noise / level.abar;
  const std::size_t dim = setting.clean.dim();
  const auto marginal = setting.clean.marginal(tau);
  const std::size_t groups = path_block_groups(dim);
  std::vector<Lanes> y(groups * dim);
  std::vector<Lanes> score(groups * dim);
  // Levels T+2.. of the random numbers, as no step and no other term has them.
  const SampleKeys keys{setting.seed, static_cast<std::uint64_t>(setting.schedule.steps() + 1 + t)};
  RunningMoments squares;
  for (std::size_t g = 0; g < kScoreGroups; g += groups) {
    setting.clean.sample(keys, tau, g * kLanes, groups, y.data());
    marginal->score(y.data(), groups, score.data());
    for (std::size_t s = 0; s < groups * kLanes; ++s) {
      double sum = 0;
      for (std::size_t i = 0; i < dim; ++i) {
        const double one = score[s / kLanes * dim + i][s % kLanes];
        sum += one * one;
      }
      squares.add(sum / level.abar);
    }
  }
  return std::sqrt(squares.mean);
}

}  // namespace

Quantity initial_kl(const Target& target, const PathStep::Setting& setting,
                    const ScheduleKind& schedule, const InitialAccuracy& accuracy, int threads) {
  if (setting.schedule.from_noise()) {
    return Proved{Ball(0)};  // p_{X_T} is N(0, I)
  }
  if (const auto* gaussian = std::get_if<GaussianLaw>(&target.law)) {
    return gaussian_initial(*gaussian, setting, schedule);
  }
  if (const auto* radial = std::get_if<RadialLaw>(&target.law)) {
    return radial_initial(*radial, setting.schedule.level(setting.schedule.steps()));
  }
  return sampled_initial(setting, std::nullopt, accuracy, threads);
}

Quantity first_step_kl(const Target& target, const PathStep::Setting& setting,
                       const ScheduleKind& schedule, const InitialAccuracy& accuracy, int threads) {
  if (const auto* gaussian = std::get_if<GaussianLaw>(&target.law)) {
    return gaussian_first_step(*gaussian, setting, schedule);
  }
  const int last = setting.schedule.steps();
  const auto start = normal_start(setting.sampler, make_step(setting.schedule, last, target.dim()));
  if (!start) {
    refuse_first_step(setting);
  }
  if (const auto* radial = std::get_if<RadialLaw>(&target.law)) {
    static_cast<void>(setting.clean.mean());  // a law without one is refused
    // Its mean is 0: the law of X_{T-1}/r, of which the marginal asks for no abar + noise = 1.
    const Level<double>& level = setting.schedule.level(last - 1);
    return radial_initial(*radial, {level.abar / start->variance, level.noise / start->variance});
  }
  return sampled_initial(setting, start, accuracy, threads);
}

std::vector<double> score_sizes(const Target& target, const PathStep::Setting& setting,
                                int threads) {
  const auto* gaussian = std::get_if<GaussianLaw>(&target.law);
  return parallel_map(
      static_cast<std::size_t>(setting.schedule.steps()), threads, [&](std::size_t i) {
        const int t = static_cast<int>(i) + 1;
        return gaussian != nullptr ? exact_score_size(*gaussian, setting.schedule.level(t))
                                   : sampled_score_size(setting, t);
      });
}

std::string score_note(const Target& target) {
  return std::holds_alternative<GaussianLaw>(target.law)
             ? "the estimate's size is relative to the exact root mean square of the score"
             : "the estimate's shift is relative to the score's root mean square over 1024 samples";
}

}  // namespace lemmabench
