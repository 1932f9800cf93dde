#include "harness/monte_carlo/judge/line_output.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/parallel.hpp"
#include "numerics/random_normals.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kRowsPerTask = 4096;

/// The largest gap of two distribution functions at the nodes and ends of the panels of `at`.
double largest_gap(const PanelFunction<double>& at, const PanelStart& a, const PanelStart& b) {
  std::vector<double> points = at.nodes();
  for (std::size_t i = 0; i < at.panels(); ++i) points.push_back(at.high(i));
  double most = 0;
  for (const double x : points) most = std::max(most, std::fabs(a.cdf(x) - b.cdf(x)));
  return most;
}

}  // namespace

LineOutput::LineOutput(PanelFunction<double> fine, PanelFunction<double> coarse, double other,
                       std::shared_ptr<const JudgedLaw> near)
    : law_(std::make_shared<const PanelFunction<double>>(std::move(fine))),
      distribution_(std::make_shared<const PanelStart>(*law_)),
      near_(std::move(near)) {
  for (std::size_t i = 0; i < law_->panels(); ++i) ends_.push_back(cdf(law_->high(i)));
  const PanelStart second(coarse);
  const double gap = std::max(largest_gap(*law_, *distribution_, second),
                              largest_gap(coarse, *distribution_, second));
  // Twice, since the radius's takes two values.
  error_ = 2 * (2 * gap + std::fabs(law_->integral(0) - 1) + other);
}

double LineOutput::quantile(double p) const {
  const auto end = std::lower_bound(ends_.begin(), ends_.end(), p);
  if (end == ends_.end()) return law_->high(law_->panels() - 1);
  const auto panel = static_cast<std::size_t>(end - ends_.begin());
  double low = law_->low(panel);
  double high = law_->high(panel);
  double x = (low + high) / 2;
  for (int i = 0; i < 100 && high - low > 1e-15 * std::max(1.0, std::fabs(x)); ++i) {
    const double miss = cdf(x) - p;
    (miss < 0 ? low : high) = x;
    const double density = law_->evaluate(x, 0);
    const double next = density > 0 ? x - miss / density : low;
    const double change = std::fabs(next - x);
    x = next > low && next < high ? next : (low + high) / 2;
    if (x == next && change < 1e-15 * std::max(1.0, std::fabs(x))) break;
  }
  return x;
}

PointTable LineOutput::draw(std::size_t rows, JudgeDraw purpose, std::uint64_t seed,
                            int threads) const {
  PointTable out{rows, 1, std::vector<double>(rows)};
  const RandomKey key{.seed = seed,
                      .stream = static_cast<std::uint64_t>(JudgeStream::inversion),
                      .step = static_cast<std::uint64_t>(purpose)};
  parallel_for((rows + kRowsPerTask - 1) / kRowsPerTask, threads, [&](std::size_t task) {
    const std::size_t last = std::min(rows, (task + 1) * kRowsPerTask);
    for (std::size_t i = task * kRowsPerTask; i < last; ++i) {
      out.values[i] = quantile(random_uniform(key, i));
    }
  });
  return out;
}

std::optional<DistributionFunction> LineOutput::projection(const double* u) const {
  return [this, factor = u[0]](double x) {
    return factor > 0 ? cdf(x / factor) : 1 - cdf(x / factor);
  };
}

std::optional<DistributionFunction> LineOutput::radius() const {
  return [this](double r) { return cdf(r) - cdf(-r); };
}

}  // namespace lemmabench
