#include "cases/point_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

static_assert(std::endian::native == std::endian::little, ".npy data are read as they lie");

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw InputError(fmt::format("{}: {}", quoted(where), what));
}

bool ends_in(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// What follows 'key': in the header's dictionary.
std::string_view header_value(std::string_view header, std::string_view key,
                              const std::string& name) {
  const std::size_t found = header.find(fmt::format("'{}':", key));
  if (found == std::string_view::npos) {
    fail(name, fmt::format("the .npy header has no '{}'", key));
  }
  std::string_view rest = header.substr(found + key.size() + 3);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

/// The two numbers of "(rows, columns)".
void read_shape(std::string_view text, PointTable& out, const std::string& name) {
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  const auto expect = [&](char wanted) {
    while (at != end && *at == ' ') {
      ++at;
    }
    if (at == end || *at != wanted) {
      fail(name, "the array must have two axes: a point a row");
    }
    ++at;
  };
  const auto number = [&](std::size_t& value) {
    while (at != end && *at == ' ') {
      ++at;
    }
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc{}) {
      fail(name, "the array must have two axes: a point a row");
    }
    at = stop;
  };
  expect('(');
  number(out.rows);
  expect(',');
  number(out.columns);
  expect(')');
}

template <class Stored>
void read_numbers(std::string_view data, PointTable& out) {
  out.values.resize(out.rows * out.columns);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    Stored value;
    std::memcpy(&value, data.data() + i * sizeof(Stored), sizeof(Stored));
    out.values[i] = static_cast<double>(value);
  }
}

struct StoredType {
  std::string_view code;
  std::size_t size;
  void (*read)(std::string_view, PointTable&);
};
constexpr StoredType kStoredTypes[] = {
    {"'<f8'", 8, read_numbers<double>},       {"'<f4'", 4, read_numbers<float>},
    {"'|u1'", 1, read_numbers<std::uint8_t>}, {"'<i4'", 4, read_numbers<std::int32_t>},
    {"'<i8'", 8, read_numbers<std::int64_t>},
};

/// The header's dictionary; the data start behind it.
std::string_view npy_header(std::string_view bytes, const std::string& name) {
  constexpr std::string_view kMagic("\x93NUMPY", 6);
  if (bytes.size() < 12 || bytes.substr(0, 6) != kMagic) {
    fail(name, "is no .npy file");
  }
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const bool first_version = byte(6) == 1;
  const std::size_t start = first_version ? 10 : 12;
  const std::size_t length =
      byte(8) | byte(9) << 8 | (first_version ? 0 : byte(10) << 16 | byte(11) << 24);
  if (byte(6) < 1 || byte(6) > 3 || bytes.size() < start + length) {
    fail(name, "the .npy header is cut off or of an unknown version");
  }
  return bytes.substr(start, length);
}

void check(const PointTable& table, const std::string& name) {
  if (table.rows == 0 || table.columns == 0) {
    fail(name, "has no points");
  }
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    if (!std::isfinite(table.values[i])) {
      fail(name, fmt::format("row {} has a number that is not finite", i / table.columns + 1));
    }
  }
}

}  // namespace

PointTable parse_npy(std::string_view bytes, std::size_t most_rows, const std::string& name) {
  const std::string_view header = npy_header(bytes, name);
  const std::string_view data =
      bytes.substr(static_cast<std::size_t>(header.data() - bytes.data()) + header.size());
  if (header_value(header, "fortran_order", name).substr(0, 5) != "False") {
    fail(name, "must be in C order (numpy.ascontiguousarray)");
  }
  PointTable out;
  read_shape(header_value(header, "shape", name), out, name);
  const std::string_view type = header_value(header, "descr", name);
  const auto* stored = std::find_if(
      std::begin(kStoredTypes), std::end(kStoredTypes),
      [&](const StoredType& known) { return type.substr(0, known.code.size()) == known.code; });
  if (stored == std::end(kStoredTypes)) {
    fail(name, "must hold little-endian float32, float64, uint8, int32 or int64");
  }
  if (out.columns == 0 || out.rows > data.size() / stored->size / out.columns) {
    fail(name, fmt::format("is cut off: {} x {} numbers do not fit", out.rows, out.columns));
  }
  out.rows = most_rows > 0 ? std::min(out.rows, most_rows) : out.rows;
  if (out.rows > kMaxPointNumbers / out.columns) {
    fail(name, fmt::format("has more than {} numbers; take fewer rows", kMaxPointNumbers));
  }
  stored->read(data, out);
  check(out, name);
  return out;
}

PointTable parse_csv(std::string_view text, std::size_t most_rows, const std::string& name) {
  PointTable out;
  std::size_t number_of_line = 0;
  while (!text.empty() && (most_rows == 0 || out.rows < most_rows)) {
    ++number_of_line;
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    if (line.find_first_not_of(" \t") == std::string_view::npos || line.front() == '#') {
      continue;
    }
    const std::string where = fmt::format("{}:{}", name, number_of_line);
    std::size_t columns = 0;
    for (bool last = false; !last; ++columns) {
      const std::size_t comma = line.find(',');
      last = comma == std::string_view::npos;
      std::string_view item = line.substr(0, comma);
      line.remove_prefix(last ? line.size() : comma + 1);
      item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
      item = item.substr(0, item.find_last_not_of(" \t") + 1);
      double value = 0;
      const auto [stop, error] = std::from_chars(item.data(), item.data() + item.size(), value);
      if (error != std::errc{} || stop != item.data() + item.size() || item.empty()) {
        fail(where, fmt::format("'{}' is no number", quoted(item)));
      }
      out.values.push_back(value);
    }
    if (out.rows > 0 && columns != out.columns) {
      fail(where, fmt::format("has {} numbers, the first row has {}", columns, out.columns));
    }
    out.columns = columns;
    ++out.rows;
    if (out.values.size() > kMaxPointNumbers) {
      fail(where, fmt::format("more than {} numbers; take fewer rows", kMaxPointNumbers));
    }
  }
  check(out, name);
  return out;
}

PointTable read_points(const std::string& path, std::size_t most_rows, std::string_view origin) {
  const bool npy = ends_in(path, ".npy");
  if (!npy && !ends_in(path, ".csv")) {
    throw InputError(fmt::format("{}: '{}' must be a .npy or a .csv file", origin, quoted(path)));
  }
  std::ifstream in(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in) {
    throw InputError(fmt::format("{}: cannot read the file '{}'", origin, quoted(path)));
  }
  return npy ? parse_npy(bytes, most_rows, path) : parse_csv(bytes, most_rows, path);
}

}  // namespace lemmabench
