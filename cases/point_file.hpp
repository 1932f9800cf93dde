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
  std::vector<double> values = {};
  /// What the reader took in one of several ways, "points.csv:1: ...": a user must see it.
  std::vector<std::string> notes = {};
};

/// At most this many numbers are read (1 GB).
inline constexpr std::size_t kMaxPointNumbers = std::size_t{1} << 27;

/// Reads the first `most_rows` rows (0 = all) of a file: the one reader of points for all commands.
///
/// .npy, versions 1 to 3: real numbers of up to 8 bytes (float16, 32, 64, integers, bool; either
/// byte order; C or Fortran order), a point a row: shape (n, d); (n,) is n points on the line, (n,
/// h, w) n points of h w coordinates. The data end where the shape says.
/// .csv: a point a line, numbers separated by ',' ';' tabs or spaces (the first line decides),
/// possibly in quotes, CR or LF or both at the end; empty lines and lines that start with # are
/// left out. A first line without a number names the columns; one of numbers is a point.
///
/// Throws InputError with the file, and the line of a .csv, for anything else: a number that is not
/// finite, rows of different lengths, no rows; `origin` names who asked.
PointTable read_points(const std::string& path, std::size_t most_rows, std::string_view origin);

/// The two formats from memory; `name` stands for the file in messages.
PointTable parse_npy(std::string_view bytes, std::size_t most_rows, const std::string& name);
PointTable parse_csv(std::string_view text, std::size_t most_rows, const std::string& name);

}  // namespace lemmabench
