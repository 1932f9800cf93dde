#include "reports/json/verification_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"
#include "lemmabench_version.hpp"
#include "reports/text/verification_text.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kVerificationDigits = 20;

Json finite_or_null(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

Json constant_json(const std::optional<Quantity>& constant) {
  return constant && printable(*constant) ? quantity_json(*constant, kVerificationDigits)
                                          : Json(nullptr);
}

/// null where there is no bound to be shown.
Json side_json(const Quantity& side) {
  return printable(side) ? quantity_json(side, kVerificationDigits) : Json(nullptr);
}

std::string_view margin_unit(const Outcome& outcome) {
  switch (outcome.margin_unit) {
    case MarginUnit::log_ratio:
      return "log";
    case MarginUnit::digits:
      return "digits";
    case MarginUnit::exponent:
      break;
  }
  return "exponent";
}

Json trends_json(const std::vector<Trend>& trends) {
  Json out = Json::array();
  for (const Trend& t : trends) {
    out.push_back({{"variable", t.variable},
                   {"fixed", t.fixed},
                   {"exponent", finite_or_null(t.exponent)},
                   {"low", finite_or_null(t.low)},
                   {"high", finite_or_null(t.high)},
                   {"verdict", name(t.verdict)},
                   {"reason", t.reason}});
  }
  return out;
}

/// null unless the evaluation ended.
Json coverage_json(const std::optional<Coverage>& coverage) {
  if (!coverage) {
    return nullptr;
  }
  return {{"whole", coverage->is_whole()},
          {"instances", coverage->is_whole() ? Json(nullptr) : Json(coverage->count())},
          {"of", coverage->what()}};
}

/// In absolute terms; null unless the comparison shown is an identity.
Json resolution_json(const std::optional<Resolution>& resolution) {
  if (!resolution) {
    return nullptr;
  }
  return {{"difference", short_bound(resolution->difference)},
          {"asked", short_bound(resolution->asked)},
          {"anywhere", short_bound(resolution->anywhere)}};
}

Json row_json(const LedgerRow& row) {
  const Outcome& o = row.outcome;
  Json json;
  json["case"] = row.subject->name;
  json["verdict"] = name(o.verdict);
  json["reason"] = o.reason;
  if (o.verdict != Verdict::not_applicable) {
    json["evidence"] = name(o.evidence);
    json["worth"] = worth(o);
    json["coverage"] = coverage_json(o.coverage);
    json["left"] = side_json(o.left);
    json["right"] = side_json(o.right);
    json["margin"] = finite_or_null(o.margin);
    json["margin_in"] = margin_unit(o);
    json["place"] = o.place;
    json["resolution"] = resolution_json(o.resolution);
    json["smallest_constant"] = constant_json(o.constant);
    json["smallest_constant_place"] = o.constant_place;
    json["constants"] = Json::array();
    for (const ConstantPoint& p : o.constants) {
      json["constants"].push_back(
          {{"steps", p.steps}, {"dim", p.dim}, {"value", side_json(p.value)}, {"place", p.place}});
    }
    json["trends"] = trends_json(o.trends);
    json["comparisons"] = o.comparisons;
    json["bits"] = o.bits;
    json["notes"] = o.notes;
  }
  json["command"] = row.command;
  return json;
}

Json claim_json(const Ledger& ledger, const ClaimSummary& summary) {
  const Claim& claim = *summary.claim;
  Json json;
  json["id"] = claim.id;
  json["title"] = claim.title;
  json["kind"] = name(claim.kind);
  json["statement"] = claim.statement;
  json["latex"] = claim.latex;
  json["source"] = name(claim.source);
  json["reference"] = claim.reference;
  json["covers"] = claim.covers;
  json["verdict"] = name(summary.verdict);
  json["finding"] = claim.finding == 0 ? Json(nullptr) : Json(claim.finding);
  json["corrects"] = claim.corrects.empty() ? Json(nullptr) : Json(claim.corrects);
  json["smallest_constant"] = constant_json(summary.constant);
  json["rows"] = Json::array();
  for (const LedgerRow& row : ledger.rows) {
    if (row.claim == &claim) {
      json["rows"].push_back(row_json(row));
    }
  }
  return json;
}

Json summary_json(const Ledger& ledger) {
  const LedgerTotals t = ledger.totals();
  return {{"claims", ledger.claims.size()},
          {"verdicts", t.verdicts()},
          {"holds", t.holds},
          {"violated", t.violated},
          {"inconclusive", t.inconclusive},
          {"not_applicable", t.not_applicable},
          {"proved", t.proved},
          {"proved_on_instances", t.on_instances},
          {"comparisons", t.comparisons}};
}

Json control_json(const ControlRow& row) {
  return {{"claim", row.claim->id},
          {"title", row.control->title},
          {"case", row.control->case_name},
          {"overrides", row.control->overrides},
          {"verdict", name(row.outcome.verdict)},
          {"caught", row.caught()},
          {"reason", row.outcome.reason}};
}

}  // namespace

std::string ledger_json(const Ledger& ledger) {
  Json json;
  json["suite"] = ledger.request.effort.full ? "full" : "quick";
  json["claims_glob"] = ledger.request.claims;
  json["cases_glob"] = ledger.request.cases;
  json["targets"] = ledger.request.targets;
  json["digits"] = ledger.request.effort.digits;
  json["summary"] = summary_json(ledger);
  json["claims"] = Json::array();
  for (const ClaimSummary& summary : ledger.claims) {
    json["claims"].push_back(claim_json(ledger, summary));
  }
  json["controls"] = Json::array();
  for (const ControlRow& row : ledger.controls) {
    json["controls"].push_back(control_json(row));
  }
  json["version"] = version::number;
  return json.dump(2) + "\n";
}

}  // namespace lemmabench
