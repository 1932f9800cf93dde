#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/audit/audit.hpp"
#include "reports/figures/chart.hpp"
#include "reports/json/audit_json.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/audit_text.hpp"

namespace lemmabench {
namespace {

using nlohmann::ordered_json;

/// The last words of a sampler's name that fit beside a figure: "sde-dpmsolver++ 3".
std::string short_label(const std::string& source) {
  constexpr std::size_t kMost = 18;
  std::string rest = source;
  if (const std::size_t at = rest.find(" order "); at != std::string::npos) {
    rest.erase(at, std::string_view(" order").size());
  }
  while (rest.size() > kMost && rest.find(' ') != std::string::npos) {
    rest.erase(0, rest.find(' ') + 1);
  }
  return rest;
}

/// |v/w - 1| against N for the samplers whose order is lower than advertised, and for two that are
/// as advertised.
Figure error_figure(const Audit& audit) {
  constexpr std::array kInks = {"vermillion", "purple", "sky", "green", "blue", "grey"};
  constexpr std::array kMarkers = {7, 11, 5, 9, 13, 6};
  LineChart chart;
  for (const AuditVerdict verdict : {AuditVerdict::lower, AuditVerdict::as_advertised}) {
    for (const AuditedSampler& sampler : audit.samplers) {
      if (sampler.verdict != verdict || chart.lines.size() == kInks.size()) continue;
      const AuditSeries& series = sampler.series.front();
      if (!series.variance) continue;
      Line line;
      line.label = short_label(sampler.source);
      line.style = {kInks[chart.lines.size()], kMarkers[chart.lines.size()],
                    verdict == AuditVerdict::lower ? "" : "4,3", 1.6};
      for (const AuditCell& cell : series.cells) {
        if (!cell.error) continue;
        line.points.push_back(
            {static_cast<double>(cell.steps), std::abs(cell.error->value()), cell.error->error()});
      }
      chart.lines.push_back(std::move(line));
    }
  }
  if (chart.lines.empty() || all_x(chart.lines).size() < 2) return {};
  chart.x = steps_axis(all_x(chart.lines));
  chart.y = axis_for("|v/w - 1|", "variance_error", true, all_y(chart.lines));
  return {"audit-variance", fmt::format("On {}", audit.samplers.front().series.front().target),
          "Relative variance error of the output against the number of steps. Solid: the order is "
          "lower than advertised; dashed: as advertised.",
          chart};
}

Verdict verdict_of(const AuditedSampler& sampler) {
  switch (sampler.verdict) {
    case AuditVerdict::lower:
      return Verdict::violated;
    case AuditVerdict::as_advertised:
      return Verdict::holds;
    case AuditVerdict::open:
      return Verdict::inconclusive;
    case AuditVerdict::not_advertised:
      return Verdict::not_applicable;
  }
  return Verdict::inconclusive;
}

ordered_json row_json(const AuditedSampler& sampler) {
  ordered_json out;
  out["sampler"] = sampler.source;
  out["advertised"] = sampler.advertised ? fmt::format("{}", *sampler.advertised) : "–";
  set_verdict(out, verdict_of(sampler), sampler.reason);
  out["verdict"] = name(sampler.verdict);
  out["kind"] = name(sampler.schemes.back().facts.kind);
  out["folds"] = !sampler.folds ? "–" : *sampler.folds ? "yes" : "no";
  out["cells"] = ordered_json::array();
  for (const AuditSeries& series : sampler.series) {
    const AuditCell* last = nullptr;
    for (const AuditCell& cell : series.cells) {
      if (cell.error) last = &cell;
    }
    ordered_json cell{{"order", audit_order(series)}};
    cell["error"] = last == nullptr ? ordered_json(nullptr) : to_json(*last->error);
    out["cells"].push_back(std::move(cell));
  }
  return out;
}

}  // namespace

Section audit_section(const Audit* audit) {
  Section section;
  if (audit == nullptr || audit->samplers.empty()) {
    section.numbers = nullptr;
    return section;
  }
  ordered_json figures = ordered_json::array();
  Figure figure = error_figure(*audit);
  if (!figure.id.empty()) {
    figures.push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  }
  ordered_json targets = ordered_json::array();
  for (const AuditSeries& series : audit->samplers.front().series) {
    targets.push_back({{"name", series.target}, {"error_of", series.variance ? "variance" : "TV"}});
  }
  ordered_json rows = ordered_json::array();
  for (const AuditedSampler& sampler : audit->samplers) rows.push_back(row_json(sampler));
  section.numbers = {{"figures", std::move(figures)},
                     {"targets", std::move(targets)},
                     {"rows", std::move(rows)},
                     {"counts", audit_counts(*audit)},
                     {"most_calls", audit->request.most_calls},
                     {"data", ordered_json::parse(audit_json(*audit))}};
  return section;
}

}  // namespace lemmabench
