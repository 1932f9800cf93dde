#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A run of a sampler as data: linear in where it starts, in the model's outputs and in the draws.
///
/// In the coordinates x = X_0 + sigma Z the sampler calls its model K times. Row k is the input of
/// call k, row K the output of the run:
///   y_k = a_k x_T + sum_{j<k} c_kj D_j + sum_m e_km z_m + sum_{j<k} r_kj y_j,
///   D_j = E[X_0 | X_0 + sigma_j Z = y_j],   z_m independent N(0, I),
/// where x_T is the start: X_0 + sigma_0 Z, or Z itself if sigma_0 is infinite. A row written by
/// earlier rows (r_kj) is the compact form of one written by x_T, D and z alone. Coefficients and
/// levels are binary doubles and mean exactly these numbers: what is proved of a scheme is proved
/// of the coefficients that the code used.
namespace lemmabench {

/// What a coefficient of a row belongs to.
enum class SchemeSource : std::uint8_t { start, row, output, draw };

/// coefficient * x_T, * y_index, * D_index or * z_index.
struct SchemeTerm {
  SchemeSource source = SchemeSource::start;
  std::uint32_t index = 0;
  double coefficient = 0;
};

using SchemeRow = std::vector<SchemeTerm>;

struct Scheme {
  std::string source;         ///< who wrote the code, which version; may be empty
  std::optional<long> steps;  ///< the number of steps that was asked for
  /// sigma_0..sigma_{K-1} of the model calls and sigma_K of the output. The first may be infinite,
  /// the last 0.
  std::vector<double> levels;
  /// The levels may rise (a sampler that adds noise back, or whose steps look ahead); without it a
  /// level above the one before is taken for a mistake.
  bool levels_rise = false;
  std::size_t draws = 0;        ///< M
  std::vector<SchemeRow> rows;  ///< K+1, without zero coefficients
  /// Variance of the centred Gaussian that the code starts from where it does not start exactly.
  std::optional<double> gaussian_start_variance;
  std::optional<long> advertised_order;    ///< what the author says, for a comparison
  std::optional<double> linearity_defect;  ///< the largest relative defect that a tracer saw
  /// Relative size of the rounding in the coefficients, if the code computes in less than double.
  std::optional<double> rounding_floor;

  std::size_t calls() const { return levels.empty() ? 0 : levels.size() - 1; }
  /// sigma_0 is infinite: x_T is N(0, I) and D_0 = E[X_0].
  bool starts_from_noise() const;
  /// The variance of a Gaussian start: what the file says, else sigma_0^2, else 1.
  double start_variance() const;
  /// Coefficients in all rows.
  std::size_t terms() const;
};

/// Whether sigma_k lies above sigma_{k-1}, k from 1 to K, by more than the rounding of two formulas
/// for one level (1e-12, relative).
bool level_rises(const Scheme& scheme, std::size_t k);

inline constexpr std::size_t kMaxSchemeCalls = 100'000;
inline constexpr std::size_t kMaxSchemeDraws = 1'000'000;

/// Throws InputError, one line that starts with `origin`, for a scheme that is none: no model call
/// or too many, a number of rows other than K+1, a level that is negative, not finite or 0 before
/// the end, one above the level before it unless levels_rise, a coefficient that is not finite, an
/// output or row used before it exists, a draw that there is not, a start variance <= 0. O(terms).
void require_sound(const Scheme& scheme, std::string_view origin);

/// The rows in x_T, D and z alone: row k at [k * columns], columns = 1 + K + M in this order.
/// Exact but for rounding where rows were given by earlier rows. Throws EngineRefusal for more than
/// 5e7 numbers (0.4 GB). Cost: one product a term and column.
struct SchemeColumns {
  std::size_t calls = 0;
  std::size_t draws = 0;
  std::vector<double> values;

  std::size_t columns() const { return 1 + calls + draws; }
  const double* row(std::size_t k) const { return values.data() + k * columns(); }
};
SchemeColumns expanded(const Scheme& scheme);

}  // namespace lemmabench
