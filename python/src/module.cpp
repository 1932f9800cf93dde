#include <string>

#include "lemmabench_version.hpp"
#include "python/src/bindings.hpp"

namespace py = pybind11;

PYBIND11_MODULE(_core, module) {
  module.doc() = "The compiled part of lemmabench; use the names of the package instead.";
  py::class_<lemmabench::Answer>(module, "Answer")
      .def_readonly("json", &lemmabench::Answer::json)
      .def_readonly("text", &lemmabench::Answer::text);
  lemmabench::bind_errors();
  lemmabench::bind_target(module);
  lemmabench::bind_law(module);
  lemmabench::bind_line_laws(module);
  lemmabench::bind_judge(module);
  lemmabench::bind_particles(module);
  lemmabench::bind_studies(module);
  lemmabench::bind_audit(module);
  module.attr("version") = std::string(lemmabench::version::number);
}
