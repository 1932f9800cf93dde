#include "harness/engines/radial/radial_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/engines/radial/radial_propagator.hpp"
#include "harness/engines/radial/radial_widths.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// A unit of u in which functions of e^{2u} are resolved by one panel's nodes.
constexpr double kScaleWidth = 2;
/// Rounding in the Legendre coefficients of D, relative to D: that of the score.
constexpr double kMapNoise = 3e-14;
constexpr double kLightestFold = 1e-12;
/// In a cell's width: what the kernel's noise must spread by for values at nodes to do, and how far
/// the density must move to be worth a projection.
constexpr double kSpread = 0.02;
constexpr double kMoved = 1e-8;
constexpr double kSpreads = 3;  ///< by which a layer is wider than what is moved

}  // namespace

RadialPlan::RadialPlan(const RadialPropagator& propagator, const PanelFunction<double>& source,
                       const RadialMap& map, const RadialNoise* noise, const RadialBottom& bottom,
                       const DyadicLine& line)
    : propagator_(propagator),
      settings_(propagator.settings()),
      source_(source),
      map_(map),
      noise_(noise),
      line_(line) {
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    magnitudes_.push_back(largest_density(source_, i));
  }
  survey(bottom);
}

/// What the polynomials of the map miss on panel i, kinks at its ends with it (line_plan.cpp).
double RadialPlan::tail_of(std::size_t i) const {
  const RadialImage& image = map_.image(i);
  if (!map_.kinked()) {
    return image.tail;
  }
  const double p = settings_.order;
  double tail = image.tail;
  for (const std::size_t right : {i, i + 1}) {
    if (right == 0 || right == source_.panels() || source_.high(right - 1) != source_.low(right)) {
      continue;
    }
    const RadialImage& before = map_.image(right - 1);
    const RadialImage& after = map_.image(right);
    const double bend = std::abs(after.left_slope - before.right_slope);
    const double jump = std::abs(after.left - before.right);
    tail = std::max({tail, 0.5 * bend * source_.width(i) / (p * p), jump / p});
  }
  return tail;
}

void RadialPlan::survey(const RadialBottom& bottom) {
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const RadialImage& image = map_.image(i);
    PanelPlan plan;
    const double noise = kMapNoise * image.size;
    const double tail = tail_of(i);
    const bool resolved =
        tail <= noise || tail * settings_.order * magnitudes_[i] <= settings_.tolerance;
    plan.smooth = image.one_sign && image.least_slope > 0 && resolved;
    if (noise_) {
      const double span = middle(image.high) - middle(image.low);
      plan.need = span / settings_.ratio;
      if (span > 1e-3) {
        plan.need = std::max(plan.need, source_.width(i) / kScaleWidth);
      }
      // A smooth map may be resolved to half the digits, a clipped one not (line_plan.cpp).
      const double bend = tail * middle(image.high);
      const double loss = map_.kinked() ? 2 * bend : bend * bend;
      if (!resolved && loss * mass(i) > settings_.tolerance) {
        plan.need = std::max(plan.need, 2.0);
      }
    }
    plan.bottom = noise_ && bottom.holds(image.high) && (plan.need <= 1 || !plan.smooth);
    panels_.push_back(plan);
  }
}

void RadialPlan::refuse_escape() const {
  const double end = line_.half_width();
  double collapsed = 0;
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const RadialImage& image = map_.image(i);
    if (mass(i) > settings_.tolerance && image.high > end) {
      throw EngineRefusal(
          fmt::format("the sampler throws mass {:.2g} out to radius e^{:.0f}, beyond any grid: at "
                      "these steps it diverges",
                      std::min(mass(i), 1.0), image.high));
    }
    collapsed += image.high < -end ? mass(i) : 0;
  }
  if (!noise_ && collapsed > kLightestFold) {
    throw EngineRefusal(fmt::format(
        "a step without noise collapses mass {:.2g} to the origin: the law has an atom there and "
        "no "
        "density, and a law made of atoms has total variation 1 from any target; `lemmabench "
        "particles` runs it",
        std::min(collapsed, 1.0)));
  }
}

/// A deterministic map of the radius that turns on panel i, or passes the origin there.
void RadialPlan::refuse_fold(std::size_t i) const {
  throw EngineRefusal(fmt::format(
      "a step without noise {} near {:.4g} sqrt(d), which carries mass {:.2g}: the density of the "
      "radius is not smooth behind that; more steps may not do so, and `lemmabench particles` "
      "takes it "
      "as it is",
      map_.image(i).one_sign ? "folds the radius" : "sends a radius through the origin",
      std::exp(source_.low(i)), std::min(mass(i), 1.0)));
}

std::vector<std::size_t> RadialPlan::too_wide() const {
  refuse_escape();
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const PanelPlan& plan = panels_[i];
    if (plan.smooth || (noise_ && plan.need <= 1) || mass(i) < 0.1 * settings_.tolerance ||
        source_.cell(i).depth >= 56) {
      continue;
    }
    const bool folds = !map_.image(i).one_sign || map_.image(i).least_slope <= 0;
    if (!noise_ && folds && mass(i) < kLightestFold) {
      continue;
    }
    if (!noise_ && folds && source_.width(i) < 1e-3) {
      refuse_fold(i);
    }
    out.push_back(i);
  }
  if (source_.panels() + out.size() > settings_.most_panels) {
    throw EngineRefusal(
        fmt::format("the map of this sampler and score estimate needs more than {} panels in the "
                    "radius; `lemmabench particles` takes any",
                    settings_.most_panels));
  }
  return out;
}

/// Where the new law lives. What the noise has smoothed needs no panels narrower than `ratio` of
/// it; the halo of a panel is as smooth as the noise.
std::vector<Feature> RadialPlan::features() const {
  const PanelRule rule = settings_.panel_rule(propagator_.dim());
  const std::vector<double> widths =
      wanted_widths(source_, RatioRule(source_.shared_basis(), rule), 0.1 * settings_.tolerance);
  const double end = line_.half_width();
  std::vector<Feature> out;
  for (std::size_t i = 0; i < source_.panels(); ++i) {
    const RadialImage& image = map_.image(i);
    if (!noise_) {
      if (panels_[i].smooth) out.push_back({image.low, image.high, widths[i]});
      continue;
    }
    const double low = middle(image.low);
    const double high = middle(image.high);
    const double smooth = settings_.ratio / std::max(high, 1.0);
    const double width = std::hypot(widths[i], smooth);
    // Below sigma the density falls like e^{dv}.
    const double unit = noise_->unit();
    const double least =
        unit + std::log(settings_.negligible) / static_cast<double>(propagator_.dim()) - 2;
    const double bottom =
        low > settings_.reach + 1 ? noise_->radius(image.low, -settings_.reach) : least;
    const double inner = low > 1 ? noise_->radius(image.low, 0) : least;
    const double outer = high > 1 ? noise_->radius(image.high, 0) : unit;
    out.push_back({std::max(inner, -end), outer, width});
    out.push_back({std::max(bottom, -end), noise_->radius(image.high, settings_.reach),
                   std::max(2 * smooth, width)});
  }
  return out;
}

double RadialPlan::moved(double u) const {
  const std::size_t i = source_.find(u);
  if (i == source_.panels() || !panels_[i].smooth) {
    return 0;
  }
  const double local = 2 * (u - source_.low(i)) / source_.width(i) - 1;
  const double mean = source_.basis().evaluate(map_.displacement().coefficients(i, 0), local);
  return noise_ ? mean + (noise_->radius(u + mean, 0) - (u + mean)) : mean;
}

std::optional<RadialLayers> RadialPlan::layers(const Cell& cell) const {
  const double low = line_.low(cell);
  const double width = line_.width(cell);
  if (spread(low) > kSpread * width) {
    return std::nullopt;
  }
  const double left = (std::max(moved(low), 0.0) + kSpreads * spread(low)) / width;
  const double right =
      (std::max(-moved(low + width), 0.0) + kSpreads * spread(low + width)) / width;
  if (left + right < kMoved) {
    return std::nullopt;
  }
  return RadialLayers{std::min(left, 0.4), std::min(right, 0.4)};
}

/// Without noise the new density has 1/M' in it, the derivative of a polynomial through rounded
/// values: order^2/2 eps |D| over the width of the panels that matter.
PanelRule RadialPlan::output_rule() const {
  PanelRule rule = settings_.panel_rule(propagator_.dim());
  if (!noise_) {
    std::size_t heaviest = 0;
    for (std::size_t i = 0; i < source_.panels(); ++i) {
      heaviest = mass(i) > mass(heaviest) ? i : heaviest;
    }
    rule.relative +=
        rule.position_noise * 4e-16 * map_.image(heaviest).size / source_.width(heaviest);
  }
  return rule;
}

}  // namespace lemmabench
