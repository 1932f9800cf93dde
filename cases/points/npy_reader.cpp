// Points as numpy.save writes them (numpy/lib/format.py, versions 1 to 3).

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/points/point_reader.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw InputError(fmt::format("{}: {}", quoted(where), what));
}

/// What the header says of the array.
struct NpyHeader {
  std::string type;  ///< "<f8"
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::size_t>> shape;
  std::string_view data;
};

/// The header's dictionary, a literal of Python: {'descr': '<f8', 'fortran_order': False, 'shape':
/// (3, 2), }.
class Literal {
 public:
  Literal(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  NpyHeader read() {
    NpyHeader out;
    expect('{');
    while (!next_is('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr") {
        if (next_is('[')) {
          fail(name_,
               "has named fields (a structured dtype); save plain numbers "
               "(numpy.lib.recfunctions.structured_to_unstructured)");
        }
        out.type = string();
      } else if (key == "fortran_order") {
        out.fortran_order = boolean();
      } else if (key == "shape") {
        out.shape = tuple();
      } else {
        damaged();
      }
      if (!next_is('}')) expect(',');
    }
    if (out.type.empty() || !out.fortran_order || !out.shape) damaged();
    return out;
  }

 private:
  [[noreturn]] void damaged() const {
    fail(name_, fmt::format("the .npy header is damaged at '{}'", quoted(text_.substr(0, 20))));
  }
  void skip_spaces() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \n\t"), text_.size()));
  }
  bool next_is(char c) {
    skip_spaces();
    return !text_.empty() && text_.front() == c;
  }
  void expect(char c) {
    if (!next_is(c)) damaged();
    text_.remove_prefix(1);
  }
  bool take(std::string_view word) {
    skip_spaces();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  std::string string() {
    const char quote = next_is('"') ? '"' : '\'';
    expect(quote);
    const std::size_t end = text_.find(quote);
    if (end == std::string_view::npos) damaged();
    std::string out(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return out;
  }
  bool boolean() {
    if (take("True")) return true;
    if (!take("False")) damaged();
    return false;
  }
  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> out;
    expect('(');
    while (!next_is(')')) {
      std::size_t value = 0;
      const auto [stop, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      if (error != std::errc{}) damaged();
      text_.remove_prefix(static_cast<std::size_t>(stop - text_.data()));
      out.push_back(value);
      take("L");  // Python 2
      if (!next_is(')')) expect(',');
    }
    expect(')');
    return out;
  }

  std::string_view text_;
  const std::string& name_;
};

NpyHeader read_header(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("PK")) {
    fail(name, "is a .npz archive of arrays; save the one array with numpy.save");
  }
  if (!bytes.starts_with("\x93NUMPY") || bytes.size() < 12) fail(name, "is no .npy file");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (byte(6) < 1 || byte(6) > 3) {
    fail(name, fmt::format("is .npy of version {}; 1 to 3 are read", byte(6)));
  }
  const std::size_t start = byte(6) == 1 ? 10 : 12;
  const std::size_t length =
      byte(8) | byte(9) << 8 | (byte(6) == 1 ? 0 : byte(10) << 16 | byte(11) << 24);
  if (bytes.size() - start < length) fail(name, "is cut off in the .npy header");
  NpyHeader out = Literal(bytes.substr(start, length), name).read();
  out.data = bytes.substr(start + length);
  return out;
}

/// IEEE 754 binary16, exactly.
double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const double fraction = bits & 1023;
  double value = 0;
  if (exponent == 31) {
    value = fraction == 0 ? HUGE_VAL : std::nan("");
  } else if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else {
    value = std::ldexp(1024 + fraction, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

template <class Stored, class Bits>
double stored(std::uint64_t bits) {
  return static_cast<double>(std::bit_cast<Stored>(static_cast<Bits>(bits)));
}

struct StoredType {
  std::string_view code;  ///< without the byte order
  std::size_t size;
  double (*value)(std::uint64_t bits);
};
constexpr StoredType kStoredTypes[] = {
    {"f8", 8, stored<double, std::uint64_t>},
    {"f4", 4, stored<float, std::uint32_t>},
    {"f2", 2, [](std::uint64_t bits) { return half(static_cast<std::uint16_t>(bits)); }},
    {"i1", 1, stored<std::int8_t, std::uint8_t>},
    {"i2", 2, stored<std::int16_t, std::uint16_t>},
    {"i4", 4, stored<std::int32_t, std::uint32_t>},
    {"i8", 8, stored<std::int64_t, std::uint64_t>},
    {"u1", 1, stored<std::uint8_t, std::uint8_t>},
    {"u2", 2, stored<std::uint16_t, std::uint16_t>},
    {"u4", 4, stored<std::uint32_t, std::uint32_t>},
    {"u8", 8, stored<std::uint64_t, std::uint64_t>},
    {"b1", 1, [](std::uint64_t bits) { return bits == 0 ? 0.0 : 1.0; }},
};

const StoredType& stored_type(const std::string& type, const std::string& name) {
  const std::string_view code =
      std::string_view(type).substr(std::min<std::size_t>(1, type.size()));
  const auto* found = std::find_if(std::begin(kStoredTypes), std::end(kStoredTypes),
                                   [&](const StoredType& known) { return known.code == code; });
  if (found != std::end(kStoredTypes) &&
      std::string_view("<>|=").find(type[0]) != std::string::npos)
    return *found;
  const char kind = code.empty() ? '?' : code[0];
  const char* what = "";
  if (kind == 'c') what = " (complex; save .real, or real and imaginary parts as coordinates)";
  if (kind == 'O') what = " (Python objects; save numbers: .astype(float))";
  if (kind == 'f') what = " (longer than a double; save .astype(float))";
  if (kind == 'U' || kind == 'S') what = " (text; save numbers: .astype(float))";
  fail(name,
       fmt::format("holds '{}'{}; real numbers of up to 8 bytes are read", quoted(type), what));
}

/// Element i in C order of an array of `shape`, as a place in what is stored.
class Order {
 public:
  Order(const std::vector<std::size_t>& shape, bool fortran) : shape_(shape), fortran_(fortran) {}

  std::size_t operator()(std::size_t i) const {
    if (!fortran_) return i;
    std::size_t count = 1;
    for (const std::size_t n : shape_) count *= n;
    std::size_t out = 0;
    for (std::size_t axis = shape_.size(); axis-- > 0;) {
      count /= shape_[axis];
      // The stride of an axis is the product of those before it.
      out += (i % shape_[axis]) * count;
      i /= shape_[axis];
    }
    return out;
  }

 private:
  const std::vector<std::size_t>& shape_;
  bool fortran_;
};

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

/// Rows and columns, once the data are known to be what the shape says to the byte.
ReadPoints checked_size(const NpyHeader& header, const StoredType& type, const std::string& name) {
  const std::vector<std::size_t>& shape = *header.shape;
  if (shape.empty()) fail(name, "is a single number; save an array of points, one a row");
  if (std::find(shape.begin(), shape.end(), 0U) != shape.end()) {
    fail(name, fmt::format("has no points: its shape is {}", shape_text(shape)));
  }
  const std::size_t held = header.data.size() / type.size;
  std::size_t count = 1;
  for (const std::size_t n : shape) {
    if (n > held / count) {
      fail(name, fmt::format("is cut off: {} numbers of {} bytes do not fit into {} bytes",
                             shape_text(shape), type.size, header.data.size()));
    }
    count *= n;
  }
  if (count * type.size != header.data.size()) {
    fail(name, fmt::format("has {} bytes after the array of shape {}: two arrays in one file, or "
                           "damage; save one array",
                           header.data.size() - count * type.size, shape_text(shape)));
  }
  ReadPoints out{{shape[0], count / shape[0], {}}, {}};
  if (shape.size() > 2) {
    out.notes.push_back(fmt::format("{}: of shape {}: a row of {} numbers for each of {} points",
                                    quoted(name), shape_text(shape), out.points.columns,
                                    out.points.rows));
  }
  return out;
}

std::uint64_t bits_at(std::string_view data, std::size_t place, std::size_t size, bool big) {
  std::uint64_t bits = 0;
  for (std::size_t k = 0; k < size; ++k) {
    const std::size_t at = place * size + (big ? k : size - 1 - k);
    bits = bits << 8 | static_cast<unsigned char>(data[at]);
  }
  return bits;
}

}  // namespace

ReadPoints read_npy(std::string_view bytes, std::size_t most_rows, const std::string& name) {
  const NpyHeader header = read_header(bytes, name);
  const StoredType& type = stored_type(header.type, name);
  ReadPoints read = checked_size(header, type, name);
  PointTable& out = read.points;
  out.rows = most_rows > 0 ? std::min(out.rows, most_rows) : out.rows;
  if (out.rows > kMaxPointNumbers / out.columns) {
    fail(name, fmt::format("has more than {} numbers; take fewer rows", kMaxPointNumbers));
  }
  const Order order(*header.shape, *header.fortran_order);
  const bool big = header.type[0] == '>';
  out.values.resize(out.rows * out.columns);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    out.values[i] = type.value(bits_at(header.data, order(i), type.size, big));
    if (!std::isfinite(out.values[i])) {
      fail(name, fmt::format("row {}, column {} is {}, not finite; take rows that diverged out, or "
                             "make them finite",
                             i / out.columns + 1, i % out.columns + 1,
                             std::isnan(out.values[i]) ? "nan"
                             : out.values[i] > 0       ? "inf"
                                                       : "-inf"));
    }
  }
  return read;
}

}  // namespace lemmabench
