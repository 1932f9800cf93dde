#pragma once

#include <vector>

#include "cases/sampler.hpp"
#include "numerics/ball.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// An interval [centre - radius, centre + radius] of the start.
struct Chart {
  double centre = 0;
  double radius = 0;
};

/// A function f on a chart: enclosures of its Taylor coefficients f^(k)/k! at the centre, k < n =
/// terms.size(), and of f^(n)/n! on all of the chart.
struct ChartFunction {
  std::vector<Ball> terms;
  Ball top;
};

/// f^(k)/k! on all of the chart, k <= n: its Taylor polynomial with Lagrange's remainder.
Ball on_chart(const ChartFunction& f, const Chart& chart, int k);

/// All steps of a deterministic sampler on the line with the exact score of a mixture as the one
/// map Psi of the start that they are (docs/proved.md, P15): the sampler's own steps, run on Taylor
/// coefficients of Psi in the start. Memory of earlier steps is carried along.
class ComposedMap {
 public:
  /// Refers to sampler and schedule. Precision: the thread's, here and in every call.
  ComposedMap(const CoordinateLaw& law, const Schedule<Ball>& schedule, const Sampler& sampler)
      : law_(law), schedule_(schedule), sampler_(sampler) {}

  /// Psi on charts, with `order` >= 2 terms; what could not be enclosed is infinite. Throws
  /// EngineRefusal for noise, clips, and constants added. Cost: at order 5 some 60 us a chart, step
  /// and score call for three components.
  std::vector<ChartFunction> on_charts(const std::vector<Chart>& charts, int order) const;

  /// Psi at points, enclosed. Cost: 2 us a point, step, component and score call.
  std::vector<Ball> at(const std::vector<double>& points) const;

  const CoordinateLaw& law() const { return law_; }
  const Schedule<Ball>& schedule() const { return schedule_; }

 private:
  const CoordinateLaw& law_;
  const Schedule<Ball>& schedule_;
  const Sampler& sampler_;
};

}  // namespace lemmabench
