#include "harness/engines/radial/radial_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <span>
#include <utility>

#include "harness/engines/common/decompose.hpp"
#include "harness/engines/line/embedded.hpp"
#include "harness/engines/radial/radial_start.hpp"
#include "numerics/divergence_integrands.hpp"
#include "numerics/total_variation.hpp"
#include "theory/radial/law_marginal.hpp"

namespace lemmabench {
namespace {

/// Densities of q above this are known to many digits: sums of positive terms.
constexpr double kKnown = 1e-16;

/// On which all levels and N(0, I) live, with room for a sampler that spreads wider.
DyadicLine line_of(const RadialModel& model, double negligible) {
  double reach = 8;
  for (const int t : {1, model.schedule.steps()}) {
    const RadialFeature where = model.marginal(t, 1)->feature(negligible);
    reach = std::max({reach, std::abs(where.low), std::abs(where.high)});
  }
  const StartGaussian start(model);
  reach = std::max({reach, -start.feature(negligible).low, start.feature(negligible).high});
  return DyadicLine::covering(reach + 12);
}

class RadialComputation {
 public:
  RadialComputation(const RadialModel& model, Start start, const LawOptions& options,
                    const RadialSettings& settings)
      : model_(model),
        start_(start),
        options_(options),
        propagator_(model.target.dim(), settings),
        line_(line_of(model, settings.negligible)),
        steps_(model.schedule.steps()),
        end_(marginal(1)) {}

  LawNumbers<double> run();

  // The parts of the error (decompose.hpp), after run() has propagated the law itself.
  Estimate<double> initialisation() const;
  Estimate<double> discretisation() const;
  Estimate<double> score() const;
  Estimate<double> score_error() const;
  void add_initial(ErrorParts<Estimate<double>>& parts) const;
  void add_early_stopping(ErrorParts<Estimate<double>>& parts) const;

 private:
  bool perturbed() const { return !model_.score.exact(); }
  const PanelFunction<double>& clean() const { return clean_ ? *clean_ : *total_; }
  /// Log densities are sums of d/2 times numbers of size 1, in both runs alike.
  double rounding() const { return run_rounding<double>(model_.target.dim() + steps_); }
  /// The density that a law's first channel alone stands for, or both together.
  static PanelFunction<double> density(const PanelFunction<double>& law, double second = 0) {
    const double factors[] = {1, second};
    return combined_density(law, factors);
  }
  Estimate<double> mass_defect(const PanelFunction<double>& law, double second = 0) const {
    return {std::abs(density(law, second).integral(0) - 1), rounding()};
  }
  double slack(const PanelFunction<double>& law, double second = 0) const {
    return mass_defect(law, second).value + rounding();
  }
  std::unique_ptr<RadialMarginal> marginal(int t) const {
    return model_.marginal(t, propagator_.settings().fineness);
  }
  PanelFunction<double> panels(const RadialMarginal& p) const {
    return radial_panels(p, line_, propagator_);
  }
  PanelFunction<double> start_law(bool both) const;
  PanelFunction<double> carry(PanelFunction<double> law, bool exact_score);
  void add_local_errors();
  double affinity_off(double lost) const;
  Estimate<double> score_error_value() const;
  Estimate<double> initial_divergence() const;
  LawDistances<double> distances(const RadialMarginal& p, const PanelFunction<double>& law,
                                 bool both = false) const {
    const double factors[] = {1, both ? 1.0 : 0.0};
    return radial_distances(p, law, factors, propagator_);
  }

  const RadialModel& model_;
  Start start_;
  const LawOptions& options_;
  RadialPropagator propagator_;
  DyadicLine line_;
  int steps_;
  std::unique_ptr<RadialMarginal> end_;
  std::optional<PanelFunction<double>> total_;
  std::optional<PanelFunction<double>> clean_;  ///< only if the scores of total_ are estimates
  LawNumbers<double> out_;
};

/// Channel 0: the start asked for. Channel 1, if `both`: p_{X_T} - N(0, I), as in the line law.
PanelFunction<double> RadialComputation::start_law(bool both) const {
  const std::unique_ptr<RadialMarginal> exact = marginal(steps_);
  if (start_ == Start::exact) {
    return panels(*exact);
  }
  const StartGaussian gaussian(model_);
  const RadialSettings& settings = propagator_.settings();
  std::vector<Feature> features;
  for (const RadialMarginal* law : {static_cast<const RadialMarginal*>(&gaussian),
                                    static_cast<const RadialMarginal*>(exact.get())}) {
    const RadialFeature where = law->feature(settings.negligible);
    features.push_back({where.low, where.high, where.width});
  }
  const auto order = static_cast<std::size_t>(settings.order);
  const RadialReference reference(*exact, settings.floor());
  return RatioRule(propagator_.basis(), settings.panel_rule(model_.target.dim()))
      .build(line_, both ? 2 : 1, cover(line_, features, 0),
             [&](const Cell&, const double* nodes, double* out) {
               for (std::size_t k = 0; k < order; ++k) {
                 out[k] = std::exp(gaussian.log_density(nodes[k]));
                 if (both) out[order + k] = std::exp(exact->log_density(nodes[k])) - out[k];
               }
               divide_by_weight(reference, nodes, order, both ? 2 : 1, out);
             });
}

PanelFunction<double> RadialComputation::carry(PanelFunction<double> law, bool exact_score) {
  RadialWalk walk(model_, exact_score, propagator_, line_);
  walk.start(std::move(law));
  for (int t = steps_; t >= 2; --t) {
    walk.step(t);
    out_.most_panels = std::max(out_.most_panels, walk.law().panels());
  }
  out_.score_calls = walk.score_calls();
  return walk.law();
}

/// What int sqrt(pq) is off if q has lost a mass d somewhere: where sqrt(p/q) <= s it takes d s/2
/// at most, and elsewhere, by Cauchy and Schwarz, sqrt(d P(sqrt(p/q) > s)). The s that says most.
double RadialComputation::affinity_off(double lost) const {
  const PanelFunction<double> q = density(*total_);
  const std::vector<double> nodes = q.nodes();
  constexpr int kPowers = 60;
  std::vector<double> mass(kPowers + 1, 0.0);  // P(2^{k-1} < sqrt(p/q) <= 2^k), k >= 1
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::size_t panel = i / q.order();
    const std::size_t k = i % q.order();
    const double log_p = end_->log_density(nodes[i]);
    const double here = std::max(q.values(panel, 0)[k], std::numeric_limits<double>::min());
    const double power = std::ceil((log_p - std::log(here)) / (2 * std::numbers::ln2));
    mass[static_cast<std::size_t>(std::clamp(power, 0.0, 1.0 * kPowers))] +=
        0.5 * q.width(panel) * q.basis().weights()[k] * std::exp(log_p);
  }
  double beyond = 0;
  double best = std::sqrt(lost);
  for (int k = kPowers; k >= 0; --k) {
    // Here `beyond` is P(sqrt(p/q) > 2^k).
    best = std::min(best, 0.5 * lost * std::ldexp(1.0, k) + std::sqrt(lost * beyond));
    beyond += mass[static_cast<std::size_t>(k)];
  }
  return best;
}

LawNumbers<double> RadialComputation::run() {
  const bool both = options_.decomposition && start_ == Start::gaussian;
  total_ = carry(start_law(both && !perturbed()), false);
  out_.distances = distances(*end_, *total_);
  const double lost = slack(*total_);
  out_.distances.widen(lost);
  Estimate<double>& hellinger = out_.distances.hellinger;
  const double affinity = affinity_off(lost);
  hellinger.error += affinity / std::max(hellinger.value, std::sqrt(affinity));
  // Integrals of densities times logarithms that are as large as they themselves.
  out_.distances.kl_pq.error += rounding() * std::abs(out_.distances.kl_pq.value);
  out_.distances.kl_qp.error += rounding() * std::abs(out_.distances.kl_qp.value);
  const long calls = out_.score_calls;
  if (options_.decomposition) {
    if (perturbed()) {
      clean_ = carry(start_law(both), true);
    }
    out_.parts = decompose<Estimate<double>>(*this, start_, !perturbed());
  }
  if (options_.local_errors) {
    add_local_errors();
  }
  out_.parts.mass_defect = mass_defect(*total_);
  out_.score_calls = calls;
  return std::move(out_);
}

Estimate<double> RadialComputation::initialisation() const {
  const double second[] = {0, 1};
  const PanelFunction<double> difference = combined_density(clean(), second);
  const double value = half_absolute_integral(difference, 0);
  // Of two laws of mass 1: what it integrates to is not there.
  const double lost = std::abs(difference.integral(0));
  return {value, lost + value * slack(clean()) + rounding()};
}

Estimate<double> RadialComputation::discretisation() const {
  const bool both = start_ == Start::gaussian;
  const Estimate<double> tv = distances(*end_, clean(), both).tv;
  return {tv.value, tv.error + slack(clean(), both ? 1 : 0)};
}

Estimate<double> RadialComputation::score() const {
  return {law_variation(density(clean()), density(*total_)), slack(clean()) + slack(*total_)};
}

Estimate<double> RadialComputation::score_error() const {
  const Estimate<double> eps = score_error_value();
  return {eps.value, eps.error + eps.value * rounding()};
}

void RadialComputation::add_initial(ErrorParts<Estimate<double>>& parts) const {
  const Estimate<double> tv = distances(*marginal(steps_), start_law(false)).tv;
  // Of either law a mass of `negligible` may lie outside, beside the same panels in both runs.
  parts.initial_tv =
      Estimate<double>{tv.value, tv.error + propagator_.settings().negligible + rounding()};
  if (std::isfinite(end_->second_moment())) {
    parts.initial_kl = initial_divergence();
    // As the noise of initial_distances() on the line.
    const double size = std::sqrt(2 * std::abs(parts.initial_kl->value));
    parts.initial_kl->error +=
        rounding() * (2 * size + rounding() + std::abs(parts.initial_kl->value));
  }
}

/// W2^2 <= (1 - sqrt(abar_1))^2 E|X_0|^2 + (1 - abar_1) d: the coupling through X_0 itself.
void RadialComputation::add_early_stopping(ErrorParts<Estimate<double>>& parts) const {
  const Level<double> last = model_.level(1);
  if (last.noise == 0) {  // X_1 is X_0, with second moments or without
    parts.early_stopping_w2_bound = Estimate<double>{};
    return;
  }
  const double shrink = last.noise / (1 + std::sqrt(last.abar));
  // Of X_0 itself: that of X_1 less its noise would cancel where abar_1 is small.
  constexpr double kNoise = 1e-30;
  const double second_moment =
      radial_marginal(model_.target, {1, kNoise}, 1, true)->second_moment() - kNoise;
  if (std::isfinite(second_moment)) {
    const double bound = std::sqrt(static_cast<double>(model_.target.dim()) *
                                   (shrink * shrink * second_moment + last.noise));
    parts.early_stopping_w2_bound = Estimate<double>{bound, bound * rounding()};
  }
}

/// KL(p_{X_T} || N(0, I)) = int (q - p - p x), x = log q/p, both logs known everywhere; the masses
/// cancel only where the panels hold those of both laws. Beyond the grid in the scale there is no
/// mass, but near nu = 2 some of E|X|^2/2, which is what -log of the Gaussian comes to there: d/2
/// times what the grid misses of the exact moment. The error is what p and q have outside,
/// `negligible` each, times 1 and what else is in x there.
Estimate<double> RadialComputation::initial_divergence() const {
  const std::unique_ptr<RadialMarginal> p = marginal(steps_);
  const StartGaussian gaussian(model_);
  const RadialSettings& settings = propagator_.settings();
  std::vector<Feature> features;
  for (const RadialMarginal* law : {static_cast<const RadialMarginal*>(p.get()),
                                    static_cast<const RadialMarginal*>(&gaussian)}) {
    const RadialFeature where = law->feature(settings.negligible);
    features.push_back({where.low, where.high, where.width});
  }
  const auto order = static_cast<std::size_t>(settings.order);
  const PanelFunction<double> integrands = build_panels<double>(
      propagator_.basis(), line_, 2, cover(line_, features, 0),
      [&](const Cell&, const double* nodes, double* out) {
        for (std::size_t k = 0; k < order; ++k) {
          const double log_p = p->log_density(nodes[k]);
          const double log_q = gaussian.log_density(nodes[k]);
          const double x = log_q - log_p;
          const double density = std::exp(log_p);
          out[k] = std::abs(x) < 0.5 ? density * (std::expm1(x) - x)
                                     : std::exp(log_q) - density - (density > 0 ? density * x : 0);
          out[order + k] = std::exp(log_p + 2 * (nodes[k] + p->log_unit()));
        }
      },
      settings.panel_rule(model_.target.dim()));
  const double missed = p->second_moment() - integrands.integral(1);
  // Where nothing is missed the difference is rounding.
  const double rounding = 1e-12 * integrands.integral(1);
  const double half_dim = 0.5 * static_cast<double>(model_.target.dim());
  const double tail = missed > rounding ? half_dim : 0;  // how much of |y|^2 is added as missed
  const RadialFeature where = p->feature(settings.negligible);
  double outside = 1;
  for (const double end : {where.low, where.high}) {
    const double x = gaussian.log_density(end) - p->log_density(end) +
                     tail * std::exp(2 * (end + p->log_unit()));
    outside = std::max(outside, std::abs(x));
  }
  return {integrands.integral(0) + tail * missed, 2 * settings.negligible * outside};
}

/// sqrt((1/T) sum_t E|s_t(X_t) - s*_t(X_t)|^2) (A1), by quadrature on the panels of p_t.
Estimate<double> RadialComputation::score_error_value() const {
  double total = 0;
  double scores = 0;  // the sum of E |s*|^2
  for (int t = 1; t <= steps_; ++t) {
    const std::unique_ptr<RadialMarginal> p = marginal(t);
    const PanelFunction<double> law = panels(*p);
    const double unit = std::exp(p->log_unit());
    const LevelMoments<double> moments = radial_moments(*p, law, model_.target.dim());
    const double whole[] = {1};
    const PanelFunction<double> density = combined_density(law, whole);
    scores += moments.score_rms * moments.score_rms;
    Batch<double> radii{.values = law.nodes(), .copies = 1};
    Batch<double> exact = radii;
    for (std::size_t k = 0; k < exact.values.size(); ++k) {
      const double v = radii.values[k];
      radii.values[k] = unit * std::sqrt(static_cast<double>(model_.target.dim())) * std::exp(v);
      exact.values[k] = radii.values[k] * p->score_factor(v);
    }
    const Batch<double> error = model_.score.estimate(moments, radii, exact) - exact;
    for (std::size_t k = 0; k < error.values.size(); ++k) {
      const std::size_t panel = k / law.order();
      const std::size_t node = k % law.order();
      total += 0.5 * law.width(panel) * law.basis().weights()[node] *
               density.values(panel, 0)[node] * error.values[k] * error.values[k];
    }
  }
  // As line_score_error.
  const double rounding = 2 * std::numeric_limits<double>::epsilon();
  return {std::sqrt(total / steps_), rounding * std::sqrt(scores / steps_)};
}

void RadialComputation::add_local_errors() {
  Estimate<double> sum;
  for (int t = steps_; t >= 2; --t) {
    RadialWalk walk(model_, true, propagator_, line_);
    walk.start(panels(*marginal(t)));
    walk.step(t);
    Estimate<double> local = distances(*marginal(t - 1), walk.law()).tv;
    local.error += rounding();
    sum.value += local.value;
    sum.error += local.error + mass_defect(walk.law()).value;
    out_.local.push_back(local);
  }
  out_.parts.local_sum = sum;
}

/// More of p than this where q is not known, and the bound below is a guess. Chosen, not derived:
/// where it was found too small nearly all of p was there.
constexpr double kMostUnseen = 1e-3;

struct Unseen {
  double mass;        ///< of p
  double divergence;  ///< what KL(p||q) may lack
};

/// What is where q is not known: how much of p, and a bound of int p |log(least/q)| over it. Where
/// a panel was left out q may lie above `least`, at few digits far above. Below it, a law that
/// comes of Gaussian noise is there at least as heavy as a Gaussian with the same slope:
///   -log q(v) <= -log q(v0) + (b + d)/2 (e^{2(v - v0)} - 1),  b = -(log q)'(v0),
/// and below the least radius v1 where q is known it falls like e^{dv}, or as it does there. The
/// slope is that between two nodes: where more than kMostUnseen of p is there the divergence is
/// unknown, infinity here.
Unseen unseen_part(const RadialMarginal& p, const PanelFunction<double>& law,
                   const PanelFunction<double>& where, double least) {
  const std::vector<double> nodes = law.nodes();
  const auto density_at = [&](std::size_t k) {
    return law.values(k / law.order(), 0)[k % law.order()];
  };
  double peak = 0;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    peak = std::max(peak, density_at(k));
  }
  // In a high dimension the density of log r is large, and so is its rounding far from there.
  const double known = std::max(kKnown, 16 * std::numeric_limits<double>::epsilon() * peak);
  std::size_t last = nodes.size();
  while (last > 1 && density_at(last - 1) < known) {
    --last;
  }
  std::size_t first = 0;
  while (first < last && density_at(first) < known) {
    ++first;
  }
  if (first + 1 >= last) {
    return {1, std::numeric_limits<double>::infinity()};
  }
  const auto log_at = [&](std::size_t k) { return std::log(std::max(density_at(k), least)); };
  const double v0 = nodes[last - 1];
  const double slope = (log_at(last - 2) - log_at(last - 1)) / (v0 - nodes[last - 2]);
  const double d = static_cast<double>(p.dim());
  const double v1 = nodes[first];
  const double fall = std::max(d, (log_at(first + 1) - log_at(first)) / (nodes[first + 1] - v1));
  const auto log_edge = [&](std::size_t k) { return std::max(log_at(k) - std::log(least), 0.0); };
  std::vector<double> points(where.order());
  std::size_t next = 0;  // the first panel of q that does not lie below v
  double sum = 0;
  double unseen = 0;
  double seen = 0;  // of E e^{2v}; beyond the panels there is the rest of it, near nu = 2
  for (std::size_t i = 0; i < where.panels(); ++i) {
    where.nodes_of(where.cell(i), points.data());
    for (std::size_t k = 0; k < where.order(); ++k) {
      const double v = points[k];
      const double mass =
          0.5 * where.width(i) * where.basis().weights()[k] * std::exp(p.log_density(v));
      seen += mass * std::exp(2 * (v + p.log_unit()));
      unseen += v > v0 || v < v1 ? mass : 0;
      while (next < law.panels() && law.high(next) < v) {
        ++next;
      }
      if (next == law.panels() || v < law.low(next)) {
        // A panel left out: q is taken at `least` there, and may be what it is at the nearest.
        const double before = next > 0 ? log_edge(next * law.order() - 1) : 0;
        const double behind = next < law.panels() ? log_edge(next * law.order()) : 0;
        sum += mass * std::max(before, behind);
      }
      if (v > v0) {
        const double log_q = log_at(last - 1) - 0.5 * (slope + d) * std::expm1(2 * (v - v0));
        sum += mass * std::max(std::log(least) - log_q, 0.0);
      } else if (v < v1) {
        sum += mass * std::max(std::log(least) - log_at(first) + fall * (v1 - v), 0.0);
      }
    }
  }
  if (unseen > kMostUnseen) {
    return {unseen, std::numeric_limits<double>::infinity()};
  }
  const double missed = p.second_moment() - seen;
  if (missed > 1e-12 * seen && std::isfinite(missed)) {
    sum += 0.5 * (slope + d) * std::exp(-2 * (v0 + p.log_unit())) * missed;
  }
  return {unseen, sum};
}

/// Whether p is known (RadialMarginal::holds) wherever the density q is above `unknown`. It is in
/// between if it is at both ends.
bool known_throughout(const RadialMarginal& p, const PanelFunction<double>& q, double unknown) {
  std::vector<std::size_t> panels;
  for (std::size_t i = 0; i < q.panels(); ++i) {
    if (q.magnitude(i) > unknown) {
      panels.push_back(i);
    }
  }
  return panels.empty() || (p.holds(q.low(panels.front())) && p.holds(q.high(panels.back())));
}

/// What the divergences are off because q is not known better than its panels hold it.
struct Blur {
  double pq;  ///< of KL(p||q): int p |dq/q|, dq what the polynomials of a panel leave out
  double qp;  ///< of KL(q||p): int dq log q/p, dq as large against q as its mass defect
};

/// q is far from p where p/q is large, and a panel of q that is resolved as a density may there be
/// unresolved as a ratio: in both runs, whose panels are halves of the same line. The mass defect
/// grows step by step, in both runs alike, and multiplies log q/p.
Blur blur_of(const RadialMarginal& p, const PanelFunction<double>& law,
             const PanelFunction<double>& density, std::span<const double> factors, double least) {
  const std::size_t order = law.order();
  const std::size_t last = law.channels() - 1;
  const LegendreBasis<double>& basis = law.basis();
  std::vector<double> nodes(order);
  std::vector<double> ratio(order);
  std::vector<double> series(order);
  const auto tail = [&](const double* values) {
    basis.coefficients(values, series.data());
    return series_tail(series.data(), order);
  };
  Blur out{0, 0};
  for (std::size_t i = 0; i < law.panels(); ++i) {
    law.nodes_of(law.cell(i), nodes.data());
    std::fill(ratio.begin(), ratio.end(), 0.0);
    for (std::size_t channel = 0; channel < last; ++channel) {
      for (std::size_t k = 0; k < order; ++k) {
        ratio[k] += factors[channel] * law.values(i, channel)[k];
      }
    }
    const double of_ratio = tail(ratio.data());
    const double of_weight = tail(law.values(i, last));
    for (std::size_t k = 0; k < order; ++k) {
      const double weight = 0.5 * law.width(i) * basis.weights()[k];
      const double q = std::max(density.values(i, 0)[k], least);
      const double log_p = p.log_density(nodes[k]);
      // Where ratio is noise around 0 its log is off by no more than what `least` lets it be.
      const double unsure = of_ratio / std::abs(ratio[k]) + of_weight;
      const double most = std::log(2 * q / least);
      out.pq += weight * std::exp(log_p) * (unsure < most ? unsure : most);
      out.qp += weight * q * std::abs(std::log(q) - log_p);
    }
  }
  out.qp *= 2 * std::abs(density.integral(0) - 1);
  return out;
}

}  // namespace

LawDistances<double> radial_distances(const RadialMarginal& p, const PanelFunction<double>& law,
                                      std::span<const double> factors,
                                      const RadialPropagator& propagator) {
  const RadialSettings& settings = propagator.settings();
  const RadialReference reference(p, settings.floor());
  const RadialFeature where = p.feature(settings.negligible);
  std::vector<Feature> features{{where.low, where.high, where.width}};
  for (std::size_t i = 0; i < law.panels(); ++i) {
    features.push_back({law.low(i), law.high(i), law.width(i)});
  }
  const std::size_t order = law.order();
  // Below these a density is not known, and taken as such.
  const double unknown = 1e-4 * settings.tolerance;
  const double least = 1e-9 * settings.tolerance;
  std::vector<double> ratios(law.channels() * order);
  const auto sample = [&](const Cell&, const double* nodes, double* out) {
    law.evaluate(nodes, order, ratios.data());
    for (std::size_t k = 0; k < order; ++k) {
      const double log_exact = p.log_density(nodes[k]);
      const double exact = std::exp(log_exact);
      double ratio = 0;
      for (std::size_t channel = 0; channel + 1 < law.channels(); ++channel) {
        ratio += factors[channel] * ratios[channel * order + k];
      }
      const double computed = ratio * std::exp(reference.log_weight(nodes[k]));
      const DivergenceIntegrands<double> at =
          exact > unknown || computed > unknown
              ? divergence_integrands(exact, std::max(computed, least), [&] { return log_exact; })
              : DivergenceIntegrands<double>{};
      out[k] = computed - exact;
      for (std::size_t kind = 0; kind < at.size(); ++kind) {
        out[(kind + 1) * order + k] = at[kind];
      }
    }
  };
  const PanelFunction<double> integrands =
      build_panels<double>(law.shared_basis(), law.line(), 4, cover(law.line(), features, 0),
                           sample, settings.panel_rule(propagator.dim()));
  const PanelFunction<double> density = combined_density(law, factors);
  const Unseen unseen = unseen_part(p, density, integrands, least);
  const Blur blur = blur_of(p, law, density, factors, least);
  const double hellinger = std::sqrt(integrands.integral(3));
  // int sqrt(pq) over what is unseen is at most sqrt(P Q), and Q is of the size of rounding or,
  // with few digits, of what a density is known to.
  const double overlap =
      std::sqrt(unseen.mass * std::max(16 * std::numeric_limits<double>::epsilon(), unknown));
  return {.tv = {half_absolute_integral(integrands, 0), 0},
          .kl_pq = {integrands.integral(1), unseen.divergence + blur.pq},
          .kl_qp = {integrands.integral(2), known_throughout(p, density, unknown)
                                                ? blur.qp
                                                : std::numeric_limits<double>::infinity()},
          .hellinger = {hellinger, overlap / std::max(hellinger, std::sqrt(overlap))}};
}

LawNumbers<double> compute_radial_numbers(const RadialModel& model, Start start,
                                          const LawOptions& options,
                                          const RadialSettings& settings) {
  return RadialComputation(model, start, options, settings).run();
}

}  // namespace lemmabench
