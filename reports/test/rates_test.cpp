#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/records/law_json.hpp"
#include "harness/studies/rates/scaling_series.hpp"
#include "reports/json/rates_json.hpp"
#include "reports/text/rates_text.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

double h(double steps) { return std::log(steps) / steps; }

/// Cells T = 128..16384 of a made-up law.
std::vector<StoreCell> cells(const std::string& target, const std::string& sampler,
                             const std::function<double(double)>& tv) {
  std::vector<StoreCell> out;
  for (long steps = 128; steps <= 16384; steps *= 2) {
    LawResult law;
    law.request.target = target;
    law.request.sampler = sampler;
    law.request.steps = steps;
    const double value = tv(static_cast<double>(steps));
    law.tv = Quantity::computed(value, 1e-12 * value);
    law.kl_pq = Quantity::computed(value * value, 1e-12 * value * value);
    law.relative_variance_error = {{1, Quantity::computed(-value / 8, 1e-13 * value)},
                                   {2, Quantity::computed(-2 * value, 1e-12 * value)}};
    out.push_back({law.request, false, law_json_line(law), "test"});
  }
  return out;
}

}  // namespace

TEST_CASE("fit command: the table names what is common once and gives the reasons below") {
  auto all = cells("gauss-flat", "ddpm", [](double t) { return 2 * h(t) * (1 + 3 * h(t)); });
  const auto slow = cells("gauss-flat", "li-cai", [](double t) { return h(t) * (1 + h(t)); });
  all.insert(all.end(), slow.begin(), slow.end());
  const auto series = scaling_series(all, FittedMetric::tv, "test");
  CHECK(fit_text(series, FittedMetric::tv) ==
        "order of tv with its 95 % interval\n"
        "all with schedule li-cai:c0=2,c1=9, start gaussian, score exact, digits default, "
        "arithmetic ball\n"
        "\n"
        "target      sampler  order            in       T                     range       theory  "
        "verdict     constant\n"
        "gauss-flat  ddpm     1.005 +- 0.0091  log T/T  2048..16384 (4 of 8)  asymptotic  1       "
        "consistent  2.004 +- 0.003\n"
        "gauss-flat  li-cai   1.002 +- 0.0058  log T/T  2048..16384 (4 of 8)  asymptotic  3       "
        "slower      -\n"
        "\n"
        "gauss-flat, li-cai: the interval [0.996, 1.007] lies below 3\n");
  CHECK(fit_text({}, FittedMetric::tv) == "the store has no cells: nothing to fit\n");
}

TEST_CASE("fit command: the JSON carries the same numbers and every point") {
  const auto series = scaling_series(cells("gauss-flat", "ddpm", h), FittedMetric::tv, "test");
  const auto json = nlohmann::ordered_json::parse(fit_json(series, FittedMetric::tv));
  CHECK(json["metric"] == "tv");
  CHECK(json["all_hold"] == true);
  REQUIRE(json["series"].size() == 1);
  const auto& one = json["series"][0];
  CHECK(one["model"] == "log T/T");
  CHECK_CLOSE(one["order"]["value"].get<double>(), 1, Bound::absolute(1e-10),
              "logs of points read back from JSON to 1e-12 over a range of log 128");
  CHECK(one["order"]["low"].get<double>() <= 1);
  CHECK(one["verdict"] == "consistent");
  CHECK(one["points"].size() == 8);
  CHECK(one["fit"]["local_orders"].size() == 7);
  CHECK(nlohmann::ordered_json::parse(fit_json({}, FittedMetric::tv))["all_hold"] == false);
}

TEST_CASE("fit command: an infinite number is null in the JSON") {
  auto all = cells("student-t:dim=2,nu=2", "ddpm", h);
  for (StoreCell& cell : all) {
    LawResult law = law_from_json(cell.result, "test");
    law.kl_pq = Quantity::infinite(Evidence::computed, "tails");
    cell.result = law_json_line(law);
  }
  const auto series = scaling_series(all, FittedMetric::kl_pq, "test");
  const auto json = nlohmann::json::parse(fit_json(series, FittedMetric::kl_pq));
  REQUIRE(json["series"][0]["points"].size() == 8);
  CHECK(json["series"][0]["points"][0]["value"].is_null());
  CHECK(json["series"][0]["order"].is_null());
}

}  // namespace lemmabench
