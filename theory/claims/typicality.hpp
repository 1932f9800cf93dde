#pragma once

#include <string_view>
#include <vector>

#include "numerics/supremum.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/claim.hpp"
#include "theory/gaussian/typical_ellipsoid.hpp"
#include "theory/mixture/typical_mixture.hpp"

/// What the files of family T share. The claims themselves: typicality_<topic>.cpp.
namespace lemmabench {

std::vector<Claim> typical_mass_claims();      ///< T1
std::vector<Claim> typical_moment_claims();    ///< T2, T3, T4
std::vector<Claim> typical_singular_claims();  ///< T2-singular, T2-corrected
std::vector<Claim> typical_flow_claims();      ///< T5, T7
std::vector<Claim> typical_local_claims();     ///< T6, T8

/// Says that precision will not help where the supremum used up its evaluations, or those of the
/// whole claim.
void note_budget(const Supremum& found, Comparisons& out);

/// A supremum over sampled levels, whose noises are a factor 2 to 3 apart, may miss its peak by
/// this.
inline constexpr TrendRule kSampledLevels{.slack = 0.3};

/// How many levels of one T a mixture is looked at on, of `count` in the quick suite.
long mixture_levels(const Trial& trial, long count);

/// "values of T, every t" or, with levels > 0, so many of them at each T.
Coverage typicality_coverage(const Trial& trial, long levels, const char* each = "");
inline constexpr const char* kCoversTypical =
    "instances: the T named; at each every t (Gaussians) or the levels named, every typical x";

/// theta = 2, and what else all claims of the family have in common.
Parameter theta_parameter();

/// The least T of the ladder.
inline constexpr long kTypicalityFrom = 128;
/// T = 128, 256, 512, 1024; in the full suite to 4096. Below T = 93 the schedule does not exist.
std::vector<long> typicality_ladder(const Trial& trial);

/// t = 1, ..., T in about `count` equal steps, the last one T.
std::vector<long> sampled_levels(long steps, long count);

/// The typical sets of one mixture at several levels of one schedule.
class TypicalLevels {
 public:
  /// li-cai:c0=2,c1=9 with `steps` levels, `count` of them sampled (four
  /// times as many in the full suite); the sets are -log p_t(x) <=
  /// theta log T.
  TypicalLevels(const Trial& trial, long steps, long count);

  std::size_t size() const { return sets_.size(); }
  const TypicalMixture& operator[](std::size_t i) const { return sets_[i]; }
  long t(std::size_t i) const { return t_[i]; }
  const Ball& log_steps() const { return log_steps_; }
  /// log T and theta log T.
  const Ball& bound() const { return bound_; }

  /// sup over all levels and their typical x of f(set, box) >= 0.
  template <class F>
  Supremum supremum_of(F f, const SupremumGoal& goal = {}) const {
    return supremum(
        cells(),
        [&](long i, const Ball& box) {
          const TypicalMixture& set = sets_[static_cast<std::size_t>(i)];
          return SupremumValue{set.contains(box), f(set, box)};
        },
        goal);
  }
  /// Where a supremum was found.
  Place place(const Supremum& found, long steps, std::string_view part = {}) const;

 private:
  std::vector<SupremumCell> cells() const;

  Ball log_steps_;
  Ball bound_;
  std::vector<TypicalMixture> sets_;
  std::vector<long> t_;
};

}  // namespace lemmabench
