#include <doctest/doctest.h>

#include <cmath>

#include "theory/claims/forward.hpp"
#include "theory/test/claims/forward_verdicts.hpp"

namespace lemmabench {
namespace {

const std::vector<Case>& mixtures() {
  static const std::vector<Case> kCases{test::mixture_near(), test::mixture_far()};
  return kCases;
}

TEST_CASE("F8, stochastic localisation on mixtures") {
  test::holds(claim_f8(), Evidence::proved, mixtures());
  test::controls_are_caught(claim_f8(), "mixture");
}

TEST_CASE("F10, transport on mixtures") {
  test::holds(claim_f10(), Evidence::proved, mixtures());
  test::controls_are_caught(claim_f10(), "mixture");
}

/// The constant recorded for T = 128 and d = 1.
double constant_at_128(const Outcome& outcome) {
  for (const ConstantPoint& point : outcome.constants) {
    if (point.steps == 128 && point.dim == 1) {
      return point.value.value();
    }
  }
  return 0;
}

// The numbers: sums over t = 2..128 of h_t E J_t^2 and h_t E Sigma_t^2, over log 128, the
// expectations by the trapezoidal rule with 400 nodes in plain Python floats.
TEST_CASE("F9, sums over the levels on mixtures, against a second computation") {
  const std::vector<double> j{1.524869648, 1.654560155};
  const std::vector<double> sigma{6.453493847, 6.328919311};
  for (std::size_t i = 0; i < mixtures().size(); ++i) {
    const Outcome of_j = test::judge(claim_f9(), mixtures()[i]);
    CHECK(of_j.verdict == Verdict::holds);
    CHECK(std::abs(constant_at_128(of_j) - j[i]) < 2e-3);
    const Outcome of_sigma = test::judge(claim_f9_sigma(), mixtures()[i]);
    CHECK(of_sigma.verdict == Verdict::holds);
    CHECK(std::abs(constant_at_128(of_sigma) - sigma[i]) < 2e-3);
  }
}

}  // namespace
}  // namespace lemmabench
