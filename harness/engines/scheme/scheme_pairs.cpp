#include "harness/engines/scheme/scheme_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "harness/engines/line/line_numbers.hpp"
#include "harness/engines/scheme/pair_band.hpp"
#include "harness/engines/scheme/scheme_markov.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr double kLightest = 1e-20;  // mass of a pair of points that is left out
constexpr std::size_t kMostPoints = 2'000'000;
constexpr double kStartReach = 8.8;

/// Grid points a scale s. A product of Gaussians needs 2 exp(-2 pi^2 points^2) = tolerance; the
/// model's answer between two modes is a logistic function, with poles off the line, for which as
/// many again are enough as a rule.
double points_for(double tolerance) {
  return 2 * std::sqrt(std::log(2 / tolerance) / (2 * std::numbers::pi * std::numbers::pi));
}

/// Where a state may be found, how likely, and at which scale what happens there must be seen.
struct Probe {
  double at;
  double mass;
  double rate;  ///< 1/s
};

/// The joint law of the present state and, if one is remembered, an earlier one.
struct PairLaw {
  std::size_t state = 0;
  std::optional<std::size_t> other;
  UniformGrid grid;
  UniformGrid other_grid;  ///< one point if there is no other
  Band density;            ///< rows: the present
};

/// How one state is made from those of a PairLaw.
struct Kernel {
  std::vector<double> of_present;  ///< f at the present's points
  std::vector<double> of_other;    ///< g at the other's
  double noise = 0;
};

/// The Gaussians that one point of the present makes.
struct Source {
  double low;
  double high;
  std::vector<double> means;
  std::vector<double> weights;
};

[[noreturn]] void refuse_infinite() {
  throw EngineRefusal(
      "the scheme sends mass to no finite number; check the signs and coefficients of its rows");
}

class PairChain {
 public:
  PairChain(const SchemeChain& chain, const ChainMaps& maps, LinePropagator<double>& propagator,
            double refinement)
      : chain_(chain),
        maps_(maps),
        propagator_(propagator),
        remembered_(chain.remembered()),
        reach_(std::sqrt(-2 * std::log(1e-3 * propagator.settings().tolerance))),
        points_a_scale_(refinement * points_for(propagator.settings().tolerance)) {}

  PanelFunction<double> run(const LineMixture<double>& start);

 private:
  void require_pairs() const;
  double slope_rate(std::size_t state, double own_rate, std::vector<Probe>& probes) const;
  UniformGrid grid(double low, double high, double rate) const;
  PairLaw start_law(const LineMixture<double>& start) const;
  Kernel kernel(const PairLaw& law, std::size_t row) const;
  UniformGrid next_grid(const PairLaw& law, const Kernel& kernel, std::size_t state) const;
  PairLaw step(const PairLaw& law);
  std::vector<Source> sources(const PairLaw& law, const Kernel& kernel) const;
  PanelFunction<double> last_density(const PairLaw& law, const DyadicLine& line);
  static double cell_mass(const PairLaw& law) {
    return law.grid.step * (law.other ? law.other_grid.step : 1);
  }

  const SchemeChain& chain_;
  const ChainMaps& maps_;
  LinePropagator<double>& propagator_;
  std::vector<std::vector<std::size_t>> remembered_;
  double reach_;           ///< deviations at which Gaussians are cut
  double points_a_scale_;  ///< grid points a scale s
  WorkBudget budget_{"line"};
};

/// Fills the rates of the probes for a state that is made with `own_rate` = 1/noise, and returns
/// the rate that all but a negligible mass of them is content with.
double PairChain::slope_rate(std::size_t state, double own_rate, std::vector<Probe>& probes) const {
  const SchemeMap& map = maps_.of_state(state);
  const std::size_t count = probes.size();
  std::vector<double> points;
  for (Probe& probe : probes) {
    points.push_back(probe.at);
    probe.rate = own_rate * own_rate;
  }
  std::vector<double> values(map.results() * count);
  std::vector<double> slopes(values.size());
  map.evaluate(points.data(), count, values.data(), slopes.data());
  for (std::size_t k = 0; k < chain_.rows.size(); ++k) {
    const std::vector<std::size_t>& depends = maps_.depends(k);
    if (!(chain_.rows[k].noise > 0) ||
        std::find(depends.begin(), depends.end(), state) == depends.end()) {
      continue;
    }
    const double* slope = slopes.data() + maps_.part(k, state) * count;
    for (std::size_t i = 0; i < count; ++i) {
      const double rate = slope[i] / chain_.rows[k].noise;
      probes[i].rate += rate * rate;
    }
  }
  std::sort(probes.begin(), probes.end(),
            [](const Probe& a, const Probe& b) { return a.rate > b.rate; });
  double mass = 0;
  for (const Probe& probe : probes) {
    mass += probe.mass;
    if (!std::isfinite(probe.rate) || mass > propagator_.settings().tolerance) {
      return std::sqrt(probe.rate);
    }
  }
  return own_rate;
}

UniformGrid PairChain::grid(double low, double high, double rate) const {
  UniformGrid out{low, 1 / (points_a_scale_ * rate), 0};
  const double count = std::ceil((high - low) / out.step) + 1;
  if (!(count < static_cast<double>(kMostPoints))) {
    throw EngineRefusal(fmt::format(
        "the joint law of two states would take {:.2g} points: a noise of the scheme is too small "
        "against what it is added to, or the scheme diverges; a Gaussian target has the exact law, "
        "`lemmabench particles` samples it",
        count));
  }
  out.count = static_cast<std::size_t>(count);
  return out;
}

PairLaw PairChain::start_law(const LineMixture<double>& start) const {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  double rate = 0;
  std::vector<Probe> probes;
  for (const auto& [weight, mean, variance] : start.components()) {
    const double sd = std::sqrt(variance);
    low = std::min(low, mean - kStartReach * sd);
    high = std::max(high, mean + kStartReach * sd);
    rate = std::max(rate, 1 / sd);
    for (int i = -80; i <= 80; ++i) {
      const double z = 0.1 * i;
      probes.push_back({mean + z * sd, 0.04 * weight * std::exp(-z * z / 2), 0});
    }
  }
  PairLaw out;
  out.grid = grid(low, high, slope_rate(0, rate, probes));
  out.other_grid = {0, 1, 1};
  std::vector<double> density = out.grid.points();
  start.density(density.data(), density.size(), density.data());
  for (const double& value : density) {
    out.density.append(0, &value, 1);
  }
  return out;
}

Kernel PairChain::kernel(const PairLaw& law, std::size_t row) const {
  const auto part = [&](std::size_t state, const UniformGrid& points) {
    const std::vector<std::size_t>& depends = maps_.depends(row);
    return std::find(depends.begin(), depends.end(), state) == depends.end()
               ? std::vector<double>(points.count, 0)
               : maps_.values(row, state, points.points());
  };
  Kernel out;
  out.noise = chain_.rows[row].noise;
  out.of_present = part(law.state, law.grid);
  out.of_other = law.other ? part(*law.other, law.other_grid) : std::vector<double>{0};
  return out;
}

/// The grid of the state that the kernel makes.
UniformGrid PairChain::next_grid(const PairLaw& law, const Kernel& kernel,
                                 std::size_t state) const {
  const double unit = cell_mass(law);
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  std::vector<Probe> probes;
  for (std::size_t i = 0; i < law.grid.count; ++i) {
    const Band::Row row = law.density.row(i);
    double mass = 0;
    double mean = 0;
    for (std::size_t n = 0; n < row.count; ++n) {
      const double share = row.values[n] * unit;
      if (share > kLightest) {
        const double at = kernel.of_present[i] + kernel.of_other[row.first + n];
        low = std::min(low, at);
        high = std::max(high, at);
        mass += share;
        mean += share * at;
      }
    }
    for (int z = -6; mass > 0 && z <= 6; z += 2) {
      probes.push_back({mean / mass + z * kernel.noise, mass * std::exp(-0.5 * z * z), 0});
    }
  }
  if (!std::isfinite(high - low)) {
    refuse_infinite();
  }
  const double margin = reach_ * kernel.noise;
  return grid(low - margin, high + margin, slope_rate(state, 1 / kernel.noise, probes));
}

/// Adds to one stretch of the next state's grid what a row of pairs makes there.
class StretchMaker {
 public:
  StretchMaker(const UniformGrid& grid, const GaussianSpreader& spreader)
      : grid_(grid), spreader_(spreader) {}

  void add(double mean, double weight) {
    means_.push_back(mean);
    weights_.push_back(weight);
  }
  /// Appends the stretch to `out` as a row and starts anew.
  void finish(Band& out) {
    if (means_.empty()) {
      out.append(0, nullptr, 0);
      return;
    }
    const auto [low, high] = std::minmax_element(means_.begin(), means_.end());
    const long first = spreader_.first(*low);
    const long last = spreader_.last(*high);
    values_.assign(static_cast<std::size_t>(last - first), 0);
    for (std::size_t n = 0; n < means_.size(); ++n) {
      spreader_.add(means_[n], weights_[n], values_.data(), first);
    }
    const long from = std::max(first, 0L);
    const long end = std::min(last, static_cast<long>(grid_.count));
    out.append(static_cast<std::size_t>(from), values_.data() + (from - first),
               static_cast<std::size_t>(std::max(end - from, 0L)));
    means_.clear();
    weights_.clear();
  }

 private:
  const UniformGrid& grid_;
  const GaussianSpreader& spreader_;
  std::vector<double> means_;
  std::vector<double> weights_;
  std::vector<double> values_;
};

PairLaw PairChain::step(const PairLaw& law) {
  const std::size_t next = law.state + 1;
  const Kernel kernel = this->kernel(law, chain_.state_rows[next]);
  PairLaw out;
  out.state = next;
  out.grid = next_grid(law, kernel, next);
  const bool keeps = !remembered_[next].empty();
  const bool keeps_other = keeps && remembered_[next].front() != law.state;
  out.other = keeps ? std::optional(remembered_[next].front()) : std::nullopt;
  out.other_grid = keeps_other ? law.other_grid : (keeps ? law.grid : UniformGrid{0, 1, 1});
  const GaussianSpreader spreader(out.grid, kernel.noise, reach_);
  budget_.begin_step();
  budget_.spend(0.2 * static_cast<double>(law.density.entries() * spreader.width()));
  // Each row of `made` is the next state against one point of what it remembers.
  const Band turned = keeps_other ? law.density.transposed(law.other_grid.count) : Band{};
  const Band& source = keeps_other ? turned : law.density;
  const double unit = cell_mass(law);
  const double summed = keeps_other ? law.grid.step : (keeps ? unit / law.grid.step : unit);
  StretchMaker stretch(out.grid, spreader);
  Band made;
  for (std::size_t i = 0; i < source.rows(); ++i) {
    const Band::Row row = source.row(i);
    for (std::size_t n = 0; n < row.count; ++n) {
      if (row.values[n] * unit > kLightest) {
        const std::size_t j = row.first + n;
        const double mean = keeps_other ? kernel.of_present[j] + kernel.of_other[i]
                                        : kernel.of_present[i] + kernel.of_other[j];
        stretch.add(mean, row.values[n] * summed);
      }
    }
    if (keeps) {
      stretch.finish(made);
    }
  }
  if (!keeps) {
    stretch.finish(made);
  }
  out.density = made.transposed(out.grid.count);
  return out;
}

/// All pairs with one present point, as means and weights of the Gaussians that they make.
std::vector<Source> PairChain::sources(const PairLaw& law, const Kernel& kernel) const {
  const double unit = cell_mass(law);
  const double norm = 1 / (kernel.noise * std::sqrt(2 * std::numbers::pi));
  std::vector<Source> out;
  for (std::size_t i = 0; i < law.grid.count; ++i) {
    const Band::Row row = law.density.row(i);
    Source source{HUGE_VAL, -HUGE_VAL, {}, {}};
    for (std::size_t n = 0; n < row.count; ++n) {
      if (row.values[n] * unit > kLightest) {
        const double mean = kernel.of_present[i] + kernel.of_other[row.first + n];
        if (!std::isfinite(mean)) {
          refuse_infinite();
        }
        source.low = std::min(source.low, mean);
        source.high = std::max(source.high, mean);
        source.means.push_back(mean);
        source.weights.push_back(row.values[n] * unit * norm);
      }
    }
    if (!source.means.empty()) {
      out.push_back(std::move(source));
    }
  }
  return out;
}

/// The density of the last state that has noise, on panels: every pair's Gaussian at every node.
PanelFunction<double> PairChain::last_density(const PairLaw& law, const DyadicLine& line) {
  const Kernel kernel = this->kernel(law, chain_.state_rows[law.state + 1]);
  const std::vector<Source> sources = this->sources(law, kernel);
  const double scale = 1 / (kernel.noise * std::sqrt(2.0));
  const double reach = reach_ * kernel.noise;
  std::vector<Feature> features;
  double farthest = 0;
  for (const Source& source : sources) {
    farthest = std::max({farthest, std::abs(source.low - reach), std::abs(source.high + reach)});
    features.push_back({source.low, source.high, 4 * kernel.noise});
  }
  const DyadicLine target =
      1.1 * farthest <= line.half_width() ? line : DyadicLine::covering(2 * farthest);
  const auto order = static_cast<std::size_t>(propagator_.settings().order);
  const auto sample = [&](const Cell&, const double* nodes, double* out) {
    std::fill_n(out, order, 0.0);
    for (const Source& source : sources) {
      if (source.high + reach < nodes[0] || source.low - reach > nodes[order - 1]) {
        continue;
      }
      budget_.spend(static_cast<double>(source.means.size() * order));
      for (std::size_t n = 0; n < source.means.size(); ++n) {
        for (std::size_t k = 0; k < order; ++k) {
          const double z = (nodes[k] - source.means[n]) * scale;
          out[k] += source.weights[n] * std::exp(-z * z);
        }
      }
    }
  };
  return build_panels<double>(propagator_.basis(), target, 1, cover(target, features, reach),
                              sample, propagator_.settings().panel_rule());
}

/// Refuses what pairs of states do not hold.
void PairChain::require_pairs() const {
  for (const std::vector<std::size_t>& states : remembered_) {
    if (states.size() > 1) {
      throw EngineRefusal(
          "a state of the scheme must remember two earlier ones, and pairs of states hold one");
    }
  }
}

PanelFunction<double> PairChain::run(const LineMixture<double>& start) {
  require_pairs();
  const std::size_t last = maps_.last_state(chain_);
  const DyadicLine line = line_of_start(start);
  if (last == 0) {
    return mixture_panels(start, line, propagator_);
  }
  PairLaw law = start_law(start);
  while (law.state + 1 < last) {
    law = step(law);
  }
  return last_density(law, line);
}

}  // namespace

PanelFunction<double> pair_density(const SchemeChain& chain, const ChainMaps& maps,
                                   const LineMixture<double>& start,
                                   LinePropagator<double>& propagator, double refinement) {
  try {
    return PairChain(chain, maps, propagator, refinement).run(start);
  } catch (const NumericalFailure& failure) {
    throw EngineRefusal(
        fmt::format("the density of the scheme's output cannot be resolved ({}); `lemmabench "
                    "particles` bounds its total variation",
                    failure.what()));
  }
}

}  // namespace lemmabench
