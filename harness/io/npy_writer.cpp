#include "harness/io/npy_writer.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>

namespace lemmabench {

std::string npy_bytes(const std::vector<double>& values, std::size_t columns) {
  std::string header =
      fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}",
                  values.size() / columns, columns);
  // The magic and the length take 10 bytes; the data start at a multiple of 64.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xff);
  out += static_cast<char>(header.size() >> 8);
  out += header;
  out.reserve(out.size() + 8 * values.size());
  for (const double value : values) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8) {
      out += static_cast<char>((bits >> shift) & 0xff);
    }
  }
  return out;
}

}  // namespace lemmabench
