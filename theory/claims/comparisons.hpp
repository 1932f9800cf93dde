#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/evidence.hpp"
#include "theory/claims/coverage.hpp"
#include "theory/claims/trend.hpp"

/// The checks one evaluation of a claim makes, folded into one outcome as they come.
namespace lemmabench {

/// Where a comparison was made. What does not apply stays empty.
struct Place {
  std::string_view part = {};  ///< which part of the claim, e.g. "third inequality"; must outlive
                               ///< the evaluation (a literal)
  long steps = 0;              ///< T; 0 = none
  long t = 0;                  ///< the level's index; 0 = all levels at once or none
  std::optional<Ball> x = {};  ///< the point or box of x
  std::string detail = {};     ///< anything else, e.g. "sampler ddim, eps_score 1e-3"

  /// "T = 256, t = 17, x in [0.25 +- 0.03], ..."
  std::string text() const;
};

/// What a margin is.
enum class MarginUnit {
  log_ratio,  ///< log(right/left) of an inequality
  digits,     ///< log10(scale/|residual|) of an identity: digits to which the sides agree
  exponent    ///< minus the exponent with which the smallest constant grows with T or d
};

/// How closely the two sides of an identity are known to agree, in absolute terms.
struct Resolution {
  Ball difference;  ///< |left - right| is at most this where the agreement is worst,
  Ball asked;       ///< where this was asked for,
  Ball anywhere;    ///< and at most this wherever it was looked
};

/// What the evaluation of one claim on one case found.
struct Outcome {
  Verdict verdict = Verdict::inconclusive;
  std::string reason;                    ///< one sentence
  Evidence evidence = Evidence::proved;  ///< weakest of what the verdict rests on
  /// What of all that the statement is about was looked at; none where the evaluation did not end.
  std::optional<Coverage> coverage;
  long comparisons = 0;  ///< how many were made
  /// The worst comparison (the first violated one, else the one with the least margin).
  Quantity left;
  Quantity right;
  /// How far the worst comparison is from failing, in the unit of margin_unit; +inf when left, or
  /// the residual, is 0. The smaller, the worse.
  double margin = 0;
  MarginUnit margin_unit = MarginUnit::log_ratio;
  std::string place;                     ///< of the worst comparison
  std::optional<Resolution> resolution;  ///< when the comparison shown is an identity
  /// The smallest constant with which the claim holds on this case, when it has one.
  std::optional<Quantity> constant;
  std::string constant_place;
  std::vector<ConstantPoint> constants;  ///< the largest one for each (T, d)
  std::vector<Trend> trends;             ///< of the constants in T and in d
  std::vector<std::string> notes;        ///< e.g. "holds from T = 23 on"
  long bits = 0;                         ///< of working precision that decided
  /// False when what was left open would be at any precision: a budget was used up.
  bool precision_may_help = true;

  /// A proof of the statement on this case: a certain counterexample, or comparisons that are
  /// certain and leave nothing out.
  bool proves() const;
  /// Certain comparisons on some of what the statement is about, which it holds on.
  bool proves_instances() const;
};

/// What the verdict is worth in words: "proved", "proved on 44 instances", "computed on 6
/// instances", "computed" (violated); "open" for an inconclusive verdict, empty where the claim
/// does not apply.
std::string worth(const Outcome& outcome);

/// Collects comparisons. Nothing is kept but the worst, so millions are affordable: a comparison
/// of two proved quantities costs a few hundred ns.
///
/// The verdict of all: violated if any comparison is certainly false, else inconclusive if any is
/// unclear, else holds. A claim with constant() points takes its verdict from their trend instead
/// (and from the other comparisons too, if there are any). No comparison at all is inconclusive.
class Comparisons {
 public:
  /// Claims lhs <= rhs.
  void at_most(const Quantity& lhs, const Quantity& rhs, const Place& place);
  void at_most(const Ball& lhs, const Ball& rhs, const Place& place);

  /// Claims lhs = rhs. Violated when the two intervals are disjoint; holds when they overlap and
  /// their difference is known to be at most `resolution` * scale; else inconclusive (the
  /// enclosures are too wide to tell). `scale` > 0 is the size of the sides there (often |rhs|).
  void equal(const Quantity& lhs, const Quantity& rhs, const Ball& scale, double resolution,
             const Place& place);
  void equal(const Ball& lhs, const Ball& rhs, const Ball& scale, double resolution,
             const Place& place);
  /// The same from the difference, for callers that enclose lhs - rhs better than its sides.
  /// `left` and `right` are only shown.
  void vanishes(const Quantity& residual, const Quantity& left, const Quantity& right,
                const Ball& scale, double resolution, const Place& place);

  /// One instance of lhs <= C rhs with an unnamed universal C: C >= lhs/rhs is recorded under
  /// (place.steps, dim), the largest for each. rhs > 0.
  /// `not_yet`: why the instance is outside of the range in which a trend may refute (Trend rules
  /// then leave the claim open instead of violated), e.g. "TV is 0.97"; empty inside of it.
  void constant(const Quantity& lhs, const Quantity& rhs, long dim, const Place& place,
                const std::string& not_yet = {});
  void constant(const Ball& lhs, const Ball& rhs, long dim, const Place& place);
  /// Where a named constant stands (lhs <= A rhs with A stated): records the smallest constant
  /// lhs/rhs for the ledger without making a trend of it.
  void smallest_constant(const Ball& lhs, const Ball& rhs, const Place& place);

  /// A check that is neither: `judgement` decides; the two sides are shown.
  void judged(const Judgement& judgement, const Quantity& left, const Quantity& right,
              double margin, const Place& place);

  /// The budget of boxes, evaluations or steps was used up at `place`: the claim is left open
  /// there, at every precision.
  void out_of_budget(std::string reason, const Place& place);

  /// A budget bounded what was just compared: if that is open, it is so at every precision.
  void budget_reached();

  /// How many comparisons have been made.
  long count() const { return count_; }

  /// A remark for the ledger.
  void note(std::string text);

  /// The verdict and all the rest. `trend_rule`: what the trends of the constants are held to.
  /// When everything holds, the comparison shown is the tightest of the identities, or of the
  /// inequalities, as preferred (if there is one of the kind).
  Outcome outcome(const TrendRule& trend_rule, bool prefer_identities) const;

 private:
  struct Shown {
    Quantity left, right;
    double margin = 0;
    Place place;
    std::string reason;
    Evidence evidence = Evidence::proved;
    bool identity = false;
    Ball residual = {};  ///< of an identity, with what was allowed
    Ball allowed = {};
  };
  const std::optional<Shown>& shown(bool prefer_identities) const;
  /// The slot of the comparison when it is to be shown, else nullptr.
  Shown* record(Verdict verdict, const Quantity& left, const Quantity& right, double margin,
                const Place& place, std::string_view reason, Evidence evidence, bool identity);
  void take_constants(const TrendRule& rule, Outcome& out) const;
  void judge_by_trends(Outcome& out, bool has_verdict) const;

  long count_ = 0;
  Evidence weakest_ = Evidence::proved;
  std::optional<Shown> violated_, unclear_, tightest_inequality_, tightest_identity_;
  std::vector<ConstantPoint> points_;
  std::optional<Quantity> smallest_;
  std::string smallest_place_;
  Ball largest_residual_;
  bool out_of_budget_ = false;
  std::vector<std::string> notes_;
};

}  // namespace lemmabench
