#include "harness/engines/line_proved/proved_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "cases/sampler_schedule.hpp"
#include "cases/step_facts.hpp"
#include "harness/engines/line_proved/data_end.hpp"
#include "harness/engines/line_proved/line_certificate.hpp"
#include "harness/engines/line_proved/proved_answer.hpp"
#include "harness/engines/line_proved/proved_distance.hpp"
#include "harness/engines/line_proved/proved_hellinger.hpp"
#include "harness/engines/line_proved/proved_map_law.hpp"
#include "harness/engines/line_proved/proved_step.hpp"
#include "harness/engines/line_proved/rounded_law.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {
namespace {

/// Of everything that goes along with the law.
constexpr long kStepBits = 72;

/// One question, checked, with its levels.
class ProvedLine {
 public:
  ProvedLine(const CoordinateLaw& law, const Sampler& sampler, const LawRequest& request)
      : sampler_(sampler),
        scope_(kLevelBits),
        width_(request.arithmetic.width().to_double()),
        schedule_(schedule_for<Ball>(sampler, request.schedule, request.steps, EndLevels::open)),
        law_(law) {
    for (const CoordinateLaw::Component& c : law_.components) {
      least_variance_ = std::min(least_variance_, c.variance.to_double());
    }
    end_ = find_data_end(MeanMap(law_, schedule_, sampler_), width_);
    require_affordable();
  }

  /// Runs the sampler from N(0, 1) or from p_T, down to where the data end begins, and writes it
  /// down where `record` is given.
  RoundedLaw output(Start start, LineCertificate* record) const {
    const PrecisionScope scope(kLevelBits);
    const int top = schedule_.steps();
    RoundedLaw now = start == Start::exact ? at_level(top) : standard_normal();
    const MeanMap map(law_, schedule_, sampler_);
    const double tolerance = std::max(width_ / (8.0 * top), 1e-17);
    ContourGuess guess;
    UpperSum defect;
    defect.add(now.defect);
    if (record != nullptr) {
      record->start(now);
    }
    for (int t = top; t > end_.level; --t) {
      const PrecisionScope step_scope(kStepBits);
      ProvedStep next = proved_step(now.law, map, t, tolerance, scale(t), guess);
      if (record != nullptr) {
        record->step(t, next);
      }
      now.law = std::move(next.law);
      defect.add(next.defect);  // P1: what came before is contracted
    }
    now.defect = defect.value();
    return now;
  }

  RoundedLaw truth() const { return at_level(end_.level); }
  RoundedLaw noised() const { return at_level(schedule_.steps()); }

  /// TV of what the two stand for.
  Ball distance(const RoundedLaw& p, const RoundedLaw& q) const {
    return total_variation_of(p, q, width_ / 8);
  }

  /// TV of what the steps of the data end make of two laws at its level, `local` of them 1 if the
  /// first is the exact one (P14).
  Quantity distance_after_end(const RoundedLaw& p, const RoundedLaw& q, bool p_is_exact,
                              LineCertificate* record = nullptr) const {
    const PrecisionScope scope(kLevelBits);
    const ProvedDistance found = proved_total_variation(p.law, q.law, width_ / 8);
    const Ball out = end_.level == 1 ? Ball::around(found.total_variation, defects(p, q) / 2)
                                     : after_end(p, q, p_is_exact, found);
    if (record != nullptr) {
      record->end(p, found, q.defect, end_, out);
    }
    return Proved{out};
  }

  void ask(const LawRequest& request, LineCertificate& record) const {
    record.question(request, law_, schedule_, end_.level);
  }

  Quantity early_stopping_bound() const {
    const PrecisionScope scope(kLevelBits);
    return proved_early_stopping_bound(law_, schedule_);
  }

  double width() const { return width_; }
  const DataEnd& end() const { return end_; }
  /// Score calls of a step, for the record of the result.
  long score_calls() const {
    return observe_steps(sampler_).score_calls * (schedule_.steps() - 1L);
  }

 private:
  /// P14.
  Ball after_end(const RoundedLaw& p, const RoundedLaw& q, bool p_is_exact,
                 const ProvedDistance& found) const {
    std::vector<GaussSum::Interval> starts = p.law.support(0);
    for (const GaussSum::Interval& at : q.law.support(0)) {
      starts.push_back(at);
    }
    const MeanMap map(law_, schedule_, sampler_);
    const PathDrift path = path_drift(map, end_, starts);
    const Ball crossing =
        Ball::exactly(crossing_bound(p.law, q.law, found.edges, path.drift, end_.variance)) +
        2 * Ball::exactly(path.escape) + Ball::exactly(p.law.mass_outside()) +
        Ball::exactly(q.law.mass_outside());
    const Ball local = p_is_exact ? Ball::exactly(end_.local) : Ball(0);
    const Ball off = defects(p, q);
    return Ball::hull(lower_end(found.on_set - crossing - local - off),
                      upper_end(found.total_variation + local + off / 2));
  }

  RoundedLaw at_level(int t) const {
    const PrecisionScope scope(kLevelBits);
    return rounded_law(BallMixture<>(law_, schedule_.level(t)));
  }
  static Ball defects(const RoundedLaw& p, const RoundedLaw& q) {
    return Ball::exactly(p.defect) + Ball::exactly(q.defect);
  }

  /// The least deviation of p_t: what contours start from.
  double scale(int t) const {
    const Level<Ball>& level = schedule_.level(t - 1);
    return std::sqrt(level.abar.to_double() * least_variance_ + level.noise.to_double());
  }

  /// What all steps would take, before any of it is done. Only a guess decides here.
  void require_affordable() const {
    const MeanMap map(law_, schedule_, sampler_);
    const StepFacts facts = observe_steps(sampler_);
    const auto per_value =
        2.5e-6 * static_cast<double>(law_.components.size()) * std::max(facts.score_calls, 1);
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
    for (int t = schedule_.steps(); t > end_.level; --t) {
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
  DataEnd end_;
};

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

/// Of a sampler that adds noise in every step.
LawResult noisy_law(const CoordinateLaw& law, const Sampler& sampler, const LawRequest& request,
                    const LawOptions& options) {
  const ProvedLine line(law, sampler, request);
  const bool other_start = options.decomposition && request.start == Start::gaussian;
  const Start starts[] = {request.start, Start::exact};
  LineCertificate written;
  LineCertificate* record = options.certificate == nullptr ? nullptr : &written;
  if (record != nullptr) {
    line.ask(request, *record);
  }
  const auto laws = parallel_map(other_start ? 2 : 1, options.threads, [&](std::size_t i) {
    return line.output(starts[i], i == 0 ? record : nullptr);
  });
  LawResult out = proved_answer("finite Gaussian mixtures of doubles, every error bounded in balls",
                                line.score_calls());
  const RoundedLaw truth = line.truth();
  out.tv = line.distance_after_end(truth, laws[0], true, record);
  if (record != nullptr) {
    *options.certificate = record->text();
  }
  if (options.decomposition) {
    const Quantity none = Proved{Ball(0)};
    const RoundedLaw& exact = laws[other_start ? 1 : 0];
    out.parts.initialisation = other_start ? line.distance_after_end(exact, laws[0], false) : none;
    out.parts.discretisation = other_start ? line.distance_after_end(truth, exact, true) : out.tv;
    out.parts.score = none;
    out.parts.initial_tv =
        other_start ? Proved{line.distance(line.noised(), standard_normal())} : none;
    out.parts.eps_score = none;
    out.parts.early_stopping_w2_bound = line.early_stopping_bound();
  }
  if (line.end().level == 1) {
    out.hellinger = Proved{proved_hellinger(truth, laws[0])};
  } else {
    out.notes.push_back(
        fmt::format("the last {} steps, of noise variance {:.1e} and below, are bounded and not "
                    "followed: their "
                    "local errors sum to {:.1e} at most",
                    line.end().level - 1, line.end().variance, line.end().local));
  }
  note_missed_width(out, line.width());
  return out;
}

}  // namespace

LawResult compute_proved_line_law(const CoordinateLaw& target, const Sampler& sampler,
                                  const ScoreEstimate& score, const LawRequest& request,
                                  const LawOptions& options) {
  require_asked_for(score, request, options);
  const StepFacts facts = observe_steps(sampler);  // refuses one whose vectors would mean nothing
  return facts.answered && !facts.noise ? compute_proved_map_law(target, sampler, request, options)
                                        : noisy_law(target, sampler, request, options);
}

}  // namespace lemmabench
