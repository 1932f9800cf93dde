#include "cases/points/image_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kHeader = 16;

[[noreturn]] void refuse_images(const std::string& where, const std::string& what) {
  throw InputError(fmt::format("{}: {}", quoted(where), what));
}

struct Shape {
  std::size_t images;
  std::size_t pixels;  ///< of one
};

Shape read_image_header(std::string_view bytes, const std::string& name) {
  constexpr std::string_view kMagic("\0\0\x08\x03", 4);
  if (bytes.size() < kHeader || bytes.substr(0, 4) != kMagic) {
    refuse_images(name, "is no IDX file of images (unsigned bytes, three axes)");
  }
  const auto number = [&](std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return value;
  };
  const Shape shape{number(4), number(8) * number(12)};
  if (shape.images == 0 || shape.pixels == 0) {
    refuse_images(name, "has no images");
  }
  if (shape.pixels > kMaxImageBytes) {
    refuse_images(name, fmt::format("images of {} pixels; at most {} are read", shape.pixels,
                                    kMaxImageBytes));
  }
  return shape;
}

/// Up to `size` unpacked bytes behind `bytes`.
void unpack(gzFile file, std::size_t size, std::string& bytes, const std::string& name) {
  const std::size_t start = bytes.size();
  bytes.resize(start + size);
  const int got = gzread(file, bytes.data() + start, static_cast<unsigned>(size));
  int error = Z_OK;
  gzerror(file, &error);
  // A gzip stream that ends early reads as far as it goes, and says so.
  if (got < 0 || (error != Z_OK && error != Z_STREAM_END)) {
    refuse_images(name, "cannot be unpacked: the gzip data are damaged or cut off");
  }
  bytes.resize(start + static_cast<std::size_t>(got));
}

}  // namespace

PointTable parse_idx(std::string_view bytes, std::size_t most_rows, const std::string& name) {
  const Shape shape = read_image_header(bytes, name);
  PointTable out;
  out.rows = most_rows > 0 ? std::min(shape.images, most_rows) : shape.images;
  out.columns = shape.pixels;
  if (out.rows > (bytes.size() - kHeader) / shape.pixels) {
    refuse_images(
        name, fmt::format("is cut off: {} images of {} pixels do not fit", out.rows, shape.pixels));
  }
  const std::string_view pixels = bytes.substr(kHeader, out.rows * out.columns);
  out.values.reserve(pixels.size());
  for (const char pixel : pixels) {
    out.values.push_back(static_cast<unsigned char>(pixel));
  }
  return out;
}

void shrink_images(PointTable& images, std::size_t side, const std::string& name) {
  const auto whole =
      static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(images.columns))));
  if (whole * whole != images.columns || side == 0 || whole % side != 0) {
    refuse_images(
        name, fmt::format("images of {} pixels are not square, or {} does not divide their side",
                          images.columns, side));
  }
  const std::size_t block = whole / side;
  const double scale = 2 / (255 * static_cast<double>(block * block));
  std::vector<double> values(images.rows * side * side, 0.0);
  for (std::size_t j = 0; j < images.values.size(); ++j) {
    const std::size_t image = j / images.columns;
    const std::size_t row = j % images.columns / whole / block;
    const std::size_t column = j % whole / block;
    values[(image * side + row) * side + column] += images.values[j];
  }
  for (double& x : values) {
    x = scale * x - 1;
  }
  images.columns = side * side;
  images.values = std::move(values);
}

PointTable read_idx(const std::string& path, std::size_t most_rows, std::string_view origin) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) {
    throw InputError(fmt::format("{}: cannot read the file '{}'", origin, quoted(path)));
  }
  std::string bytes;
  unpack(file.get(), kHeader, bytes, path);
  const Shape shape = read_image_header(bytes, path);
  const std::size_t rows = most_rows > 0 ? std::min(shape.images, most_rows) : shape.images;
  if (rows > kMaxImageBytes / shape.pixels) {
    refuse_images(path, fmt::format("has more than {} pixels; take fewer images", kMaxImageBytes));
  }
  unpack(file.get(), rows * shape.pixels, bytes, path);
  return parse_idx(bytes, most_rows, path);
}

}  // namespace lemmabench
