#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lemmabench {

/// The bytes of a .npy file (version 1.0, little-endian float64, C order) with `columns` numbers a
/// row; parse_npy (cases/points/point_file.hpp) reads them back. values.size() is a multiple of
/// columns.
std::string npy_bytes(const std::vector<double>& values, std::size_t columns);

}  // namespace lemmabench
