#include "theory/gaussian/gaussian_total_variation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <fstream>
#include <nlohmann/json.hpp>

#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "theory/test/gaussian/random_blocks.hpp"

namespace lemmabench {
namespace {

template <class Real>
RelativeBlocks<Real> view(const std::vector<RelativeBlock<Real>>& blocks) {
  return blocks;
}

Ball erf(const Ball& x) {
  Ball out;
  arb_hypgeom_erf(out.raw(), x.raw(), PrecisionScope::bits());
  return out;
}

/// P(N(0,1) <= x)
Ball normal_cdf(const Ball& x) { return (erf(x / sqrt(Ball(2))) + 1) / 2; }

Rational decimal(const char* text) { return Rational::parse(text, "test"); }

/// Both ways to the TV of one block, compared with `truth` by containment and tightness.
void check_both_ways(const Rational& e, long d, const Ball& truth) {
  CAPTURE(e.text());
  CAPTURE(d);
  const std::vector<RelativeBlock<Ball>> blocks{{Ball(e), Ball(0), d}};
  for (const Quantity& tv :
       {total_variation(view(blocks), 40), total_variation_by_contour(view(blocks), 40)}) {
    CHECK(tv.evidence() == Evidence::proved);
    CHECK(tv.interval().overlaps(truth));
    CHECK(accurate_to(tv.interval(), 39));
  }
}

TEST_CASE("total variation in one and two dimensions, by hand") {
  const PrecisionScope scope(600);
  for (const char* text :
       {"1e-40", "-1e-40", "1e-9", "0.1", "-0.1", "1", "-0.5", "-0.999", "3", "1000", "1e6"}) {
    const Rational e = decimal(text);
    const Ball x(e);
    // q exceeds p outside +-r: r^2/w = (1+e) log(1+e)/e, r^2/v = log(1+e)/e.
    const Ball outer = sqrt((x + 1) * log1p(x) / x / 2);
    const Ball inner = sqrt(log1p(x) / x / 2);
    check_both_ways(e, 1, abs(erf(outer) - erf(inner)));
    // d = 2: P(|X|^2 > y) = e^{-y/2}, hence TV = |e| (1+e)^{-1/e}/(1+e)
    check_both_ways(e, 2, abs(x) * exp(-log1p(x) / x) / (x + 1));
  }
}

TEST_CASE("the two proved routes agree in any dimension, to all digits") {
  const PrecisionScope scope(200);
  for (const long d : {3L, 4096L}) {
    for (const char* text : {"1e-40", "-3e-17", "0.01", "2", "1000", "-0.999"}) {
      const std::vector<RelativeBlock<Ball>> blocks{{Ball(decimal(text)), Ball(0), d}};
      check_both_ways(decimal(text), d, total_variation_by_contour(view(blocks), 45).interval());
    }
  }
}

TEST_CASE("equal variances: the error function; equal laws: 0") {
  const PrecisionScope scope(300);
  const std::vector<RelativeBlock<Ball>> shifted{{Ball(0), Ball(decimal("0.3")), 2},
                                                 {Ball(0), Ball(decimal("0.02")), 5}};
  const Quantity tv = total_variation(view(shifted), 40);
  CHECK(tv.interval().overlaps(erf(sqrt(Ball(decimal("0.04"))))));
  CHECK(accurate_to(tv.interval(), 40));
  // An e of 1e-60 changes nothing in 40 digits, but takes the contour.
  std::vector<RelativeBlock<Ball>> almost = shifted;
  almost[0].e = Ball(decimal("1e-60"));
  const Ball near = Ball::around(erf(sqrt(Ball(decimal("0.04")))), Ball(decimal("1e-59")));
  CHECK(total_variation(view(almost), 40).interval().overlaps(near));
  CHECK(estimate_total_variation(view<double>({{0, 0, 3}})).value == 0);
}

TEST_CASE("one dimension with a mean difference, by the roots of log p/q") {
  const PrecisionScope scope(400);
  struct Case {
    const char* e;
    const char* shift;
  };
  for (const Case& given :
       {Case{"1", "0.25"}, {"-0.5", "0.25"}, {"1e-10", "4"}, {"-1e-3", "1e-6"}, {"30", "100"}}) {
    const Ball e(decimal(given.e));
    const Ball delta = sqrt(Ball(decimal(given.shift)));
    const Ball v = e + 1;
    // log p/q = (1/2)(log v + (x-delta)^2/v - x^2) vanishes where e x^2 + 2 delta x - delta^2 =
    // v log v.
    const Ball root = sqrt(delta * delta + e * (delta * delta + v * log(v)));
    const Ball x1 = (-delta - root) / e;
    const Ball x2 = (-delta + root) / e;
    const Ball under_p = normal_cdf(x2) - normal_cdf(x1);
    const Ball s = sqrt(v);
    const Ball under_q = normal_cdf((x2 - delta) / s) - normal_cdf((x1 - delta) / s);
    const std::vector<RelativeBlock<Ball>> blocks{
        {Ball(decimal(given.e)), Ball(decimal(given.shift)), 1}};
    const Quantity tv = total_variation(view(blocks), 40);
    CAPTURE(given.e);
    CHECK(tv.interval().overlaps(abs(under_p - under_q)));
    CHECK(accurate_to(tv.interval(), 39));
  }
}

/// The defining integral (1/2 pi) int (1 - B(1/2+iy))/(1/4+y^2) dy on the real line, y = sinh t.
double on_the_real_line(const std::vector<RelativeBlock<double>>& blocks) {
  double sum = 0;
  const double step = 1.0 / 512;
  for (double t = step / 2; t < 32; t += step) {
    const std::complex<double> s(0.5, std::sinh(t));
    std::complex<double> log_b = 0;
    for (const auto& block : blocks) {
      const std::complex<double> w = 1.0 + s * block.e;
      const auto m = static_cast<double>(block.multiplicity);
      log_b += m / 2 * (s * std::log1p(block.e) - std::log(w));
      log_b -= s * (1.0 - s) * block.shift / w / 2.0;
    }
    sum += std::real(1.0 - std::exp(log_b)) / (0.25 + s.imag() * s.imag()) * std::cosh(t);
  }
  return sum * step / 3.14159265358979323846;
}

TEST_CASE("spectra that need the right contour finish, and give what they must") {
  const PrecisionScope scope(400);
  const auto tv_of = [](const std::vector<RelativeBlock<Ball>>& blocks) {
    const Ball out = total_variation_by_contour(view(blocks), 40).interval();
    CHECK(accurate_to(out, 39));
    return out;
  };
  const auto around = [](const Ball& x, const char* radius) {
    return Ball::around(x, Ball(decimal(radius)));
  };
  // A tiny e with a tiny shift must not decide to which side the curve opens.
  const RelativeBlock<Ball> a{Ball(Rational(-1, 2)), Ball(decimal("0.9")), 2};
  const RelativeBlock<Ball> b{Ball(decimal("0.08")), Ball(0), 3};
  const RelativeBlock<Ball> c{Ball(decimal("7e-31")), Ball(decimal("6e-60")), 2};
  CHECK(tv_of({a, b, c}).overlaps(around(tv_of({a, b}), "1e-29")));
  // A great many coordinates: intervals of log B must not cancel. Against the chi-square route.
  const std::vector<RelativeBlock<Ball>> many{{Ball(decimal("1e-3")), Ball(0), 1000000}};
  CHECK(tv_of(many).overlaps(total_variation(view(many), 40).interval()));
  tv_of({{Ball(decimal("1e-6")), Ball(0), 1000000000}});
  // Far apart, where 1 - TV is integrated: 1 - TV of N(0,1) and N(delta,1) is erfc(delta/sqrt 8).
  const Ball far = tv_of({{Ball(decimal("1e-80")), Ball(1000), 1}});
  CHECK(far.overlaps(around(erf(sqrt(Ball(125))), "1e-70")));
  tv_of({{Ball(decimal("0.1")), Ball(decimal("1e12")), 2}});
  // e -> infinity and e -> -1: p and q exchanged.
  const Ball wide =
      tv_of({{Ball(decimal("1e30")), Ball(0), 2}, {Ball(decimal("0.1")), Ball(0), 1}});
  const Ball narrow = tv_of({{1 / Ball(decimal("1e30") + Rational(1)) - 1, Ball(0), 2},
                             {1 / Ball(decimal("1.1")) - 1, Ball(0), 1}});
  CHECK(wide.overlaps(narrow));
  CHECK((1 - wide).to_double() < 1e-28);
}

TEST_CASE("the contour gives what the Fourier integral on the real line gives") {
  // Spectra whose B dies before it oscillates faster than the step resolves. Observed: 2e-13.
  const std::vector<std::vector<RelativeBlock<double>>> spectra{
      {{0.3, 0.2, 12}, {-0.2, 0, 9}},
      {{1.5, 0, 10}, {0.1, 3, 4}},
      {{-0.6, 0.5, 14}, {0.4, 0, 3}, {0, 0.7, 1}},
      {{0.5, 0, 20}, {-1.0 / 3, 0, 20}},
  };
  for (const auto& blocks : spectra) {
    const double expected = on_the_real_line(blocks);
    CHECK(std::abs(estimate_total_variation(view(blocks)).value - expected) < 1e-11);
  }
}

TEST_CASE("floating-point total variation: its error estimate covers its error") {
  std::mt19937_64 random(99);
  int checked = 0;
  for (int i = 0; i < 24; ++i) {
    const auto blocks = random_blocks(random, i % 2 == 0);
    CAPTURE(describe(blocks));
    const auto doubles = as<double>(blocks);
    std::vector<RelativeBlock<Ball>> balls;
    std::vector<RelativeBlock<Mp40>> numbers;
    for (const auto& block : doubles) {
      balls.push_back({Ball::exactly(block.e), Ball::exactly(block.shift), block.multiplicity});
      numbers.push_back({Mp40(block.e), Mp40(block.shift), block.multiplicity});
    }
    const PrecisionScope scope(200);
    const Ball truth = total_variation(view(balls), 20).interval();
    const auto got = estimate_total_variation(view(doubles));
    CHECK(Ball::around(Ball::exactly(got.value), Ball::exactly(got.error)).overlaps(truth));
    CHECK(got.error <= (got.value < 0.9 ? 1e-13 : 1e-12) * got.value);
    if (i % 8 != 0) {
      continue;
    }
    const auto more = estimate_total_variation(view(numbers));
    Ball number;
    arb_set_str(number.raw(), more.value.str(45, std::ios::scientific).c_str(), 200);
    CHECK(number.overlaps(Ball::around(truth, truth * Ball(decimal("1e-30")))));
    ++checked;
  }
  CHECK(checked == 3);
  // The far end of the range of double.
  const auto tiny = estimate_total_variation(view<double>({{1e-300, 0, 1}}));
  CHECK(std::abs(tiny.value / 2.4197072451914335e-301 - 1) < 1e-14);
}

// Selftest, seed 2026, question 6241: two halvings changed the sum by 2e-10 each, the first by
// accident, which was taken for rounding.
TEST_CASE("the trapezoid rule goes on where a change is small by accident") {
  const PrecisionScope scope(200);
  const char* const ratios[] = {"-0.0707365283828658", "-0.0748443543409752"};
  const long copies[] = {2, 1};
  std::vector<RelativeBlock<Ball>> balls;
  std::vector<RelativeBlock<Mp40>> numbers;
  std::vector<RelativeBlock<double>> doubles;
  for (int i = 0; i < 2; ++i) {
    const Rational e = Rational::parse(ratios[i], "test");
    balls.push_back({Ball(e), Ball(0), copies[i]});
    numbers.push_back({from_rational<Mp40>(e), Mp40(0), copies[i]});
    doubles.push_back({e.to_double(), 0, copies[i]});
  }
  const double truth = total_variation(view(balls), 20).interval().to_double();
  const auto fine = estimate_total_variation(view(numbers));
  CHECK(fine.error < 1e-35);
  CHECK(std::abs(static_cast<double>(fine.value) - truth) < 1e-15);
  const auto coarse = estimate_total_variation(view(doubles));
  CHECK(coarse.error < 1e-14);
  CHECK(std::abs(coarse.value - truth) < 1e-14);
}

TEST_CASE("Pinsker, Bretagnolle-Huber, Hellinger and chi-square brackets hold on every spectrum") {
  const PrecisionScope scope(160);
  std::mt19937_64 random(5);
  for (int i = 0; i < 30; ++i) {
    const auto spectrum = random_blocks(random, i % 2 == 0);
    CAPTURE(describe(spectrum));
    const auto blocks = as<Ball>(spectrum);
    const Ball tv = total_variation(view(blocks), 20).interval();
    const Ball h = hellinger(view(blocks));
    const auto at_most = [](const Ball& left, const Ball& right) {
      CHECK(right.less_than(left) != Truth::certainly);
    };
    at_most(h * h, tv);
    at_most(tv, h * sqrt(2 - h * h));
    for (const Ball& kl : {kl_pq(view(blocks)), kl_qp(view(blocks))}) {
      at_most(tv, sqrt(kl / 2));
      at_most(tv, sqrt(-expm1(-kl)));
      at_most(h * h * 2, kl);
    }
    for (const auto& [chi, kl] : {std::pair(chi_square_pq(view(blocks)), kl_pq(view(blocks))),
                                  std::pair(chi_square_qp(view(blocks)), kl_qp(view(blocks)))}) {
      if (chi && chi->finite()) {
        at_most(kl, log1p(*chi));
        at_most(tv, sqrt(*chi) / 2);
      }
    }
  }
}

TEST_CASE("radii of the blocks widen the total variation correctly and sparingly") {
  const PrecisionScope scope(200);
  const auto tv_of = [](const Ball& e, const Ball& shift) {
    const std::vector<RelativeBlock<Ball>> blocks{{e, shift, 5},
                                                  {Ball(decimal("0.1")), Ball(0), 2}};
    return total_variation(view(blocks), 40).interval();
  };
  const Ball radius(decimal("1e-15"));
  const Ball shift_radius(decimal("1e-18"));
  const Ball e(decimal("0.25"));
  const Ball shift(decimal("0.01"));
  const Ball wide = tv_of(Ball::around(e, radius), Ball::around(shift, shift_radius));
  for (int corner = 0; corner < 4; ++corner) {
    const Ball e_end = (corner & 1) != 0 ? e + radius : e - radius;
    const Ball shift_end = (corner & 2) != 0 ? shift + shift_radius : shift - shift_radius;
    CHECK(wide.contains(tv_of(e_end, shift_end)));
  }
  CHECK(wide.radius().to_double() < 3e-15);
  CHECK(wide.radius().to_double() > 1e-17);
  // A wide shift alone, where it matters most: equal variances.
  const auto shifted = [](const Ball& d) {
    const std::vector<RelativeBlock<Ball>> blocks{{Ball(0), d, 1}};
    return total_variation(view(blocks), 40).interval();
  };
  const Ball hazy = shifted(Ball::around(shift, radius));
  CHECK(hazy.contains(shifted(shift + radius)));
  CHECK(hazy.contains(shifted(shift - radius)));
  CHECK(hazy.radius().to_double() < 1e-14);  // 0.5 radius/sqrt(shift); 0.2 would do
  // Input with no digit at all is no reason to fail.
  CHECK(tv_of(Ball::around(e, Ball(1)), shift).contains(tv_of(Ball(1), shift)));
  const Ball maybe_shifted = tv_of(e, Ball::around(Ball(0), Ball(decimal("1e-30"))));
  CHECK(maybe_shifted.contains(tv_of(e, Ball(decimal("1e-30")))));
}

TEST_CASE("total variation of the reference laws, from the relative variance errors given there") {
  std::ifstream in(std::string(LEMMABENCH_SOURCE_DIR) + "/test/reference/gaussian_laws.json");
  REQUIRE(in.good());
  const PrecisionScope scope(300);
  int seen = 0;
  for (const auto& entry : nlohmann::json::parse(in)) {
    std::vector<RelativeBlock<Ball>> blocks;
    // 40 digits, rounded: half a unit in the last place is at most 5e-40 of the value.
    const auto given = [](const nlohmann::json& text) {
      const Ball value(Rational::parse(text.get<std::string>(), "reference"));
      return Ball::around(value, abs(value) * Ball(Rational::parse("5e-40", "")));
    };
    for (const auto& error : entry.at("relative_variance_error")) {
      blocks.push_back({given(error.at("value")), Ball(0), error.at("multiplicity").get<long>()});
    }
    const GaussianDivergences ours = gaussian_divergences(view(blocks), 38);
    const auto check = [&](const Quantity& value, const char* key) {
      CHECK(value.interval().overlaps(given(entry.at(key))));
      CHECK(accurate_to(value.interval(), 37));
    };
    check(ours.kl_pq, "kl_pq");
    check(ours.kl_qp, "kl_qp");
    check(ours.hellinger, "hellinger");
    if (entry.contains("tv")) {
      check(ours.tv, "tv");
      ++seen;
    }
  }
  CHECK(seen == 24);
}

}  // namespace
}  // namespace lemmabench
