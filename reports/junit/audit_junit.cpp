#include "reports/junit/audit_junit.hpp"

#include <fmt/format.h>

#include "reports/junit/junit.hpp"
#include "reports/text/audit_text.hpp"

namespace lemmabench {

std::string audit_junit(const Audit& audit) {
  JunitSuite suite{"orders of samplers"};
  for (const AuditedSampler& sampler : audit.samplers) {
    JunitCase test{"lemmabench.audit", sampler.source};
    for (const AuditSeries& series : sampler.series) {
      test.properties.emplace_back("order on " + series.target, audit_order(series));
    }
    const std::string said =
        sampler.advertised ? fmt::format("order {} is advertised", *sampler.advertised) : "";
    if (sampler.verdict == AuditVerdict::lower) {
      test.failure = {std::string(name(sampler.verdict)),
                      fmt::format("{}; measured: {}", said, sampler.reason), ""};
    } else if (sampler.verdict == AuditVerdict::open) {
      test.skipped = fmt::format("{}; {}", said, sampler.reason);
    } else if (sampler.verdict == AuditVerdict::not_advertised) {
      test.skipped = name(sampler.verdict);
    }
    suite.cases.push_back(std::move(test));
  }
  return junit_xml("lemmabench audit", {suite});
}

}  // namespace lemmabench
