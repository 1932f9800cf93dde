#pragma once

#include <pybind11/pybind11.h>

#include <string>

/// The parts of the module _core, one a file. What computes takes plain values, so that Python's
/// lock is released around it; what it returns are the texts that the command line prints and the
/// JSON that it writes, which the package makes into objects.
namespace lemmabench {

void bind_errors();
void bind_target(pybind11::module_& module);
void bind_law(pybind11::module_& module);
void bind_line_laws(pybind11::module_& module);
void bind_judge(pybind11::module_& module);
void bind_particles(pybind11::module_& module);
void bind_studies(pybind11::module_& module);
void bind_audit(pybind11::module_& module);

/// An answer: its JSON and its text.
struct Answer {
  std::string json;
  std::string text;
};

}  // namespace lemmabench
