#pragma once

#include <optional>
#include <string>
#include <vector>

#include "numerics/child_limits.hpp"
#include "numerics/evidence.hpp"
#include "theory/process/error_parts.hpp"
#include "theory/process/law_arithmetic.hpp"
#include "theory/process/schedule.hpp"

/// What can be asked of the output law of a sampler, and the answer, as plain records. Theory
/// states claims about such answers; it does not know how they are computed (harness/law/law.hpp
/// does).
namespace lemmabench {

/// How the sampler starts at level T: from N(0, I) as it really does, or from the exact law of X_T.
enum class Start { gaussian, exact };

/// One question about one output law: everything a result needs to be computed again.
///
/// Where a request names a law that is kept (a store, a memo, a baseline) the texts in it are
/// canonical: harness/records/canonical_names.hpp makes them so where they are read, once, and two
/// requests are the same exactly if canonical_text() (harness/records/request_text.hpp) is.
/// compute_law() answers other spellings alike and repeats them in its result.
struct LawRequest {
  std::string target;             ///< catalogue name, TOML file or inline spec
  std::string sampler;            ///< e.g. "ddpm", "li-cai:clip=1,kappa=0.5"
  ScheduleKind schedule;          ///< default li-cai:c0=2,c1=9
  long steps = 0;                 ///< T
  Start start = Start::gaussian;  ///< --start
  std::string score = "exact";    ///< e.g. "affine:size=0.01"
  long digits = 0;                ///< significant digits asked for; 0 = the engine's default
  LawArithmetic arithmetic;       ///< ball unless it says otherwise
};

/// TV(K_t p_t, p_{t-1}), the error that the step t -> t-1 makes by itself.
struct LocalError {
  long t = 0;
  Quantity value;
};

/// v/w - 1 for one eigenvalue of a Gaussian target: v = Var of Y_1, w = Var of X_1.
struct VarianceError {
  long multiplicity = 1;
  Quantity value;
};

using LawParts = ErrorParts<Quantity>;

/// The law of Y_1 against the law of X_1: p = law of X_1, q = law of Y_1.
struct LawResult {
  LawRequest request;
  std::string engine;      ///< "gaussian", "line", "radial", "product", "plane" or "certificate"
  std::string arithmetic;  ///< e.g. "ball, 256 bits" or "double"
  long score_calls = 0;    ///< for the whole run
  long dim = 1;
  Quantity tv;
  Quantity kl_pq;
  Quantity kl_qp;
  Quantity hellinger;
  LawParts parts;
  std::vector<VarianceError> relative_variance_error;  ///< Gaussian targets only
  std::vector<LocalError> local_errors;  ///< for t = T..2 when asked for; empty otherwise
  std::vector<std::string> notes;
};

/// What else to compute besides the law itself.
struct LawOptions {
  bool decomposition = true;  ///< the terms; costs up to two further propagations
  bool local_errors = false;  ///< one TV a step
  int threads = 1;
  /// Where the proved law of a mixture puts the text of its certificate (docs/proved.md); the other
  /// laws have none and refuse.
  std::string* certificate = nullptr;
  /// Where the law of a sampler from a C++ header is computed: in a child process with these
  /// limits (harness/plugin/guarded_law.hpp), or without them in this process, which starts none.
  std::optional<ChildLimits> guard = std::nullopt;
};

}  // namespace lemmabench
