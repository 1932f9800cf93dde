#include "harness/records/scheme_json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

std::string refusal(const std::string& json) {
  try {
    parse_scheme(json, "x.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// The smallest scheme with a draw; `rows` and what comes before can be exchanged.
std::string text(const std::string& rows, const std::string& more = "") {
  return R"({"sigmas": [2, 1], "model_calls": 1, "draws": 1, )" + more + R"("rows": )" + rows + "}";
}

const char* const kRows = "[[1, 0, 0], [0.1, 0.9, 1e-3]]";

TEST_CASE("dense rows are read to the last bit, zeros left out") {
  const Scheme scheme = parse_scheme(
      text(kRows, R"("source": "me", "steps": 7, "parametrisation": "x", )"), "x.json");
  CHECK(scheme.calls() == 1);
  CHECK(scheme.draws == 1);
  CHECK(scheme.source == "me");
  CHECK(scheme.steps == 7);
  REQUIRE(scheme.rows.size() == 2);
  REQUIRE(scheme.rows[0].size() == 1);
  REQUIRE(scheme.rows[1].size() == 3);
  CHECK(scheme.rows[1][0].coefficient == 0.1);
  CHECK(scheme.rows[1][1].source == SchemeSource::output);
  CHECK(scheme.rows[1][2].source == SchemeSource::draw);
  CHECK(scheme.rows[1][2].coefficient == 1e-3);
}

TEST_CASE("the compact form, a start without end, notes of a tracer") {
  const Scheme scheme = parse_scheme(
      R"({"sigmas": ["inf", 1, 0], "model_calls": 2, "draws": 1, "advertised_order": 2,
          "linearity_defect": 1e-15, "float32": true, "gaussian_start_variance": 1,
          "recursion": [{"x": 1}, {"y0": 0.5, "D0": 0.5, "z0": 0.1}, {"D1": 1, "y1": 0}]})",
      "x.json");
  CHECK(scheme.starts_from_noise());
  CHECK(scheme.levels[2] == 0);
  REQUIRE(scheme.rows[1].size() == 3);
  CHECK(scheme.rows[2].size() == 1);
  CHECK(scheme.advertised_order == 2);
  CHECK(scheme.linearity_defect == 1e-15);
  CHECK(scheme.rounding_floor == 0x1p-24);
  CHECK(scheme.gaussian_start_variance == 1);
  const Scheme other = parse_scheme(text(kRows, R"("rounding_floor": 1e-7, )"), "x.json");
  CHECK(other.rounding_floor == 1e-7);
}

TEST_CASE("what is wrong is said in one line, with its place and what would be right") {
  CHECK(refusal(text(kRows)).empty());
  CHECK(refusal(text("[[1, 0, 0], [0.1, 0.9]]")) ==
        "x.json: rows[1] has 2 numbers; 1 + model_calls + draws = 3 are right");
  CHECK(refusal(text("[[1, 0, 0]]")) ==
        "x.json: rows has 1 entries; model_calls + 1 = 2 are right");
  CHECK(refusal(text("[[1, 0, 0], [0.1, \"a\", 0]]")) ==
        "x.json: rows[1][1] is \"a\", not a number");
  CHECK(refusal(text("[[1, 0, 0], [0.1, NaN, 0]]")) ==
        "x.json: has NaN at byte 76; all levels and coefficients are finite numbers (an infinite "
        "first level is written \"inf\")");
  CHECK(refusal(text("[[1, 0, 0], [0.1, -Infinity, 0]]")).find("has Infinity at byte") !=
        std::string::npos);
  CHECK(refusal(text("[[1, 0.5, 0], [0.1, 0.9, 0]]")).find("row 0 uses D0, which does not exist") !=
        std::string::npos);
  CHECK(refusal(text(kRows, R"("sigma_min": 1, )")).starts_with("x.json: unknown key 'sigma_min'"));
  CHECK(refusal(text(kRows, R"("rows ": 1, )")).find("nearest: rows") != std::string::npos);
  CHECK(refusal(text(kRows, R"("source": 3, )")) == "x.json: source is 3, not text");
  CHECK(refusal(text(kRows, R"("parametrisation": 3, )")) ==
        "x.json: parametrisation is 3, not text");
  CHECK(refusal(text(kRows, R"("steps": 1.5, )")) ==
        "x.json: steps is 1.5; it is a whole number from 1 to 1000000000");
  CHECK(refusal(text(kRows, R"("draws": 1, )")) ==
        "x.json: the key 'draws' stands twice in one object; give it once");
  CHECK(refusal(text(kRows, R"("recursion": [{}, {}], )")) ==
        "x.json: has both rows and recursion; give one of them");
  CHECK(refusal(text(kRows, R"("rounding_floor": 2, )")) ==
        "x.json: rounding_floor is 2; it is a relative size, from 0 to 1");
  CHECK(refusal(R"({"sigmas": [2, 1], "model_calls": 1, "draws": 1})") ==
        "x.json: has neither rows nor recursion; one of them is the scheme");
  CHECK(refusal(R"({"sigmas": [2], "model_calls": 1, "draws": 1, "rows": []})") ==
        "x.json: sigmas has 1 numbers; model_calls + 1 = 2 are right: one level for each call and "
        "that of the output");
  CHECK(refusal(R"({"sigmas": [2, "inf"], "model_calls": 1, "draws": 0, "rows": []})") ==
        "x.json: sigmas[1] is \"inf\", not a number");
  CHECK(refusal(R"({"sigmas": [2, 1], "model_calls": 0, "draws": 0, "rows": []})") ==
        "x.json: model_calls is 0; it is a whole number from 1 to 100000");
  CHECK(refusal("[]") ==
        "x.json: is not a JSON object; a scheme has sigmas, model_calls, draws and rows or "
        "recursion");
  CHECK(refusal("{\"sigmas\": [1,") ==
        "x.json: is not JSON from byte 15 on; a scheme is one JSON object");
  CHECK(refusal("") == "x.json: is empty; a scheme is one JSON object");
  CHECK(refusal(text("[[1, 0, 0], [1e999, 0, 0]]")) ==
        "x.json: has the number '1e999'; levels and coefficients are doubles, below 1.8e308");
}

TEST_CASE("keys of the compact form that are none") {
  const auto compact = [](const std::string& row) {
    return R"({"sigmas": [2, 1], "model_calls": 1, "draws": 1, "recursion": [{"x": 1}, )" + row +
           "]}";
  };
  CHECK(refusal(compact(R"({"y0": 1})")).empty());
  for (const char* key : {"y", "y0x", "w0", "", "y-1", "D 0", "y99999999999"}) {
    CAPTURE(key);
    CHECK(refusal(compact("{\"" + std::string(key) + "\": 1}")) ==
          "x.json: recursion[1] has the key '" + std::string(key) +
              "'; keys are x, y0, y1, ..., D0, ..., z0, ...");
  }
  CHECK(refusal(compact("3")).starts_with("x.json: recursion[1] is no object"));
  CHECK(refusal(compact(R"({"y0": 1, "y0": 2})")).find("stands twice") != std::string::npos);
  CHECK(refusal(compact(R"({"y0": "1"})")) == "x.json: recursion[1], y0 is \"1\", not a number");
}

TEST_CASE("a file that is not there is refused by its name") {
  CHECK_THROWS_AS(read_scheme("/nowhere/x.json", "--sampler /nowhere/x.json"), InputError);
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / "lemmabench_scheme_json_test.json";
  std::ofstream(path) << text(kRows);
  CHECK(read_scheme(path, "test").rows.size() == 2);
  std::filesystem::remove(path);
}

}  // namespace
