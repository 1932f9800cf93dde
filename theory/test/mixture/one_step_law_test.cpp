#include "theory/mixture/one_step_law.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/legendre.hpp"

namespace lemmabench {
namespace {

const LineMixture<double> kThree({{0.5, -1.5, 0.1}, {0.3, 0.4, 0.2}, {0.2, 1.8, 0.05}});

TEST_CASE("a constant shift of a Gaussian is an error function, however small") {
  for (const double shift : {0.3, 1e-3, 1e-9, 1e-15}) {
    const TamperedStep step{.source = LineMixture<double>({{1.0, 0.2, 0.5}}),
                            .sd = 0.1,
                            .weights = {1.0},
                            .means = [&](double x, TamperedStep::Mean* out) {
                              *out = {0.9 * x, shift};
                            }};
    const double sd = std::sqrt(0.81 * 0.5 + 0.01);
    const double exact = std::erf(shift / (2 * std::sqrt(2.0) * sd));
    const Quantity tv = tampered_distance(step);
    CHECK(std::abs(tv.value() - exact) <= 1e-9 * exact);
    CHECK(tv.error() <= 1e-6 * exact);
  }
}

// The lattice of claim N1 under ddpm: mean u(x) - s/2.., here u(x) = x, shift -2 l frac(x/l).
TamperedStep sawtooth(double l, double sd, std::vector<double> cuts) {
  return {.source = kThree,
          .sd = sd,
          .weights = {1.0},
          .means =
              [=](double x, TamperedStep::Mean* out) {
                *out = {x, -2 * (x - l * std::floor(x / l))};
              },
          .cuts = std::move(cuts)};
}

TEST_CASE("a sawtooth far below the noise acts like an independent uniform phase") {
  const double l = 0.01;
  const double sd = 0.04;
  std::vector<double> cuts;
  for (int k = -700; k <= 700; ++k) {
    cuts.push_back(k * l);
  }
  const Quantity direct = tampered_distance(sawtooth(l, sd, cuts));
  QuadratureRule<double> phase = gauss_legendre<double>(5);
  for (std::size_t k = 0; k < 5; ++k) {
    phase.nodes[k] = (1 + phase.nodes[k]) / 2;
    phase.weights[k] /= 2;
  }
  const Quantity averaged = tampered_distance({.source = kThree,
                                               .sd = sd,
                                               .weights = phase.weights,
                                               .means = [&](double x, TamperedStep::Mean* out) {
                                                 for (const double f : phase.nodes) {
                                                   *out++ = {x, -2 * l * f};
                                                 }
                                               }});
  CHECK(std::abs(direct.value() - averaged.value()) <=
        1e-8 * averaged.value() + direct.error() + averaged.error());
  CHECK(averaged.value() > 0.004);
  CHECK(averaged.value() < 2 * l / (sd * std::sqrt(2 * 3.14159265358979)));
}

}  // namespace
}  // namespace lemmabench
