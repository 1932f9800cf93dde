#include "harness/monte_carlo/judge/judge.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cases/parse_schedule.hpp"
#include "cases/points/point_file.hpp"
#include "harness/records/scheme_json.hpp"
#include "harness/records/steps_text.hpp"
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

/// The steps and the schedule of the level, or of the sampler.
void set_law(Asked asked, const std::optional<std::string>& scheme, JudgeRequest& request) {
  if (scheme) asked.sampler = kSchemeInMemory;
  request.target = asked.target;
  request.sampler = asked.sampler;
  if (asked.sampler.empty()) {
    request.schedule =
        make_schedule(asked.schedule.empty() ? "li-cai" : asked.schedule, "--schedule");
    const bool named = !asked.steps.empty() || own_steps(request.schedule).has_value();
    request.steps = named ? steps_of(asked.steps, request.schedule) : 0;
    return;
  }
  const LawRequest law = request_of(asked);
  request.schedule = law.schedule;
  request.steps = law.steps;
  request.start = law.start;
  if (scheme) {
    request.scheme = std::make_shared<const Scheme>(parse_scheme(*scheme, "--sampler"));
  }
}

Answer judge(const Array& samples, const Asked& asked, JudgeRequest request,
             const std::optional<std::string>& scheme, long threads) {
  PointTable table = table_of(samples);
  const py::gil_scoped_release release;
  set_law(asked, scheme, request);
  const SampleJudgement judgement = judge_samples(std::move(table), request, threads_of(threads));
  return {judgement_json(judgement, "samples"), judgement_text(judgement, "samples")};
}

Answer judge_pair(const Array& samples, const Array& others, const JudgeRequest& request,
                  long threads) {
  PointTable first = table_of(samples);
  PointTable second = table_of(others);
  const py::gil_scoped_release release;
  const SampleJudgement judgement =
      judge_against(std::move(first), std::move(second), request, "samples", threads_of(threads));
  return {judgement_json(judgement, "samples"), judgement_text(judgement, "samples")};
}

}  // namespace

void bind_judge(py::module_& module) {
  py::class_<JudgeRequest>(module, "JudgeRequest")
      .def(py::init<>())
      .def_readwrite("level", &JudgeRequest::level)
      .def_readwrite("against", &JudgeRequest::against)
      .def_readwrite("alpha", &JudgeRequest::alpha)
      .def_readwrite("seed", &JudgeRequest::seed)
      .def_readwrite("pairs", &JudgeRequest::pairs);
  module.def("read_points", &points_of, py::arg("path"));
  module.def("judge", &judge, py::arg("samples"), py::arg("asked"), py::arg("request"),
             py::arg("scheme"), py::arg("threads"));
  module.def("judge_against", &judge_pair, py::arg("samples"), py::arg("others"),
             py::arg("request"), py::arg("threads"));
}

}  // namespace lemmabench
