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

/// Reads the first `most_rows` rows (0 = all) of a .npy or .csv file as read_point_file does
/// (cases/points/point_reader.hpp says what is read), without its notes. Throws InputError with the
/// file, and the line of a .csv, for anything else; `origin` names who asked.
PointTable read_points(const std::string& path, std::size_t most_rows, std::string_view origin);

/// The two formats from memory; `name` stands for the file in messages.
PointTable parse_npy(std::string_view bytes, std::size_t most_rows, const std::string& name);
PointTable parse_csv(std::string_view text, std::size_t most_rows, const std::string& name);

}  // namespace lemmabench
