#include "harness/engines/line_proved/data_end.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/engines/line_proved/rounded_law.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "theory/mixture/flow_step.hpp"

namespace lemmabench {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One step at the signal of level t, in the coordinates where the flow is.
struct FixedSignal {
  Ball abar;
  Ball from;        ///< v_t
  Ball to;          ///< v_t - b - c^2
  Ball root_alpha;  ///< Psi = root_alpha m
  Ball noise;       ///< c
};

FixedSignal fixed_signal(const MeanMap& map, int t) {
  const Schedule<Ball>& schedule = map.schedule();
  FixedSignal out;
  out.abar = schedule.level(t).abar;
  out.from = schedule.level(t).noise;
  out.root_alpha = sqrt(schedule.alpha(t));
  out.noise = out.root_alpha * map.at(t, {}).sd;
  out.to = out.from - schedule.b(t) - square(out.noise);
  return out;
}

Ball modulus(const ComplexBall& z) {
  return upper_end(
      sqrt(square(z.real().magnitude_upper()) + square(z.imaginary().magnitude_upper())));
}

/// An upper bound of |Psi(z) - z| on a rectangle.
Ball displacement(const FixedSignal& step, const ComplexBox& box, const MeanMap::OnBox& found) {
  const ComplexBall at(Ball::exactly(box.x), Ball::exactly(box.y));
  const Ball reach = Ball::exactly(box.half_width) + Ball::exactly(box.half_height);
  return modulus(found.centre * step.root_alpha - at) +
         modulus(found.slope * step.root_alpha - ComplexBall(1)) * reach;
}

/// An upper bound of |Phi(z) - z| on a rectangle, by Picard: where |S_v| <= M on the rectangle
/// enlarged by d for every v of the step, and M (from - to)/2 <= d, the flow stays inside and moves
/// by no more. Infinite where that was not shown.
Ball flow_displacement(const BallMixture<>& all_times, const Ball& duration,
                       const ComplexBox& box) {
  const double margin = (box.half_width + box.half_height) / 8;
  const ComplexBall around(
      Ball::around(Ball::exactly(box.x), Ball::exactly(box.half_width + margin)),
      Ball::around(Ball::exactly(box.y), Ball::exactly(box.half_height + margin)));
  const ComplexBall score = all_times.at(around).score();
  const Ball moved = modulus(score) * duration / 2;
  // The margin as it is in doubles is a little uncertain: half of it is asked for.
  if (score.finite() && moved.less_than(Ball::exactly(margin / 2)) == Truth::certainly) {
    return moved;
  }
  return Ball::exactly(kInfinity);
}

/// E|Phi(X) - Psi(X)|^2 on the intervals, X ~ p, with a contour of one height; infinite where that
/// finds a pole.
class SquaredDefect {
 public:
  SquaredDefect(const MeanMap& map, int t, const FixedSignal& step, const GaussSum& p)
      : map_(map),
        t_(t),
        step_(step),
        p_(p),
        narrow_(p.least_sd()),
        all_times_(map.law(), step.abar, Ball::hull(step.from, step.to)) {}

  double bound(double height) const {
    // e^{-2 pi height/h} = 4e-37; 20 bits, so that nodes are doubles.
    int exponent = 0;
    const double mantissa = std::frexp(0.075 * height, &exponent);
    const double spacing = std::ldexp(std::floor(std::ldexp(mantissa, 20)), exponent - 20);
    const Ball turns = 2 * Ball::pi() * Ball::exactly(height) / Ball::exactly(spacing);
    const Ball growth = exp(square(Ball::exactly(height) / Ball::exactly(narrow_)) / 2);
    Ball error;
    Ball ends;
    std::vector<double> nodes;
    for (const GaussSum::Interval& at : p_.support(4 * height)) {
      if (!(std::max(std::abs(at.low), std::abs(at.high)) < 1e9 * spacing)) {
        return kInfinity;  // nodes would be no exact doubles
      }
      const double first = std::floor(at.low / spacing);
      const double last = std::ceil(at.high / spacing);
      const double low = first * spacing;
      const double high = last * spacing;
      const int pieces = static_cast<int>(std::ceil((high - low) / (height / 2)));
      Ball worst;
      for (int i = 0; i < pieces; ++i) {
        const double left = low + (high - low) * i / pieces;
        const double right = low + (high - low) * (i + 1) / pieces;
        const Ball size = most(left, right, height, 0);
        if (!size.finite()) {
          return kInfinity;
        }
        worst = larger(worst, size);
        error += Ball::exactly(p_.mass_bound(left, right)) * square(size);
      }
      // P4 at both ends: there the growth is at most that of the top, or 1.
      const Ball density =
          Ball::exactly(p_.density_bound(low)) + Ball::exactly(p_.density_bound(high));
      ends += 2 * Ball::exactly(height) * density * square(worst) *
              larger(Ball(1), upper_end(growth / exp(turns)));
      for (double k = first; k < last; ++k) {
        nodes.push_back((2 * k + 1) * (spacing / 2));
      }
    }
    error = error * growth * 2 / expm1(turns) + ends;
    return upper_double(error + sum(nodes) * Ball::exactly(spacing));
  }

 private:
  /// An upper bound of |Phi - Psi| on [left, right] x [0, height].
  Ball most(double left, double right, double height, int depth) const {
    const int stack = std::clamp(static_cast<int>(std::lround(height / (right - left))), 1, 8);
    std::vector<ComplexBox> boxes;
    for (int k = 0; k < stack; ++k) {
      boxes.push_back({.x = (left + right) / 2,
                       .y = height * (k + 0.5) / stack,
                       .half_width = (right - left) / 2 * (1 + 1e-12) +
                                     1e-15 * (std::abs(left) + std::abs(right)),
                       .half_height = height / stack / 2 * (1 + 1e-12) + 1e-15 * height});
    }
    const std::vector<MeanMap::OnBox> found = map_.on_boxes(t_, boxes);
    const Ball duration = step_.from - step_.to;
    Ball out;
    for (std::size_t k = 0; k < boxes.size(); ++k) {
      out = larger(out, displacement(step_, boxes[k], found[k]) +
                            flow_displacement(all_times_, duration, boxes[k]));
    }
    if (out.finite() || depth >= 6) {
      return out;
    }
    const double middle = left + (right - left) / 2;
    const Ball one = most(left, middle, height, depth + 1);
    return one.finite() ? larger(one, most(middle, right, height, depth + 1)) : one;
  }

  /// sum_k p(x_k) |Phi - Psi|^2(x_k), rounded up.
  Ball sum(const std::vector<double>& nodes) const {
    const GaussSum::Values density = p_.density(nodes);
    const MeanMap::Values means = map_.at(t_, nodes);
    const FlowStep flow(map_.law(), step_.abar, step_.from, step_.to);
    Ball out;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Ball gap = flow(Ball::exactly(nodes[i])) - step_.root_alpha * means.mean[i];
      const double upper =
          (density.at[i] * (1 + density.relative) + density.absolute) * (1 + 1e-15);
      out += Ball::exactly(upper) * square(gap.magnitude_upper());
    }
    return out;
  }

  const MeanMap& map_;
  int t_;
  const FixedSignal& step_;
  const GaussSum& p_;
  double narrow_;
  BallMixture<> all_times_;
};

/// An upper bound of |Psi(y) - y| for the step t and real y in the intervals.
double real_displacement(const MeanMap& map, int t, const FixedSignal& step,
                         const std::vector<GaussSum::Interval>& intervals, double width) {
  std::vector<ComplexBox> boxes;
  for (const GaussSum::Interval& at : intervals) {
    const int pieces = static_cast<int>(std::ceil((at.high - at.low) / width));
    for (int i = 0; i < pieces; ++i) {
      const double left = at.low + (at.high - at.low) * i / pieces;
      const double right = at.low + (at.high - at.low) * (i + 1) / pieces;
      boxes.push_back({.x = (left + right) / 2,
                       .y = 0,
                       .half_width = (right - left) / 2 * (1 + 1e-12) +
                                     1e-15 * (std::abs(left) + std::abs(right)),
                       .half_height = 0});
    }
  }
  const std::vector<MeanMap::OnBox> found = map.on_boxes(t, boxes);
  Ball out;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    out = larger(out, displacement(step, boxes[i], found[i]));
  }
  return upper_double(out);
}

}  // namespace

double local_error_bound(const MeanMap& map, int t) {
  const FixedSignal step = fixed_signal(map, t);
  if (step.to.positive() != Truth::certainly) {
    return kInfinity;
  }
  const RoundedLaw p = rounded_law(BallMixture<>(map.law(), map.schedule().level(t)));
  double height = 2 * p.law.least_sd();
  for (int attempt = 0; attempt < 12; ++attempt, height *= 0.7) {
    double squared = kInfinity;
    try {
      squared = SquaredDefect(map, t, step, p.law).bound(height);
    } catch (const NumericalFailure&) {
      return kInfinity;  // the flow could not be enclosed at a node
    }
    if (std::isfinite(squared)) {
      const Ball mass = Ball::exactly(p.law.weight_bound());
      const Ball mean = sqrt(Ball::exactly(squared) * mass) / (sqrt(2 * Ball::pi()) * step.noise);
      return upper_double(mean + Ball::exactly(p.defect) + Ball::exactly(p.law.mass_outside()));
    }
  }
  return kInfinity;
}

DataEnd find_data_end(const MeanMap& map, double width) {
  const Schedule<Ball>& schedule = map.schedule();
  DataEnd out;
  UpperSum local;
  // Only how far the end reaches is decided here. Drift grows like 10 v/sd, and is to stay small
  // against sd.
  const double least_sd = rounded_law(BallMixture<>(map.law(), schedule.level(1))).law.least_sd();
  const double most_noise = std::min(width, 3e-4 * least_sd * least_sd);
  for (int t = 2; t <= schedule.steps(); ++t) {
    if (schedule.level(t).noise.to_double() > most_noise) {
      break;
    }
    local.add(local_error_bound(map, t));
    if (!(local.value() <= width / 16)) {
      break;
    }
    out.level = t;
    out.local = local.value();
  }
  if (out.level > 1) {
    Ball variance = 1 - schedule.level(out.level).abar / schedule.level(1).abar;
    for (int t = out.level; t >= 2; --t) {
      variance += square(fixed_signal(map, t).noise);
    }
    out.variance = upper_double(variance);
  }
  return out;
}

PathDrift path_drift(const MeanMap& map, const DataEnd& end,
                     std::vector<GaussSum::Interval> starts) {
  // P13. In the coordinates of level `level` a step moves a path by g_t (Psi_t(y) - y + c_t xi),
  // g_t = sqrt(abar_level/abar_t) <= 1 and y = (the path)/g_t.
  const Schedule<Ball>& schedule = map.schedule();
  const Ball abar = schedule.level(end.level).abar;
  const double scale =
      rounded_law(BallMixture<>(map.law(), schedule.level(end.level))).law.least_sd();
  const double most = 0.01 * scale;
  const double margin = 2 * most + 15 * std::sqrt(end.variance);
  const double stretch = upper_double(sqrt(schedule.level(1).abar / abar)) - 1;
  for (GaussSum::Interval& at : starts) {
    const double more = margin + 2 * stretch * std::max(std::abs(at.low), std::abs(at.high));
    at.low -= more;
    at.high += more;
  }
  UpperSum drift;
  for (int t = end.level; t >= 2; --t) {
    drift.add(real_displacement(map, t, fixed_signal(map, t), starts, scale / 16));
  }
  if (!(drift.value() <= most)) {
    throw NumericalFailure(
        "the last steps next to the data move too far to be bounded; ask for a larger --width, or "
        "leave --arithmetic out");
  }
  // Levy: P(max_t |S_t| >= u) <= 2 P(|S| >= u), u = 10 deviations; u and the drift stay inside the
  // margin.
  return {drift.value(), 3.2e-23};
}

}  // namespace lemmabench
