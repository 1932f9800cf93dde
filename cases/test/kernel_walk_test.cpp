// What an engine is handed of a sampler's noise: never a sign, never a zero.

#include "cases/kernel_walk.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "numerics/batch.hpp"

using namespace lemmabench;

namespace {

using State = Batch<double>;

/// Records the deviations that reach the engine; 0 for a deterministic kernel.
class Record final : public KernelWalk<State, double> {
 public:
  using KernelWalk<State, double>::move;
  State state() override { return {{0.5}, 1}; }
  State score(int, const State& y) override { return y; }
  State clip(const State& u, const double&) override { return u; }
  void move(const State&) override { kernels.push_back(0); }

  std::vector<double> kernels;
  std::vector<double> drawn;

 private:
  State with_noise(const State& y, const double& sd) override {
    drawn.push_back(sd);
    return y;
  }
  void move_with_noise(const State&, const double& sd) override { kernels.push_back(sd); }
};

}  // namespace

TEST_CASE("the noise of a kernel has the size of its coefficient, and none where that is 0") {
  Record walk;
  const State y = walk.state();
  for (const double coefficient : {0.25, -0.25, 0.0, -0.0}) {
    walk.move(y, coefficient);
    walk.add_noise(y, coefficient);
  }
  CHECK(walk.kernels == std::vector<double>{0.25, 0.25, 0, 0});
  CHECK(walk.drawn == std::vector<double>{0.25, 0.25});
}

TEST_CASE("a noise that is no finite number is refused") {
  Record walk;
  const State y = walk.state();
  for (const double coefficient :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(walk.move(y, coefficient), EngineRefusal);
    CHECK_THROWS_AS(walk.add_noise(y, coefficient), EngineRefusal);
  }
  CHECK(walk.kernels.empty());
}
