#include "theory/bounds/bounds.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

Rational decimal(const char* text) { return Rational::parse(text, "test"); }

const std::vector<long> kDimensions{1, 2, 16, 1000, 1000000};
const std::vector<const char*> kAccuracies{"0.9", "0.25", "1e-3", "1e-12"};
const std::vector<Rational> kSmoothness{Rational(1, 2), Rational(1), Rational(40)};

TEST_CASE("B1: reached_accuracy inverts complexity for every theorem") {
  const PrecisionScope scope(256);
  for (const Theorem& row : theorems()) {
    CAPTURE(row.id);
    for (const long d : kDimensions) {
      for (const char* text : kAccuracies) {
        for (const Rational& l : kSmoothness) {
          const Ball eps(decimal(text));
          const Ball steps = complexity(row, Ball(d), eps, Ball(l));
          const Ball back = reached_accuracy(row, steps, Ball(d), Ball(l));
          CHECK(back.overlaps(eps));
          CHECK(back.relative_accuracy_bits() >= 240);
          const Ball distance = row.metric == Metric::tv ? eps : eps * eps;
          CHECK(bound(row, steps, Ball(d), Ball(l)).overlaps(distance));

          const double e = decimal(text).to_double();
          const auto x = static_cast<double>(d);
          const double lip = l.to_double();
          const double round_trip = reached_accuracy(row, complexity(row, x, e, lip), x, lip);
          // Powers up to 4 of numbers rounded a few times. Observed: 1.6e-15.
          CHECK(std::abs(round_trip / e - 1) < 4e-15);
        }
      }
    }
  }
}

TEST_CASE("B1: d^(5/4)/sqrt(eps) inverts to d^(5/2)/T^2") {
  const Theorem& lc = theorem("lc-sde");
  // d = 16, T = 1000: 1024/10^6; the wrong inverse d^{5/4}/T would be 0.032.
  CHECK(bound(lc, Ball(1000), Ball(16), Ball(1)).contains(Rational(1024, 1000000)));
  CHECK(std::abs(bound(lc, 1000.0, 16.0, 1.0) / 1.024e-3 - 1) < 1e-15);
  CHECK(complexity(lc, Ball(16), Ball(Rational(1, 4)), Ball(1)).contains(Rational(64)));
  // The KL rows bound eps^2: d/T for d/eps^2, (d/T)^2 for d/eps.
  CHECK(bound(theorem("bddd-ddpm"), Ball(1000), Ball(10), Ball(1)).contains(Rational(1, 100)));
  CHECK(bound(theorem("jz-kl"), Ball(1000), Ball(10), Ball(1)).contains(Rational(1, 10000)));
  // HO: T = d^{1+2/K}/eps^{1/K}, bound d^{K+2}/T^K.
  CHECK(bound(theorem("ho-3"), Ball(100), Ball(10), Ball(1)).contains(Rational(1, 10)));
  // JL takes the smallest of its three factors: d = 1000, L = 1 -> d^{1/3} = 10.
  CHECK(complexity(theorem("jl-adaptive"), Ball(1000), Ball(1), Ball(1)).contains(Rational(10)));
  CHECK(
      complexity(theorem("jl-adaptive"), Ball(1000), Ball(1), Ball(8000)).contains(Rational(1000)));
  // GCC: L^{5/3} d^{5/12}/eps at L = 8, d = 4096: 32 * 32.
  CHECK(complexity(theorem("gcc-midpoint"), Ball(4096), Ball(1), Ball(8)).contains(Rational(1024)));
}

TEST_CASE("B2: complexities and bounds are monotone in T, d and eps") {
  const PrecisionScope scope(128);
  const auto less = [](const Ball& a, const Ball& b) { CHECK(a.less_than(b) == Truth::certainly); };
  const Ball l(3);
  const Ball more(decimal("1.001"));
  for (const Theorem& row : theorems()) {
    CAPTURE(row.id);
    for (const long d : kDimensions) {
      for (const char* text : kAccuracies) {
        const Ball eps(decimal(text));
        const Ball dim(d);
        const Ball steps(1000);
        less(complexity(row, dim, eps * more, l), complexity(row, dim, eps, l));
        less(complexity(row, dim, eps, l), complexity(row, dim * more, eps, l));
        less(bound(row, steps * more, dim, l), bound(row, steps, dim, l));
        less(bound(row, steps, dim, l), bound(row, steps, dim * more, l));
      }
    }
  }
}

TEST_CASE("B3: d^(5/4)/sqrt(eps) <= d/eps exactly when eps <= 1/sqrt(d)") {
  const PrecisionScope scope(256);
  const Theorem& lc = theorem("lc-sde");
  const Theorem& ly = theorem("ly-ddpm");
  for (const long d : kDimensions) {
    CAPTURE(d);
    const Ball crossing = crossing_accuracy(lc, ly, Ball(d));
    CHECK(crossing.overlaps(1 / sqrt(Ball(d))));
    CHECK(crossing_accuracy(ly, lc, Ball(d)).overlaps(crossing));
    const Ball hair(decimal("1e-60"));
    const auto faster = [&](const Ball& eps) {
      return complexity(lc, Ball(d), eps, Ball(1)).less_than(complexity(ly, Ball(d), eps, Ball(1)));
    };
    CHECK(faster(crossing * (1 - hair)) == Truth::certainly);
    CHECK(faster(crossing * (hair + 1)) == Truth::certainly_not);
  }
  // Equality, exactly, where everything is rational: d = k^4, eps = 1/k^2.
  for (const long k : {1L, 2L, 3L, 10L}) {
    const long d = k * k * k * k;
    const Ball eps(Rational(1, k * k));
    const Rational steps(d * k * k);
    CHECK(complexity(lc, Ball(d), eps, Ball(1)).contains(steps));
    CHECK(complexity(ly, Ball(d), eps, Ball(1)).contains(steps));
  }
  CHECK_THROWS_AS(crossing_accuracy(lc, theorem("jl-adaptive"), Ball(4)), InputError);
  CHECK_THROWS_AS(crossing_accuracy(ly, theorem("acc-sde"), Ball(4)), InputError);
}

TEST_CASE("the table is complete, unambiguous and honest about its sources") {
  std::set<std::string_view> ids;
  int quoted = 0;
  for (const Theorem& row : theorems()) {
    CAPTURE(row.id);
    CHECK(ids.insert(row.id).second);
    CHECK(&theorem(row.id) == &row);
    CHECK(!row.title.empty());
    CHECK(!row.paper.empty());
    CHECK(!row.formula.empty());
    CHECK((row.formula.find('L') != std::string_view::npos) == row.needs_smoothness());
    quoted += row.source == Source::quoted ? 1 : 0;
  }
  CHECK(quoted == 2);  // LC's rate and LY's theorem: [Q] in theory.md section 6
  CHECK(main_theorem_li_cai().rate_source == Source::quoted);
  CHECK(main_theorem_li_cai().logs_source == Source::derived);
  CHECK_THROWS_WITH_AS(theorem("lc"), doctest::Contains("lc-sde"), InputError);
}

TEST_CASE("D5 and D6 with their logarithms, and the constants they imply") {
  const PrecisionScope scope(256);
  const Ball log_t = log(Ball(1000));
  const Ball d5 = discretisation_bound(main_theorem_li_cai(), Ball(1000), Ball(16), true);
  CHECK(d5.overlaps(Ball(Rational(1024, 1000000)) * log_t * log_t * log_t * log_t * log_t));
  const Ball d6 = discretisation_bound(main_theorem_ddpm(), Ball(1000), Ball(16), true);
  CHECK(d6.overlaps(Ball(Rational(16, 1000)) * log_t * log_t * log_t));
  CHECK(discretisation_bound(main_theorem_ddpm(), Ball(1000), Ball(16), false)
            .contains(Rational(16, 1000)));

  const Quantity proved(Proved{Ball(Rational(1, 500))});
  const Quantity c = implied_constant(main_theorem_ddpm(), proved, 1000, 16, false);
  CHECK(c.evidence() == Evidence::proved);
  CHECK(c.interval().contains(Rational(1, 8)));
  const Quantity guess = Quantity::computed(0.002, 1e-6);
  CHECK(implied_constant(main_theorem_li_cai(), guess, 1000, 16, true).evidence() ==
        Evidence::computed);
  CHECK_THROWS_AS(implied_constant(main_theorem_ddpm(), proved, 1, 16, true), InputError);
}

TEST_CASE("the logarithmic bounds invert through Lambert's function") {
  const PrecisionScope scope(200);
  for (const MainTheorem* claim : {&main_theorem_li_cai(), &main_theorem_ddpm()}) {
    for (const char* text : {"0.5", "1e-3", "1e-30"}) {
      const Ball eps(decimal(text));
      const Ball steps = steps_with_logs(*claim, Ball(100), eps);
      CHECK(discretisation_bound(*claim, steps, Ball(100), true).overlaps(eps));
      CHECK(steps.relative_accuracy_bits() > 180);
      // On the falling branch: more steps, smaller bound.
      const Ball later = discretisation_bound(*claim, steps * 2, Ball(100), true);
      CHECK(later.less_than(eps) == Truth::certainly);
    }
    CHECK_THROWS_AS(steps_with_logs(*claim, Ball(1), Ball(1000)), InputError);
  }
}

TEST_CASE("E1's constants: the TV bound is the square root of half the KL bound") {
  const PrecisionScope scope(128);
  const Ball eps(decimal("0.01"));
  const Ball kl = ddpm_score_kl_bound(eps, Ball(9), Ball(1000));
  CHECK(kl.overlaps(Ball(decimal("0.00045")) * log(Ball(1000))));
  CHECK(ddpm_score_tv_bound(eps, Ball(9), Ball(1000)).overlaps(sqrt(kl / 2)));
}

TEST_CASE(
    "I1: the initial KL bound is exact for one Gaussian's second-order part and never cancels") {
  const PrecisionScope scope(256);
  // For a point mass at 0 the bound is KL(N(0, 1-abar) || N(0, 1)) itself.
  for (const char* text : {"1e-30", "0.3", "0.7"}) {
    const Ball abar(decimal(text));
    const Level<Ball> level{abar, 1 - abar};
    const Ball kl = (level.noise - 1 - log(level.noise)) / 2;
    const Ball got = initial_kl_bound(level, Ball(0), Ball(3));
    CHECK(got.overlaps(kl * 3));
    CHECK(got.relative_accuracy_bits() > 240);
    CHECK(initial_kl_bound(level, Ball(2), Ball(3)).overlaps(kl * 3 + abar));
  }
  // abar^2/4 a dimension to leading order, in double where abar + log(1-abar) would be 0.
  const double tiny = initial_kl_bound(Level<double>{1e-12, 1.0 - 1e-12}, 0.0, 1.0);
  CHECK(std::abs(tiny / 2.5e-25 - 1) < 1e-11);
  // Near the data end only 1-abar knows the logarithm.
  const double late = initial_kl_bound(Level<double>{1.0, 1e-20}, 0.0, 1.0);
  CHECK(std::abs(late / ((20 * std::log(10.0) - 1) / 2) - 1) < 1e-15);
}

}  // namespace
}  // namespace lemmabench
