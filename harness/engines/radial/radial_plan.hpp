#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/engines/radial/radial_bottom.hpp"
#include "harness/engines/radial/radial_map.hpp"
#include "harness/engines/radial/radial_noise.hpp"
#include "harness/engines/radial/radial_ratio.hpp"

namespace lemmabench {

class RadialPropagator;
struct RadialSettings;

/// The parts of a cell, at its ends, that other cells' densities are moved into.
struct RadialLayers {
  double left;
  double right;
};

/// How one kernel is applied to each panel of a law, and where the new law must be looked at.
class RadialPlan {
 public:
  struct PanelPlan {
    double need = 0;      ///< into how many parts its own nodes would have to cut it
    bool smooth = false;  ///< the map is increasing and a polynomial here
    bool bottom = false;  ///< all of its means are gathered at those of RadialBottom
  };

  /// No `noise` for a deterministic kernel. Keeps references.
  RadialPlan(const RadialPropagator& propagator, const PanelFunction<double>& source,
             const RadialMap& map, const RadialNoise* noise, const RadialBottom& bottom,
             const DyadicLine& line);

  const PanelPlan& panel(std::size_t i) const { return panels_[i]; }
  /// The panels to halve before the kernel can be applied. Throws EngineRefusal for a deterministic
  /// map that folds where there is mass, a map that leaves the grid, or too many panels.
  std::vector<std::size_t> too_wide() const;
  std::vector<Feature> features() const;
  /// Of a cell of the new law where the kernel hardly does more than move the density; none where
  /// it spreads the density over some of the cell's nodes, or moves it by next to nothing.
  ///
  /// Where the density moves from one cell to the next by less than their nodes lie from their
  /// ends, values at the nodes would never see the neighbour: step by step each polynomial would be
  /// continued beyond its cell, which is unstable. A projection in L2 is stable.
  std::optional<RadialLayers> layers(const Cell& cell) const;
  PanelRule output_rule() const;

 private:
  double middle(double v) const { return noise_->middle(v); }
  double mass(std::size_t i) const { return magnitudes_[i] * source_.width(i); }
  void survey(const RadialBottom& bottom);
  double tail_of(std::size_t i) const;
  void refuse_escape() const;
  [[noreturn]] void refuse_fold(std::size_t i) const;
  /// How far the density is moved from u, and how far it is spread there.
  double moved(double u) const;
  double spread(double u) const { return noise_ ? 1 / middle(u) : 0; }

  const RadialPropagator& propagator_;
  const RadialSettings& settings_;
  const PanelFunction<double>& source_;
  const RadialMap& map_;
  const RadialNoise* noise_;
  const DyadicLine line_;  ///< of the new law
  std::vector<double> magnitudes_;
  std::vector<PanelPlan> panels_;
};

}  // namespace lemmabench
