#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/regression/cell.hpp"

namespace lemmabench {

/// One planted bug of a bank.
struct MutantRecord {
  std::string mutant;  ///< canonical sampler text, cases/mutants/mutant_sampler.hpp
  std::string base;    ///< the sampler without the bug, canonical
  std::string bug;     ///< the bug alone, e.g. "scale,of=b,by=2"
  std::string title;   ///< the mistake in an author's words
  /// Why the gate's plan does not see it; empty if it must be caught.
  std::string survives;
  /// Of a survivor: a law that does see it, so that it is known to be no equivalent of its base.
  std::optional<GateCell> witness;
};

/// Two samplers that are the same by algebra and round differently: the gate must pass one by the
/// other's baseline.
struct EqualRecord {
  std::string base;   ///< whose baseline it is, canonical
  std::string equal;  ///< who must pass, canonical
  std::string title;  ///< why they are the same
};

struct MutantBank {
  std::string name;  ///< "quick" or the file's name
  std::vector<MutantRecord> records;
  std::vector<EqualRecord> equals;

  /// The records whose mutant, or the name of whose equal, the regular expression (ECMAScript)
  /// finds something in. Throws InputError for a malformed one and when no mutant is left.
  MutantBank filtered(const std::string& expression) const;
};

/// Reads a bank from the text of a TOML document; `file` names it in messages.
///
///     [[mutant]]
///     base = "li-cai"
///     bug = "score-level,by=1,on=2"       # cases/mutants/bug.hpp
///     title = "the second score at level t"
///     [[mutant]]                          # one that the gate does not see
///     ...
///     survives = "why"
///     witness = { target = "mixture-three", steps = 8, schedule = "logit:from=-1,to=1",
///                 digits = 30 }           # schedule and digits as in `lemmabench law`
///     [[equal]]                           # no mutant: the gate must not tell these apart
///     base = "ddpm-posterior"
///     sampler = "euler-ancestral"
///     title = "eta = 1"
///
/// Throws InputError (file:line) for malformed TOML, an unknown or missing key, a sampler or bug
/// nobody has, a mutant that stands twice, or a survivor without a witness.
MutantBank parse_mutant_bank(std::string_view document, const std::string& file);

/// The banks compiled into the program (harness/studies/mutation/banks/*.toml): "quick". Throws
/// InputError for a name there is not.
MutantBank built_in_mutant_bank(std::string_view name);

}  // namespace lemmabench
