#include "harness/studies/heavy_tails/heavy_tails.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"
#include "reports/json/heavy_tails_json.hpp"
#include "reports/text/heavy_tails_text.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

HeavyTailRequest small_request() {
  HeavyTailRequest request;
  request.nus = {Rational(3), Rational(19, 10)};
  request.dims = {5};
  request.steps = {128, 256};
  request.law_steps = {128, 256};
  return request;
}

LawResult made_up(const LawRequest& request) {
  if (request.steps == 256) {
    throw EngineRefusal("too long");
  }
  LawResult out;
  out.request = request;
  out.tv = Quantity::computed(0.25, 1e-12);
  out.parts.discretisation = Quantity::computed(0.125, 1e-12);
  out.parts.initialisation = Quantity::computed(0.0625, 1e-12);
  return out;
}

HeavyTailResult small_study() {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  StoredLaws laws(store, made_up);
  return study_heavy_tails(small_request(), laws, 1);
}

}  // namespace

TEST_CASE("heavy tails: with a second moment the claims are judged, without one not applicable") {
  const HeavyTailResult result = small_study();
  REQUIRE(result.rows.size() == 2);
  const HeavyTailRow& three = result.rows[0];
  CHECK(three.applicable);
  CHECK(three.second_moment->value() == 3);
  REQUIRE(three.starts.size() == 2);
  REQUIRE(three.masses.size() == 6);
  for (const HeavyTailStart& start : three.starts) {
    CHECK(start.judgement.verdict == Verdict::holds);
    CHECK(start.kl->evidence() == Evidence::proved);
    CHECK(start.tv.value() < start.tv_bound->value());
  }
  // I1: (abar d 3 + d (-log(1-abar) - abar))/2 with abar = 128^-2: the first part to 1e-5.
  CHECK(std::abs(three.starts[0].kl_bound->value() * 128 * 128 / 7.5 - 1) < 1e-4);
  for (const HeavyTailMass& mass : three.masses) {
    CHECK(mass.judgement.verdict == Verdict::holds);
    CHECK(mass.outside->value() > 0);
  }
  const HeavyTailRow& past = result.rows[1];
  CHECK_FALSE(past.applicable);
  CHECK(past.reason == "A2 fails: E||X_0||^2 is infinite for nu = 1.9");
  CHECK_FALSE(past.second_moment);
  CHECK(past.starts[0].judgement.verdict == Verdict::not_applicable);
  CHECK_FALSE(past.starts[0].kl);
  CHECK(past.starts[0].tv.value() > three.starts[0].tv.value());
  CHECK(past.masses[0].outside->value() > three.masses[0].outside->value());
  CHECK_CLOSE(past.derived_order, 1.9, Bound::relative(1e-15), "the decimal as a double");
}

TEST_CASE("heavy tails: output laws and their failures come through the store") {
  const HeavyTailResult result = small_study();
  for (const HeavyTailRow& row : result.rows) {
    REQUIRE(row.laws.size() == 2);
    CHECK(row.laws[0].failure.empty());
    CHECK(row.laws[0].total.value() == 0.25);
    CHECK(row.laws[0].discretisation.value() == 0.125);
    CHECK(row.laws[0].initialisation.value() == 0.0625);
    CHECK(row.laws[1].failure == "too long");
  }
  const nlohmann::ordered_json json = heavy_tails_json(result);
  CHECK(json["rows"][1]["laws"][1]["total"].is_null());
  CHECK(json["rows"][1]["typical"][0]["bound"].is_null());
  CHECK(json["rows"][0]["starts"][0]["kl"]["evidence"] == "proved");
  CHECK(heavy_tails_text(result).find("not applicable") != std::string::npos);
}

}  // namespace lemmabench
