#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "cases/target.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/scheme/line_denoiser.hpp"
#include "numerics/error.hpp"
#include "numerics/gaussian_sum.hpp"
#include "numerics/order_fit.hpp"
#include "python/src/bindings.hpp"

namespace py = pybind11;

/// What the package computes the laws of samplers that are no schemes with (mapped_law.py): laws on
/// the line at arrays of points, and the order of errors.
namespace lemmabench {
namespace {

using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;
using Mixture = LineMixture<double>;

/// function(x) at every point of an array of one axis.
template <class Function>
py::array_t<double> at_points(const Array& points, Function function) {
  const auto in = points.unchecked<1>();
  py::array_t<double> out(in.shape(0));
  auto to = out.mutable_unchecked<1>();
  const py::gil_scoped_release release;
  for (py::ssize_t i = 0; i < in.shape(0); ++i) {
    to(i) = function(in(i));
  }
  return out;
}

template <class Law, double (Law::*Function)(double) const>
py::array_t<double> of_sum(const Law& law, const Array& points) {
  return at_points(points, [&](double x) { return (law.*Function)(x); });
}

template <double (Mixture::*Function)(const double&) const>
py::array_t<double> of_mixture(const Mixture& law, const Array& points) {
  return at_points(points, [&](double x) { return (law.*Function)(x); });
}

/// The law of X_0 of a target on the line that is a mixture.
Mixture line_law(const std::string& text) {
  const Target target = make_target(text, "--target");
  if (const auto* mixture = std::get_if<CoordinateLaw>(&target.law)) {
    return line_mixture(*mixture);
  }
  const auto* gaussian = std::get_if<GaussianLaw>(&target.law);
  if (gaussian != nullptr && gaussian->dim() == 1) {
    return line_mixture(as_mixture(*gaussian));
  }
  throw EngineRefusal(
      "--target " + target.label() +
      ": the law of a sampler that is no linear scheme takes mixtures on the line "
      "and gaussian:dim=1; `lemmabench judge` holds its samples against any target");
}

Mixture gaussian(double variance) { return Mixture({{1, 0, variance}}); }

py::array_t<double> denoised(const Mixture& clean, const Array& points, double sigma) {
  const LineDenoiser model(clean, sigma);
  const py::ssize_t count = points.size();
  py::array_t<double> out(count);
  double* const to = out.mutable_data();
  const double* const from = points.data();
  {
    const py::gil_scoped_release release;
    model(from, static_cast<std::size_t>(count), to, nullptr);
  }
  return out;
}

/// Means and deviations of the components.
std::vector<std::pair<double, double>> spread(const Mixture& law) {
  std::vector<std::pair<double, double>> out;
  for (const auto& [weight, mean, variance] : law.components()) {
    out.emplace_back(mean, std::sqrt(variance));
  }
  return out;
}

/// The fit of errors ~ C steps^-order as a dictionary; `expected` is None or an order. Points are
/// (steps, value, error, refusal), the last empty for a number.
py::dict fit_errors(const std::vector<std::tuple<long, double, double, std::string>>& points,
                    const py::object& expected) {
  std::vector<ScalingPoint> all;
  for (const auto& [steps, value, error, refusal] : points) {
    all.push_back({static_cast<double>(steps), value, error, Evidence::computed, refusal});
  }
  const ExponentFit fit = fit_exponent(std::move(all), ScalingModel::power);
  py::dict out;
  out["model"] = "1/N";
  if (fit.refused()) {
    out["order"] = py::none();
    out["settled"] = false;
    out["verdict"] = "inconclusive";
    out["reason"] = fit.refusal;
    out["range"] = fit.refusal;
    return out;
  }
  py::dict order;
  order["value"] = fit.order;
  order["low"] = fit.low;
  order["high"] = fit.high;
  order["limit"] = fit.limit;
  order["evidence"] = std::string(name(fit.evidence));
  out["order"] = order;
  out["settled"] = fit.asymptotic;
  out["range"] = fit.range_reason;
  if (expected.is_none()) {
    out["verdict"] = fit.asymptotic ? "measured" : "inconclusive";
    out["reason"] = fit.range_reason;
  } else {
    const OrderJudgement judgement = judge_order(fit, expected.cast<double>());
    out["verdict"] = std::string(name(judgement.verdict));
    out["reason"] = judgement.reason;
  }
  return out;
}

}  // namespace

void bind_line_laws(py::module_& module) {
  py::class_<Mixture>(module, "LineMixture")
      .def("density", &of_mixture<&Mixture::density>)
      .def("log_density", &of_mixture<&Mixture::log_density>)
      .def("cdf", &of_mixture<&Mixture::cdf>)
      .def("upper_tail", &of_mixture<&Mixture::upper_tail>)
      .def("at_sigma", &noisy_mixture)
      .def("denoise", &denoised)
      .def("spread", &spread);
  py::class_<GaussianSum>(module, "GaussianSum")
      .def(py::init<const std::vector<double>&, const std::vector<double>&, double>())
      .def_property_readonly("mass", &GaussianSum::mass)
      .def("density", &of_sum<GaussianSum, &GaussianSum::density>)
      .def("cdf", &of_sum<GaussianSum, &GaussianSum::cdf>)
      .def("spread", [](const GaussianSum& law) {
        return std::vector<std::pair<double, double>>{{law.lowest(), law.sd()},
                                                      {law.highest(), law.sd()}};
      });
  module.def("line_law", &line_law, py::arg("target"));
  module.def("line_gaussian", &gaussian, py::arg("variance"));
  module.def("fit_errors", &fit_errors, py::arg("points"), py::arg("expected"));
}

}  // namespace lemmabench
