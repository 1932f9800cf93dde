#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cases/points/point_file.hpp"

namespace lemmabench {

/// Points and what the reader took in one of several ways, "points.csv:1: taken as the names of 2
/// columns: ...": a user must see it.
struct ReadPoints {
  PointTable points;
  std::vector<std::string> notes;
};

/// Reads the first `most_rows` rows (0 = all) of a file: the one reader of points for all commands
/// (read_points without the notes).
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
ReadPoints read_point_file(const std::string& path, std::size_t most_rows, std::string_view origin);

/// The two formats from memory; `name` stands for the file in messages.
ReadPoints read_npy(std::string_view bytes, std::size_t most_rows, const std::string& name);
ReadPoints read_csv(std::string_view text, std::size_t most_rows, const std::string& name);

}  // namespace lemmabench
