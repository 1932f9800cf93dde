#include "harness/laws/line_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/laws/embedded.hpp"
#include "harness/laws/wide_distances.hpp"
#include "numerics/divergence_integrands.hpp"
#include "numerics/total_variation.hpp"

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

 private:
  PanelFunction<Real> start_law(bool both) const;
  PanelFunction<Real> carry(PanelFunction<Real> law, bool exact_score);
  void add_parts(const PanelFunction<Real>& total);
  void add_start_and_score();
  void add_local_errors();
  void add(std::string name, Real value) {
    out_.terms.emplace_back(std::move(name), std::move(value));
  }

  const LineModel<Real>& model_;
  Start start_;
  const LawOptions& options_;
  LineSettings settings_;
  LinePropagator<Real> propagator_;
  DyadicLine line_;
  int steps_;
  LineMixture<Real> end_;
  LawNumbers<Real> out_;
};

/// Channel 0: the start asked for. Channel 1, if `both`: p_{X_T} - N(0, 1). Propagated as a signed
/// density it gives the initialisation term with its own relative accuracy, at no further exp().
template <class Real>
PanelFunction<Real> LineComputation<Real>::start_law(bool both) const {
  const LineMixture<Real> exact = model_.marginal(steps_);
  const LineMixture<Real> gaussian = standard_gaussian<Real>();
  std::vector<Feature> features = features_of(exact, settings_.negligible);
  const std::vector<Feature> more = features_of(gaussian, settings_.negligible);
  features.insert(features.end(), more.begin(), more.end());
  const auto order = static_cast<std::size_t>(settings_.order);
  std::vector<Real> other(order);
  return build_panels<Real>(
      propagator_.basis(), line_, both ? 2 : 1, cover(line_, features, 0),
      [&](const Cell&, const Real* nodes, Real* out) {
        exact.density(nodes, order, other.data());
        if (start_ == Start::exact) {
          std::copy(other.begin(), other.end(), out);
          return;
        }
        gaussian.density(nodes, order, out);
        for (std::size_t k = 0; both && k < order; ++k) {
          out[order + k] = other[k] - out[k];
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
  const bool perturbed = !model_.score.exact();
  const bool both = options_.decomposition && start_ == Start::gaussian && !perturbed;
  const PanelFunction<Real> total = carry(start_law(both), false);
  const Real first[] = {Real(1), Real(0)};
  out_.distances =
      line_distances(end_, total.combined(std::span(first, total.channels())), settings_);
  out_.mass_defect = absolute(Real(total.integral(0) - 1));
  const long calls = out_.score_calls;
  if (options_.decomposition) {
    add_parts(total);
    add_start_and_score();
  }
  if (options_.local_errors) {
    add_local_errors();
  }
  add("mass_defect", out_.mass_defect);
  out_.score_calls = calls;
  return std::move(out_);
}

/// Initialisation, discretisation and score, the TV parts of theory.md section 5.
template <class Real>
void LineComputation<Real>::add_parts(const PanelFunction<Real>& total) {
  const bool perturbed = !model_.score.exact();
  const bool from_gaussian = start_ == Start::gaussian;
  // With exact scores and the same start; both channels when the start is N(0, 1).
  const PanelFunction<Real> clean = perturbed ? carry(start_law(from_gaussian), true) : total;
  const Real ones[] = {Real(1), Real(1)};
  add("initialisation", from_gaussian ? half_absolute_integral(clean, 1) : Real(0));
  add("discretisation",
      line_distances(end_, clean.combined(std::span(ones, clean.channels())), settings_).tv);
  add("score", perturbed ? law_variation(clean, total) : Real(0));
}

template <class Real>
void LineComputation<Real>::add_start_and_score() {
  using std::sqrt;
  // W2^2 <= (1 - sqrt(abar_1))^2 E X_0^2 + (1 - abar_1): the coupling through X_0 itself.
  const Level<Real>& last = model_.schedule.level(1);
  const Real mean = model_.clean.mean();
  const Real second_moment = model_.clean.variance() + mean * mean;
  const Real shrink = last.noise / (1 + sqrt(last.abar));
  if (start_ == Start::gaussian) {
    const LineMixture<Real> exact = model_.marginal(steps_);
    const LawDistances<Real> initial = line_distances(
        exact, mixture_panels(standard_gaussian<Real>(), line_, propagator_), settings_);
    add("initial_tv", initial.tv);
    add("initial_kl", initial.kl_pq);
  }
  add("eps_score", line_score_error(model_, settings_.tolerance));
  add("early_stopping_w2_bound", sqrt(shrink * shrink * second_moment + last.noise));
}

template <class Real>
void LineComputation<Real>::add_local_errors() {
  Real sum(0);
  for (int t = steps_; t >= 2; --t) {
    LineWalk<Real> walk(model_, true, propagator_);
    walk.start(mixture_panels(model_.marginal(t), line_, propagator_));
    walk.step(t);
    out_.local.push_back(line_distances(model_.marginal(t - 1), walk.law(), settings_).tv);
    sum += out_.local.back();
  }
  add("local_sum", sum);
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

}  // namespace

template <class Real>
DyadicLine line_of(const LineModel<Real>& model) {
  double reach = 12;
  for (const auto& component : model.clean.components()) {
    const double sd = std::sqrt(std::max(1.0, to_double(component.variance)));
    reach = std::max(reach, std::abs(to_double(component.mean)) + 12 * sd);
  }
  // A step with alpha near 0 throws the law out to 1/sqrt(alpha) before the next calls it back.
  for (int t = 2; t <= model.schedule.steps(); ++t) {
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
  using std::sqrt;
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
  const PanelFunction<Real> integrands =
      build_panels<Real>(law.shared_basis(), law.line(), 4, cover(law.line(), features, 0), sample,
                         settings.panel_rule());
  return {.tv = half_absolute_integral(integrands, 0),
          .kl_pq = integrands.integral(1),
          .kl_qp = integrands.integral(2),
          .hellinger = sqrt(integrands.integral(3)),
          .kl_pq_unknown = unseen_divergence(p, law, integrands, least),
          .kl_qp_unknown = unknown_tail(p, law, unknown)};
}

template <class Real>
Real line_score_error(const LineModel<Real>& model, double tolerance) {
  using std::sqrt;
  if (model.score.exact()) {
    return Real(0);
  }
  Real total(0);
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
    total += marginal.expectation(squared, tolerance) * moments.score_rms * moments.score_rms;
  }
  return sqrt(total / Real(model.schedule.steps()));
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
  template Real line_score_error<Real>(const LineModel<Real>&, double);                            \
  template DyadicLine line_of<Real>(const LineModel<Real>&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
