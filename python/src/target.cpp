#include "cases/target.hpp"

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cases/rows_at_level.hpp"
#include "cases/vector_law.hpp"
#include "numerics/error.hpp"
#include "python/src/bindings.hpp"

namespace py = pybind11;

namespace lemmabench {
namespace {

using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;

/// A target with its law of vectors, which is made (and whose data are read) when it is first asked
/// for. For use by several threads at once.
class PyTarget {
 public:
  explicit PyTarget(const std::string& text) : target_(make_target(text, "--target")) {}

  const Target& target() const { return target_; }

  std::shared_ptr<const VectorLaw> law() const {
    const std::lock_guard lock(mutex_);
    if (!law_) law_ = vector_law(target_);
    return law_;
  }

 private:
  Target target_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const VectorLaw> law_;
};

using RowsFunction = void (*)(const VectorMarginal&, double, const Rows&, double*);

/// rows_function at the points, an (n, d) array; `width` numbers a point, 0 for d.
py::array_t<double> at_points(const PyTarget& target, const Array& points, const RowLevel& level,
                              RowsFunction rows_function, py::ssize_t width) {
  const py::ssize_t dim = target.target().dim();
  if (points.ndim() != 2 || points.shape(1) != dim) {
    throw InputError(fmt::format("points must be an array of shape (n, {})", dim));
  }
  const Rows rows{points.data(), static_cast<std::size_t>(points.shape(0)),
                  static_cast<std::size_t>(dim)};
  py::array_t<double> out({points.shape(0), width == 0 ? dim : width});
  double* const to = out.mutable_data();
  {
    const py::gil_scoped_release release;
    rows_function(*target.law()->marginal(level.tau), level.signal, rows, to);
  }
  return out;
}

py::array_t<double> sample(const PyTarget& target, py::ssize_t count, std::uint64_t seed,
                           double signal, double tau) {
  py::array_t<double> out({count, static_cast<py::ssize_t>(target.target().dim())});
  double* const to = out.mutable_data();
  {
    const py::gil_scoped_release release;
    sample_rows(*target.law(), {seed, 0}, {signal, tau}, static_cast<std::size_t>(count), to);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> named_targets() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Target& target : catalogue_targets()) {
    out.emplace_back(target.name, target.title);
  }
  return out;
}

}  // namespace

void bind_target(py::module_& module) {
  py::class_<PyTarget>(module, "Target")
      .def(py::init<const std::string&>(), py::arg("text"))
      .def_property_readonly("dim", [](const PyTarget& t) { return t.target().dim(); })
      .def_property_readonly("name", [](const PyTarget& t) { return t.target().name; })
      .def_property_readonly("title", [](const PyTarget& t) { return t.target().title; })
      .def_property_readonly("text", [](const PyTarget& t) { return t.target().text(); })
      .def("score",
           [](const PyTarget& t, const Array& x, double signal, double tau) {
             return at_points(t, x, {signal, tau}, score_rows, 0);
           })
      .def("log_density",
           [](const PyTarget& t, const Array& x, double signal, double tau) {
             return at_points(t, x, {signal, tau}, log_density_rows, 1);
           })
      .def("denoise",
           [](const PyTarget& t, const Array& x, double signal, double tau) {
             return at_points(t, x, {signal, tau}, denoise_rows, 0);
           })
      .def("sample", &sample);
  module.def("targets", &named_targets);
}

}  // namespace lemmabench
