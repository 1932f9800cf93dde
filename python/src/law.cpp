#include "harness/law/law.hpp"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>

#include "cases/schemes/scheme_name.hpp"
#include "cases/target.hpp"
#include "harness/engines/common/informative.hpp"
#include "harness/engines/scheme/scheme_law.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/law_json.hpp"
#include "harness/records/scheme_file.hpp"
#include "harness/records/scheme_json.hpp"
#include "numerics/error.hpp"
#include "python/src/asked.hpp"
#include "python/src/bindings.hpp"
#include "reports/text/law_text.hpp"

namespace py = pybind11;

namespace lemmabench {
namespace {

LawResult law_of_scheme(const std::string& json, LawRequest request, const LawOptions& options) {
  if (request.arithmetic.is_certificate()) {
    throw EngineRefusal(
        "--arithmetic certificate: a scheme is not made of kernels from one level to the next; "
        "leave --arithmetic out for its exact law");
  }
  const Scheme scheme = parse_scheme(json, "--sampler");
  LawResult result = informative(
      compute_scheme_law(scheme, make_target(request.target, "--target"), request, options));
  request.steps = scheme.steps.value_or(static_cast<long>(scheme.calls()));
  result.request = request;
  return result;
}

Answer law(Asked asked, const std::optional<std::string>& scheme, bool local_errors, long threads) {
  if (scheme) asked.sampler = kSchemeInMemory;
  LawRequest request = request_of(asked);
  LawOptions options;
  options.local_errors = local_errors;
  options.threads = threads_of(threads);
  if (scheme) {
    const LawResult result = law_of_scheme(*scheme, request, options);
    return {law_json(result), law_text(result)};
  }
  request.sampler = names_scheme(request.sampler) ? open_scheme(request.sampler, "--sampler").text
                                                  : canonical_sampler(request.sampler, "--sampler");
  const LawResult result = compute_law(request, options);
  return {law_json(result), law_text(result)};
}

}  // namespace

void bind_law(py::module_& module) {
  py::class_<Asked>(module, "Asked")
      .def(py::init<>())
      .def_readwrite("target", &Asked::target)
      .def_readwrite("sampler", &Asked::sampler)
      .def_readwrite("steps", &Asked::steps)
      .def_readwrite("schedule", &Asked::schedule)
      .def_readwrite("start", &Asked::start)
      .def_readwrite("score", &Asked::score)
      .def_readwrite("digits", &Asked::digits)
      .def_readwrite("arithmetic", &Asked::arithmetic);
  module.def("law", &law, py::arg("asked"), py::arg("scheme"), py::arg("local_errors"),
             py::arg("threads"), py::call_guard<py::gil_scoped_release>());
}

}  // namespace lemmabench
