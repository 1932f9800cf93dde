#pragma once

#include <vector>

#include "harness/engines/line_proved/contour.hpp"
#include "harness/engines/line_proved/gauss_sum.hpp"
#include "harness/engines/line_proved/mean_map.hpp"

namespace lemmabench {

/// What a step has learned of the next: the fraction of the best height of the contour that the
/// poles of the scores allow. Only cost depends on it.
struct ContourGuess {
  double fraction = 1;
};

/// One midpoint rule with the contour that bounds its error. Nodes are (k + 1/2) spacing, first <=
/// k < last of each range; the tiles of a range cover it.
struct MidpointRule {
  struct Range {
    long first = 0;
    long last = 0;
    std::vector<ContourTile> tiles;
  };
  double spacing = 0;
  double height = 0;  ///< of the contour
  double error = 0;   ///< what the rule is off by at most, in L1
  std::vector<Range> ranges;
};

/// A law after a step, and what may be wrong with it.
struct ProvedStep {
  GaussSum law;
  /// An upper bound of ||K q - law||_1, K the kernel of the step and q the law it was given: the
  /// rule's error, the mass outside of the support, another deviation, the rounding of weights with
  /// what was left out, and the rounding of means.
  double defect = 0;

  /// What that rests on, for a certificate. Component j of the law is the node (nodes[j] + 1/2)
  /// spacing.
  MidpointRule rule;
  std::vector<long> nodes;
};

/// One noisy step of a GaussSum (docs/proved.md, P1 to P7): int q(x) N(.; m(x), s^2) dx by the
/// midpoint rule on the support of q, with the error of the rule bounded as an integral with values
/// in L1(dy) over a contour in the complex plane.
///
/// `tolerance` is what the rule may be off by; the defect is a little more, for rounding (about
/// 5e-14). `scale` is a length on which the score varies (the least deviation of p_t), which the
/// rectangles of the contour start from. Throws EngineRefusal where no contour was found, and when
/// the rule needs more than kMostNodes nodes. Cost: 1 to 3 nodes per deviation s of noise and range
/// of q, each a MeanMap value, and a few hundred rectangles.
ProvedStep proved_step(const GaussSum& q, const MeanMap& map, int t, double tolerance, double scale,
                       ContourGuess& guess);

inline constexpr double kMostNodes = 2e6;

}  // namespace lemmabench
