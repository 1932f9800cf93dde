#pragma once

#include <functional>
#include <vector>

#include "cases/memory_slots.hpp"
#include "cases/sampler.hpp"
#include "numerics/error.hpp"

namespace lemmabench::test {

/// One point on the line under a score the test gives: records what each kernel did to it.
class PointWalk final : public Walk<Batch<double>, double> {
 public:
  using Score = std::function<double(int t, double x)>;
  using LevelScore = std::function<double(const Level<double>& level, double x)>;
  struct Kernel {
    double mean = 0;
    double sd = 0;
  };
  /// What the sampler did: the kernels it ended, the levels of its score calls (levels: those of
  /// the schedule; noise: 1-abar of all, if the score is one of levels), the sd of every
  /// intermediate noise, the radius of every clip; each in order.
  struct Record {
    std::vector<Kernel> kernels;
    std::vector<int> levels;
    std::vector<double> noise;
    std::vector<double> intermediate;
    std::vector<double> radii;
  };

  PointWalk(double start, Score score) : at_(start), score_(std::move(score)) { forget(); }
  /// With a score at every level, for samplers that ask between those of `schedule`, which must
  /// live as long.
  PointWalk(double start, const Schedule<double>& schedule, LevelScore score)
      : at_(start),
        score_([this, &schedule](int t, double x) { return score_at(schedule.level(t), x); }),
        level_score_(std::move(score)) {
    forget();
  }

  Batch<double> state() override { return {{at_}, 1}; }
  Batch<double> score(int t, const Batch<double>& y) override {
    record_.levels.push_back(t);
    return {{score_(t, y.values[0])}, 1};
  }
  Batch<double> score_at(const Level<double>& level, const Batch<double>& y) override {
    return {{score_at(level, y.values[0])}, 1};
  }
  void remember(int slot, const Batch<double>& y) override { memory_.remember(slot, y); }
  Batch<double> recall(int slot) override { return memory_.recall(slot); }
  Batch<double> add_noise(const Batch<double>& y, const double& sd) override {
    record_.intermediate.push_back(sd);
    return y;  // the draw Z' = 0
  }
  Batch<double> clip(const Batch<double>& u, const double& radius) override {
    record_.radii.push_back(radius);
    const double x = u.values[0];
    return {{x > radius ? radius : (x < -radius ? -radius : x)}, 1};
  }
  /// On the line the same as clip().
  Batch<double> clamp(const Batch<double>& u, const double& bound) override {
    return clip(u, bound);
  }
  void move(const Batch<double>& mean, const double& sd) override {
    at_ = mean.values[0];  // the draw Z = 0
    memory_.end_kernel();
    record_.kernels.push_back({at_, sd});
  }
  void move(const Batch<double>& mean) override { move(mean, 0.0); }

  const Record& record() const { return record_; }

 private:
  /// A step may be taken alone: what it would have from slot 0 is 0.
  void forget() {
    memory_.remember(0, {{0.0}, 1});
    memory_.end_kernel();
  }
  double score_at(const Level<double>& level, double x) {
    record_.noise.push_back(level.noise);
    return level_score_(level, x);
  }

  double at_;
  MemorySlots<Batch<double>> memory_;
  Score score_;
  LevelScore level_score_;
  Record record_;
};

}  // namespace lemmabench::test
