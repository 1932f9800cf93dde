#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lemmabench {

/// Points in R^d, one a row.
struct PointTable {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;
};

/// At most this many numbers are read (1 GB).
inline constexpr std::size_t kMaxPointNumbers = std::size_t{1} << 27;

/// Reads the first `most_rows` rows (0 = all) of a .npy file (versions 1 to 3, two axes, C order,
/// little-endian float32, float64, uint8 or int32/int64) or a .csv file (numbers separated by
/// commas, a row a line; empty lines and lines that start with # are left out). Throws InputError
/// with the file, and the line of a .csv, for anything else, a number that is not finite, rows of
/// different lengths, or no rows; `origin` names who asked.
PointTable read_points(const std::string& path, std::size_t most_rows, std::string_view origin);

/// The two formats from memory; `name` stands for the file in messages.
PointTable parse_npy(std::string_view bytes, std::size_t most_rows, const std::string& name);
PointTable parse_csv(std::string_view text, std::size_t most_rows, const std::string& name);

}  // namespace lemmabench
