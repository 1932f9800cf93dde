#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <tuple>

#include "numerics/log_bessel.hpp"
#include "numerics/log_gamma.hpp"
#include "theory/radial/radial_kernel.hpp"
#include "theory/radial/scale_mixture.hpp"
#include "theory/radial/shell_marginal.hpp"
#include "theory/radial/student_radius.hpp"

namespace lemmabench {
namespace {

// Beyond the mass 1e-28 the grid in the scale ends, and with it the tail.
constexpr double kSeen = -58;

double mass(const RadialMarginal& p, int points) {
  const RadialFeature where = p.feature(1e-20);
  const double step = (where.high - where.low) / points;
  double sum = 0;
  for (int i = 0; i <= points; ++i) {
    sum += std::exp(p.log_density(where.low + i * step));
  }
  return sum * step;
}

TEST_CASE("the Student marginal agrees with the proved one") {
  double worst = 0;
  for (const auto& [d, nu, abar] :
       std::initializer_list<std::tuple<long, Rational, double>>{{1, Rational(205, 100), 0.5},
                                                                 {3, Rational(4), 0x1p-17},
                                                                 {10, Rational(3), 0.5},
                                                                 {10, Rational(30), 1 - 0x1p-30},
                                                                 {256, Rational(3), 0x1p-3}}) {
    const Level<double> level{abar, 1 - abar};
    const ScaleMixture p(d, student_scale(nu.to_double()), level);
    const StudentMarginal proved(d, nu, {Ball::exactly(abar), Ball::exactly(1 - abar)});
    for (const double v : {-1.0, -0.25, 0.0, 0.5, 2.0, 6.0}) {
      // density of v = p(r) r^d times the sphere's area 2 pi^{d/2}/Gamma(d/2).
      const double r = std::sqrt(static_cast<double>(d)) * std::exp(v);
      const double half = 0.5 * static_cast<double>(d);
      const double exact = std::log(proved.density(Ball::exactly(r), 20).to_double()) +
                           2 * half * std::log(r) + std::log(2.0) + half * std::log(pi<double>()) -
                           log_gamma(half);
      if (exact > kSeen) {
        worst = std::max(worst, std::abs(p.log_density(v) - exact) / (1 + std::abs(exact)));
      }
    }
  }
  MESSAGE("worst relative difference of log densities: ", worst);
  CHECK(worst < 3e-13);
}

TEST_CASE("two finenesses of the grid in the scale agree") {
  for (const long d : {1L, 2L, 30L, 256L, 4096L}) {
    for (const ScaleLaw& law : {student_scale(2.05), student_scale(10), laplace_scale(1)}) {
      for (const double abar : {1e-6, 0.3, 0.999}) {
        const Level<double> level{abar, 1 - abar};
        const ScaleMixture coarse(d, law, level, 1);
        const ScaleMixture fine(d, law, level, 1.35);
        for (const double v : {-2.0, -0.1, 0.0, 0.1, 1.0, 5.0}) {
          const double a = coarse.log_density(v);
          if (a < kSeen) continue;
          const double tolerance = 1e-13 + 1e-15 * static_cast<double>(d) + 1e-15 * std::abs(a);
          INFO("d = ", d, ", abar = ", abar, ", v = ", v, ", log density ", a);
          CHECK(std::abs(a - fine.log_density(v)) < 3 * tolerance);
          CHECK(std::abs(coarse.score_factor(v) / fine.score_factor(v) - 1) < 3 * tolerance);
        }
      }
    }
  }
}

TEST_CASE("the score factor is the derivative of the log density") {
  const Level<double> level{0.4, 0.6};
  const ScaleMixture student(10, student_scale(3), level);
  const ShellMarginal shell(10, 1, level);
  for (const RadialMarginal* p :
       {static_cast<const RadialMarginal*>(&student), static_cast<const RadialMarginal*>(&shell)}) {
    for (const double v : {-1.0, -0.2, 0.0, 0.3, 1.2}) {
      // d log f/dv = d + r^2 g, f = p r^d.
      const double h = 1e-3;
      const double slope = (8 * (p->log_density(v + h) - p->log_density(v - h)) -
                            (p->log_density(v + 2 * h) - p->log_density(v - 2 * h))) /
                           (12 * h);
      const double square = 10 * std::exp(2 * v);
      CHECK(std::abs(slope - 10 - square * p->score_factor(v)) < 1e-9 * (10 + square));
    }
  }
}

TEST_CASE("distribution function and quantile of the radius") {
  const ScaleMixture p(10, student_scale(2.05), {0.5, 0.5});
  for (const double q : {1e-9, 0.01, 0.5, 0.99, 1 - 1e-9}) {
    const double v = p.quantile(q);
    CHECK(std::abs(p.cdf(v) - q) < 1e-12 * q);
    CHECK(std::abs(p.cdf(v) + p.upper_tail(v) - 1) < 1e-13);
  }
  CHECK(std::abs(mass(p, 4000) - 1) < 1e-12);
}

TEST_CASE("the shell's marginal has mass 1, its posterior mean lies in the ball") {
  for (const long d : {1L, 2L, 3L, 64L, 65L, 1024L, 4096L}) {
    for (const double noise : {0.999, 0.3, 1e-4}) {
      const ShellMarginal p(d, 1, {1 - noise, noise});
      CHECK(std::abs(mass(p, 4000) - 1) < 1e-12);
      CHECK(p.posterior_mean(0) <= 1);
      CHECK(p.posterior_mean(-40) >= 0);
    }
  }
}

TEST_CASE("the kernel is the formula with the Bessel function, and has mass 1 at any width") {
  for (const long d : {2L, 3L, 10L, 61L, 62L, 63L, 256L, 4096L}) {
    const RadialKernel kernel(d);
    const double order = 0.5 * static_cast<double>(d) - 1;
    for (const double m : {0.1, 3.0, 40.0, 300.0}) {  // in units of sigma
      const double middle = std::sqrt(m * m + static_cast<double>(d));
      for (const double rho : {0.9 * middle, middle, 1.1 * middle}) {
        const double log_formula = 2 * std::log(rho) + order * std::log(rho / m) -
                                   0.5 * (rho - m) * (rho - m) +
                                   log_bessel_i_scaled(order, rho * m);
        const double at = kernel.log_density(rho * rho, std::log(m / rho));
        CHECK(std::abs(at - log_formula) < 1e-11 * (1 + std::abs(log_formula)));
      }
    }
    for (const double m : {0.0, 1.0}) {
      double sum = 0;
      for (double v = -18; v <= 5; v += 0.005) {
        sum += 0.005 * kernel.density(std::exp(2 * v), std::log(m) - v);
      }
      INFO("d = ", d, ", m = ", m);
      CHECK(std::abs(sum - 1) < 1e-12);
    }
    for (const double m : {100.0, 1e6, 1e12}) {
      const double middle = std::sqrt(m * m + static_cast<double>(d) - 1);
      // In units of sigma/middle around log(middle/m), so that 1e-12 of m can be told.
      const double lift = 0.5 * std::log1p((static_cast<double>(d) - 1) / (m * m));
      double sum = 0;
      const double step = 0.02;
      for (double z = -12; z <= 12; z += step) {
        const double x = z / middle;
        const double log_rho = std::log(middle) + std::log1p(x);
        const double lean = -(lift + std::log1p(x));
        sum += kernel.density(std::exp(2 * log_rho), lean) / (1 + x) / middle * step;
      }
      INFO("d = ", d, ", m = ", m);
      CHECK(std::abs(sum - 1) < 1e-12);
    }
  }
}

}  // namespace

// In dimension 3 R(z) = coth z - 1/z.
TEST_CASE("a centred shell is the same law, and exact where it is thinner than doubles are dense") {
  const Level<double> wide{0.5, 0.5};
  const ShellMarginal plain(3, 2, wide);
  const ShellMarginal centred(3, 2, wide, true);
  for (const double v : {-1.0, -0.1, 0.0, 0.4}) {
    const double shifted = v + centred.log_unit();
    CHECK(std::abs(centred.log_density(v) - plain.log_density(shifted)) < 1e-13);
    CHECK(std::abs(centred.score_factor(v) / plain.score_factor(shifted) - 1) < 1e-12);
  }
  CHECK(plain.log_unit() == 0);
  for (const double noise : {1e-5, 2.99e-6, 3.01e-6, 1e-12, 1e-25}) {
    const ShellMarginal thin(3, 1, {1 - noise, noise}, true);
    for (const double part : {-3.0, -0.1, 0.2, 4.0}) {
      const double v = part * std::sqrt(noise);
      const double z = 3 * (1 - noise) * std::exp(v) / noise;
      const double expected = std::expm1(std::log1p(-1 / z) - v) / noise;
      CHECK(std::abs(thin.score_factor(v) / expected - 1) < 1e-11);
      // The density of v is that of a Gaussian in v sqrt(3/noise), and twice v more.
      const double density = 0.5 * std::log(3 / (2 * std::numbers::pi * noise)) -
                             1.5 * std::expm1(v) * std::expm1(v) / noise * (1 - noise);
      CHECK(std::abs(thin.log_density(v) - density) < 3 * std::abs(v) + 1e-13);
    }
  }
}

// p_t = k/2 e^{k^2 s/2} e^{-k x} for k x >> 1, k = sqrt(2/(abar m)), s the noise: the other half of
// the convolution is below e^{-2 k x}. Where log p is -1e4 the scale that matters is 5000 times the
// mean, which e^-5000 of all have.
TEST_CASE("far out the Laplace law falls like an exponential, not like a part of it") {
  for (const double abar : {1.0, 0.5, 1e-3}) {
    const double mean = 0.973;
    const Level<double> level{abar, abar == 1 ? 0.01 : 1 - abar};
    const ScaleMixture p(1, laplace_scale(mean), level);
    const double k = std::sqrt(2 / (abar * mean));
    double worst = 0;
    for (const double deviations : {30.0, 150.0, 1e3, 1e4, 5e4}) {
      const double x = deviations * std::sqrt(abar * mean) + 40 * level.noise * k;
      const double v = std::log(x);
      const double exact = std::log(k * x) + k * k * level.noise / 2 - k * x;
      CHECK(p.holds(v));
      worst = std::max(worst, std::abs(p.log_density(v) - exact) / std::abs(exact));
      CHECK(std::abs(p.score_factor(v) * x + k) < 1e-11 * k);
    }
    CHECK(worst < 1e-13);  // observed at most 1e-15
    CHECK_FALSE(p.holds(std::log(1e6 * std::sqrt(abar * mean))));
  }
}

// At noise 0: density of v = C (1 + r^2/nu)^{-(nu+d)/2} r^d.
TEST_CASE("far out a Student-t law with many degrees of freedom falls like a power") {
  for (const double nu : {1000.0, 50.0, 3.0}) {
    const ScaleMixture p(2, student_scale(nu), Level<double>{1, 0});
    const auto shape = [&](double v) {
      const double square = 2 * std::exp(2 * v);
      return -0.5 * (nu + 2) * std::log1p(square / nu) + 2 * v;
    };
    for (const double v : {1.0, 3.0, 6.0, 10.0}) {
      const double exact = p.log_density(0) + shape(v) - shape(0);
      CHECK(p.holds(v));
      CHECK(std::abs(p.log_density(v) - exact) < 1e-12 * std::abs(exact));
      const double factor = -(nu + 2) / (nu + 2 * std::exp(2 * v));
      CHECK(std::abs(p.score_factor(v) / factor - 1) < 1e-11);
    }
  }
}

}  // namespace lemmabench
