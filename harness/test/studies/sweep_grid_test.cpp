#include "harness/studies/sweep/sweep_grid.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "harness/records/request_text.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr const char* kLeast = "targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = 100\n";

std::string message_of(const std::string& document) {
  try {
    parse_sweep_grid(document, "grid.toml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

void check_message(const std::string& document, const std::string& start) {
  const std::string message = message_of(document);
  CAPTURE(message);
  CHECK(message.rfind(start, 0) == 0);
  CHECK(message.find('\n') == std::string::npos);
}

}  // namespace

TEST_CASE("sweep grid: the defaults are those of the law command") {
  const auto requests = sweep_requests(parse_sweep_grid(kLeast, "grid.toml"));
  REQUIRE(requests.size() == 1);
  const LawRequest expected = request_for("gauss-flat", "ddpm", 100);
  CHECK(canonical_text(requests[0]) == canonical_text(expected));
}

TEST_CASE("sweep grid: all keys, their product, and steps running fastest") {
  const SweepGrid grid = parse_sweep_grid(
      "targets = ['gauss-flat', 'gauss-spread']\n"
      "samplers = ['ddpm', 'li-cai']\n"
      "steps = { from = 100, to = 1000, factor = 2.1 }\n"
      "schedules = ['li-cai', 'logit:from=-8,to=8']\n"
      "starts = ['gaussian', 'exact']\n"
      "scores = ['exact', 'affine:size=0.01']\n"
      "digits = [0, 30]\n"
      "arithmetics = ['ball', 'double']\n",
      "grid.toml");
  CHECK(grid.steps == std::vector<long>{100, 210, 441, 926});
  const auto requests = sweep_requests(grid);
  REQUIRE(requests.size() == 2 * 2 * 4 * 2 * 2 * 2 * 2 * 2);
  CHECK(requests[0].steps == 100);
  CHECK(requests[1].steps == 210);
  CHECK(canonical_text(requests.front()) != canonical_text(requests.back()));
  CHECK(requests.back().target == "gauss-spread");
  CHECK(requests.back().start == Start::exact);
  CHECK(requests.back().digits == 30);
  CHECK(requests.back().arithmetic == LawArithmetic::in_double());
}

TEST_CASE("sweep grid: other spellings of the same cell count once") {
  const SweepGrid grid = parse_sweep_grid(
      "targets = ['gauss-flat', 'gaussian:dim=5,variance=0.3', 'gaussian:spectrum=0.3x5']\n"
      "samplers = ['ddpm', 'ddpm']\n"
      "steps = [200, 100, 200]\n"
      "schedules = ['li-cai', 'li-cai:c0=2', 'li-cai:c1=9.0,c0=2']\n",
      "grid.toml");
  CHECK(grid.targets == std::vector<std::string>{"gauss-flat"});
  CHECK(grid.samplers == std::vector<std::string>{"ddpm"});
  CHECK(grid.schedules.size() == 1);
  CHECK(grid.steps == std::vector<long>{200, 100});
}

TEST_CASE("sweep grid: every mistake is one line with file and line") {
  const std::string least = kLeast;
  check_message("targets = [", "grid.toml:1: ");
  check_message("samplers = 'ddpm'\nsteps = 100\n", "grid.toml:1: needs targets = [...]");
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\n", "grid.toml:1: needs steps");
  check_message(least + "sampler = 'ddpm'\n",
                "grid.toml:4: unknown key 'sampler'; nearest: samplers (all: targets, ");
  check_message(least + "startz = 'exact'\n", "grid.toml:4: unknown key 'startz'; nearest: starts");
  check_message(least + "digits = 2000\n",
                "grid.toml:4: digits must be a whole number from 0 to 1000");
  check_message(least + "digits = '3'\n", "grid.toml:4: digits must be a whole number");
  check_message(least + "starts = 'cold'\n",
                "grid.toml:4: start 'cold' is none of gaussian, exact");
  check_message(least + "arithmetics = 'float'\n", "grid.toml:4: arithmetic 'float' is none of");
  check_message(least + "scores = []\n", "grid.toml:4: scores is an empty list");
  check_message(least + "scores = [1]\n", "grid.toml:4: scores must be text in quotes");
  check_message("targets = [\n  'gauss-flat',\n  'gauss-flta',\n]\nsamplers = 'ddpm'\nsteps = 9",
                "grid.toml:3: unknown target 'gauss-flta'");
  check_message("targets = 'gauss-flat'\nsamplers = 'dpm'\nsteps = 9",
                "grid.toml:2: unknown sampler 'dpm'");
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = [100, 1]",
                "grid.toml:3: steps must be a whole number from 2 to 10000000");
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = [100.5]", "grid.toml:3: steps");
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = { from = 64, to = 128 }",
                "grid.toml:3: steps takes from, to and factor");
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = {from=64, to=32, factor=2}",
                "grid.toml:3: steps.to must be a whole number from 64");
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = {from=64, to=99, factor=nan}",
                "grid.toml:3: steps.factor must be a number from 1.01");
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = {from=64, to=99, facto=2}",
                "grid.toml:3: steps needs from, to and factor");
  check_message("targets = 3\nsamplers = 'ddpm'\nsteps = 9", "grid.toml:1: targets must be text");
  check_message(least + "schedules = 'li-cai:c0=x'\n", "grid.toml:4: ");
}

TEST_CASE("sweep grid: a grid of too many cells is refused before it is made") {
  std::string steps;
  for (int i = 2; i < 2002; ++i) {
    steps += std::to_string(i) + ",";
  }
  std::string digits;
  for (int i = 0; i <= 1000; ++i) {
    digits += std::to_string(i) + ",";
  }
  check_message("targets = 'gauss-flat'\nsamplers = 'ddpm'\nsteps = [" + steps + "]\ndigits = [" +
                    digits + "]\n",
                "grid.toml:1: 2002000 cells; at most 1000000 are taken");
}

TEST_CASE("sweep grid: whatever is done to a document, it is read or refused in one line") {
  const std::string document =
      "targets = ['gauss-flat', 'mixture:weights=0.5/0.5,means=-1/1,variances=1/2']\n"
      "samplers = ['ddpm', 'li-cai:kappa=1/2']\nsteps = { from = 100, to = 1000, factor = 2.1 }\n"
      "schedules = 'logit:from=-8,to=8'\nstarts = ['exact']\ndigits = [0, 30]\n";
  const std::string alphabet = "abx019.,;:=/'\"[]{}\n #-+e\x01\xff";
  std::uint32_t state = 1;
  const auto random = [&](std::size_t below) {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::size_t>(state >> 8U) % below;
  };
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string broken = document;
    for (std::size_t edits = 1 + random(3); edits > 0; --edits) {
      const std::size_t at = random(broken.size());
      switch (random(3)) {
        case 0:
          broken.erase(at, 1 + random(8));
          break;
        case 1:
          broken.insert(at, 1, alphabet[random(alphabet.size())]);
          break;
        default:
          broken[at] = alphabet[random(alphabet.size())];
      }
    }
    const std::string message = message_of(broken);
    refused += message.empty() ? 0 : 1;
    CHECK(message.find('\n') == std::string::npos);
    CHECK((message.empty() || message.rfind("grid.toml:", 0) == 0));
  }
  CHECK(refused > 1000);
}

}  // namespace lemmabench
