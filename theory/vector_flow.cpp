#include "theory/vector_flow.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lemmabench {
namespace {

constexpr int kStages = 7;
constexpr std::size_t kNodesPerStep = 4;

// Butcher's tableau. Stage i is at node kNode[i].
constexpr std::array<double, kNodesPerStep + 1> kFraction{0, 1.0 / 3, 1.0 / 2, 2.0 / 3, 1};
constexpr std::array<std::size_t, kStages> kNode{0, 1, 3, 1, 2, 2, 4};
constexpr double kA[kStages][kStages] = {
    {},
    {1.0 / 3},
    {0, 2.0 / 3},
    {1.0 / 12, 1.0 / 3, -1.0 / 12},
    {-1.0 / 16, 9.0 / 8, -3.0 / 16, -3.0 / 8},
    {0, 9.0 / 8, -3.0 / 8, -3.0 / 4, 1.0 / 2},
    {9.0 / 44, -9.0 / 11, 63.0 / 44, 18.0 / 11, 0, -16.0 / 11},
};
constexpr double kB[kStages] = {11.0 / 120, 0,         27.0 / 40, 27.0 / 40,
                                -4.0 / 15,  -4.0 / 15, 11.0 / 120};

/// The terms of one linear combination that are not 0.
struct Combination {
  std::size_t length = 0;
  int terms = 0;
  std::array<double, kStages> factor{};
  std::array<const Lanes*, kStages> term{};
};

/// sum = base + sum_j factor_j term_j, and point = origin + sum where the stage is evaluated.
LEMMABENCH_LANE_FUNCTION void combine_body(const Combination& what, const Lanes* base,
                                           const Lanes* origin, Lanes* sum, Lanes* point) {
  for (std::size_t i = 0; i < what.length; ++i) {
    LaneVector x = what.factor[0] * what.term[0][i].v;
    for (std::size_t j = 1; j < static_cast<std::size_t>(what.terms); ++j) {
      x += what.factor[j] * what.term[j][i].v;
    }
    x += base[i].v;
    sum[i].v = x;
    point[i].v = origin[i].v + x;
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(combine,
                                (const Combination& what, const Lanes* base, const Lanes* origin,
                                 Lanes* sum, Lanes* point),
                                (what, base, origin, sum, point))

/// sum_j row_j weights_j scores_j.
Combination combination(const double* row, const std::array<double, kStages>& weights,
                        const std::array<const Lanes*, kStages>& scores, std::size_t length) {
  Combination out;
  out.length = length;
  for (std::size_t j = 0; j < kStages; ++j) {
    if (row[j] != 0) {
      const auto n = static_cast<std::size_t>(out.terms++);
      out.factor[n] = row[j] * weights[j];
      out.term[n] = scores[j];
    }
  }
  return out;
}

}  // namespace

VectorFlow::VectorFlow(const VectorLaw& clean, double from, double length, int substeps)
    : dim_(clean.dim()) {
  const double core = clean.core_variance();
  const double start = std::sqrt(from + core);
  // Both ends to their last digit: u - start without the difference of two roots.
  const double whole = length / (std::sqrt(from + length + core) + start);
  const double rate = std::log1p(whole / start) / substeps;
  for (int n = 0; n < substeps; ++n) {
    const double u = start * std::exp(n * rate);
    steps_.push_back({u, substeps == 1 ? whole : u * std::expm1(rate)});
    for (std::size_t j = 0; j < kNodesPerStep; ++j) {
      // u^2 - core without its cancellation where core is larger than tau.
      const double moved = start * std::expm1(n * rate) + kFraction[j] * steps_.back().length;
      nodes_.push_back(clean.marginal(from + moved * (2 * start + moved)));
    }
  }
  nodes_.push_back(clean.marginal(from + length));
}

void VectorFlow::displacement(const Lanes* points, const Lanes* start_score, std::size_t groups,
                              Lanes* out) const {
  const std::size_t length = groups * dim_;
  // Scores, not slopes: the factor -u of the equation goes into the weights.
  std::vector<Lanes> memory((kStages + 1) * length);
  Lanes* const scores = memory.data();
  Lanes* const point = scores + kStages * length;
  std::fill_n(out, length, Lanes{});
  std::copy_n(points, length, point);
  std::vector<Lanes> unused(length);
  for (std::size_t n = 0; n < steps_.size(); ++n) {
    std::array<const Lanes*, kStages> slopes{};
    std::array<double, kStages> weights{};
    for (std::size_t i = 0; i < kStages; ++i) {
      slopes[i] = scores + i * length;
      weights[i] = -steps_[n].length * (steps_[n].start + kFraction[kNode[i]] * steps_[n].length);
    }
    if (n == 0) {
      slopes[0] = start_score;
    } else {
      nodes_[n * kNodesPerStep]->score(point, groups, scores);
    }
    for (std::size_t i = 1; i < kStages; ++i) {
      combine(combination(kA[i], weights, slopes, length), out, points, unused.data(), point);
      nodes_[n * kNodesPerStep + kNode[i]]->score(point, groups, scores + i * length);
    }
    combine(combination(kB, weights, slopes, length), out, points, out, point);
  }
}

}  // namespace lemmabench
