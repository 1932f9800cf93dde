#include "harness/laws/radial_propagator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/laws/radial_bottom.hpp"
#include "harness/laws/radial_map.hpp"
#include "harness/laws/radial_noise.hpp"
#include "harness/laws/radial_widths.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Panels that span at least this many times `ratio` are smooth enough for the trapezoid rule.
constexpr double kWide = 0.4;
/// Of (rho/sigma)^2 times the squared width of a panel.
constexpr double kPointPower = 1e16;
constexpr double kMostNodes = 64;  ///< of one trapezoid sum; beyond, the kernel is too skew for it
/// A unit of u in which functions of e^{2u} are resolved by one panel's nodes.
constexpr double kScaleWidth = 2;
/// Rounding in the Legendre coefficients of log(|m|/r): that of the score and of r.
constexpr double kMapNoise = 6e-15;
constexpr double kLightestFold = 1e-12;

/// One kernel applied to one law.
class RadialApplication {
 public:
  RadialApplication(const RadialPropagator& propagator, const PanelFunction<double>& source,
                    const double* mean, std::optional<double> sd);

  KernelOutcome<double> run();

 private:
  struct Plan {
    double need = 0;      ///< into how many parts its own nodes would have to cut it
    bool smooth = false;  ///< the map is increasing and a polynomial here
    bool bottom = false;  ///< all of its means are gathered at those of bottom_
  };
  double middle(double v) const { return noise_.middle(v); }
  double mass(std::size_t i) const { return source_.magnitude(i) * source_.width(i); }
  void survey();
  void refuse_escape() const;
  std::vector<std::size_t> too_wide() const;
  std::vector<Feature> features() const;
  PanelRule output_rule() const;
  PanelFunction<double> output();
  PanelFunction<double> with_map() const;
  void prepare_weights();
  void gather_bottom();

  void find_window(const double* points);
  void spread_to(const double* points, double* out);
  void sum_to(const double* points, double* out);
  bool narrow(double v, std::size_t i) const;
  void point_value(double v, std::size_t i, double* out, std::size_t target) const;
  bool local_sum(double v, double* out, std::size_t target);
  void node_sum(const double* log_mean, const double* weights, double v, double* out,
                std::size_t target) const;
  void piece_sum(std::size_t i, double v, double* out, std::size_t target);
  void add_points(double v, double* out, std::size_t target);
  void push_to(const double* points, double* out) const;

  const RadialSettings& settings_;
  const RadialKernel& kernel_;
  const PanelFunction<double>& source_;
  const std::size_t order_;
  const double root_dim_;
  const std::optional<double> sd_;
  const RadialNoise noise_;  ///< of no use without sd
  const RadialBottom bottom_;
  RadialMap map_;
  std::vector<Plan> plans_;
  PanelFunction<double> law_and_map_;   ///< the channels of the source, then D
  std::vector<double> weights_;         ///< [panel][channel][node]: quadrature weight times density
  std::vector<double> bottom_weights_;  ///< [channel][node], empty if nothing is gathered
  std::vector<double> bottom_values_;   ///< [channel][node]: the new density, empty until needed
  std::vector<std::size_t> window_;
  bool all_wide_ = false;
  std::vector<double> points_;  ///< of a local sum, their weights, and values there
  std::vector<double> point_weights_;
  std::vector<double> at_points_;
};

RadialApplication::RadialApplication(const RadialPropagator& propagator,
                                     const PanelFunction<double>& source, const double* mean,
                                     std::optional<double> sd)
    : settings_(propagator.settings()),
      kernel_(propagator.kernel()),
      source_(source),
      order_(source.order()),
      root_dim_(std::sqrt(static_cast<double>(propagator.dim()))),
      sd_(sd),
      noise_(propagator.dim(), sd.value_or(1), settings_.reach),
      bottom_(source.basis(), noise_, propagator.dim()),
      map_(source, mean, root_dim_),
      law_and_map_(with_map()) {
  survey();
}

void RadialApplication::survey() {
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const RadialImage& image = map_.image(i);
    Plan plan;
    const double noise = kMapNoise * (1 + std::abs(image.high - source_.high(i)));
    const bool resolved =
        image.tail <= noise ||
        image.tail * static_cast<double>(order_) * source_.magnitude(i) <= settings_.tolerance;
    plan.smooth = image.one_sign && image.least_slope > 0 && resolved;
    if (sd_) {
      const double span = middle(image.high) - middle(image.low);
      plan.need = span / settings_.ratio;
      if (span > 1e-3) {
        plan.need = std::max(plan.need, source_.width(i) / kScaleWidth);
      }
      const double bend = image.tail * middle(image.high);
      if (!resolved && bend * bend * mass(i) > settings_.tolerance) {
        plan.need = std::max(plan.need, 2.0);
      }
    }
    plan.bottom = sd_ && bottom_.holds(image.high) && (plan.need <= 1 || !plan.smooth);
    plans_.push_back(plan);
  }
}

void RadialApplication::refuse_escape() const {
  const double end = source_.line().half_width();
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    if (map_.image(i).high > end && mass(i) > settings_.tolerance) {
      throw EngineRefusal(fmt::format(
          "the sampler throws mass {:.2g} out to radius e^{:.0f}: it is unstable at these steps; "
          "use more",
          std::min(mass(i), 1.0), map_.image(i).high));
    }
  }
}

std::vector<std::size_t> RadialApplication::too_wide() const {
  refuse_escape();
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const Plan& plan = plans_[i];
    if (plan.smooth || (sd_ && plan.need <= 1) || mass(i) < 0.1 * settings_.tolerance ||
        source_.cell(i).depth >= 46) {
      continue;
    }
    const bool folds = !map_.image(i).one_sign || map_.image(i).least_slope <= 0;
    if (!sd_ && folds && mass(i) < kLightestFold) {
      continue;
    }
    if (!sd_ && folds && source_.width(i) < 1e-3) {
      throw EngineRefusal(fmt::format(
          "the deterministic map folds the radius near {:.4g} sqrt(d), which carries mass {:.2g}: "
          "the output has no bounded density; use more steps",
          std::exp(source_.low(i)), mass(i)));
    }
    out.push_back(i);
  }
  if (source_.panels() + out.size() > settings_.most_panels) {
    throw EngineRefusal(
        fmt::format("the map of this sampler and score estimate needs more than {} panels in the "
                    "radius",
                    settings_.most_panels));
  }
  return out;
}

/// Where the new law lives. What the noise has smoothed needs no panels narrower than `ratio` of
/// it; the halo of a panel is as smooth as the noise.
std::vector<Feature> RadialApplication::features() const {
  const std::vector<double> widths =
      wanted_widths(source_, settings_.panel_rule(kernel_.dim()), 0.1 * settings_.tolerance);
  const double end = source_.line().half_width();
  std::vector<Feature> out;
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const RadialImage& image = map_.image(i);
    if (!sd_) {
      if (plans_[i].smooth) out.push_back({image.low, image.high, widths[i]});
      continue;
    }
    const double low = middle(image.low);
    const double high = middle(image.high);
    const double unit = std::log(*sd_ / root_dim_);
    const double smooth = settings_.ratio / std::max(high, 1.0);
    const double width = std::hypot(widths[i], smooth);
    // Below sigma the density falls like e^{dv}.
    const double least =
        unit + std::log(settings_.negligible) / static_cast<double>(kernel_.dim()) - 2;
    const double bottom =
        low > settings_.reach ? std::max(unit + std::log(low - settings_.reach), least) : least;
    const double inner = low > 1 ? unit + std::log(low) : least;
    out.push_back({std::max(inner, -end), unit + std::log(std::max(high, 1.0)), width});
    out.push_back({std::max(bottom, -end), unit + std::log(high + settings_.reach),
                   std::max(2 * smooth, width)});
  }
  return out;
}

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
    for (std::size_t channel = 0; channel < source_.channels(); ++channel) {
      for (std::size_t k = 0; k < order_; ++k) {
        weights_.push_back(0.5 * source_.width(i) * source_.basis().weights()[k] *
                           source_.values(i, channel)[k]);
      }
    }
  }
}

void RadialApplication::gather_bottom() {
  const std::size_t size = source_.channels() * order_;
  for (std::size_t channel = 0; channel < source_.channels(); ++channel) {
    std::vector<double> moments(order_);
    bool some = false;
    for (std::size_t i = 0; i < source_.panels(); ++i) {
      if (plans_[i].bottom) {
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

void RadialApplication::find_window(const double* points) {
  const double first = points[0];
  const double last = points[order_ - 1];
  const double low = first + noise_.lean(first).low;
  const double high = last + noise_.lean(last).high;
  window_.clear();
  all_wide_ = std::isfinite(low) && std::isfinite(high);
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    if (map_.image(i).low <= high && map_.image(i).high >= low) {
      all_wide_ = all_wide_ && plans_[i].smooth && plans_[i].need >= kWide &&
                  (window_.empty() ||
                   (window_.back() + 1 == i && source_.high(window_.back()) == source_.low(i)));
      window_.push_back(i);
    }
  }
}

/// Adds weight f(u) K(v | m(u)) over the points.
void RadialApplication::add_points(double v, double* out, std::size_t target) {
  const std::size_t count = point_weights_.size();
  const std::size_t channels = source_.channels();
  at_points_.resize(count * (2 + channels));
  double* u = at_points_.data();
  double* values = u + count;
  for (std::size_t k = 0; k < count; ++k) {
    u[k] = v + points_[k];
  }
  law_and_map_.evaluate(u, count, values);
  const double at = noise_.power(v);
  for (std::size_t k = 0; k < count; ++k) {
    const double weight =
        point_weights_[k] * kernel_.density(at, points_[k] + values[channels * count + k]);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      out[channel * order_ + target] += weight * values[channel * count + k];
    }
  }
}

/// So narrow a kernel that it only moves the density: what it smooths, (sigma/rho)^2 f''/2, is
/// below 1e-14 f. Narrower ones than 1e-16 could not be told apart from a point anyway.
bool RadialApplication::narrow(double v, std::size_t i) const {
  return noise_.power(v) * std::pow(std::min(1.0, source_.width(i)), 2) > kPointPower;
}

/// f(u)/M'(u) where m(u)^2 + (d-1) sigma^2 = rho^2.
void RadialApplication::point_value(double v, std::size_t i, double* out,
                                    std::size_t target) const {
  const double rest = sd_ ? static_cast<double>(kernel_.dim() - 1) / noise_.power(v) : 0;
  double slope = 1;
  const double s = map_.solve(i, v, 0.5 * std::log1p(-rest), &slope);
  const double local = 2 * (v + s - source_.low(i)) / source_.width(i) - 1;
  for (std::size_t channel = 0; channel < source_.channels(); ++channel) {
    out[channel * order_ + target] +=
        source_.basis().evaluate(source_.coefficients(i, channel), local) / (slope * (1 - rest));
  }
}

/// The trapezoid rule over the whole window of v; false if the kernel is too skew for it.
bool RadialApplication::local_sum(double v, double* out, std::size_t target) {
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
    point_value(v, panel_of(v), out, target);
    return true;
  }
  double slope = 1;
  const double low = map_.solve(panel_of(v + ends.low), v, ends.low, &slope);
  const double high = map_.solve(panel_of(v + ends.high), v, ends.high, &slope);
  // The width of the kernel as a function of log m, sigma R/m^2, where it is least.
  const double m = noise_.in_sigma(v + ends.high);
  const double width = middle(v + ends.high) / (m * m);
  const double count = std::ceil((high - low) * slope / (settings_.step * width)) + 1;
  if (!(count < kMostNodes)) {
    return false;
  }
  const double step = (high - low) / count;
  points_.clear();
  for (double k = 0; k < count; ++k) {
    points_.push_back(low + (k + 0.5) * step);
  }
  point_weights_.assign(points_.size(), step);
  add_points(v, out, target);
  return true;
}

void RadialApplication::node_sum(const double* log_mean, const double* weights, double v,
                                 double* out, std::size_t target) const {
  const std::size_t channels = source_.channels();
  const double at = noise_.power(v);
  for (std::size_t k = 0; k < order_; ++k) {
    const double value = kernel_.density(at, log_mean[k] - v);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      out[channel * order_ + target] += weights[channel * order_ + k] * value;
    }
  }
}

/// Gauss-Legendre on pieces of the part of panel i in the window of v.
void RadialApplication::piece_sum(std::size_t i, double v, double* out, std::size_t target) {
  const RadialNoise::Lean ends = noise_.lean(v);
  const RadialImage& image = map_.image(i);
  double slope = 1;
  const double low =
      v + ends.low > image.low ? map_.solve(i, v, ends.low, &slope) : source_.low(i) - v;
  const double high =
      v + ends.high < image.high ? map_.solve(i, v, ends.high, &slope) : source_.high(i) - v;
  const double span =
      middle(std::min(v + ends.high, image.high)) - middle(std::max(v + ends.low, image.low));
  const double pieces = std::ceil(std::max(span / settings_.ratio, (high - low) / kScaleWidth));
  if (!(high > low)) {
    return;
  }
  const double width = (high - low) / pieces;
  points_.clear();
  point_weights_.clear();
  for (double piece = 0; piece < pieces; ++piece) {
    for (std::size_t k = 0; k < order_; ++k) {
      points_.push_back(low + width * (piece + 0.5 * (1 + source_.basis().nodes()[k])));
      point_weights_.push_back(0.5 * width * source_.basis().weights()[k]);
    }
  }
  add_points(v, out, target);
}

void RadialApplication::spread_to(const double* points, double* out) {
  if (!bottom_.holds(points[order_ - 1])) {
    sum_to(points, out);
    return;
  }
  if (bottom_values_.empty()) {
    bottom_values_.resize(source_.channels() * order_);
    sum_to(bottom_.nodes().data(), bottom_values_.data());
  }
  for (std::size_t channel = 0; channel < source_.channels(); ++channel) {
    bottom_.spread(bottom_values_.data() + channel * order_, points, out + channel * order_);
  }
}

void RadialApplication::sum_to(const double* points, double* out) {
  std::fill_n(out, source_.channels() * order_, 0.0);
  find_window(points);
  for (std::size_t target = 0; target < order_ && !window_.empty(); ++target) {
    const double v = points[target];
    if (all_wide_ && local_sum(v, out, target)) {
      continue;
    }
    const RadialNoise::Lean ends = noise_.lean(v);
    if (!bottom_weights_.empty() && bottom_.holds(v + ends.low)) {
      node_sum(bottom_.nodes().data(), bottom_weights_.data(), v, out, target);
    }
    for (const std::size_t i : window_) {
      if (plans_[i].bottom || map_.image(i).low > v + ends.high ||
          map_.image(i).high < v + ends.low) {
        continue;
      }
      if (plans_[i].need <= 1 || !plans_[i].smooth) {
        node_sum(map_.at_nodes(i), weights_.data() + i * source_.channels() * order_, v, out,
                 target);
      } else {
        piece_sum(i, v, out, target);
      }
    }
  }
}

/// f(u)/M'(u) over all u with M(u) = v.
void RadialApplication::push_to(const double* points, double* out) const {
  std::fill_n(out, source_.channels() * order_, 0.0);
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const RadialImage& image = map_.image(i);
    if (!plans_[i].smooth || image.low > points[order_ - 1] || image.high < points[0]) {
      continue;
    }
    for (std::size_t target = 0; target < order_; ++target) {
      const double v = points[target];
      if (v < image.low || v >= image.high) {
        continue;
      }
      point_value(v, i, out, target);
    }
  }
}

/// Without noise the new density has 1/M' in it, the derivative of a polynomial through rounded
/// values: order^2/2 eps over the width of the panels that matter.
PanelRule RadialApplication::output_rule() const {
  PanelRule rule = settings_.panel_rule(kernel_.dim());
  if (!sd_) {
    std::size_t heaviest = 0;
    for (std::size_t i = 0; i < source_.panels(); ++i) {
      heaviest = mass(i) > mass(heaviest) ? i : heaviest;
    }
    rule.relative += rule.position_noise * 4e-16 / source_.width(heaviest);
  }
  return rule;
}

PanelFunction<double> RadialApplication::output() {
  try {
    return build_panels<double>(
        source_.shared_basis(), source_.line(), static_cast<int>(source_.channels()),
        cover(source_.line(), features(), 0),
        [&](const Cell&, const double* points, double* out) {
          sd_ ? spread_to(points, out) : push_to(points, out);
        },
        output_rule());
  } catch (const NumericalFailure& failure) {
    throw EngineRefusal(
        fmt::format("the density of the radius that this sampler makes cannot be resolved ({})",
                    failure.what()));
  }
}

KernelOutcome<double> RadialApplication::run() {
  KernelOutcome<double> outcome;
  outcome.halve = too_wide();
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
          .least_position = 1,
          .negligible = negligible,
          .most_panels = 5 * most_panels};
}

RadialPropagator::RadialPropagator(long dim, const RadialSettings& settings)
    : settings_(settings),
      kernel_(dim),
      basis_(std::make_shared<LegendreBasis<double>>(settings.order)) {}

KernelOutcome<double> RadialPropagator::apply(const PanelFunction<double>& source,
                                              const Batch<double>& mean,
                                              std::optional<double> sd) const {
  return RadialApplication(*this, source, mean.values.data(), sd).run();
}

}  // namespace lemmabench
