#pragma once

#include <algorithm>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "numerics/supremum.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/claim.hpp"
#include "theory/claims/dimension_ladder.hpp"
#include "theory/gaussian/typical_ellipsoid.hpp"
#include "theory/mixture/typical_mixture.hpp"
#include "theory/product/typical_product.hpp"
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

/// How many levels of one T a mixture is looked at on, of `count` in the quick suite; a quarter for
/// mixtures in independent coordinates.
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

/// How what a function says of each coordinate makes what it says of the vector, where coordinates
/// are independent.
enum class Combined { sum, norm, largest };

/// One T of li-cai:c0=2,c1=9, the levels t of it that are looked at, and the bound of the typical
/// sets -log p_t(x) <= theta d log T in each.
class TypicalRange {
 public:
  TypicalRange(const Ball& theta, long dim, long steps, std::vector<long> levels)
      : steps_(steps),
        dim_(dim),
        rate_(Ball(dim) * log(Ball(steps))),
        bound_(theta * rate_),
        t_(std::move(levels)) {}

  std::size_t size() const { return t_.size(); }
  long t(std::size_t i) const { return t_[i]; }
  long steps() const { return steps_; }
  long dim() const { return dim_; }
  /// d log T and theta d log T.
  const Ball& rate() const { return rate_; }
  const Ball& bound() const { return bound_; }

 protected:
  std::vector<Level<Ball>> levels() const {
    const Schedule<Ball> schedule(LiCaiSchedule{}, steps_);
    std::vector<Level<Ball>> out;
    for (const long t : t_) {
      out.push_back(schedule.level(static_cast<int>(t)));
    }
    return out;
  }
  /// Where a supremum was found, its label counting levels.
  Place found_at(const Supremum& found, std::string_view part) const {
    return {.part = part,
            .steps = steps_,
            .t = t_[static_cast<std::size_t>(found.where.label)],
            .x = found.where.box};
  }

 private:
  long steps_;
  long dim_;
  Ball rate_;
  Ball bound_;
  std::vector<long> t_;
};

/// The typical sets of one law at several levels of one schedule: TypicalMixture on the line,
/// TypicalBall for a scale mixture.
template <class Set, class Law>
class TypicalLevels : public TypicalRange {
 public:
  /// The levels t of li-cai:c0=2,c1=9 with `steps` levels; the sets are -log p_t(x) <= theta d log
  /// T.
  TypicalLevels(const Ball& theta, Law law, long dim, long steps, std::vector<long> levels)
      : TypicalRange(theta, dim, steps, std::move(levels)), law_(std::move(law)) {
    for (const Level<Ball>& level : this->levels()) {
      sets_.emplace_back(law_, level, bound());
    }
  }
  TypicalLevels(const TypicalLevels&) = delete;  // the sets refer to the law
  TypicalLevels& operator=(const TypicalLevels&) = delete;
  ~TypicalLevels() = default;

  const Set& operator[](std::size_t i) const { return sets_[i]; }
  const Law& law() const { return law_; }

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
  /// The same: what is a function of the whole x has no coordinates to combine.
  template <class F>
  Supremum supremum_of(Combined, F f, const SupremumGoal& goal = {}) const {
    return supremum_of(f, goal);
  }
  /// Where a supremum was found; on a ray x is |x|.
  Place place(const Supremum& found, std::string_view part = {}) const {
    return found_at(found, part);
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
  std::vector<Set> sets_;
};

/// The same for `copies` of a law with independent coordinates: suprema over typical vectors of
/// what is a sum, a norm or a maximum over the coordinates (theory/product/typical_product.hpp).
class ProductLevels : public TypicalRange {
 public:
  /// As TypicalLevels.
  ProductLevels(const Ball& theta, ProductLaw law, long copies, long steps,
                std::vector<long> levels)
      : TypicalRange(theta, law.dim() * copies, steps, std::move(levels)), law_(std::move(law)) {
    for (const Level<Ball>& level : this->levels()) {
      sets_.emplace_back(law_, level, bound(), copies);
    }
  }

  ProductLevels(const ProductLevels&) = delete;  // the sets refer to the law
  ProductLevels& operator=(const ProductLevels&) = delete;
  ~ProductLevels() = default;

  const TypicalProduct& operator[](std::size_t i) const { return sets_[i]; }
  const ProductLaw& law() const { return law_; }

  /// f(set, box) >= 0 for one coordinate, set the values that it can have.
  template <class F>
  Supremum supremum_of(Combined combined, F f, const SupremumGoal& goal = {}) const {
    Supremum all;
    const bool largest = combined == Combined::largest;
    const auto on_level = [&](std::size_t i) {
      return [this, &f, combined, i](std::size_t kind, const Ball& box) {
        const Ball value = f(sets_[i].reach(kind), box);
        return combined == Combined::norm ? square(value) : value;
      };
    };
    // First what is attained anywhere: a level that cannot exceed it is soon done.
    std::vector<TypicalProduct::Guess> guesses;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      guesses.push_back(largest ? sets_[i].guess_largest(on_level(i))
                                : sets_[i].guess_sum(on_level(i)));
      if (i == 0 || guesses[i].lower > all.lower) {
        all.lower = guesses[i].lower;
        all.where = {static_cast<long>(i), guesses[i].where.box};
      }
    }
    SupremumGoal enough = goal;
    const double asked = combined == Combined::norm ? goal.enough * goal.enough : goal.enough;
    enough.enough = std::max(asked, all.lower * (1 + goal.tolerance));
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      const Supremum found = largest ? sets_[i].of_largest(on_level(i), guesses[i], enough)
                                     : sets_[i].of_sum(on_level(i), guesses[i], enough);
      if (found.lower > all.lower) {
        all.lower = found.lower;
        all.where = {static_cast<long>(i), found.where.box};
      }
      all.upper = std::max(all.upper, found.upper);
      all.evaluations += found.evaluations;
      all.used_up = all.used_up || found.used_up;
    }
    if (combined == Combined::norm) {
      all.lower = lower_double(sqrt(Ball::exactly(all.lower)));
      all.upper = upper_double(sqrt(Ball::exactly(all.upper)));
    }
    return all;
  }
  /// x is the value of the coordinate that counts most.
  Place place(const Supremum& found, std::string_view part = {}) const {
    Place out = found_at(found, part);
    out.detail = "x of the coordinate that counts most";
    return out;
  }

 private:
  ProductLaw law_;
  std::deque<TypicalProduct> sets_;
};

/// Which dimensions a claim looks at on a scale mixture: its own, or dimension_ladder() where the
/// constant has a power of d beside it. On independent coordinates: one, or one, four and sixteen
/// copies of all.
enum class Dimensions { own, ladder };

/// f(levels) for the typical sets of the trial's mixture on the line, or of its scale mixture in
/// each of the dimensions.
template <class F>
void on_typical_levels(const Trial& trial, long steps, long count, Dimensions dimensions, F f) {
  const Ball theta = trial.ball("theta");
  const std::vector<long> levels = sampled_levels(steps, mixture_levels(trial, count));
  if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
    const std::vector<long> dims =
        dimensions == Dimensions::own ? std::vector<long>{law->dim} : dimension_ladder(law->dim);
    for (const long dim : dims) {
      f(TypicalLevels<TypicalBall, ScaleMixtureLaw>(theta, law->in_dimension(dim), dim, steps,
                                                    levels));
    }
  } else {
    f(TypicalLevels<TypicalMixture, CoordinateLaw>(
        theta, trial.target().product()->coordinates.front(), 1, steps, levels));
  }
}

/// The same, or of its independent mixtures: for claims whose f says how coordinates combine.
template <class F>
void on_typical_vectors(const Trial& trial, long steps, long count, Dimensions dimensions, F f) {
  if (!trial.target().independent_mixtures()) {
    on_typical_levels(trial, steps, count, dimensions, f);
    return;
  }
  const std::vector<long> copies =
      dimensions == Dimensions::own ? std::vector<long>{1} : std::vector<long>{1, 4, 16};
  for (const long each : copies) {
    f(ProductLevels(trial.ball("theta"), *trial.target().product(), each, steps,
                    sampled_levels(steps, mixture_levels(trial, count))));
  }
}

}  // namespace lemmabench
