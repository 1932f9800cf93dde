// How two runs of a law become numbers with errors: the factor, the floor, who is who.
#include "harness/engines/common/two_runs.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

LawNumbers<double> numbers(double shift) {
  LawNumbers<double> out;
  out.distances = {.tv = {0.5 + shift, 0},
                   .kl_pq = {0.25 + shift, 0},
                   .kl_qp = {0.125 + shift, 0},
                   .hellinger = {0.375 + shift, 0}};
  out.parts.discretisation = Estimate<double>{0.5 + shift, 0.25};
  out.local = {{1 + shift, 0}, {2 + shift, 0}, {3 + shift, 0}};
  out.score_calls = shift == 0 ? 7 : 8;
  return out;
}

/// Radii are kept to 30 bits and rounded up.
bool just_above(double error, double exact) {
  return error >= exact && error <= exact * (1 + 1e-8);
}

}  // namespace

// All numbers are powers of two and their sums: no comparison is rounded.
TEST_CASE("two runs: the value is the finer, its error twice the difference and its own floor") {
  const Quantity one = judged<double>({1.0, 5.0}, {1.25, 0.125});
  CHECK(one.value() == 1.25);
  CHECK(just_above(one.error(), 2 * 0.25 + 0.125));
  CHECK(one.evidence() == Evidence::computed);
  CHECK(judged<double>({2.0, 0.0}, {2.0, 0.0}).error() == 0);
  CHECK(judged<double>({2.0, 0.0}, {2.0, HUGE_VAL}).extent() == Extent::unknown);
  CHECK_THROWS_AS(judged<double>({1.0, 0.0}, {NAN, 0.0}), NumericalFailure);
}

TEST_CASE("two runs: what a law is off widens every distance, a divergence by itself too") {
  LawDistances<double> all{{0.5, 0.25}, {1, 0}, {2, 0}, {0.25, 0}};
  all.widen(0.125);
  CHECK(all.tv.error == 0.375);
  CHECK(all.kl_pq.error == 0.25);
  CHECK(all.kl_qp.error == 0.375);
  CHECK(all.hellinger.error == 0.125);
  CHECK(all.tv.value == 0.5);
}

TEST_CASE("two runs: every number goes to its own place, local errors to their t") {
  LawResult out;
  judge_runs(numbers(0.0625), numbers(0), out);
  CHECK(out.tv.value() == 0.5);
  CHECK(out.kl_pq.value() == 0.25);
  CHECK(out.kl_qp.value() == 0.125);
  CHECK(out.hellinger.value() == 0.375);
  for (const Quantity* each : {&out.tv, &out.kl_pq, &out.kl_qp, &out.hellinger}) {
    CHECK(just_above(each->error(), 2 * 0.0625));
  }
  REQUIRE(out.parts.discretisation);
  CHECK(just_above(out.parts.discretisation->error(), 2 * 0.0625 + 0.25));
  CHECK_FALSE(out.parts.initialisation);
  REQUIRE(out.local_errors.size() == 3);  // T = 4: t = 4, 3, 2
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(out.local_errors[i].t == 4 - static_cast<long>(i));
    CHECK(out.local_errors[i].value.value() == static_cast<double>(i + 1));
  }
  CHECK(out.score_calls == 7);
}
