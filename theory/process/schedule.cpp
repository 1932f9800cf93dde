#include "theory/process/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

template <class Real>
struct Levels {
  std::vector<Level<Real>> level;
  std::vector<Real> h;

  explicit Levels(long steps)
      : level(static_cast<std::size_t>(steps)), h(static_cast<std::size_t>(steps), Real(0)) {}
};

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

/// Levels from beta_t = 1-alpha_t, t = 1..T: the noise by 1-abar_t = b_t + alpha_t (1-abar_{t-1}).
template <class Real>
Levels<Real> from_betas(const std::vector<Real>& beta) {
  Levels<Real> out(static_cast<long>(beta.size()));
  out.level[0] = {1 - beta[0], beta[0]};
  for (std::size_t i = 1; i < beta.size(); ++i) {
    const Real alpha = 1 - beta[i];
    out.level[i] = {alpha * out.level[i - 1].abar, beta[i] + alpha * out.level[i - 1].noise};
    out.h[i] = beta[i] / out.level[i].noise;
  }
  return out;
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

/// beta_t = 1 - cos^2(B)/cos^2(A) = sin(B-A) sin(B+A)/cos^2(A): no cancellation.
template <class Real>
Levels<Real> build(const CosineSchedule& kind, long steps) {
  using std::cos;
  using std::sin;
  const Real s = from_rational<Real>(kind.s);
  const Real cap = from_rational<Real>(Rational(999, 1000));
  const Real unit = pi<Real>() / (2 * (1 + s));
  std::vector<Real> beta(static_cast<std::size_t>(steps));
  for (std::size_t i = 0; i < beta.size(); ++i) {
    const Real here = (Real(static_cast<int>(i)) / Real(static_cast<int>(steps)) + s) * unit;
    const Real there = (Real(static_cast<int>(i + 1)) / Real(static_cast<int>(steps)) + s) * unit;
    const Real c = cos(here);
    const Real exact = sin(there - here) * sin(there + here) / (c * c);
    beta[i] = least(exact, cap);
  }
  return from_betas(beta);
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

// ---- ranges -------------------------------------------------------------------------------------

void require(bool condition, const ScheduleKind& kind, std::string_view what) {
  if (!condition) {
    throw InputError(fmt::format("--schedule {}: {}", quoted(text(kind)), what));
  }
}

void check_constants(const ScheduleKind& kind, const Rational& c0, const Rational& c1) {
  require(c0.sign() > 0 && c0 <= Rational(64), kind, "c0 must be above 0 and at most 64");
  require(c1.sign() > 0 && c1 <= Rational(1024), kind, "c1 must be above 0 and at most 1024");
}

void check(const ScheduleKind& kind) {
  const Rational zero(0);
  const Rational one(1);
  if (const auto* li_cai = std::get_if<LiCaiSchedule>(&kind)) {
    check_constants(kind, li_cai->c0, li_cai->c1);
  } else if (const auto* two = std::get_if<TwoPhaseSchedule>(&kind)) {
    check_constants(kind, two->c0, two->c1);
  } else if (const auto* logit = std::get_if<LogitSchedule>(&kind)) {
    require(logit->from < logit->to, kind, "from must be below to (from is the noisy end)");
    require(logit->from >= Rational(-700) && logit->to <= Rational(700), kind,
            "from and to must lie within -700 and 700");
  } else if (const auto* linear = std::get_if<LinearSchedule>(&kind)) {
    require(zero < linear->first && linear->first <= linear->last && linear->last < one, kind,
            "needs 0 < first <= last < 1");
  } else if (const auto* cosine = std::get_if<CosineSchedule>(&kind)) {
    require(zero < cosine->s && cosine->s < one, kind, "needs 0 < s < 1");
  } else if (const auto* karras = std::get_if<KarrasSchedule>(&kind)) {
    require(zero < karras->sigma_min && karras->sigma_min < karras->sigma_max, kind,
            "needs 0 < sigma_min < sigma_max");
    require(karras->sigma_max <= Rational(1000000), kind, "sigma_max must be at most 1e6");
    require(one <= karras->rho && karras->rho <= Rational(100), kind, "needs 1 <= rho <= 100");
  }
}

/// The schedules the theory speaks of, whose steps must keep h_t < 1/2.
bool of_the_theory(const ScheduleKind& kind) {
  return std::holds_alternative<LiCaiSchedule>(kind) ||
         std::holds_alternative<TwoPhaseSchedule>(kind) ||
         std::holds_alternative<LogitSchedule>(kind);
}

template <class Real>
Levels<Real> build_any(const ScheduleKind& kind, long steps) {
  return std::visit([&](const auto& k) { return build<Real>(k, steps); }, kind);
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

std::string text(const ScheduleKind& kind) {
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
      return fmt::format("linear:first={},last={}", k.first.text(), k.last.text());
    }
    std::string operator()(const CosineSchedule& k) const {
      return fmt::format("cosine:s={}", k.s.text());
    }
    std::string operator()(const KarrasSchedule& k) const {
      return fmt::format("karras:sigma_min={},sigma_max={},rho={}", k.sigma_min.text(),
                         k.sigma_max.text(), k.rho.text());
    }
  };
  return std::visit(Writer{}, kind);
}

long least_steps(const ScheduleKind& kind, StepBound bound) {
  // log T/T falls from T = 3 on, so what works stays working: gallop, then bisect.
  long high = 3;
  while (!works(kind, high, bound)) {
    high *= 2;
    if (high > kMaxSteps) {
      return 0;
    }
  }
  long low = high / 2;
  while (high - low > 1 && high > 3) {
    const long middle = (low + high) / 2;
    (works(kind, middle, bound) ? high : low) = middle;
  }
  return high;
}

template <class Real>
Schedule<Real>::Schedule(const ScheduleKind& kind, long steps, StepBound bound) {
  check(kind);
  if (steps < 2 || steps > kMaxSteps) {
    throw InputError(fmt::format("--steps {}: use 2 to {}", steps, kMaxSteps));
  }
  Levels<Real> levels = build_any<Real>(kind, steps);
  if (of_the_theory(kind)) {
    require_small_steps(kind, levels, bound);
  }
  levels_ = std::move(levels.level);
  h_ = std::move(levels.h);
}

template <class Real>
Schedule<Real> Schedule<Real>::scaled(const std::function<Real(int t, int k)>& factor) const {
  Schedule out = *this;
  for (int t = 1; t <= steps(); ++t) {
    const auto i = static_cast<std::size_t>(t) - 1;
    out.levels_[i] = {levels_[i].abar * factor(t, 0), levels_[i].noise * factor(t, 1)};
    out.h_[i] = h_[i] * factor(t, 2);
  }
  return out;
}

#define LEMMABENCH_INSTANTIATE(Real) template class Schedule<Real>;
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
