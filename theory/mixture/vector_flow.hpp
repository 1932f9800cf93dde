#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "numerics/lanes.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// Runge and Kutta's method of order 4 with four stages (Kutta 1901), or that of order 6 with seven
/// of Butcher (J. Austral. Math. Soc. 4 (1964), p. 193).
enum class FlowMethod { kutta, butcher };

/// The exact probability flow dy/dtau = -score_tau(y)/2 of a law from tau = `from` to `from` +
/// `length`, in the coordinate y = x/sqrt(abar) (theory.md section 1 at fixed signal), by a
/// Runge-Kutta method.
///
/// It is integrated in u = sqrt(tau + core), core the law's core_variance: dy/du = -u score. On
/// N(m, core I), y - m is linear in u and one step exact; far from the data, where tau is all the
/// variance there is, nearly so (Karras et al. 2022 integrate in sqrt(tau) for this reason).
/// Substeps are equal in log u.
/// Only the displacement is integrated, so that short flows keep their relative
/// accuracy. The error is found by comparing `substeps` with twice as many.
class VectorFlow {
 public:
  /// Keeps a reference to `clean`. Prepares the 4 substeps + 1 marginals; with kutta 2 substeps
  /// + 1.
  VectorFlow(const VectorLaw& clean, FlowMethod method, double from, double length, int substeps);

  /// How many scores displacement takes: 4 substeps - 1 or 7 substeps - 1.
  static long score_calls(FlowMethod method, int substeps);

  /// out = y at the end less y at the start; start_score is the score at `from`, at them.
  void displacement(const Lanes* points, const Lanes* start_score, std::size_t groups,
                    Lanes* out) const;

 private:
  std::size_t dim_;
  FlowMethod method_;
  struct Substep {
    double start;
    double length;
  };
  std::vector<Substep> steps_;  // in u
  std::vector<std::unique_ptr<VectorMarginal>>
      nodes_;  // at the method's nodes after the start, the last in each substep being the next's
               // first
};

}  // namespace lemmabench
