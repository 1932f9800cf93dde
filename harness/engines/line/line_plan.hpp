#pragma once

#include <limits>
#include <vector>

#include "harness/engines/line/line_kernel.hpp"
#include "harness/engines/line/line_map.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {

/// What is known of one source panel before anything is propagated.
struct PanelPlan {
  double low = 0;  ///< hull of the images under all copies
  double high = 0;
  double mass = 0;  ///< an upper bound: max|q| times the width
  double need = 0;  ///< into how many parts scattering would have to cut it
  /// q varies too fast here, against sd, for a few Gauss-Hermite nodes, or the map turns: what the
  /// noise reaches from here cannot be pushed forward.
  bool rough = false;
  /// Width of the image over that of the panel, the least of the copies.
  double stretch = std::numeric_limits<double>::infinity();
  double tail = 0;                                            ///< of the map
  double steepest = 0;                                        ///< the largest |m'| of the copies
  double flattest = std::numeric_limits<double>::infinity();  ///< the least
  double slope_noise = 0;                                     ///< what rounding may make of it
  bool one_to_one = true;
  bool turns = false;    ///< not one-to-one, with mass and noise: can be scattered only
  bool push = false;     ///< goes by push-forward
  bool inverted = true;  ///< its map must be inverted: some panel is pushed
};

/// How a kernel will be applied to a law: which panels are scattered and which pushed forward,
/// which are too wide for either, and how wide the panels of the new law may be. Refers to its
/// arguments.
template <class Real>
class KernelPlan {
 public:
  KernelPlan(LinePropagator<Real>& propagator, const PanelFunction<Real>& source,
             const LineKernel<Real>& kernel);

  std::size_t size() const { return plans_.size(); }
  const PanelPlan& operator[](std::size_t i) const { return plans_[i]; }
  std::size_t copies() const { return maps_.size(); }
  const LineMap<Real>& map(std::size_t copy) const { return maps_[copy]; }
  bool noisy() const { return kernel_.sd.has_value(); }
  double sd() const { return sd_; }
  /// Beyond it the noise has no mass.
  double reach() const { return reach_; }
  bool pushes() const;
  /// The panels of the pushed density that smoothing looks at: those under a panel that is pushed.
  std::vector<std::size_t> used(const PanelFunction<Real>& pushed) const;

  /// Chooses scatter or push-forward for every panel and lists those to halve first. Throws
  /// EngineRefusal when a deterministic map folds or collapses mass, when mass leaves the line, or
  /// beyond most_panels.
  std::vector<std::size_t> too_wide();
  /// How wide the panels of the new law may be over the image of each old one.
  std::vector<double> wanted_widths() const;
  /// The Gauss-Hermite nodes that the pushed density needs wherever it is used; the search starts
  /// from what the last kernel needed. 0 if no rule will do: the panels concerned are then marked
  /// as rough, and too_wide() must be asked again.
  int hermite_order(const PanelFunction<Real>& pushed);

 private:
  void survey();
  void refuse_escape() const;
  bool still(std::size_t i) const;
  [[noreturn]] void refuse_fold(std::size_t i) const;
  double widest_ratio(double mass) const;
  void choose(std::vector<bool>& halve);
  double hermite_loss(const PanelFunction<Real>& f, std::size_t i, int n, double stretch = 1,
                      double enough = std::numeric_limits<double>::infinity());
  bool rough(std::size_t i, double most);
  double scatter_loss(double tail) const;
  double kink_at_ends(const LineMap<Real>& map, std::size_t i) const;
  bool resolved_for_push(std::size_t i) const;
  bool joinable(std::size_t i) const;

  LinePropagator<Real>& propagator_;
  const LineSettings& settings_;
  const PanelFunction<Real>& source_;
  const LineKernel<Real>& kernel_;
  const std::size_t order_;
  double sd_ = 0;
  double reach_ = 0;
  std::vector<LineMap<Real>> maps_;  ///< one a copy
  std::vector<PanelPlan> plans_;
  std::vector<Real> scratch_;
};

#define LEMMABENCH_EXTERN(Real) extern template class KernelPlan<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
