#include <doctest/doctest.h>

#include <cmath>

#include "theory/claims/score_error.hpp"
#include "theory/claims/score_perturbation.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

const Claim& e1() {
  static const Claim kClaim = score_energy_claims().front();
  return kClaim;
}

TEST_CASE("E1 holds, proved, with a constant just below one half") {
  test::NoLaboratory none;
  for (const Case& subject : {test::gauss_spread(), test::mixture_near()}) {
    const Outcome outcome = evaluate_claim(e1(), subject, {}, none);
    CHECK(outcome.verdict == Verdict::holds);
    CHECK(outcome.evidence == Evidence::proved);
    REQUIRE(outcome.constant);
    // (1/2)(1-abar_T)/(1 + L(1-abar_T)) at T = 2048, L = 9 log T/T: an error on level T alone.
    const double noise = 1 - std::pow(2048.0, -2);
    const double step = 9 * std::log(2048.0) / 2048;
    CHECK(std::abs(outcome.constant->value() - 0.5 * noise / (1 + step * noise)) < 1e-12);
  }
}

TEST_CASE("E1's controls are caught, on heavy tails too") {
  test::NoLaboratory none;
  const Case heavy{"student-t:dim=10,nu=3", "heavy",
                   TargetCase{"", RadialLaw{StudentLaw{10, Rational(3)}}}};
  const Case infinite{"student-t:dim=1,nu=1.9", "no variance",
                      TargetCase{"", RadialLaw{StudentLaw{1, Rational(19, 10)}}}};
  for (const Case& subject : {test::gauss_flat(), heavy, infinite}) {
    CHECK(evaluate_claim(e1(), subject, {}, none).verdict == Verdict::holds);
    CHECK(evaluate_claim(e1(), subject, {}, none, e1().controls.front().overrides).verdict ==
          Verdict::violated);
  }
}

// python3 -c "
//   from mpmath import *; mp.dps = 20; a = mpf('0.9'); n = mpf('0.1')
//   W = [mpf('0.5'), mpf('0.3'), mpf('0.2')]; M = [mpf('-1.5'), mpf('0.4'), mpf('1.8')]
//   V = [mpf('0.09'), mpf('0.16'), mpf('0.04')]
//   m = [sqrt(a)*x for x in M]; v = [a*x + n for x in V]; mu = fdot(W, m)
//   var = sum(w*(x*x + y) for w, x, y in zip(W, m, v)) - mu**2
//   p = lambda x: sum(w*npdf(x, k, sqrt(y)) for w, k, y in zip(W, m, v))
//   s = lambda x: sum(w*npdf(x, k, sqrt(y))*(k - x)/y for w, k, y in zip(W, m, v))/p(x)
//   c = [-6, -2, -1, 0, 1, 2, 6]
//   print(quad(lambda x: p(x)*2/var*sin(2*(x - mu)/sqrt(var))**2, c),
//         quad(lambda x: p(x)*s(x)**2, c), 1/var)"
TEST_CASE("sizes of the perturbations agree with quadrature") {
  const PrecisionScope precision(128);
  const Case three = test::mixture_three();
  const TargetCase& target = *three.target();
  const Level<Ball> level{Ball(Rational(9, 10)), Ball(Rational(1, 10))};
  const auto size = [&](PerturbationShape shape) {
    return perturbation_size(shape, target, level)->to_double();
  };
  CHECK(std::abs(size(PerturbationShape::wave) - 0.64487986194478764) < 1e-12);
  CHECK(std::abs(size(PerturbationShape::score) - 3.2562628787605628) < 1e-5);
  CHECK(std::abs(size(PerturbationShape::gain) - 0.56683237066302382) < 1e-12);
  CHECK(std::abs(size(PerturbationShape::shift) - 10) < 1e-12);
  const Case infinite{"", "", TargetCase{"", RadialLaw{StudentLaw{1, Rational(19, 10)}}}};
  CHECK_FALSE(perturbation_size(PerturbationShape::gain, *infinite.target(), level));
  CHECK_FALSE(perturbation_size(PerturbationShape::wave, *infinite.target(), level));
}

}  // namespace
}  // namespace lemmabench
