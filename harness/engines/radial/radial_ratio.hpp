#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "numerics/panels.hpp"
#include "theory/radial/radial_marginal.hpp"

namespace lemmabench {

/// What a law of the radius is held against (theory.md section 4, ratio r = q/p): w = p + floor,
/// the density of v of one marginal and a little more, so that no law is infinitely far from it.
class RadialReference {
 public:
  RadialReference(const RadialMarginal& p, double floor);
  /// log w(v).
  double log_weight(double v) const;

 private:
  const RadialMarginal& p_;
  double floor_;
  double log_floor_;
};

/// Laws of the radius by ratios: channel k is r_k = f_k/w, smooth at the scale of p however far
/// out, and the last channel is log w. An error of r in the tails stays in proportion to p there,
/// where one of f would spread outwards from step to step.
class RatioRule {
 public:
  /// `rule` speaks of the densities f_k.
  RatioRule(std::shared_ptr<const LegendreBasis<double>> basis, const PanelRule& rule);

  /// Of a panel with `channels` channels, log w among them. Resolved: r_k, f_k and log w are
  /// polynomials there, up to errors whose mass is the rule's tolerance, or up to noise.
  PanelVerdict verdict(double low, double width, const double* values, std::size_t channels) const;
  PanelVerdict verdict(double low, double width, const double* values, std::size_t channels,
                       double tolerance) const;

  /// Puts a law on panels; `ratios` writes all channels at the nodes of a cell, log w too.
  PanelFunction<double> build(const DyadicLine& line, std::size_t densities,
                              const std::vector<Cell>& cells,
                              const PanelSampler<double>& ratios) const;

 private:
  std::shared_ptr<const LegendreBasis<double>> basis_;
  PanelRule rule_;
};

/// Turns the densities f_k at `count` points, in blocks, into ratios, and appends log w.
void divide_by_weight(const RadialReference& reference, const double* points, std::size_t count,
                      std::size_t densities, double* values);

/// The density sum_k factors[k] f_k of a law held by ratios, on its panels.
PanelFunction<double> combined_density(const PanelFunction<double>& law,
                                       std::span<const double> factors);

/// max |f_k| over the nodes of panel i and all k.
double largest_density(const PanelFunction<double>& law, std::size_t i);

}  // namespace lemmabench
