#include <pybind11/numpy.h>

#include <algorithm>
#include <string>
#include <utility>

#include "cases/parse_schedule.hpp"
#include "cases/points/point_file.hpp"
#include "harness/monte_carlo/goodness_of_fit/goodness_of_fit.hpp"
#include "numerics/error.hpp"
#include "python/src/asked.hpp"
#include "python/src/bindings.hpp"
#include "reports/json/goodness_of_fit_json.hpp"
#include "reports/text/goodness_of_fit_text.hpp"

namespace py = pybind11;

namespace lemmabench {
namespace {

using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;

PointTable table_of(const Array& samples) {
  if (samples.ndim() != 2) throw InputError("samples must be an array of shape (n, d)");
  const double* first = samples.data();
  return {static_cast<std::size_t>(samples.shape(0)),
          static_cast<std::size_t>(samples.shape(1)),
          {first, first + samples.size()}};
}

/// The rows of a .npy or .csv file.
py::array_t<double> points_of(const std::string& path) {
  const PointTable table = read_points(path, 0, "SAMPLES");
  py::array_t<double> out({table.rows, table.columns});
  std::copy(table.values.begin(), table.values.end(), out.mutable_data());
  return out;
}

Answer judge(const Array& samples, JudgeRequest request, const std::string& schedule,
             long threads) {
  PointTable table = table_of(samples);
  const py::gil_scoped_release release;
  request.schedule = make_schedule(schedule, "--schedule");
  const SampleJudgement judgement = judge_samples(std::move(table), request, threads_of(threads));
  return {judgement_json(judgement, "samples"), judgement_text(judgement, "samples")};
}

}  // namespace

void bind_judge(py::module_& module) {
  py::class_<JudgeRequest>(module, "JudgeRequest")
      .def(py::init<>())
      .def_readwrite("target", &JudgeRequest::target)
      .def_readwrite("level", &JudgeRequest::level)
      .def_readwrite("steps", &JudgeRequest::steps)
      .def_readwrite("alpha", &JudgeRequest::alpha)
      .def_readwrite("seed", &JudgeRequest::seed)
      .def_readwrite("pairs", &JudgeRequest::pairs);
  module.def("read_points", &points_of, py::arg("path"));
  module.def("judge", &judge, py::arg("samples"), py::arg("request"), py::arg("schedule"),
             py::arg("threads"));
}

}  // namespace lemmabench
