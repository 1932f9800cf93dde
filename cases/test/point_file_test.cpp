#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "cases/points/point_reader.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

using Values = std::vector<double>;

template <class Body>
std::string refusal(Body body) {
  try {
    body();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

/// One line that has `part`.
void check_says(const std::string& message, const std::string& part) {
  CHECK_MESSAGE(message.find(part) != std::string::npos, message << " | " << part);
  CHECK(message.find('\n') == std::string::npos);
}

/// A .npy file with these bytes behind the header.
std::string npy(const std::string& type, const std::string& shape, const std::string& data,
                const std::string& order = "False", char version = 1) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  header.insert(header.size() - 1, 118 - header.size(), ' ');
  std::string out("\x93NUMPY", 6);
  out += version;
  out += '\0';
  out += static_cast<char>(header.size() % 256);
  out += static_cast<char>(header.size() / 256);
  if (version > 1) out += std::string(2, '\0');
  return out + header + data;
}

template <class Number>
std::string bytes(std::initializer_list<Number> values, bool big = false) {
  std::string out(values.size() * sizeof(Number), '\0');
  std::memcpy(out.data(), values.begin(), out.size());
  for (std::size_t i = 0; big && i < out.size(); i += sizeof(Number)) {
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(i),
                 out.begin() + static_cast<std::ptrdiff_t>(i + sizeof(Number)));
  }
  return out;
}

/// A table and its notes, flat.
struct Read : PointTable {
  std::vector<std::string> notes;
  explicit Read(ReadPoints read)
      : PointTable(std::move(read.points)), notes(std::move(read.notes)) {}
};
Read of_npy(const std::string& file) { return Read(read_npy(file, 0, "a.npy")); }
Read of_csv(const std::string& text) { return Read(read_csv(text, 0, "a.csv")); }

template <class Number>
void check_type(const std::string& code, std::initializer_list<Number> values) {
  const Values wanted(values.begin(), values.end());
  CHECK(of_npy(npy("<" + code, "(3, 1)", bytes(values))).values == wanted);
  CHECK(of_npy(npy(">" + code, "(3, 1)", bytes(values, true))).values == wanted);
}

TEST_CASE(".npy in every type of real number and both byte orders") {
  check_type<double>("f8", {1.5, -2, 1e300});
  check_type<float>("f4", {1.5F, -2, 1e30F});
  check_type<std::int8_t>("i1", {1, -2, 127});
  check_type<std::int16_t>("i2", {1, -2, 32767});
  check_type<std::int32_t>("i4", {1, -2, 2147483647});
  check_type<std::int64_t>("i8", {1, -2, 1LL << 53});
  check_type<std::uint8_t>("u1", {1, 2, 255});
  check_type<std::uint16_t>("u2", {1, 2, 65535});
  check_type<std::uint32_t>("u4", {1, 2, 4294967295U});
  check_type<std::uint64_t>("u8", {1, 2, 1ULL << 63});
  CHECK(of_npy(npy("|b1", "(2, 1)", std::string("\0\1", 2))).values == Values{0, 1});
  CHECK(of_npy(npy("|u1", "(1, 2)", std::string("\0\xff", 2))).values == Values{0, 255});
}

// 1, -2, the largest, the smallest normal, the largest and smallest subnormal, -0: by IEEE 754.
TEST_CASE(".npy in half precision") {
  const Values values =
      of_npy(npy("<f2", "(7,)",
                 bytes<std::uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x8000})))
          .values;
  CHECK(values == Values{1, -2, 65504, 0x1p-14, 1023 * 0x1p-24, 0x1p-24, 0});
  CHECK(std::signbit(values[6]));
  check_says(refusal([] { of_npy(npy("<f2", "(1,)", bytes<std::uint16_t>({0x7c00}))); }),
             "a.npy: row 1, column 1 is inf, not finite");
  check_says(refusal([] { of_npy(npy("<f2", "(1,)", bytes<std::uint16_t>({0x7e00}))); }),
             "is nan, not finite");
}

TEST_CASE(".npy in every shape and order") {
  const std::string six = bytes({1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  const Read plain = of_npy(npy("<f8", "(2, 3)", six));
  CHECK(plain.rows == 2);
  CHECK(plain.columns == 3);
  CHECK(plain.values == Values{1, 2, 3, 4, 5, 6});
  CHECK(plain.notes.empty());
  // Fortran order: [[1, 3, 5], [2, 4, 6]]
  CHECK(of_npy(npy("<f8", "(2, 3)", six, "True")).values == Values{1, 3, 5, 2, 4, 6});
  const Read line = of_npy(npy("<f8", "(6,)", six));
  CHECK(line.rows == 6);
  CHECK(line.columns == 1);
  const Read images = of_npy(npy("<f8", "(3, 2, 1)", six));
  CHECK(images.rows == 3);
  CHECK(images.columns == 2);
  REQUIRE(images.notes.size() == 1);
  check_says(images.notes[0], "of shape (3, 2, 1): a row of 2 numbers for each of 3 points");
  // a[i][j][k] of shape (2, 3, 2) at i + 2 (j + 3 k) in Fortran order.
  std::string twelve;
  for (int i = 0; i < 12; ++i) twelve += bytes({static_cast<double>(i)});
  const Values cube = of_npy(npy("<f8", "(2, 3, 2)", twelve, "True")).values;
  CHECK(cube == Values{0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11});
  // The first rows only, still checked against the whole.
  const PointTable some = parse_npy(npy("<f8", "(3, 2)", six), 1, "a");
  CHECK(some.rows == 1);
  CHECK(some.values == Values{1, 2});
  CHECK(of_npy(npy("<f8", "(2L, 3L)", six)).rows == 2);
  for (const char version : {char{2}, char{3}}) {
    CHECK(of_npy(npy("<f8", "(2, 3)", six, "False", version)).values == plain.values);
  }
}

TEST_CASE(".npy that is no array of points is refused in one line") {
  const std::string two = bytes({1.0, 2.0});
  const std::pair<std::string, const char*> all[] = {
      {"nothing at all", "a.npy: is no .npy file"},
      {"", "is no .npy file"},
      {"PK\3\4 and so on, a zip file", "is a .npz archive of arrays; save the one array"},
      {npy("<f8", "(1, 2)", two, "False", 4), "is .npy of version 4"},
      {npy("<f8", "(1, 2)", two).substr(0, 60), "is cut off in the .npy header"},
      {npy("<f8", "(9, 2)", two), "is cut off: (9, 2) numbers of 8 bytes do not fit into 16"},
      {npy("<f8", "(1, 2)", two).substr(0, 140), "is cut off"},
      {npy("<f8", "(18446744073709551615, 2)", "12345678"), "is cut off"},
      {npy("<f8", "(4294967296, 4294967296, 4294967296)", "12345678"), "is cut off"},
      {npy("<f8", "(1, 2)", two + "x"), "has 1 bytes after the array of shape (1, 2)"},
      {npy("<f8", "(1, 2)", two) + npy("<f8", "(1, 2)", two), "two arrays in one file"},
      {npy("<f8", "(1, 1)", two), "has 8 bytes after the array"},
      {npy("<f8", "()", bytes({1.0})), "is a single number"},
      {npy("<f8", "(0, 2)", ""), "has no points: its shape is (0, 2)"},
      {npy("<f8", "(2, 0)", ""), "has no points"},
      {npy("<c16", "(1, 1)", two), "holds '<c16' (complex; save .real"},
      {npy("|O", "(1, 1)", two), "holds '|O' (Python objects; save numbers: .astype(float))"},
      {npy("<f16", "(1, 1)", two), "holds '<f16' (longer than a double; save .astype(float))"},
      {npy("<U4", "(1, 1)", two), "(text; save numbers"},
      {npy("<M8[s]", "(2, 1)", two), "holds '<M8[s]'; real numbers of up to 8 bytes are read"},
      {npy("", "(2, 1)", two), "the .npy header is damaged"},
      {npy("f8", "(2, 1)", two), "holds 'f8'"},
      {npy("<f8", "(1, 2", two), "the .npy header is damaged at"},
      {npy("<f8", "(-1, 2)", two), "the .npy header is damaged at '-1, 2)"},
      {npy("<f8", "(1, 2)", two, "Maybe"), "the .npy header is damaged"},
      {npy("<f8", "(1, 2)", bytes({1.0, 0.0 / 0.0})), "row 1, column 2 is nan, not finite"},
      {npy("<f8", "(2, 1)", bytes({1.0, -1 / 0.0})), "row 2, column 1 is -inf, not finite"},
  };
  for (const auto& [file, words] : all) {
    check_says(refusal([&, &file = file] { of_npy(file); }), words);
  }
  std::string fields = npy("<f8", "(1, 2)", two);
  fields.replace(fields.find("'<f8'"), 5, "[('x'");
  check_says(refusal([&] { of_npy(fields); }), "has named fields (a structured dtype)");
}

TEST_CASE(".csv as programs write it") {
  const Values wanted{1, 2.5, -300, 4};
  const char* const all[] = {
      "1,2.5\n-3e2,4\n",
      "# a comment\n1, 2.5\r\n\n-3e2,4",
      "1;2.5\n-3e2;4\n",
      "1\t2.5\n-3e2\t4\n",
      "1 2.5\n-3e2 4\n",
      "  1.000000000000000000e+00   2.5 \n -3e2\t 4 \n",  // numpy.savetxt and its like
      ("\xef\xbb\xbf"
       "1,2.5\n-3e2,4\n"),  // a byte order mark, apart from the digit that would continue it
      "\"1\",\"2.5\"\n\"-3e2\",\" 4 \"\n",
      "1,2.5\r-3e2,4\r",
      "\n \t \n+1,2.5\n\n\n-3e2,+4\n\n",
      "1 , 2.5\n-3e2 ,\t4\n",
  };
  for (const char* text : all) {
    CAPTURE(text);
    const Read table = of_csv(text);
    CHECK(table.rows == 2);
    CHECK(table.columns == 2);
    CHECK(table.values == wanted);
    CHECK(table.notes.empty());
  }
  CHECK(of_csv("1\n2\n3").rows == 3);
  CHECK(of_csv("1e-400,-1e-400").values == Values{0, 0});
  CHECK(parse_csv("1,2\n3,4\n5,x", 2, "a.csv").rows == 2);
}

TEST_CASE(".csv: what the first line was taken as is said") {
  const Read named = of_csv("\"x;1\";'y'\n1;2\n3;4\n");
  CHECK(named.rows == 2);
  CHECK(named.values == Values{1, 2, 3, 4});
  REQUIRE(named.notes.size() == 1);
  check_says(named.notes[0], "a.csv:1: taken as the names of 2 columns: \"x;1\";'y'");
  CHECK(of_csv("# of what\n\nx y z\n1 2 3").notes[0].substr(0, 8) == "a.csv:3:");
  // Numbers name columns too, and then no program can know: nothing is lost, and it is said.
  for (const char* text : {"0,1,2\n5,6,7\n", "1,2,3\n5,6,7\n"}) {
    const Read numbered = of_csv(text);
    CHECK(numbered.rows == 2);
    REQUIRE(numbered.notes.size() == 1);
    check_says(numbered.notes[0], "first row counts up and was taken as a point; if these are");
  }
  CHECK(of_csv("0\n1\n").notes.empty());
  CHECK(of_csv("2,3\n1,2\n").notes.empty());
  CHECK(of_csv("a,b\n0,1\n").notes.size() == 1);
}

TEST_CASE(".csv that is no table of points is refused with its line") {
  const std::pair<const char*, const char*> all[] = {
      {"", "a.csv: has no points"},
      {"\n# nothing\n", "a.csv: has no points"},
      {"x,y\n", "a.csv: has column names and no points"},
      {"1,2\n3", "a.csv:2: has 1 numbers, the first row has 2"},
      {"1,2\n\n3,4,5", "a.csv:3: has 3 numbers, the first row has 2"},
      {"x,y\n1", "a.csv:2: has 1 numbers, the line of names has 2"},
      {"1,2\n1,x", "a.csv:2: column 2: 'x' is no number"},
      {"1,x\n1,2", "a.csv:1: has numbers and other text ('1', 'x')"},
      {",x,y\n0,1,2\n", "a.csv:1: the first column has no name: it numbers the rows, as pandas"},
      {",0,1\n0,1,2\n", "a.csv:1: the first column has no name: it numbers the rows, as pandas"},
      {"1,2\n1,,2", "a.csv:2: has 3 numbers"},
      {"1,2\n1,", "a.csv:2: column 2 is empty"},
      {"1;2\n1,5;2", "a.csv:2: column 1: '1,5' is no number; write 1.5, not 1,5"},
      {"1,2\n1,nan", "a.csv:2: column 2: 'nan' is not finite"},
      {"1,2\n-inf,2", "a.csv:2: column 1: '-inf' is not finite"},
      {"1,2\n1e999,2", "a.csv:2: column 1: '1e999' is not finite"},
      {"1,2\n\"1,2", "a.csv:2: a quote is not closed"},
      {"1,2\n\"1\"x,2", "a.csv:2: text follows a closed quote"},
      {"1,2\n0x10,2", "'0x10' is no number"},
      {"1,2\n+-1,2", "'+-1' is no number"},
      {"\xff\xfe"
       "1",
       "a.csv: is UTF-16 text; save it as UTF-8"},
      {"\x93NUMPY", "a.csv: is a .npy file by its content"},
  };
  for (const auto& [text, words] : all) {
    check_says(refusal([&, text = text] { of_csv(text); }), words);
  }
}

TEST_CASE("a file of points that cannot be read is refused") {
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / "lemmabench_point_file_test.npy";
  std::filesystem::create_directories(directory);
  check_says(refusal([&] { read_points(directory.string(), 0, "SAMPLES"); }),
             "SAMPLES: cannot read the file '");
  std::filesystem::remove(directory);
  check_says(refusal([] { read_points("none.csv", 0, "SAMPLES"); }),
             "SAMPLES: cannot read the file 'none.csv'");
  check_says(refusal([] { read_points("points.txt", 0, "SAMPLES"); }),
             "'points.txt' must be a .npy or a .csv file");
}

}  // namespace
}  // namespace lemmabench
