#include "harness/engines/line/line_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/error.hpp"
#include "numerics/log_gamma.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// Up to this many panels a kernel is scattered as a whole, which is simplest and most robust.
constexpr double kAffordableParts = 128;
/// Where scattering is affordable, push-forward is tried only if the longest Gauss-Hermite rule has
/// this room to spare: one that fails in the end has cost more than the scatter.
constexpr double kRoomToPush = 0.1;
/// What a fold without noise may carry and be left out: it is then missing from the mass.
constexpr double kLightestFold = 1e-12;

}  // namespace

template <class Real>
KernelPlan<Real>::KernelPlan(LinePropagator<Real>& propagator, const PanelFunction<Real>& source,
                             const LineKernel<Real>& kernel)
    : propagator_(propagator),
      settings_(propagator.settings()),
      source_(source),
      kernel_(kernel),
      order_(source.order()) {
  if (noisy()) {
    sd_ = to_double(*kernel.sd);
    // The cut must not show: a thousandth of the tolerance.
    reach_ = sd_ * std::sqrt(-2 * std::log(1e-3 * settings_.tolerance));
  }
  const std::size_t block = source.panels() * order_;
  for (std::size_t copy = 0; copy < kernel.copy_weights.size(); ++copy) {
    // A mean that does not depend on the intermediate noise has one block.
    const std::size_t from = copy < kernel.mean->copies ? copy : 0;
    maps_.emplace_back(source, kernel.mean->values.data() + from * block, kernel.composed);
  }
  survey();
}

template <class Real>
bool KernelPlan<Real>::pushes() const {
  return std::any_of(plans_.begin(), plans_.end(), [](const PanelPlan& plan) { return plan.push; });
}

// The error of the p-point rule on f = a Gaussian of width sd over an interval r sd wide is at most
// (p!)^4/((2p+1) (2p)!^3) (r sd)^{2p+1} max|f^(2p)|, max|f^(2p)| = (2p)!/(p! 2^p) sd^{-2p} f(0).
// The factor 0.7 is for the density, whose own scale adds to that of the kernel.
template <class Real>
double KernelPlan<Real>::widest_ratio(double mass) const {
  const double p = static_cast<double>(order_);
  // Light panels too must come out smooth: never more than 1% wrong.
  mass = std::max(mass, 100 * settings_.tolerance);
  const double log_constant =
      3 * log_gamma(p + 1) - std::log(2 * p + 1) - 2 * log_gamma(2 * p + 1) - p * std::log(2.0);
  return 0.7 * std::exp((std::log(settings_.tolerance / mass) - log_constant) / (2 * p));
}

/// What scattering makes of the tail of the map on a panel, relative to the panel's mass. The rule
/// is exact to twice the degree, so a smooth map may be resolved to half the digits. Not so one
/// with a kink: of max(t - t0, 0) on [-1, 1] p nodes miss up to 0.8/p^2, and 1.2 times its tail at
/// most for t0 between the outer nodes (tried for 16, 20 and 30 nodes); times q |dN/dm|, 0.8 q/sd
/// in all.
template <class Real>
double KernelPlan<Real>::scatter_loss(double tail) const {
  const double bend = noisy() ? tail / sd_ : 0;
  return kernel_.kinked ? 2 * bend : bend * bend;
}

/// The tail that stands for kinks between the outermost nodes of panel i and of its neighbours, of
/// which no series knows, while the polynomials do not fit together: a jump J of m' counts with
/// 1/p^2 of J h/2, more than p nodes miss of a kink anywhere (0.8/p^2), and a jump of m itself,
/// from two kinks there, with 1/p, where the missed part of the panel is 2/p^2.
template <class Real>
double KernelPlan<Real>::kink_at_ends(const LineMap<Real>& map, std::size_t i) const {
  const double p = static_cast<double>(order_);
  double tail = 0;
  for (const std::size_t right : {i, i + 1}) {
    if (right == 0 || right == source_.panels() || source_.high(right - 1) != source_.low(right)) {
      continue;
    }
    const PanelImage<Real>& before = map.image(right - 1);
    const PanelImage<Real>& after = map.image(right);
    const double bend = std::abs(after.left_slope - before.right_slope);
    const double jump = std::abs(to_double(Real(after.left - before.right)));
    tail = std::max({tail, 0.5 * bend * source_.width(i) / (p * p), jump / p});
  }
  return tail;
}

template <class Real>
void KernelPlan<Real>::survey() {
  plans_.resize(source_.panels());
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    PanelPlan& plan = plans_[i];
    plan.low = std::numeric_limits<double>::infinity();
    plan.high = -plan.low;
    plan.mass = source_.magnitude(i) * source_.width(i);
    for (const LineMap<Real>& map : maps_) {
      const PanelImage<Real>& image = map.image(i);
      plan.low = std::min(plan.low, to_double(image.low));
      plan.high = std::max(plan.high, to_double(image.high));
      plan.one_to_one = plan.one_to_one && map.one_to_one(i);
      plan.tail = std::max(plan.tail, image.tail);
      if (kernel_.kinked) {
        plan.tail = std::max(plan.tail, kink_at_ends(map, i));
      }
      plan.stretch =
          std::min(plan.stretch, to_double(Real(image.high - image.low)) / source_.width(i));
      plan.steepest = std::max(plan.steepest, image.most_slope);
      plan.flattest = std::min(plan.flattest, image.least_slope);
      plan.slope_noise = std::max(plan.slope_noise, image.slope_noise);
    }
    if (noisy()) {
      plan.need = source_.width(i) * plan.steepest / (sd_ * widest_ratio(plan.mass));
      if (scatter_loss(plan.tail) * plan.mass > settings_.tolerance) {
        plan.need = std::max(plan.need, 2.0);
      }
    }
  }
}

template <class Real>
bool KernelPlan<Real>::resolved_for_push(std::size_t i) const {
  return plans_[i].tail * static_cast<double>(order_) * source_.magnitude(i) <= settings_.tolerance;
}

/// Decides between scatter and push-forward: push where a few Gauss-Hermite nodes will do; where
/// not, scatter everything if that is affordable, else what the noise of the rough panels reaches.
template <class Real>
void KernelPlan<Real>::choose(std::vector<bool>& halve) {
  double parts = 0;
  for (const PanelPlan& plan : plans_) {
    parts += std::exp2(std::ceil(std::log2(std::max(plan.need, 1.0))));
  }
  const bool affordable = parts <= kAffordableParts;
  bool any = false;
  const auto look_at = [&](std::size_t i) {
    plans_[i].turns = !plans_[i].one_to_one && plans_[i].mass > 0.1 * settings_.tolerance;
    plans_[i].rough = plans_[i].rough || plans_[i].turns || rough(i, affordable ? kRoomToPush : 1);
    any = any || plans_[i].rough;
  };
  // Where one is enough the heaviest is the likeliest.
  const auto heaviest =
      std::max_element(plans_.begin(), plans_.end(),
                       [](const PanelPlan& a, const PanelPlan& b) { return a.mass < b.mass; });
  if (affordable && heaviest != plans_.end()) {
    look_at(static_cast<std::size_t>(heaviest - plans_.begin()));
  }
  for (std::size_t i = 0; i < plans_.size() && !(any && affordable); ++i) {
    look_at(i);
  }
  for (PanelPlan& plan : plans_) {
    plan.push = !(any && affordable);
    plan.inverted = plan.push && !plan.turns;
  }
  for (const PanelPlan& other : plans_) {
    for (PanelPlan& plan : plans_) {
      plan.push = plan.push && !(other.rough && plan.low < other.high + 2 * reach_ &&
                                 plan.high > other.low - 2 * reach_);
    }
  }
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    halve[i] = !plans_[i].push && plans_[i].need > 1;
  }
}

/// Does the sampler throw away mass that anybody would notice?
template <class Real>
void KernelPlan<Real>::refuse_escape() const {
  const double end = (kernel_.line ? *kernel_.line : source_.line()).half_width();
  double mass = 0;
  double farthest = 0;
  for (const PanelPlan& plan : plans_) {
    const double far = std::max(std::abs(plan.low), std::abs(plan.high));
    mass += far > end ? plan.mass : 0;
    farthest = std::max(farthest, far);
  }
  if (mass > 1e-9) {
    throw EngineRefusal(fmt::format(
        "the sampler throws mass {:.2g} out to {:.3g}, beyond any grid: at these steps it diverges",
        std::min(mass, 1.0), farthest));
  }
}

/// Does the map stand still on panel i up to rounding?
template <class Real>
bool KernelPlan<Real>::still(std::size_t i) const {
  const PanelPlan& plan = plans_[i];
  const double size = std::max({std::abs(source_.low(i)), std::abs(source_.high(i)),
                                std::abs(plan.low), std::abs(plan.high)});
  return plan.steepest <= 2 * plan.slope_noise ||
         plan.steepest * source_.width(i) <=
             64 * to_double(std::numeric_limits<Real>::epsilon()) * size;
}

/// A deterministic map that turns on panel i, or stands still there.
template <class Real>
void KernelPlan<Real>::refuse_fold(std::size_t i) const {
  if (still(i)) {
    double mass = 0;
    for (std::size_t k = 0; k < plans_.size(); ++k) {
      mass += still(k) ? plans_[k].mass : 0;
    }
    throw EngineRefusal(fmt::format(
        "a step without noise collapses mass {:.2g} to a point, {:.4g} for one: the law has an "
        "atom there and no density, and a law made of atoms has total variation 1 from any target; "
        "`lemmabench particles` runs it",
        std::min(mass, 1.0), plans_[i].low));
  }
  throw EngineRefusal(fmt::format(
      "a step without noise folds the line near [{:.4g}, {:.4g}], which carries mass {:.2g}: the "
      "density behind a fold is unbounded and no polynomial; more steps may fold nothing, and "
      "`lemmabench particles` takes it as it is",
      source_.low(i), source_.high(i), std::min(plans_[i].mass, 1.0)));
}

template <class Real>
std::vector<std::size_t> KernelPlan<Real>::too_wide() {
  refuse_escape();
  std::vector<bool> halve(plans_.size(), false);
  if (noisy()) {
    choose(halve);
  }
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const PanelPlan& plan = plans_[i];
    if (!plan.inverted || halve[i]) {
      continue;
    }
    if (!resolved_for_push(i)) {
      halve[i] = true;
    } else if (!plan.one_to_one && !noisy()) {
      if (plan.mass > std::min(kLightestFold, settings_.tolerance)) {
        refuse_fold(i);
      }
    } else if (!plan.one_to_one && plan.mass > 0.1 * settings_.tolerance) {
      halve[i] = true;
    }
  }
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < halve.size(); ++i) {
    if (halve[i] && source_.cell(i).depth < 48) {
      out.push_back(i);
    }
  }
  if (source_.panels() + out.size() > settings_.most_panels) {
    throw EngineRefusal(fmt::format(
        "the map of this sampler and score estimate needs more than {} panels on the line; "
        "{}`lemmabench particles` takes any",
        settings_.most_panels,
        settings_.finer_by_digits ? "`--digits 20` takes twice as fine ones, " : ""));
  }
  return out;
}

/// Would panels i and i+1 do as one, with room to spare (so that nothing is halved again at once)?
template <class Real>
bool KernelPlan<Real>::joinable(std::size_t i) const {
  const Cell& left = source_.cell(i);
  if (i + 1 == plans_.size() || left.depth == 0 || left.index % 2 != 0 ||
      source_.cell(i + 1) != Cell{left.depth, left.index + 1}) {
    return false;
  }
  const double room = 0.1 * settings_.tolerance;
  const double width = 2 * source_.width(i);
  const LegendreBasis<Real>& basis = source_.basis();
  std::vector<Real> joined(order_);
  std::vector<Real> series(order_);
  const double magnitude = std::max(source_.magnitude(i), source_.magnitude(i + 1));
  const double noise = settings_.panel_rule().noise<Real>(source_.low(i), width);
  for (std::size_t channel = 0; channel < source_.channels(); ++channel) {
    basis.join(source_.values(i, channel), source_.values(i + 1, channel), joined.data());
    basis.coefficients(joined.data(), series.data());
    const double tail = series_tail(series.data(), order_);
    if (tail * width > room && tail > noise * magnitude) {
      return false;
    }
  }
  const bool inverted = plans_[i].inverted || plans_[i + 1].inverted;
  if (!(plans_[i].push && plans_[i + 1].push) && noisy() &&
      2 * std::max(plans_[i].need, plans_[i + 1].need) > 0.8) {
    return false;
  }
  for (const LineMap<Real>& map : maps_) {
    const double tail = map.joint_tail(i);
    const double loss = inverted ? tail * static_cast<double>(order_) * magnitude
                                 : scatter_loss(tail) * magnitude * width;
    if (loss > room && magnitude * width > room) {
      return false;
    }
  }
  return true;
}

// What the map makes of the old width, and not less than what resolves any density that was
// smoothed by this noise. For a Gaussian of deviation sd on (-a sd, a sd) the Legendre coefficients
// fall like (a^2/4)^{n/2}/(n/2)!, which is `tolerance` at n = order.
template <class Real>
std::vector<double> KernelPlan<Real>::wanted_widths() const {
  const double half_order = 0.5 * static_cast<double>(order_);
  const double a =
      2 * std::exp((std::log(settings_.tolerance) + log_gamma(half_order + 1)) / (2 * half_order));
  const double smooth = 1.8 * a * sd_;  // 10% less than 2 a sd
  std::vector<double> out;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    out.push_back(std::hypot(source_.width(i) * plans_[i].stretch, smooth));
  }
  for (std::size_t i = 0; i + 1 < plans_.size(); ++i) {
    if (joinable(i)) {
      out[i] *= 2;
      out[i + 1] *= 2;
      ++i;
    }
  }
  return out;
}

/// What n Gauss-Hermite nodes miss of E f(y + sd Z) near panel i, as a mass in units of what a
/// panel may get wrong: the largest difference from n + 1 nodes at three points. (The Legendre
/// coefficients of one panel cannot tell: where panels are narrower than sd, what matters is below
/// their noise.) Once it is above `enough` the rest is not looked at.
template <class Real>
double KernelPlan<Real>::hermite_loss(const PanelFunction<Real>& f, std::size_t i, int n,
                                      double stretch, double enough) {
  const Real sd = *kernel_.sd / Real(stretch);
  using std::abs;
  const QuadratureRule<Real>& rule = propagator_.hermite(n);
  const QuadratureRule<Real>& finer = propagator_.hermite(n + 1);
  const std::size_t count = rule.nodes.size() + finer.nodes.size();
  std::vector<Real>& points = scratch_;
  points.resize(count * (1 + f.channels()));
  const double noise = settings_.panel_rule().noise<Real>(f.low(i), f.width(i));
  // What is missed is spread by the noise: panels narrower than that share it.
  const double extent = std::max(f.width(i), 2 * sd_);
  const double unit = std::max(settings_.tolerance / extent, 4 * noise * f.magnitude(i));
  double loss = 0;
  for (const std::size_t k : {order_ / 2, order_ / 6, order_ - 1 - order_ / 6}) {
    if (loss > enough) {
      break;
    }
    const Real y = Real(f.low(i)) + Real(f.width(i) / 2) * (1 + f.basis().nodes()[k]);
    auto point = points.begin();
    for (const QuadratureRule<Real>* nodes : {&rule, &finer}) {
      for (const Real& z : nodes->nodes) {
        *point++ = y + sd * z;
      }
    }
    const Real* value = points.data() + count;
    f.evaluate(points.data(), count, points.data() + count);
    for (std::size_t channel = 0; channel < f.channels(); ++channel) {
      Real difference(0);
      for (const Real& weight : rule.weights) {
        difference += weight * *value++;
      }
      for (const Real& weight : finer.weights) {
        difference -= weight * *value++;
      }
      loss = std::max(loss, std::abs(to_double(difference)) / unit);
    }
  }
  return loss;
}

/// Too rough for push-forward: even the longest Gauss-Hermite rule misses more than `most` of what
/// a panel may get wrong. Never so where the noise stays within the panel, on whose polynomial that
/// rule is exact. The source speaks for the pushed density in its own units, in which the noise is
/// sd/m': a map that throws the law out to a thousand sd leaves it smooth.
template <class Real>
bool KernelPlan<Real>::rough(std::size_t i, double most) {
  const PanelPlan& plan = plans_[i];
  const double stretch = plan.stretch < 1 ? plan.stretch : std::max(1.0, plan.flattest);
  return reach_ > 0.25 * std::max(1.0, stretch) * source_.width(i) &&
         hermite_loss(source_, i, propagator_.most_hermite(), stretch, most) > most;
}

template <class Real>
std::vector<std::size_t> KernelPlan<Real>::used(const PanelFunction<Real>& pushed) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < pushed.panels(); ++i) {
    if (std::any_of(plans_.begin(), plans_.end(), [&](const PanelPlan& plan) {
          return plan.push && plan.low < pushed.high(i) && plan.high > pushed.low(i);
        })) {
      out.push_back(i);
    }
  }
  return out;
}

template <class Real>
int KernelPlan<Real>::hermite_order(const PanelFunction<Real>& pushed) {
  const std::vector<std::size_t> used = this->used(pushed);
  std::vector<double> losses(used.size());
  const auto missed = [&](int n) {
    double largest = 0;
    for (std::size_t k = 0; k < used.size(); ++k) {
      losses[k] = hermite_loss(pushed, used[k], n);
      largest = std::max(largest, losses[k]);
    }
    return largest;
  };
  int& n = propagator_.recent_hermite();
  double loss = missed(n);
  while (loss > 1 && n < propagator_.most_hermite()) {
    loss = missed(++n);
  }
  if (loss > 1) {
    for (PanelPlan& plan : plans_) {
      for (std::size_t k = 0; k < used.size(); ++k) {
        plan.rough = plan.rough || (losses[k] > 1 && plan.low < pushed.high(used[k]) &&
                                    plan.high > pushed.low(used[k]));
      }
    }
    return 0;
  }
  const int order = n + settings_.extra_hermite;
  if (loss < 1e-3 && n > 1) {
    --n;
  }
  return order;
}

#define LEMMABENCH_INSTANTIATE(Real) template class KernelPlan<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
