#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/test/studies/audit_schemes.hpp"
#include "reports/json/audit_json.hpp"
#include "reports/junit/audit_junit.hpp"
#include "reports/markdown/audit_markdown.hpp"
#include "reports/text/audit_text.hpp"

namespace lemmabench {
namespace {

const Audit& audited() {
  static const Audit kAudit = run_audit(small_audit());
  return kAudit;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("audit text: verdicts, orders with intervals, errors by steps, counts") {
  const std::string text = audit_text(audited());
  CHECK(has(text, "lower than advertised  heun with a wrong weight  2"));
  CHECK(has(text, "N = 256"));
  CHECK(has(text, "proved"));
  CHECK(has(text, "3 samplers: 1 lower than advertised, 1 as advertised, 1 no order advertised\n"));
}

TEST_CASE("audit json: every number with its evidence, no order where there is none") {
  const auto json = nlohmann::json::parse(audit_json(audited()));
  CHECK(json["exit_code"] == 1);
  const auto& euler = json["samplers"][0];
  CHECK(euler["source"] == "euler");
  CHECK(euler["advertised_order"].is_null());
  CHECK(euler["series"][0]["cells"][0]["error"]["evidence"] == "proved");
  CHECK(euler["series"][0]["order"]["low"].get<double>() < 1);
  AuditRequest one;
  one.schemes = {audit_scheme(euler_scheme(16))};
  one.targets = small_audit().targets;
  const auto alone = nlohmann::json::parse(audit_json(run_audit(std::move(one))));
  CHECK(alone["samplers"][0]["series"][0]["order"].is_null());
  CHECK(alone["exit_code"] == 0);
}

TEST_CASE("audit junit: lower is a failure, nothing advertised is skipped") {
  const std::string xml = audit_junit(audited());
  CHECK(has(xml, "tests=\"3\" failures=\"1\""));
  CHECK(has(xml, "order 2 is advertised"));
  CHECK(has(xml, "no order advertised"));
}

TEST_CASE("audit markdown: one row a sampler, markup escaped") {
  AuditRequest request = small_audit();
  for (AuditScheme& scheme : request.schemes) scheme.scheme.source += "_|x";
  const std::string text = audit_markdown(run_audit(std::move(request)));
  CHECK(has(text, "❌ Audit: 3 samplers"));
  CHECK(has(text, "| heun\\_\\|x | 2 |"));
}

}  // namespace
}  // namespace lemmabench
