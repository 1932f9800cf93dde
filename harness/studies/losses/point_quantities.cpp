#include "harness/studies/losses/point_quantities.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Two words a number: what is wanted is percents.
constexpr long kBits = 96;
const SupremumGoal kPercents{.tolerance = 1.0 / 32};

Combined combined(PointQuantity quantity) {
  switch (quantity) {
    case PointQuantity::trace:
      return Combined::sum;
    case PointQuantity::curvature:
      return Combined::largest;
    default:
      return Combined::norm;
  }
}

/// tau^{-1/2-k} (1-tau)^{-3/2-k}.
Ball derivative_unit(const Level<Ball>& level, int k) {
  const Ball rate = 1 / (level.noise * level.abar);
  return sqrt(rate) / level.abar * pow(rate, Ball(k));
}

/// f at a box of x (of |x|, of one coordinate).
template <class Set>
Ball value_at(PointQuantity quantity, const Set& set, const Ball& box) {
  const Level<Ball>& level = set.level();
  const auto derivative = [&](int k) {
    return abs(set.flow_derivatives(box)[static_cast<std::size_t>(k)]) / derivative_unit(level, k);
  };
  switch (quantity) {
    case PointQuantity::score:
      return set.score(box) * sqrt(level.noise);
    case PointQuantity::trace:
      return set.noise_trace(box);
    case PointQuantity::derivative_0:
      return derivative(0);
    case PointQuantity::derivative_1:
      return derivative(1);
    case PointQuantity::derivative_2:
      return derivative(2);
    case PointQuantity::curvature:
      break;
  }
  return abs(set.score_curvature(box)) * level.noise * sqrt(level.noise);
}

/// A law of one number as nodes: sum of weight f(node).
struct Node {
  double at;
  double weight;
};

/// The trapezoidal rule for f under a density given up to its factor, on [low, high].
template <class Density>
std::vector<Node> nodes(double low, double high, double step, Density density) {
  std::vector<Node> out;
  double sum = 0;
  for (double u = low; u <= high; u += step) {
    out.push_back({u, density(u)});
    sum += out.back().weight;
  }
  for (Node& node : out) {
    node.weight /= sum;
  }
  return out;
}

constexpr double kReach = 7;  ///< deviations; beyond them less than 1e-10 of any expectation here

/// |N(0, I_d)|.
std::vector<Node> chi_nodes(long dim, double step) {
  const double d = static_cast<double>(dim);
  const double centre = std::sqrt(d);
  const double mode = std::sqrt(std::max(d - 1, 0.25));
  return nodes(std::max(step, centre - kReach), centre + kReach, step, [&](double u) {
    return std::exp((d - 1) * std::log(u / mode) - (u * u - mode * mode) / 2);
  });
}

std::vector<Node> normal_nodes(double step) {
  return nodes(-kReach, kReach, step, [](double u) { return std::exp(-u * u / 2); });
}

/// E f under the mixture of component k scaled by sds[k] and moved by means[k].
template <class F>
double expectation(const std::vector<Node>& unit, const std::vector<double>& weights,
                   const std::vector<double>& means, const std::vector<double>& sds, F f) {
  double sum = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    for (const Node& node : unit) {
      sum += weights[k] * node.weight * f(means[k] + sds[k] * node.at);
    }
  }
  return sum;
}

/// The components of a level as doubles.
struct Components {
  std::vector<double> weights;
  std::vector<double> means;
  std::vector<double> sds;
};

Components components(const TypicalBall& set) {
  Components out;
  const BallScaleMixture<>& mixture = set.mixture().in_space();
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    out.weights.push_back(mixture.weight(k).to_double());
    out.means.push_back(0);
    out.sds.push_back(sqrt(mixture.variance(k)).to_double());
  }
  return out;
}

Components components(const TypicalMixture& set) {
  Components out;
  const BallMixture<>& mixture = set.mixture();
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    out.weights.push_back(mixture.weight(k).to_double());
    out.means.push_back(mixture.mean(k).to_double());
    out.sds.push_back(sqrt(mixture.variance(k)).to_double());
  }
  return out;
}

/// E f^2, of the trace E f.
template <class Set>
double mean_at(PointQuantity quantity, const Set& set, const std::vector<Node>& unit) {
  const Components at = components(set);
  return expectation(unit, at.weights, at.means, at.sds, [&](double x) {
    const double f = value_at(quantity, set, Ball::exactly(x)).to_double();
    return quantity == PointQuantity::trace ? f : f * f;
  });
}

double settled(PointQuantity quantity, double mean) {
  return quantity == PointQuantity::trace ? mean : std::sqrt(mean);
}

/// The largest over the levels, from means with a coarse and a fine step.
class LargestMean {
 public:
  explicit LargestMean(PointQuantity quantity) : quantity_(quantity) {}
  void add(double coarse, double fine) {
    const double value = settled(quantity_, fine);
    if (value > value_) {
      value_ = value;
      error_ = 2 * std::fabs(value - settled(quantity_, coarse)) + 1e-14 * value;
    }
  }
  Quantity quantity() const { return Quantity::computed(value_, error_); }

 private:
  PointQuantity quantity_;
  double value_ = 0;
  double error_ = 0;
};

using BallLevels = TypicalLevels<TypicalBall, ScaleMixtureLaw>;

Quantity expected(PointQuantity quantity, const ScaleMixtureLaw& law, const PointLevels& at) {
  const BallLevels levels(at.theta, law, law.dim, at.steps, at.t);
  const std::vector<Node> coarse = chi_nodes(law.dim, 0.5);
  const std::vector<Node> fine = chi_nodes(law.dim, 0.25);
  LargestMean out(quantity);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    out.add(mean_at(quantity, levels[i], coarse), mean_at(quantity, levels[i], fine));
  }
  return out.quantity();
}

Quantity expected(PointQuantity quantity, const ProductLaw& law, const PointLevels& at) {
  if (combined(quantity) == Combined::largest) {
    throw EngineRefusal("the largest over independent coordinates is no sum over them");
  }
  const ProductLevels levels(at.theta, law, 1, at.steps, at.t);
  const std::vector<Node> coarse = normal_nodes(0.5);
  const std::vector<Node> fine = normal_nodes(0.25);
  LargestMean out(quantity);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    double a = 0;
    double b = 0;
    for (std::size_t k = 0; k < levels[i].kinds(); ++k) {
      const auto copies = static_cast<double>(law.coordinates[k].multiplicity);
      a += copies * mean_at(quantity, levels[i].reach(k), coarse);
      b += copies * mean_at(quantity, levels[i].reach(k), fine);
    }
    out.add(a, b);
  }
  return out.quantity();
}

}  // namespace

Quantity at_worst_point(PointQuantity quantity, const PointLaw& law, const PointLevels& at) {
  const PrecisionScope scope(kBits);
  const auto f = [&](const auto& set, const Ball& box) { return value_at(quantity, set, box); };
  if (const auto* scales = std::get_if<ScaleMixtureLaw>(&law)) {
    const BallLevels levels(at.theta, *scales, scales->dim, at.steps, at.t);
    return Proved{levels.supremum_of(combined(quantity), f, kPercents).enclosure()};
  }
  const ProductLevels levels(at.theta, std::get<ProductLaw>(law), 1, at.steps, at.t);
  return Proved{levels.supremum_of(combined(quantity), f, kPercents).enclosure()};
}

Quantity in_expectation(PointQuantity quantity, const PointLaw& law, const PointLevels& at) {
  const PrecisionScope scope(kBits);
  return std::visit([&](const auto& each) { return expected(quantity, each, at); }, law);
}

}  // namespace lemmabench
