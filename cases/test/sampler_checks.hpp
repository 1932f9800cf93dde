#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/mutants/mutant_sampler.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/step_facts.hpp"
#include "cases/test/run_walk.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/exact_ball.hpp"
#include "numerics/mp.hpp"
#include "test/support/levels_file.hpp"

/// What every sampler is held to: checks that return what they find, so that they can be tried on
/// samplers that are wrong.
///
/// Everything is said in u = x/sqrt(abar), where the data do not move and the noise variance is tau
/// = (1-abar)/abar. The probability flow is du/dtau = -S/2 with S = sqrt(abar) s. A kernel that
/// asks for scores and ends with noise of variance n (in u) is the flow from the tau before it down
/// to tau_low = tau_after - n, then noise back up; one that asks for none only adds noise, tau + n.
/// This is seen in the step, not looked up by name. With a score that depends on the level alone
/// the mean of u then moves by F(tau_low) - F(tau_before), F' = -S/2, and each sampler is exact for
/// the score that is constant in its own variable, of the whole run, to all digits: its weights
/// telescope.
namespace lemmabench::test {

using Findings = std::vector<std::string>;

inline constexpr long kBits = 256;
/// Some thousand operations in 256 bits, on numbers of which the smallest is 1e-4: what is left is
/// far more than 200 bits.
inline constexpr double kAgreement = 0x1p-200;

inline bool same(const Ball& a, const Ball& b) {
  const Ball room = (abs(b) + 1) * Ball::exactly(kAgreement);
  return a.overlaps(b) && (a.radius() + b.radius()).less_than(room) == Truth::certainly;
}

/// How far below the stated order the slope between T = 97 and 193 may be. Observed at most 0.12
/// (dpmpp-2m); above it may be by much, where two errors nearly cancel (dpmpp-2m-sde, 3.25).
inline constexpr double kOrderRoom = 0.3;

inline AffineScore<Ball> level_only(Ball s) { return {Ball(0), std::move(s)}; }

// ---- schedules ----------------------------------------------------------------------------------

struct ScheduleCase {
  std::string text;
  long steps;
};

/// All schedules: the theory's three with parameters that allow few steps, and every other as it
/// comes; and the shortest runs there are.
inline std::vector<ScheduleCase> schedule_cases() {
  static const LevelsFile few(24);
  static const LevelsFile more(41);
  std::vector<ScheduleCase> out{{"logit:from=-1/4,to=1/4", 2}, {"logit:from=-1/2,to=1/2", 3}};
  for (const ScheduleInfo& info : all_schedules()) {
    const std::string id(info.id);
    if (id == "levels") {
      out.push_back({few.schedule(), 24});
      out.push_back({more.schedule(), 41});
      continue;
    }
    const bool theory = id == "li-cai" || id == "two-phase";
    std::string text = theory ? id + ":c0=1,c1=2" : id;
    if (id == "logit") text += ":from=-3,to=3";
    if (id == "flow") text += ":from=99/100,to=1/100";  // rounding grows with sigma_T
    out.push_back({text, 24});
    out.push_back({text, 41});
  }
  return out;
}

inline Schedule<Ball> schedule_of(const ScheduleCase& which) {
  return {make_schedule(which.text, "test"), which.steps};
}

// ---- a score of 0 -------------------------------------------------------------------------------

/// What a kernel is in u: the flow from `before` to `low`; then comes its noise.
struct FlowPart {
  Ball before;
  Ball low;
};
struct Track {
  std::vector<FlowPart> parts;
  Ball abar;  ///< where the run ends
  Ball tau;
  Ball noise{0};  ///< all noise, in u
};

inline Track track_of(const RunWalk<Ball>& zero, const Schedule<Ball>& schedule) {
  const Level<Ball>& top = schedule.level(schedule.steps());
  Track out{{}, top.abar, top.noise / top.abar, Ball(0)};
  for (const auto& kernel : zero.kernels()) {
    out.abar = top.abar * square(kernel.slope);
    const Ball n = kernel.noise / out.abar;
    out.noise += n;
    if (kernel.score_calls == 0) {
      out.tau += n;
      continue;
    }
    const Ball after = 1 / out.abar - 1;
    out.parts.push_back({out.tau, after - n});
    out.tau = after;
  }
  return out;
}

/// The signal is rescaled and nothing else happens to it; what is added is the noise of the
/// kernels, carried along; it is what the step says of itself.
inline Findings zero_score(const Sampler& sampler, const StepFacts& facts,
                           const Schedule<Ball>& schedule) {
  Findings out;
  RunWalk<Ball> walk(schedule, [](const Level<Ball>&) { return level_only(Ball(0)); });
  run_steps(sampler, schedule, walk);
  const Level<Ball>& top = schedule.level(schedule.steps());
  const Level<Ball>& last = schedule.level(1);
  if (!same(walk.slope(), sqrt(last.abar / top.abar))) {
    out.emplace_back("the signal is not sqrt(abar_1/abar_T) of what it was");
  }
  if (!same(walk.offset(), Ball(0))) {
    out.emplace_back("the mean moves without a score");
  }
  const Track track = track_of(walk, schedule);
  if (!same(track.tau, last.noise / last.abar)) {
    out.emplace_back("the last kernel does not arrive at level 1");
  }
  // What remembers a data prediction remembers the noise in it, and adds some of it once more.
  if (!facts.remembers && !same(walk.variance(Ball(0)), last.abar * track.noise)) {
    out.emplace_back("the variance is not the sum of those of the draws, carried along");
  }
  Ball variance(0);
  if (facts.path_noise) {  // y -> N(Psi(y), b/alpha)
    for (int t = schedule.steps(); t >= 2; --t) {
      variance = (variance + schedule.b(t)) / schedule.alpha(t);
    }
  }
  if ((facts.path_noise || !facts.noise) && !same(walk.variance(Ball(0)), variance)) {
    out.emplace_back("the variance is not that of v -> (v + b)/alpha, or 0 without noise");
  }
  return out;
}

// ---- constant scores ----------------------------------------------------------------------------

/// A score that depends on the level alone, and F with F' = -sqrt(abar) s/2 in tau.
struct LevelScore {
  const char* name;
  std::function<Ball(const Level<Ball>&)> score;
  std::function<Ball(const Ball& tau)> primitive;
};

inline const std::vector<LevelScore>& level_scores() {
  static const std::vector<LevelScore> kScores{
      // S itself: ddpm, ddim and the theory's samplers.
      {"constant at fixed signal", [](const Level<Ball>& l) { return 1 / sqrt(l.abar); },
       [](const Ball& tau) { return -tau / 2; }},
      // eps = -sqrt(1-abar) s = 1, du = eps dsigma.
      {"constant noise prediction", [](const Level<Ball>& l) { return -1 / sqrt(l.noise); },
       [](const Ball& tau) { return sqrt(tau); }},
      {"constant in Ornstein-Uhlenbeck time", [](const Level<Ball>&) { return Ball(1); },
       [](const Ball& tau) { return -sqrt(1 + tau); }},
      // e^{h-r} s_{t-r} of an exponential integrator.
      {"constant exponential integrand", [](const Level<Ball>& l) { return sqrt(l.abar); },
       [](const Ball& tau) { return -log(1 + tau) / 2; }},
      // s/(2 abar^{3/2}) of an integrator in abar.
      {"constant integrand in abar", [](const Level<Ball>& l) { return l.abar * sqrt(l.abar); },
       [](const Ball& tau) { return 1 / (2 * (1 + tau)); }},
  };
  return kScores;
}

inline bool exact_on(const LevelScore& which, const Track& track, const Sampler& sampler,
                     const Schedule<Ball>& schedule) {
  RunWalk<Ball> walk(schedule, [&](const Level<Ball>& l) { return level_only(which.score(l)); });
  try {
    run_steps(sampler, schedule, walk);
  } catch (const EngineRefusal&) {
    return false;  // it clips: not constant to this sampler
  }
  Ball moved(0);
  for (const FlowPart& part : track.parts) {
    moved += which.primitive(part.low) - which.primitive(part.before);
  }
  return same(walk.offset(), sqrt(track.abar) * moved);
}

/// Data at one point: the data prediction is constant, s = (sqrt(abar) c - x)/(1-abar), and N(sqrt
/// abar_T c, 1-abar_T) goes to N(sqrt(abar_1) c, 1-abar_1), because u - c shrinks like sqrt(tau).
inline bool exact_on_a_point(const Track& track, const Sampler& sampler,
                             const Schedule<Ball>& schedule) {
  const Ball c(3);
  RunWalk<Ball> walk(schedule, [&](const Level<Ball>& l) {
    return AffineScore<Ball>{-1 / l.noise, sqrt(l.abar) * c / l.noise};
  });
  try {
    run_steps(sampler, schedule, walk);
  } catch (const EngineRefusal&) {
    return false;
  }
  const Level<Ball>& top = schedule.level(schedule.steps());
  const Level<Ball>& last = schedule.level(1);
  Ball shrunk(1);
  for (const FlowPart& part : track.parts) {
    shrunk *= sqrt(part.low / part.before);
  }
  return same(walk.mean(sqrt(top.abar) * c), sqrt(last.abar) * c) &&
         same(walk.variance(top.noise), last.noise) &&
         same(walk.slope() * sqrt(top.abar / last.abar), shrunk);
}

/// The constant scores that a run of the sampler is exact on.
inline std::vector<std::string> exact_scores(const Sampler& sampler,
                                             const Schedule<Ball>& schedule) {
  RunWalk<Ball> zero(schedule, [](const Level<Ball>&) { return level_only(Ball(0)); });
  run_steps(sampler, schedule, zero);
  const Track track = track_of(zero, schedule);
  std::vector<std::string> out;
  for (const LevelScore& score : level_scores()) {
    if (exact_on(score, track, sampler, schedule)) {
      out.emplace_back(score.name);
    }
  }
  if (exact_on_a_point(track, sampler, schedule)) {
    out.emplace_back("constant data prediction");
  }
  return out;
}

// ---- a linear score -----------------------------------------------------------------------------

/// Data N(7/10, 3/10).
template <class Real>
AffineScore<Real> linear_score(const Level<Real>& level) {
  return gaussian_score(level, from_rational<Real>(Rational(3, 10)),
                        from_rational<Real>(Rational(7, 10)));
}

/// Only a clip may refuse: of a random vector it is not affine.
template <class Real>
bool runs(const Sampler& sampler, const Schedule<Real>& schedule, RunWalk<Real>& walk) {
  try {
    run_steps(sampler, schedule, walk);
    return true;
  } catch (const EngineRefusal& refusal) {
    if (std::string_view(refusal.what()).rfind("clips", 0) != 0) {
      throw;
    }
    return false;
  }
}

/// The larger of the relative variance error and of the error of the mean in standard deviations,
/// from the exact start, on a schedule without a log factor in its steps; -1 if the sampler clips.
inline double gaussian_error(const Sampler& sampler, long steps) {
  const Schedule<Ball> schedule(LogitSchedule{Rational(-3), Rational(3)}, steps);
  RunWalk<Ball> walk(schedule, linear_score<Ball>);
  if (!runs(sampler, schedule, walk)) {
    return -1;
  }
  const Ball lambda(Rational(3, 10));
  const Ball mu(Rational(7, 10));
  const Level<Ball>& top = schedule.level(schedule.steps());
  const Level<Ball>& last = schedule.level(1);
  const Ball w = marginal_variance(last, lambda);
  const Ball variance = walk.variance(marginal_variance(top, lambda)) / w - 1;
  const Ball mean = (walk.mean(marginal_mean(top, mu)) - marginal_mean(last, mu)) / sqrt(w);
  return std::max(std::abs(variance.to_double()), std::abs(mean.to_double()));
}

/// The error falls at least like T^-order where an order is stated (SamplerInfo), and falls at all
/// where none is.
inline Findings order_on_a_gaussian(const Sampler& sampler, int stated) {
  const double coarse = gaussian_error(sampler, 25);
  if (coarse < 0) {
    return {};
  }
  const double finer = gaussian_error(sampler, 97);
  const double fine = gaussian_error(sampler, 193);
  const double order = std::log2(finer / fine);
  if (stated > 0 && !(order > stated - kOrderRoom)) {
    return {fmt::format("order {:.2f} from T = 97 to 193, stated is {}", order, stated)};
  }
  if (!(fine < coarse / 4)) {
    return {fmt::format("the error falls from {:.3g} at T = 25 to {:.3g} at T = 193 only", coarse,
                        fine)};
  }
  return {};
}

inline Ball widened(const Ball& x, const char* slack) {
  return Ball::around(x, (abs(x) + 1) * Ball(Rational::parse(slack, "test")));
}

/// The run in `Real` lies in that in balls of 200 bits, whose radius covers its own rounding alone:
/// up to `slack`, the rounding of some thousand operations in Real.
template <class Real>
Findings in_balls(const Sampler& sampler, const ScheduleCase& which, const RunWalk<Ball>& balls,
                  const char* slack) {
  Findings out;
  const Schedule<Real> schedule(make_schedule(which.text, "test"), which.steps);
  RunWalk<Real> walk(schedule, linear_score<Real>);
  run_steps(sampler, schedule, walk);
  const auto inside = [&](const Ball& ball, const Real& x, const char* what) {
    if (!ball.overlaps(widened(exact_ball(x), slack))) {
      out.push_back(
          fmt::format("{} is {} in floats, {} in balls", what, to_double(x), ball.to_double()));
    }
  };
  inside(balls.slope(), walk.slope(), "the slope");
  inside(balls.offset(), walk.offset(), "the offset");
  const std::vector<Ball> draws = balls.draws();
  const std::vector<Real> ours = walk.draws();
  for (std::size_t k = 0; k < std::max(draws.size(), ours.size()); ++k) {
    inside(draws.at(k), ours.at(k), "the coefficient of a draw");
  }
  // At points, with draws without a pattern.
  std::vector<Real> drawn;
  for (std::size_t k = 0; k < ours.size(); ++k) {
    drawn.push_back(from_rational<Real>(Rational(static_cast<long>(k * k * 37 % 101) - 50, 29)));
  }
  const Batch<Real> start{
      {from_rational<Real>(Rational(-3, 2)), Real(0), from_rational<Real>(Rational(5, 7))}, 1};
  DrawnWalk<Real> points(schedule, linear_score<Real>, start, drawn);
  run_steps(sampler, schedule, points);
  for (std::size_t i = 0; i < start.values.size(); ++i) {
    Ball expected = balls.slope() * exact_ball(start.values[i]) + balls.offset();
    for (std::size_t k = 0; k < drawn.size(); ++k) {
      expected += draws[k] * exact_ball(drawn[k]);
    }
    inside(expected, points.state().values[i], "a point");
  }
  return out;
}

/// The same law in every arithmetic and on both kinds of state.
inline Findings same_in_all_arithmetics(const Sampler& sampler, const ScheduleCase& which) {
  const PrecisionScope scope(200);
  const Schedule<Ball> schedule = schedule_of(which);
  RunWalk<Ball> balls(schedule, linear_score<Ball>);
  if (!runs(sampler, schedule, balls)) {
    return {};
  }
  // 41 steps of up to 200 operations, with room for what they amplify.
  Findings out = in_balls<Mp80>(sampler, which, balls, "1e-74");
  for (const Findings& more : {in_balls<Mp40>(sampler, which, balls, "1e-34"),
                               in_balls<double>(sampler, which, balls, "1e-12")}) {
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

/// -Z is a noise as good as Z: `other` has the same mean and variance, whatever the signs.
inline Findings same_law(const Sampler& sampler, const Sampler& other,
                         const Schedule<Ball>& schedule) {
  RunWalk<Ball> ours(schedule, linear_score<Ball>);
  RunWalk<Ball> theirs(schedule, linear_score<Ball>);
  if (!runs(sampler, schedule, ours)) {
    return {};
  }
  Findings out;
  run_steps(other, schedule, theirs);
  for (const Ball& at : {Ball(0), Ball(2)}) {
    if (!same(ours.mean(at), theirs.mean(at))) {
      out.emplace_back("another mean");
    }
    if (!same(ours.variance(at), theirs.variance(at))) {
      out.emplace_back("another variance");
    }
  }
  return out;
}

inline Findings noise_signs(const Sampler& sampler, const Schedule<Ball>& schedule) {
  const auto scaled = [&](const char* by) {
    return make_sampler(mutant_text(sampler.text(), std::string("bug=noise-scale,by=") + by),
                        "test");
  };
  Findings out = same_law(sampler, *scaled("-1"), schedule);
  RunWalk<Ball> ours(schedule, linear_score<Ball>);
  RunWalk<Ball> silent(schedule, linear_score<Ball>);
  if (!runs(sampler, schedule, ours)) {
    return out;
  }
  run_steps(*scaled("0"), schedule, silent);
  if (!same(silent.variance(Ball(0)), Ball(0))) {
    out.emplace_back("has noise where all noise is 0");
  }
  if (!same(silent.mean(Ball(2)), ours.mean(Ball(2)))) {
    out.emplace_back("its mean depends on the noise");
  }
  return out;
}

/// text() names the sampler: it reads back as the same text, and as the same law.
inline Findings text_round_trip(const Sampler& sampler, const Schedule<Ball>& schedule) {
  const auto again = make_sampler(sampler.text(), "test");
  Findings out;
  if (again->text() != sampler.text()) {
    out.push_back(fmt::format("{} reads back as {}", sampler.text(), again->text()));
  }
  for (const std::string& finding : same_law(sampler, *again, schedule)) {
    out.push_back("read back: " + finding);
  }
  return out;
}

}  // namespace lemmabench::test
