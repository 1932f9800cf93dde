#include "theory/mixture/factor_kernels.hpp"

#include "theory/mixture/factor_mixture.hpp"

namespace lemmabench {
namespace {

LEMMABENCH_LANE_FUNCTION void factor_square_body(const FactorTask& task, Lanes* square,
                                                 Lanes* weights) {
  LaneVector sum = {};
  LaneVector z[kMostFactors] = {};
  for (std::size_t i = 0; i < task.dim; ++i) {
    const LaneVector gap = task.mean[i] - task.points[i].v;
    const LaneVector scaled = gap * task.precision[i * task.precision_stride];
    sum += gap * scaled;
    const double* row = task.factors + i * task.rank;
    for (std::size_t j = 0; j < task.rank; ++j) {
      z[j] += row[j] * scaled;
    }
  }
  for (std::size_t j = 0; j < task.rank; ++j) {
    const double* row = task.triangle + j * task.rank;
    for (std::size_t i = 0; i < j; ++i) {
      z[j] -= row[i] * z[i];
    }
    z[j] /= row[j];
    sum -= z[j] * z[j];
  }
  for (std::size_t j = task.rank; j-- > 0;) {
    for (std::size_t i = j + 1; i < task.rank; ++i) {
      z[j] -= task.triangle[i * task.rank + j] * z[i];
    }
    z[j] /= task.triangle[j * task.rank + j];
    weights[j].v = z[j];
  }
  square->v = sum;
}

LEMMABENCH_LANE_FUNCTION void factor_pull_body(const FactorTask& task, const Lanes& share,
                                               const Lanes* weights, Lanes* out) {
  LaneVector pull[kMostFactors];
  for (std::size_t j = 0; j < task.rank; ++j) {
    pull[j] = share.v * weights[j].v;
  }
  for (std::size_t i = 0; i < task.dim; ++i) {
    LaneVector sum = share.v * (task.mean[i] - task.points[i].v);
    const double* row = task.factors + i * task.rank;
    for (std::size_t j = 0; j < task.rank; ++j) {
      sum -= row[j] * pull[j];
    }
    out[i].v += task.precision[i * task.precision_stride] * sum;
  }
}

LEMMABENCH_LANE_FUNCTION void factor_place_body(std::size_t dim, std::size_t rank,
                                                const double* const* rows, const Lanes* normals,
                                                Lanes* points) {
  for (std::size_t i = 0; i < dim; ++i) {
    for (std::size_t j = 0; j < rank; ++j) {
      LaneVector factor;
      for (std::size_t l = 0; l < kLanes; ++l) {
        factor[l] = rows[l][i * rank + j];
      }
      points[i].v += factor * normals[j].v;
    }
  }
}

}  // namespace

LEMMABENCH_FOR_EACH_VECTOR_UNIT(factor_square,
                                (const FactorTask& task, Lanes* square, Lanes* weights),
                                (task, square, weights))
LEMMABENCH_FOR_EACH_VECTOR_UNIT(factor_pull,
                                (const FactorTask& task, const Lanes& share, const Lanes* weights,
                                 Lanes* out),
                                (task, share, weights, out))
LEMMABENCH_FOR_EACH_VECTOR_UNIT(factor_place,
                                (std::size_t dim, std::size_t rank, const double* const* rows,
                                 const Lanes* normals, Lanes* points),
                                (dim, rank, rows, normals, points))

}  // namespace lemmabench
