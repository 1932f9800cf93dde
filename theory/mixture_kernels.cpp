#include "theory/mixture_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace lemmabench {
namespace {

// A tile of centres stays in the second-level cache while all groups of points pass over it.
constexpr std::size_t kTileDoubles = 16384;
// A share this small adds nothing to a sum of doubles.
constexpr double kNegligibleShare = 1e-30;

std::size_t tile_of(const MixtureBatch& batch) {
  return std::max<std::size_t>(4, kTileDoubles / batch.dim / 4 * 4);
}

/// The logits of components first..first+n-1 at one group.
template <bool shared, std::size_t n>
LEMMABENCH_LANE_FUNCTION void logits_of(const MixtureBatch& batch, std::size_t first,
                                        const Lanes* point, Lanes* logits) {
  const double* mean = batch.means + first * batch.dim;
  const double* precision = batch.precisions + first * batch.precisions_stride;
  LaneVector sum[n] = {};
  for (std::size_t i = 0; i < batch.dim; ++i) {
    const LaneVector x = point[i].v;
    for (std::size_t j = 0; j < n; ++j) {
      const LaneVector gap = mean[j * batch.dim + i] - x;
      if constexpr (shared) {
        sum[j] += gap * gap;
      } else {
        sum[j] += gap * gap * precision[j * batch.dim + i];
      }
    }
  }
  const double scale = shared ? 0.5 * precision[0] : 0.5;
  for (std::size_t j = 0; j < n; ++j) {
    logits[first + j].v = batch.log_factors[first + j] - scale * sum[j];
  }
}

template <bool shared>
LEMMABENCH_LANE_FUNCTION void logits_of_all(const MixtureBatch& batch, Lanes* logits) {
  const std::size_t tile = tile_of(batch);
  for (std::size_t start = 0; start < batch.components; start += tile) {
    const std::size_t end = std::min(start + tile, batch.components);
    for (std::size_t g = 0; g < batch.groups; ++g) {
      const Lanes* point = batch.points + g * batch.dim;
      Lanes* row = logits + g * batch.components;
      std::size_t k = start;
      for (; k + 4 <= end; k += 4) {
        logits_of<shared, 4>(batch, k, point, row);
      }
      for (; k < end; ++k) {
        logits_of<shared, 1>(batch, k, point, row);
      }
    }
  }
}

/// out += the pull of components first..first+n-1 at one group, not yet times a shared precision.
template <bool shared, std::size_t n>
LEMMABENCH_LANE_FUNCTION void add_pull(const MixtureBatch& batch, std::size_t first,
                                       const Lanes* point, const Lanes* shares, Lanes* out) {
  const double* mean = batch.means + first * batch.dim;
  const double* precision = batch.precisions + first * batch.precisions_stride;
  LaneVector share[n];
  for (std::size_t j = 0; j < n; ++j) {
    share[j] = shares[first + j].v;
  }
  for (std::size_t i = 0; i < batch.dim; ++i) {
    const LaneVector x = point[i].v;
    LaneVector sum = out[i].v;
    for (std::size_t j = 0; j < n; ++j) {
      const LaneVector gap = mean[j * batch.dim + i] - x;
      if constexpr (shared) {
        sum += share[j] * gap;
      } else {
        sum += share[j] * gap * precision[j * batch.dim + i];
      }
    }
    out[i].v = sum;
  }
}

/// Whether some of n components has a share worth adding at one of the eight points.
LEMMABENCH_LANE_FUNCTION bool matters(const Lanes* shares, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      if (shares[j].v[l] > kNegligibleShare) {
        return true;
      }
    }
  }
  return false;
}

template <bool shared>
LEMMABENCH_LANE_FUNCTION void pull_of_all(const MixtureBatch& batch, const Lanes* shares,
                                          Lanes* out) {
  std::fill_n(out, batch.groups * batch.dim, Lanes{});
  const std::size_t tile = tile_of(batch);
  for (std::size_t start = 0; start < batch.components; start += tile) {
    const std::size_t end = std::min(start + tile, batch.components);
    for (std::size_t g = 0; g < batch.groups; ++g) {
      const Lanes* point = batch.points + g * batch.dim;
      const Lanes* row = shares + g * batch.components;
      std::size_t k = start;
      for (; k + 4 <= end; k += 4) {
        if (matters(row + k, 4)) {
          add_pull<shared, 4>(batch, k, point, row, out + g * batch.dim);
        }
      }
      for (; k < end; ++k) {
        add_pull<shared, 1>(batch, k, point, row, out + g * batch.dim);
      }
    }
  }
  if constexpr (shared) {
    for (std::size_t j = 0; j < batch.groups * batch.dim; ++j) {
      out[j].v *= batch.precisions[0];
    }
  }
}

LEMMABENCH_LANE_FUNCTION void mixture_logits_body(const MixtureBatch& batch, Lanes* logits) {
  if (batch.precisions_stride == 0) {
    logits_of_all<true>(batch, logits);
  } else {
    logits_of_all<false>(batch, logits);
  }
}

LEMMABENCH_LANE_FUNCTION void mixture_pull_body(const MixtureBatch& batch, const Lanes* shares,
                                                Lanes* out) {
  if (batch.precisions_stride == 0) {
    pull_of_all<true>(batch, shares, out);
  } else {
    pull_of_all<false>(batch, shares, out);
  }
}

LEMMABENCH_LANE_FUNCTION void mixture_shares_body(const MixtureBatch& batch, Lanes* logits,
                                                  Lanes* largest, Lanes* total) {
  for (std::size_t g = 0; g < batch.groups; ++g) {
    Lanes* row = logits + g * batch.components;
    LaneVector most = row[0].v;
    for (std::size_t k = 1; k < batch.components; ++k) {
      most = row[k].v > most ? row[k].v : most;
    }
    LaneVector sum = {};
    for (std::size_t k = 0; k < batch.components; ++k) {
      lane_exp(row[k].v - most, row[k].v);
      sum += row[k].v;
    }
    const LaneVector inverse = 1.0 / sum;
    for (std::size_t k = 0; k < batch.components; ++k) {
      row[k].v *= inverse;
    }
    largest[g].v = most;
    total[g].v = sum;
  }
}

}  // namespace

LEMMABENCH_FOR_EACH_VECTOR_UNIT(mixture_logits, (const MixtureBatch& batch, Lanes* logits),
                                (batch, logits))
LEMMABENCH_FOR_EACH_VECTOR_UNIT(mixture_pull,
                                (const MixtureBatch& batch, const Lanes* shares, Lanes* out),
                                (batch, shares, out))
LEMMABENCH_FOR_EACH_VECTOR_UNIT(mixture_shares,
                                (const MixtureBatch& batch, Lanes* logits, Lanes* largest,
                                 Lanes* total),
                                (batch, logits, largest, total))

}  // namespace lemmabench
