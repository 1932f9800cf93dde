#include "harness/engines/line_proved/mean_map.hpp"

#include <optional>
#include <utility>

#include "cases/step.hpp"
#include "harness/engines/line_proved/column_walk.hpp"
#include "numerics/error.hpp"
#include "numerics/exactly.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {
namespace {

/// Runs one step and keeps the mean that its kernel ends with.
class MeanWalk : public ColumnWalk {
 public:
  MeanWalk(const CoordinateLaw& law, const Schedule<Ball>& schedule, std::vector<Ball> start)
      : ColumnWalk(law, schedule, std::move(start)) {}

  Form state() override {
    require_open();
    return state_;
  }
  Form score_at(const Level<Ball>& level, const Form& y) override {
    require_open();
    return ColumnWalk::score_at(level, y);
  }
  Form clip(const Form&, const Ball&) override {
    throw EngineRefusal(
        "--arithmetic ball: the proved law of a mixture takes no clip, whose kinks no ellipse "
        "passes; leave --arithmetic out for the computed law");
  }
  Form add_noise(const Form& y, const Ball& sd) override {
    if (!is_exactly_zero(sd)) {
      throw EngineRefusal(
          "--arithmetic ball: the proved law of a mixture takes one noise a step, at its end, and "
          "this sampler adds some in between; leave --arithmetic out for the computed law");
    }
    return y;
  }
  void move(const Form& mean) override {
    require_open();
    state_ = plain(mean);
  }
  /// A coefficient of a draw may have any sign; with 0 there is no noise (cases/kernel_walk.hpp).
  void move(const Form& mean, const Ball& coefficient) override {
    move(mean);
    if (is_exactly_zero(coefficient)) {
      return;
    }
    const Ball sd = abs(coefficient);
    if (!sd.finite() || sd.positive() != Truth::certainly) {
      throw EngineRefusal(
          "--arithmetic ball: a noise of the sampler is not known to be above 0; leave "
          "--arithmetic out for the computed law");
    }
    sd_ = sd;
  }

  const Ball& sd() const {
    if (!sd_) {
      throw EngineRefusal(
          "--arithmetic ball: a step of this sampler adds no noise, and the proved law of a "
          "mixture takes samplers that add some in every step; leave --arithmetic out for the "
          "computed law");
    }
    return *sd_;
  }

 private:
  void require_open() const {
    if (sd_) {
      throw EngineRefusal(
          "--arithmetic ball: the proved law of a mixture takes one kernel a step, with its noise "
          "at the end, and this sampler goes on after it; leave --arithmetic out for the computed "
          "law");
    }
  }

  std::optional<Ball> sd_;
};

/// The same on rectangles. Of each the column holds Re and Im of the value at the centre and of an
/// enclosure of the derivative on all of it.
class SlopeWalk final : public MeanWalk {
 public:
  SlopeWalk(const CoordinateLaw& law, const Schedule<Ball>& schedule,
            const std::vector<ComplexBox>& boxes)
      : MeanWalk(law, schedule, start_of(boxes)) {
    for (const ComplexBox& box : boxes) {
      around_.emplace_back(Ball::around(0, Ball::exactly(box.half_width)),
                           Ball::around(0, Ball::exactly(box.half_height)));
    }
  }

 private:
  static std::vector<Ball> start_of(const std::vector<ComplexBox>& boxes) {
    std::vector<Ball> out;
    out.reserve(4 * boxes.size());
    for (const ComplexBox& box : boxes) {
      out.push_back(Ball::exactly(box.x));
      out.push_back(Ball::exactly(box.y));
      out.emplace_back(1);
      out.emplace_back(0);
    }
    return out;
  }
  /// (f, f') -> (S(f), S'(f) f'), where S' is taken on f(centre) + f' (z - centre), which holds
  /// every value on the rectangle (it is convex).
  void score_of(const BallMixture<>& mixture, const std::vector<Ball>& at,
                std::vector<Ball>& out) const override {
    for (std::size_t i = 0; i < around_.size(); ++i) {
      const ComplexBall centre(at[4 * i], at[4 * i + 1]);
      const ComplexBall slope(at[4 * i + 2], at[4 * i + 3]);
      const ComplexBall value = mixture.at(centre).score();
      const ComplexBall derivative =
          mixture.at(centre + slope * around_[i]).score_derivative() * slope;
      out[4 * i] = value.real();
      out[4 * i + 1] = value.imaginary();
      out[4 * i + 2] = derivative.real();
      out[4 * i + 3] = derivative.imaginary();
    }
  }

  std::vector<ComplexBall> around_;
};

}  // namespace

MeanMap::Values MeanMap::at(int t, const std::vector<double>& points) const {
  std::vector<Ball> start;
  start.reserve(points.size());
  for (const double x : points) {
    start.push_back(Ball::exactly(x));
  }
  MeanWalk walk(law_, schedule_, std::move(start));
  sampler_.step(make_step(schedule_, t, 1), walk);
  return {walk.column(), walk.sd()};
}

std::vector<MeanMap::OnBox> MeanMap::on_boxes(int t, const std::vector<ComplexBox>& boxes) const {
  SlopeWalk walk(law_, schedule_, boxes);
  sampler_.step(make_step(schedule_, t, 1), walk);
  walk.sd();
  std::vector<OnBox> out;
  out.reserve(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const std::vector<Ball>& end = walk.column();
    out.push_back(
        {ComplexBall(end[4 * i], end[4 * i + 1]), ComplexBall(end[4 * i + 2], end[4 * i + 3])});
  }
  return out;
}

}  // namespace lemmabench
