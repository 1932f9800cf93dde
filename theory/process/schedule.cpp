#include "theory/process/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>
#include <variant>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/exactly.hpp"
#include "numerics/mp.hpp"
#include "numerics/quoted.hpp"
#include "theory/process/level_builders.hpp"

namespace lemmabench {
namespace {

/// min(a, b). Of balls the enclosure of the minimum, whichever it is: at a tie, which no precision
/// decides, both sides are the same number.
template <class Real>
Real least(const Real& a, const Real& b) {
  if constexpr (is_ball<Real>) {
    return smaller(a, b);
  } else {
    return std::min(a, b);
  }
}

/// L = c1 log T/T.
template <class Real>
Real step_scale(const Rational& c1, long steps) {
  using std::log;
  const Real horizon(static_cast<int>(steps));
  return from_rational<Real>(c1) * log(horizon) / horizon;
}

template <class Real>
Levels<Real> build(const LiCaiSchedule& kind, long steps) {
  using std::exp;
  using std::expm1;
  using std::log;
  Levels<Real> out(steps);
  const Real scale = step_scale<Real>(kind.c1, steps);
  const Real end_logarithm = -(from_rational<Real>(kind.c0) * log(Real(static_cast<int>(steps))));
  out.level.back() = {exp(end_logarithm), -expm1(end_logarithm)};
  for (std::size_t i = out.level.size() - 1; i > 0; --i) {
    const auto& [abar, noise] = out.level[i];
    const Real growth = 1 + scale * noise;
    out.h[i] = scale / growth;
    out.level[i - 1] = {abar * growth, noise * (1 - scale * abar)};
  }
  return out;
}

template <class Real>
Levels<Real> build(const LogitSchedule& kind, long steps) {
  using std::exp;
  using std::expm1;
  Levels<Real> out(steps);
  const Real from = from_rational<Real>(kind.from);
  const Real spacing = (from_rational<Real>(kind.to) - from) / Real(static_cast<int>(steps - 1));
  const Real h = -expm1(-spacing);
  for (std::size_t i = 0; i < out.level.size(); ++i) {
    const Real logit = from + Real(static_cast<int>(steps - 1) - static_cast<int>(i)) * spacing;
    out.level[i] = {1 / (1 + exp(-logit)), 1 / (1 + exp(logit))};
    if (i > 0) {
      out.h[i] = h;
    }
  }
  return out;
}

/// Levels from beta_t = 1-alpha_t, t = 1..T.
template <class Real>
Levels<Real> from_betas(const std::vector<Real>& beta) {
  return from_falls(falls_of(beta));
}

template <class Real>
Levels<Real> build(const TwoPhaseSchedule& kind, long steps) {
  using std::exp;
  using std::log;
  const Real scale = step_scale<Real>(kind.c1, steps);
  std::vector<Real> beta(static_cast<std::size_t>(steps));
  beta[0] = exp(-(from_rational<Real>(kind.c0) * log(Real(static_cast<int>(steps)))));
  Real growing = beta[0] * (1 + scale);
  for (std::size_t i = 1; i < beta.size(); ++i) {
    growing *= 1 + scale;
    beta[i] = scale * least(growing, Real(1));
  }
  return from_betas(beta);
}

template <class Real>
Levels<Real> build(const LinearSchedule& kind, long steps) {
  if (kind.train.levels > 0) {
    return build_trained<Real>(kind, steps);
  }
  if (kind.last * Rational(1000, steps) >= Rational(1)) {
    throw InputError(
        fmt::format("--steps {}: too few for --schedule {}: the last beta, {} * 1000/{}, "
                    "is not below 1; use more steps",
                    steps, quoted(text(kind)), quoted(kind.last.text()), steps));
  }
  const Real first = from_rational<Real>(kind.first * Rational(1000, steps));
  const Real last = from_rational<Real>(kind.last * Rational(1000, steps));
  std::vector<Real> beta(static_cast<std::size_t>(steps));
  for (std::size_t i = 0; i < beta.size(); ++i) {
    beta[i] =
        first + (last - first) * Real(static_cast<int>(i)) / Real(static_cast<int>(steps - 1));
  }
  return from_betas(beta);
}

/// alpha_1.. and beta_1.. of `count` levels. beta_t = 1 - cos^2(B)/cos^2(A) = sin(B-A)
/// sin(B+A)/cos^2(A): no cancellation; nor in alpha_t where beta_t is cut off, as at t = T.
template <class Real>
std::vector<Fall<Real>> cosine_falls(const CosineSchedule& kind, long count) {
  using std::cos;
  using std::sin;
  const Real s = from_rational<Real>(kind.s);
  const Fall<Real> cap{from_rational<Real>(Rational(1, 1000)),
                       from_rational<Real>(Rational(999, 1000))};
  const Real unit = pi<Real>() / (2 * (1 + s));
  std::vector<Fall<Real>> out(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Real here = (Real(static_cast<int>(i)) / Real(static_cast<int>(count)) + s) * unit;
    const Real there = (Real(static_cast<int>(i + 1)) / Real(static_cast<int>(count)) + s) * unit;
    const Real c = cos(here);
    const Real exact = sin(there - here) * sin(there + here) / (c * c);
    const Real beta = least(exact, cap.lost);
    out[i] = {1 - beta, beta};
    if constexpr (!is_ball<Real>) {
      out[i] = exact < cap.lost ? out[i] : cap;
    }
  }
  return out;
}

template <class Real>
Levels<Real> build(const CosineSchedule& kind, long steps) {
  if (kind.train.levels == 0) {
    return from_falls(cosine_falls<Real>(kind, steps));
  }
  const std::vector<long> indices = picked_indices(kind.train, steps);
  return picked_levels(cosine_falls<Real>(kind, kind.train.levels), indices);
}

template <class Real>
Levels<Real> build(const KarrasSchedule& kind, long steps) {
  using std::pow;
  Levels<Real> out(steps);
  const Real rho = from_rational<Real>(kind.rho);
  const Real low = pow(from_rational<Real>(kind.sigma_min), 1 / rho);
  const Real high = pow(from_rational<Real>(kind.sigma_max), 1 / rho);
  Real former(0);
  for (std::size_t i = 0; i < out.level.size(); ++i) {
    const Real fraction = Real(static_cast<int>(i)) / Real(static_cast<int>(steps - 1));
    const Real sigma = pow(low + fraction * (high - low), rho);
    const Real variance = sigma * sigma;
    out.level[i] = {1 / (1 + variance), variance / (1 + variance)};
    if (i > 0) {
      out.h[i] = (sigma - former) * (sigma + former) / variance;
    }
    former = sigma;
  }
  return out;
}

/// Levels picked among those of training.
bool is_trained(const ScheduleKind& kind) {
  return std::visit(
      [](const auto& k) {
        if constexpr (requires { k.train.levels; }) {
          return k.train.levels > 0;
        } else {
          return false;
        }
      },
      kind);
}

Levels<double> rounded(const Levels<Mp40>& exact) {
  Levels<double> out(static_cast<long>(exact.level.size()));
  for (std::size_t i = 0; i < exact.level.size(); ++i) {
    out.level[i] = {to_double(exact.level[i].abar), to_double(exact.level[i].noise)};
    out.h[i] = to_double(exact.h[i]);
  }
  return out;
}

template <class Real>
Levels<Real> build_any(const ScheduleKind& kind, long steps) {
  if constexpr (std::is_same_v<Real, double>) {
    // In double a product of a thousand factors loses two digits, which no error bar counts.
    if (is_trained(kind)) return rounded(build_any<Mp40>(kind, steps));
  }
  return std::visit([&](const auto& k) { return build<Real>(k, steps); }, kind);
}

template <class Real>
bool starts_without_signal(const Levels<Real>& levels) {
  return is_exactly_zero(levels.level.back().abar);
}

template <class Real>
bool ends_without_noise(const Levels<Real>& levels) {
  return is_exactly_zero(levels.level.front().noise);
}

template <class Real>
void require_open_ends(const ScheduleKind& kind, const Levels<Real>& levels) {
  const auto refuse = [&](std::string_view what, std::string_view right) {
    throw InputError(
        fmt::format("--schedule {}: {}, and this asks for 0 < abar < 1 at all levels; {}",
                    quoted(text(kind)), what, right));
  };
  if (ends_without_noise(levels)) {
    refuse("level 1 has no noise", "let the last level have some");
  }
  if (starts_without_signal(levels)) {
    refuse(fmt::format("level {} has no signal (abar = 0)", levels.level.size()),
           "let the first level have some");
  }
}

/// 0 < h < 1/2, or 1 where the bound is the whole step? NaN is not; a ball of infinite radius
/// leaves it open.
template <class Real>
Truth is_small_step(const Real& h, StepBound bound) {
  const int parts = bound == StepBound::half ? 2 : 1;
  if constexpr (is_ball<Real>) {
    const Truth positive = h.positive();
    const Truth below = h.less_than(Ball(Rational(1, parts)));
    if (positive == Truth::certainly_not || below == Truth::certainly_not) {
      return Truth::certainly_not;
    }
    return positive == Truth::certainly ? below : Truth::unknown;
  } else {
    return h > 0 && h < Real(1) / parts ? Truth::certainly : Truth::certainly_not;
  }
}

/// The t with the first h_t that is not below the bound; 0 if all are. Throws NumericalFailure
/// where the precision does not tell.
template <class Real>
long first_bad_step(const Levels<Real>& levels, StepBound bound) {
  for (std::size_t i = 1; i < levels.h.size(); ++i) {
    const Truth small = is_small_step(levels.h[i], bound);
    if (small == Truth::unknown) {
      throw NumericalFailure(fmt::format("schedule: h_{} may be {} or more, or 0", i + 1,
                                         bound == StepBound::half ? "1/2" : "1"));
    }
    if (small == Truth::certainly_not) {
      return static_cast<long>(i) + 1;
    }
  }
  return 0;
}

bool works(const ScheduleKind& kind, long steps, StepBound bound) {
  return first_bad_step(build_any<double>(kind, steps), bound) == 0;
}

template <class Real>
void require_small_steps(const ScheduleKind& kind, const Levels<Real>& levels, StepBound bound) {
  const long bad = first_bad_step(levels, bound);
  if (bad == 0) {
    return;
  }
  const long least = least_steps(kind, bound);
  const std::string remedy = least > 0
                                 ? fmt::format("use at least {} steps", least)
                                 : fmt::format("no number of steps up to {} works", kMaxSteps);
  // For the message only; what is refused has been decided above.
  const double h = to_double(levels.h[static_cast<std::size_t>(bad) - 1]);
  const std::string trouble = bound == StepBound::half && h >= 0.5
                                  ? fmt::format("h_{} = {:.4g} is not below 1/2", bad, h)
                                  : std::string("the levels leave (0, 1)");
  throw InputError(fmt::format("--steps {}: too few for --schedule {}: {}; {}", levels.h.size(),
                               quoted(text(kind)), trouble, remedy));
}

}  // namespace

long least_steps(const ScheduleKind& kind, StepBound bound) {
  if (const Levels<double> few = build_any<double>(kind, 3);
      ends_without_noise(few) || starts_without_signal(few)) {
    return 0;  // h_2 or h_T is 1 at every T
  }
  // log T/T falls from T = 3 on, so that from some T on all work. Few levels may work, too: those
  // whose first is so small (T^{-c0}) that they end before they grow large. So: the last T that
  // does not work, by doubling and bisection; one by one where doubling meets none. Levels that
  // have not grown by step T have T log(3/2) < c0 log T: beyond kFew none for c0 up to 200.
  constexpr long kFew = 4096;
  long last = 0;
  for (long steps = 3; steps <= kMaxSteps && (steps < kFew || steps < 4 * last); steps *= 2) {
    if (!works(kind, steps, bound)) {
      last = steps;
    }
  }
  constexpr long kOneByOne = 768;
  for (long steps = 3; last == 0 && steps < kOneByOne; ++steps) {
    if (!works(kind, steps, bound)) {
      last = steps;
    }
  }
  if (last == 0) {
    return 3;
  }
  if (2 * last > kMaxSteps) {
    return 0;
  }
  long high = 2 * last;
  while (high - last > 1) {
    const long middle = (last + high) / 2;
    (works(kind, middle, bound) ? high : last) = middle;
  }
  return high;
}

template <class Real>
Schedule<Real>::Schedule(const ScheduleKind& kind, long steps, StepBound bound, EndLevels ends) {
  require_ranges(kind);
  if (steps < 2 || steps > kMaxSteps) {
    throw InputError(fmt::format("--steps {}: use 2 to {}", steps, kMaxSteps));
  }
  Levels<Real> levels = build_any<Real>(kind, steps);
  if (of_the_theory(kind)) {
    require_small_steps(kind, levels, bound);
  }
  if (ends == EndLevels::open) {
    require_open_ends(kind, levels);
  }
  levels_ = std::move(levels.level);
  h_ = std::move(levels.h);
}

template <class Real>
bool Schedule<Real>::from_noise() const {
  return is_exactly_zero(levels_.back().abar);
}

template <class Real>
bool Schedule<Real>::to_data() const {
  return is_exactly_zero(levels_.front().noise);
}

template <class Real>
std::vector<int> Schedule<Real>::pauses() const {
  std::vector<int> out;
  for (int t = steps(); t >= 2; --t) {
    if (is_exactly_zero(h(t))) {
      out.push_back(t);
    }
  }
  return out;
}

template <class Real>
Schedule<Real> Schedule<Real>::scaled(const std::function<Real(int t, int k)>& factor) const {
  Schedule out = *this;
  for (int t = 1; t <= steps(); ++t) {
    const auto i = static_cast<std::size_t>(t) - 1;
    const Level<Real>& level = levels_[i];
    const bool data = is_exactly_zero(level.noise);
    const bool pure_noise = is_exactly_zero(level.abar);
    const bool whole = pure_noise || (i > 0 && is_exactly_zero(levels_[i - 1].noise));
    // A 1 that is exact, of which 1-x must not fall below 0, is left alone.
    out.levels_[i] = {data ? level.abar : Real(level.abar * factor(t, 0)),
                      pure_noise ? level.noise : Real(level.noise * factor(t, 1))};
    out.h_[i] = whole ? h_[i] : Real(h_[i] * factor(t, 2));
  }
  return out;
}

#define LEMMABENCH_INSTANTIATE(Real) template class Schedule<Real>;
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
