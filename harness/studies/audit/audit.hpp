#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/schemes/scheme.hpp"
#include "cases/schemes/scheme_facts.hpp"
#include "numerics/order_fit.hpp"
#include "theory/process/output_law.hpp"

/// The audit of samplers that are given as data: every sampler at several numbers of steps, its
/// exact laws on a few targets, the order that its error has, and whether that is the order its
/// author says.
namespace lemmabench {

/// One scheme to be looked at.
struct AuditScheme {
  std::string name;  ///< the file's, or what a program calls it
  Scheme scheme;
  SchemeFacts facts;
  /// What the user asked for: the file's "steps", else the number of model calls.
  long steps() const;
};

/// An order that the user says a sampler has, whatever its file says.
struct AdvertisedOrder {
  std::string sources;  ///< glob over the samplers' names
  long order = 0;
};

struct AuditRequest {
  std::vector<AuditScheme> schemes;
  /// Where orders are measured; gaussian targets by the relative variance error, mixtures on the
  /// line by TV. As --target takes them.
  std::vector<std::string> targets;
  Start start = Start::exact;
  std::vector<AdvertisedOrder> advertised;
  /// A law on the line of noise that remembers costs seconds at 64 calls and minutes at 256.
  /// Schemes of more calls are left out of it, and the audit says so; 0 = none is.
  long most_calls = 0;
  int threads = 1;
};

/// The error of one scheme on one target.
struct AuditCell {
  long steps = 0;
  std::string scheme;            ///< AuditScheme::name
  std::optional<LawResult> law;  ///< none if it was refused
  std::string refusal;           ///< why there is no law
  /// v/w - 1 of the eigenvalue that is worst, or TV.
  std::optional<Quantity> error;
};

/// The errors of one sampler on one target, by steps, and their order in 1/steps.
struct AuditSeries {
  std::string target;
  bool variance = false;  ///< the error is the relative variance error; else TV
  std::vector<AuditCell> cells;
  ExponentFit fit;
  /// Against what is advertised; inconclusive if nothing is.
  OrderJudgement judgement;
  /// The error over steps^-order at the most steps, order the whole number nearest to the measured
  /// one, where there is a fit.
  std::optional<ConstantEstimate> constant;
  std::optional<long> nearest_order;
};

enum class AuditVerdict {
  lower,          ///< on some target the order is certainly lower than advertised
  as_advertised,  ///< on every target with an order it is what is advertised, or higher
  not_advertised,  ///< nothing to hold it against
  open,           ///< no order has settled, or some are consistent and others open
};

/// "lower than advertised", "as advertised", "no order advertised" or "open".
std::string_view name(AuditVerdict verdict);

/// All schemes of one sampler.
struct AuditedSampler {
  std::string source;
  std::vector<AuditScheme> schemes;  ///< by steps
  std::optional<long> advertised;
  std::vector<AuditSeries> series;  ///< one a target, as asked
  AuditVerdict verdict = AuditVerdict::open;
  /// What the verdict rests on: the target, the order and its interval, the evidence.
  std::string reason;
  /// Whether the map from x_T to the output folds on a target that was looked at; none for schemes
  /// with noise and where no law was computed.
  std::optional<bool> folds;
};

struct Audit {
  AuditRequest request;
  std::vector<AuditedSampler> samplers;  ///< by name

  /// 1 if some sampler's order is certainly lower than advertised, else 0.
  int exit_code() const;
};

/// What an audit looks at unless it is told otherwise: one Gaussian, whose laws are proved, and two
/// mixtures on the line.
std::vector<std::string> default_audit_targets();

struct FoundSchemes {
  std::vector<AuditScheme> schemes;
  std::vector<std::string> others;  ///< JSON files of the directory that are something else
};

/// The path that means the schemes of the catalogue, where nothing of that name is there.
inline constexpr std::string_view kCatalogueOfSchemes = "catalogue";

/// The schemes of a directory (every *.json in it that has "sigmas", by name), of one file, or of
/// the catalogue (harness/records/scheme_catalogue.hpp).
/// Throws InputError for a path that is not there, a directory without a scheme, and a file that
/// read_scheme refuses.
FoundSchemes read_schemes(const std::filesystem::path& path, std::string_view origin);

/// Computes. Schemes with the same "source" are one sampler at several numbers of steps; one
/// without a source is named by its file. Orders are in 1/steps. Same outcome on any number of
/// threads. Throws InputError: no scheme, two of one sampler with the same steps, a target of
/// another kind, an order outside 1..20.
Audit run_audit(AuditRequest request);

}  // namespace lemmabench
