#include "numerics/random_normals.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "numerics/lanes.hpp"

namespace lemmabench {
namespace {

std::vector<double> draw(std::size_t groups, std::size_t dim) {
  std::vector<Lanes> out(groups * dim);
  random_normals({.seed = 7, .stream = 1, .step = 3}, 0, groups, dim, out.data());
  std::vector<double> flat;
  for (const Lanes& z : out) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      flat.push_back(z.v[l]);
    }
  }
  return flat;
}

TEST_CASE("Philox4x64-10 gives the known answers of Random123's kat_vectors") {
  const auto zeros = random_block({}, 0, 0);
  CHECK(zeros[0] == 0x16554d9eca36314cULL);
  CHECK(zeros[1] == 0xdb20fe9d672d0fdcULL);
  CHECK(zeros[2] == 0xd7e772cee186176bULL);
  CHECK(zeros[3] == 0x7e68b68aec7ba23bULL);
}

TEST_CASE("every number is a function of its counter") {
  std::vector<Lanes> all(6 * 10);
  std::vector<Lanes> part(2 * 7);
  const RandomKey key{.seed = 5, .stream = 2, .step = 9};
  random_normals(key, 0, 6, 10, all.data());
  random_normals(key, 24, 2, 7, part.data());
  for (std::size_t g = 0; g < 2; ++g) {
    for (std::size_t i = 0; i < 7; ++i) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        CHECK(part[g * 7 + i][l] == all[(g + 3) * 10 + i][l]);
      }
    }
  }
  std::vector<Lanes> other(1);
  random_normals({.seed = 5, .stream = 3, .step = 9}, 0, 1, 1, other.data());
  CHECK(other[0][0] != all[0][0]);
}

TEST_CASE("the normals are Box and Muller's of the library's uniforms") {
  const RandomKey key{.seed = 11, .stream = 0, .step = 1};
  std::vector<Lanes> out(4 * 200);
  random_normals(key, 0, 200, 4, out.data());
  double worst = 0;
  for (std::size_t s = 0; s < 1600; ++s) {
    const auto word = random_block(key, s, 0);
    const auto unit = [](std::uint64_t w) {
      return (static_cast<long double>(w >> 12) + 0.5L) * 0x1p-52L;
    };
    const long double radius = std::sqrt(-2 * std::log(unit(word[0])));
    const long double angle = 2 * 3.14159265358979323846264L * unit(word[1]);
    const auto l = s % kLanes;
    const long double z[] = {radius * std::cos(angle), radius * std::sin(angle)};
    for (std::size_t i = 0; i < 2; ++i) {
      worst = std::max(worst, static_cast<double>(std::fabs(z[i] - out[s / kLanes * 4 + i].v[l])));
    }
  }
  CHECK(worst < 2e-15);  // observed 5.5e-16
}

// n = 200,000: the mean has deviation 1/sqrt(n), the variance sqrt(2/n), the fourth moment
// sqrt(96/n); five deviations. Kolmogorov's statistic sqrt(n) D is above 2.2 once in 8,000 runs.
TEST_CASE("moments and distribution function") {
  std::vector<double> z = draw(250, 100);
  const auto n = static_cast<double>(z.size());
  double m1 = 0;
  double m2 = 0;
  double m4 = 0;
  for (const double x : z) {
    m1 += x / n;
    m2 += x * x / n;
    m4 += x * x * x * x / n;
  }
  CHECK(std::fabs(m1) < 5 / std::sqrt(n));
  CHECK(std::fabs(m2 - 1) < 5 * std::sqrt(2 / n));
  CHECK(std::fabs(m4 - 3) < 5 * std::sqrt(96 / n));
  std::sort(z.begin(), z.end());
  double gap = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double cdf = std::erfc(-z[i] / std::sqrt(2.0)) / 2;
    gap = std::max({gap, std::fabs(cdf - static_cast<double>(i) / n),
                    std::fabs(cdf - static_cast<double>(i + 1) / n)});
  }
  CHECK(gap * std::sqrt(n) < 2.2);
}

TEST_CASE("neighbouring coordinates, samples, steps and streams are uncorrelated") {
  constexpr std::size_t kGroups = 4000;
  const auto first = [&](const RandomKey& key, std::uint64_t start, std::size_t coordinate) {
    std::vector<Lanes> out(kGroups * 5);
    random_normals(key, start, kGroups, 5, out.data());
    std::vector<double> column;
    for (std::size_t g = 0; g < kGroups; ++g) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        column.push_back(out[g * 5 + coordinate].v[l]);
      }
    }
    return column;
  };
  const RandomKey key{.seed = 1, .stream = 1, .step = 1};
  const std::vector<double> base = first(key, 0, 0);
  for (const auto& other :
       {first(key, 0, 1), first(key, 0, 2), first(key, 0, 4), first(key, 1, 0),
        first({1, 2, 1}, 0, 0), first({1, 1, 2}, 0, 0), first({2, 1, 1}, 0, 0)}) {
    double product = 0;
    for (std::size_t i = 0; i < base.size(); ++i) {
      product += base[i] * other[i];
    }
    const auto n = static_cast<double>(base.size());
    CHECK(std::fabs(product) / n < 5 / std::sqrt(n));
  }
}

TEST_CASE("lane functions against the library in long double") {
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<double> unit(0, 1);
  double exp_error = 0;
  double log_error = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    Lanes x;
    Lanes u;
    for (std::size_t l = 0; l < kLanes; ++l) {
      const double r = unit(engine);
      x.v[l] = -std::pow(10.0, 6 * r - 3.2);
      u.v[l] = l % 2 == 0 ? unit(engine) : 1 - std::pow(10.0, -15 * r);
    }
    Lanes e;
    Lanes g;
    lane_exp(x.v, e.v);
    lane_log(u.v, g.v);
    for (std::size_t l = 0; l < kLanes; ++l) {
      const long double truth = std::exp(static_cast<long double>(x.v[l]));
      if (x.v[l] >= -708) {
        exp_error = std::max(exp_error, static_cast<double>(std::fabs(e[l] / truth - 1)));
      } else {
        CHECK(e[l] == 0);
      }
      const long double logarithm = std::log(static_cast<long double>(u.v[l]));
      if (logarithm != 0) {
        log_error = std::max(log_error, static_cast<double>(std::fabs(g[l] / logarithm - 1)));
      } else {
        CHECK(g[l] == 0);
      }
    }
  }
  CHECK(exp_error < 3e-16);  // observed 1.6e-16
  CHECK(log_error < 5e-16);  // observed 3.9e-16
}

}  // namespace
}  // namespace lemmabench
