// Samplers with memory on Gaussians: the joint law of (Y, M) against the responses of the sampler
// to a start and to every single noise, computed one by one.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cases/memory_slots.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/step.hpp"
#include "cases/target.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "harness/engines/line/line_law.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

/// A point that carries memory, with the draw number `at` 1 and all others 0. Every kernel and
/// every noise inside one takes a number, from 0.
class ImpulseWalk final : public Walk<Batch<double>, double> {
 public:
  using State = Batch<double>;
  ImpulseWalk(double start, int at, const Schedule<double>& schedule, double variance, double mean)
      : at_(start), draw_(at), schedule_(schedule), variance_(variance), mean_(mean) {}

  State state() override { return {{at_}, 1}; }
  State score(int t, const State& y) override { return score_at(schedule_.level(t), y); }
  State score_at(const Level<double>& level, const State& y) override {
    const double centre = std::sqrt(level.abar) * mean_;
    return {{(centre - y.values[0]) / (level.abar * variance_ + level.noise)}, 1};
  }
  void remember(int slot, const State& y) override { memory_.remember(slot, y); }
  State recall(int slot) override { return memory_.recall(slot); }
  State add_noise(const State& y, const double& sd) override {
    return {{y.values[0] + (draw_-- == 0 ? sd : 0.0)}, 1};
  }
  State clip(const State& y, const double&) override { return y; }
  void move(const State& mean, const double& sd) override {
    at_ = mean.values[0] + (draw_-- == 0 ? sd : 0.0);
    memory_.end_kernel();
  }
  void move(const State& mean) override { move(mean, 0.0); }

  double at() const { return at_; }

 private:
  double at_;
  int draw_;
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

/// A file that remembers points with noise of their own, of a kernel that ends and of one that does
/// not, over up to three steps.
std::string noisy_memory_file() {
  const auto step = [](const std::string& key, const std::string& recalled) {
    const std::string list = "[[" + key + "]]\n";
    return list + "name = \"m\"\ny = \"1/2\"\ns = \"h\"\nz = \"b/3\"\n" + list +
           "name = \"n\"\nm = 1\n\"s(t-1, m)\" = \"b/2\"\nz = \"sqrt(b)/4\"\n" + list +
           "name = \"u\"\nn = \"1/2\"\nz = \"b\"\n" + list + "n = \"4/5\"\nu = \"2/5\"\n" +
           recalled + "z = \"sqrt(b)\"\n";
  };
  return step("stage",
              "\"m(t+1)\" = \"-1/5\"\n\"u(t+2)\" = \"1/7\"\n\"y(t+3)\" = \"1/9\"\n"
              "\"s(t, m(t+1))\" = \"b/3\"\n") +
         step("first", "") + step("second", "\"u(t+1)\" = \"1/3\"\n") + step("third", "");
}

}  // namespace

TEST_CASE("the law of a sampler with memory is the sum of its responses") {
  const GaussianLaw target =
      std::get<GaussianLaw>(make_target("gaussian:dim=1,variance=0.3,mean=0.7", "t").law);
  const Schedule<double> schedule(make_schedule(kSchedule, "t"), 40);
  const auto score = make_score("exact", "t");
  for (const char* id :
       {"dpmpp-2m", "dpmpp-2m-sde", "ddpm", "edm-stochastic",
        LEMMABENCH_SOURCE_DIR "/examples/own_toml/dpmpp-3m.toml", "noisy memory"}) {
    CAPTURE(id);
    const auto sampler = std::string(id) == "noisy memory"
                             ? parse_expression_sampler(noisy_memory_file(), "mine.toml")
                             : make_sampler(id, "t");
    const auto law = propagate_gaussian<double>(target, *sampler, *score, schedule, {});
    // Linear: Y_1 = m + G Y_T + sum_k g_k Z_k.
    const double g = run(*sampler, schedule, 1, -1, 0);
    double variance = g * g;
    for (int k = 0; k < 4 * schedule.steps(); ++k) {
      const double response = run(*sampler, schedule, 0, k, 0);
      variance += response * response;
    }
    const Level<double>& end = schedule.level(1);
    const double w = end.abar * 0.3 + end.noise;
    // 40 steps of some 20 roundings; observed at most 2e-15 of the variance, which the noisy file
    // makes 6e4 times too large.
    const double room = 1e-13 * std::max(1.0, variance / w);
    CHECK(std::fabs(law.from_gaussian[0].e - (variance / w - 1)) < room);
    const double mean = run(*sampler, schedule, 0, -1, 0.7) - std::sqrt(end.abar) * 0.7;
    CHECK(std::fabs(law.from_gaussian[0].mean_error - mean) < 1e-13);
    const PrecisionScope scope(1000);
    const Schedule<Ball> balls(make_schedule(kSchedule, "t"), 40);
    const auto proved = propagate_gaussian<Ball>(target, *sampler, *score, balls, {});
    CHECK(std::fabs(proved.from_gaussian[0].e.to_double() - (variance / w - 1)) < room);
    CHECK(std::fabs(proved.from_gaussian[0].mean_error.to_double() - mean) < 1e-13);
    CHECK(proved.from_gaussian[0].e.relative_accuracy_bits() > 200);
  }
}

TEST_CASE("memory: what cannot carry it refuses in one line") {
  const auto sampler = make_sampler("dpmpp-2m-sde", "t");
  const auto score = make_score("exact", "t");
  LawRequest ask;
  ask.steps = 40;
  ask.schedule = make_schedule(kSchedule, "t");
  const auto mixture =
      std::get<CoordinateLaw>(make_target("mixture:weights=1,means=0,variances=0.3", "t").law);
  // compute_law() takes another way on the line (own_language_law_slow_test.cpp).
  CHECK_THROWS_WITH_AS(
      compute_line_law(mixture, *sampler, *score, ask, {}),
      "--sampler dpmpp-2m-sde: remembers earlier steps and adds noise, and the map that carries "
      "memory here takes deterministic steps only; `lemmabench law` has it on Gaussian targets and "
      "mixtures on the line, `lemmabench particles` on any",
      EngineRefusal);
  const auto target = std::get<GaussianLaw>(make_target("gaussian:dim=1,variance=0.3", "t").law);
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
      std::get<GaussianLaw>(make_target("gaussian:dim=1,variance=0.3,mean=0.7", "t").law);
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
