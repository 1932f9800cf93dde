#include "reports/json/audit_json.hpp"

#include <nlohmann/json.hpp>

#include "harness/records/law_json.hpp"
#include "harness/records/quantity_json.hpp"
#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"
#include "reports/text/audit_text.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kAuditDigits = 40;

Json distances_json(const LawResult& law) {
  Json out;
  out["engine"] = law.engine;
  out["arithmetic"] = law.arithmetic;
  out["tv"] = quantity_json(law.tv, kAuditDigits);
  out["kl_pq"] = quantity_json(law.kl_pq, kAuditDigits);
  out["kl_qp"] = quantity_json(law.kl_qp, kAuditDigits);
  out["hellinger"] = quantity_json(law.hellinger, kAuditDigits);
  return out;
}

Json cell_json(const AuditCell& cell) {
  Json out;
  out["steps"] = cell.steps;
  out["scheme"] = cell.scheme;
  out["error"] = cell.error ? quantity_json(*cell.error, kAuditDigits) : Json(nullptr);
  if (!cell.refusal.empty()) out["refusal"] = cell.refusal;
  if (cell.law) out["law"] = distances_json(*cell.law);
  return out;
}

Json series_json(const AuditSeries& series) {
  const ExponentFit& fit = series.fit;
  Json out;
  out["target"] = series.target;
  out["error_of"] = series.variance ? "relative variance" : "total variation";
  out["cells"] = Json::array();
  for (const AuditCell& cell : series.cells) out["cells"].push_back(cell_json(cell));
  out["order"] = fit.refused() ? Json(nullptr)
                               : Json{{"value", fit.order},
                                      {"low", fit.low},
                                      {"high", fit.high},
                                      {"limit", fit.limit},
                                      {"evidence", name(fit.evidence)}};
  out["settled"] = fit.asymptotic;
  out["range"] = fit.refused() ? fit.refusal : fit.range_reason;
  out["judgement"] = {{"verdict", name(series.judgement.verdict)},
                      {"reason", series.judgement.reason}};
  out["constant"] = series.constant && fit.asymptotic ? Json{{"value", series.constant->value},
                                                             {"error", series.constant->error},
                                                             {"order", *series.nearest_order}}
                                                      : Json(nullptr);
  return out;
}

Json sampler_json(const AuditedSampler& sampler) {
  Json out;
  out["source"] = sampler.source;
  out["advertised_order"] = sampler.advertised ? Json(*sampler.advertised) : Json(nullptr);
  out["verdict"] = name(sampler.verdict);
  out["reason"] = sampler.reason;
  out["kind"] = sampler.schemes.back().facts.text();
  out["folds"] = sampler.folds ? Json(*sampler.folds) : Json(nullptr);
  out["series"] = Json::array();
  for (const AuditSeries& series : sampler.series) out["series"].push_back(series_json(series));
  return out;
}

}  // namespace

std::string audit_json(const Audit& audit) {
  Json out;
  out["start"] = name(audit.request.start);
  out["targets"] = audit.request.targets;
  out["samplers"] = Json::array();
  for (const AuditedSampler& sampler : audit.samplers) {
    out["samplers"].push_back(sampler_json(sampler));
  }
  out["counts"] = audit_counts(audit);
  out["exit_code"] = audit.exit_code();
  out["version"] = version::number;
  return out.dump(2) + "\n";
}

}  // namespace lemmabench
