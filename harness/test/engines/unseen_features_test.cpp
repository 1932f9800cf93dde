// What panels do not see has no part in an error estimate: questions of the selftest where a law
// was smooth at every node and not between, or went on where its line ended.
#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "harness/engines/line/sparse_panels.hpp"
#include "harness/law/law.hpp"
#include "harness/studies/selftest/ask.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

bool holds(const Quantity& found, double right) {
  return std::abs(found.value() - right) <= found.error() + 1e-15 * std::abs(right);
}

/// Five steps that spread the law to 1e9 times its width; near 0, where p is, the second to last
/// score bends the map in a 1e-8 of it.
LawRequest stretched(const char* target) {
  LawRequest request = request_for(target, "heroism-4", 5, "linear");
  request.schedule = levels_of_text("[0.9,0.64,0.34,0.09,1e-8]", LevelScale::abar);
  request.start = Start::exact;
  return request;
}

}  // namespace

// Selftest, seed 2026, question 347: KL(p||q) was 21.91 +- 3e-11. The values by an integral over x
// in 40 digits (mpmath).
TEST_CASE("unseen: a bend between the nodes of a wide panel") {
  for (const char* target : {"mixture:weights=0.90768/0.09232,means=0/0,variances=0.00403/34.1",
                             "two-scale:dim=1,weight=0.90768,variances=0.00403/34.1"}) {
    CAPTURE(target);
    const LawResult law = compute_law(stretched(target), {.threads = 1});
    CHECK(holds(law.kl_pq, 19.779068780367));
    CHECK(holds(law.hellinger, 0.999972311927552));
    CHECK(law.kl_pq.error() < 1e-4);
    CHECK(law.hellinger.error() < 1e-8);
  }
}

TEST_CASE("unseen: panels whose nodes step over a component are found, and no others") {
  const auto basis = std::make_shared<LegendreBasis<double>>(20);
  const LineMixture<double> narrow({{1, 3, 1e-4}});
  const auto found = [&](double half_width) {
    PanelFunction<double> law(basis, DyadicLine::covering(half_width), 1);
    const std::vector<double> flat(20, 1.0);
    for (const long index : {0L, 1L, 2L, 3L}) {
      law.append({2, index}, flat.data());
    }
    return sparse_panels(law, law.nodes().data(), narrow, 1e-17);
  };
  CHECK(found(16) == std::vector<std::size_t>{2});  // [0, 8]
  CHECK(found(4) == std::vector<std::size_t>{3});   // [2, 4]: nodes 0.15 apart, deviation 0.01
  // Without mass in it a panel is of no account.
  PanelFunction<double> empty(basis, DyadicLine::covering(16), 1);
  const std::vector<double> nothing(20, 1e-30);
  empty.append({2, 2}, nothing.data());
  CHECK(sparse_panels(empty, empty.nodes().data(), narrow, 1e-17).empty());
  const LineMixture<double> wide({{1, 3, 1}});
  PanelFunction<double> fine(basis, DyadicLine::covering(4), 1);
  const std::vector<double> flat(20, 1.0);
  fine.append({2, 3}, flat.data());
  CHECK(sparse_panels(fine, fine.nodes().data(), wide, 1e-17).empty());
}

// Selftest, seed 2026, question 1098: 0.739 +- 2e-15, with 0.2 of p beyond the line that q lives
// on.
TEST_CASE("unseen: a target far wider than the start of a scheme") {
  for (const char* variance : {"500", "5620"}) {
    CAPTURE(variance);
    const auto law = [&](const std::string& target) {
      return compute_law(request_for(target, "dpmpp-2m-sde", 3, "logit:from=-0.96,to=-0.75"),
                         {.threads = 1});
    };
    const LawResult proved = law(std::string("gaussian:dim=1,variance=") + variance);
    const LawResult line = law(std::string("mixture:weights=1,means=0,variances=") + variance);
    CHECK(line.tv.interval().overlaps(proved.tv.interval()));
    CHECK(line.hellinger.interval().overlaps(proved.hellinger.interval()));
    CHECK(line.tv.error() < 1e-11);
    REQUIRE(line.parts.initial_tv);
    CHECK(line.parts.initial_tv->interval().overlaps(proved.parts.initial_tv->interval()));
  }
}

// A step from abar = 1e-14 multiplies by 1e7: log p out there is not known, TV is all the same.
// The next score would be asked for out there.
TEST_CASE("unseen: beyond the scales that a law's grid has nothing is said of it") {
  for (const char* target : {"laplace:dim=1", "student-t:dim=1,nu=3"}) {
    CAPTURE(target);
    LawRequest request = request_for(target, "heroism-1", 2, "linear");
    request.schedule = levels_of_text("[0.9,1e-14]", LevelScale::abar);
    const LawResult law = compute_law(request, {.threads = 1});
    CHECK(!law.kl_qp.finite());
    CHECK(law.tv.value() + law.tv.error() >= 1);
    request.steps = 3;
    request.schedule = levels_of_text("[0.9,0.5,1e-14]", LevelScale::abar);
    std::string said;
    try {
      compute_law(request, {.threads = 1});
    } catch (const EngineRefusal& refusal) {
      said = refusal.what();
    }
    CHECK(said.find("heroism-1: throws mass") != std::string::npos);
    CHECK(said.find("use more steps") != std::string::npos);
  }
}

}  // namespace lemmabench
