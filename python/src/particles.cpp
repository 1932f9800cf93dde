#include "harness/monte_carlo/particles/particles.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cases/schemes/scheme_name.hpp"
#include "harness/records/scheme_json.hpp"
#include "python/src/asked.hpp"
#include "python/src/bindings.hpp"
#include "reports/json/particles_json.hpp"
#include "reports/text/particles_text.hpp"

namespace py = pybind11;

namespace lemmabench {
namespace {

py::array_t<double> array_of(const PointTable& table) {
  py::array_t<double> out({table.rows, table.columns});
  std::copy(table.values.begin(), table.values.end(), out.mutable_data());
  return out;
}

/// The report and the particles themselves.
std::pair<Answer, py::array_t<double>> particles(Asked asked, ParticleRequest request,
                                                 const std::optional<std::string>& scheme,
                                                 long threads) {
  PointTable points;
  Answer answer;
  {
    const py::gil_scoped_release release;
    if (scheme) asked.sampler = kSchemeInMemory;
    const LawRequest law = request_of(asked);
    request.target = law.target;
    request.sampler = law.sampler;
    request.score = law.score;
    request.schedule = law.schedule;
    request.start = law.start;
    if (!names_scheme(law.sampler)) request.steps = {law.steps};
    if (scheme) {
      request.scheme = std::make_shared<const Scheme>(parse_scheme(*scheme, "--sampler"));
    }
    const ParticleReport report = measure_particles(
        request, threads_of(threads), [&](const ParticleRun& run) { points = run.samples; });
    answer = {particles_json(report), particles_text(report)};
  }
  return {answer, array_of(points)};
}

}  // namespace

void bind_particles(py::module_& module) {
  py::class_<ParticleRequest>(module, "ParticleRequest")
      .def(py::init<>())
      .def_readwrite("samples", &ParticleRequest::samples)
      .def_readwrite("confidence", &ParticleRequest::level)
      .def_readwrite("resolution", &ParticleRequest::resolution)
      .def_readwrite("at", &ParticleRequest::at)
      .def_readwrite("seed", &ParticleRequest::seed);
  module.def("particles", &particles, py::arg("asked"), py::arg("request"), py::arg("scheme"),
             py::arg("threads"));
}

}  // namespace lemmabench
