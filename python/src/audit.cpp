#include "harness/studies/audit/audit.hpp"

#include <pybind11/stl.h>

#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cases/schemes/scheme_facts.hpp"
#include "harness/records/request_text.hpp"
#include "harness/records/scheme_json.hpp"
#include "python/src/asked.hpp"
#include "python/src/bindings.hpp"
#include "reports/json/audit_json.hpp"
#include "reports/markdown/audit_markdown.hpp"
#include "reports/text/audit_text.hpp"

namespace py = pybind11;

namespace lemmabench {
namespace {

/// What to audit: schemes as (name, JSON), and paths of files and directories.
struct AuditCall {
  std::vector<std::pair<std::string, std::string>> schemes;
  std::vector<std::string> paths;
  std::vector<std::string> targets;
  std::vector<std::pair<std::string, long>> advertised;
  std::string start = "exact";
  long most_calls = 0;
  long threads = 0;
};

AuditRequest request_of(const AuditCall& call) {
  AuditRequest request;
  for (const auto& [name, json] : call.schemes) {
    Scheme scheme = parse_scheme(json, "audit " + name);
    const SchemeFacts facts = scheme_facts(scheme);
    request.schemes.push_back({name, std::move(scheme), facts});
  }
  for (const std::string& path : call.paths) {
    FoundSchemes found = read_schemes(path, "audit");
    std::move(found.schemes.begin(), found.schemes.end(), std::back_inserter(request.schemes));
  }
  request.targets = call.targets.empty() ? default_audit_targets() : call.targets;
  for (const auto& [sources, order] : call.advertised) {
    request.advertised.push_back({sources, order});
  }
  request.start = parse_start(call.start, "--start");
  request.most_calls = call.most_calls;
  request.threads = threads_of(call.threads);
  return request;
}

std::tuple<Answer, std::string> audit(const AuditCall& call) {
  const Audit done = run_audit(request_of(call));
  return {{audit_json(done), audit_text(done)}, audit_markdown(done)};
}

}  // namespace

void bind_audit(py::module_& module) {
  py::class_<AuditCall>(module, "AuditCall")
      .def(py::init<>())
      .def_readwrite("schemes", &AuditCall::schemes)
      .def_readwrite("paths", &AuditCall::paths)
      .def_readwrite("targets", &AuditCall::targets)
      .def_readwrite("advertised", &AuditCall::advertised)
      .def_readwrite("start", &AuditCall::start)
      .def_readwrite("most_calls", &AuditCall::most_calls)
      .def_readwrite("threads", &AuditCall::threads);
  module.def("audit", &audit, py::arg("call"), py::call_guard<py::gil_scoped_release>());
}

}  // namespace lemmabench
