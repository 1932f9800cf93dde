#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cases/points/point_file.hpp"

namespace lemmabench {

/// At most this many bytes of an IDX file are unpacked (MNIST's 60,000 images have 47 million).
inline constexpr std::size_t kMaxImageBytes = std::size_t{1} << 27;

/// The first `most_rows` images (0 = all) of an IDX file of unsigned bytes with three axes (Y.
/// LeCun's format of MNIST: 00 00 08 03, then images, rows and columns as big-endian 32-bit
/// numbers, then a byte a pixel), a row of rows x columns numbers 0..255 each. Throws InputError
/// with `name` for anything else.
PointTable parse_idx(std::string_view bytes, std::size_t most_rows, const std::string& name);

/// Means over blocks of square images, side x side each, side a divisor of theirs; and from bytes
/// to [-1, 1] as diffusion models take images: 2 mean/255 - 1. Throws InputError with `name` if the
/// images are not square or side does not divide theirs.
void shrink_images(PointTable& images, std::size_t side, const std::string& name);

/// Reads the first `most_rows` images of an IDX file, gzipped or plain, unpacking no more than they
/// need. Throws InputError as above, or when it cannot be read.
PointTable read_idx(const std::string& path, std::size_t most_rows, std::string_view origin);

}  // namespace lemmabench
