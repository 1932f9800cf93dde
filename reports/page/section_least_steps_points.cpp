#include "reports/page/section_least_steps_points.hpp"

#include <cmath>

#include "reports/figures/chart.hpp"

namespace lemmabench {

std::optional<ReadOff> least_steps(const Series& series, double eps) {
  const std::vector<DataPoint> points = tv_points(series);
  std::size_t i = 0;
  while (i + 1 < points.size() && !(points[i].y >= eps && points[i + 1].y <= eps)) ++i;
  if (i + 1 >= points.size() || !(points[i].y > points[i + 1].y)) return std::nullopt;

  // log T as a function of u = log TV, Newton's form on the points i, i+1 and a third one.
  const auto u = [&](std::size_t k) { return std::log(points[k].y); };
  const auto v = [&](std::size_t k) { return std::log(points[k].x); };
  const double at = std::log(eps);
  const double slope = (v(i + 1) - v(i)) / (u(i + 1) - u(i));
  const double straight = v(i) + slope * (at - u(i));
  double bend = 0;
  if (points.size() > 2) {
    const std::size_t third = i + 2 < points.size() ? i + 2 : i - 1;
    const double other = (v(third) - v(i + 1)) / (u(third) - u(i + 1));
    bend = (other - slope) / (u(third) - u(i)) * (at - u(i)) * (at - u(i + 1));
  }
  ReadOff out;
  out.steps = std::exp(straight + bend);
  out.error = out.steps * std::expm1(std::abs(bend) + 1e-9);
  for (const LawResult* cell : series.cells) {
    out.evidence = weaker(out.evidence, cell->tv.evidence());
  }
  return out;
}

}  // namespace lemmabench
