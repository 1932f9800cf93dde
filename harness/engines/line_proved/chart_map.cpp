#include "harness/engines/line_proved/chart_map.hpp"

#include <cstddef>
#include <utility>

#include "cases/memory_slots.hpp"
#include "cases/step.hpp"
#include "harness/engines/line_proved/column_walk.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/exactly.hpp"
#include "numerics/jet.hpp"
#include "numerics/sampler_misuse.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {
namespace {

/// A walk over all steps that keeps one state and what is remembered.
class MapWalk : public ColumnWalk {
 public:
  MapWalk(const CoordinateLaw& law, const Schedule<Ball>& schedule, std::vector<Ball> start)
      : ColumnWalk(law, schedule, std::move(start)) {}

  Form state() override { return state_; }
  Form clip(const Form&, const Ball&) override { refuse_kinks(); }
  Form clamp(const Form&, const Ball&) override { refuse_kinks(); }
  Form add_noise(const Form& y, const Ball& sd) override {
    if (!is_exactly_zero(sd)) {
      refuse_noise();
    }
    return y;
  }
  void remember(int slot, const Form& y) override {
    Form kept = plain(y);
    settle_gains(kept.slope);
    memory_.remember(slot, std::move(kept));
  }
  Form recall(int slot) override {
    Form out = memory_.recall(slot);
    if (out.blocks() != state_.blocks()) {
      throw_foreign_vectors();
    }
    return out;
  }
  void move(const Form& mean) override {
    state_ = plain(mean);
    memory_.end_kernel();
    end_kernel(state_.slope);
  }
  void move(const Form& mean, const Ball& sd) override {
    if (!is_exactly_zero(sd)) {
      refuse_noise();
    }
    move(mean);
  }

 protected:
  /// What of a column refers to the state at the start of the kernel no longer does.
  virtual void settle_gains(std::vector<Ball>& /*column*/) const {}
  /// After each kernel, on the new state.
  virtual void end_kernel(std::vector<Ball>& /*state*/) {}

 private:
  [[noreturn]] static void refuse_kinks() {
    throw EngineRefusal(
        "--arithmetic ball: the proved law of a mixture takes no clip, whose kinks no Taylor "
        "polynomial passes; leave --arithmetic out for the computed law");
  }
  [[noreturn]] static void refuse_noise() {
    throw EngineRefusal(
        "--arithmetic ball: this sampler adds noise in some steps and none in others, and the "
        "proved law of a mixture takes noise in every step or in none; leave --arithmetic out for "
        "the computed law");
  }
  MemorySlots<Form> memory_;
};

/// On charts. Of each the column holds n terms and the coefficient that follows them on the whole
/// chart, as gain D + rest with D what it was for the state at the start of the kernel: a step
/// multiplies D by its own derivative, whose parts nearly cancel, and interval arithmetic would add
/// their sizes (P15).
class ChartWalk final : public MapWalk {
 public:
  ChartWalk(const CoordinateLaw& law, const Schedule<Ball>& schedule,
            const std::vector<Chart>& charts, int order)
      : MapWalk(law, schedule, start_of(charts, order)),
        charts_(charts),
        order_(static_cast<std::size_t>(order)),
        incoming_(charts.size()) {}

  ChartFunction function(std::size_t i) const { return function_at(column(), i); }

 private:
  std::size_t stride() const { return order_ + 2; }

  /// x itself; n >= 2, so that D = 0.
  static std::vector<Ball> start_of(const std::vector<Chart>& charts, int order) {
    const auto n = static_cast<std::size_t>(order);
    std::vector<Ball> out((n + 2) * charts.size());
    for (std::size_t i = 0; i < charts.size(); ++i) {
      out[i * (n + 2)] = Ball::exactly(charts[i].centre);
      out[i * (n + 2) + 1] = Ball(1);
      out[i * (n + 2) + n] = Ball(1);
    }
    return out;
  }

  ChartFunction function_at(const std::vector<Ball>& column, std::size_t i) const {
    const auto begin = column.begin() + static_cast<std::ptrdiff_t>(i * stride());
    ChartFunction out;
    out.terms.assign(begin, begin + static_cast<std::ptrdiff_t>(order_));
    out.top = incoming_[i] * begin[static_cast<std::ptrdiff_t>(order_)] +
              begin[static_cast<std::ptrdiff_t>(order_) + 1];
    return out;
  }

  void score_of(const BallMixture<>& mixture, const std::vector<Ball>& at,
                std::vector<Ball>& out) const override {
    const int n = static_cast<int>(order_);
    for (std::size_t i = 0; i < charts_.size(); ++i) {
      const ChartFunction f = function_at(at, i);
      Ball* to = out.data() + i * stride();
      if (!f.top.finite()) {
        for (std::size_t k = 0; k < stride(); ++k) {
          to[k] = f.top;
        }
        continue;
      }
      const Jet<Ball> centre = mixture.at(Jet<Ball>(f.terms, n - 1)).score();
      for (int k = 0; k < n; ++k) {
        to[k] = centre.coefficient(k);
      }
      // Coefficient n of S(f) on the chart: S'(f) f_n and what the lower ones make.
      std::vector<Ball> box;
      for (int k = 0; k < n; ++k) {
        box.push_back(on_chart(f, charts_[i], k));
      }
      const Ball slope = mixture.at(box.front()).score_derivative();
      to[n] = slope * at[i * stride() + order_];
      to[n + 1] = slope * at[i * stride() + order_ + 1] +
                  mixture.at(Jet<Ball>(std::move(box), n)).score().coefficient(n);
    }
  }

  void settle_gains(std::vector<Ball>& column) const override {
    for (std::size_t i = 0; i < charts_.size(); ++i) {
      Ball* gain = column.data() + i * stride() + order_;
      gain[1] += incoming_[i] * gain[0];
      gain[0] = Ball(0);
    }
  }
  void end_kernel(std::vector<Ball>& state) override {
    settle_gains(state);
    for (std::size_t i = 0; i < charts_.size(); ++i) {
      Ball* gain = state.data() + i * stride() + order_;
      std::swap(incoming_[i], gain[1]);
      gain[0] = Ball(1);
      gain[1] = Ball(0);
    }
  }

  const std::vector<Chart>& charts_;
  std::size_t order_;
  std::vector<Ball> incoming_;  ///< D of every chart
};

}  // namespace

Ball on_chart(const ChartFunction& f, const Chart& chart, int k) {
  const auto n = static_cast<int>(f.terms.size());
  const Ball d = Ball::around(0, Ball::exactly(chart.radius));
  // sum_{j >= k} binomial(j, k) c_j d^{j-k}, by Horner's rule; |d|^i for the interval d^i around 0.
  Ball out;
  for (int j = n; j >= k; --j) {
    long choose = 1;
    for (int i = 1; i <= k; ++i) {
      choose = choose * (j - k + i) / i;
    }
    out *= d;
    out += (j == n ? f.top : f.terms[static_cast<std::size_t>(j)]) * Ball(choose);
  }
  return out;
}

std::vector<ChartFunction> ComposedMap::on_charts(const std::vector<Chart>& charts,
                                                  int order) const {
  ChartWalk walk(law_, schedule_, charts, order);
  for (int t = schedule_.steps(); t >= 2; --t) {
    sampler_.step(make_step(schedule_, t, 1), walk);
  }
  std::vector<ChartFunction> out;
  out.reserve(charts.size());
  for (std::size_t i = 0; i < charts.size(); ++i) {
    out.push_back(walk.function(i));
  }
  return out;
}

std::vector<Ball> ComposedMap::at(const std::vector<double>& points) const {
  std::vector<Ball> start;
  start.reserve(points.size());
  for (const double x : points) {
    start.push_back(Ball::exactly(x));
  }
  MapWalk walk(law_, schedule_, std::move(start));
  for (int t = schedule_.steps(); t >= 2; --t) {
    sampler_.step(make_step(schedule_, t, 1), walk);
  }
  return walk.column();
}

}  // namespace lemmabench
