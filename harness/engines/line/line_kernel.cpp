#include "harness/engines/line/line_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/engines/line/gauss_pairs.hpp"
#include "harness/engines/line/gauss_transform.hpp"
#include "harness/engines/line/line_plan.hpp"
#include "numerics/error.hpp"
#include "numerics/memo.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// One kernel applied to one law.
template <class Real>
class Application {
 public:
  Application(LinePropagator<Real>& propagator, const PanelFunction<Real>& source,
              const LineKernel<Real>& kernel);

  KernelOutcome<Real> run();

 private:
  void prepare_weights();
  const DyadicLine& line() const { return kernel_.line ? *kernel_.line : source_.line(); }
  PanelFunction<Real> push_forward(const std::vector<double>& widths) const;
  PanelFunction<Real> spread(const std::vector<double>& widths,
                             const std::optional<PanelFunction<Real>>& pushed, int nodes);
  void spend(std::size_t evaluations) const {
    if (kernel_.budget != nullptr) kernel_.budget->spend(static_cast<double>(evaluations));
  }
  bool in_reach_of_push(const std::vector<std::size_t>& among, double y) const;
  void push_to(const Real* points, Real* out) const;
  void scatter_to(const std::vector<std::size_t>& from, const Real* points, Real* out);
  void smooth_to(const PanelFunction<Real>& pushed, const QuadratureRule<Real>& rule,
                 const Real* points, Real* out) const;

  LinePropagator<Real>& propagator_;
  const LineSettings& settings_;
  const PanelFunction<Real>& source_;
  const LineKernel<Real>& kernel_;
  const std::size_t order_;
  KernelPlan<Real> plan_;
  std::vector<Real> weights_;                      ///< [copy][panel][channel][node] of the scatter
  Real scale_;                                     ///< 1/(sd sqrt(2))
  std::optional<GaussTransform<Real>> transform_;  ///< of the scatter in multiprecision
};

template <class Real>
Application<Real>::Application(LinePropagator<Real>& propagator, const PanelFunction<Real>& source,
                               const LineKernel<Real>& kernel)
    : propagator_(propagator),
      settings_(propagator.settings()),
      source_(source),
      kernel_(kernel),
      order_(source.order()),
      plan_(propagator, source, kernel) {}

template <class Real>
void Application<Real>::prepare_weights() {
  using std::sqrt;
  const std::size_t channels = source_.channels();
  const Real norm = 1 / (*kernel_.sd * sqrt(2 * pi<Real>()));
  weights_.resize(plan_.copies() * plan_.size() * channels * order_);
  scale_ = 1 / (*kernel_.sd * sqrt(Real(2)));
  transform_.emplace(*kernel_.sd, channels);
  auto out = weights_.begin();
  for (std::size_t copy = 0; copy < plan_.copies(); ++copy) {
    for (std::size_t i = 0; i < plan_.size(); ++i) {
      const Real factor = norm * kernel_.copy_weights[copy] * Real(source_.width(i) / 2);
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const Real* values = source_.values(i, channel);
        for (std::size_t k = 0; k < order_; ++k) {
          *out++ = factor * source_.basis().weights()[k] * values[k];
        }
      }
    }
  }
}

/// sum_j w_j q(x_j) N(y; m(x_j), sd^2) over the panels `from`. In double pair by pair, all terms
/// positive; in multiprecision an exponential costs more than the series that saves it.
template <class Real>
void Application<Real>::scatter_to(const std::vector<std::size_t>& from, const Real* points,
                                   Real* out) {
  const std::size_t channels = source_.channels();
  for (std::size_t copy = 0; copy < plan_.copies(); ++copy) {
    for (const std::size_t i : from) {
      const Real* mean = plan_.map(copy).mean(i);
      const Real* weights = weights_.data() + (copy * plan_.size() + i) * channels * order_;
      if constexpr (std::is_same_v<Real, double>) {
        add_gauss_pairs({.means = mean,
                         .weights = weights,
                         .sources = order_,
                         .channels = channels,
                         .scale = scale_,
                         .reach = plan_.reach()},
                        points, order_, out);
      } else if (to_double(points[order_ - 1]) >= plan_[i].low - plan_.reach() &&
                 to_double(points[0]) <= plan_[i].high + plan_.reach()) {
        transform_->add(mean, weights, order_, points, order_, out);
      }
    }
  }
}

/// g(u) = sum over x with m(x) = u of q(x)/|m'(x)|, at the nodes of one cell.
template <class Real>
void Application<Real>::push_to(const Real* points, Real* out) const {
  const std::size_t channels = source_.channels();
  std::vector<Real> local(order_);
  std::vector<Real> slope(order_);
  std::vector<Real> value(order_);
  const double low = to_double(points[0]);
  const double high = to_double(points[order_ - 1]);
  for (std::size_t copy = 0; copy < plan_.copies(); ++copy) {
    const LineMap<Real>& map = plan_.map(copy);
    for (std::size_t i = 0; i < plan_.size(); ++i) {
      const PanelPlan& plan = plan_[i];
      if (!plan.inverted || !map.one_to_one(i) || plan.low > high || plan.high < low) {
        continue;
      }
      const PanelImage<Real>& image = map.image(i);
      const Real* first = std::lower_bound(points, points + order_, image.low);
      const Real* last = std::lower_bound(first, points + order_, image.high);
      if (first == last) {
        continue;
      }
      const auto count = static_cast<std::size_t>(last - first);
      const auto start = static_cast<std::size_t>(first - points);
      spend(8 * count * order_);
      map.invert(i, first, count, local.data(), slope.data());
      for (std::size_t channel = 0; channel < channels; ++channel) {
        source_.basis().evaluate(source_.coefficients(i, channel), local.data(), count,
                                 value.data());
        for (std::size_t k = 0; k < count; ++k) {
          out[channel * order_ + start + k] += kernel_.copy_weights[copy] * value[k] / slope[k];
        }
      }
    }
  }
}

template <class Real>
PanelFunction<Real> Application<Real>::push_forward(const std::vector<double>& widths) const {
  std::vector<Feature> features;
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    if (plan_[i].inverted) {
      features.push_back({plan_[i].low, plan_[i].high, widths[i]});
    }
  }
  const std::size_t size = source_.channels() * order_;
  return build_panels<Real>(
      source_.shared_basis(), line(), static_cast<int>(source_.channels()),
      cover(line(), features, 0),
      [&](const Cell&, const Real* nodes, Real* out) {
        std::fill_n(out, size, Real(0));
        push_to(nodes, out);
      },
      settings_.panel_rule());
}

/// E g(y + sd Z) at the nodes of one cell.
template <class Real>
void Application<Real>::smooth_to(const PanelFunction<Real>& pushed,
                                  const QuadratureRule<Real>& rule, const Real* points,
                                  Real* out) const {
  const std::size_t channels = pushed.channels();
  std::vector<Real> shifted(order_);
  std::vector<Real> values(order_ * channels);
  for (std::size_t z = 0; z < rule.nodes.size(); ++z) {
    const Real shift = *kernel_.sd * rule.nodes[z];
    for (std::size_t k = 0; k < order_; ++k) {
      shifted[k] = points[k] + shift;
    }
    pushed.evaluate(shifted.data(), order_, values.data());
    for (std::size_t k = 0; k < values.size(); ++k) {
      out[k] += rule.weights[z] * values[k];
    }
  }
}

template <class Real>
bool Application<Real>::in_reach_of_push(const std::vector<std::size_t>& among, double y) const {
  return std::any_of(among.begin(), among.end(), [&](std::size_t i) {
    return plan_[i].push && plan_[i].low < y + plan_.reach() && plan_[i].high > y - plan_.reach();
  });
}

template <class Real>
PanelFunction<Real> Application<Real>::spread(const std::vector<double>& widths,
                                              const std::optional<PanelFunction<Real>>& pushed,
                                              int nodes) {
  std::vector<Feature> features;
  bool scatters = false;
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    features.push_back({plan_[i].low, plan_[i].high, widths[i]});
    scatters = scatters || !plan_[i].push;
  }
  const QuadratureRule<Real>& rule = propagator_.hermite(nodes);
  if (pushed) {
    // Where what turns has been left out of it, the pushed density jumps, is cut to the last bit
    // and not used.
    for (const std::size_t i : plan_.used(*pushed)) {
      features.push_back({pushed->low(i), pushed->high(i), pushed->width(i)});
    }
  }
  if (scatters) {
    prepare_weights();
  }
  const std::size_t size = source_.channels() * order_;
  std::vector<std::size_t> window;
  std::vector<Real> smoothed(size);
  return build_panels<Real>(
      source_.shared_basis(), line(), static_cast<int>(source_.channels()),
      cover(line(), features, plan_.reach()),
      [&](const Cell& cell, const Real* points, Real* out) {
        std::fill_n(out, size, Real(0));
        const double low = line().low(cell) - plan_.reach();
        const double high = line().high(cell) + plan_.reach();
        window.clear();
        bool near_pushed = false;
        bool near_turn = false;
        for (std::size_t i = 0; i < plan_.size(); ++i) {
          if (plan_[i].low < high && plan_[i].high > low) {
            window.push_back(i);
            near_pushed = near_pushed || plan_[i].push;
            near_turn = near_turn || plan_[i].turns;
          }
        }
        spend(order_ * order_ * (near_pushed ? rule.nodes.size() : plan_.copies() * window.size()));
        if (near_pushed && near_turn) {
          // What turns has not been pushed; whatever is in reach of a pushed panel is not of it.
          std::fill(smoothed.begin(), smoothed.end(), Real(0));
          smooth_to(*pushed, rule, points, smoothed.data());
          scatter_to(window, points, out);
          for (std::size_t k = 0; k < order_; ++k) {
            if (in_reach_of_push(window, to_double(points[k]))) {
              for (std::size_t at = k; at < size; at += order_) out[at] = smoothed[at];
            }
          }
        } else if (near_pushed) {
          smooth_to(*pushed, rule, points, out);
        } else {
          scatter_to(window, points, out);
        }
      },
      settings_.panel_rule());
}

template <class Real>
KernelOutcome<Real> Application<Real>::run() {
  KernelOutcome<Real> outcome;
  while (true) {
    outcome.halve = plan_.too_wide();
    if (!outcome.halve.empty()) {
      return outcome;
    }
    const std::vector<double> widths = plan_.wanted_widths();
    std::optional<PanelFunction<Real>> pushed;
    if (!plan_.noisy() || plan_.pushes()) {
      pushed = push_forward(widths);
    }
    if (!plan_.noisy()) {
      outcome.law = std::move(pushed);
      return outcome;
    }
    const int nodes = pushed ? plan_.hermite_order(*pushed) : 1;
    if (nodes > 0) {
      outcome.law = spread(widths, pushed, nodes);
      return outcome;
    }
  }
}

}  // namespace

PanelRule LineSettings::panel_rule() const {
  // m' is the derivative of a polynomial through rounded values: up to order^2/2 times their noise.
  return {.tolerance = tolerance,
          .relative = relative,
          .position_noise = 0.5 * order * order,
          .negligible = negligible,
          .most_panels = 5 * most_panels};
}

template <class Real>
LinePropagator<Real>::LinePropagator(const LineSettings& settings)
    : settings_(settings),
      basis_(std::make_shared<LegendreBasis<Real>>(settings.order)),
      recent_hermite_(most_hermite()) {}

template <class Real>
const QuadratureRule<Real>& LinePropagator<Real>::hermite(int order) {
  static Memo<QuadratureRule<Real>> rules(64);
  auto found = hermite_.find(order);
  if (found == hermite_.end()) {
    const auto rule = rules.get(std::to_string(order), [&] { return gauss_hermite<Real>(order); });
    found = hermite_.emplace(order, *rule).first;
  }
  return found->second;
}

template <class Real>
KernelOutcome<Real> LinePropagator<Real>::apply(const PanelFunction<Real>& source,
                                                const LineKernel<Real>& kernel) {
  try {
    return Application<Real>(*this, source, kernel).run();
  } catch (const NumericalFailure& failure) {
    throw EngineRefusal(
        fmt::format("the density that this sampler makes on the line cannot be resolved ({}); "
                    "`lemmabench particles` bounds its total variation",
                    failure.what()));
  }
}

#define LEMMABENCH_INSTANTIATE(Real) template class LinePropagator<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
