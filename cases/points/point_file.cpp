#include "cases/points/point_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "cases/points/point_reader.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {

ReadPoints read_point_file(const std::string& path, std::size_t most_rows,
                           std::string_view origin) {
  const bool npy = path.ends_with(".npy");
  if (!npy && !path.ends_with(".csv")) {
    throw InputError(fmt::format("{}: '{}' must be a .npy or a .csv file", origin, quoted(path)));
  }
  std::error_code unknown;
  std::ifstream in(path, std::ios::binary);
  // Reading a directory throws.
  const std::string bytes = std::filesystem::is_directory(path, unknown)
                                ? std::string()
                                : std::string(std::istreambuf_iterator<char>(in), {});
  if (!in || std::filesystem::is_directory(path, unknown)) {
    throw InputError(fmt::format("{}: cannot read the file '{}'", origin, quoted(path)));
  }
  return npy ? read_npy(bytes, most_rows, path) : read_csv(bytes, most_rows, path);
}

PointTable read_points(const std::string& path, std::size_t most_rows, std::string_view origin) {
  return read_point_file(path, most_rows, origin).points;
}

PointTable parse_npy(std::string_view bytes, std::size_t most_rows, const std::string& name) {
  return read_npy(bytes, most_rows, name).points;
}

PointTable parse_csv(std::string_view text, std::size_t most_rows, const std::string& name) {
  return read_csv(text, most_rows, name).points;
}

}  // namespace lemmabench
