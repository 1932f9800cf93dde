#include "harness/engines/radial/radial_propagator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/engines/radial/radial_bottom.hpp"
#include "harness/engines/radial/radial_map.hpp"
#include "harness/engines/radial/radial_noise.hpp"
#include "harness/engines/radial/radial_plan.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Panels that span at least this many times `ratio` are smooth enough for the trapezoid rule.
constexpr double kWide = 0.4;
/// Of (rho/sigma)^2 times the squared width of a panel.
constexpr double kPointPower = 1e16;
constexpr double kMostNodes = 64;  ///< of one trapezoid sum; beyond, the kernel is too skew for it
/// Of a cell's width: in a layer as thin, all polynomials have but few extrema.
constexpr double kThinLayer = 0.01;
/// A unit of u in which functions of e^{2u} are resolved by one panel's nodes.
constexpr double kPieceWidth = 2;

/// What a value of the kernel costs, and what one at a point off the nodes, in evaluations.
constexpr double kDensityCost = 10;
constexpr double kPointCost = 50;

/// One kernel applied to one law.
class RadialApplication {
 public:
  RadialApplication(const RadialPropagator& propagator, const PanelFunction<double>& source,
                    const RadialMeans& means, std::optional<double> sd,
                    const RadialReference& reference, const DyadicLine& line, WorkBudget& budget);

  KernelOutcome<double> run();

 private:
  /// Where the densities at one point go: channels apart by `stride`.
  struct Target {
    double* out;
    std::size_t stride;
  };
  double middle(double v) const { return noise_.middle(v); }
  PanelFunction<double> output();
  void ratios_on(const Cell& cell, const double* nodes, double* out);
  void project(const RadialLayers& layers, const Cell& cell, double* out);
  PanelFunction<double> with_map() const;
  void prepare_weights();
  void gather_bottom();

  void find_window(const double* points, std::size_t count);
  void densities_at(const double* points, std::size_t count, double* out);
  void spread_to(const double* points, std::size_t count, double* out);
  void sum_to(const double* points, std::size_t count, double* out);
  bool narrow(double v, std::size_t i) const;
  void point_value(double v, std::size_t i, Target target) const;
  bool local_sum(double v, Target target);
  void node_sum(const double* log_mean, const double* weights, double v, Target target);
  void piece_sum(std::size_t i, double v, Target target);
  void add_points(double v, Target target);
  void push_to(const double* points, std::size_t count, double* out) const;

  const RadialPropagator& propagator_;
  const RadialSettings& settings_;
  const RadialKernel& kernel_;
  const PanelFunction<double>& source_;
  const RadialReference& reference_;  ///< of the new law
  const DyadicLine line_;
  WorkBudget& budget_;
  const std::size_t order_;
  const std::size_t densities_;  ///< channels of the source but log w
  const std::optional<double> sd_;
  const RadialNoise noise_;  ///< of no use without sd
  const RadialBottom bottom_;
  const RadialMap map_;
  const RadialPlan plan_;
  PanelFunction<double> law_and_map_;   ///< the channels of the source, then D
  std::vector<double> weights_;         ///< [panel][density][node]: quadrature weight times density
  std::vector<double> bottom_weights_;  ///< [density][node], empty if nothing is gathered
  std::vector<double> bottom_values_;   ///< [density][node]: the new one, empty until needed
  std::vector<std::size_t> window_;
  bool all_wide_ = false;
  std::vector<double> points_;  ///< of a local sum, their weights, and values there
  std::vector<double> point_weights_;
  std::vector<double> at_points_;
};

RadialApplication::RadialApplication(const RadialPropagator& propagator,
                                     const PanelFunction<double>& source, const RadialMeans& means,
                                     std::optional<double> sd, const RadialReference& reference,
                                     const DyadicLine& line, WorkBudget& budget)
    : propagator_(propagator),
      settings_(propagator.settings()),
      kernel_(propagator.kernel()),
      source_(source),
      reference_(reference),
      line_(line),
      budget_(budget),
      order_(source.order()),
      densities_(source.channels() - 1),
      sd_(sd),
      noise_(propagator.dim(), sd.value_or(1), settings_.reach),
      bottom_(source.basis(), noise_, propagator.dim()),
      map_(source, means),
      plan_(propagator, source, map_, sd ? &noise_ : nullptr, bottom_, line),
      law_and_map_(with_map()) {}

PanelFunction<double> RadialApplication::with_map() const {
  const std::size_t channels = source_.channels();
  PanelFunction<double> out(source_.shared_basis(), source_.line(), static_cast<int>(channels) + 1);
  std::vector<double> values((channels + 1) * order_);
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    std::copy_n(source_.values(i, 0), channels * order_, values.begin());
    std::copy_n(map_.displacement().values(i, 0), order_,
                values.begin() + static_cast<std::ptrdiff_t>(channels * order_));
    out.append(source_.cell(i), values.data());
  }
  return out;
}

void RadialApplication::prepare_weights() {
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const double* log_weight = source_.values(i, densities_);
    for (std::size_t channel = 0; channel < densities_; ++channel) {
      for (std::size_t k = 0; k < order_; ++k) {
        weights_.push_back(0.5 * source_.width(i) * source_.basis().weights()[k] *
                           source_.values(i, channel)[k] * std::exp(log_weight[k]));
      }
    }
  }
}

void RadialApplication::gather_bottom() {
  const std::size_t size = densities_ * order_;
  for (std::size_t channel = 0; channel < densities_; ++channel) {
    std::vector<double> moments(order_);
    bool some = false;
    for (std::size_t i = 0; i < source_.panels(); ++i) {
      if (plan_.panel(i).bottom) {
        some = true;
        bottom_.gather(map_.at_nodes(i), weights_.data() + i * size + channel * order_, order_,
                       moments.data());
      }
    }
    if (some) {
      const std::vector<double> weights = bottom_.weights_of(moments);
      bottom_weights_.insert(bottom_weights_.end(), weights.begin(), weights.end());
    }
  }
}

void RadialApplication::find_window(const double* points, std::size_t count) {
  const double first = points[0];
  const double last = points[count - 1];
  const double low = first + noise_.lean(first).low;
  const double high = last + noise_.lean(last).high;
  window_.clear();
  all_wide_ = std::isfinite(low) && std::isfinite(high);
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    if (map_.image(i).low <= high && map_.image(i).high >= low) {
      all_wide_ = all_wide_ && plan_.panel(i).smooth && plan_.panel(i).need >= kWide &&
                  (window_.empty() ||
                   (window_.back() + 1 == i && source_.high(window_.back()) == source_.low(i)));
      window_.push_back(i);
    }
  }
}

/// Adds weight f(u) K(v | m(u)) over the points.
void RadialApplication::add_points(double v, Target target) {
  const std::size_t count = point_weights_.size();
  at_points_.resize(count * (3 + densities_));
  double* u = at_points_.data();
  double* values = u + count;
  for (std::size_t k = 0; k < count; ++k) {
    u[k] = v + points_[k];
  }
  law_and_map_.evaluate(u, count, values);
  const double at = noise_.power(v);
  for (std::size_t k = 0; k < count; ++k) {
    const double weight = point_weights_[k] * std::exp(values[densities_ * count + k]) *
                          kernel_.density(at, points_[k] + values[(densities_ + 1) * count + k]);
    for (std::size_t channel = 0; channel < densities_; ++channel) {
      target.out[channel * target.stride] += weight * values[channel * count + k];
    }
  }
}

/// So narrow a kernel that it only moves the density: what it smooths, (sigma/rho)^2 f''/2, is
/// below 1e-14 f. Narrower ones than 1e-16 could not be told apart from a point anyway.
bool RadialApplication::narrow(double v, std::size_t i) const {
  return noise_.power(v) * std::pow(std::min(1.0, source_.width(i)), 2) > kPointPower;
}

/// f(u)/M'(u) where m(u)^2 + (d-1) sigma^2 = rho^2.
void RadialApplication::point_value(double v, std::size_t i, Target target) const {
  const double rest = sd_ ? static_cast<double>(kernel_.dim() - 1) / noise_.power(v) : 0;
  double slope = 1;
  const double s = map_.solve(i, v, 0.5 * std::log1p(-rest), &slope);
  const double local = 2 * (v + s - source_.low(i)) / source_.width(i) - 1;
  const double weight =
      std::exp(source_.basis().evaluate(source_.coefficients(i, densities_), local)) /
      (slope * (1 - rest));
  for (std::size_t channel = 0; channel < densities_; ++channel) {
    target.out[channel * target.stride] +=
        weight * source_.basis().evaluate(source_.coefficients(i, channel), local);
  }
}

/// The trapezoid rule over the whole window of v; false if the kernel is too skew for it.
bool RadialApplication::local_sum(double v, Target target) {
  const RadialNoise::Lean ends = noise_.lean(v);
  const auto panel_of = [&](double image) {
    const auto found = std::find_if(window_.begin(), window_.end() - 1,
                                    [&](std::size_t i) { return map_.image(i).high > image; });
    return *found;
  };
  if (!std::isfinite(ends.low)) {
    return false;
  }
  if (narrow(v, panel_of(v + ends.low))) {
    point_value(v, panel_of(v), target);
    return true;
  }
  double slope = 1;
  const std::size_t first = panel_of(v + ends.low);
  const std::size_t last = panel_of(v + ends.high);
  const double low = map_.solve(first, v, ends.low, &slope);
  const double high = map_.solve(last, v, ends.high, &slope);
  // The map may be steep anywhere in between, as where it goes over from one scale to another.
  for (std::size_t i = first; i <= last; ++i) {
    slope = std::max(slope, map_.image(i).most_slope);
  }
  // The width of the kernel as a function of log m, sigma R/m^2, where it is least.
  const double m = noise_.in_sigma(v + ends.high);
  const double width = middle(v + ends.high) / (m * m);
  const double count = std::ceil((high - low) * slope / (settings_.step * width)) + 1;
  if (!(count < kMostNodes)) {
    return false;
  }
  budget_.spend(kPointCost * count);
  const double step = (high - low) / count;
  points_.clear();
  for (int k = 0; k < static_cast<int>(count); ++k) {
    points_.push_back(low + (k + 0.5) * step);
  }
  point_weights_.assign(points_.size(), step);
  add_points(v, target);
  return true;
}

void RadialApplication::node_sum(const double* log_mean, const double* weights, double v,
                                 Target target) {
  const double at = noise_.power(v);
  budget_.spend(kDensityCost * static_cast<double>(order_));
  for (std::size_t k = 0; k < order_; ++k) {
    const double value = kernel_.density(at, log_mean[k] - v);
    for (std::size_t channel = 0; channel < densities_; ++channel) {
      target.out[channel * target.stride] += weights[channel * order_ + k] * value;
    }
  }
}

/// Gauss-Legendre on pieces of the part of panel i in the window of v.
void RadialApplication::piece_sum(std::size_t i, double v, Target target) {
  const RadialNoise::Lean ends = noise_.lean(v);
  const RadialImage& image = map_.image(i);
  double slope = 1;
  const double low =
      v + ends.low > image.low ? map_.solve(i, v, ends.low, &slope) : source_.low(i) - v;
  const double high =
      v + ends.high < image.high ? map_.solve(i, v, ends.high, &slope) : source_.high(i) - v;
  const double span =
      middle(std::min(v + ends.high, image.high)) - middle(std::max(v + ends.low, image.low));
  const double pieces = std::ceil(std::max(span / settings_.ratio, (high - low) / kPieceWidth));
  if (!(high > low)) {
    return;
  }
  budget_.spend(kPointCost * pieces * static_cast<double>(order_));
  const double width = (high - low) / pieces;
  points_.clear();
  point_weights_.clear();
  for (long piece = 0; static_cast<double>(piece) < pieces; ++piece) {
    const auto before = static_cast<double>(piece);
    for (std::size_t k = 0; k < order_; ++k) {
      points_.push_back(low + width * (before + 0.5 * (1 + source_.basis().nodes()[k])));
      point_weights_.push_back(0.5 * width * source_.basis().weights()[k]);
    }
  }
  add_points(v, target);
}

void RadialApplication::densities_at(const double* points, std::size_t count, double* out) {
  sd_ ? spread_to(points, count, out) : push_to(points, count, out);
}

void RadialApplication::spread_to(const double* points, std::size_t count, double* out) {
  if (count != order_ || !bottom_.holds(points[count - 1])) {
    sum_to(points, count, out);
    return;
  }
  if (bottom_values_.empty()) {
    bottom_values_.resize(densities_ * order_);
    sum_to(bottom_.nodes().data(), order_, bottom_values_.data());
  }
  for (std::size_t channel = 0; channel < densities_; ++channel) {
    bottom_.spread(bottom_values_.data() + channel * order_, points, out + channel * order_);
  }
}

void RadialApplication::sum_to(const double* points, std::size_t count, double* out) {
  std::fill_n(out, densities_ * count, 0.0);
  find_window(points, count);
  for (std::size_t k = 0; k < count && !window_.empty(); ++k) {
    const double v = points[k];
    const Target target{out + k, count};
    if (all_wide_ && local_sum(v, target)) {
      continue;
    }
    const RadialNoise::Lean ends = noise_.lean(v);
    if (!bottom_weights_.empty() && bottom_.holds(v + ends.low)) {
      node_sum(bottom_.nodes().data(), bottom_weights_.data(), v, target);
    }
    for (const std::size_t i : window_) {
      const RadialPlan::PanelPlan& plan = plan_.panel(i);
      if (plan.bottom || map_.image(i).low > v + ends.high || map_.image(i).high < v + ends.low) {
        continue;
      }
      if (plan.need <= 1 || !plan.smooth) {
        node_sum(map_.at_nodes(i), weights_.data() + i * densities_ * order_, v, target);
      } else {
        piece_sum(i, v, target);
      }
    }
  }
}

/// f(u)/M'(u) over all u with M(u) = v.
void RadialApplication::push_to(const double* points, std::size_t count, double* out) const {
  std::fill_n(out, densities_ * count, 0.0);
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const RadialImage& image = map_.image(i);
    if (!plan_.panel(i).smooth || image.low > points[count - 1] || image.high < points[0]) {
      continue;
    }
    for (std::size_t k = 0; k < count; ++k) {
      if (points[k] >= image.low && points[k] < image.high) {
        point_value(points[k], i, {out + k, count});
      }
    }
  }
}

/// All channels of the new law at the nodes of a cell.
void RadialApplication::ratios_on(const Cell& cell, const double* nodes, double* out) {
  const std::optional<RadialLayers> layers = plan_.layers(cell);
  if (!layers) {
    densities_at(nodes, order_, out);
    divide_by_weight(reference_, nodes, order_, densities_, out);
    return;
  }
  for (std::size_t k = 0; k < order_; ++k) {
    out[densities_ * order_ + k] = reference_.log_weight(nodes[k]);
  }
  project(*layers, cell, out);
}

/// The ratios by projection in L2, in three parts: the values at the nodes alone would miss what
/// enters the cell from its neighbours.
void RadialApplication::project(const RadialLayers& layers, const Cell& cell, double* out) {
  const LegendreBasis<double>& basis = source_.basis();
  const double low = line_.low(cell);
  const double width = line_.width(cell);
  std::vector<double> log_weight(order_);
  basis.coefficients(out + densities_ * order_, log_weight.data());
  std::vector<double> series(densities_ * order_);
  const auto add = [&](double left, double right, const QuadratureRule<double>& rule) {
    const std::size_t count = rule.nodes.size();
    std::vector<double> points(count);
    std::vector<double> local(count);
    std::vector<double> weights(count);
    std::vector<double> values(densities_ * count);
    for (std::size_t k = 0; k < count; ++k) {
      const double part = left + 0.5 * (right - left) * (1 + rule.nodes[k]);  // of the cell
      points[k] = low + part * width;
      local[k] = 2 * part - 1;
    }
    densities_at(points.data(), count, values.data());
    basis.evaluate(log_weight.data(), local.data(), count, weights.data());
    for (std::size_t k = 0; k < count; ++k) {
      const double weight = (right - left) * rule.weights[k] * std::exp(-weights[k]);
      for_legendre(order_, local[k], [&](std::size_t n, double value) {
        for (std::size_t channel = 0; channel < densities_; ++channel) {
          series[channel * order_ + n] +=
              (static_cast<double>(n) + 0.5) * value * weight * values[channel * count + k];
        }
      });
    }
  };
  const auto rule = [&](double part) -> const QuadratureRule<double>& {
    return part < kThinLayer ? propagator_.layer_rule() : propagator_.whole_rule();
  };
  add(0, layers.left, rule(layers.left));
  add(layers.left, 1 - layers.right, propagator_.whole_rule());
  add(1 - layers.right, 1, rule(layers.right));
  for (std::size_t channel = 0; channel < densities_; ++channel) {
    basis.evaluate(series.data() + channel * order_, basis.nodes().data(), order_,
                   out + channel * order_);
  }
}

PanelFunction<double> RadialApplication::output() {
  const RatioRule rule(source_.shared_basis(), plan_.output_rule());
  try {
    return rule.build(
        line_, densities_, cover(line_, plan_.features(), 0),
        [&](const Cell& cell, const double* nodes, double* out) { ratios_on(cell, nodes, out); });
  } catch (const NumericalFailure& failure) {
    throw EngineRefusal(
        fmt::format("the density of the radius that this sampler makes cannot be resolved ({})",
                    failure.what()));
  }
}

KernelOutcome<double> RadialApplication::run() {
  KernelOutcome<double> outcome;
  outcome.halve = plan_.too_wide();
  if (!outcome.halve.empty()) {
    return outcome;
  }
  prepare_weights();
  gather_bottom();
  outcome.law = output();
  return outcome;
}

}  // namespace

PanelRule RadialSettings::panel_rule(long dim) const {
  // Each step brings the rounding of the map's derivative, order^2/2 eps over the width.
  const double walk = std::sqrt(static_cast<double>(steps));
  return {.tolerance = tolerance,
          .relative = 1e-14 + 1e-16 * static_cast<double>(dim),
          .position_noise = 0.5 * order * order * walk,
          .negligible = negligible,
          .most_panels = 5 * most_panels};
}

RadialPropagator::RadialPropagator(long dim, const RadialSettings& settings)
    : settings_(settings),
      kernel_(dim),
      basis_(std::make_shared<LegendreBasis<double>>(settings.order)),
      whole_rule_(gauss_legendre<double>(settings.order)),
      layer_rule_(gauss_legendre<double>(settings.order / 2 + 2)) {}

KernelOutcome<double> RadialPropagator::apply(const PanelFunction<double>& source,
                                              const RadialMeans& means, std::optional<double> sd,
                                              const RadialReference& reference,
                                              const DyadicLine& line, WorkBudget& budget) const {
  return RadialApplication(*this, source, means, sd, reference, line, budget).run();
}

}  // namespace lemmabench
