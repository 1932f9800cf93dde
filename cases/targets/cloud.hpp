#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cases/points/point_file.hpp"
#include "cases/spec.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// Where a cloud's law comes from: its dimension is known before the data are read.
struct CloudSource {
  long dim;
  std::function<std::shared_ptr<const VectorLaw>()> load;
};

/// A Gaussian mixture in R^d with covariances diagonal or low-rank over a diagonal, or a set of
/// points (images, embeddings, any data) smoothed by a Gaussian: the law N(row, bandwidth^2 I) of a
/// row drawn at random.
///
/// Inline: `cloud:means=-1/0;1/0,variances=0.25` (centres separated by `;`, coordinates by `/`;
/// variances: one for all, one a component, or a row of coordinates a component; weights=W/W...,
/// default equal), or `cloud:file=points.npy,bandwidth=0.1[,count=N][,scale=S]` (.npy or .csv, a
/// centre a row; the first N rows; every number times S, e.g. 1/255). In TOML, means, variances and
/// factors may be arrays of arrays.
///
/// With `factors=u/u;u/u...` component k has the covariance diag(v_k) + U_k U_k^T: the rows are the
/// columns of U_1, then those of U_2, and so on, as many for every centre (1 to 32). With file=,
/// factors names a .npy or .csv of these rows, which scale multiplies too.
struct CloudTarget {
  std::shared_ptr<const CloudSource> source;
  std::string spec;  ///< the inline spec

  long dim() const { return source->dim; }
  std::string text() const { return spec; }
};

/// Reads a cloud spec. Throws InputError: lists that do not fit, weights that do not sum to exactly
/// 1, factors that do not fit the centres, variance or bandwidth <= 0, more than 4096 centres, a
/// file that cannot be read.
CloudTarget make_cloud(Spec& spec);

/// The rows of a table, each smoothed by N(0, bandwidth^2 I), all equally likely.
std::shared_ptr<const VectorLaw> smoothed_points(PointTable points, double bandwidth);
/// Throws InputError unless bandwidth > 0.
void check_bandwidth(const Spec& spec, const Rational& bandwidth);

}  // namespace lemmabench
