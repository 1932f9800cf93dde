// The searches and studies with real laws.

#include <doctest/doctest.h>

#include <cmath>

#include "harness/law/law.hpp"
#include "harness/studies/heavy_tails/heavy_tails.hpp"
#include "harness/studies/worst_case/worst_case.hpp"
#include "harness/test/engines/law_parts.hpp"
#include "harness/test/law_request.hpp"
#include "harness/test/scratch.hpp"
#include "theory/initialisation/initial_total_variation.hpp"

namespace lemmabench {
namespace {

LawResult whole_law(const LawRequest& request) { return compute_law(request, {}); }

}  // namespace

TEST_CASE("worst case: real laws on the line and of Gaussians") {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  StoredLaws laws(store, exact_start_laws());
  WorstCaseRequest request;
  request.families = {"gaussian-flat", "line-two"};
  request.dims = {1, 4};
  request.budget = 2;
  const WorstCaseResult result = find_worst_cases(request, laws, 2);
  REQUIRE(result.families.size() == 2);
  const WorstFamily& flat = result.families[0];
  REQUIRE(flat.constants.size() == 2);
  for (const WorstSearch& search : flat.constants) {
    REQUIRE(search.worst);
    const WorstInstance& found = *search.worst;
    // Small variances are worst; the catalogue's gauss-flat (0.3) has much less.
    CHECK(found.values[0].to_double() < 1e-3);
    CHECK(found.rungs.front().tv.evidence() == Evidence::proved);
    REQUIRE(found.total);
    CHECK(found.total->value() <= found.rungs.front().tv.value() + found.initialisation->value() +
                                      found.total->error() + found.rungs.front().tv.error());
    // super-convergent: order 3 in log T/T (claim D9)
    REQUIRE(found.fit);
    CHECK(found.fit->order > 2.7);
  }
  // TV of d equal relative errors grows like sqrt(d), faster at first.
  CHECK(std::abs(flat.envelope[0].exponent.value() - 0.58) < 0.02);
  const WorstFamily& line = result.families[1];
  REQUIRE(line.constants.size() == 1);
  REQUIRE(line.constants[0].worst);
  CHECK(line.constants[0].worst->rungs.front().tv.value() > 1e-3);
  CHECK(line.constants[0].worst->step_exponents.back().exponent.value() > 1.5);
}

TEST_CASE("heavy tails: the start against N(0, I) as the radial law has it") {
  for (const char* nu : {"3", "2.1"}) {
    const Rational degrees = Rational::parse(nu, "nu");
    const LawRequest request = request_for(std::string("student-t:dim=10,nu=") + nu, "li-cai", 128);
    const LawResult law = whole_law(request);
    const Quantity engine = term(law, "initial_tv");
    const Schedule<double> schedule(request.schedule, 128);
    const Quantity here =
        initial_total_variation(10, student_scale(degrees.to_double()), schedule.level(128));
    CAPTURE(nu);
    CHECK(std::abs(engine.value() - here.value()) <= engine.error() + here.error());
    CHECK(here.error() < 1e-8 * here.value());
    CHECK(law.tv.value() <=
          term(law, "discretisation").value() + term(law, "initialisation").value() + 1e-10);
    CHECK(term(law, "initialisation").value() <= here.value());
  }
}

}  // namespace lemmabench
