#include "harness/studies/audit/audit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/io/files.hpp"
#include "harness/test/scratch.hpp"
#include "harness/test/studies/audit_schemes.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

const AuditedSampler& named(const Audit& audit, const std::string& source) {
  return *std::find_if(audit.samplers.begin(), audit.samplers.end(),
                       [&](const AuditedSampler& one) { return one.source == source; });
}

TEST_CASE("audit: an order that is lower than advertised is found, the right one is passed") {
  const Audit audit = run_audit(small_audit());
  REQUIRE(audit.samplers.size() == 3);
  const AuditedSampler& wrong = named(audit, "heun with a wrong weight");
  CHECK(wrong.verdict == AuditVerdict::lower);
  CHECK(wrong.reason.find("in [") != std::string::npos);
  CHECK(std::abs(wrong.series[0].fit.order - 1) < 0.15);
  const AuditedSampler& heun = named(audit, "heun");
  CHECK(heun.verdict == AuditVerdict::as_advertised);
  CHECK(heun.series[0].fit.low <= 2);
  CHECK(heun.series[0].fit.high >= 2);
  const AuditedSampler& euler = named(audit, "euler");
  CHECK(euler.verdict == AuditVerdict::not_advertised);
  CHECK(euler.series[0].nearest_order == 1);
  for (const AuditCell& cell : euler.series[0].cells) {
    CHECK(cell.error->evidence() == Evidence::proved);
  }
  CHECK(audit.exit_code() == 1);
}

TEST_CASE("audit: what the user says of the order goes before the file") {
  AuditRequest request = small_audit();
  for (AuditScheme& scheme : request.schemes) scheme.scheme.advertised_order = 1;
  request.advertised = {{"euler", 2}};
  const Audit audit = run_audit(std::move(request));
  CHECK(named(audit, "euler").verdict == AuditVerdict::lower);
  CHECK(named(audit, "heun").verdict == AuditVerdict::as_advertised);
}

TEST_CASE("audit: on the line a one-to-one map is said to be one, and costly laws are left out") {
  AuditRequest request;
  request.schemes = {audit_scheme(heun_scheme(16))};
  Scheme noisy = euler_scheme(4);
  noisy.source = "noisy";
  noisy.draws = 2;
  noisy.rows[2].push_back({SchemeSource::draw, 0, 0.5});
  // The last row looks back at what was before the noise.
  noisy.rows[4].push_back(of_row(1, 0.01));
  noisy.rows[3].push_back({SchemeSource::draw, 1, 0.2});
  request.schemes.push_back(audit_scheme(noisy));
  request.targets = {"mixture-near"};
  request.most_calls = 3;
  const Audit audit = run_audit(std::move(request));
  CHECK(named(audit, "heun").folds == false);
  const AuditCell& left_out = named(audit, "noisy").series[0].cells[0];
  REQUIRE(named(audit, "noisy").schemes[0].facts.kind == SchemeKind::memory_of_one);
  CHECK(!left_out.law);
  CHECK(left_out.refusal.find("the limit is 3") != std::string::npos);
  CHECK_FALSE(named(audit, "noisy").folds.has_value());
}

TEST_CASE("audit: the same on two threads") {
  AuditRequest one = small_audit();
  AuditRequest two = small_audit();
  two.threads = 2;
  const Audit a = run_audit(std::move(one));
  const Audit b = run_audit(std::move(two));
  for (std::size_t i = 0; i < a.samplers.size(); ++i) {
    CHECK(a.samplers[i].reason == b.samplers[i].reason);
    for (std::size_t k = 0; k < a.samplers[i].series[0].cells.size(); ++k) {
      CHECK(a.samplers[i].series[0].cells[k].error->value() ==
            b.samplers[i].series[0].cells[k].error->value());
    }
  }
}

TEST_CASE("audit: what cannot be audited is refused in one line") {
  CHECK_THROWS_WITH_AS(run_audit({}), "audit: no scheme to look at", InputError);
  AuditRequest twice = small_audit();
  twice.schemes.push_back(twice.schemes.front());
  CHECK_THROWS_WITH_AS(run_audit(std::move(twice)), doctest::Contains("are both 'euler' at 16"),
                       InputError);
  AuditRequest nobody = small_audit();
  nobody.advertised = {{"dpm*", 2}};
  CHECK_THROWS_WITH_AS(run_audit(std::move(nobody)), doctest::Contains("no sampler of this audit"),
                       InputError);
  AuditRequest order = small_audit();
  order.advertised = {{"euler", 0}};
  CHECK_THROWS_WITH_AS(run_audit(std::move(order)), doctest::Contains("use 1 to 20"), InputError);
  AuditRequest target = small_audit();
  target.targets = {"student-t:dim=3,nu=5"};
  CHECK_THROWS_WITH_AS(run_audit(std::move(target)), doctest::Contains("mixtures on the line"),
                       InputError);
}

TEST_CASE(
    "audit: a directory is read by name, what is no scheme is named, and nothing is refused") {
  const Scratch scratch;
  const auto file = [&](const char* name, const char* text) {
    write_file_atomically(scratch / name, text);
  };
  CHECK_THROWS_AS(read_schemes(scratch / "", "audit"), InputError);
  file("expected.json", "{\"rows\": []}");
  CHECK_THROWS_WITH_AS(read_schemes(scratch / "", "audit"), doctest::Contains("no scheme"),
                       InputError);
  const char* scheme =
      R"({"sigmas": [2, 1], "model_calls": 1, "draws": 0, "rows": [[1, 0], [0.5, 0.5]]})";
  file("b.json", scheme);
  file("a.json", scheme);
  const FoundSchemes found = read_schemes(scratch / "", "audit");
  REQUIRE(found.schemes.size() == 2);
  CHECK(found.schemes[0].name == "a.json");
  CHECK(found.schemes[0].steps() == 1);
  CHECK(found.others == std::vector<std::string>{"expected.json"});
  file("c.json", "{");
  CHECK_THROWS_WITH_AS(read_schemes(scratch / "", "audit"), doctest::Contains("c.json"),
                       InputError);
}

}  // namespace
}  // namespace lemmabench
