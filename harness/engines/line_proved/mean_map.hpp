#pragma once

#include <vector>

#include "cases/sampler.hpp"
#include "numerics/ball.hpp"
#include "numerics/complex_ball.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// A rectangle of the complex plane: |Re z - x| <= half_width, |Im z - y| <= half_height.
struct ComplexBox {
  double x = 0;
  double y = 0;
  double half_width = 0;
  double half_height = 0;
};

/// One step t -> t-1 of a sampler on the line with the exact score of a mixture, as the kernel
/// x -> N(m(x), s^2) that it is: the sampler's own step, run on enclosures.
///
/// A sampler takes real combinations of its state and of scores of it. It is therefore run on
/// AffineForm<Ball>, whose column holds whatever real numbers stand for the state: the values at
/// many points, or the real and imaginary parts of a value and of a derivative on many rectangles.
class MeanMap {
 public:
  /// Refers to sampler and schedule. Precision: the thread's, here and in every call.
  MeanMap(const CoordinateLaw& law, const Schedule<Ball>& schedule, const Sampler& sampler)
      : law_(law), schedule_(schedule), sampler_(sampler) {}

  /// m at points of the real line, and the deviation s. Throws EngineRefusal if the step is no
  /// kernel of this kind: without noise, with noise twice or inside, with a clip or a memory. Cost:
  /// 2 us a point, component and score call.
  struct Values {
    std::vector<Ball> mean;
    Ball sd;
  };
  Values at(int t, const std::vector<double>& points) const;
  /// m at the centre of a rectangle and m' on all of it, continued from the real line.
  struct OnBox {
    ComplexBall centre;
    /// Contains m'(z) for every z; finite only where m is holomorphic on the whole rectangle.
    ComplexBall slope;
  };
  /// Cost: 15 us a rectangle, component and score call.
  std::vector<OnBox> on_boxes(int t, const std::vector<ComplexBox>& boxes) const;

  const CoordinateLaw& law() const { return law_; }
  const Schedule<Ball>& schedule() const { return schedule_; }

 private:
  const CoordinateLaw& law_;
  const Schedule<Ball>& schedule_;
  const Sampler& sampler_;
};

}  // namespace lemmabench
