#include "reports/markdown/audit_markdown.hpp"

#include <fmt/format.h>

#include "reports/markdown/escaped.hpp"
#include "reports/text/audit_text.hpp"

namespace lemmabench {

std::string audit_markdown(const Audit& audit) {
  std::string out =
      fmt::format("### {} Audit: {}\n\n", audit.exit_code() == 0 ? "✅" : "❌", audit_counts(audit));
  std::string head = "| sampler | advertised |";
  std::string rule = "|---|--:|";
  for (const AuditSeries& series : audit.samplers.front().series) {
    head += fmt::format(" order on {} |", escaped(series.target));
    rule += "--:|";
  }
  out += head + " verdict |\n" + rule + "---|\n";
  for (const AuditedSampler& sampler : audit.samplers) {
    out +=
        fmt::format("| {} | {} |", escaped(sampler.source),
                    sampler.advertised ? fmt::format("{}", *sampler.advertised) : std::string("–"));
    for (const AuditSeries& series : sampler.series) {
      out += fmt::format(" {} |", escaped(audit_order(series)));
    }
    out += fmt::format(" {}{}{} |\n", sampler.verdict == AuditVerdict::lower ? "❌ " : "",
                       name(sampler.verdict),
                       sampler.reason.empty() ? "" : ": " + escaped(sampler.reason));
  }
  return out + "\nOrders are in 1/steps, of exact laws of each scheme's own coefficients.\n";
}

}  // namespace lemmabench
