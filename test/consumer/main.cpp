// What a program outside the tree does with the installed package: a schedule in balls.
#include <cstdio>

#include "lemmabench_version.hpp"
#include "numerics/ball.hpp"
#include "theory/schedule.hpp"

int main() {
  const lemmabench::PrecisionScope precision(200);
  const lemmabench::Schedule<lemmabench::Ball> schedule(lemmabench::LiCaiSchedule{}, 1000);
  // abar_T = T^{-c0} with c0 = 2
  const bool exact = schedule.level(1000).abar.contains(lemmabench::Rational(1, 1000000));
  std::printf("lemmabench %.*s\n", static_cast<int>(lemmabench::version::number.size()),
              lemmabench::version::number.data());
  std::printf("%d levels, abar_T is %s1e-6\n", schedule.steps(), exact ? "" : "not ");
  std::printf("h_T = %.12g\n", schedule.h(1000).to_double());
  return exact ? 0 : 1;
}
