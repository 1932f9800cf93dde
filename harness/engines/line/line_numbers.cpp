#include "harness/engines/line/line_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "harness/engines/common/decompose.hpp"
#include "harness/engines/line/embedded.hpp"
#include "harness/engines/line/wide_distances.hpp"
#include "numerics/divergence_integrands.hpp"
#include "numerics/mp.hpp"
#include "numerics/total_variation.hpp"
#include "theory/initialisation/start_difference.hpp"

namespace lemmabench {
namespace {

/// Where the mixture has mass: two standard deviations a cell, out to `reach` of them.
template <class Real>
std::vector<Feature> features_of(const LineMixture<Real>& mixture, double negligible) {
  const double reach = std::sqrt(-2 * std::log(negligible));
  std::vector<Feature> out;
  for (const auto& component : mixture.components()) {
    const double mean = to_double(component.mean);
    const double sd = std::sqrt(to_double(component.variance));
    out.push_back({mean - reach * sd, mean + reach * sd, 1.5 * sd});
  }
  return out;
}

/// N(0, 1), the law that samplers start from.
template <class Real>
LineMixture<Real> standard_gaussian() {
  return LineMixture<Real>({{Real(1), Real(0), Real(1)}});
}

template <class Real>
Real absolute(const Real& x) {
  return x < 0 ? Real(-x) : x;
}

template <class Real>
class LineComputation {
 public:
  LineComputation(const LineModel<Real>& model, Start start, const LawOptions& options,
                  const LineSettings& settings)
      : model_(model),
        start_(start),
        options_(options),
        settings_(settings),
        propagator_(settings),
        line_(line_of(model)),
        steps_(model.schedule.steps()),
        end_(model.marginal(1)) {}

  LawNumbers<Real> run();
  LineEnd<Real> end();

  // The parts of the error (decompose.hpp), after run() has propagated the law itself.
  Estimate<Real> initialisation() const;
  Estimate<Real> discretisation() const;
  Estimate<Real> score() const;
  Estimate<Real> score_error() const;
  void add_initial(ErrorParts<Estimate<Real>>& parts) const;
  void add_early_stopping(ErrorParts<Estimate<Real>>& parts) const;

 private:
  bool perturbed() const { return !model_.score.exact(); }
  /// The law with exact scores from the same start; channels as those of total_.
  const PanelFunction<Real>& clean() const { return clean_ ? *clean_ : *total_; }
  Real rounding() const { return run_rounding<Real>(steps_); }
  /// What a law of mass 1 may be off absolutely: by as much as its mass is, and by rounding.
  Estimate<Real> mass_defect(const PanelFunction<Real>& law) const {
    return {absolute(Real(law.integral(0) - 1)), rounding()};
  }
  Real slack(const PanelFunction<Real>& law) const { return mass_defect(law).value + rounding(); }
  PanelFunction<Real> start_law(bool both) const;
  PanelFunction<Real> carry(PanelFunction<Real> law, bool exact_score);
  void add_local_errors();

  const LineModel<Real>& model_;
  Start start_;
  const LawOptions& options_;
  LineSettings settings_;
  LinePropagator<Real> propagator_;
  DyadicLine line_;
  int steps_;
  LineMixture<Real> end_;
  std::optional<PanelFunction<Real>> total_;
  std::optional<PanelFunction<Real>> clean_;  ///< only if the scores of total_ are estimates
  LawNumbers<Real> out_;
};

/// Channel 0: the start asked for. Channel 1, if `both`: p_{X_T} - N(0, 1). Propagated as a signed
/// density it gives the initialisation term with its own accuracy, at no further exp().
template <class Real>
PanelFunction<Real> LineComputation<Real>::start_law(bool both) const {
  const LineMixture<Real> exact = model_.marginal(steps_);
  const LineMixture<Real> gaussian = standard_gaussian<Real>();
  const StartDifference<Real> difference(model_.clean, model_.schedule.level(steps_));
  std::vector<Feature> features = features_of(exact, settings_.negligible);
  const std::vector<Feature> more = features_of(gaussian, settings_.negligible);
  features.insert(features.end(), more.begin(), more.end());
  const auto order = static_cast<std::size_t>(settings_.order);
  return build_panels<Real>(
      propagator_.basis(), line_, both ? 2 : 1, cover(line_, features, 0),
      [&](const Cell&, const Real* nodes, Real* out) {
        if (start_ == Start::exact) {
          exact.density(nodes, order, out);
          return;
        }
        gaussian.density(nodes, order, out);
        if (both) {
          difference(nodes, order, out + order);
        }
      },
      settings_.panel_rule());
}

template <class Real>
PanelFunction<Real> LineComputation<Real>::carry(PanelFunction<Real> law, bool exact_score) {
  LineWalk<Real> walk(model_, exact_score, propagator_);
  walk.start(std::move(law));
  if (model_.sampler.info().memory) {
    walk.run();
  } else {
    for (int t = steps_; t >= 2; --t) {
      walk.step(t);
      out_.most_panels = std::max(out_.most_panels, walk.law().panels());
    }
  }
  out_.most_panels = std::max(out_.most_panels, walk.law().panels());
  out_.score_calls = walk.score_calls();
  return walk.law();
}

template <class Real>
LineEnd<Real> LineComputation<Real>::end() {
  PanelFunction<Real> law = carry(start_law(start_ == Start::gaussian), false);
  return {std::move(law), out_.score_calls};
}

template <class Real>
LawNumbers<Real> LineComputation<Real>::run() {
  const bool both = options_.decomposition && start_ == Start::gaussian;
  total_ = carry(start_law(both && !perturbed()), false);
  const Real first[] = {Real(1), Real(0)};
  out_.distances =
      line_distances(end_, total_->combined(std::span(first, total_->channels())), settings_);
  out_.distances.widen(slack(*total_));
  // Integrals of densities times logarithms that are as large as they themselves.
  out_.distances.kl_pq.error += rounding() * absolute(out_.distances.kl_pq.value);
  out_.distances.kl_qp.error += rounding() * absolute(out_.distances.kl_qp.value);
  const long calls = out_.score_calls;
  if (options_.decomposition) {
    if (perturbed()) {
      clean_ = carry(start_law(both), true);
    }
    out_.parts = decompose<Estimate<Real>>(*this, start_, !perturbed());
  }
  if (options_.local_errors) {
    add_local_errors();
  }
  out_.parts.mass_defect = mass_defect(*total_);
  out_.score_calls = calls;
  return std::move(out_);
}

template <class Real>
Estimate<Real> LineComputation<Real>::initialisation() const {
  const Real value = half_absolute_integral(clean(), 1);
  // Of two laws of mass 1: what their difference integrates to is not there.
  const Real lost = absolute(clean().integral(1));
  return {value, lost + value * slack(clean()) +
                     initialisation_noise(model_, initial_distances(model_, line_, propagator_))};
}

template <class Real>
Estimate<Real> LineComputation<Real>::discretisation() const {
  const Real ones[] = {Real(1), Real(1)};
  const PanelFunction<Real> law = clean().combined(std::span(ones, clean().channels()));
  const Estimate<Real> tv = line_distances(end_, law, settings_).tv;
  return {tv.value, tv.error + slack(law)};
}

template <class Real>
Estimate<Real> LineComputation<Real>::score() const {
  return {law_variation(clean(), *total_), slack(clean()) + slack(*total_)};
}

template <class Real>
Estimate<Real> LineComputation<Real>::score_error() const {
  const Estimate<Real> eps = line_score_error(model_, settings_.tolerance);
  return {eps.value, eps.error + eps.value * rounding()};
}

template <class Real>
void LineComputation<Real>::add_initial(ErrorParts<Estimate<Real>>& parts) const {
  const InitialDistances<Real> initial = initial_distances(model_, line_, propagator_);
  parts.initial_tv = initial.tv;
  parts.initial_kl = initial.kl;
}

/// W2^2 <= (1 - sqrt(abar_1))^2 E X_0^2 + (1 - abar_1): the coupling through X_0 itself.
template <class Real>
void LineComputation<Real>::add_early_stopping(ErrorParts<Estimate<Real>>& parts) const {
  using std::sqrt;
  const Level<Real>& last = model_.schedule.level(1);
  const Real mean = model_.clean.mean();
  const Real second_moment = model_.clean.variance() + mean * mean;
  const Real shrink = last.noise / (1 + sqrt(last.abar));
  const Real bound = sqrt(shrink * shrink * second_moment + last.noise);
  parts.early_stopping_w2_bound = Estimate<Real>{bound, bound * rounding()};
}

template <class Real>
void LineComputation<Real>::add_local_errors() {
  Estimate<Real> sum;
  for (int t = steps_; t >= 2; --t) {
    LineWalk<Real> walk(model_, true, propagator_);
    walk.start(mixture_panels(model_.marginal(t), line_, propagator_));
    walk.step(t);
    Estimate<Real> local = line_distances(model_.marginal(t - 1), walk.law(), settings_).tv;
    local.error += rounding();
    sum.value += local.value;
    sum.error += local.error + mass_defect(walk.law()).value;
    out_.local.push_back(local);
  }
  out_.parts.local_sum = sum;
}

/// What KL(q||p) may be wrong by because q is known absolutely and log q/p is large where p has no
/// mass: the mass defect of q by the largest log q/p where q is known, and what q integrates to
/// where it is not. There it is noise; where p is known as well log q/p is a few units at most.
template <class Real>
Real unknown_tail(const LineMixture<Real>& p, const PanelFunction<Real>& law, const Real& unknown) {
  using std::log;
  const std::vector<Real> nodes = law.nodes();
  const std::size_t order = law.order();
  Real sum(0);
  Real most(0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Real& value = law.values(i / order, 0)[i % order];
    const Real size = absolute(value);
    if (size == 0) {
      continue;
    }
    const Real log_p = p.log_density(nodes[i]);
    const Real ratio = absolute(Real(log(size) - log_p));
    if (value > unknown) {
      most = std::max(most, ratio);
    } else if (log_p < log(unknown)) {
      const Real weight = Real(law.width(i / order) / 2) * law.basis().weights()[i % order];
      sum += weight * size * ratio;
    }
  }
  return sum + absolute(Real(law.integral(0) - 1)) * most;
}

/// What the panels of channel 0 = q - p have not seen of p, whose mass is 1: 0 if no more than
/// rounding and what `negligible` leaves out. Rounding: a sum of at most 4000 panels' 20 terms of
/// relative error eps each, sqrt(80000) eps = 280 eps, and room for 3.5 times that.
template <class Real>
Real unseen_mass(const PanelFunction<Real>& law, const PanelFunction<Real>& integrands,
                 double negligible) {
  const Real missing = absolute(Real(law.integral(0) - integrands.integral(0) - 1));
  const Real rounding = 1000 * std::numeric_limits<Real>::epsilon();
  return missing > rounding && missing > 10 * negligible ? missing : Real(0);
}

}  // namespace

template <class Real>
DyadicLine line_of(const LineModel<Real>& model) {
  double reach = 12;
  for (const auto& component : model.clean.components()) {
    const double sd = std::sqrt(std::max(1.0, to_double(component.variance)));
    reach = std::max(reach, std::abs(to_double(component.mean)) + 12 * sd);
  }
  // A step with alpha near 0 throws the law out to 1/sqrt(alpha) before the next calls it back; one
  // from a level without signal (alpha = 0) starts from E[X_0] instead.
  const int last =
      model.schedule.from_noise() ? model.schedule.steps() - 1 : model.schedule.steps();
  for (int t = 2; t <= last; ++t) {
    reach = std::max(reach, 10 / std::sqrt(to_double(model.schedule.alpha(t))));
  }
  // Twice as much: a sampler may spread wider than the target.
  return DyadicLine::covering(2 * reach);
}

template <class Real>
PanelFunction<Real> mixture_panels(const LineMixture<Real>& mixture, const DyadicLine& line,
                                   const LinePropagator<Real>& propagator) {
  const LineSettings& settings = propagator.settings();
  return build_panels<Real>(
      propagator.basis(), line, 1, cover(line, features_of(mixture, settings.negligible), 0),
      [&](const Cell&, const Real* nodes, Real* out) {
        mixture.density(nodes, static_cast<std::size_t>(settings.order), out);
      },
      settings.panel_rule());
}

template <class Real>
LawDistances<Real> line_distances(const LineMixture<Real>& p, const PanelFunction<Real>& law,
                                  const LineSettings& settings) {
  if (is_wide(p, law)) {
    return wide_line_distances(p, law, settings);
  }
  std::vector<Feature> features = features_of(p, settings.negligible);
  for (std::size_t i = 0; i < law.panels(); ++i) {
    features.push_back({law.low(i), law.high(i), law.width(i)});
  }
  const std::size_t order = law.order();
  const Real unknown(settings.negligible);
  const Real least(1e-3 * settings.negligible);
  using Integrands = DivergenceIntegrands<Real>;
  std::vector<Real> exact(order);
  std::vector<Real> computed(order * law.channels());
  const auto sample = [&](const Cell&, const Real* nodes, Real* out) {
    p.density(nodes, order, exact.data());
    law.evaluate(nodes, order, computed.data());
    for (std::size_t k = 0; k < order; ++k) {
      out[k] = computed[k] - exact[k];
      const bool known = exact[k] > unknown || computed[k] > unknown;
      const Integrands at =
          known ? divergence_integrands(exact[k], computed[k] > least ? computed[k] : least,
                                        [&] { return p.log_density(nodes[k]); })
                : Integrands{Real(0), Real(0), Real(0)};
      out[order + k] = at[0];
      out[2 * order + k] = at[1];
      out[3 * order + k] = at[2];
    }
  };
  // The line of q may end before p does: a scheme's start can be far narrower than its target.
  double reach = law.line().half_width();
  for (const Feature& feature : features) {
    reach = std::max({reach, -feature.low, feature.high});
  }
  const DyadicLine line = DyadicLine::covering(reach);
  const PanelFunction<Real> integrands = build_panels<Real>(
      law.shared_basis(), line, 4, cover(line, features, 0), sample, settings.panel_rule());
  return {.tv = {half_absolute_integral(integrands, 0),
                 unseen_mass(law, integrands, settings.negligible)},
          .kl_pq = {integrands.integral(1), unseen_divergence(p, law, integrands, least)},
          .kl_qp = {integrands.integral(2), unknown_tail(p, law, unknown)},
          .hellinger = hellinger_of(integrands.integral(3), p, law, integrands, unknown)};
}

template <class Real>
InitialDistances<Real> initial_distances(const LineModel<Real>& model, const DyadicLine& line,
                                         const LinePropagator<Real>& propagator) {
  using std::log;
  using std::sqrt;
  const LineSettings& settings = propagator.settings();
  const int steps = model.schedule.steps();
  const LineMixture<Real> p = model.marginal(steps);
  const LineMixture<Real> normal = standard_gaussian<Real>();
  const StartDifference<Real> difference(model.clean, model.schedule.level(steps));
  // Counted in its own size, so that what panels may miss is small against it and not against 1.
  const Real scale = difference.size();
  if (scale == 0) {
    return {};
  }
  std::vector<Feature> features = features_of(p, settings.negligible);
  const std::vector<Feature> more = features_of(normal, settings.negligible);
  features.insert(features.end(), more.begin(), more.end());
  const auto order = static_cast<std::size_t>(settings.order);
  std::vector<Real> exact(order);
  const PanelFunction<Real> integrands = build_panels<Real>(
      propagator.basis(), line, 2, cover(line, features, 0),
      [&](const Cell&, const Real* nodes, Real* out) {
        p.density(nodes, order, exact.data());
        difference(nodes, order, out);
        for (std::size_t k = 0; k < order; ++k) {
          // KL's integrand with the mass of both taken as 1, by e = N(0, 1)/p - 1 where it is
          // small.
          const Real e = -out[k] / exact[k];
          const Real kl = absolute(e) < Real(0.5)
                              ? Real(-exact[k] * log1p_minus(e))
                              : Real(-out[k] - exact[k] * (normal.log_density(nodes[k]) -
                                                           p.log_density(nodes[k])));
          out[k] /= scale;
          out[order + k] = kl / (scale * scale);
        }
      },
      settings.panel_rule());
  const Real tv = scale * half_absolute_integral(integrands, 0);
  const Real kl = scale * scale * integrands.integral(1);
  const Real rounding = run_rounding<Real>(steps);
  // e is off by noise/p: KL ~ (1/2) int p e^2 by at most sqrt(2 KL) times its root mean square,
  // which for noise that is spread as p is is twice its half integral.
  const Real noise = difference.rounding();
  // Beyond the panels there is the mass `negligible`, where log p/q is what it is at their ends.
  Real beyond(0);
  for (const Feature& where : features) {
    for (const double x : {where.low, where.high}) {
      beyond =
          std::max(beyond, absolute(Real(p.log_density(Real(x)) - normal.log_density(Real(x)))));
    }
  }
  return {.tv = {tv, noise + rounding * tv},
          .kl = {kl, 2 * noise * sqrt(Real(2 * absolute(kl))) + 2 * noise * noise +
                         rounding * absolute(kl) + Real(settings.negligible) * scale * beyond}};
}

template <class Real>
Real initialisation_noise(const LineModel<Real>& model, const InitialDistances<Real>& initial) {
  const int steps = model.schedule.steps();
  return initial.tv.error + run_rounding<Real>(steps) * initial.tv.value;
}

template <class Real>
Estimate<Real> line_score_error(const LineModel<Real>& model, double tolerance) {
  using std::sqrt;
  if (model.score.exact()) {
    return {};
  }
  Real total(0);
  Real scores(0);  // the sum of E s*^2
  for (int t = 1; t <= model.schedule.steps(); ++t) {
    const LineMixture<Real> marginal = model.marginal(t);
    const LevelMoments<Real> moments = line_moments(marginal, tolerance);
    // Relative to E s*^2, whose size changes by many orders over the levels.
    const auto squared = [&](const Real* x, std::size_t count, Real* out) {
      const Batch<Real> points{.values = std::vector<Real>(x, x + count), .copies = 1};
      Batch<Real> exact = points;
      marginal.score(x, count, exact.values.data());
      const Batch<Real> estimate = model.score.estimate(moments, points, exact);
      for (std::size_t k = 0; k < count; ++k) {
        const Real e = (estimate.values[k] - exact.values[k]) / moments.score_rms;
        out[k] = e * e;
      }
    };
    const Real mean_square = moments.score_rms * moments.score_rms;
    total += marginal.expectation(squared, tolerance) * mean_square;
    scores += mean_square;
  }
  // An estimate near the exact score is subtracted from it: what is left has the rounding of both,
  // the same in either run. Observed up to 0.4 eps of the score.
  const Real rounding = 2 * std::numeric_limits<Real>::epsilon();
  const Real steps(model.schedule.steps());
  return {sqrt(total / steps), rounding * sqrt(scores / steps)};
}

template <class Real>
LawNumbers<Real> compute_line_numbers(const LineModel<Real>& model, Start start,
                                      const LawOptions& options, const LineSettings& settings) {
  return LineComputation<Real>(model, start, options, settings).run();
}

template <class Real>
LineEnd<Real> propagate_line(const LineModel<Real>& model, Start start,
                             const LineSettings& settings) {
  return LineComputation<Real>(model, start, LawOptions{}, settings).end();
}

#define LEMMABENCH_INSTANTIATE(Real)                                                               \
  template LawDistances<Real> line_distances<Real>(                                                \
      const LineMixture<Real>&, const PanelFunction<Real>&, const LineSettings&);                  \
  template LawNumbers<Real> compute_line_numbers<Real>(const LineModel<Real>&, Start,              \
                                                       const LawOptions&, const LineSettings&);    \
  template LineEnd<Real> propagate_line<Real>(const LineModel<Real>&, Start, const LineSettings&); \
  template PanelFunction<Real> mixture_panels<Real>(const LineMixture<Real>&, const DyadicLine&,   \
                                                    const LinePropagator<Real>&);                  \
  template Estimate<Real> line_score_error<Real>(const LineModel<Real>&, double);                  \
  template InitialDistances<Real> initial_distances<Real>(                                         \
      const LineModel<Real>&, const DyadicLine&, const LinePropagator<Real>&);                     \
  template Real initialisation_noise<Real>(const LineModel<Real>&, const InitialDistances<Real>&); \
  template DyadicLine line_of<Real>(const LineModel<Real>&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
