#include "theory/radial/student_radius.hpp"

#include <doctest/doctest.h>

#include "numerics/adaptive_precision.hpp"
#include "numerics/chi_square.hpp"

using namespace lemmabench;

namespace {

Rational exact(const char* text) { return Rational::parse(text, "test"); }

Level<Ball> level(const char* abar) {
  const Rational a = exact(abar);
  return {Ball(a), Ball(Rational(1) - a)};
}

/// The reference, known to 15 digits.
Ball reference(const char* text) {
  const Ball value = Ball(exact(text));
  return Ball::around(value, abs(value) * Ball(exact("1e-15")));
}

}  // namespace

// mpmath, dps = 30, with f(u) = exp(k log k - loggamma(k) - k u - k e^-u), k = nu/2, and
//   E = lambda g: quad(lambda u: g(exp(u))*f(u), [-8,-4,-2,0,2,5,10,20,40,80,160]):
//   density: E(lambda w: (2 pi (a w+1-a))**(-d/2)*exp(-r*r/2/(a w+1-a)))
//   tail:    E(lambda w: gammainc(d/2, r*r/2/(a w+1-a))/gamma(d/2))
//   divergence: a*2/(nu-2) - E(lambda w: log(a w+1-a))
TEST_CASE("Student marginals against mpmath") {
  const PrecisionScope scope(128);
  struct Row {
    long dim;
    const char *nu, *abar, *r, *density, *tail, *divergence;
  };
  const Row rows[] = {{1, "2.1", "0.5", "3", "0.0209990432128239916", "0.0560618034223431952",
                       "9.54652937770207026"},
                      {1, "3", "1e-4", "40", "1.30030529657960432e-12", "3.4587862069731601e-11",
                       "4.27263504388785611e-6"},
                      {10, "3", "0.9", "20", "5.5466780369566709e-17", "0.00489803369869627199",
                       "1.43412380217734351"},
                      {3, "4", "0.25", "2", "0.00846581982707918677", "0.323616895093708015",
                       "0.107266596303312188"}};
  for (const Row& row : rows) {
    const StudentMarginal law(row.dim, exact(row.nu), level(row.abar));
    const Ball r = Ball(exact(row.r));
    CHECK(law.density(r, 10).overlaps(reference(row.density)));
    CHECK(accurate_to(law.density(r, 10), 10));
    CHECK(law.tail(r, 10).overlaps(reference(row.tail)));
    CHECK(accurate_to(law.tail(r, 10), 10));
    CHECK(law.mean_scale_divergence(12).overlaps(reference(row.divergence)));
  }
}

TEST_CASE("at the origin, and moments") {
  const PrecisionScope scope(128);
  const StudentMarginal law(10, Rational(3), level("0.9"));
  CHECK(law.density(Ball(0), 8).overlaps(reference("0.00128562378008683679")));
  CHECK(law.tail(Ball(0), 8).contains(Rational(1)));
  // d (a nu/(nu-2) + 1-a)
  CHECK(law.second_moment().contains(exact("28")));
  CHECK_FALSE(StudentMarginal(1, exact("19/10"), level("0.9")).second_moment().finite());
}

TEST_CASE("the complex chi-square tail on the real line") {
  const PrecisionScope scope(128);
  for (const long d : {1L, 2L, 3L, 10L, 11L}) {
    for (const char* y : {"0.01", "1", "7", "90"}) {
      const Ball point = Ball(exact(y));
      const Ball upper = chi_square_upper(ComplexBall(point), d, true).real();
      CHECK(upper.overlaps(chi_square_upper(2 * point, d)));
      CHECK(accurate_to(upper, 25));
    }
    const ComplexBall cut = chi_square_upper(ComplexBall(Ball(-1)), d, true);
    CHECK(cut.finite() == (d % 2 == 0));
  }
}
