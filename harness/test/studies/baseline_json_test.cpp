#include "harness/studies/regression/baseline_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "numerics/error.hpp"

using namespace lemmabench;
using Json = nlohmann::ordered_json;

namespace {

/// A baseline with a cell of every kind, computed once.
const std::string& written() {
  static const std::string kText = baseline_json(make_baseline(
      parse_gate_plan("[[law]]\ntargets = 'gauss-spread'\nsteps = 3\n"
                      "schedules = 'logit:from=-0.3,to=0.3'\nstarts = 'exact'\nlocal = true\n"
                      "[[order]]\ntargets = 'gauss-flat'\nsteps = [128, 256, 512, 1024]\n"
                      "arithmetics = 'double'\n"
                      "[[claim]]\nclaims = 'D5'\ncases = 'gauss-flat'\n"
                      "[[certificate]]\ntargets = 'gauss-flat'\nsteps = 100\nmargin = 0.5\n",
                      "plan.toml"),
      "ddpm", 1));
  return kText;
}

void check_message(const Json& json, const std::string& wanted) {
  try {
    baseline_from_json(json.dump(), "b.json");
    FAIL("no error");
  } catch (const InputError& error) {
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find(wanted) == 0);
    CHECK(message.find('\n') == std::string::npos);
  }
}

}  // namespace

TEST_CASE("baseline: what is written reads back to the same cells and passes") {
  const Baseline baseline = baseline_from_json(written(), "b.json");
  REQUIRE(baseline.cells.size() == 4);
  CHECK(baseline.sampler == "ddpm");
  CHECK(baseline.cells[0].cell.local_errors);
  CHECK(baseline.cells[0].answer.numbers.back().sense == Sense::detail);
  CHECK(baseline.cells[1].cell.steps == std::vector<long>{128, 256, 512, 1024});
  CHECK(baseline.cells[2].answer.verdict.has_value());
  CHECK(baseline.cells[3].cell.margin == 0.5);
  CHECK(baseline.cells[3].answer.numbers.front().value.evidence() == Evidence::sampled);
  // Printing rounds, outward: the same sampler is still the same.
  GateOptions options;
  options.exact = true;
  CHECK(run_gate(baseline, "ddpm", options).passed());
  // Twenty digits: proved numbers lose no more than their last bits.
  const Quantity& tv = baseline.cells[0].answer.numbers[0].value;
  CHECK(tv.evidence() == Evidence::proved);
  CHECK(tv.error() < 1e-12 * tv.value());
}

TEST_CASE("baseline: damaged files are refused with file and cell") {
  CHECK_THROWS_AS(baseline_from_json("{", "b.json"), InputError);
  CHECK_THROWS_AS(baseline_from_json("[]", "b.json"), InputError);
  CHECK_THROWS_AS(baseline_from_json("", "b.json"), InputError);
  const Json whole = Json::parse(written());
  Json broken = whole;
  broken["format"] = "something else";
  check_message(broken, "b.json: not a baseline; `lemmabench compare");
  broken = whole;
  broken["format_version"] = 2;
  check_message(broken, "b.json: format_version 2, and this program reads 1");
  broken = whole;
  broken["alpha"] = 1.5;
  check_message(broken, "b.json: alpha 1.5");
  broken = whole;
  broken["cells"].push_back(whole["cells"][0]);
  check_message(broken,
                "b.json: cell 5 (law gauss-spread T=3 logit:from=-0.3,to=0.3 start=exact)"
                ": stands twice");
  broken = whole;
  broken["cells"][0]["numbers"].erase(0);
  check_message(broken, "b.json: cell 1 (law gauss-spread T=3");
  broken = whole;
  broken["cells"][1]["numbers"].erase(2);
  check_message(broken, "b.json: cell 2 (order gauss-flat");
  broken = whole;
  broken["cells"][2].erase("verdict");
  check_message(broken, "b.json: cell 3 (claim D5 on gauss-flat): ");
  broken = whole;
  broken["cells"][3]["numbers"] = Json::array();
  check_message(broken, "b.json: cell 4 (certificate gauss-flat");
}

TEST_CASE("baseline: values out of range are refused") {
  const Json whole = Json::parse(written());
  Json broken = whole;
  broken["cells"][0]["numbers"][0]["value"] = "nan";
  check_message(broken, "b.json: cell 1 (law gauss-spread");
  broken = whole;
  broken["cells"][0]["numbers"][0]["error"] = "-1";
  check_message(broken, "b.json: cell 1 (law gauss-spread");
  broken = whole;
  broken["cells"][0]["numbers"][1]["name"] = "tv";
  check_message(broken, "b.json: cell 1 (law gauss-spread");
  broken = whole;
  broken["cells"][0]["kind"] = "guess";
  check_message(broken, "b.json: cell 1: kind 'guess' is none of law");
  broken = whole;
  broken["cells"][0]["target"] = "gauss-sprad";
  check_message(broken, "b.json: cell 1: unknown target");
  broken = whole;
  broken["cells"][1]["steps"] = {512, 256, 1024, 2048};
  check_message(broken, "b.json: cell 2: the steps of an order ascend");
  broken = whole;
  broken["cells"][0]["steps"] = -3;
  check_message(broken, "b.json: cell 1: steps must be from 2 to");
  broken = whole;
  broken["cells"][0]["digits"] = 100000;
  check_message(broken, "b.json: cell 1: digits 100000 is not from 0 to 1000");
  broken = whole;
  broken["cells"][0]["arithmetic"] = "half";
  check_message(broken, "b.json: cell 1: arithmetic 'half' is none of");
  broken = whole;
  broken["cells"][3]["margin"] = 0;
  check_message(broken, "b.json: cell 4: margin 0");
}

TEST_CASE("baseline: bytes that are cut off or changed are read or refused in one line") {
  const std::string whole = written();
  int refused = 0;
  const auto read = [&](const std::string& text) {
    try {
      baseline_from_json(text, "b.json");
    } catch (const InputError& error) {
      ++refused;
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
      CHECK(std::string(error.what()).find("b.json: ") == 0);
    }
  };
  for (std::size_t at = 0; at + 2 < whole.size(); at += 53) {
    read(whole.substr(0, at));  // always refused: the last brace is missing
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x15);
    read(changed);
  }
  CHECK(refused >= static_cast<int>(whole.size() / 53));
}
