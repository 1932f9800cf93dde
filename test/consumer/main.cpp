// What a program outside the tree does with the installed package: a schedule in balls, and the
// exact law of a sampler's output with a proved distance to the target.
#include <fmt/format.h>

#include "harness/law/law.hpp"
#include "lemmabench_version.hpp"
#include "numerics/ball.hpp"
#include "theory/process/schedule.hpp"

int main() {
  using namespace lemmabench;
  fmt::print("lemmabench {}\n", version::number);

  const Schedule<Ball> schedule(LiCaiSchedule{}, 1000);
  // abar_T = T^{-c0} with c0 = 2
  const bool exact = schedule.level(1000).abar.contains(Rational(1, 1000000));
  fmt::print("{} levels, abar_T is {}1e-6\n", schedule.steps(), exact ? "" : "not ");
  fmt::print("h_T = {:.12g}\n", schedule.h(1000).to_double());

  LawRequest request;
  request.target = "gaussian:dim=5,variance=0.3";
  request.sampler = "ddpm";
  request.schedule = LiCaiSchedule{};
  request.steps = 200;
  request.digits = 30;
  const LawResult law = compute_law(request, LawOptions{});
  fmt::print("TV = {} ({})\n", law.tv.decimal(20).value, name(law.tv.evidence()));
  return 0;
}
