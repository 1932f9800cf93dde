#include "cases/point_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {

PointTable read_points(const std::string& path, std::size_t most_rows, std::string_view origin) {
  const bool npy = path.ends_with(".npy");
  if (!npy && !path.ends_with(".csv")) {
    throw InputError(fmt::format("{}: '{}' must be a .npy or a .csv file", origin, quoted(path)));
  }
  std::error_code unknown;
  std::ifstream in(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in || std::filesystem::is_directory(path, unknown)) {
    throw InputError(fmt::format("{}: cannot read the file '{}'", origin, quoted(path)));
  }
  return npy ? parse_npy(bytes, most_rows, path) : parse_csv(bytes, most_rows, path);
}

}  // namespace lemmabench
