// Samplers with memory on Gaussians: the joint law of (Y, M) against the responses of the sampler
// to a start and to every single noise, computed one by one.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cases/memory_slots.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/step.hpp"
#include "cases/target.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "harness/engines/line/line_law.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

/// A point that carries memory, with noise `impulse` in the kernel of step `at` alone, counting
/// kernels from 0.
class ImpulseWalk final : public Walk<Batch<double>, double> {
 public:
  using State = Batch<double>;
  ImpulseWalk(double start, int at, const Schedule<double>& schedule, double variance, double mean)
      : at_(start), kernel_(at), schedule_(schedule), variance_(variance), mean_(mean) {}

  State state() override { return {{at_}, 1}; }
  State score(int t, const State& y) override { return score_at(schedule_.level(t), y); }
  State score_at(const Level<double>& level, const State& y) override {
    const double centre = std::sqrt(level.abar) * mean_;
    return {{(centre - y.values[0]) / (level.abar * variance_ + level.noise)}, 1};
  }
  void remember(int slot, const State& y) override { memory_.remember(slot, y); }
  State recall(int slot) override { return memory_.recall(slot); }
  State add_noise(const State& y, const double&) override { return y; }
  State clip(const State& y, const double&) override { return y; }
  void move(const State& mean, const double& sd) override {
    at_ = mean.values[0] + (kernel_ == 0 ? sd : 0.0);
    memory_.end_kernel();
    --kernel_;
  }
  void move(const State& mean) override { move(mean, 0.0); }

  double at() const { return at_; }

 private:
  double at_;
  int kernel_;
  const Schedule<double>& schedule_;
  double variance_;
  double mean_;
  MemorySlots<State> memory_;
};

double run(const Sampler& sampler, const Schedule<double>& schedule, double start, int impulse,
           double mean) {
  ImpulseWalk walk(start, impulse, schedule, 0.3, mean);
  for (int t = schedule.steps(); t >= 2; --t) {
    sampler.step(make_step(schedule, t, 1), walk);
  }
  return walk.at();
}

constexpr const char* kSchedule = "li-cai:c0=1,c1=5";

}  // namespace

TEST_CASE("the law of a sampler with memory is the sum of its responses") {
  const GaussianTarget target =
      std::get<GaussianTarget>(make_target("gaussian:dim=1,variance=0.3,mean=0.7", "t").law);
  const Schedule<double> schedule(make_schedule(kSchedule, "t"), 40);
  const auto score = make_score("exact", "t");
  for (const char* id : {"dpmpp-2m", "dpmpp-2m-sde", "ddpm", "edm-stochastic"}) {
    CAPTURE(id);
    const auto sampler = make_sampler(id, "t");
    const auto law = propagate_gaussian<double>(target, *sampler, *score, schedule, {});
    // Linear: Y_1 = m + G Y_T + sum_k g_k Z_k.
    const double g = run(*sampler, schedule, 1, -1, 0);
    double variance = g * g;
    for (int k = 0; k < 2 * schedule.steps(); ++k) {
      const double response = run(*sampler, schedule, 0, k, 0);
      variance += response * response;
    }
    const Level<double>& end = schedule.level(1);
    const double w = end.abar * 0.3 + end.noise;
    // 40 steps of some 20 roundings; observed at most 2e-15 of 1.
    CHECK(std::fabs(law.from_gaussian[0].e - (variance / w - 1)) < 1e-13);
    const double mean = run(*sampler, schedule, 0, -1, 0.7) - std::sqrt(end.abar) * 0.7;
    CHECK(std::fabs(law.from_gaussian[0].mean_error - mean) < 1e-13);
  }
}

TEST_CASE("memory: what cannot carry it refuses in one line") {
  const auto sampler = make_sampler("dpmpp-2m-sde", "t");
  const auto score = make_score("exact", "t");
  LawRequest ask;
  ask.steps = 40;
  ask.schedule = make_schedule(kSchedule, "t");
  const auto mixture =
      std::get<MixtureTarget>(make_target("mixture:weights=1,means=0,variances=0.3", "t").law);
  CHECK_THROWS_WITH_AS(
      compute_line_law(mixture, *sampler, *score, ask, {}),
      "--sampler dpmpp-2m-sde: remembers earlier steps and adds noise, and the line law carries "
      "memory through deterministic steps only; use a Gaussian target",
      EngineRefusal);
  const auto target = std::get<GaussianTarget>(make_target("gaussian:dim=1,variance=0.3", "t").law);
  CHECK_THROWS_WITH_AS(
      compute_gaussian_law(target, *sampler, *score, ask, {.local_errors = true}),
      "--sampler dpmpp-2m-sde: has no local errors: a step of it alone does not lead from p_t to "
      "p_{t-1}",
      EngineRefusal);
}

TEST_CASE("the composed flow of dpmpp-2m on the line is its Gaussian law") {
  const auto sampler = make_sampler("dpmpp-2m", "t");
  const auto score = make_score("exact", "t");
  LawRequest ask;
  ask.steps = 40;
  ask.schedule = make_schedule(kSchedule, "t");
  ask.arithmetic = LawArithmetic::mp();
  const auto target =
      std::get<GaussianTarget>(make_target("gaussian:dim=1,variance=0.3,mean=0.7", "t").law);
  const LawResult exact = compute_gaussian_law(target, *sampler, *score, ask, {});
  const LawResult line = compute_line_law(as_mixture(target), *sampler, *score, ask, {});
  // Both say how wrong they are.
  CHECK(std::fabs(line.tv.value() - exact.tv.value()) <= line.tv.error() + exact.tv.error());
  CHECK(std::fabs(line.kl_pq.value() - exact.kl_pq.value()) <=
        line.kl_pq.error() + exact.kl_pq.error());
  CHECK(line.tv.error() < 1e-11);
  CHECK(exact.tv.value() > 1e-3);
  CHECK(line.score_calls == 39);
}
