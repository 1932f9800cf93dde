#include "cases/sampler_schedule.hpp"

#include <fmt/format.h>

#include <string>

#include "cases/step.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/ball.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr long kBits = 256;

/// A walk of one coordinate that sees whether what a step computes is a finite number.
class ProbeWalk final : public Walk<AffineForm<Ball>, Ball> {
 public:
  using State = AffineForm<Ball>;

  State state() override { return number(3); }
  State score(int, const State& y) override { return answer(y); }
  State score_at(const Level<Ball>& level, const State& y) override {
    finite_ = finite_ && level.abar.finite() && level.noise.finite();
    return answer(y);
  }
  State data_mean() override { return number(5); }
  void remember(int, const State& y) override { look_at(y); }
  State recall(int) override { return number(7); }
  State add_noise(const State& y, const Ball& sd) override {
    finite_ = finite_ && sd.finite();
    return y;
  }
  State clip(const State& u, const Ball&) override { return u; }
  State clamp(const State& u, const Ball&) override { return u; }
  void move(const State& mean, const Ball& sd) override {
    finite_ = finite_ && sd.finite();
    look_at(mean);
  }
  void move(const State& mean) override { look_at(mean); }

  bool finite() const { return finite_; }

 private:
  static State number(int n) {
    State out;
    out.slope.assign(1, Ball(n));
    return out;
  }
  State answer(const State& y) {
    look_at(y);
    return number(-11);
  }
  void look_at(const State& y) {
    State settled = y;
    settled.settle();
    finite_ = finite_ && settled.slope[0].finite();
  }

  bool finite_ = true;
};

bool is_finite_step(const Sampler& sampler, const Schedule<Ball>& schedule, int t) {
  ProbeWalk walk;
  sampler.step(make_step(schedule, t, 1), walk);
  return walk.finite();
}

[[noreturn]] void refuse(const Sampler& sampler, int t, long steps, const std::string& why,
                         const std::string& remedy) {
  throw InputError(
      fmt::format("--sampler {}: its step from t = {} of {} is no finite number: {}; {}",
                  sampler.text(), t, steps, why, remedy));
}

}  // namespace

void require_end_steps(const Sampler& sampler, const ScheduleKind& kind, long steps) {
  const PrecisionScope scope(kBits);
  const Schedule<Ball> schedule(kind, steps, StepBound::whole, EndLevels::closed);
  const int last = schedule.steps();
  const auto fails = [&](int t) { return 2 <= t && !is_finite_step(sampler, schedule, t); };
  for (const int t : {last, last - 1}) {
    if (schedule.from_noise() && fails(t)) {
      refuse(sampler, t, last, fmt::format("level {} has no signal (abar = 0)", last),
             "let the first level have some, or take ddim-coefficient, ddpm-posterior, "
             "euler-ancestral, dpmpp-2m or dpmpp-2m-sde");
    }
  }
  if (schedule.to_data() && fails(2)) {
    refuse(sampler, 2, last, "level 1 has no noise", "let the last level have some");
  }
  for (const int pause : schedule.pauses()) {
    for (const int t : {pause, pause - 1}) {
      if (fails(t)) {
        refuse(sampler, t, last,
               fmt::format("levels {} and {} are equal (h_{} = 0)", pause, pause - 1, pause),
               "list every level once");
      }
    }
  }
}

}  // namespace lemmabench
