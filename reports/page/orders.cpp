#include "reports/page/orders.hpp"

#include <cmath>

namespace lemmabench {

Measured tv_of(const Series& series) {
  Measured out{"TV", {}};
  for (const LawResult* cell : series.cells) {
    out.points.push_back(scaling_point(cell->request.steps, cell->tv));
  }
  return out;
}

Measured variance_error_of(const Series& series) {
  Measured out{"relative variance error", {}};
  const auto& last = series.cells.back()->relative_variance_error;
  std::size_t worst = 0;
  for (std::size_t i = 1; i < last.size(); ++i) {
    if (std::abs(last[i].value.value()) > std::abs(last[worst].value.value())) worst = i;
  }
  for (const LawResult* cell : series.cells) {
    if (worst < cell->relative_variance_error.size()) {
      out.points.push_back(
          scaling_point(cell->request.steps, cell->relative_variance_error[worst].value));
    }
  }
  return out;
}

ExponentFit fit_order(const Series& series, const Measured& measured, ScalingModel model) {
  FitOptions options;
  if (model == ScalingModel::log_corrected && series.expected) {
    options.known_logs = series.expected->known_logs;
  }
  return fit_exponent(measured.points, model, options);
}

}  // namespace lemmabench
