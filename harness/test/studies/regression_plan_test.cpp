#include <doctest/doctest.h>

#include <set>
#include <string>

#include "harness/studies/regression/cell.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

void check_message(const std::string& document, const std::string& wanted) {
  try {
    parse_gate_plan(document, "plan.toml");
    FAIL("no error for: " << document);
  } catch (const InputError& error) {
    CAPTURE(error.what());
    CHECK(std::string(error.what()).find(wanted) == 0);
  }
}

}  // namespace

TEST_CASE("gate plan: tables are grids, an order is one cell") {
  const auto cells = parse_gate_plan(
      "[[order]]\ntargets = ['gauss-flat', 'mixture-near']\nsteps = { from = 128, to = 1024, "
      "factor = 2 }\n"
      "[[law]]\ntargets = 'gauss-flat'\nsteps = [100, 200]\nstarts = ['exact', 'gaussian']\n"
      "[[claim]]\nclaims = ['D2', 'D5']\ncases = 'gauss-flat'\n"
      "[[certificate]]\ntargets = 'gauss-flat'\nsteps = 100\nmargin = 0.2\n",
      "plan.toml");
  REQUIRE(cells.size() == 4 + 2 + 2 + 1);
  CHECK(cells[0].id() == "law gauss-flat T=100 li-cai:c0=2,c1=9 start=exact");
  CHECK(cells[3].id() == "law gauss-flat T=200 li-cai:c0=2,c1=9");
  CHECK(cells[5].id() == "order mixture-near T=128/256/512/1024 li-cai:c0=2,c1=9 start=exact");
  CHECK(cells[7].id() == "claim D5 on gauss-flat");
  CHECK(cells[8].kind == CellKind::certificate);
  CHECK(cells[8].margin == 0.2);
}

TEST_CASE("gate plan: the quick plan has all kinds of cells, each once") {
  const auto cells = built_in_gate_plan("quick");
  std::set<std::string> ids;
  std::set<CellKind> kinds;
  for (const GateCell& cell : cells) {
    ids.insert(cell.id());
    kinds.insert(cell.kind);
  }
  CHECK(ids.size() == cells.size());
  CHECK(kinds.size() == 4);
  CHECK_THROWS_AS(built_in_gate_plan("quik"), InputError);
}

TEST_CASE("gate plan: mistakes are named with their line") {
  check_message("", "plan.toml:1: needs a [[law]]");
  check_message("[[laws]]\nsteps = 3\n", "plan.toml:1: unknown key 'laws'; nearest: law");
  check_message("[[law]]\nsteps = 100\n", "plan.toml:1: needs targets");
  check_message("[[law]]\ntargets = 'gauss-flat'\nsteps = 100\nsamplers = 'ddpm'\n",
                "plan.toml:4: unknown key 'samplers'");
  check_message("[[law]]\ntargets = 'gauss-flt'\nsteps = 100\n", "plan.toml:2: unknown target");
  check_message("[[law]]\ntargets = 'gauss-flat'\nsteps = 100\nlocal = 1\n",
                "plan.toml:4: local must be true or false");
  check_message("[[order]]\ntargets = 'gauss-flat'\nsteps = [100, 200, 400]\n",
                "plan.toml:1: an order needs at least 4");
  check_message("[[claim]]\nclaims = 'F1'\ncases = 'gauss-flat'\n",
                "plan.toml:2: unknown claim about a sampler 'F1'");
  check_message("[[claim]]\nclaims = 'D2'\ncases = 'gauss-flt'\n", "plan.toml:3: unknown case");
  check_message("[[certificate]]\ntargets = 'gauss-flat'\nsteps = 100\nmargin = 2\n",
                "plan.toml:4: margin must be a number from 0.001 to 1");
  check_message(
      "[[law]]\ntargets = 'gauss-flat'\nsteps = 100\n[[law]]\ntargets = 'gauss-flat'\nsteps = "
      "[50, 100]\n",
      "plan.toml:4: the cell 'law gauss-flat T=100");
}
