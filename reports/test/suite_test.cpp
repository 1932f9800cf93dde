#include "harness/studies/report_suite/suite.hpp"

#include <doctest/doctest.h>

#include <set>

#include "harness/records/request_text.hpp"
#include "numerics/error.hpp"
#include "reports/page/section_least_steps_points.hpp"
#include "reports/test/fake_cells.hpp"

using namespace lemmabench;

TEST_CASE("the suites are grids without repeated cells, and full is larger than quick") {
  std::size_t last = 0;
  for (const std::string& name : suite_names()) {
    const std::vector<LawRequest> requests = suite_requests(name);
    std::set<std::string> keys;
    for (const LawRequest& request : requests) keys.insert(canonical_text(request));
    CHECK(keys.size() == requests.size());
    CHECK(requests.size() > 2 * last);
    last = requests.size();
  }
  CHECK_THROWS_AS(suite_requests("slow"), InputError);
}

TEST_CASE("the steps needed are read off between neighbours and never extrapolated") {
  ReportData data;
  data.origin = "test";
  for (long steps = 128; steps <= 4096; steps *= 2) {
    data.cells.push_back(made_up_law("mixture-three", "ddpm", steps, 1));
  }
  const SeriesIndex index(data);
  const Series* series = index.plain("mixture-three", "ddpm");
  REQUIRE(series != nullptr);
  // TV = log T/T: at T = 1500 exactly.
  const auto found = least_steps(*series, std::log(1500.0) / 1500);
  REQUIRE(found);
  // Observed: 0.24 off, and the stated error is 1.7.
  CHECK(std::abs(found->steps - 1500) < found->error);
  CHECK(found->error < 10);
  CHECK_FALSE(least_steps(*series, 0.5));
  CHECK_FALSE(least_steps(*series, 1e-5));
}
