// Schemes as data: what is refused, what is found out about them.
#include "cases/schemes/scheme.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cases/schemes/scheme_chain.hpp"
#include "cases/schemes/scheme_facts.hpp"
#include "cases/test/schemes/example_schemes.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;
using namespace lemmabench::example;

namespace {

std::string refusal(const Scheme& scheme) {
  try {
    require_sound(scheme, "test");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a scheme that is none is refused in one line that says where") {
  const Scheme good = ancestral({2, 1, 0.5});
  CHECK(refusal(good).empty());
  Scheme bad = good;
  bad.rows.pop_back();
  CHECK(refusal(bad) == "test: 2 rows; 2 model calls and the output are 3");
  bad = good;
  bad.rows[1].push_back(D(1, 0.5));
  CHECK(refusal(bad) ==
        "test: row 1 uses D1, which does not exist yet; it may use the outputs of calls before it, "
        "D0 to D0");
  bad = good;
  bad.rows[0].push_back(D(0, 0.5));
  CHECK(refusal(bad) ==
        "test: row 0 uses D0, which does not exist yet; it may use the outputs of calls before it, "
        "none");
  bad = good;
  bad.rows[1].push_back(y(1, 0.5));
  CHECK(refusal(bad) == "test: row 1 uses y1, which does not exist yet; it may use y0 to y0");
  bad = good;
  bad.rows[0].push_back(y(0, 0.5));
  CHECK(refusal(bad) ==
        "test: row 0 uses y0, which does not exist yet; it may use x and draws only");
  bad = good;
  bad.rows[2].push_back(z(2, 1));
  CHECK(refusal(bad) == "test: row 2 uses z2, but there are 2 draws; numbers start at 0");
  bad = good;
  bad.rows[2].push_back(z(1, std::nan("")));
  CHECK(refusal(bad) == "test: row 2 has a coefficient nan; all are finite numbers");
  bad = good;
  bad.levels[1] = -1;
  CHECK(refusal(bad) == "test: sigmas[1] is -1; a noise level is a number above 0");
  bad = good;
  bad.levels[2] = -1;
  CHECK(refusal(bad) ==
        "test: sigmas[2] is -1; a noise level is a number above 0, that of the output may be 0");
  bad = good;
  bad.levels[1] = 0;
  CHECK(refusal(bad) ==
        "test: sigmas[1] is 0, but the model is called there; only the last level, that of the "
        "output, may be 0");
  bad = good;
  bad.levels[1] = std::numeric_limits<double>::infinity();
  CHECK(refusal(bad) ==
        "test: sigmas[1] is infinite; only the first level may be, where x_T is the noise itself");
  bad = good;
  bad.gaussian_start_variance = 0;
  CHECK(refusal(bad) == "test: gaussian_start_variance is 0; it is a variance, above 0");
  bad = good;
  bad.levels = {1};
  CHECK(refusal(bad).starts_with("test: 1 levels;"));
}

TEST_CASE("a last level of 0 and a first one without end are levels") {
  Scheme scheme = euler({2, 1, 0});
  CHECK(refusal(scheme).empty());
  CHECK(scheme.start_variance() == 4);
  scheme.levels[0] = std::numeric_limits<double>::infinity();
  CHECK(refusal(scheme).empty());
  CHECK(scheme.starts_from_noise());
  CHECK(scheme.start_variance() == 1);
  scheme.gaussian_start_variance = 5;
  CHECK(scheme.start_variance() == 5);
}

TEST_CASE("rows by earlier rows mean the same as rows written out") {
  const Scheme scheme = ancestral({8, 4, 2, 1});
  const SchemeColumns columns = expanded(scheme);
  // By hand: y_1 = r x + (1-r) D_0 + u z_0 with r = 1/4, u = 2 sqrt(3), the levels halving.
  const double r = std::sqrt(16 - 12) / 8;
  CHECK(columns.columns() == 7);
  CHECK(std::abs(columns.row(2)[0] - r * r) <= 1e-16);
  CHECK(std::abs(columns.row(2)[1] - r * (1 - r)) <= 1e-16);
  CHECK(std::abs(columns.row(2)[2] - (1 - r)) <= 1e-16);
  CHECK(std::abs(columns.row(2)[4] - r * 2 * std::sqrt(3.0)) <= 1e-15);
  CHECK(std::abs(columns.row(2)[5] - std::sqrt(3.0)) <= 1e-15);
  CHECK(columns.row(2)[6] == 0);
  CHECK(columns.row(0)[0] == 1);
}

TEST_CASE("what a scheme is is found out, in either form") {
  const std::vector<double> levels = log_levels(12);
  struct Entry {
    Scheme scheme;
    SchemeKind kind;
    std::size_t noises;
    std::size_t most_calls;
    std::size_t most_remembered;
  };
  const Entry entries[] = {{euler(levels), SchemeKind::deterministic, 0, 12, 0},
                           {heun(levels), SchemeKind::deterministic, 0, 24, 0},
                           {ancestral(levels), SchemeKind::one_noise, 12, 1, 0},
                           {two_calls_one_noise(levels), SchemeKind::grouped, 12, 2, 0},
                           {noisy_midpoint(levels, false), SchemeKind::noise_inside_step, 24, 1, 1},
                           {noisy_midpoint(levels, true), SchemeKind::noise_inside_step, 24, 1, 1},
                           {sde_with_memory(levels), SchemeKind::memory_of_one, 12, 1, 1},
                           {sde_with_deeper_memory(levels), SchemeKind::deeper_memory, 12, 1, 2}};
  for (const Entry& entry : entries) {
    for (const Scheme& scheme : {entry.scheme, written_out(entry.scheme)}) {
      const SchemeFacts facts = scheme_facts(scheme);
      CAPTURE(facts.text());
      CHECK(facts.kind == entry.kind);
      CHECK(facts.noises == entry.noises);
      CHECK(facts.most_calls == entry.most_calls);
      CHECK(facts.most_remembered == entry.most_remembered);
      CHECK(facts.unused_draws == 0);
      CHECK(facts.defect < 1e-14);  // observed at most 6e-16
    }
  }
  CHECK(!scheme_facts(noisy_midpoint(levels, false)).correlated);
  CHECK(scheme_facts(noisy_midpoint(levels, true)).correlated);
}

TEST_CASE("draws that nobody uses, draws that add up to one noise, levels that step back") {
  Scheme scheme = ancestral({4, 2, 1});
  scheme.draws = 5;
  scheme.rows[2] = {y(1, 0.5), D(1, 0.5), z(1, 0.3), z(3, 0.4)};
  scheme.levels = {4, 2, 2};
  const SchemeFacts facts = scheme_facts(scheme);
  CHECK(facts.unused_draws == 2);  // z2 and z4
  CHECK(facts.composite_noises == 1);
  CHECK(facts.equal_levels == 1);
  CHECK(facts.kind == SchemeKind::one_noise);
  CHECK(std::abs(make_chain(scheme).rows[2].noise - 0.5) <= 1e-16);
  scheme.levels = {4, 2, 3};
  CHECK(scheme_facts(scheme).rising_levels == 1);
  CHECK_THROWS_WITH_AS(require_sound(scheme, "x"),
                       "x: sigmas[2] is 3 after sigmas[1] = 2: the level rises; levels fall from "
                       "call to call, unless the file says \"levels_rise\": true (a sampler that "
                       "adds noise back)",
                       InputError);
  scheme.levels_rise = true;
  CHECK_NOTHROW(require_sound(scheme, "x"));
  scheme.levels_rise = false;
  scheme.levels = {4, 2, 2 * (1 + 1e-13)};  // one level by two formulas
  CHECK_NOTHROW(require_sound(scheme, "x"));
}

TEST_CASE("a draw used again is taken out by the state that it came with") {
  // y_1 = x + z_0, y_2 = x + z_0 + z_1: that is y_1 + z_1.
  Scheme scheme;
  scheme.levels = {1, 1, 1};
  scheme.draws = 2;
  scheme.rows = {{x(1)}, {x(1), z(0, 1)}, {x(1), z(0, 1), z(1, 1)}};
  SchemeChain chain = make_chain(scheme);
  REQUIRE(chain.rows[2].states.size() == 1);
  CHECK(chain.rows[2].states[0].index == 1);
  CHECK(chain.rows[2].states[0].coefficient == 1);
  CHECK(chain.rows[2].depends == std::vector<std::size_t>{1});
  // The same draw with the other sign is another thing: 2x - y_1 + z_1, which remembers x.
  scheme.rows[2][1].coefficient = -1;
  chain = make_chain(scheme);
  CHECK(chain.rows[2].depends == std::vector<std::size_t>{0, 1});
  CHECK(chain.rows[2].states[0].coefficient == 2);
  CHECK(chain.rows[2].states[1].coefficient == -1);
  // No noise of its own left: a function of two states.
  scheme.rows[2].pop_back();
  chain = make_chain(scheme);
  CHECK(chain.rows[2].noise == 0);
  CHECK(chain.states() == 2);
}

TEST_CASE("coefficients that are rounding are none, and smaller real ones are some") {
  Scheme scheme = written_out(ancestral(log_levels(30)));
  for (SchemeTerm& term : scheme.rows[20]) {
    term.coefficient *= 1 + 3e-16;
  }
  scheme.rows[20].front().coefficient *= 1 + 1e-12;
  CHECK(scheme_facts(scheme).kind == SchemeKind::one_noise);
  scheme.rows[20].front().coefficient *= 1 + 1e-8;  // x_T: a memory of the start
  CHECK(scheme_facts(scheme).kind == SchemeKind::memory_of_one);
  scheme.rounding_floor = 0x1p-24;
  CHECK(scheme_facts(scheme).kind == SchemeKind::one_noise);
}

}  // namespace
