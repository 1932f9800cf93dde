#include "harness/studies/selftest/levels.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <variant>

#include "numerics/ball_functions.hpp"
#include "numerics/exact_ball.hpp"
#include "numerics/mp.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

/// abar_1..abar_T, one overload a schedule.
std::vector<Ball> signal(const LiCaiSchedule& kind, long steps) {
  const Ball horizon(steps);
  const Ball scale = Ball(kind.c1) * log(horizon) / horizon;
  std::vector<Ball> abar(static_cast<std::size_t>(steps));
  abar.back() = pow(horizon, -Ball(kind.c0));
  for (std::size_t i = abar.size() - 1; i > 0; --i) {
    abar[i - 1] = abar[i] + scale * abar[i] * (1 - abar[i]);
  }
  return abar;
}

std::vector<Ball> signal(const LogitSchedule& kind, long steps) {
  std::vector<Ball> abar;
  for (long t = 1; t <= steps; ++t) {
    const Rational logit = kind.to + (kind.from - kind.to) * Rational(t - 1) / Rational(steps - 1);
    abar.push_back(1 / (1 + exp(-Ball(logit))));
  }
  return abar;
}

std::vector<Ball> products(const std::vector<Ball>& beta) {
  std::vector<Ball> abar;
  Ball product(1);
  for (const Ball& b : beta) {
    product *= 1 - b;
    abar.push_back(product);
  }
  return abar;
}

/// Of abar_0.. the levels of training that the spacing names, by a search for each index: the whole
/// number i that is nearest to the place, an even one at equal distance.
std::vector<Ball> picked(const std::vector<Ball>& abar, const Training& train, long steps) {
  std::vector<Ball> out;
  long i = 0;
  for (long k = 0; k < steps; ++k) {
    Rational place(k * (train.levels / steps) + train.offset);
    if (train.spacing == Spacing::trailing) {
      place = Rational(train.levels) * Rational(k + 1, steps);
    } else if (train.spacing == Spacing::linspace) {
      place = Rational(train.levels - 1) * Rational(k, steps - 1);
    }
    const Rational half(1, 2);
    while (Rational(i) + half < place || (Rational(i) + half == place && i % 2 == 1)) {
      ++i;
    }
    out.push_back(abar[static_cast<std::size_t>(train.spacing == Spacing::trailing ? i - 1 : i)]);
  }
  return out;
}

std::vector<Ball> signal(const TwoPhaseSchedule& kind, long steps) {
  const Ball horizon(steps);
  const Ball scale = Ball(kind.c1) * log(horizon) / horizon;
  const Ball first = pow(horizon, -Ball(kind.c0));
  std::vector<Ball> beta{first};
  for (long t = 2; t <= steps; ++t) {
    beta.push_back(scale * smaller(first * pow(1 + scale, Ball(t)), Ball(1)));
  }
  return products(beta);
}

std::vector<Ball> signal(const LinearSchedule& kind, long steps) {
  const long count = kind.train.levels > 0 ? kind.train.levels : steps;
  const Rational scale = kind.train.levels > 0 ? Rational(1) : Rational(1000, steps);
  std::vector<Ball> beta;
  for (long t = 1; t <= count; ++t) {
    const Rational share = Rational(t - 1) / Rational(count - 1);
    const Rational unscaled = kind.first + (kind.last - kind.first) * share;
    beta.emplace_back(unscaled * scale);
  }
  return kind.train.levels > 0 ? picked(products(beta), kind.train, steps) : products(beta);
}

std::vector<Ball> signal(const ScaledLinearSchedule& kind, long steps) {
  std::vector<Ball> beta;
  for (long i = 0; i < kind.train.levels; ++i) {
    const Ball share(Rational(i, kind.train.levels - 1));
    beta.push_back(square((1 - share) * sqrt(Ball(kind.first)) + share * sqrt(Ball(kind.last))));
  }
  return picked(products(beta), kind.train, steps);
}

std::vector<Ball> signal(const CosineSchedule& kind, long steps) {
  const long count = kind.train.levels > 0 ? kind.train.levels : steps;
  const auto f = [&](long t) {
    const Rational angle = (Rational(t, count) + kind.s) / (Rational(1) + kind.s);
    return square(cos(Ball(angle) * Ball::pi() / 2));
  };
  std::vector<Ball> beta;
  for (long t = 1; t <= count; ++t) {
    // At t = T the cosine is 0 to within rounding, and f with it.
    beta.push_back(smaller(1 - f(t) / f(t - 1), Ball(Rational(999, 1000))));
  }
  return kind.train.levels > 0 ? picked(products(beta), kind.train, steps) : products(beta);
}

std::vector<Ball> signal(const ExponentialSchedule& kind, long steps) {
  std::vector<Ball> abar;
  for (long t = 1; t <= steps; ++t) {
    const Ball share(Rational(t - 1) / Rational(steps - 1));
    const Ball sigma = Ball(kind.sigma_min) * pow(Ball(kind.sigma_max / kind.sigma_min), share);
    abar.push_back(1 / (1 + square(sigma)));
  }
  return abar;
}

std::vector<Ball> signal(const FlowSchedule& kind, long steps) {
  std::vector<Ball> abar;
  for (long k = 0; k < steps; ++k) {
    const Ball u = Ball(kind.to) + (Ball(kind.from) - Ball(kind.to)) * Ball(Rational(k, steps - 1));
    const Ball t = Ball(kind.shift) * u / (1 + (Ball(kind.shift) - 1) * u);
    abar.push_back(square(1 - t) / (square(1 - t) + square(t)));
  }
  return abar;
}

std::vector<Ball> signal(const ListedSchedule& kind, long) {
  std::vector<Ball> out;
  for (const double value : *kind.values) {
    if (std::isinf(value)) {
      out.emplace_back(0);
      continue;
    }
    const Ball x = Ball::exactly(value);
    out.push_back(kind.scale == LevelScale::sigma ? 1 / (1 + square(x)) : x);
  }
  return kind.scale == LevelScale::beta ? products(out) : out;
}

std::vector<Ball> signal(const KarrasSchedule& kind, long steps) {
  const Ball rho(kind.rho);
  const Ball low = pow(Ball(kind.sigma_min), 1 / rho);
  const Ball high = pow(Ball(kind.sigma_max), 1 / rho);
  std::vector<Ball> abar;
  for (long t = 1; t <= steps; ++t) {
    const Ball share(Rational(t - 1) / Rational(steps - 1));
    abar.push_back(1 / (1 + square(pow(low + share * (high - low), rho))));
  }
  return abar;
}

/// One relation at every level: the worst margin, or the first level that fails.
class Relation {
 public:
  explicit Relation(std::string what) : worst_{std::move(what), "", ""} {}
  void take(Compared compared, std::size_t level) {
    compared.what = fmt::format("{}, t = {}", worst_name(), level);
    const bool worse = worst_.agrees && (!compared.agrees || compared.margin >= worst_.margin);
    if (worse) {
      name_ = worst_name();
      worst_ = std::move(compared);
    }
  }
  Compared worst() const { return worst_; }

 private:
  const std::string& worst_name() const { return name_.empty() ? worst_.what : name_; }
  std::string name_;
  Compared worst_;
};

void check_consequences(const LiCaiSchedule& kind, const ClaimedLevels& claimed,
                        std::vector<Compared>& out) {
  const Ball horizon(static_cast<long>(claimed.level.size()));
  const Ball scale = Ball(kind.c1) * log(horizon) / horizon;
  Relation step("S1: h_t (1 + L (1-abar_t)) = L");
  Relation noise("S1: 1-abar_{t-1} = (1-abar_t)(1 - L abar_t)");
  for (std::size_t i = 1; i < claimed.level.size(); ++i) {
    const auto& [abar, rest] = claimed.level[i];
    step.take(same_number("", claimed.h[i] * (1 + scale * rest), scale), i + 1);
    noise.take(same_number("", claimed.level[i - 1].noise, rest * (1 - scale * abar)), i + 1);
  }
  out.push_back(step.worst());
  out.push_back(noise.worst());
}

}  // namespace

ClaimedLevels levels_by_definition(const ScheduleKind& kind, long steps) {
  const std::vector<Ball> abar =
      std::visit([&](const auto& schedule) { return signal(schedule, steps); }, kind);
  ClaimedLevels out;
  for (std::size_t i = 0; i < abar.size(); ++i) {
    out.level.push_back({abar[i], 1 - abar[i]});
    // 1 - snr_t/snr_{t-1}, where level t-1 may have no noise.
    out.h.push_back(i == 0 ? Ball(0)
                           : 1 - abar[i] * (1 - abar[i - 1]) / ((1 - abar[i]) * abar[i - 1]));
  }
  return out;
}

ClaimedLevels levels_in_balls(const ScheduleKind& kind, long steps, long bits) {
  const PrecisionScope scope(bits);
  const Schedule<Ball> schedule(kind, steps, StepBound::half, EndLevels::closed);
  ClaimedLevels out;
  for (int t = 1; t <= schedule.steps(); ++t) {
    out.level.push_back(schedule.level(t));
    out.h.push_back(t == 1 ? Ball(0) : schedule.h(t));
  }
  return out;
}

template <class Real>
ClaimedLevels levels_in_floats(const ScheduleKind& kind, long steps, const Rational& relative) {
  const PrecisionScope scope(kComparisonBits);
  const Schedule<Real> schedule(kind, steps, StepBound::half, EndLevels::closed);
  const auto about = [&](const Real& x) {
    const Ball exact = exact_ball(x);
    return Ball::around(exact, abs(exact) * Ball(relative));
  };
  ClaimedLevels out;
  for (int t = 1; t <= schedule.steps(); ++t) {
    out.level.push_back({about(schedule.level(t).abar), about(schedule.level(t).noise)});
    out.h.push_back(t == 1 ? Ball(0) : about(schedule.h(t)));
  }
  return out;
}

#define LEMMABENCH_INSTANTIATE(Real) \
  template ClaimedLevels levels_in_floats<Real>(const ScheduleKind&, long, const Rational&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

std::vector<Compared> check_levels(const ScheduleKind& kind, const ClaimedLevels& claimed) {
  const PrecisionScope scope(kComparisonBits);
  const ClaimedLevels truth = levels_by_definition(kind, static_cast<long>(claimed.level.size()));
  Relation abar("abar_t");
  Relation noise("1 - abar_t");
  Relation h("h_t");
  Relation sum("abar_t + noise_t = 1");
  Relation falling("abar_t <= abar_{t-1}");
  for (std::size_t i = 0; i < claimed.level.size(); ++i) {
    const Level<Ball>& level = claimed.level[i];
    abar.take(same_number("", level.abar, truth.level[i].abar), i + 1);
    noise.take(same_number("", level.noise, truth.level[i].noise), i + 1);
    sum.take(same_number("", level.abar + level.noise, Ball(1)), i + 1);
    if (i > 0) {
      h.take(same_number("", claimed.h[i], truth.h[i]), i + 1);
      falling.take(no_more_than("", level.abar, claimed.level[i - 1].abar), i + 1);
    }
  }
  std::vector<Compared> out{abar.worst(), noise.worst(), sum.worst(), h.worst(), falling.worst()};
  if (const auto* li_cai = std::get_if<LiCaiSchedule>(&kind)) {
    check_consequences(*li_cai, claimed, out);
  }
  return out;
}

}  // namespace lemmabench
