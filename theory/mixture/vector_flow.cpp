#include "theory/mixture/vector_flow.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lemmabench {
namespace {

constexpr std::size_t kMostStages = 7;

/// Stage i is at node[i], whose share of the step is fraction[node[i]]; the last node is the end.
struct Tableau {
  std::size_t stages;
  std::size_t nodes;  // without the end
  std::array<double, 5> fraction;
  std::array<std::size_t, kMostStages> node;
  double a[kMostStages][kMostStages];
  double b[kMostStages];
};

constexpr Tableau kKutta{4,
                         2,
                         {0, 1.0 / 2, 1},
                         {0, 1, 1, 2},
                         {{}, {1.0 / 2}, {0, 1.0 / 2}, {0, 0, 1}},
                         {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}};
constexpr Tableau kButcher{7,
                           4,
                           {0, 1.0 / 3, 1.0 / 2, 2.0 / 3, 1},
                           {0, 1, 3, 1, 2, 2, 4},
                           {
                               {},
                               {1.0 / 3},
                               {0, 2.0 / 3},
                               {1.0 / 12, 1.0 / 3, -1.0 / 12},
                               {-1.0 / 16, 9.0 / 8, -3.0 / 16, -3.0 / 8},
                               {0, 9.0 / 8, -3.0 / 8, -3.0 / 4, 1.0 / 2},
                               {9.0 / 44, -9.0 / 11, 63.0 / 44, 18.0 / 11, 0, -16.0 / 11},
                           },
                           {11.0 / 120, 0, 27.0 / 40, 27.0 / 40, -4.0 / 15, -4.0 / 15, 11.0 / 120}};

const Tableau& tableau(FlowMethod method) {
  return method == FlowMethod::kutta ? kKutta : kButcher;
}

/// The terms of one linear combination that are not 0.
struct Combination {
  std::size_t length = 0;
  int terms = 0;
  std::array<double, kMostStages> factor{};
  std::array<const Lanes*, kMostStages> term{};
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
Combination combination(const double* row, const std::array<double, kMostStages>& weights,
                        const std::array<const Lanes*, kMostStages>& scores, std::size_t length) {
  Combination out;
  out.length = length;
  for (std::size_t j = 0; j < kMostStages; ++j) {
    if (row[j] != 0) {
      const auto n = static_cast<std::size_t>(out.terms++);
      out.factor[n] = row[j] * weights[j];
      out.term[n] = scores[j];
    }
  }
  return out;
}

}  // namespace

VectorFlow::VectorFlow(const VectorLaw& clean, FlowMethod method, double from, double length,
                       int substeps)
    : dim_(clean.dim()), method_(method) {
  const Tableau& table = tableau(method);
  const double core = clean.core_variance();
  const double start = std::sqrt(from + core);
  // Both ends to their last digit: u - start without the difference of two roots.
  const double whole = length / (std::sqrt(from + length + core) + start);
  const double rate = std::log1p(whole / start) / substeps;
  for (int n = 0; n < substeps; ++n) {
    const double u = start * std::exp(n * rate);
    steps_.push_back({u, substeps == 1 ? whole : u * std::expm1(rate)});
    for (std::size_t j = n == 0 ? 1 : 0; j < table.nodes; ++j) {
      // u^2 - core without its cancellation where core is larger than tau.
      const double moved = start * std::expm1(n * rate) + table.fraction[j] * steps_.back().length;
      nodes_.push_back(clean.marginal(from + moved * (2 * start + moved)));
    }
  }
  nodes_.push_back(clean.marginal(from + length));
}

long VectorFlow::score_calls(FlowMethod method, int substeps) {
  return static_cast<long>(tableau(method).stages) * substeps - 1;
}

void VectorFlow::displacement(const Lanes* points, const Lanes* start_score, std::size_t groups,
                              Lanes* out) const {
  const Tableau& table = tableau(method_);
  const std::size_t length = groups * dim_;
  // Scores, not slopes: the factor -u of the equation goes into the weights.
  std::vector<Lanes> memory((table.stages + 2) * length);
  Lanes* const scores = memory.data();
  Lanes* const point = scores + table.stages * length;
  Lanes* const unused = point + length;
  std::fill_n(out, length, Lanes{});
  std::copy_n(points, length, point);
  for (std::size_t n = 0; n < steps_.size(); ++n) {
    std::array<const Lanes*, kMostStages> slopes{};
    std::array<double, kMostStages> weights{};
    for (std::size_t i = 0; i < table.stages; ++i) {
      slopes[i] = scores + i * length;
      weights[i] =
          -steps_[n].length * (steps_[n].start + table.fraction[table.node[i]] * steps_[n].length);
    }
    if (n == 0) {
      slopes[0] = start_score;
    } else {
      nodes_[n * table.nodes - 1]->score(point, groups, scores);
    }
    for (std::size_t i = 1; i < table.stages; ++i) {
      combine(combination(table.a[i], weights, slopes, length), out, points, unused, point);
      nodes_[n * table.nodes + table.node[i] - 1]->score(point, groups, scores + i * length);
    }
    combine(combination(table.b, weights, slopes, length), out, points, out, point);
  }
}

}  // namespace lemmabench
