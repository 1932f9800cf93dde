#include <doctest/doctest.h>

#include <utility>

#include "harness/test/engines/proved_cases.hpp"

namespace lemmabench {
namespace {

void check_seeds(int from, int to) {
  for (int seed = from; seed < to; ++seed) {
    ProvedCase c = random_proved_case(seed);
    c.decomposition = seed % 10 == 0;
    check_contains(c, "1e-7");
  }
}

TEST_CASE("the computed line law lies in the proved interval, random cases 0 to 49") {
  check_seeds(0, 50);
}
TEST_CASE("the computed line law lies in the proved interval, random cases 50 to 99") {
  check_seeds(50, 100);
}
TEST_CASE("the computed line law lies in the proved interval, random cases 100 to 149") {
  check_seeds(100, 150);
}
TEST_CASE("the computed line law lies in the proved interval, random cases 150 to 199") {
  check_seeds(150, 200);
}

TEST_CASE("the line law of 25 digits lies in the proved interval, narrow, in 20 random cases") {
  for (int seed = 1000; seed < 1020; ++seed) {
    ProvedCase c = random_proved_case(seed);
    c.decomposition = false;
    c.steps = 25;
    check_contains(c, "1e-9", 25);
  }
}

TEST_CASE("the default schedule, whose last steps are bounded and not followed") {
  // What the last steps of ddpm may do is bounded by 2.6 times the goal.
  const std::pair<const char*, double> samplers[] = {{"li-cai", 1}, {"ddpm", 4}};
  for (const auto& one : samplers) {
    check_contains({.target = "mixture-three",
                    .sampler = one.first,
                    .most_widths = one.second,
                    .schedule = "li-cai",
                    .steps = 120,
                    .decomposition = false},
                   "1e-6");
  }
}

}  // namespace
}  // namespace lemmabench
