#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/studies/sweep/stored_laws.hpp"
#include "numerics/evidence.hpp"
#include "numerics/order_fit.hpp"

namespace lemmabench {

/// What becomes of the theory as the second moment goes away (issue 4, point 6): Student-t data
/// with nu degrees of freedom, E||X_0||^2 = d nu/(nu-2) finite exactly for nu > 2 (assumption A2).
struct HeavyTailRequest {
  std::string sampler = "li-cai";
  LiCaiSchedule schedule;
  std::vector<Rational> nus;
  std::vector<long> dims;
  std::vector<long> steps;      ///< T ascending, of the initialisation error and the typical sets
  std::vector<long> law_steps;  ///< T of the sampler's output laws, which cost seconds each
  Rational theta{2};            ///< x is typical when -log p_t(x) <= theta d log T
};

/// The settings for a full report and for a quick look.
HeavyTailRequest full_heavy_tails();
HeavyTailRequest quick_heavy_tails();

/// p_{X_T} against N(0, I), before any step.
struct HeavyTailStart {
  long steps = 0;
  Quantity tv;
  std::optional<Quantity> kl;        ///< an enclosure; nothing for nu <= 2: infinite
  std::optional<Quantity> kl_bound;  ///< of I1 and I2; nothing for nu <= 2: infinite
  std::optional<Quantity> tv_bound;  ///< sqrt(kl_bound/2)
  Judgement judgement;               ///< kl <= kl_bound
};

/// P(X_t is not typical) and the bound of T1.
struct HeavyTailMass {
  long steps = 0;
  long t = 0;
  std::optional<Quantity> outside;  ///< nothing if it is too small to be enclosed
  std::optional<Quantity> bound;    ///< nothing for nu <= 2: it needs E||X_t||^2
  Judgement judgement;
};

/// The sampler's output from N(0, I), and its parts.
struct HeavyTailLaw {
  long steps = 0;
  std::string failure;  ///< why there is none; then nothing below counts
  Quantity total;
  Quantity initialisation;  ///< what is left of the start after the steps
  Quantity discretisation;
  std::string command;
};

struct HeavyTailRow {
  Rational nu;
  long dim = 1;
  bool applicable = true;                 ///< A2 holds
  std::string reason;                     ///< why not
  std::optional<Quantity> second_moment;  ///< E||X_0||^2/d = nu/(nu-2)
  std::vector<HeavyTailStart> starts;
  std::vector<HeavyTailMass> masses;
  std::vector<HeavyTailLaw> laws;
  /// TV of the start ~ abar_T^e = T^{-c0 e}: c0 e measured (in 1/T), and as derived, c0 min(1,
  /// nu/2): for nu > 2 the mean of the scale moves by O(abar), for nu < 2 P(abar W > 1) ~
  /// abar^{nu/2} is more; at nu = 2 there is a factor log T.
  ExponentFit start_order;
  double derived_order = 0;
};

struct HeavyTailResult {
  HeavyTailRequest request;
  std::vector<HeavyTailRow> rows;  ///< by d, then nu
};

/// Every output law is a cell of `laws`; the rest is computed anew, some 0.2 s a row. `jobs` laws
/// side by side. Throws InputError for an unknown sampler, nu not in 1..1000 or too few steps.
HeavyTailResult study_heavy_tails(const HeavyTailRequest& request, StoredLaws& laws, int jobs);

}  // namespace lemmabench
