#include "theory/claims/necessity.hpp"

#include <array>

namespace lemmabench {

ScheduleKind necessity_schedule() { return LogitSchedule{Rational(-9), Rational(4)}; }

std::vector<ScheduleKind> both_schedules() { return {necessity_schedule(), LiCaiSchedule{}}; }

LastStep make_last_step(const TargetCase& target, const ScheduleKind& schedule) {
  return LastStep(*target.product(), schedule, kNecessitySteps);
}

LastStep make_last_step(const TargetCase& target) {
  return make_last_step(target, necessity_schedule());
}

int ladder_length(const Effort& effort) { return effort.full ? 13 : 7; }

Ball lattice_spacing(const LastStep& step, int k) { return step.b() * pow(Ball(10), Ball(1 - k)); }

std::vector<std::vector<Ball>> probes(const LastStep& step) {
  // In general position: no multiples of one another, nor of any standard deviation.
  const std::array<Rational, 5> places{Rational(-231, 100), Rational(-87, 100), Rational(13, 100),
                                       Rational(119, 100), Rational(273, 100)};
  std::vector<std::vector<Ball>> out;
  for (const Rational& place : places) {
    std::vector<Ball> y;
    for (const LastStepBlock& block : step.blocks()) {
      const Ball mean = mixture_mean(block.at2);
      const Ball sd = sqrt(mixture_second_moment(block.at2) - mean * mean);
      y.push_back(mean + Ball(place) * sd);
    }
    out.push_back(std::move(y));
  }
  return out;
}

Ball off_lattice(const Ball& u, const Ball& spacing) {
  return u - lattice_point(u + spacing / 2, spacing);
}

void require_lattice(const LastStep& step, const Tampering& how, Comparisons& out) {
  for (const std::vector<Ball>& y : probes(step)) {
    for (std::size_t i = 0; i < step.blocks().size(); ++i) {
      const Ball u = step.tampered_ddim(step.blocks()[i], y[i], how);
      const Ball off = off_lattice(u, *how.spacing);
      out.vanishes(Proved{off}, Proved{u}, Proved{u - off}, *how.spacing, kOnLattice,
                   {.part = "(y + (b/2) s_2)/sqrt(alpha) lies on l Z",
                    .steps = step.steps(),
                    .t = 2,
                    .x = y[i]});
    }
  }
}

std::vector<Claim> necessity_claims() {
  std::vector<Claim> out;
  for (const auto& group : {lattice_claims, midpoint_claims, clip_claims, distance_claims}) {
    for (Claim& claim : group()) {
      out.push_back(std::move(claim));
    }
  }
  return out;
}

}  // namespace lemmabench
