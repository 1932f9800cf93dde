#include "theory/mixture/mixture_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace lemmabench {
namespace {

// A tile of centres stays in the second-level cache while all groups of points pass over it.
constexpr std::size_t kTileDoubles = 16384;
// A share this small adds nothing to a sum of doubles; nor does a logit so far below the largest.
constexpr double kNegligibleShare = 1e-30;
constexpr double kNegligibleLogit = -80;

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

/// The logits of components first..first+n-1 at two neighbouring groups, by products.
template <std::size_t n>
LEMMABENCH_LANE_FUNCTION void product_logits_of(const MixtureBatch& batch, std::size_t first,
                                                std::size_t groups, const Lanes* points,
                                                Lanes* logits) {
  const double* mean = batch.means + first * batch.dim;
  LaneVector sum[2][n] = {};
  const Lanes* second = points + (groups - 1) * batch.dim;
  for (std::size_t i = 0; i < batch.dim; ++i) {
    const LaneVector x = points[i].v;
    const LaneVector y = second[i].v;
    for (std::size_t j = 0; j < n; ++j) {
      const double m = mean[j * batch.dim + i];
      sum[0][j] += m * x;
      sum[1][j] += m * y;
    }
  }
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t j = 0; j < n; ++j) {
      logits[g * batch.components + first + j].v =
          batch.log_factors[first + j] +
          batch.precisions[0] * (sum[g][j] - batch.half_squares[first + j]);
    }
  }
}

LEMMABENCH_LANE_FUNCTION void product_logits_of_all(const MixtureBatch& batch, Lanes* logits) {
  const std::size_t tile = tile_of(batch);
  for (std::size_t start = 0; start < batch.components; start += tile) {
    const std::size_t end = std::min(start + tile, batch.components);
    for (std::size_t g = 0; g < batch.groups; g += 2) {
      const std::size_t groups = std::min<std::size_t>(2, batch.groups - g);
      const Lanes* points = batch.points + g * batch.dim;
      Lanes* rows = logits + g * batch.components;
      std::size_t k = start;
      for (; k + 4 <= end; k += 4) {
        product_logits_of<4>(batch, k, groups, points, rows);
      }
      for (; k < end; ++k) {
        product_logits_of<1>(batch, k, groups, points, rows);
      }
    }
  }
}

/// out += the means of components first..first+n-1 by their shares, at one group.
template <std::size_t n>
LEMMABENCH_LANE_FUNCTION void add_means(const MixtureBatch& batch, std::size_t first,
                                        const Lanes* shares, Lanes* out) {
  const double* mean = batch.means + first * batch.dim;
  LaneVector share[n];
  for (std::size_t j = 0; j < n; ++j) {
    share[j] = shares[first + j].v;
  }
  for (std::size_t i = 0; i < batch.dim; ++i) {
    LaneVector sum = out[i].v;
    for (std::size_t j = 0; j < n; ++j) {
      sum += mean[j * batch.dim + i] * share[j];
    }
    out[i].v = sum;
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

LEMMABENCH_LANE_FUNCTION bool any_above(const LaneVector& x, double limit) {
  const LaneBits above = x > limit;
  long long any = 0;
  for (std::size_t l = 0; l < kLanes; ++l) {
    any |= above[l];
  }
  return any != 0;
}

/// Whether some of n components has a share worth adding at one of the eight points.
LEMMABENCH_LANE_FUNCTION bool matters(const Lanes* shares, std::size_t n) {
  LaneVector most = shares[0].v;
  for (std::size_t j = 1; j < n; ++j) {
    most = shares[j].v > most ? shares[j].v : most;
  }
  return any_above(most, kNegligibleShare);
}

LEMMABENCH_LANE_FUNCTION void product_pull_of_all(const MixtureBatch& batch, const Lanes* shares,
                                                  Lanes* out) {
  std::fill_n(out, batch.groups * batch.dim, Lanes{});
  const std::size_t tile = tile_of(batch);
  for (std::size_t start = 0; start < batch.components; start += tile) {
    const std::size_t end = std::min(start + tile, batch.components);
    for (std::size_t g = 0; g < batch.groups; ++g) {
      const Lanes* row = shares + g * batch.components;
      std::size_t k = start;
      for (; k + 4 <= end; k += 4) {
        if (matters(row + k, 4)) {
          add_means<4>(batch, k, row, out + g * batch.dim);
        }
      }
      for (; k < end; ++k) {
        add_means<1>(batch, k, row, out + g * batch.dim);
      }
    }
  }
  for (std::size_t j = 0; j < batch.groups * batch.dim; ++j) {
    out[j].v = batch.precisions[0] * (out[j].v - batch.points[j].v);
  }
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
      for (; k + 8 <= end; k += 8) {
        if (matters(row + k, 8)) {
          add_pull<shared, 8>(batch, k, point, row, out + g * batch.dim);
        }
      }
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
  if (batch.half_squares != nullptr) {
    product_logits_of_all(batch, logits);
  } else if (batch.precisions_stride == 0) {
    logits_of_all<true>(batch, logits);
  } else {
    logits_of_all<false>(batch, logits);
  }
}

LEMMABENCH_LANE_FUNCTION void mixture_pull_body(const MixtureBatch& batch, const Lanes* shares,
                                                Lanes* out) {
  if (batch.half_squares != nullptr) {
    product_pull_of_all(batch, shares, out);
  } else if (batch.precisions_stride == 0) {
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
      const LaneVector below = row[k].v - most;
      row[k] = Lanes{};
      if (any_above(below, kNegligibleLogit)) {
        lane_exp(below, row[k].v);
        sum += row[k].v;
      }
    }
    const LaneVector inverse = 1.0 / sum;
    for (std::size_t k = 0; k < batch.components; ++k) {
      row[k].v *= inverse;
    }
    largest[g].v = most;
    total[g].v = sum;
  }
}

template <bool shared>
LEMMABENCH_LANE_FUNCTION void place(const MixtureRows& rows, double tau, std::size_t dim,
                                    Lanes* points) {
  for (std::size_t i = 0; i < dim; ++i) {
    LaneVector mean;
    LaneVector sd;
    for (std::size_t l = 0; l < kLanes; ++l) {
      mean[l] = rows.means[l][i];
      sd[l] = rows.variances[l][shared ? 0 : i];
    }
    sd += tau;
    for (std::size_t l = 0; l < kLanes; ++l) {
      sd[l] = std::sqrt(sd[l]);
    }
    points[i].v = mean + sd * points[i].v;
  }
}

LEMMABENCH_LANE_FUNCTION void mixture_place_body(const MixtureRows& rows, bool shared, double tau,
                                                 std::size_t dim, Lanes* points) {
  if (shared) {
    place<true>(rows, tau, dim, points);
  } else {
    place<false>(rows, tau, dim, points);
  }
}

}  // namespace

LEMMABENCH_FOR_EACH_VECTOR_UNIT(mixture_place,
                                (const MixtureRows& rows, bool shared, double tau, std::size_t dim,
                                 Lanes* points),
                                (rows, shared, tau, dim, points))
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
