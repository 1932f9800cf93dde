#include "harness/engines/line_proved/proved_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// The exact kernel x -> N(m(x), sd^2) with sd a double, on a law with tiles over it.
class RuleBuilder {
 public:
  RuleBuilder(const GaussSum& q, double sd, double tolerance)
      : q_(q),
        sd_(sd),
        tolerance_(tolerance),
        narrow_(q.least_sd()),
        intervals_(q.support(4 * sd)) {}

  /// The height at which |q| and the kernel together have grown by 1/tolerance, if m' were 1.
  double best_height() const {
    return std::sqrt(-std::log(tolerance_) / (0.5 / (narrow_ * narrow_) + 0.5 / (sd_ * sd_)));
  }

  /// The widest rule with a contour of that height; none if some tile has a pole
  /// or an end is too steep.
  std::optional<MidpointRule> build(const MeanMap& map, int t, double height, double scale) const {
    const double width = std::max(height / 2, scale / 8);
    const double worst = -0.62 * std::log(tolerance_);
    std::vector<std::vector<ContourTile>> tiles;
    // P3: sum over tiles of mass e^{rise^2/(2 sd^2)}, times e^{height^2/(2 narrow^2)}.
    Ball growth;
    for (const GaussSum::Interval& at : intervals_) {
      tiles.push_back(
          contour_tiles(map, t, q_, sd_, at.low - sd_, at.high + sd_, height, width, worst));
      for (const ContourTile& tile : tiles.back()) {
        if (!std::isfinite(tile.rise)) {
          return std::nullopt;
        }
        growth += Ball::exactly(tile.mass) * gaussian_growth(tile.rise, sd_);
      }
    }
    growth *= gaussian_growth(height, narrow_);
    // 2 growth/(e^{2 pi height/h} - 1) <= tolerance; the spacing is rounded down, to 20 bits so
    // that nodes are doubles, and never above the deviation of the kernel (the tiles reach as far).
    const double wanted =
        2 * 3.14159265358979 * height / log1p(growth * 2 / Ball::exactly(tolerance_)).to_double();
    MidpointRule rule;
    rule.height = height;
    int exponent = 0;
    const double mantissa = std::frexp(std::min(wanted, 0.9 * sd_), &exponent);
    rule.spacing = std::ldexp(std::floor(std::ldexp(mantissa, 20)), exponent - 20);
    const Ball turns = 2 * Ball::pi() * Ball::exactly(height) / Ball::exactly(rule.spacing);
    for (const GaussSum::Interval& at : intervals_) {
      // Nodes are exact doubles as long as they are fewer than 2^30 spacings from 0.
      if (!(std::max(std::abs(at.low), std::abs(at.high)) < 1e9 * rule.spacing)) {
        return std::nullopt;
      }
    }
    Ball error = growth * 2 / expm1(turns);
    for (std::size_t i = 0; i < intervals_.size(); ++i) {
      const GaussSum::Interval& at = intervals_[i];
      MidpointRule::Range range{static_cast<long>(std::floor(at.low / rule.spacing)),
                                static_cast<long>(std::ceil(at.high / rule.spacing)),
                                std::move(tiles[i])};
      for (const long end : {range.first, range.last}) {
        error += end_error(static_cast<double>(end) * rule.spacing, range.tiles, height, turns);
      }
      rule.ranges.push_back(std::move(range));
    }
    rule.error = upper_double(error);
    if (!(rule.error <= 2 * tolerance_)) {
      return std::nullopt;  // an end of the contour is too steep
    }
    return rule;
  }

 private:
  /// e^{y^2/(2 sd^2)}.
  static Ball gaussian_growth(double y, double sd) {
    return exp(square(Ball::exactly(y) / Ball::exactly(sd)) / 2);
  }

  /// P4: an end of the contour. The exponent is convex in the height y, so that it is largest at
  /// y = 0, where the integrand is q(end), or at the top.
  Ball end_error(double end, const std::vector<ContourTile>& tiles, double height,
                 const Ball& turns) const {
    double slope = 0;
    for (const ContourTile& tile : tiles) {
      if (tile.low <= end && end <= tile.high) {
        slope = std::max(slope, tile.slope);
      }
    }
    const Ball density = Ball::exactly(q_.density_bound(end));
    const Ball top =
        gaussian_growth(height, narrow_) *
        exp(square(Ball::exactly(slope) * Ball::exactly(height) / Ball::exactly(sd_)) / 2) /
        exp(turns);
    return 2 * Ball::exactly(height) * density * larger(Ball(1), upper_end(top));
  }

  const GaussSum& q_;
  double sd_;
  double tolerance_;
  double narrow_;
  std::vector<GaussSum::Interval> intervals_;
};

/// The contour as high as the poles of the scores and the growth of the means allow.
MidpointRule best_rule(const RuleBuilder& builder, const MeanMap& map, int t, double scale,
                       ContourGuess& guess) {
  std::optional<MidpointRule> best;
  double fraction = std::min(1.0, guess.fraction * 1.25);
  for (int attempt = 0; attempt < 40; ++attempt) {
    std::optional<MidpointRule> rule =
        builder.build(map, t, builder.best_height() * fraction, scale);
    if (best && (!rule || rule->spacing <= best->spacing)) {
      break;
    }
    if (rule) {
      // As wide as it can be if neither the growth of q nor the poles cost anything.
      const bool good = rule->spacing > 2.2 * fraction * builder.best_height() / 37;
      best = std::move(rule);
      guess.fraction = fraction;
      if (good) {
        break;
      }
    }
    fraction *= 0.75;
  }
  if (!best) {
    throw EngineRefusal(fmt::format(
        "--arithmetic ball: no contour was found for step t = {}: the scores have poles within "
        "{:.1e} of the line, or the law is that narrow for where it lies; leave --arithmetic out "
        "for the computed law",
        t, builder.best_height() * fraction));
  }
  return *best;
}

}  // namespace

ProvedStep proved_step(const GaussSum& q, const MeanMap& map, int t, double tolerance, double scale,
                       ContourGuess& guess) {
  const Ball exact_sd = map.at(t, {}).sd;
  const double sd = exact_sd.to_double();
  if (!(sd > 1e-100) || !std::isfinite(sd)) {
    throw NumericalFailure(
        fmt::format("the noise of step t = {} is {:.3g}, which doubles do not hold", t, sd));
  }
  const RuleBuilder builder(q, sd, tolerance);
  MidpointRule rule = best_rule(builder, map, t, scale, guess);
  UpperSum defect;
  defect.add(rule.error);
  defect.add(q.mass_outside());
  // P5: another deviation. ||N(m, s^2) - N(m, s'^2)||_1 <= 0.97 |log(s/s')|.
  defect.add(upper_double(log(exact_sd / Ball::exactly(sd)).magnitude_upper()) *
             (0.98 * q.weight_bound()));

  double count = 0;
  for (const MidpointRule::Range& range : rule.ranges) {
    count += static_cast<double>(range.last - range.first);
  }
  if (count > kMostNodes) {
    throw EngineRefusal(fmt::format(
        "--arithmetic ball: step t = {} needs {:.2g} nodes {:.1e} apart, and more than {:.0e} are "
        "not paid for; leave --arithmetic out for the computed law",
        t, count, rule.spacing, kMostNodes));
  }
  std::vector<double> nodes;
  std::vector<long> numbers;
  nodes.reserve(static_cast<std::size_t>(count));
  numbers.reserve(static_cast<std::size_t>(count));
  for (const MidpointRule::Range& range : rule.ranges) {
    for (long k = range.first; k < range.last; ++k) {
      // Exact: (2k + 1) has at most 32 bits and the spacing 20.
      nodes.push_back(static_cast<double>(2 * k + 1) * (rule.spacing / 2));
      numbers.push_back(k);
    }
  }
  const GaussSum::Values density = q.density(nodes);
  const double dropped = 0.1 * tolerance / count;
  std::vector<double> kept;
  std::vector<long> of_kept;
  GaussGroup out;
  out.sd = sd;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    // P6: the rounding of a weight; what is left out weighs no more than it did.
    const double weight = rule.spacing * density.at[i];
    const double error =
        (density.relative + 3e-16) * weight + 1.001 * rule.spacing * density.absolute;
    defect.add(error);
    if (weight < dropped) {
      defect.add(weight);
    } else {
      kept.push_back(nodes[i]);
      of_kept.push_back(numbers[i]);
      out.weights.push_back(weight);
    }
  }
  // P7: the rounding of a mean. ||N(m, s^2) - N(m', s^2)||_1 <= sqrt(2/pi) |m - m'|/s.
  const MeanMap::Values means = map.at(t, kept);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double mean = means.mean[i].to_double();
    const Ball off = (means.mean[i] - Ball::exactly(mean)).magnitude_upper() / Ball::exactly(sd);
    defect.add(0.8 * out.weights[i] * upper_double(off));
    out.means.push_back(mean);
  }
  std::vector<std::size_t> order(kept.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return out.means[a] < out.means[b]; });
  GaussGroup sorted;
  sorted.sd = sd;
  std::vector<long> sorted_nodes;
  for (const std::size_t i : order) {
    sorted.means.push_back(out.means[i]);
    sorted.weights.push_back(out.weights[i]);
    sorted_nodes.push_back(of_kept[i]);
  }
  return {GaussSum({std::move(sorted)}), defect.value(), std::move(rule), std::move(sorted_nodes)};
}

}  // namespace lemmabench
