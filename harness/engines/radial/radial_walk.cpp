#include "harness/engines/radial/radial_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "cases/step.hpp"
#include "harness/engines/common/two_runs.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// Of a score in the radius, a sum over scales, in evaluations.
constexpr double kScoreCost = 200;

/// e^v to 1e-16 of v: 1 is held exactly.
Mp40 exponential(double v) { return std::abs(v) < 1 ? 1 + Mp40(std::expm1(v)) : Mp40(std::exp(v)); }

/// log x, with relative accuracy near x = 1; of a very small number at the origin.
double log_of(const Mp40& x) {
  const double gap = to_double(Mp40(x - 1));
  return gap > -0.5 ? std::log1p(gap) : std::log(std::max(to_double(x), 1e-200));
}

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

Level<double> RadialModel::rounded(const Level<Mp40>& level) const {
  const Level<double> nearest{to_double(level.abar), to_double(level.noise)};
  // What is exactly 0 or 1, at a level without noise or signal, stays so.
  if (!rounded_anew || nearest.abar == 0 || nearest.noise == 0) {
    return nearest;
  }
  const auto other = [&](double x, std::uint64_t part) {
    const auto place = 2 * std::bit_cast<std::uint64_t>(nearest.snr()) + part;
    return x * (1 + rounding_units(place) * std::numeric_limits<double>::epsilon());
  };
  return {other(nearest.abar, 0), other(nearest.noise, 1)};
}

Mp40 RadialModel::unit(const Level<Mp40>& level) const {
  const std::optional<Rational> sphere = target.sphere();
  return sphere && level.abar > 0 ? Mp40(from_rational<Mp40>(*sphere) * sqrt(level.abar)) : Mp40(1);
}

PanelFunction<double> radial_panels(const RadialMarginal& marginal, const DyadicLine& line,
                                    const RadialPropagator& propagator) {
  const RadialSettings& settings = propagator.settings();
  const RadialFeature where = marginal.feature(settings.negligible);
  const std::array<Feature, 1> features{Feature{where.low, where.high, where.width}};
  const auto order = static_cast<std::size_t>(settings.order);
  const RadialReference reference(marginal, settings.floor());
  return RatioRule(propagator.basis(), settings.panel_rule(propagator.dim()))
      .build(line, 1, cover(line, features, 0), [&](const Cell&, const double* nodes, double* out) {
        for (std::size_t k = 0; k < order; ++k) {
          out[k] = std::exp(marginal.log_density(nodes[k]));
        }
        divide_by_weight(reference, nodes, order, 1, out);
      });
}

LevelMoments<double> radial_moments(const RadialMarginal& marginal,
                                    const PanelFunction<double>& law, long dim) {
  const std::array<double, 1> whole{1};
  const PanelFunction<double> density = combined_density(law, whole);
  double sum = 0;
  for (std::size_t i = 0; i < density.panels(); ++i) {
    std::vector<double> nodes(density.order());
    density.nodes_of(density.cell(i), nodes.data());
    for (std::size_t k = 0; k < density.order(); ++k) {
      const double score =
          std::exp(nodes[k] + marginal.log_unit()) * marginal.score_factor(nodes[k]);
      sum += 0.5 * density.width(i) * density.basis().weights()[k] * density.values(i, 0)[k] *
             score * score;
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
      root_dim_(sqrt(Mp40(propagator.dim()))) {}

void RadialWalk::start(PanelFunction<double> law) {
  laws_.clear();
  laws_.push_back(std::move(law));
}

void RadialWalk::step(int t) {
  const Step<Mp40> c = make_step(model_.schedule, t, propagator_.dim());
  t_ = t;
  budget_.begin_step();
  const int above = std::min(t + 1, model_.schedule.steps());
  levels_.erase(levels_.begin(),
                levels_.lower_bound(to_double(model_.schedule.level(above).snr())));
  do {
    stage_ = 0;
    again_ = false;
    clipped_ = false;
    calls_of_step_ = 0;
    model_.sampler.step(c, *this);
    if (stage_ == 0 && !again_) {
      // The step moves nothing. Its law is still to be one at level t-1: in that level's unit and
      // divided by that level's reference, which is what the numbers take p_1's law to be.
      move(state());
    }
  } while (again_);
  score_calls_ += calls_of_step_;
  laws_.erase(laws_.begin(), laws_.end() - 1);
}

RadialWalk::KnownLevel& RadialWalk::known_level(const Level<Mp40>& level) {
  KnownLevel& known = levels_[to_double(level.snr())];
  if (!known.marginal) {
    known.marginal = model_.marginal(model_.rounded(level), propagator_.settings().fineness);
    known.unit = root_dim_ * model_.unit(level);
  }
  return known;
}

Batch<Mp40> RadialWalk::state() {
  const Mp40 unit = known_level(model_.schedule.level(stage_ == 0 ? t_ : t_ - 1)).unit;
  Batch<Mp40> out;
  for (const double v : laws_[stage_].nodes()) {
    out.values.push_back(unit * exponential(v));
  }
  return out;
}

Batch<Mp40> RadialWalk::score_at(const Level<Mp40>& level, const Batch<Mp40>& y) {
  ++calls_of_step_;
  KnownLevel& known = known_level(level);
  budget_.spend(kScoreCost * static_cast<double>(y.values.size()));
  const Mp40 scale = 1 / known.unit;
  Batch<Mp40> out = y;
  std::vector<double> at_v;
  at_v.reserve(y.values.size());
  for (Mp40& value : out.values) {
    at_v.push_back(log_of(abs(value) * scale));
    value *= known.marginal->score_factor(at_v.back());
  }
  require_known(*known.marginal, at_v);
  if (exact_score_ || model_.score.exact()) {
    return out;
  }
  if (!known.moments) {
    known.moments = radial_moments(
        *known.marginal, radial_panels(*known.marginal, line_, propagator_), propagator_.dim());
    require_odd(model_.score, *known.moments);
  }
  Batch<double> at;
  Batch<double> exact;
  for (std::size_t k = 0; k < y.values.size(); ++k) {
    at.values.push_back(to_double(y.values[k]));
    exact.values.push_back(to_double(out.values[k]));
  }
  const Batch<double> error = model_.score.estimate(*known.moments, at, exact) - exact;
  for (std::size_t k = 0; k < y.values.size(); ++k) {
    out.values[k] += error.values[k];
  }
  return out;
}

/// Refuses scores so far out that they are not known, where the law has mass.
void RadialWalk::require_known(const RadialMarginal& marginal, const std::vector<double>& v) const {
  if (marginal.holds(*std::max_element(v.begin(), v.end())) &&
      marginal.holds(*std::min_element(v.begin(), v.end()))) {
    return;
  }
  const PanelFunction<double>& law = laws_[stage_];
  const std::size_t nodes = law.panels() * law.order();
  const std::size_t weight = law.channels() - 1;  // densities are held by ratios to it
  double mass = 0;
  double where = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const std::size_t panel = i % nodes / law.order();
    const std::size_t k = i % law.order();
    const double here = std::abs(law.values(panel, 0)[k] * law.values(panel, weight)[k]);
    if (here * law.width(panel) > mass && !marginal.holds(v[i])) {
      mass = here * law.width(panel);
      where = v[i];
    }
  }
  if (mass > propagator_.settings().tolerance) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: throws mass {:.2g} to |x| = {:.2g} sqrt(d), where the target's score is not "
        "known (it is for |x| up to 1e5 deviations of a Laplace law, 1e6 sqrt(d) of Student-t): at "
        "these steps it diverges; use more steps, or check the signs of its map",
        model_.sampler.text(), mass, std::exp(where)));
  }
}

Batch<Mp40> RadialWalk::data_mean() {
  if (!exact_score_ && !model_.score.exact()) {
    return Walk<Batch<Mp40>, Mp40>::data_mean();  // refuses
  }
  if (!model_.target.has_mean()) {
    throw EngineRefusal(
        "--target: X_0 has no mean, which is what the data prediction is at a level without "
        "signal (abar = 0); let the first level of --schedule have some");
  }
  Batch<Mp40> out = state();
  std::fill(out.values.begin(), out.values.end(), Mp40(0));
  return out;
}

Batch<Mp40> RadialWalk::with_noise(const Batch<Mp40>&, const Mp40&) {
  throw EngineRefusal(
      "the radial law cannot take noise inside a kernel, which leaves the line through the origin; "
      "use the sampler without it (li-cai: kappa=0)");
}

Batch<Mp40> RadialWalk::clip(const Batch<Mp40>& u, const Mp40& radius) {
  Batch<Mp40> out = u;
  for (Mp40& value : out.values) {
    clipped_ = clipped_ || abs(value) > radius;
    value = std::clamp(value, Mp40(-radius), radius);
  }
  return out;
}

Batch<Mp40> RadialWalk::clamp(const Batch<Mp40>& u, const Mp40& bound) {
  if (model_.target.dim() > 1) {
    throw EngineRefusal(
        "clamping every coordinate leaves no rotation-invariant law; `lemmabench particles` takes "
        "samples of it");
  }
  return clip(u, bound);
}

RadialMeans RadialWalk::means(const Batch<Mp40>& mean, const KnownLevel& after) const {
  const Mp40 scale = 1 / after.unit;
  const std::vector<double> nodes = laws_[stage_].nodes();
  RadialMeans out;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const Mp40 m = mean.values[k] * scale;
    out.positive.push_back(m > 0);
    out.displacement.push_back(log_of(abs(m) / exponential(nodes[k])));
  }
  return out;
}

/// The line of a kernel's output: that of the walk, or a longer one if mass leaves it.
DyadicLine RadialWalk::line_after(const RadialMeans& means, std::optional<double> sd) const {
  constexpr double kFarthest = 140;  // in log radius: squares of e^140 are still numbers
  const PanelFunction<double>& source = laws_.back();
  const std::vector<double> nodes = source.nodes();
  double farthest = sd ? std::log(std::max(*sd, 1e-300)) : 0;
  for (std::size_t i = 0; i < source.panels(); ++i) {
    if (!(largest_density(source, i) * source.width(i) > propagator_.settings().tolerance)) {
      continue;
    }
    for (std::size_t k = i * source.order(); k < (i + 1) * source.order(); ++k) {
      const double at = nodes[k] + means.displacement[k];
      // Once it is no number it stays so: a comparison with one is false.
      farthest = std::isnan(farthest) || at <= farthest ? farthest : at;
    }
  }
  if (std::isnan(farthest)) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: its map is no finite number where the law has mass: its formula leaves its "
        "range at these steps",
        model_.sampler.text()));
  }
  if (!(farthest < kFarthest)) {
    throw EngineRefusal(
        fmt::format("--sampler {}: throws mass out to radius e^{:.0f} sqrt(d): at these steps it "
                    "diverges, and what it gives has nothing in common with the target; check the "
                    "signs and coefficients of its map",
                    model_.sampler.text(), farthest));
  }
  return farthest + 4 <= line_.half_width() ? line_ : DyadicLine::covering(farthest + 8);
}

void RadialWalk::end_kernel(const Batch<Mp40>& mean, std::optional<Mp40> sd) {
  if (again_) {
    return;  // the rest of a step that will be repeated
  }
  if (stage_ + 1 == laws_.size()) {
    PanelFunction<double>& source = laws_.back();
    const KnownLevel& after = known_level(model_.schedule.level(t_ - 1));
    std::optional<double> in_unit;
    // A noise of 1e-140 cannot be seen on any law, nor its inverse squared in double.
    constexpr double kNoNoise = 1e-140;
    if (sd && to_double(Mp40(*sd * root_dim_ / after.unit)) > kNoNoise) {
      in_unit = to_double(Mp40(*sd * root_dim_ / after.unit));
    }
    RadialMeans moved = means(mean, after);
    moved.kinked = clipped_;
    KernelOutcome<double> outcome = propagator_.apply(
        source, moved, in_unit, RadialReference(*after.marginal, propagator_.settings().floor()),
        line_after(moved, in_unit), budget_);
    if (!outcome.law) {
      source = source.halved(outcome.halve);
      again_ = true;
      return;
    }
    laws_.push_back(std::move(*outcome.law));
  }
  clipped_ = false;
  ++stage_;
}

}  // namespace lemmabench
