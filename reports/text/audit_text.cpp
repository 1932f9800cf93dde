#include "reports/text/audit_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/records/quantity_text.hpp"
#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

std::string advertised(const AuditedSampler& sampler) {
  return sampler.advertised ? fmt::format("{}", *sampler.advertised) : "-";
}

/// v/w - 1 at the most steps there is a law at.
std::string variance_bias(const AuditedSampler& sampler) {
  for (const AuditSeries& series : sampler.series) {
    if (!series.variance) continue;
    for (auto cell = series.cells.rbegin(); cell != series.cells.rend(); ++cell) {
      if (cell->error) return fmt::format("{:.3g}", cell->error->value());
    }
  }
  return "-";
}

std::string overview(const Audit& audit) {
  std::vector<Row> rows{{"verdict", "sampler", "advertised"}};
  for (const AuditSeries& series : audit.samplers.front().series) {
    rows.front().push_back("order on " + series.target);
  }
  rows.front().push_back("variance off by");
  for (const AuditedSampler& sampler : audit.samplers) {
    Row row{std::string(name(sampler.verdict)), sampler.source, advertised(sampler)};
    for (const AuditSeries& series : sampler.series) row.push_back(audit_order(series));
    row.push_back(variance_bias(sampler));
    rows.push_back(std::move(row));
  }
  return aligned(rows);
}

std::string series_text(const AuditSeries& series) {
  std::string out =
      fmt::format("  {} on {}\n", series.variance ? "relative variance error" : "total variation",
                  series.target);
  std::vector<Row> rows;
  for (const AuditCell& cell : series.cells) {
    Row row{fmt::format("    N = {}", cell.steps)};
    if (cell.error) {
      row.push_back(quantity_text(*cell.error));
      row.emplace_back(name(cell.error->evidence()));
    } else {
      row.push_back(cell.refusal);
      row.emplace_back();
    }
    rows.push_back(std::move(row));
  }
  out += aligned(rows);
  if (series.fit.refused()) {
    return out + fmt::format("    no order: {}\n", series.fit.refusal);
  }
  out += fmt::format("    order {}: {}\n", audit_order(series), series.fit.range_reason);
  if (series.constant && series.fit.asymptotic) {
    out += fmt::format("    about {:.3g} N^-{} at the most steps\n", series.constant->value,
                       *series.nearest_order);
  }
  return out;
}

std::string sampler_text(const AuditedSampler& sampler) {
  std::string out = fmt::format("{}\n", sampler.source);
  out += fmt::format("  {}{}\n", name(sampler.verdict),
                     sampler.reason.empty() ? "" : ": " + sampler.reason);
  const Scheme& last = sampler.schemes.back().scheme;
  out += fmt::format("  {}\n", sampler.schemes.back().facts.text());
  if (sampler.folds) {
    out += fmt::format("  the map from x_T to the output {}\n",
                       *sampler.folds ? "folds on a target that was looked at"
                                      : "is one-to-one on the targets that were looked at");
  }
  if (last.rounding_floor) {
    out += fmt::format(
        "  its coefficients are rounded to {:.2g}: the code computes in less than double\n",
        *last.rounding_floor);
  }
  for (const AuditSeries& series : sampler.series) out += series_text(series);
  return out;
}

}  // namespace

std::string audit_order(const AuditSeries& series) {
  if (series.fit.refused()) {
    return "-";
  }
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]{}", series.fit.order, series.fit.low, series.fit.high,
                     series.fit.asymptotic ? "" : " (not settled)");
}

std::string audit_counts(const Audit& audit) {
  std::string out;
  for (const AuditVerdict verdict : std::array{AuditVerdict::lower, AuditVerdict::as_advertised,
                                               AuditVerdict::open, AuditVerdict::not_advertised}) {
    const auto count =
        std::count_if(audit.samplers.begin(), audit.samplers.end(),
                      [&](const AuditedSampler& sampler) { return sampler.verdict == verdict; });
    if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, name(verdict));
  }
  return fmt::format("{} sampler{}: {}", audit.samplers.size(),
                     audit.samplers.size() == 1 ? "" : "s", out);
}

std::string audit_text(const Audit& audit) {
  std::string out = overview(audit);
  out += fmt::format(
      "\norders are in 1/N, N the steps; start {}; each law is that of the scheme's own "
      "coefficients\n",
      audit.request.start == Start::exact ? "exact" : "gaussian");
  for (const AuditedSampler& sampler : audit.samplers) out += "\n" + sampler_text(sampler);
  return out + "\n" + audit_counts(audit) + "\n";
}

}  // namespace lemmabench
