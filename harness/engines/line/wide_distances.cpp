#include "harness/engines/line/wide_distances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "numerics/divergence_integrands.hpp"
#include "numerics/mp.hpp"
#include "numerics/total_variation.hpp"

namespace lemmabench {
namespace {

constexpr double kReach = 12;       // deviations of a component; 4e-33 lies beyond
constexpr double kWider = 1 << 14;  // than p's own line: cells keep 34 halvings for p
constexpr double kUnseen = 1e-13;
constexpr double kMostLog = 1000;

template <class Real>
DyadicLine line_of_mixture(const LineMixture<Real>& p) {
  double reach = 0;
  for (const auto& component : p.components()) {
    reach = std::max(reach, std::abs(to_double(component.mean)) +
                                kReach * std::sqrt(to_double(component.variance)));
  }
  return DyadicLine::covering(reach);
}

/// The weight of node k of panel i in an integral.
template <class Real>
Real node_weight(const PanelFunction<Real>& f, std::size_t i, std::size_t k) {
  return Real(f.width(i) / 2) * f.basis().weights()[k];
}

/// int q log(q/p), on the panels of q.
template <class Real>
Real divergence_from(const LineMixture<Real>& p, const PanelFunction<Real>& law,
                     const Real& unknown) {
  using std::log;
  const std::vector<Real> nodes = law.nodes();
  const std::size_t order = law.order();
  Real sum(0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Real& q = law.values(i / order, 0)[i % order];
    if (q * Real(law.width(i / order)) > unknown) {
      sum += node_weight(law, i / order, i % order) * q * (log(q) - p.log_density(nodes[i]));
    }
  }
  return sum;
}

}  // namespace

template <class Real>
bool is_wide(const LineMixture<Real>& p, const PanelFunction<Real>& law) {
  return law.line().half_width() > kWider * line_of_mixture(p).half_width();
}

template <class Real>
LawDistances<Real> wide_line_distances(const LineMixture<Real>& p, const PanelFunction<Real>& law,
                                       const LineSettings& settings) {
  const DyadicLine inner = line_of_mixture(p);
  std::vector<Feature> features;
  for (const auto& component : p.components()) {
    const double mean = to_double(component.mean);
    const double sd = std::sqrt(to_double(component.variance));
    features.push_back({mean - kReach * sd, mean + kReach * sd, 1.5 * sd});
  }
  for (std::size_t i = 0; i < law.panels(); ++i) {
    features.push_back({law.low(i), law.high(i), law.width(i)});
  }
  const std::size_t order = law.order();
  const Real least(1e-3 * settings.negligible);
  std::vector<Real> exact(order);
  std::vector<Real> computed(order * law.channels());
  const auto sample = [&](const Cell&, const Real* nodes, Real* out) {
    p.density(nodes, order, exact.data());
    law.evaluate(nodes, order, computed.data());
    for (std::size_t k = 0; k < order; ++k) {
      const Real q = std::max(computed[k], least);
      const auto at = divergence_integrands(exact[k], q, [&] { return p.log_density(nodes[k]); });
      out[k] = computed[k] - exact[k];
      out[order + k] = at[0];
      out[2 * order + k] = at[2];
      out[3 * order + k] = computed[k];
    }
  };
  const PanelFunction<Real> integrands = build_panels<Real>(
      law.shared_basis(), inner, 4, cover(inner, features, 0), sample, settings.panel_rule());
  const Real outside = std::max(Real(0), Real(law.integral(0) - integrands.integral(3)));
  return {.tv = {half_absolute_integral(integrands, 0) + outside / 2, Real(0)},
          .kl_pq = {integrands.integral(1) + outside, unseen_divergence(p, law, integrands, least)},
          .kl_qp = {divergence_from(p, law, least), Real(0)},
          .hellinger = hellinger_of(Real(integrands.integral(2) + outside / 2), p, law, integrands,
                                    Real(settings.negligible))};
}

template <class Real>
Real unseen_divergence(const LineMixture<Real>& p, const PanelFunction<Real>& law,
                       const PanelFunction<Real>& where, const Real& least) {
  const std::vector<Real> nodes = where.nodes();
  const std::size_t order = where.order();
  std::vector<Real> exact(nodes.size());
  std::vector<Real> computed(nodes.size() * law.channels());
  p.density(nodes.data(), nodes.size(), exact.data());
  law.evaluate(nodes.data(), nodes.size(), computed.data());
  Real unseen(0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!(computed[i] > least)) {
      unseen += node_weight(where, i / order, i % order) * exact[i];
    }
  }
  return to_double(unseen) > kUnseen ? Real(std::numeric_limits<double>::infinity())
                                     : Real(unseen * kMostLog);
}

template <class Real>
Estimate<Real> hellinger_of(const Real& square, const LineMixture<Real>& p,
                            const PanelFunction<Real>& law, const PanelFunction<Real>& where,
                            const Real& unknown) {
  using std::sqrt;
  const std::vector<Real> nodes = where.nodes();
  const std::size_t order = where.order();
  std::vector<Real> exact(nodes.size());
  std::vector<Real> computed(nodes.size() * law.channels());
  p.density(nodes.data(), nodes.size(), exact.data());
  law.evaluate(nodes.data(), nodes.size(), computed.data());
  Real off(0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (exact[i] > unknown && !(computed[i] > unknown)) {
      off += node_weight(where, i / order, i % order) * sqrt(Real(exact[i] * unknown));
    }
  }
  const Real hellinger = sqrt(square);
  return {hellinger, off > 0 ? Real(off / std::max(hellinger, Real(sqrt(off)))) : Real(0)};
}

#define LEMMABENCH_INSTANTIATE(Real)                                                          \
  template bool is_wide<Real>(const LineMixture<Real>&, const PanelFunction<Real>&);          \
  template LawDistances<Real> wide_line_distances<Real>(                                      \
      const LineMixture<Real>&, const PanelFunction<Real>&, const LineSettings&);             \
  template Real unseen_divergence<Real>(const LineMixture<Real>&, const PanelFunction<Real>&, \
                                        const PanelFunction<Real>&, const Real&);             \
  template Estimate<Real> hellinger_of<Real>(const Real&, const LineMixture<Real>&,           \
                                             const PanelFunction<Real>&,                      \
                                             const PanelFunction<Real>&, const Real&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
