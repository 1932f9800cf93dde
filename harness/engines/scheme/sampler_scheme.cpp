#include "harness/engines/scheme/sampler_scheme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/kernel_walk.hpp"
#include "cases/memory_slots.hpp"
#include "cases/sampler_schedule.hpp"
#include "cases/step.hpp"
#include "harness/engines/common/local_errors.hpp"
#include "harness/engines/common/two_runs.hpp"
#include "harness/engines/scheme/line_denoiser.hpp"
#include "harness/engines/scheme/scheme_line.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// A run on unit vectors: a state is its coefficients of x_T, of the outputs D_j and of the draws
/// z_m, in this order, at most `columns` of each of the latter two.
class UnitWalk final : public KernelWalk<AffineForm<Mp40>, Mp40> {
 public:
  using State = AffineForm<Mp40>;

  UnitWalk(const Schedule<Mp40>& schedule, std::size_t calls, std::size_t draws)
      : schedule_(schedule), calls_(calls), draws_(draws) {
    const Mp40& abar = schedule.level(schedule.steps()).abar;
    at_ = unit(0);
    if (!is_exactly_zero(abar)) {
      at_ = Mp40(sqrt(abar)) * at_;
    }
  }

  State state() override { return at_; }
  State score(int t, const State& y) override { return score_at(schedule_.level(t), y); }
  State score_at(const Level<Mp40>& level, const State& y) override {
    ++score_calls_;
    if (is_exactly_zero(level.abar)) {
      return Mp40(-1) * y;  // of N(0, I)
    }
    if (!(level.abar > 0) || !(level.noise > 0)) {
      throw EngineRefusal(fmt::format(
          "asks for the score at a level with abar = {:.4g} and 1 - abar = {:.4g}, which both lie "
          "between 0 and 1",
          to_double(level.abar), to_double(level.noise)));
    }
    const Mp40 signal = sqrt(level.abar);
    const State output = call(y / signal, sigma_of(level));
    return (signal * output - y) / level.noise;
  }
  State data_mean() override {
    if (!data_mean_) {
      if (!rows_.empty() || !schedule_.from_noise()) {
        return Walk<State, Mp40>::data_mean();  // refuses
      }
      data_mean_ = call(unit(0), sigma_of(schedule_.level(schedule_.steps())));
    }
    return *data_mean_;
  }
  void remember(int slot, const State& y) override { memory_.remember(slot, y); }
  State recall(int slot) override { return memory_.recall(slot); }
  State clip(const State&, const Mp40&) override { refuse_cut("clips"); }
  State clamp(const State&, const Mp40&) override { refuse_cut("clamps"); }
  using KernelWalk<State, Mp40>::move;
  void move(const State& mean) override {
    at_ = mean;
    memory_.end_kernel();
  }

  std::size_t calls() const { return rows_.size(); }
  std::size_t draws() const { return drawn_; }
  long score_calls() const { return score_calls_; }

  Scheme scheme() const {
    Scheme out;
    const Level<Mp40>& first = schedule_.level(schedule_.steps());
    const Level<Mp40>& last = schedule_.level(1);
    const Mp40 signal = sqrt(last.abar);
    out.levels = levels_;
    out.levels.push_back(sigma_of(last));
    // A sampler that churns asks above the level it is at.
    out.levels_rise =
        std::adjacent_find(out.levels.begin(), out.levels.end(), std::less<>()) != out.levels.end();
    out.rows = rows_;
    out.rows.push_back(row_of(at_ / signal));
    out.draws = drawn_;
    if (!is_exactly_zero(first.abar)) {
      out.gaussian_start_variance = to_double(Mp40(1 / first.abar));
    }
    return out;
  }

 private:
  State with_noise(const State& y, const Mp40& sd) override { return y + sd * draw(); }
  void move_with_noise(const State& mean, const Mp40& sd) override { move(mean + sd * draw()); }

  [[noreturn]] static void refuse_cut(const char* what) {
    throw EngineRefusal(
        fmt::format("{}, remembers earlier steps and adds noise, and no law takes all three; "
                    "`lemmabench particles` takes samples of it",
                    what));
  }

  std::size_t columns() const { return 1 + calls_ + draws_; }
  State unit(std::size_t column) const {
    State out;
    out.slope.assign(columns(), Mp40(0));
    if (column < columns()) {
      out.slope[column] = 1;
    }
    return out;
  }
  State draw() { return unit(1 + calls_ + drawn_++); }

  static double sigma_of(const Level<Mp40>& level) {
    return is_exactly_zero(level.abar) ? std::numeric_limits<double>::infinity()
                                       : to_double(Mp40(sqrt(Mp40(level.noise / level.abar))));
  }

  /// The next model call, at x; its output.
  State call(const State& x, double sigma) {
    const double start = sigma_of(schedule_.level(schedule_.steps()));
    if (rows_.empty() && sigma != start) {
      rows_.push_back(row_of(unit(0)));
      levels_.push_back(start);
    }
    rows_.push_back(row_of(x));
    levels_.push_back(sigma);
    return unit(rows_.size());
  }

  SchemeRow row_of(State x) const {
    // What cancelled to 40 digits is nothing to a double.
    constexpr double kNothing = 1e-30;
    x.settle();
    if (!x.offset.empty()) {
      throw EngineRefusal(
          "adds a constant to its state, and the law with noise and memory takes what is linear");
    }
    double largest = 0;
    for (const Mp40& each : x.slope) {
      largest = std::max(largest, std::abs(to_double(each)));
    }
    SchemeRow out;
    for (std::size_t column = 0; column < x.slope.size(); ++column) {
      const double coefficient = to_double(x.slope[column]);
      if (std::abs(coefficient) <= kNothing * largest) {
        continue;
      }
      if (column == 0) {
        out.push_back({SchemeSource::start, 0, coefficient});
      } else if (column <= calls_) {
        out.push_back({SchemeSource::output, static_cast<std::uint32_t>(column - 1), coefficient});
      } else {
        out.push_back(
            {SchemeSource::draw, static_cast<std::uint32_t>(column - 1 - calls_), coefficient});
      }
    }
    return out;
  }

  const Schedule<Mp40>& schedule_;
  std::size_t calls_;
  std::size_t draws_;
  State at_;
  MemorySlots<State> memory_;
  std::optional<State> data_mean_;
  std::vector<double> levels_;
  std::vector<SchemeRow> rows_;
  std::size_t drawn_ = 0;
  long score_calls_ = 0;
};

void run_all(const Sampler& sampler, const Schedule<Mp40>& schedule, UnitWalk& walk) {
  for (int t = schedule.steps(); t >= 2; --t) {
    sampler.step(make_step(schedule, t, 1), walk);
  }
}

/// W2^2 <= (1 - sqrt(abar_1))^2 E X_0^2 + (1 - abar_1): the coupling through X_0 itself.
double early_stopping_bound(const CoordinateLaw& target, const Level<Mp40>& last) {
  const LineMixture<double> clean = line_mixture(target);
  const double second = clean.variance() + clean.mean() * clean.mean();
  const double noise = to_double(last.noise);
  const double lost = noise / (1 + std::sqrt(to_double(last.abar)));
  return std::sqrt(lost * lost * second + noise);
}

struct UnitRun {
  Scheme scheme;
  long score_calls = 0;
};

UnitRun unit_run(const Sampler& sampler, const Schedule<Mp40>& schedule) {
  // How many columns there are shows when it has run.
  UnitWalk count(schedule, 0, 0);
  run_all(sampler, schedule, count);
  UnitWalk walk(schedule, count.calls(), count.draws());
  run_all(sampler, schedule, walk);
  return {walk.scheme(), walk.score_calls()};
}

}  // namespace

Scheme scheme_of(const Sampler& sampler, const Schedule<Mp40>& schedule) {
  return unit_run(sampler, schedule).scheme;
}

LawResult noisy_memory_line_law(const CoordinateLaw& target, const Sampler& sampler,
                                const ScoreEstimate& score, const LawRequest& request,
                                const LawOptions& options) {
  require_local_errors(sampler, options.local_errors);
  if (!score.exact()) {
    throw EngineRefusal("--score " + score.text() +
                        ": the law on the line of a sampler with noise and memory takes the exact "
                        "score; leave --score out, or use a Gaussian target");
  }
  if (request.digits < 0 || request.digits > kMaxSchemeLineDigits) {
    throw InputError(fmt::format(
        "--digits {}: the law on the line of a sampler with noise and memory is computed in "
        "double, to {} digits; a Gaussian target has as many as you like",
        request.digits, kMaxSchemeLineDigits));
  }
  const auto schedule =
      schedule_for<Mp40>(sampler, request.schedule, request.steps, EndLevels::closed);
  try {
    const UnitRun run = unit_run(sampler, schedule);
    LawResult out = scheme_line_law(run.scheme, target, request, options);
    if (out.parts.early_stopping_w2_bound) {
      const double bound = early_stopping_bound(target, schedule.level(1));
      out.parts.early_stopping_w2_bound =
          Quantity::computed(bound, bound * run_rounding<double>(request.steps));
    }
    out.score_calls = run.score_calls;
    constexpr std::string_view kScheme = "the scheme is ";
    for (std::string& note : out.notes) {
      if (note.starts_with(kScheme)) {
        note = "as coefficients the run is " + note.substr(kScheme.size());
      }
    }
    return out;
  } catch (const EngineRefusal& refusal) {
    throw EngineRefusal(fmt::format("--sampler {}: {}", sampler.text(), refusal.what()));
  }
}

}  // namespace lemmabench
