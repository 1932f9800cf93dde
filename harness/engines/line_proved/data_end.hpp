#pragma once

#include <vector>

#include "harness/engines/line_proved/gauss_sum.hpp"
#include "harness/engines/line_proved/mean_map.hpp"

namespace lemmabench {

/// An upper bound of TV(K_t p_t, p_{t-1}), the error of one step by itself (docs/proved.md, P12):
///   P(X outside of the support) + sqrt(E|Phi(X) - Psi(X)|^2) / (sqrt(2 pi) c),
/// Psi = sqrt(alpha) m, c = sqrt(alpha) s, and Phi the exact flow at the signal of level t from
/// noise variance v_t to v_t - b - c^2. The expectation is a midpoint rule whose nodes hold
/// enclosures of Phi and Psi and whose error is bounded on a contour. Returns infinity where the
/// step has no such form (c^2 >= v_t - b) or no contour was found. Cost: some 200 flow steps and
/// rectangles, 30 ms for three components.
double local_error_bound(const MeanMap& map, int t);

/// The steps t = level .. 2 next to the data, whose noise is too small to follow: what they can do
/// to a total variation at level `level`, P11 to P13 of docs/proved.md. With q, q' two laws at that
/// level, q_1 and q'_1 what the steps make of them, p the exact law and A any set:
///   TV(q_1, q'_1) <= TV(q, q'),   TV(p_1, q_1) <= TV(p, q) + local,
///   TV(q_1, q'_1) >= (q - q')(A) - E,   TV(p_1, q_1) >= (p - q)(A) - E - local,
/// E = int |difference|(x) P(|N(0, variance)| >= dist(x, boundary of A) - drift) dx + escape.
struct DataEnd {
  int level = 1;  ///< 1: there is none
  double local = 0;
  double variance = 0;
};

/// The longest end with v_level and the sum of local errors small against `width`.
DataEnd find_data_end(const MeanMap& map, double width);

/// How far the means of all steps of the end together can carry a path that starts in `starts`, and
/// the probability that it leaves the region where that was found.
struct PathDrift {
  double drift = 0;
  double escape = 0;
};
/// Throws NumericalFailure where nothing useful was found. Cost: a few hundred rectangles a step.
PathDrift path_drift(const MeanMap& map, const DataEnd& end,
                     std::vector<GaussSum::Interval> starts);

}  // namespace lemmabench
