#pragma once

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>

#include "cases/sampler.hpp"

namespace lemmabench {

/// gamma_j(node m) = int_0^{m/(K-1)} psi_j for the Lagrange basis psi on K equispaced nodes of
/// [0, 1], over a common denominator: weights[m][j]/denominator. For K = 1 the one node is 0 and
/// the integral goes to 1.
template <int K>
struct LagrangeIntegrals {
  int denominator;
  std::array<std::array<int, K>, K> weights;
};

template <int K>
constexpr LagrangeIntegrals<K> lagrange_integrals() {
  if constexpr (K == 1) {
    return {1, {{{1}}}};
  } else if constexpr (K == 2) {
    return {2, {{{0, 0}, {1, 1}}}};
  } else if constexpr (K == 3) {
    return {24, {{{0, 0, 0}, {5, 8, -1}, {4, 16, 4}}}};
  } else {
    static_assert(K == 4);
    return {72, {{{0, 0, 0, 0}, {9, 19, -5, 1}, {8, 32, 8, 0}, {9, 27, 27, 9}}}};
  }
}

/// The higher-order sampler of HO, K = 1..4 [Q: HO Alg. 1]: nodes tau_0 = 1-abar_t > ... >
/// tau_{K-1} = 1-abar_{t-1}, equispaced; Lagrange basis psi_j, gamma_j(tau') =
/// int_{tau'}^{tau_0} psi_j, and `refinements` times, from x(tau_j) = x(tau_0) rescaled,
///   x(tau')/sqrt(1-tau') <- x(tau_0)/sqrt(1-tau_0)
///                           + (1/2) sum_j gamma_j(tau') (1-tau_j)^{-3/2} s_{tau_j}(x(tau_j)).
/// The factor 1/2 is required by the flow; one printed form lacks it. For K = 1 the node is tau_0
/// and nothing is refined. Exact where the integrand is a polynomial of degree < K in tau.
template <int K>
class Heroism {
 public:
  explicit Heroism(Spec& spec)
      : refinements_(K == 1 ? 0 : spec.integer_or("refinements", 0, 1000, 0)) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = kIds[K - 1],
        .title = kTitles[K - 1],
        .formula =
            "x(tau')/sqrt(1-tau') <- x(tau_0)/sqrt(1-tau_0) + (1/2) sum_j gamma_j(tau') "
            "(1-tau_j)^{-3/2} s_{tau_j}(x(tau_j)), refined N times; tau_j equispaced from 1-abar_t "
            "to 1-abar_{t-1}, gamma_j(tau') = int_{tau'}^{tau_0} of the Lagrange basis",
        .source = "HO = Li, Zhou, Wei & Chen, arXiv 2506.24042, Algorithm 1",
        .tag = "quoted",
        .options = K == 1 ? "" : "refinements=N (default ceil(log T)); K by name or heroism:K=..",
        .score_calls = K == 1 ? 1 : 0,
        .deterministic = true,
        .order_single_gaussian = K == 3 ? 4 : K,  // Simpson's rule gains one
        .order_mixture = K == 3 ? 4 : K,
        .extra_logs = 1};
    return kInfo;
  }
  std::string text() const {
    const std::string name(kIds[K - 1]);
    return refinements_ == 0 ? name : fmt::format("{}:refinements={}", name, refinements_);
  }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    constexpr LagrangeIntegrals<K> integrals = lagrange_integrals<K>();
    // Points at signal sqrt(abar_t), and integrands abar_t (abar_t/abar_j)^{3/2} s_j/abar_t.
    std::array<State, K> x;
    std::array<State, K> integrand;
    x[0] = walk.state();
    integrand[0] = walk.score(c.t, x[0]);
    // (1/2) (tau_0 - tau_{K-1})/abar_t = b/(2 alpha).
    const Real half_length = c.b / (c.alpha * 2);
    const auto end = [&](int node) {
      State sum = x[0];
      for (int j = 0; j < K; ++j) {
        const int weight =
            integrals.weights[static_cast<std::size_t>(node)][static_cast<std::size_t>(j)];
        if (weight != 0) {
          sum = sum + (half_length * weight / integrals.denominator) *
                          integrand[static_cast<std::size_t>(j)];
        }
      }
      return sum;
    };
    if constexpr (K == 1) {
      walk.move(end(0) / c.sqrt_alpha);
    } else {
      for (std::size_t j = 1; j < K; ++j) {
        x[j] = x[0];
      }
      const long refinements = count(c.steps);
      for (long n = 0; n < refinements; ++n) {
        for (std::size_t j = 1; j < K; ++j) {
          integrand[j] = integrand_at(c, walk, static_cast<int>(j), x[j]);
        }
        for (std::size_t j = 1; j < K; ++j) {
          x[j] = end(static_cast<int>(j));
        }
      }
      walk.move(x[K - 1] / c.sqrt_alpha);
    }
  }

 private:
  static constexpr std::array<const char*, 4> kIds{"heroism-1", "heroism-2", "heroism-3",
                                                   "heroism-4"};
  static constexpr std::array<const char*, 4> kTitles{
      "the higher-order sampler of HO, one node (Euler in abar)",
      "the higher-order sampler of HO, two nodes", "the higher-order sampler of HO, three nodes",
      "the higher-order sampler of HO, four nodes"};

  /// In double, of an integer T >= 2: up to T = 10^7 log T comes no nearer to an integer than 1e-8.
  long count(int steps) const {
    return refinements_ > 0 ? refinements_ : std::lround(std::ceil(std::log(steps)));
  }

  /// (abar_t/abar_j)^{3/2} s_j(sqrt(abar_j/abar_t) X).
  template <class State, class Real>
  static State integrand_at(const Step<Real>& c, Walk<State, Real>& walk, int node,
                            const State& x) {
    using std::sqrt;
    if (node == K - 1) {
      return (c.alpha * c.sqrt_alpha) * walk.score(c.t - 1, x / c.sqrt_alpha);
    }
    // Weighted means of the two ends: nothing cancels.
    const int left = K - 1 - node;
    const Level<Real> level{(c.abar * left + c.abar / c.alpha * node) / (K - 1),
                            (c.noise * left + c.noise_next * node) / (K - 1)};
    const Real ratio = c.abar / level.abar;
    const Real root = sqrt(ratio);
    return (ratio * root) * walk.score_at(level, x / root);
  }

  long refinements_;
};

}  // namespace lemmabench
