#include "harness/engines/radial/radial_law.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "cases/parse_schedule.hpp"
#include "harness/law/law.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

LawRequest request_of(const std::string& target, const std::string& sampler) {
  return request_for(target, sampler, 20, "li-cai:c0=2,c1=3");
}

}  // namespace

// The other checks of the radial law are in radial_law_slow_test.cpp.
TEST_CASE("one scale in dimension 64 is the proved Gaussian law") {
  const LawOptions plain{.decomposition = false};
  const LawResult ours =
      compute_law(request_of("two-scale:dim=64,weight=1/2,variances=2/2", "li-cai"), plain);
  const LawResult proved = compute_law(request_of("gaussian:dim=64,variance=2", "li-cai"), plain);
  CHECK(std::abs(ours.tv.value() - proved.tv.value()) <= ours.tv.error());
  CHECK(ours.tv.error() < 1e-11);
}

// The selftest's seed 11, question 36: N(0, I) has no mass where X_T has, and was left out of the
// panels, so that KL lacked its mass, 1.
TEST_CASE("the initial divergence of a law far from N(0, I) counts the mass of both") {
  LawRequest request = request_of("two-scale:dim=3443,weight=1/3,variances=15.9/15.9", "ddpm");
  request.schedule = make_schedule("linear:first=0.00091108495465416,last=0.00177430968", "test");
  request.steps = 26;
  const LawResult ours = compute_law(request, {});
  request.target = "gaussian:dim=3443,variance=15.9";
  const LawResult proved = compute_law(request, {});
  const double truth = proved.parts.initial_kl.value().value();
  CHECK(std::abs(ours.parts.initial_kl.value().value() - truth) <=
        ours.parts.initial_kl.value().error());
  CHECK(ours.parts.initial_kl.value().error() < 1e-9 * truth);
}

// Level 30 of these is the last whose 1-abar is 1 in double. They were taken for one level, in the
// unit of the noisiest: local errors came out as 0.231380653323 +- 4e-14 there. To 1e-16 the sphere
// is N(0, I) at all of them, whose local errors are known in balls.
TEST_CASE("levels whose noise is 1 in double are not one level of a radial law") {
  LawRequest request = request_of("shell:dim=3,radius=1", "ddim");
  request.schedule = make_schedule("logit:from=-55,to=3", "test");
  request.steps = 40;
  const LawOptions local{.local_errors = true};
  const LawResult ours = compute_law(request, local);
  request.target = "gaussian:dim=3,variance=1";
  const LawResult proved = compute_law(request, local);
  for (std::size_t i = 0; 40 - i >= 30; ++i) {
    const Quantity& one = ours.local_errors.at(i).value;
    CHECK(std::abs(one.value() - proved.local_errors.at(i).value.value()) <= one.error());
    CHECK(one.error() < 1e-12);
  }
}

// Questions of the selftest (seed 31, 36 and seed 3, 1362, 1908, 2012, 2454, 3416), 1.2 to 2.7
// stated errors off: the first in KL(p||q), where q has 1e-7 of p's density and its panels hold it
// no better, the others in KL(q||p), whose log ratio the mass defect multiplies.
TEST_CASE("the divergences of a radial law far from its target are within their errors") {
  struct Case {
    const char* dim;
    const char* variance;
    const char* sampler;
    long steps;
    const char* schedule;
    Start start;
  };
  const Case cases[] = {
      {"11", "459e-7", "li-huang-ode", 24, "karras:sigma_min=0.00126,sigma_max=274,rho=5.28",
       Start::exact},
      {"12", "8890", "jain-zhang", 12, "two-phase:c0=1.726,c1=1.847", Start::gaussian},
      {"6", "507e-7", "li-huang-sde", 6, "cosine:s=0.008", Start::exact},
      {"10", "0.000487", "ddim-coefficient", 21, "logit:from=20.64,to=30.019", Start::gaussian},
      {"217", "8610", "euler-ancestral:eta=0.453", 36, "li-cai:c0=0.4622,c1=0.7519",
       Start::gaussian},
      {"6", "5240", "li-huang-sde", 35, "logit:from=-0.732,to=5.43968", Start::gaussian},
  };
  for (const Case& each : cases) {
    const std::string dim = each.dim;
    CAPTURE(dim);
    const std::string variance = each.variance;
    LawRequest request =
        request_of("two-scale:dim=" + dim + ",weight=1/3,variances=" + variance + "/" + variance,
                   each.sampler);
    request.schedule = make_schedule(each.schedule, "test");
    request.steps = each.steps;
    request.start = each.start;
    const LawOptions plain{.decomposition = false};
    const LawResult ours = compute_law(request, plain);
    request.target = "gaussian:dim=" + dim + ",variance=" + variance;
    const LawResult proved = compute_law(request, plain);
    CHECK(std::abs(ours.kl_qp.value() - proved.kl_qp.value()) <= ours.kl_qp.error());
    CHECK(ours.kl_qp.error() < 1e-11 * (1 + ours.kl_qp.value()));
    if (ours.kl_pq.finite()) {
      CHECK(std::abs(ours.kl_pq.value() - proved.kl_pq.value()) <= ours.kl_pq.error());
      CHECK(ours.kl_pq.error() < 1e-8);
    }
  }
}

// The selftest's seed 3, question 451: 2.1 stated errors off. By the line law at 25 digits.
TEST_CASE("the initialisation error of a radial law counts the mass its difference lost") {
  LawRequest request =
      request_of("two-scale:dim=1,weight=0.4314,variances=7.67/0.00904", "dpm-solver-2");
  request.schedule = make_schedule("linear:first=0.000808108897167,last=0.00104241852", "test");
  request.steps = 2;
  const Quantity ours = compute_law(request, {}).parts.initialisation.value();
  CHECK(std::abs(ours.value() - 0.07389448629875095) <= ours.error());
  CHECK(ours.error() < 5e-12);
}

TEST_CASE("the radial law refuses more digits than double has") {
  LawRequest request = request_of("student-three", "ddpm");
  request.digits = 30;
  CHECK_THROWS_AS(compute_law(request, LawOptions{}), InputError);
}

TEST_CASE("without a second moment KL is infinite or not known, never a number") {
  for (const char* target : {"student-t:dim=10,nu=2", "student-t:dim=10,nu=1.9"}) {
    LawRequest request = request_of(target, "li-cai");
    request.digits = 6;
    const LawResult law = compute_law(request, LawOptions{.decomposition = false});
    CHECK(law.tv.value() > 1e-3);
    CHECK(law.tv.error() < 1e-6);
    CHECK(law.kl_pq.extent() == Extent::infinite);
    CHECK(law.kl_pq.reason().find("A2 fails") != std::string::npos);
    CHECK(law.kl_qp.finite());
  }
  LawRequest request = request_of("student-t:dim=2,nu=2", "ddpm");
  request.digits = 6;
  const LawResult law = compute_law(request, {});
  CHECK(law.parts.initial_kl.value().extent() == Extent::infinite);
  CHECK(law.parts.early_stopping_w2_bound.value().extent() == Extent::infinite);
  CHECK(law.parts.initial_tv.value().finite());
  request.start = Start::exact;
  const LawResult started = compute_law(request, {});
  CHECK(started.kl_pq.extent() == Extent::unknown);
  CHECK(started.parts.initial_kl.value().value() == 0);
}

// Data processing: the local errors sum to at least the discretisation error (theory.md section 5).
TEST_CASE("local errors of a radial target bound its discretisation error") {
  LawRequest request = request_of("student-t:dim=10,nu=3", "ddpm");
  request.digits = 6;
  const LawResult law = compute_law(request, LawOptions{.local_errors = true});
  REQUIRE(law.local_errors.size() == 19);
  double sum = 0;
  for (const LocalError& local : law.local_errors) {
    CHECK(local.value.value() > 0);
    sum += local.value.value();
  }
  const double discretisation = law.parts.discretisation.value().value();
  const double local_sum = law.parts.local_sum.value().value();
  CHECK(std::abs(sum - local_sum) < 1e-12 * sum);
  CHECK(discretisation > 0.1 * sum);
  CHECK(discretisation <= sum);
}
