#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "numerics/rational.hpp"
#include "theory/bounds/bounds.hpp"
#include "theory/claims/case.hpp"
#include "theory/claims/comparisons.hpp"
#include "theory/claims/laboratory.hpp"

/// The claims of theory.md section 6 as records that can be read, evaluated and refuted.
namespace lemmabench {

enum class ClaimKind { identity, inequality, order, smallest_constant, necessity };

/// "identity", "inequality", "order", "smallest constant" or "necessity".
std::string_view name(ClaimKind kind);

/// What a claim is about, which decides the cases it is run on.
enum class ClaimDomain { targets, schedules, theorems };

/// A hypothesis as a predicate: empty text when it holds on the case, else why it does not, e.g.
/// "c1/c0 = 3 is not above 4".
struct Hypothesis {
  std::string text;
  std::function<std::string(const Case&)> fails;
};

/// A number or a name that stands in the statement and that a control may falsify. Values are exact
/// decimals or fractions, or names (of samplers, schedules, directions).
struct Parameter {
  std::string id;
  std::string value;
  std::string meaning;
};

/// A false twin: the same claim with one parameter made false, on a case where it must then come
/// out violated.
struct Control {
  std::string title;  ///< what is wrong, e.g. "1/3 in place of 1/2"
  std::string case_name;
  std::map<std::string, std::string> overrides;  ///< parameter id -> false value
};

/// How much to spend.
struct Effort {
  bool full = false;     ///< --suite full
  long digits = 30;      ///< of working precision at the first try
  long max_bits = 2048;  ///< where an unclear comparison stays unclear
};

/// Everything an evaluator is given.
class Trial {
 public:
  Trial(const Case& subject, const Effort& effort, Laboratory& laboratory,
        const std::vector<Parameter>& parameters, const std::map<std::string, std::string>& twist);

  const Case& subject() const { return subject_; }
  /// The target of the case; only for claims of the domain targets.
  const TargetCase& target() const { return *subject_.target(); }
  const Effort& effort() const { return effort_; }
  Laboratory& laboratory() const { return laboratory_; }

  /// A parameter of the record, or its false value in a control. Throws std::logic_error for an id
  /// the record does not have.
  const std::string& text(std::string_view id) const;
  Rational number(std::string_view id) const;
  Ball ball(std::string_view id) const { return Ball(number(id)); }

  /// `quick` or `full` according to the effort.
  template <class T>
  T pick(T quick, T full) const {
    return effort_.full ? full : quick;
  }

 private:
  const Case& subject_;
  const Effort& effort_;
  Laboratory& laboratory_;
  std::map<std::string, std::string, std::less<>> values_;
};

/// One claim. Aggregate: a family's file is a function that returns its records.
struct Claim {
  std::string id;     ///< "S1"
  std::string title;  ///< a few words
  ClaimDomain domain = ClaimDomain::targets;
  ClaimKind kind = ClaimKind::identity;
  std::string statement;  ///< plain text with symbols (ASCII)
  std::string latex;      ///< the same in LaTeX math, without dollar signs
  std::string symbols;    ///< what the symbols mean, beyond theory.md section 1
  Source source = Source::derived;
  std::string reference;  ///< paper, theorem or equation number, section of docs/theory.md
  std::string left;       ///< how the left-hand side is computed
  std::string right;      ///< how the right-hand side is computed
  std::string falsifier;  ///< what would make the verdict `violated`
  std::vector<Hypothesis> hypotheses = {};
  std::vector<Parameter> parameters = {};
  std::vector<Control> controls = {};
  /// Number of the entry of docs/findings.md that refutes this statement; 0 = none. The record
  /// keeps the statement as given and is expected to come out violated somewhere.
  int finding = 0;
  /// Id of the refuted statement whose corrected twin this is; empty otherwise.
  std::string corrects = {};
  TrendRule trend = {};
  /// What an evaluation covers of all that the statement is about, in a few words for the record;
  /// the evaluator says it again with numbers.
  std::string covers = {};
  /// Makes the comparisons on one case and says what of the statement they cover.
  Coverage (*evaluate)(const Trial&, Comparisons&) = nullptr;

  /// "S", "F", ...
  char family() const { return id.front(); }
};

// The families, one file each (theory/claims/<family>.cpp).
std::vector<Claim> schedule_claims();        ///< S
std::vector<Claim> forward_claims();         ///< F
std::vector<Claim> typicality_claims();      ///< T
std::vector<Claim> discretisation_claims();  ///< D
std::vector<Claim> initialisation_claims();  ///< I
std::vector<Claim> score_error_claims();     ///< E
std::vector<Claim> bound_claims();           ///< B
std::vector<Claim> necessity_claims();       ///< N

/// All claims, in the order of theory.md section 6. Built once; thread-safe.
const std::vector<Claim>& all_claims();

/// The file in which the claim's record stands, e.g. "theory/claims/typicality_moments.cpp".
std::string_view defined_in(const Claim& claim);

/// The title of a family: 'S' -> "Schedule".
std::string_view family_title(char family);

/// True when the case is of the kind the claim is about.
bool in_domain(const Claim& claim, const Case& subject);

/// Evaluates one claim on one case, or a false twin of it when `twist` is not empty.
///
/// A failing hypothesis gives `not_applicable` with the hypothesis's reason. The precision starts
/// at effort.digits and is doubled, up to effort.max_bits, while the outcome is inconclusive and
/// all its evidence is proved and no budget was used up. A NumericalFailure, an EngineRefusal or an
/// InputError (what the user gave was read before: a claim must not end the program over a number
/// of its own) ends as inconclusive with its message as the reason.
Outcome evaluate_claim(const Claim& claim, const Case& subject, const Effort& effort,
                       Laboratory& laboratory,
                       const std::map<std::string, std::string>& twist = {});

}  // namespace lemmabench
