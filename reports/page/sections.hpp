#pragma once

#include "reports/figures/series.hpp"
#include "reports/page/document.hpp"

namespace lemmabench {

struct Atlas;
struct Audit;
struct HeavyTailResult;
struct MutantRun;
struct WorstCaseResult;

// One function a section of the page. Each takes the cells, sorted, and returns its numbers and
// figures; `numbers` is null when the report holds nothing the section could show.

/// Orders of convergence of every plain series, fitted in 1/T and in log T/T, and their verdicts
/// against theory.md section 3: {"headline": ..., "orders": [...]}.
Section orders_section(const SeriesIndex& index);

/// TV against T, one figure a target: [figure...].
Section scaling_section(const SeriesIndex& index);

/// T*(eps) and its growth in d and 1/eps: {"figures", "rows", "evaluated"}.
Section complexity_section(const SeriesIndex& index);

/// The decomposition of the error and the local errors: {"bars", "rows", "local", ...}.
Section parts_section(const SeriesIndex& index);

/// The smallest constants of the bounds D5 and D6: {"figures", "rows"}.
Section constants_section(const SeriesIndex& index);

/// Richardson limits of ddpm-posterior: {"rows", "figures"}.
Section limits_section(const SeriesIndex& index);

/// Where each series comes from: {"provenance", "samplers", "methods", "honesty"}.
Section methods_section(const SeriesIndex& index);

/// T*(d, eps), its exponents against the bounds, crossings with ddpm, constants: {"forests",
/// "maps", "rows", "exponents", ...}; null without an atlas.
Section atlas_section(const Atlas* atlas);

/// Student-t data as the second moment goes away: {"figures", "rows", ...}; null without a study.
Section heavy_tails_section(const HeavyTailResult* result);

/// The largest errors a search over families found: {"story", "figures", "rows", ...}; null without
/// a search.
Section worst_case_section(const WorstCaseResult* result);

/// Samplers of public libraries, given as data: their orders against what is advertised:
/// {"figures", "targets", "rows", ...}; null without an audit.
Section audit_section(const Audit* audit);

/// Planted bugs, what catches each, and how small they may be: {"rows", "tables", ...}; null
/// without a run.
Section mutants_section(const MutantRun* run);

/// The claims, their verdicts and their negative controls: {"claims": [...], "families", ...}; null
/// without a ledger.
Section ledger_section(const LedgerData* data);

}  // namespace lemmabench
