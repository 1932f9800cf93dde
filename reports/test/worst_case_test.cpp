#include "harness/studies/worst_case/worst_case.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "cases/target.hpp"
#include "harness/io/files.hpp"
#include "harness/studies/worst_case/search.hpp"
#include "harness/studies/worst_case/summary.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"
#include "reports/json/worst_case_json.hpp"
#include "reports/text/worst_case_text.hpp"

namespace lemmabench {
namespace {

std::optional<double> bump(const std::vector<double>& x) {
  if (x[0] > 0.9) {
    return std::nullopt;
  }
  return -(x[0] - 0.61) * (x[0] - 0.61) - 3 * (x[1] - 0.27) * (x[1] - 0.27);
}

double value_after(const std::string& text, const std::string& key) {
  return std::stod(text.substr(text.find(key) + key.size()));
}

/// TV = 0.4 d^0.7 (128/T)^2 e^{-log^2(variance)/40}, refused for variances above 20: what a search
/// has to find is variance 1, order 0.7 in d and 2 in 1/T.
LawResult made_up(const LawRequest& request) {
  const Target target = make_target(request.target, "test");
  const double log_variance = std::log(value_after(request.target, "spectrum="));
  if (log_variance > std::log(20)) {
    throw EngineRefusal("too wide");
  }
  LawResult out;
  out.request = request;
  const double tv = 0.01 * std::pow(static_cast<double>(target.dim()), 0.7) *
                    std::pow(128.0 / static_cast<double>(request.steps), 2) *
                    std::exp(-log_variance * log_variance / 40);
  out.tv = Quantity::computed(tv, 1e-12);
  out.parts.initialisation = Quantity::computed(1e-6, 1e-15);
  return out;
}

WorstCaseRequest flat_request() {
  WorstCaseRequest request;
  request.families = {"gaussian-flat"};
  request.dims = {1, 4, 16};
  request.budget = 5;
  return request;
}

struct Run {
  WorstCaseResult result;
  std::string bytes;
  std::string json;
};

Run run(const LawFunction& law, int jobs) {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  StoredLaws laws(store, law);
  Run out{find_worst_cases(flat_request(), laws, jobs), "", ""};
  store.finish();
  out.bytes = read_file(scratch / "s.sqlite");
  out.json = worst_case_json(out.result).dump();
  return out;
}

}  // namespace

TEST_CASE("search: finds a maximum beside a region without values, twice the same") {
  const SearchOutcome found = maximise(bump, 2, 90);
  CHECK(found.evaluations <= 110);
  CHECK(found.without_value > 0);
  REQUIRE(found.point.size() == 2);
  CHECK(std::abs(found.point[0] - 0.61) < 0.02);
  CHECK(std::abs(found.point[1] - 0.27) < 0.02);
  CHECK(maximise(bump, 2, 90).point == found.point);
}

TEST_CASE("search: a budget of one looks at the centre; no value anywhere is no point") {
  const SearchOutcome one = maximise(bump, 2, 1);
  CHECK(one.point == std::vector<double>{0.5, 0.5});
  const SearchOutcome none =
      maximise([](const std::vector<double>&) { return std::optional<double>(); }, 3, 20);
  CHECK(none.point.empty());
  CHECK(none.without_value == none.evaluations);
}

TEST_CASE("search: what is no verdict on a point ends it") {
  int calls = 0;
  const auto objective = [&](const std::vector<double>&) -> std::optional<double> {
    if (++calls == 3) throw std::bad_alloc();
    return 1;
  };
  CHECK_THROWS_AS(maximise(objective, 1, 20), std::bad_alloc);
  CHECK(calls == 3);
}

TEST_CASE("families: members are canonical specs of the right dimension, in all corners") {
  for (const TargetFamily& family : worst_case_families()) {
    const std::size_t n = family.parameters.size();
    for (std::size_t corner = 0; corner < (std::size_t{1} << n); ++corner) {
      std::vector<double> unit;
      for (std::size_t i = 0; i < n; ++i) {
        unit.push_back((corner >> i & 1) != 0 ? 1 : 0);
      }
      for (const long dim : {family.least_dim, std::min(family.most_dim, 37L)}) {
        const FamilyMember member = family.member(family.values(unit), dim);
        CAPTURE(member.target);
        CHECK(member.second_moment > 0);
        if (member.second_moment > 1e4) continue;  // rejected before it becomes a law
        const Target target = make_target(member.target, "family");
        CHECK(target.dim() == dim);
        CHECK(target.text() == member.target);
      }
    }
  }
}

TEST_CASE("families: second moments by hand") {
  const auto moment = [](const char* id, std::vector<Rational> values, long dim) {
    return worst_case_family(id).member(values, dim).second_moment;
  };
  const Rational half(1, 2);
  CHECK(moment("gaussian-two", {Rational(3), Rational(1), Rational(1, 4)}, 8) == 1.5);
  CHECK(moment("line-two", {half, Rational(2), Rational(1)}, 1) == 5);
  CHECK(moment("line-three", {half, Rational(2), Rational(1), Rational(3)}, 1) == 4);
  CHECK(moment("student-t", {Rational(4)}, 9) == 2);
  CHECK(moment("two-scale", {half, Rational(2), Rational(3)}, 9) == 5);
  CHECK(moment("contaminated", {half, Rational(3)}, 9) == 2);
  CHECK(moment("shell", {Rational(3)}, 9) == 9);
  CHECK_THROWS_AS(worst_case_family("shel"), InputError);
}

TEST_CASE("worst case: the constant and the orders of a law that is known") {
  const WorstCaseResult result = run(made_up, 1).result;
  REQUIRE(result.families.size() == 1);
  const WorstFamily& family = result.families[0];
  REQUIRE(family.constants.size() == 3);
  for (const WorstSearch& search : family.constants) {
    REQUIRE(search.worst);
    const WorstInstance& found = *search.worst;
    CHECK(std::abs(std::log(found.values[0].to_double())) < 0.1);
    CHECK(search.refusals.at("too wide") > 0);
    CHECK(search.rejected > 0);
    CHECK(found.second_moment == found.values[0].to_double());
    CHECK(found.rungs.size() == 5);
    REQUIRE(found.dim_exponent);
    CHECK(std::abs(found.dim_exponent->exponent.value() - 0.7) < 1e-8);
    for (const WorstExponent& exponent : found.step_exponents) {
      CHECK(std::abs(exponent.exponent.value() - 2) <= exponent.exponent.error() + 1e-12);
    }
    REQUIRE(found.initialisation);
    CHECK(std::abs(found.initialisation->value() - 1e-6) < 1e-14);
  }
  REQUIRE(family.envelope.size() == 2);
  CHECK(std::abs(family.envelope[1].exponent.value() - 0.7) < 1e-3);
  REQUIRE(family.dim_exponent);
  REQUIRE(family.dim_exponent->exponent);
  CHECK(family.dim_exponent->exponent->from == 4);
  CHECK(family.dim_exponent->exponent->to == 16);
  CHECK(std::abs(family.dim_exponent->exponent->exponent.value() - 0.7) < 1e-8);
  const WorstCaseSummary summary = summarise(result);
  REQUIRE(summary.constants.size() == 3);
  // C(1, 128) = 0.01 128^2/log^5 128
  CHECK(std::abs(summary.constants[0].constant.value() - 163.84 / std::pow(std::log(128), 5)) <
        1e-4);
}

TEST_CASE("worst case: bytes and JSON do not depend on jobs or on how often it was killed") {
  const Run once = run(made_up, 1);
  const Run twice = run(made_up, 2);
  CHECK(once.bytes == twice.bytes);
  CHECK(once.json == twice.json);
  const Scratch scratch;
  for (const int deadly : {0, 7, 100}) {
    Store store(scratch / "s.sqlite");
    int calls = 0;
    StoredLaws laws(store, [&](const LawRequest& request) {
      if (calls++ == deadly) throw std::bad_alloc();
      return made_up(request);
    });
    CHECK_THROWS_AS(find_worst_cases(flat_request(), laws, 1), std::bad_alloc);
  }
  Store store(scratch / "s.sqlite");
  StoredLaws laws(store, made_up);
  CHECK(worst_case_json(find_worst_cases(flat_request(), laws, 1)).dump() == once.json);
  store.finish();
  CHECK(laws.resumed() > 100);
  CHECK(read_file(scratch / "s.sqlite") == once.bytes);
}

TEST_CASE("worst case: laws that all fail leave a search without an instance") {
  const Run failed =
      run([](const LawRequest&) -> LawResult { throw EngineRefusal("no such engine"); }, 1);
  for (const WorstSearch& search : failed.result.families[0].constants) {
    CHECK_FALSE(search.worst);
    CHECK(search.refusals.at("no such engine") + search.rejected == search.evaluations);
  }
  CHECK_FALSE(failed.result.families[0].dim_exponent);
  CHECK(worst_case_text(failed.result).find("none of the laws") != std::string::npos);
}

TEST_CASE("worst case: orders carry the errors of both ends") {
  const auto order = local_exponent(Quantity::computed(4, 0.04), Quantity::computed(1, 0.01), 0.5);
  REQUIRE(order);
  CHECK(std::abs(order->value() - 2) < 1e-15);
  // -2 log(0.99)/log 2 = 0.029
  CHECK(std::abs(order->error() - 0.029) < 1e-4);
  CHECK_FALSE(local_exponent(Quantity::computed(1, 2), Quantity::computed(1, 0), 2));
}

}  // namespace lemmabench
