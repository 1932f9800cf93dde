#include "theory/process/schedule_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

std::string training_text(const Training& train) {
  std::string out = fmt::format("train={},spacing={}", train.levels, name(train.spacing));
  return train.offset == 0 ? out : out + fmt::format(",offset={}", train.offset);
}

/// ",train=.." or nothing.
std::string optional_training(const Training& train) {
  return train.levels == 0 ? "" : "," + training_text(train);
}

struct Writer {
  std::string operator()(const LiCaiSchedule& k) const {
    return fmt::format("li-cai:c0={},c1={}", k.c0.text(), k.c1.text());
  }
  std::string operator()(const LogitSchedule& k) const {
    return fmt::format("logit:from={},to={}", k.from.text(), k.to.text());
  }
  std::string operator()(const TwoPhaseSchedule& k) const {
    return fmt::format("two-phase:c0={},c1={}", k.c0.text(), k.c1.text());
  }
  std::string operator()(const LinearSchedule& k) const {
    return fmt::format("linear:first={},last={}", k.first.text(), k.last.text()) +
           optional_training(k.train);
  }
  std::string operator()(const CosineSchedule& k) const {
    return fmt::format("cosine:s={}", k.s.text()) + optional_training(k.train);
  }
  std::string operator()(const KarrasSchedule& k) const {
    return fmt::format("karras:sigma_min={},sigma_max={},rho={}", k.sigma_min.text(),
                       k.sigma_max.text(), k.rho.text());
  }
  std::string operator()(const ScaledLinearSchedule& k) const {
    return fmt::format("scaled-linear:first={},last={},", k.first.text(), k.last.text()) +
           training_text(k.train);
  }
  std::string operator()(const ExponentialSchedule& k) const {
    return fmt::format("exponential:sigma_min={},sigma_max={}", k.sigma_min.text(),
                       k.sigma_max.text());
  }
  std::string operator()(const FlowSchedule& k) const {
    return fmt::format("flow:shift={},from={},to={}", k.shift.text(), k.from.text(), k.to.text());
  }
  std::string operator()(const ListedSchedule& k) const {
    return fmt::format("levels:file={},column={},hash={}", k.file, name(k.scale), k.hash);
  }
};

// ---- ranges -------------------------------------------------------------------------------------

class Ranges {
 public:
  explicit Ranges(const ScheduleKind& kind) : kind_(kind) {}

  void operator()(const LiCaiSchedule& k) const { constants(k.c0, k.c1); }
  void operator()(const TwoPhaseSchedule& k) const { constants(k.c0, k.c1); }
  void operator()(const LogitSchedule& k) const {
    require(k.from < k.to, "from must be below to (from is the noisy end)");
    require(k.from >= Rational(-700) && k.to <= Rational(700),
            "from and to must lie within -700 and 700");
  }
  void operator()(const LinearSchedule& k) const {
    betas(k.first, k.last);
    if (k.train.levels != 0) {
      training(k.train);
    }
  }
  void operator()(const ScaledLinearSchedule& k) const {
    betas(k.first, k.last);
    training(k.train);
  }
  void operator()(const CosineSchedule& k) const {
    require(Rational(0) < k.s && k.s < Rational(1), "needs 0 < s < 1");
    if (k.train.levels != 0) {
      training(k.train);
    }
  }
  void operator()(const KarrasSchedule& k) const {
    sigmas(k.sigma_min, k.sigma_max);
    require(Rational(1) <= k.rho && k.rho <= Rational(100), "needs 1 <= rho <= 100");
  }
  void operator()(const ExponentialSchedule& k) const { sigmas(k.sigma_min, k.sigma_max); }
  void operator()(const FlowSchedule& k) const {
    require(Rational(1, 1000000) <= k.shift && k.shift <= Rational(1000000),
            "needs 1e-6 <= shift <= 1e6");
    require(Rational(0) <= k.to && k.to < k.from && k.from <= Rational(1),
            "needs 0 <= to < from <= 1 (from is the noisy end)");
  }
  void operator()(const ListedSchedule&) const {}  // checked when it was made

 private:
  void require(bool condition, std::string_view what) const {
    if (!condition) {
      throw InputError(fmt::format("--schedule {}: {}", quoted(text(kind_)), what));
    }
  }
  void constants(const Rational& c0, const Rational& c1) const {
    require(c0.sign() > 0 && c0 <= Rational(64), "c0 must be above 0 and at most 64");
    require(c1.sign() > 0 && c1 <= Rational(1024), "c1 must be above 0 and at most 1024");
  }
  void betas(const Rational& first, const Rational& last) const {
    require(Rational(0) < first && first <= last && last < Rational(1),
            "needs 0 < first <= last < 1");
  }
  void sigmas(const Rational& least, const Rational& most) const {
    require(Rational(0) < least && least < most, "needs 0 < sigma_min < sigma_max");
    require(most <= Rational(1000000), "sigma_max must be at most 1e6");
  }
  void training(const Training& train) const {
    require(2 <= train.levels && train.levels <= kMaxTrainingLevels,
            fmt::format("train must be a whole number from 2 to {}", kMaxTrainingLevels));
    require(0 <= train.offset && train.offset < train.levels,
            "offset must be a whole number from 0 to train-1");
    require(train.offset == 0 || train.spacing == Spacing::leading,
            "offset belongs to spacing=leading");
  }

  const ScheduleKind& kind_;
};

/// The whole number nearest to numerator/denominator >= 0; from halfway the even one.
long nearest(long numerator, long denominator) {
  const long whole = numerator / denominator;
  const long twice = 2 * (numerator % denominator);
  const bool up = twice > denominator || (twice == denominator && whole % 2 == 1);
  return up ? whole + 1 : whole;
}

// ---- lists --------------------------------------------------------------------------------------

/// A list under way to be a schedule, with the user's numbering.
struct List {
  LevelScale scale;
  std::vector<double> values;
  std::string_view origin;
  bool reversed = false;

  [[noreturn]] void fail(std::size_t i, std::string_view what) const {
    const std::size_t place = reversed ? values.size() - i : i + 1;
    throw InputError(
        fmt::format("{}: number {} is {} = {}: {}", origin, place, name(scale), values[i], what));
  }
};

void require_number(const List& list, std::size_t i) {
  const double x = list.values[i];
  if (list.scale == LevelScale::sigma) {
    const bool end = x == 0 || (std::isinf(x) && x > 0);
    if (!end && !(1e-100 <= x && x <= 1e100)) {
      list.fail(i, "a sigma is 0, infinite, or from 1e-100 to 1e100");
    }
  } else if (!(0 <= x && x <= 1) || (x > 0 && x < 1e-200)) {
    list.fail(i, "it lies between 0 and 1, and is 0 or at least 1e-200");
  }
}

bool without_noise(LevelScale scale, double x) { return x == (scale == LevelScale::abar ? 1 : 0); }

bool without_signal(LevelScale scale, double x) {
  return scale == LevelScale::sigma ? std::isinf(x) : x == (scale == LevelScale::abar ? 0 : 1);
}

/// Turns sigma up and abar down if they are not so, and refuses what goes both ways.
void put_in_order(List& list) {
  if (list.scale == LevelScale::beta) {
    return;
  }
  const bool up = list.values.front() < list.values.back();
  for (std::size_t i = 1; i < list.values.size(); ++i) {
    const double before = list.values[i - 1];
    const double here = list.values[i];
    if (up ? here < before : before < here) {
      list.fail(i, "levels rise or fall all the way, this one turns back");
    }
  }
  if (up != (list.scale == LevelScale::sigma)) {
    std::reverse(list.values.begin(), list.values.end());
    list.reversed = true;
  }
}

}  // namespace

std::string_view name(Spacing spacing) {
  switch (spacing) {
    case Spacing::leading:
      return "leading";
    case Spacing::trailing:
      return "trailing";
    case Spacing::linspace:
      break;
  }
  return "linspace";
}

std::string_view name(LevelScale scale) {
  switch (scale) {
    case LevelScale::sigma:
      return "sigma";
    case LevelScale::abar:
      return "abar";
    case LevelScale::beta:
      break;
  }
  return "beta";
}

std::string text(const ScheduleKind& kind) { return std::visit(Writer{}, kind); }

void require_ranges(const ScheduleKind& kind) { std::visit(Ranges(kind), kind); }

std::optional<long> own_steps(const ScheduleKind& kind) {
  const auto* list = std::get_if<ListedSchedule>(&kind);
  if (list == nullptr || list->values == nullptr) {
    return std::nullopt;
  }
  return static_cast<long>(list->values->size());
}

bool of_the_theory(const ScheduleKind& kind) {
  return std::holds_alternative<LiCaiSchedule>(kind) ||
         std::holds_alternative<TwoPhaseSchedule>(kind) ||
         std::holds_alternative<LogitSchedule>(kind);
}

std::vector<long> picked_indices(const Training& train, long steps) {
  const long most = train.spacing == Spacing::leading ? train.levels - train.offset : train.levels;
  if (steps > most) {
    throw InputError(fmt::format("--steps {}: at most {}, the levels of training to pick from{}",
                                 steps, most, train.offset > 0 ? " from the offset on" : ""));
  }
  std::vector<long> out;
  const long ratio = train.levels / steps;
  for (long k = 0; k < steps; ++k) {
    switch (train.spacing) {
      case Spacing::leading:
        out.push_back(k * ratio + train.offset);
        break;
      case Spacing::trailing:  // k-th from the least noise on: train - (T-1-k) train/T
        out.push_back(nearest((k + 1) * train.levels, steps) - 1);
        break;
      case Spacing::linspace:
        out.push_back(nearest(k * (train.levels - 1), steps - 1));
        break;
    }
  }
  if (out.back() >= train.levels) {
    throw InputError(
        fmt::format("--steps {}: with offset={} the noisiest level would be number {} "
                    "of 0 to {}; use a smaller offset or spacing=trailing",
                    steps, train.offset, out.back(), train.levels - 1));
  }
  return out;
}

ListedSchedule listed_schedule(LevelScale scale, std::vector<double> values,
                               std::string_view origin) {
  if (values.size() < 2 || values.size() > static_cast<std::size_t>(kMaxSteps)) {
    throw InputError(
        fmt::format("{}: {} levels; a schedule has 2 to {}", origin, values.size(), kMaxSteps));
  }
  List list{scale, std::move(values), origin};
  for (std::size_t i = 0; i < list.values.size(); ++i) {
    require_number(list, i);
  }
  put_in_order(list);
  const std::size_t last = list.values.size() - 1;
  if (without_noise(scale, list.values[0]) && without_noise(scale, list.values[1])) {
    list.fail(1, "two levels without noise; one level at the end may have none");
  }
  for (std::size_t i = 0; i < last; ++i) {
    if (without_signal(scale, list.values[i])) {
      list.fail(i, "only the noisiest level may have no signal");
    }
  }
  return {.scale = scale,
          .values = std::make_shared<const std::vector<double>>(std::move(list.values)),
          .file = "",
          .hash = "",
          .trouble = ""};
}

}  // namespace lemmabench
