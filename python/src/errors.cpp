#include <algorithm>
#include <exception>
#include <new>
#include <string>

#include "numerics/error.hpp"
#include "python/src/bindings.hpp"

namespace py = pybind11;

namespace lemmabench {
namespace {

/// One line, whatever the message holds.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Raises the class of that name in lemmabench.errors.
void raise(const char* name, const std::exception& error) {
  const py::object type = py::module_::import("lemmabench.errors").attr(name);
  PyErr_SetString(type.ptr(), one_line(error.what()).c_str());
}

}  // namespace

void bind_errors() {
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const EngineRefusal& error) {
      raise("Refusal", error);
    } catch (const InputError& error) {
      PyErr_SetString(PyExc_ValueError, one_line(error.what()).c_str());
    } catch (const NumericalFailure& error) {
      raise("NumericalFailure", error);
    } catch (const std::bad_alloc&) {
      PyErr_SetString(PyExc_MemoryError,
                      "out of memory; use fewer steps, fewer components or fewer digits");
    }
  });
}

}  // namespace lemmabench
