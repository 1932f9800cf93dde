#include "cases/levels_file.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "numerics/error.hpp"
#include "theory/process/schedule.hpp"

using namespace lemmabench;

namespace {

using Values = std::vector<double>;

/// A file that is gone when this is.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& bytes)
      : path_(std::filesystem::temp_directory_path() / name) {
    write(bytes);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::filesystem::remove(path_); }
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Values values(const std::string& bytes, const std::string& file,
              std::optional<LevelScale> column = std::nullopt) {
  return *parse_levels(bytes, file, column, "test").values;
}

LevelScale scale(const std::string& bytes, std::optional<LevelScale> column = std::nullopt) {
  return parse_levels(bytes, "x.json", column, "test").scale;
}

std::string refusal(const std::string& bytes, const std::string& file,
                    std::optional<LevelScale> column = std::nullopt) {
  try {
    parse_levels(bytes, file, column, "test");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string schedule_refusal(const std::string& text) {
  try {
    make_schedule(text, "--schedule");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// As numpy.save writes float64 or float32.
template <class Stored>
std::string npy(const std::vector<Stored>& numbers, const std::string& shape) {
  std::string header = "{'descr': '<f" + std::to_string(sizeof(Stored)) +
                       "', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(118, ' ');
  header.back() = '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size());
  out += '\0';
  out += header;
  std::string data(numbers.size() * sizeof(Stored), '\0');
  std::memcpy(data.data(), numbers.data(), data.size());
  return out + data;
}

}  // namespace

TEST_CASE("levels are read from lists, objects, tables and arrays, and put in order") {
  const Values expected{0.1, 0.3, 14.5};
  CHECK(values("[14.5, 0.3, 0.1]", "x.json") == expected);
  CHECK(values("[0.1, 0.3, 14.5]", "x.json") == expected);
  CHECK(values(R"({"sigmas": [14.5, 0.3, 0.1], "steps": 3})", "x.json") == expected);
  CHECK(values("14.5\n0.3\n0.1\n", "x.csv") == expected);
  CHECK(values("sigma\n14.5\n0.3\n0.1\n", "x.csv") == expected);
  CHECK(values("14.5,0.3,0.1\n", "x.csv") == expected);
  CHECK(values(npy<double>({14.5, 0.3, 0.1}, "(3,)"), "x.npy") == expected);
  CHECK(values(npy<double>({14.5, 0.3, 0.1}, "(3, 1)"), "x.npy") == expected);
  CHECK(values(npy<double>({14.5, 0.3, 0.1}, "(1, 3)"), "x.npy") == expected);
  // float32 stays what it is.
  CHECK(values(npy<float>({0.3F, 0.1F}, "(2,)"), "x.npy") ==
        Values{static_cast<double>(0.1F), static_cast<double>(0.3F)});
  CHECK(std::isinf(values(R"(["inf", 1, 0])", "x.json").back()));
  // abar falls with t; betas stay as they stand.
  CHECK(values("[0.1, 0.5, 0.9]", "x.json", LevelScale::abar) == Values{0.9, 0.5, 0.1});
  CHECK(values("[0.2, 0.1, 0.4]", "x.json", LevelScale::beta) == Values{0.2, 0.1, 0.4});
}

TEST_CASE("what the numbers are is said by the column, or by the key") {
  CHECK(scale("[2, 1]") == LevelScale::sigma);
  CHECK(scale("[0.2, 0.1]", LevelScale::abar) == LevelScale::abar);
  CHECK(scale(R"({"alphas_cumprod": [0.9, 0.1]})") == LevelScale::abar);
  CHECK(scale(R"({"betas": [0.1, 0.2]})") == LevelScale::beta);
  const std::string both = R"({"betas": [0.1, 0.2], "sigmas": [2, 1]})";
  CHECK(scale(both, LevelScale::beta) == LevelScale::beta);
  CHECK(refusal(both, "x.json") ==
        "test: x.json: has both 'sigmas' and 'betas'; say column=sigma, abar or beta");
}

TEST_CASE("a file that holds no levels is refused in one line") {
  CHECK(refusal("[1, NaN]", "x.json").find("is no JSON (byte 5); numbers are finite there") !=
        std::string::npos);
  CHECK(refusal("[1, [2]]", "x.json") ==
        "test: x.json: entry 2 is [2]; levels are a flat list of numbers");
  CHECK(refusal("3", "x.json") == "test: x.json: is no list of numbers");
  CHECK(refusal("{}", "x.json") ==
        "test: x.json: has no list under sigmas, abar, alphas_cumprod or betas");
  CHECK(refusal("[2, -1]", "x.json") ==
        "test: x.json: number 2 is sigma = -1: a sigma is 0, infinite, or from 1e-100 to 1e100");
  CHECK(refusal("1,2\n3,4\n", "x.csv").find("2 rows of 2 numbers; levels are one list") !=
        std::string::npos);
  CHECK(refusal("[1]", "x.json").find("1 levels; a schedule has 2 to") != std::string::npos);
  CHECK(refusal("[2, 1]", "x.txt") ==
        "test: x.txt: levels are read from .json, .csv and .npy files");
}

TEST_CASE(
    "the text of a list has the hash of its file and reads back, while the file is the same") {
  const std::string bytes = "[3, 2, 1]";
  const TemporaryFile file("lemmabench_levels_test.json", bytes);
  const ScheduleKind kind = make_schedule("levels:file=" + file.path(), "--schedule");
  CHECK(text(kind) == "levels:file=" + file.path() + ",column=sigma,hash=" + content_hash(bytes));
  CHECK(text(make_schedule(text(kind), "test")) == text(kind));
  CHECK(Schedule<double>(kind, 3).level(2).abar == 1.0 / 5);
  file.write("[3, 2, 0.5]");
  CHECK(schedule_refusal(text(kind)).find("the file has changed since hash=") != std::string::npos);
  // A record keeps its name, and says why it cannot be computed again.
  const ScheduleKind lost = recorded_schedule(text(kind), "store");
  CHECK(text(lost) == text(kind));
  CHECK_THROWS_WITH_AS(Schedule<double>(lost, 3), doctest::Contains("has changed since"),
                       InputError);
  CHECK_THROWS_AS(recorded_schedule("levels:file=no/such.json", "store"), InputError);
}

TEST_CASE("specs of the schedules of practice read back, and wrong ones are refused") {
  for (const char* spec :
       {"scaled-linear:first=0.00085,last=0.012,train=1000,spacing=leading",
        "scaled-linear:first=0.00085,last=0.012,train=1000,spacing=leading,offset=1",
        "linear:first=0.0001,last=0.02,train=1000,spacing=trailing",
        "cosine:s=0.008,train=500,spacing=linspace", "exponential:sigma_min=0.002,sigma_max=80",
        "flow:shift=3,from=1,to=0", "linear:first=0.0001,last=0.02", "cosine:s=0.008"}) {
    CHECK(text(make_schedule(spec, "test")) == spec);
  }
  CHECK(text(make_schedule("scaled-linear", "test")) ==
        "scaled-linear:first=0.00085,last=0.012,train=1000,spacing=leading");
  CHECK(schedule_refusal("scaled-linear:spacing=middle") ==
        "--schedule: scaled-linear: spacing: 'middle' is none of leading, trailing, linspace");
  CHECK(schedule_refusal("linear:spacing=trailing").find("give train=1000 as well") !=
        std::string::npos);
  CHECK(schedule_refusal("levels").find("needs file=") != std::string::npos);
  CHECK(schedule_refusal("levels:file=no/such.json") ==
        "--schedule: levels: no/such.json: cannot read this file");
  CHECK(schedule_refusal("levels:file=x.json,column=snr") ==
        "--schedule: levels: column: 'snr' is none of sigma, abar, beta");
}
