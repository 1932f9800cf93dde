#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "numerics/supremum.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/claim.hpp"
#include "theory/claims/dimension_ladder.hpp"
#include "theory/gaussian/typical_ellipsoid.hpp"
#include "theory/mixture/typical_mixture.hpp"
#include "theory/radial/typical_ball.hpp"

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

/// The typical sets of one law at several levels of one schedule: TypicalMixture on the line,
/// TypicalBall for a scale mixture.
template <class Set, class Law>
class TypicalLevels {
 public:
  /// li-cai:c0=2,c1=9 with `steps` levels, `count` of them sampled (four times as many in the full
  /// suite); the sets are -log p_t(x) <= theta d log T.
  TypicalLevels(const Trial& trial, Law law, long dim, long steps, long count)
      : law_(std::move(law)),
        steps_(steps),
        dim_(dim),
        rate_(Ball(dim) * log(Ball(steps))),
        bound_(trial.ball("theta") * rate_) {
    const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
    t_ = sampled_levels(steps, mixture_levels(trial, count));
    for (const long t : t_) {
      sets_.emplace_back(law_, schedule.level(static_cast<int>(t)), bound_);
    }
  }
  TypicalLevels(const TypicalLevels&) = delete;  // the sets refer to the law
  TypicalLevels& operator=(const TypicalLevels&) = delete;
  ~TypicalLevels() = default;

  std::size_t size() const { return sets_.size(); }
  const Set& operator[](std::size_t i) const { return sets_[i]; }
  const Law& law() const { return law_; }
  long t(std::size_t i) const { return t_[i]; }
  long steps() const { return steps_; }
  long dim() const { return dim_; }
  /// d log T and theta d log T.
  const Ball& rate() const { return rate_; }
  const Ball& bound() const { return bound_; }

  /// sup over all levels and their typical x of f(set, box) >= 0.
  template <class F>
  Supremum supremum_of(F f, const SupremumGoal& goal = {}) const {
    return supremum(
        cells(),
        [&](long i, const Ball& box) {
          const Set& set = sets_[static_cast<std::size_t>(i)];
          return SupremumValue{set.contains(box), f(set, box)};
        },
        goal);
  }
  /// Where a supremum was found; on a ray x is |x|.
  Place place(const Supremum& found, std::string_view part = {}) const {
    return {.part = part,
            .steps = steps_,
            .t = t_[static_cast<std::size_t>(found.where.label)],
            .x = found.where.box};
  }

 private:
  std::vector<SupremumCell> cells() const {
    std::vector<SupremumCell> out;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      for (const Ball& box : sets_[i].boxes(16)) {
        out.push_back({static_cast<long>(i), box});
      }
    }
    return out;
  }

  Law law_;
  long steps_;
  long dim_;
  Ball rate_;
  Ball bound_;
  std::vector<Set> sets_;
  std::vector<long> t_;
};

/// Which dimensions a claim looks at on a scale mixture: its own, or dimension_ladder() where the
/// constant has a power of d beside it.
enum class Dimensions { own, ladder };

/// f(levels) for the typical sets of the trial's mixture on the line, or of its scale mixture in
/// each of the dimensions.
template <class F>
void on_typical_levels(const Trial& trial, long steps, long count, Dimensions dimensions, F f) {
  if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
    const std::vector<long> dims =
        dimensions == Dimensions::own ? std::vector<long>{law->dim} : dimension_ladder(law->dim);
    for (const long dim : dims) {
      f(TypicalLevels<TypicalBall, ScaleMixtureLaw>(trial, law->in_dimension(dim), dim, steps,
                                                    count));
    }
  } else {
    f(TypicalLevels<TypicalMixture, CoordinateLaw>(
        trial, trial.target().product()->coordinates.front(), 1, steps, count));
  }
}

}  // namespace lemmabench
