#include "harness/laws/radial_walk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "cases/step.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// On the line through x an equivariant estimate is odd.
void require_odd(const ScoreEstimate& score, const LevelMoments<double>& moments) {
  const Batch<double> y{.values = {0.7, -0.7, 2.3, -2.3}, .copies = 1};
  const Batch<double> exact{.values = {-0.6, 0.6, -1.1, 1.1}, .copies = 1};
  const Batch<double> out = score.estimate(moments, y, exact);
  for (const std::size_t k : {std::size_t{0}, std::size_t{2}}) {
    if (std::abs(out.values[k] + out.values[k + 1]) > 1e-12 * std::abs(out.values[k])) {
      throw EngineRefusal("--score " + score.text() +
                          ": breaks the rotation invariance that the radial law needs; use affine "
                          "without shift, or wave with phase 0");
    }
  }
}

}  // namespace

PanelFunction<double> radial_panels(const RadialMarginal& marginal, const DyadicLine& line,
                                    const RadialPropagator& propagator) {
  const RadialSettings& settings = propagator.settings();
  const RadialFeature where = marginal.feature(settings.negligible);
  const std::array<Feature, 1> features{Feature{where.low, where.high, where.width}};
  const auto order = static_cast<std::size_t>(settings.order);
  return build_panels<double>(
      propagator.basis(), line, 1, cover(line, features, 0),
      [&](const Cell&, const double* nodes, double* out) {
        for (std::size_t k = 0; k < order; ++k) {
          out[k] = std::exp(marginal.log_density(nodes[k]));
        }
      },
      settings.panel_rule(propagator.dim()));
}

LevelMoments<double> radial_moments(const RadialMarginal& marginal,
                                    const PanelFunction<double>& law, long dim) {
  double sum = 0;
  for (std::size_t i = 0; i < law.panels(); ++i) {
    std::vector<double> nodes(law.order());
    law.nodes_of(law.cell(i), nodes.data());
    for (std::size_t k = 0; k < law.order(); ++k) {
      const double score = std::exp(nodes[k]) * marginal.score_factor(nodes[k]);
      sum += 0.5 * law.width(i) * law.basis().weights()[k] * law.values(i, 0)[k] * score * score;
    }
  }
  return {.score_rms = std::sqrt(static_cast<double>(dim) * sum),
          .mean = 0,
          .sd = std::sqrt(marginal.second_moment()),
          .dim = dim};
}

RadialWalk::RadialWalk(const RadialModel& model, bool exact_score,
                       const RadialPropagator& propagator, const DyadicLine& line)
    : model_(model),
      exact_score_(exact_score),
      propagator_(propagator),
      line_(line),
      root_dim_(std::sqrt(static_cast<double>(propagator.dim()))) {}

void RadialWalk::start(PanelFunction<double> law) {
  laws_.clear();
  laws_.push_back(std::move(law));
}

void RadialWalk::step(int t) {
  const Step<double> c = make_step(model_.schedule, t, propagator_.dim());
  const int above = std::min(t + 1, model_.schedule.steps());
  levels_.erase(levels_.upper_bound(model_.schedule.level(above).noise), levels_.end());
  do {
    stage_ = 0;
    again_ = false;
    calls_of_step_ = 0;
    model_.sampler.step(c, *this);
  } while (again_);
  score_calls_ += calls_of_step_;
  laws_.erase(laws_.begin(), laws_.end() - 1);
}

RadialWalk::KnownLevel& RadialWalk::known_level(const Level<double>& level) {
  KnownLevel& known = levels_[level.noise];
  if (!known.marginal) {
    known.marginal = model_.target.marginal(level, propagator_.settings().fineness);
  }
  return known;
}

Batch<double> RadialWalk::state() {
  Batch<double> out{.values = laws_[stage_].nodes(), .copies = 1};
  for (double& value : out.values) {
    value = root_dim_ * std::exp(value);
  }
  return out;
}

Batch<double> RadialWalk::score_at(const Level<double>& level, const Batch<double>& y) {
  ++calls_of_step_;
  KnownLevel& known = known_level(level);
  Batch<double> out = y;
  for (double& value : out.values) {
    // At the origin g is finite and the score 0; the log of a very small radius will do.
    const double v = std::log(std::max(std::abs(value) / root_dim_, 1e-100));
    value *= known.marginal->score_factor(v);
  }
  if (exact_score_ || model_.score.exact()) {
    return out;
  }
  if (!known.moments) {
    known.moments = radial_moments(
        *known.marginal, radial_panels(*known.marginal, line_, propagator_), propagator_.dim());
    require_odd(model_.score, *known.moments);
  }
  return model_.score.estimate(*known.moments, y, out);
}

Batch<double> RadialWalk::add_noise(const Batch<double>& y, const double& sd) {
  if (sd == 0) {
    return y;
  }
  throw EngineRefusal(
      "the radial law cannot take noise inside a kernel, which leaves the line through the origin; "
      "use the sampler without it (li-cai: kappa=0)");
}

Batch<double> RadialWalk::clip(const Batch<double>& u, const double& radius) {
  Batch<double> out = u;
  for (double& value : out.values) {
    value = std::clamp(value, -radius, radius);
  }
  return out;
}

void RadialWalk::end_kernel(const Batch<double>& mean, std::optional<double> sd) {
  if (again_) {
    return;  // the rest of a step that will be repeated
  }
  if (stage_ + 1 == laws_.size()) {
    PanelFunction<double>& source = laws_.back();
    KernelOutcome<double> outcome = propagator_.apply(source, mean, sd);
    if (!outcome.law) {
      source = source.halved(outcome.halve);
      again_ = true;
      return;
    }
    laws_.push_back(std::move(*outcome.law));
  }
  ++stage_;
}

}  // namespace lemmabench
