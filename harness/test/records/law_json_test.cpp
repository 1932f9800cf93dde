#include "harness/records/law_json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

Ball decimal_ball(const char* value, const char* error) {
  return Ball::around(Ball(Rational::parse(value, "test")), Ball(Rational::parse(error, "test")));
}

LawResult example() {
  LawResult result;
  result.request.target = "gaussian:spectrum=0.3x5";
  result.request.sampler = "li-cai:kappa=1/2";
  result.request.schedule = LiCaiSchedule{Rational(2), Rational(9)};
  result.request.steps = 200;
  result.request.start = Start::exact;
  result.request.score = "affine:size=0.01";
  result.engine = "gaussian";
  result.arithmetic = "ball, 256 bits";
  result.score_calls = 398;
  result.dim = 5;
  const PrecisionScope scope(256);
  result.tv = Proved{decimal_ball("0.0749554589446741034691329443969002366885123456", "1e-44")};
  result.kl_pq = Proved{decimal_ball("3.25e-450", "1e-470")};
  result.kl_qp = Quantity::computed(0.0197207642552046, 1e-13);
  result.hellinger = Sampled{0.06867, 0.0004, 0.99};
  result.parts.initialisation = Quantity::computed(1e-5, 1e-12);
  result.parts.discretisation = Proved{Ball(0)};
  result.relative_variance_error = {{5, Proved{decimal_ball("-0.1309179826992436", "1e-12")}}};
  result.local_errors = {{200, Quantity::computed(1e-3, 1e-9)}};
  result.notes = {"a \"note\""};
  return result;
}

nlohmann::ordered_json parsed(const LawResult& result) {
  return nlohmann::ordered_json::parse(law_json(result));
}

}  // namespace

TEST_CASE("law json: the keys of the contract come first and in order") {
  const auto json = parsed(example());
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) {
    keys.push_back(key);
  }
  const std::vector<std::string> contract{"target",
                                          "sampler",
                                          "schedule",
                                          "steps",
                                          "score_calls",
                                          "tv",
                                          "kl_pq",
                                          "kl_qp",
                                          "hellinger",
                                          "terms",
                                          "relative_variance_error"};
  REQUIRE(keys.size() > contract.size());
  keys.resize(contract.size());
  CHECK(keys == contract);
  CHECK(json["schedule"] == "li-cai:c0=2,c1=9");
  CHECK(json["steps"] == 200);
  CHECK(json["kl_qp"].dump() ==
        R"({"value":"0.019720764255205","error":"1.01e-13","evidence":"computed"})");
  CHECK(json["relative_variance_error"][0]["multiplicity"] == 5);
  CHECK(json["relative_variance_error"][0]["evidence"] == "proved");
  CHECK(json["terms"]["discretisation"]["value"] == "0");
  CHECK(json["command"].get<std::string>().find("--start exact") != std::string::npos);
}

TEST_CASE(
    "law json: a value has the digits asked for, 40 by default, fewer where the error says so") {
  LawResult result = example();
  CHECK(parsed(result)["tv"]["value"] == "0.07495545894467410346913294439690023668851");
  result.request.digits = 12;
  const auto tv = parsed(result)["tv"];
  CHECK(tv["value"] == "0.0749554589447");
  // The error covers what printing rounded away: 2.6e-14.
  CHECK(std::stod(tv["error"].get<std::string>()) > 2.5e-14);
  CHECK(parsed(result)["hellinger"]["value"] == "0.068670");
}

TEST_CASE("law json: a round trip keeps the request, the evidence and the enclosures") {
  const LawResult before = example();
  const LawResult after = law_from_json(law_json(before), "test");
  CHECK(after.request.target == before.request.target);
  CHECK(after.request.sampler == before.request.sampler);
  CHECK(text(after.request.schedule) == text(before.request.schedule));
  CHECK(after.request.steps == before.request.steps);
  CHECK(after.request.start == before.request.start);
  CHECK(after.request.score == before.request.score);
  CHECK(after.request.arithmetic == before.request.arithmetic);
  CHECK(after.engine == before.engine);
  CHECK(after.arithmetic == before.arithmetic);
  CHECK(after.score_calls == before.score_calls);
  CHECK(after.dim == before.dim);
  CHECK(after.notes == before.notes);
  const auto check = [](const Quantity& was, const Quantity& is) {
    CHECK(is.evidence() == was.evidence());
    CHECK(is.interval().contains(was.interval()));
    // Tight as well: at most half of the last of 40 digits, or a tenth of the error, was added
    // (observed 1.07).
    CHECK(is.error() <= 1.1 * was.error() + 1e-39 * std::abs(was.value()));
  };
  const PrecisionScope scope(256);
  check(before.tv, after.tv);
  check(before.kl_pq, after.kl_pq);
  check(before.kl_qp, after.kl_qp);
  CHECK(after.hellinger.evidence() == Evidence::sampled);
  int parts = 0;
  for_each_part(after.parts, [&](std::string_view, const Quantity&) { ++parts; });
  CHECK(parts == 2);
  REQUIRE(after.parts.initialisation);
  REQUIRE(after.parts.discretisation);
  check(*before.parts.initialisation, *after.parts.initialisation);
  check(*before.parts.discretisation, *after.parts.discretisation);
  REQUIRE(after.relative_variance_error.size() == 1);
  CHECK(after.relative_variance_error[0].multiplicity == 5);
  check(before.relative_variance_error[0].value, after.relative_variance_error[0].value);
  REQUIRE(after.local_errors.size() == 1);
  CHECK(after.local_errors[0].t == 200);
}

TEST_CASE("law json: what is not finite stays what it is") {
  LawResult before = example();
  before.kl_pq = Quantity::infinite(Evidence::computed, "E|X_0|^2 is infinite");
  before.kl_qp = Quantity::unknown(Evidence::sampled, "not bounded");
  before.tv = Quantity::at_most(Sampled{0.5, 0.125, 0.95});
  before.parts.score = Quantity::at_least(Proved{Ball(Rational(1, 4))});
  const nlohmann::ordered_json json = parsed(before);
  for (const char* key : {"kl_pq", "kl_qp", "tv"}) {
    CHECK(json[key]["value"].is_null());
    CHECK(json[key]["error"].is_null());
  }
  CHECK(json["kl_pq"]["extent"] == "infinite");
  CHECK(json["kl_pq"]["reason"] == "E|X_0|^2 is infinite");
  CHECK(json["tv"]["extent"] == "bounded above");
  CHECK(json["tv"]["confidence"] == 0.95);
  CHECK(json["tv"]["bound"]["value"] == "0.500");
  CHECK(json["hellinger"]["confidence"] == 0.99);
  CHECK_FALSE(json["hellinger"].contains("extent"));
  const LawResult after = law_from_json(law_json(before), "test");
  CHECK(after.kl_pq.extent() == Extent::infinite);
  CHECK(after.kl_pq.evidence() == Evidence::computed);
  CHECK(after.kl_pq.reason() == before.kl_pq.reason());
  CHECK(after.kl_qp.extent() == Extent::unknown);
  CHECK(after.tv.extent() == Extent::bounded_above);
  CHECK(after.tv.bound().confidence() == 0.95);
  CHECK(after.tv.bound().value() == 0.5);
  CHECK(after.parts.score.value().extent() == Extent::bounded_below);
  CHECK(after.parts.score.value().evidence() == Evidence::proved);
}

TEST_CASE("law json: parts and extents of other versions are refused") {
  nlohmann::ordered_json json = parsed(example());
  json["terms"]["no_such_part"] = json["tv"];
  CHECK_THROWS_AS(law_from_json(json.dump(), "test"), InputError);
  json = parsed(example());
  json["tv"]["extent"] = "somewhere";
  CHECK_THROWS_AS(law_from_json(json.dump(), "test"), InputError);
}

TEST_CASE("law json: one line and many lines say the same, and bytes repeat") {
  const LawResult result = example();
  CHECK(law_json(result) == law_json(result));
  const std::string line = law_json_line(result);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(nlohmann::ordered_json::parse(line) == parsed(result));
}

TEST_CASE("law json: what is no law is refused with its origin") {
  for (const char* bad : {"", "{", "[]", "{}", "nonsense", R"({"target":1})"}) {
    try {
      law_from_json(bad, "store.sqlite: cell 3");
      FAIL("accepted " << bad);
    } catch (const InputError& error) {
      CHECK(std::string(error.what()).rfind("store.sqlite: cell 3: ", 0) == 0);
    }
  }
  std::string json = law_json(example());
  json.replace(json.find("computed"), 8, "believed");
  CHECK_THROWS_AS(law_from_json(json, "test"), InputError);
}

}  // namespace lemmabench
