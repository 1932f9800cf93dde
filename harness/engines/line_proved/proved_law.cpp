#include "harness/engines/line_proved/proved_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "cases/sampler_schedule.hpp"
#include "cases/step_facts.hpp"
#include "harness/engines/line_proved/proved_distance.hpp"
#include "harness/engines/line_proved/proved_step.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "theory/mixture/ball_mixture.hpp"
#include "theory/process/forward.hpp"

namespace lemmabench {
namespace {

/// Of levels and their coefficients, and of everything that goes along with the law.
constexpr long kLevelBits = 160;
constexpr long kStepBits = 72;

/// A law as a GaussSum and an upper bound of the L1 distance to what it stands for.
struct Approximate {
  GaussSum law;
  double defect = 0;
};

/// p_t with its numbers rounded to doubles (P2).
Approximate rounded(const BallMixture<>& mixture) {
  std::vector<GaussGroup> groups;
  UpperSum defect;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const Ball sd = sqrt(mixture.variance(k));
    const GaussGroup group{sd.to_double(), {mixture.mean(k).to_double()},
                           {mixture.weight(k).to_double()}};
    const Ball to_weight = mixture.weight(k) - Ball::exactly(group.weights[0]);
    const Ball to_mean = (mixture.mean(k) - Ball::exactly(group.means[0])) / sd;
    const Ball to_sd = log(sd / Ball::exactly(group.sd));
    defect.add(upper_double(to_weight.magnitude_upper()));
    defect.add(upper_double(mixture.weight(k) * (to_mean.magnitude_upper() * Ball(Rational(4, 5)) +
                                                 to_sd.magnitude_upper())));
    groups.push_back(group);
  }
  return {GaussSum(std::move(groups)), defect.value()};
}

/// One question, checked, with its levels.
class ProvedLine {
 public:
  ProvedLine(const MixtureTarget& target, const Sampler& sampler, const LawRequest& request)
      : sampler_(sampler),
        scope_(kLevelBits),
        width_(request.arithmetic.width().to_double()),
        schedule_(schedule_for<Ball>(sampler, request.schedule, request.steps, EndLevels::open)) {
    for (const MixtureTarget::Component& c : target.components) {
      law_.components.push_back({c.weight, c.mean, c.variance});
      least_variance_ = std::min(least_variance_, c.variance.to_double());
    }
    require_affordable();
  }

  /// Runs the sampler from N(0, 1) or from p_T.
  Approximate output(Start start) const {
    const PrecisionScope scope(kLevelBits);
    const int top = schedule_.steps();
    Approximate now = start == Start::exact
                          ? rounded(BallMixture<>(law_, schedule_.level(top)))
                          : Approximate{GaussSum({{1.0, {0.0}, {1.0}}}), 0};
    const MeanMap map(law_, schedule_, sampler_);
    const double tolerance = std::max(width_ / (8.0 * top), 1e-17);
    ContourGuess guess;
    UpperSum defect;
    defect.add(now.defect);
    for (int t = top; t >= 2; --t) {
      const PrecisionScope step_scope(kStepBits);
      ProvedStep next = proved_step(now.law, map, t, tolerance, scale(t), guess);
      now.law = std::move(next.law);
      defect.add(next.defect);  // P1: what came before is contracted
    }
    now.defect = defect.value();
    return now;
  }

  Approximate truth() const { return rounded(BallMixture<>(law_, schedule_.level(1))); }
  Approximate noised() const {
    return rounded(BallMixture<>(law_, schedule_.level(schedule_.steps())));
  }

  /// TV of what the two stand for.
  Quantity distance(const Approximate& p, const Approximate& q) const {
    const Ball between = proved_total_variation(p.law, q.law, width_ / 8).total_variation;
    const Ball off = (Ball::exactly(p.defect) + Ball::exactly(q.defect)) / 2;
    return Proved{Ball::around(between, off)};
  }

  Quantity early_stopping_bound() const {
    const PrecisionScope scope(kLevelBits);
    return Proved{sqrt(
        early_stopping_w2_squared_bound(schedule_.level(1), Ball(law_.second_moment()), 1))};
  }

  double width() const { return width_; }
  /// Score calls of a step, for the record of the result.
  long score_calls() const { return observe_steps(sampler_).score_calls * (schedule_.steps() - 1L); }

 private:
  /// The least deviation of p_t: what contours start from.
  double scale(int t) const {
    const Level<Ball>& level = schedule_.level(t - 1);
    return std::sqrt(level.abar.to_double() * least_variance_ + level.noise.to_double());
  }

  /// What all steps would take, before any of it is done. Only a guess decides here.
  void require_affordable() const {
    const MeanMap map(law_, schedule_, sampler_);
    const StepFacts facts = observe_steps(sampler_);
    const auto per_value = 2.5e-6 * static_cast<double>(law_.components.size()) *
                           std::max(facts.score_calls, 1);
    double low = 0;
    double high = 0;
    double widest = 0;
    for (const CoordinateLaw::Component& c : law_.components) {
      low = std::min(low, c.mean.to_double());
      high = std::max(high, c.mean.to_double());
      widest = std::max(widest, c.variance.to_double());
    }
    double seconds = 0;
    double narrowest = 1;
    for (int t = schedule_.steps(); t >= 2; --t) {
      const double sd = map.at(t, {}).sd.to_double();
      const double signal = schedule_.level(t - 1).abar.to_double();
      const double noise = schedule_.level(t - 1).noise.to_double();
      const double range =
          std::sqrt(signal) * (high - low) + 18 * std::sqrt(signal * widest + noise);
      const double spacing = 0.5 * std::min(sd, 0.5 * scale(t));
      seconds += per_value * (range / spacing + 40 * range / scale(t));
      narrowest = std::min(narrowest, sd);
    }
    if (!(seconds <= kMostProvedSeconds)) {
      throw EngineRefusal(fmt::format(
          "--arithmetic ball: {} steps with noises down to {:.1e} would take about {} of one core "
          "a run, and the limit is {:.0f} min; fewer steps or a schedule that ends at more noise "
          "take less, and without --arithmetic the law is computed",
          schedule_.steps() - 1, narrowest,
          seconds < 2 * 3600 ? fmt::format("{:.0f} min", seconds / 60)
                             : fmt::format("{:.2g} h", seconds / 3600),
          kMostProvedSeconds / 60));
    }
  }

  const Sampler& sampler_;
  PrecisionScope scope_;
  double width_;
  Schedule<Ball> schedule_;
  CoordinateLaw law_;
  double least_variance_ = HUGE_VAL;
};

Quantity not_proved(const char* what) {
  return Quantity::unknown(
      Evidence::proved,
      fmt::format("the proved law of a mixture has total variations, and no {} yet; without "
                  "--arithmetic it is computed",
                  what));
}

void require_asked_for(const ScoreEstimate& score, const LawRequest& request,
                       const LawOptions& options) {
  const Rational& width = request.arithmetic.width();
  if (!score.exact()) {
    throw EngineRefusal(fmt::format(
        "--score {}: the proved law of a mixture takes the exact score; without --arithmetic the "
        "law is computed",
        request.score));
  }
  if (request.digits != 0) {
    throw InputError(
        "--digits: the proved law of a mixture is asked for by --width, the length that its total "
        "variation may be known to");
  }
  if (options.local_errors) {
    throw EngineRefusal(
        "--local: local errors of a mixture are computed, not proved; leave --arithmetic out");
  }
  const double least = 2e-12 * static_cast<double>(request.steps);
  if (!(width.to_double() <= 1e-3 && width.to_double() >= least)) {
    throw InputError(fmt::format(
        "--width {}: must be from {:.1e} (2e-12 for every step, what doubles leave) to 0.001",
        width.text(), least));
  }
}

}  // namespace

LawResult compute_proved_line_law(const MixtureTarget& target, const Sampler& sampler,
                                  const ScoreEstimate& score, const LawRequest& request,
                                  const LawOptions& options) {
  require_asked_for(score, request, options);
  const ProvedLine line(target, sampler, request);
  const bool other_start = options.decomposition && request.start == Start::gaussian;
  const Start starts[] = {request.start, Start::exact};
  const auto laws =
      parallel_map(other_start ? 2 : 1, options.threads,
                   [&](std::size_t i) { return line.output(starts[i]); });
  LawResult out;
  out.engine = "line";
  out.arithmetic = "finite Gaussian mixtures of doubles, every error bounded in balls";
  out.dim = 1;
  out.score_calls = line.score_calls();
  const Approximate truth = line.truth();
  out.tv = line.distance(truth, laws[0]);
  out.kl_pq = not_proved("KL");
  out.kl_qp = not_proved("KL");
  out.hellinger = not_proved("Hellinger distance");
  if (options.decomposition) {
    const Quantity none = Proved{Ball(0)};
    const Approximate& exact = laws[other_start ? 1 : 0];
    out.parts.initialisation = other_start ? line.distance(exact, laws[0]) : none;
    out.parts.discretisation = other_start ? line.distance(truth, exact) : out.tv;
    out.parts.score = none;
    out.parts.initial_tv =
        other_start ? line.distance(line.noised(), {GaussSum({{1.0, {0.0}, {1.0}}}), 0}) : none;
    out.parts.eps_score = none;
    out.parts.early_stopping_w2_bound = line.early_stopping_bound();
  }
  if (out.tv.error() * 2 > line.width()) {
    out.notes.push_back(
        fmt::format("the total variation is known to a length of {:.1e}, more than the {:.1e} that "
                    "was asked for",
                    2 * out.tv.error(), line.width()));
  }
  return out;
}

}  // namespace lemmabench
