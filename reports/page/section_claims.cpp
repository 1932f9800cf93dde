#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/report_suite/report_data.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/typesetting.hpp"
#include "reports/text/verification_text.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

ordered_json texts(const std::vector<std::string>& lines) {
  ordered_json out = ordered_json::array();
  for (const std::string& line : lines) out.push_back({{"text", line}});
  return out;
}

/// With a capital letter.
std::string sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

ordered_json constant_json(const std::optional<Quantity>& constant) {
  return constant ? to_json(*constant) : ordered_json(nullptr);
}

/// The steepest trend in T and the steepest in d; the JSON of `verify` has all.
std::vector<const Trend*> steepest_trends(const std::vector<Trend>& trends) {
  std::vector<const Trend*> out;
  for (const Trend& trend : trends) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const Trend* other) {
      return other->variable == trend.variable;
    });
    if (same == out.end()) {
      out.push_back(&trend);
    } else if ((*same)->exponent < trend.exponent) {
      *same = &trend;
    }
  }
  return out;
}

ordered_json row_json(const LedgerRow& row) {
  const Outcome& o = row.outcome;
  const bool applies = o.verdict != Verdict::not_applicable;
  ordered_json out;
  out["case"] = row.subject->name;
  out["case_title"] = row.subject->title;
  set_verdict(out, o.verdict, o.reason);
  out["applies"] = applies;
  out["evidence"] = applies ? std::string(name(o.evidence)) : "none";
  out["letter"] = evidence_letter(o.evidence);
  out["worth"] = worth(o);
  out["left"] =
      applies && o.comparisons > 0 && printable(o.left) ? to_json(o.left) : ordered_json(nullptr);
  out["right"] =
      applies && o.comparisons > 0 && printable(o.right) ? to_json(o.right) : ordered_json(nullptr);
  out["margin"] = margin_text(o);
  out["constant"] = constant_json(o.constant);
  out["place"] = o.place;
  out["command"] = row.command;
  std::vector<std::string> remarks;
  if (o.coverage) remarks.push_back("Looked at: " + coverage_text(*o.coverage));
  if (o.resolution) remarks.push_back(sentence(resolution_text(*o.resolution)));
  for (const Trend* trend : steepest_trends(o.trends)) {
    remarks.push_back(fmt::format("At {} the smallest constant {}", trend->fixed, trend->reason));
  }
  remarks.insert(remarks.end(), o.notes.begin(), o.notes.end());
  out["remarks"] = texts(remarks);
  return out;
}

std::vector<const LedgerRow*> rows_worst_first(const Ledger& ledger, const Claim& claim) {
  std::vector<const LedgerRow*> rows;
  for (const LedgerRow& row : ledger.rows) {
    if (row.claim == &claim) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const LedgerRow* a, const LedgerRow* b) {
    return worse(a->outcome, b->outcome);
  });
  return rows;
}

/// {"text": "2 of 2 caught", "rows": [...]}; null when the claim's twins were not run.
ordered_json controls_json(const Ledger& controls, const Claim& claim) {
  ordered_json rows = ordered_json::array();
  std::size_t caught = 0;
  for (const ControlRow& row : controls.controls) {
    if (row.claim != &claim) continue;
    caught += row.caught() ? 1 : 0;
    ordered_json entry{{"title", row.control->title}, {"case", row.control->case_name}};
    entry["found"] = name(row.outcome.verdict);
    entry["mark_class"] = row.caught() ? "holds" : "violated";
    entry["mark"] = row.caught() ? "✓ caught" : "✗ not caught";
    rows.push_back(std::move(entry));
  }
  if (rows.empty()) return nullptr;
  return {{"text", fmt::format("{} of {}", caught, rows.size())}, {"rows", rows}};
}

ordered_json details_json(const Claim& claim) {
  ordered_json out;
  out["statement"] = claim.statement;
  out["latex"] = claim.latex;
  out["symbols"] = claim.symbols;
  out["status"] = name(claim.source);
  out["reference"] = claim.reference;
  out["kind"] = name(claim.kind);
  out["how_left"] = claim.left;
  out["how_right"] = claim.right;
  out["covers"] = claim.covers;
  out["falsifier"] = claim.falsifier;
  std::vector<std::string> hypotheses;
  for (const Hypothesis& h : claim.hypotheses) hypotheses.push_back(h.text);
  out["hypotheses"] = texts(hypotheses);
  out["has_hypotheses"] = !hypotheses.empty();
  out["finding"] = claim.finding == 0 ? ordered_json(nullptr) : ordered_json(claim.finding);
  out["corrects"] = claim.corrects.empty() ? ordered_json(nullptr) : ordered_json(claim.corrects);
  return out;
}

ordered_json claim_json(const LedgerData& data, const ClaimSummary& summary) {
  const Claim& claim = *summary.claim;
  const LedgerRow& worst = data.ledger.rows[summary.worst];
  ordered_json out;
  out["id"] = claim.id;
  out["title"] = claim.title;
  out["family"] = std::string(1, claim.family());
  set_verdict(out, summary.verdict, worst.outcome.reason);
  out["refuted"] = summary.verdict == Verdict::violated && claim.finding != 0
                       ? ordered_json(claim.finding)
                       : ordered_json(nullptr);
  out["holds"] = fmt::format("{} of {}", summary.holds, summary.applicable());
  out["proved"] = fmt::format("{} of {}", summary.proved, summary.applicable());
  out["on_instances"] = fmt::format("{} of {}", summary.on_instances, summary.applicable());
  out["worst_case"] = summary.applicable() > 0 ? worst.subject->name : "";
  out["worst_margin"] = margin_text(worst.outcome);
  out["constant"] = constant_json(summary.constant);
  out["details"] = details_json(claim);
  out["controls"] = controls_json(data.controls, claim);
  out["rows"] = ordered_json::array();
  for (const LedgerRow* row : rows_worst_first(data.ledger, claim)) {
    out["rows"].push_back(row_json(*row));
  }
  return out;
}

ordered_json necessity_json(const std::string& subject, const NecessityTable& table) {
  ordered_json out{{"title", table.title}, {"case", subject}, {"remark", table.caption}};
  out["columns"] = texts(table.columns);
  out["rows"] = ordered_json::array();
  for (const auto& row : table.rows) {
    ordered_json cells = ordered_json::array();
    for (const Quantity& quantity : row) cells.push_back({{"cell", to_json(quantity)}});
    out["rows"].push_back({{"cells", cells}});
  }
  return out;
}

ordered_json families(const Ledger& ledger) {
  std::string seen;
  ordered_json out = ordered_json::array();
  for (const LedgerRow& row : ledger.rows) {
    const char family = row.claim->family();
    if (seen.find(family) == std::string::npos) {
      seen += family;
      out.push_back(
          {{"letter", std::string(1, family)}, {"title", std::string(family_title(family))}});
    }
  }
  return out;
}

/// The catalogue's cases that were not asked for, "a, b"; empty if none.
std::string cases_left_out(const LedgerRequest& request) {
  std::vector<std::string> out;
  for (const Case& subject : claim_cases()) {
    if (!matches_globs(subject.name, request.cases)) out.push_back(subject.name);
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace

Section ledger_section(const LedgerData* data) {
  if (data == nullptr) return {nullptr, {}};
  const LedgerTotals t = data->ledger.totals();
  std::size_t caught = 0;
  for (const ControlRow& row : data->controls.controls) caught += row.caught() ? 1 : 0;
  ordered_json out;
  out["claims_count"] = data->ledger.claims.size();
  out["verdicts"] = t.verdicts();
  out["held"] = t.holds;
  out["violated"] = t.violated;
  out["inconclusive"] = t.inconclusive;
  out["not_applicable"] = t.not_applicable;
  out["proved"] = t.proved;
  out["on_instances"] = t.on_instances;
  out["comparisons"] = t.comparisons;
  out["left_out"] = cases_left_out(data->ledger.request);
  out["has_left_out"] = !out["left_out"].get<std::string>().empty();
  out["controls"] = data->controls.controls.size();
  out["caught"] = caught;
  out["families"] = families(data->ledger);
  out["claims"] = ordered_json::array();
  for (const ClaimSummary& summary : data->ledger.claims) {
    out["claims"].push_back(claim_json(*data, summary));
  }
  out["necessity"] = ordered_json::array();
  for (const auto& [subject, table] : data->necessity) {
    out["necessity"].push_back(necessity_json(subject, table));
  }
  out["has_necessity"] = !data->necessity.empty();
  return {std::move(out), {}};
}

}  // namespace lemmabench
