#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/records/law_json.hpp"
#include "harness/studies/rates/scaling_series.hpp"
#include "numerics/error.hpp"
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

ScalingSeries only(const std::vector<StoreCell>& all, FittedMetric metric = FittedMetric::tv) {
  const auto series = scaling_series(all, metric, "test");
  REQUIRE(series.size() == 1);
  return series[0];
}

}  // namespace

TEST_CASE("scaling: an order-1 law of ddpm is consistent, of li-cai slower") {
  const auto law = [](double t) { return 2 * h(t); };
  const ScalingSeries ddpm = only(cells("mixture-three", "ddpm", law));
  CHECK(ddpm.judgement.verdict == OrderVerdict::consistent);
  REQUIRE(ddpm.expected);
  CHECK(ddpm.expected->order == 1);
  REQUIRE(ddpm.constant);
  CHECK_CLOSE(ddpm.constant->value, 2, Bound::relative(1e-12),
              "logs of exact points: 10 roundings at size 10");
  CHECK(ddpm.fit.evidence == Evidence::computed);
  CHECK(ddpm.holds());
  const ScalingSeries li_cai = only(cells("mixture-three", "li-cai", law));
  CHECK(li_cai.judgement.verdict == OrderVerdict::slower);
  CHECK_FALSE(li_cai.holds());
  CHECK_FALSE(li_cai.constant);
  // On one Gaussian order 3 is stated, on a mixture 2.
  const auto second = [](double t) { return 2 * h(t) * h(t); };
  CHECK(only(cells("mixture-three", "li-cai", second)).judgement.verdict ==
        OrderVerdict::consistent);
  CHECK(only(cells("gauss-flat", "li-cai", second)).judgement.verdict == OrderVerdict::slower);
}

// Without a second moment KL is infinite: that series has no order, the others keep theirs.
TEST_CASE("scaling: an infinite number is no point, and no end of the others") {
  auto all = cells("gauss-flat", "ddpm", h);
  for (StoreCell cell : cells("student-t:dim=2,nu=2", "ddpm", h)) {
    LawResult law = law_from_json(cell.result, "test");
    law.kl_pq = Quantity::infinite(Evidence::computed, "tails");
    cell.result = law_json_line(law);
    all.push_back(cell);
  }
  const auto series = scaling_series(all, FittedMetric::kl_pq, "test");
  REQUIRE(series.size() == 2);
  CHECK(series[0].judgement.verdict == OrderVerdict::consistent);
  CHECK(series[1].fit.refused());
  REQUIRE(series[1].fit.refused_points.size() == 8);
  CHECK(series[1].fit.refused_points[0].reason == "it is infinite: tails");
  CHECK(scaling_series(all, FittedMetric::tv, "test")[1].fit.refused() == false);
}

TEST_CASE("scaling: KL doubles the order, and the worst eigenvalue is the one that counts") {
  const auto all = cells("gauss-flat", "ddpm", h);
  const ScalingSeries kl = only(all, FittedMetric::kl_pq);
  CHECK(kl.expected->order == 2);
  CHECK(kl.judgement.verdict == OrderVerdict::consistent);
  const ScalingSeries error = only(all, FittedMetric::relative_variance_error);
  CHECK_CLOSE(error.points[0].value, 2 * h(128), Bound::relative(1e-11),
              "the JSON of a value with error 1e-12 of it, printed outward");
  CHECK(error.judgement.verdict == OrderVerdict::consistent);
}

TEST_CASE("scaling: a log factor that theory knows is divided out, in KL twice") {
  const auto law = [](double t) { return h(t) * std::log(t); };
  const auto all = cells("gauss-flat", "ddim", law);
  const ScalingSeries tv = only(all);
  CHECK(tv.expected->known_logs == 1);
  CHECK(tv.judgement.verdict == OrderVerdict::consistent);
  const ScalingSeries kl = only(all, FittedMetric::kl_pq);
  CHECK(kl.expected->known_logs == 2);
  CHECK(kl.judgement.verdict == OrderVerdict::consistent);
  // The same law of a sampler that has no such factor is not in the asymptotic range.
  CHECK(only(cells("gauss-flat", "ddpm", law)).judgement.verdict == OrderVerdict::inconclusive);
}

TEST_CASE("scaling: what no order is stated for is measured") {
  auto all = cells("gauss-flat", "ddpm", h);
  for (StoreCell& cell : all) {
    cell.request.score = "affine:size=0.01";
  }
  const ScalingSeries series = only(all);
  CHECK_FALSE(series.expected);
  CHECK(series.holds());
  LawRequest request = all[0].request;
  request.score = "exact";
  CHECK(expected_order(request, FittedMetric::tv));
  request.schedule = TwoPhaseSchedule{};
  CHECK_FALSE(expected_order(request, FittedMetric::tv));
  request.schedule = LogitSchedule{};
  CHECK_FALSE(expected_order(request, FittedMetric::tv));
  request.start = Start::exact;
  CHECK(expected_order(request, FittedMetric::tv));
}

TEST_CASE("scaling: failed cells are counted, series keep apart what differs") {
  auto all = cells("gauss-flat", "ddpm", h);
  all[2].failed = true;
  all[2].result = "no luck";
  for (StoreCell cell : cells("gauss-flat", "ddpm", h)) {
    cell.request.start = Start::exact;
    all.push_back(cell);
  }
  const auto series = scaling_series(all, FittedMetric::tv, "test");
  REQUIRE(series.size() == 2);
  CHECK(series[0].failed_cells == 1);
  CHECK(series[0].points.size() == 7);
  CHECK(series[1].failed_cells == 0);
  all[0].result = "{}";
  CHECK_THROWS_AS(scaling_series(all, FittedMetric::tv, "test"), InputError);
}

TEST_CASE("scaling: a metric the law does not have, or nobody has") {
  auto all = cells("mixture-three", "ddpm", h);
  for (StoreCell& cell : all) {
    auto json = nlohmann::ordered_json::parse(cell.result);
    json.erase("relative_variance_error");
    cell.result = json.dump();
  }
  CHECK(only(all, FittedMetric::relative_variance_error).judgement.reason ==
        "a law of this target has no relative_variance_error");
  CHECK(parse_metric("hellinger", "--metric") == FittedMetric::hellinger);
  CHECK_THROWS_AS(parse_metric("tvv", "--metric"), InputError);
}

}  // namespace lemmabench
