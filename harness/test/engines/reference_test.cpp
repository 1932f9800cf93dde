#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/law/law.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/ball.hpp"

using namespace lemmabench;
using Json = nlohmann::json;

namespace {

Json read_reference(const std::string& name) {
  std::ifstream in(std::string(LEMMABENCH_SOURCE_DIR) + "/test/reference/" + name);
  REQUIRE(in.good());
  return Json::parse(in);
}

LawRequest request_of(const Json& entry) {
  LawRequest out = request_for(entry.at("target"), entry.at("sampler"), entry.at("steps"),
                               entry.at("schedule").get<std::string>());
  out.start = entry.at("start") == "exact" ? Start::exact : Start::gaussian;
  return out;
}

/// The reference has 40 digits, rounded: the true value lies within 1e-39 of it, relatively.
void check_contained(const Quantity& ours, const Json& theirs) {
  const PrecisionScope scope(400);
  const Ball reference(Rational::parse(theirs.get<std::string>(), "reference"));
  const Ball widened = Ball::around(reference, abs(reference) * Ball(Rational::parse("1e-39", "")));
  CHECK(ours.enclosure().overlaps(widened));
  const Ball radius = ours.enclosure().radius();
  const Ball allowed = abs(reference) * Ball(Rational::parse("1e-38", ""));
  CHECK(radius.less_than(allowed) == Truth::certainly);
}

}  // namespace

TEST_CASE("every reference Gaussian law, to 38 digits, inside its ball") {
  const Json all = read_reference("gaussian_laws.json");
  REQUIRE(all.size() == 36);
  for (const Json& entry : all) {
    CAPTURE(entry.at("target").get<std::string>());
    CAPTURE(entry.at("sampler").get<std::string>());
    const LawResult ours = compute_law(request_of(entry), LawOptions{.decomposition = false});
    check_contained(ours.kl_pq, entry.at("kl_pq"));
    check_contained(ours.kl_qp, entry.at("kl_qp"));
    check_contained(ours.hellinger, entry.at("hellinger"));
    if (entry.contains("tv")) {
      check_contained(ours.tv, entry.at("tv"));
    }
    const Json& errors = entry.at("relative_variance_error");
    REQUIRE(errors.size() == ours.relative_variance_error.size());
    for (std::size_t i = 0; i < errors.size(); ++i) {
      CHECK(errors[i].at("multiplicity") == ours.relative_variance_error[i].multiplicity);
      check_contained(ours.relative_variance_error[i].value, errors[i].at("value"));
    }
  }
}
