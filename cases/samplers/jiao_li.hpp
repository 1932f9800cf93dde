#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/samplers/random_times.hpp"

namespace lemmabench {

/// The sampler of JL [Q second-hand: JL]: K rounds down the probability flow over 2 T/K levels at
/// random places between them, each followed by noise that takes back half of them. With tau =
/// 1-abar, levels hat_tau_{k,n} of round k and tau_{k,n} ~ U(hat_tau_{k,n}, hat_tau_{k,n-1}),
///   Y_{k,n}/sqrt(1-tau_{k,n}) = Y_{k,0}/sqrt(1-tau_{k,0}) + g_0 (tau_{k,0} - hat_tau_{k,0})
///     + sum_{i=1}^{n-1} g_i (hat_tau_{k,i-1} - hat_tau_{k,i}) + g_{n-1} (hat_tau_{k,n-1} -
///     tau_{k,n}),
///   g_i = s(Y_{k,i})/(2 (1-tau_{k,i})^{3/2}),
///   Y_{k+1} = sqrt((1-tau_{k+1,0})/(1-tau_{k,N})) Y_{k,N}
///             + sqrt((tau_{k+1,0} - tau_{k,N})/(1-tau_{k,N})) Z.
/// Only the last step's final term is kept, so that the weights cover exactly tau_{k,0}-tau_{k,n}.
///
/// Where the second-hand text leaves room, ours to choose: with M = (T-1)/K rounded down, round k
/// has hat_tau_{k,n} = 1-abar_{T-kM-1-n} and 2 M steps, or as many as there are levels left; the
/// start tau_{0,0} = 1-abar_T and the end 1-abar_1 are not random, so that the law is judged where
/// those of all samplers are; without K rounds of a level each, as many as there are; a round that
/// has no level left below the one the next starts at ends at level 1, so that noise leads up.
/// A round is made in the step t = T-kM; the other steps move nothing, and no single step leads
/// from p_t to p_{t-1}. Given the times a round is one kernel. Exact where g is constant.
class JiaoLi {
 public:
  explicit JiaoLi(Spec& spec)
      : rounds_(spec.integer_or("rounds", 1, 1'000'000, kRounds)), times_(spec) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "jiao-li",
        .title = "randomised rounds of JL: flow over random levels, noise back (second-hand)",
        .formula =
            "Y_{k,n}/sqrt(1-tau_{k,n}) = Y_{k,0}/sqrt(1-tau_{k,0}) + g_0 (tau_{k,0}-hat_{k,0}) + "
            "sum_{i<n} g_i (hat_{k,i-1}-hat_{k,i}) + g_{n-1} (hat_{k,n-1}-tau_{k,n}), g_i = "
            "s(Y_{k,i})/(2 (1-tau_{k,i})^{3/2}); Y_{k+1} = sqrt((1-tau_{k+1,0})/(1-tau_{k,N})) "
            "Y_{k,N} + sqrt((tau_{k+1,0}-tau_{k,N})/(1-tau_{k,N})) Z",
        .source =
            "second-hand from JL = Jiao & Li, arXiv 2410.13738; the indices of the rounds are "
            "reconstructed",
        .tag = "reconstructed",
        .options = "rounds=K (default 10), draws=N (default 32) or draw=K, seed=S (default 1)",
        .score_calls = 0,
        .deterministic = false,
        .single_steps = false};
    return kInfo;
  }
  std::string text() const { return named(times_.keys()); }
  std::vector<std::string> draws() const {
    return times_.draws([&](const std::string& keys) { return named(keys); });
  }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Round round(c.t, c.steps, rounds_);
    if (!round.starts()) {
      return;
    }
    const Schedule<Real>& schedule = *c.schedule;
    const Place<Real> start = place(schedule, round, 0);
    const Real scale = sqrt(start.level.abar) / 2;
    // All at the signal of the start: x = sqrt(abar_0/abar) y, and slope = sqrt(abar_0) g.
    const auto slope = [&](const Level<Real>& level, const State& x) -> State {
      const State y = sqrt(level.abar / start.level.abar) * x;
      return (scale / (level.abar * sqrt(level.abar))) * walk.score_at(level, y);
    };
    State covered = walk.state();  // the flow down to hat_tau_n
    State g = slope(start.level, covered);
    covered = covered + (start.fraction * start.width) * g;
    Level<Real> end = schedule.level(c.t - 1);
    State x = covered;
    for (int n = 1; n <= round.length(); ++n) {
      const Place<Real> here = place(schedule, round, n);
      end = here.level;
      x = covered + ((1 - here.fraction) * here.width) * g;
      if (n < round.length()) {
        g = slope(here.level, x);
        covered = covered + here.width * g;
      }
    }
    if (round.last()) {
      walk.move(sqrt(end.abar / start.level.abar) * x);
      return;
    }
    const Level<Real> next = place(schedule, round.next(), 0).level;
    walk.move(sqrt(next.abar / start.level.abar) * x, sqrt((next.noise - end.noise) / end.abar));
  }

 private:
  static constexpr long kRounds = 10;

  /// Round k starts at level t = T - kM.
  class Round {
   public:
    Round(int t, int steps, long rounds)
        : t_(t),
          steps_(steps),
          count_(std::min(rounds, static_cast<long>(steps) - 1)),
          shift_(static_cast<int>((steps - 1) / count_)) {}
    int index() const { return (steps_ - t_) / shift_; }
    bool starts() const { return (steps_ - t_) % shift_ == 0 && index() < count_; }
    bool last() const { return index() == count_ - 1; }
    bool first() const { return t_ == steps_; }
    /// hat_tau_{k,n} is 1-abar at this level.
    int level(int n) const { return t_ - 1 - n; }
    /// Steps n = 1..length(); down to level 1 in the last round.
    int length() const { return last() ? t_ - 2 : std::min(2 * shift_, t_ - 2); }
    Round next() const { return Round(t_ - shift_, steps_, count_); }
    /// Whether step n ends at the lower end of its interval, not at random within it: where the run
    /// ends, and where the next round starts in this very interval, so that its start lies above.
    bool ends_low(int n) const { return n > 0 && n == length() && (last() || n == shift_); }

   private:
    int t_;
    int steps_;
    long count_;
    int shift_;
  };

  /// tau_{k,n} = hat_tau_{k,n} + fraction * width, width = hat_tau_{k,n-1} - hat_tau_{k,n}.
  template <class Real>
  struct Place {
    Level<Real> level;
    Real fraction;
    Real width;
  };

  template <class Real>
  Place<Real> place(const Schedule<Real>& schedule, const Round& round, int n) const {
    const int below = round.level(n);
    const Level<Real>& low = schedule.level(below);
    const Level<Real>& high = schedule.level(below + 1);
    Real u(0);
    if (round.first() && n == 0) {
      u = Real(1);
    } else if (!round.ends_low(n)) {
      u = times_.uniform<Real>(round.index(), n);
    }
    const Real rest = 1 - u;
    // abar_{t-1} - abar_t = abar_{t-1} b_t.
    return {{rest * low.abar + u * high.abar, rest * low.noise + u * high.noise},
            u,
            low.abar * schedule.b(below + 1)};
  }

  std::string named(std::string keys) const {
    if (rounds_ != kRounds) {
      keys = fmt::format("rounds={}{}{}", rounds_, keys.empty() ? "" : ",", keys);
    }
    return keys.empty() ? "jiao-li" : "jiao-li:" + keys;
  }

  long rounds_;
  RandomTimes times_;
};

}  // namespace lemmabench
