#include "harness/engines/line/line_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cases/step.hpp"
#include "harness/engines/line/sparse_panels.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {

template <class Real>
LevelMoments<Real> line_moments(const LineMixture<Real>& marginal, double tolerance) {
  using std::sqrt;
  return {.score_rms = sqrt(marginal.score_second_moment(tolerance)),
          .mean = marginal.mean(),
          .sd = sqrt(marginal.variance()),
          .dim = 1};
}

template <class Real>
LineWalk<Real>::LineWalk(const LineModel<Real>& model, bool exact_score,
                         LinePropagator<Real>& propagator)
    : model_(model), exact_score_(exact_score), propagator_(propagator) {}

template <class Real>
void LineWalk<Real>::start(PanelFunction<Real> law) {
  laws_.clear();
  laws_.push_back(std::move(law));
  line_ = laws_.back().line();
}

template <class Real>
void LineWalk<Real>::step(int t) {
  const Step<Real> c = make_step(model_.schedule, t, model_.dim);
  const int above = std::min(t + 1, model_.schedule.steps());
  moments_.erase(moments_.begin(), moments_.lower_bound(model_.schedule.level(above).snr()));
  budget_.begin_step();
  do {
    stage_ = 0;
    again_ = false;
    clipped_ = false;
    copy_weights_.assign(1, Real(1));
    calls_of_step_ = 0;
    model_.sampler.step(c, *this);
  } while (again_);
  score_calls_ += calls_of_step_;
  laws_.erase(laws_.begin(), laws_.end() - 1);
}

template <class Real>
void LineWalk<Real>::run() {
  do {
    stage_ = 0;
    again_ = false;
    clipped_ = false;
    copy_weights_.assign(1, Real(1));
    calls_of_step_ = 0;
    moments_.clear();
    flow_ = Flow{{.values = laws_.back().nodes(), .copies = 1}, {}};
    for (int t = model_.schedule.steps(); t >= 2; --t) {
      budget_.begin_step();
      model_.sampler.step(make_step(model_.schedule, t, model_.dim), *this);
    }
    const Batch<Real> end = std::move(flow_->at);
    flow_.reset();
    composed_ = model_.schedule.steps() - 1;
    end_kernel(end, std::nullopt);
    composed_ = 1;
  } while (again_);
  score_calls_ += calls_of_step_;
  laws_.erase(laws_.begin(), laws_.end() - 1);
}

template <class Real>
void LineWalk<Real>::remember(int slot, const Batch<Real>& y) {
  if (!flow_) {
    Walk<Batch<Real>, Real>::remember(slot, y);  // refuses
  }
  flow_->memory.remember(slot, y);
}

template <class Real>
Batch<Real> LineWalk<Real>::recall(int slot) {
  return flow_ ? flow_->memory.recall(slot) : Walk<Batch<Real>, Real>::recall(slot);
}

template <class Real>
Batch<Real> LineWalk<Real>::state() {
  if (flow_) {
    return flow_->at;
  }
  return {.values = laws_[stage_].nodes(), .copies = 1};
}

template <class Real>
Batch<Real> LineWalk<Real>::score_at(const Level<Real>& level, const Batch<Real>& y) {
  ++calls_of_step_;
  if (!(level.abar >= 0) || !(level.noise >= 0)) {
    throw EngineRefusal(
        fmt::format("the sampler asks for the score at a level with abar = {:.4g} and 1 - abar = "
                    "{:.4g}, which both lie from 0 to 1",
                    to_double(level.abar), to_double(level.noise)));
  }
  const LineMixture<Real> marginal = model_.clean.at_level(level);
  budget_.spend(static_cast<double>(y.values.size() * marginal.components().size()));
  look_between(y, marginal);
  Batch<Real> out = y;
  marginal.score(y.values.data(), y.values.size(), out.values.data());
  if (exact_score_ || model_.score.exact()) {
    return out;
  }
  auto known = moments_.find(level.snr());
  if (known == moments_.end()) {
    const double tolerance = propagator_.settings().tolerance;
    known = moments_.emplace(level.snr(), line_moments(marginal, tolerance)).first;
  }
  return model_.score.estimate(known->second, y, out);
}

/// Whether the nodes see every component of the marginal; those that do not are halved before the
/// kernel is applied. Of several copies of the nodes, shifted by a noise inside the kernel, the
/// first speaks for all: shifts do not change gaps.
template <class Real>
void LineWalk<Real>::look_between(const Batch<Real>& y, const LineMixture<Real>& marginal) {
  const PanelFunction<Real>& law = laws_.back();
  const std::size_t nodes = law.panels() * law.order();
  if (again_ || stage_ + 1 != laws_.size() || y.values.size() < nodes) {
    return;
  }
  const auto found =
      sparse_panels(law, y.values.data(), marginal, 0.1 * propagator_.settings().tolerance);
  sparse_.insert(found.begin(), found.end());
}

/// Halves what look_between() found; false if that was nothing.
template <class Real>
bool LineWalk<Real>::halve_sparse() {
  constexpr int kDeepest = 58;
  if (sparse_.empty()) {
    return false;
  }
  PanelFunction<Real>& law = laws_.back();
  const std::vector<std::size_t> halve(sparse_.begin(), sparse_.end());
  sparse_.clear();
  for (const std::size_t i : halve) {
    if (law.cell(i).depth >= kDeepest) {
      throw EngineRefusal(
          fmt::format("--sampler {}: spreads the law so far that panels of it cannot see the "
                      "target's narrowest "
                      "component; `lemmabench particles` bounds its total variation",
                      model_.sampler.text()));
    }
  }
  law = law.halved(halve);
  again_ = true;
  return true;
}

template <class Real>
Batch<Real> LineWalk<Real>::data_mean() {
  if (!exact_score_ && !model_.score.exact()) {
    return Walk<Batch<Real>, Real>::data_mean();  // refuses
  }
  Batch<Real> out = state();
  std::fill(out.values.begin(), out.values.end(), model_.clean.mean());
  return out;
}

template <class Real>
Batch<Real> LineWalk<Real>::with_noise(const Batch<Real>& y, const Real& sd) {
  if (copy_weights_.size() > 1) {
    throw EngineRefusal(
        "the line law takes one intermediate noise a kernel, this sampler has more");
  }
  const QuadratureRule<Real>& rule = propagator_.hermite(propagator_.settings().copies);
  copy_weights_ = rule.weights;
  Batch<Real> out = y.repeated(rule.nodes.size());
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    out.values[i] += sd * rule.nodes[i / y.values.size()];
  }
  return out;
}

template <class Real>
Batch<Real> LineWalk<Real>::clip(const Batch<Real>& u, const Real& radius) {
  if (model_.dim > 1) {
    throw EngineRefusal(
        "clip looks at the norm over all coordinates and makes them dependent, so the output is no "
        "product; use the sampler without clip, or `lemmabench certificate`");
  }
  return clamp(u, radius);
}

template <class Real>
Batch<Real> LineWalk<Real>::clamp(const Batch<Real>& u, const Real& bound) {
  if (model_.turned) {
    throw EngineRefusal(
        "clamping every coordinate is another thing in other coordinates, and the law of a cloud "
        "on a line is computed along that line; `lemmabench particles` takes samples of it");
  }
  Batch<Real> out = u;
  for (Real& value : out.values) {
    clipped_ = clipped_ || value > bound || value < -bound;
    value = value > bound ? bound : (value < -bound ? Real(-bound) : value);
  }
  return out;
}

/// The line of a kernel's output: that of the start, or a longer one if mass leaves it. Where the
/// law goes is known only where it has mass: panels with less than a tenth of the tolerance do not
/// count.
template <class Real>
DyadicLine LineWalk<Real>::line_after(const Batch<Real>& mean,
                                      const std::optional<Real>& sd) const {
  constexpr double kFarthest = 1e60;  // squares and their exponentials are still numbers
  const PanelFunction<Real>& source = laws_.back();
  const LineSettings& settings = propagator_.settings();
  const std::size_t order = source.order();
  const std::size_t points = source.panels() * order;
  double farthest = 0;
  double mass_there = 0;
  for (std::size_t i = 0; i < source.panels(); ++i) {
    const double mass = source.magnitude(i) * source.width(i);
    if (!(mass > 0.1 * settings.tolerance)) {
      continue;
    }
    double far = 0;
    for (std::size_t copy = 0; copy < mean.copies; ++copy) {
      for (std::size_t k = i * order; k < (i + 1) * order; ++k) {
        const double at = std::abs(to_double(mean.values[copy * points + k]));
        // Once it is no number it stays so: a comparison with one is false.
        far = std::isnan(far) || at <= far ? far : at;
      }
    }
    if (!std::isnan(farthest) && !(far <= farthest)) {
      farthest = far;
      mass_there = mass;
    }
  }
  farthest += sd ? 8.5 * to_double(*sd) : 0;
  if (std::isnan(farthest)) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: its map is no finite number where the law has mass: its formula leaves its "
        "range at these steps",
        model_.sampler.text()));
  }
  if (!(farthest < kFarthest)) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: throws mass {:.2g} out to {:.3g}: at these steps it diverges, and what it "
        "gives has nothing in common with the target; check the signs and coefficients of its map",
        model_.sampler.text(), std::min(mass_there, 1.0), farthest));
  }
  return 1.1 * farthest <= line_->half_width() ? *line_ : DyadicLine::covering(2 * farthest);
}

template <class Real>
void LineWalk<Real>::end_kernel(const Batch<Real>& mean, const std::optional<Real>& sd) {
  if (flow_) {
    if (sd) {
      throw EngineRefusal("--sampler " + model_.sampler.text() +
                          ": remembers earlier steps and adds noise, and the map that carries "
                          "memory here takes deterministic steps only; `lemmabench law` has it on "
                          "Gaussian targets and mixtures on the line, `lemmabench particles` on "
                          "any");
    }
    flow_->at = mean;
    flow_->memory.end_kernel();
    return;
  }
  if (again_ || halve_sparse()) {
    return;  // the rest of a step that will be repeated
  }
  if (stage_ + 1 == laws_.size()) {
    PanelFunction<Real>& source = laws_.back();
    // With noise inside the kernel every copy has kinks of its own, and what its few nodes miss of
    // them is more than what panels do; there the two runs differ and say so.
    const bool kinked = clipped_ && copy_weights_.size() == 1;
    KernelOutcome<Real> outcome = propagator_.apply(source, {.mean = &mean,
                                                             .copy_weights = copy_weights_,
                                                             .sd = sd,
                                                             .line = line_after(mean, sd),
                                                             .composed = composed_,
                                                             .kinked = kinked,
                                                             .budget = &budget_});
    if (!outcome.law) {
      source = source.halved(outcome.halve);
      again_ = true;
      return;
    }
    laws_.push_back(std::move(*outcome.law));
  }
  copy_weights_.assign(1, Real(1));
  clipped_ = false;
  ++stage_;
}

#define LEMMABENCH_INSTANTIATE(Real)                                                \
  template LevelMoments<Real> line_moments<Real>(const LineMixture<Real>&, double); \
  template class LineWalk<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
