#include <fmt/format.h>
#include <pybind11/stl.h>

#include <string>
#include <tuple>
#include <vector>

#include "cases/schemes/scheme_name.hpp"
#include "harness/io/files.hpp"
#include "harness/law/law.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/law_json.hpp"
#include "harness/studies/rates/scaling_series.hpp"
#include "harness/studies/regression/baseline_json.hpp"
#include "harness/studies/regression/changes_json.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "python/src/asked.hpp"
#include "python/src/bindings.hpp"
#include "reports/json/certificate_json.hpp"
#include "reports/json/rates_json.hpp"
#include "reports/markdown/regression_markdown.hpp"
#include "reports/text/certificate_text.hpp"
#include "reports/text/rates_text.hpp"
#include "reports/text/regression_text.hpp"

namespace py = pybind11;

namespace lemmabench {
namespace {

// ---- certificate --------------------------------------------------------------------------------

void refuse_scheme(const std::string& sampler, const char* instead) {
  if (names_scheme(sampler)) {
    throw EngineRefusal(fmt::format("--sampler {}: a scheme {}", sampler, instead));
  }
}

Answer certificate(const Asked& asked, CertificateRequest request, long threads) {
  refuse_scheme(asked.sampler,
                "is not made of kernels from one level to the next; `law` and `audit` take it");
  const LawRequest law = request_of(asked);
  request.target = law.target;
  request.sampler = law.sampler;
  request.score = law.score;
  request.schedule = law.schedule;
  request.steps = law.steps;
  const PathCertificate result = certify_path(request, threads_of(threads));
  return {certificate_json(result), certificate_text(result)};
}

// ---- orders -------------------------------------------------------------------------------------

/// The law of a cell, or why there is none.
StoreCell cell_of(const LawRequest& request) {
  StoreCell cell{request, false, {}, store_version()};
  try {
    cell.result = law_json_line(compute_law(request, LawOptions{}));
  } catch (const NumericalFailure& failure) {
    cell.failed = true;
    cell.result = failure.what();
  }
  return cell;
}

Answer orders(Asked asked, const std::vector<std::string>& steps, const std::string& metric_name,
              long threads) {
  refuse_scheme(asked.sampler,
                "has one number of steps; `audit` takes several schemes and gives their order");
  const FittedMetric metric = parse_metric(metric_name, "--metric");
  std::vector<LawRequest> requests;
  for (const std::string& each : steps) {
    asked.steps = each;
    LawRequest request = request_of(asked);
    request.target = canonical_target(request.target, "--target");
    request.sampler = canonical_sampler(request.sampler, "--sampler");
    requests.push_back(request);
  }
  const std::vector<StoreCell> cells = parallel_map(
      requests.size(), threads_of(threads), [&](std::size_t i) { return cell_of(requests[i]); });
  const std::vector<ScalingSeries> series = scaling_series(cells, metric, "orders");
  return {fit_json(series, metric), fit_text(series, metric)};
}

// ---- compare ------------------------------------------------------------------------------------

std::string baseline(const std::string& sampler, const std::string& cells, double alpha,
                     long threads) {
  refuse_header(sampler);
  const std::vector<GateCell> plan = cells.ends_with(".toml")
                                         ? parse_gate_plan(read_file(cells), cells)
                                         : built_in_gate_plan(cells);
  return baseline_json(make_baseline(plan, sampler, threads_of(threads), alpha));
}

/// The report of a comparison, its text and its Markdown.
std::tuple<Answer, std::string> compare(const std::string& sampler, const std::string& baseline,
                                        const std::string& where, GateOptions options,
                                        long threads) {
  refuse_header(sampler);
  options.threads = threads_of(threads);
  const Baseline read = baseline_from_json(baseline, where);
  const GateReport report = run_gate(read, sampler, options);
  return {{gate_json(report), gate_text(report)}, gate_markdown(report)};
}

}  // namespace

void bind_studies(py::module_& module) {
  py::class_<CertificateRequest>(module, "CertificateRequest")
      .def(py::init<>())
      .def_readwrite("relative_error", &CertificateRequest::relative_error)
      .def_readwrite("confidence", &CertificateRequest::level)
      .def_readwrite("seed", &CertificateRequest::seed)
      .def_readwrite("max_samples", &CertificateRequest::max_samples);
  py::class_<GateOptions>(module, "GateOptions")
      .def(py::init<>())
      .def_readwrite("exact", &GateOptions::exact)
      .def_readwrite("tolerance", &GateOptions::tolerance)
      .def_readwrite("cells", &GateOptions::cells)
      .def_readwrite("ignore", &GateOptions::ignore);
  using Released = py::call_guard<py::gil_scoped_release>;
  module.def("certificate", &certificate, py::arg("asked"), py::arg("request"), py::arg("threads"),
             Released());
  module.def("orders", &orders, py::arg("asked"), py::arg("steps"), py::arg("metric"),
             py::arg("threads"), Released());
  module.def("baseline", &baseline, py::arg("sampler"), py::arg("cells"), py::arg("alpha"),
             py::arg("threads"), Released());
  module.def("compare", &compare, py::arg("sampler"), py::arg("baseline"), py::arg("where"),
             py::arg("options"), py::arg("threads"), Released());
}

}  // namespace lemmabench
