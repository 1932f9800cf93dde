#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "numerics/rational.hpp"

/// What schedules there are, as data. A Schedule (theory/process/schedule.hpp) has their levels.
namespace lemmabench {

/// The schedule of Li & Cai [Q: GMM eq. (12), citing LC App. B.1]:
///   abar_T = T^{-c0},  abar_{t-1} = abar_t + L abar_t (1-abar_t),  L = c1 log T/T,  t = T..2.
/// Exact consequences used here [D, claim S1]: h_t = L/(1+L(1-abar_t)), and
/// 1-abar_{t-1} = (1-abar_t)(1 - L abar_t), so no subtraction ever cancels.
/// The paper asks for c1/c0 > 4 and both large enough; that is a hypothesis of its claims, not a
/// condition for the schedule to exist.
struct LiCaiSchedule {
  Rational c0{2};
  Rational c1{9};
};

/// Uniform in logit = log snr from level T (`from`) to level 1 (`to`): no log factor in the step
/// and an end level that does not move with T, hence clean exponents. h_t = 1 -
/// e^{-(to-from)/(T-1)}.
struct LogitSchedule {
  Rational from{-9};
  Rational to{9};
};

/// beta_1 = T^{-c0}, beta_t = L min(beta_1 (1+L)^t, 1) with L = c1 log T/T
/// [Q: SGM, ODE, LY, HO].
struct TwoPhaseSchedule {
  Rational c0{2};
  Rational c1{9};
};

/// How T of the `train` levels a model was trained at are picked; index 0 has the least noise. As
/// in the schedulers of diffusers, but decided in exact numbers: round() goes to the nearest whole
/// number, from halfway to the even one.
enum class Spacing {
  leading,   ///< k floor(train/T) + offset,         k = 0..T-1
  trailing,  ///< round(train - k train/T) - 1,      k = T-1..0
  linspace,  ///< round(k (train-1)/(T-1)),          k = 0..T-1
};

/// The levels of training that a schedule picks from.
struct Training {
  long levels = 0;  ///< 0: the schedule has T levels of its own
  Spacing spacing = Spacing::leading;
  long offset = 0;  ///< of leading; Stable Diffusion has 1 ("steps_offset")
};

/// DDPM's linear beta from `first` to `last` (defaults 1e-4 and 0.02 at 1000 steps, scaled by
/// 1000/T as usual). Ho, Jain, Abbeel, NeurIPS 2020, section 4. With levels of training: beta_i =
/// first + i/(train-1) (last-first), i = 0..train-1, of whose products T are picked.
struct LinearSchedule {
  Rational first{1, 10000};
  Rational last{2, 100};
  Training train{};
};

/// Stable Diffusion's: beta_i = (sqrt(first) + i/(train-1) (sqrt(last)-sqrt(first)))^2,
/// i = 0..train-1; T of the levels abar_i = prod_{j<=i} (1-beta_j) are picked. Rombach et
/// al. 2022; "scaled_linear" in diffusers.
struct ScaledLinearSchedule {
  Rational first{85, 100000};
  Rational last{12, 1000};
  Training train{1000};
};

/// abar_t = f(t)/f(0), f(t) = cos^2((t/T+s)/(1+s) pi/2), beta capped at 0.999.
/// Nichol & Dhariwal, ICML 2021, eq. (17). With levels of training, T of those with T = train.
struct CosineSchedule {
  Rational s{8, 1000};
  Training train{};
};

/// sigma_i^{1/rho} equispaced from sigma_max to sigma_min, abar = 1/(1+sigma^2).
/// Karras, Aittala, Aila, Laine, NeurIPS 2022, eq. (5).
struct KarrasSchedule {
  Rational sigma_min{2, 1000};
  Rational sigma_max{80};
  Rational rho{7};
};

/// sigma in geometric progression from sigma_max (level T) to sigma_min (level 1), abar =
/// 1/(1+sigma^2): uniform in log snr. "get_sigmas_exponential" of k-diffusion.
struct ExponentialSchedule {
  Rational sigma_min{2, 1000};
  Rational sigma_max{80};
};

/// Flow matching, X_t = (1-t) X_0 + t Z, divided by sqrt((1-t)^2 + t^2): abar = (1-t)^2/((1-t)^2 +
/// t^2), at t = shift u/(1 + (shift-1) u) with u uniform from `from` (level T) to `to` (level 1).
/// Esser et al. 2024 (Stable Diffusion 3). from = 1 has no signal, to = 0 no noise.
struct FlowSchedule {
  Rational shift{1};
  Rational from{999, 1000};
  Rational to{1, 1000};
};

/// What the numbers of a list of levels are.
enum class LevelScale {
  sigma,  ///< X_0 + sigma Z: abar = 1/(1+sigma^2); infinity is no signal
  abar,   ///< the signal fraction itself ("alphas_cumprod")
  beta,   ///< beta_1..beta_T: abar_t = prod_{s<=t} (1-beta_s)
};

/// Levels given as binary doubles, which mean exactly these numbers; T is how many there are.
/// Make one with listed_schedule(), which checks them.
struct ListedSchedule {
  LevelScale scale = LevelScale::sigma;
  /// Of level 1..T. Null where a record names a file that is gone or has changed; see trouble.
  std::shared_ptr<const std::vector<double>> values;
  std::string file;     ///< where they were read, part of the canonical text
  std::string hash;     ///< of the file's bytes, 16 hexadecimal digits
  std::string trouble;  ///< why there are no values
};

using ScheduleKind = std::variant<LiCaiSchedule, LogitSchedule, TwoPhaseSchedule, LinearSchedule,
                                  CosineSchedule, KarrasSchedule, ScaledLinearSchedule,
                                  ExponentialSchedule, FlowSchedule, ListedSchedule>;

/// The largest number of steps any schedule is built for (memory: about 300 bytes a level in
/// balls).
inline constexpr long kMaxSteps = 10'000'000;
/// The most levels of training there may be.
inline constexpr long kMaxTrainingLevels = 1'000'000;

std::string_view name(Spacing spacing);
std::string_view name(LevelScale scale);

/// Canonical text, e.g. "li-cai:c0=2,c1=9"; parses back to the same schedule.
std::string text(const ScheduleKind& kind);

/// Throws InputError where a parameter is outside the range its struct names.
void require_ranges(const ScheduleKind& kind);

/// T where the schedule itself says it (a list), else nothing.
std::optional<long> own_steps(const ScheduleKind& kind);

/// Whether the theory speaks of it, and asks for h_t < 1/2 (li-cai, two-phase, logit).
bool of_the_theory(const ScheduleKind& kind);

/// The indices of levels 1..T among 0..levels-1, rising. O(T). Throws InputError, starting with
/// "--steps", where there are not so many.
std::vector<long> picked_indices(const Training& train, long steps);

/// A list of levels in the order of the levels 1..T, least noise first; sigma and abar may be given
/// rising or falling, betas are beta_1..beta_T as they stand. Throws InputError, one line starting
/// with `origin`, for fewer than 2 numbers or more than kMaxSteps; NaN; a sigma below 0, or neither
/// 0 nor infinite and outside 1e-100..1e100; an abar or beta outside [0, 1], or one above 0 and
/// below 1e-200; levels that go up and down; two levels without noise, or two without signal. Equal
/// neighbours are levels between which nothing happens (h_t = 0).
ListedSchedule listed_schedule(LevelScale scale, std::vector<double> values,
                               std::string_view origin);

}  // namespace lemmabench
