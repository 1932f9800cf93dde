// The certificate on few levels (h_t >= 1/2), from a level without signal and between equal levels.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "harness/law/law.hpp"
#include "harness/monte_carlo/certificate/end_steps.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();

CertificateRequest asked(const std::string& target, const std::string& sampler,
                         const ScheduleKind& schedule, long steps) {
  CertificateRequest out;
  out.target = target;
  out.sampler = sampler;
  out.schedule = schedule;
  out.steps = steps;
  out.relative_error = 0.03;
  out.level = 0.9999;
  return out;
}

CertificateRequest on(const std::string& target, const std::string& sampler,
                      const std::vector<double>& sigmas) {
  return asked(target, sampler, listed_schedule(LevelScale::sigma, sigmas, "test"),
               static_cast<long>(sigmas.size()));
}

LawResult exact(const CertificateRequest& request) {
  LawRequest out = request_for(request.target, request.sampler, request.steps);
  out.schedule = request.schedule;
  return compute_law(out, {.decomposition = false});
}

std::string refusal(const CertificateRequest& request) {
  try {
    certify_path(request, 1);
  } catch (const EngineRefusal& error) {
    const std::string said = error.what();
    CHECK(said.find('\n') == std::string::npos);
    return said;
  }
  return "accepted";
}

void check_same(const Quantity& a, const Quantity& b) {
  CHECK(std::fabs(a.value() - b.value()) <= a.error() + b.error());
}

/// sum_t of what a step of ddpm-like form on N(0, v I_d) costs: Psi = (1 - b/w_t) x has the gap to
/// the flow sqrt((w_t - b - n)/w_t) x, n the noise of the X-path, divided by 2 alpha s^2.
double closed_form(const Schedule<double>& schedule, double v, double dim, bool posterior) {
  double sum = 0;
  for (int t = 2; t <= schedule.steps(); ++t) {
    const Step<double> c = make_step(schedule, t, 1);
    const double w = c.abar * v + c.noise;
    const double left = c.alpha * c.noise_next;
    const double own = posterior ? c.b * left / c.noise : c.b;
    const double noise = c.h < 0.5 ? c.b : std::min(own, 0.99 * left);
    const double gap = std::sqrt(1 - (c.b + noise) / w) - (1 - c.b / w);
    const double rho = noise / own;
    sum += dim / 2 * (rho - 1 - std::log(rho)) + dim * gap * gap * w / (2 * own);
  }
  return sum;
}

}  // namespace

TEST_CASE("path levels: ten levels uniform in log snr, in closed form on a Gaussian") {
  const ScheduleKind logit = make_schedule("logit", "test");
  const Schedule<double> schedule(logit, 10, StepBound::whole);
  CHECK(schedule.h(5) > 0.8);
  for (const std::string sampler : {"ddpm-posterior", "ddpm"}) {
    CAPTURE(sampler);
    const CertificateRequest request = asked("gaussian:dim=3,variance=0.5", sampler, logit, 10);
    const PathCertificate found = certify_path(request, 2);
    const bool posterior = sampler == "ddpm-posterior";
    const double truth = closed_form(schedule, 0.5, 3, posterior);
    CHECK(std::fabs(found.path_kl.value() - truth) <= found.path_kl.error());
    // The control: with the noise b of shorter steps there is no flow to compare with, and with
    // that of the other sampler the sum is another.
    CHECK(std::fabs(closed_form(schedule, 0.5, 3, !posterior) - truth) > 0.1 * truth);
    CHECK(found.kl.value() + found.kl.error() >= exact(request).kl_pq.value());
    // The posterior's noise is the X-path's: no variance term but what 0.99 leaves of it.
    CHECK((found.variance_kl < 1e-9) == posterior);
  }
  // On a mixture, against the line law.
  const CertificateRequest mixture = asked("mixture-near", "ddpm-posterior", logit, 10);
  const PathCertificate bound = certify_path(mixture, 2);
  const double tv = exact(mixture).tv.value();
  CHECK(bound.tv.value() + bound.tv.error() >= tv);
  CHECK(bound.tv.value() < 1);
}

// From no signal to level 1 in one step the certificate is the divergence of p_{X_1} from a
// Gaussian, and the exact laws compute the same number.
TEST_CASE("path levels: one step from no signal is the exact law's divergence") {
  for (const char* target :
       {"gaussian:spectrum=0.3x2+2,mean=1/-1",
        "mixture:weights=0.3/0.7,means=-1/2,variances=0.2/0.5", "student-t:dim=3,nu=5",
        "shell:dim=3",
        "product:weights=1/2;1/2,means=-1/1,variances=0.1/0.1,copies=2,spectrum=0.5x1,mean=1"}) {
    for (const char* sampler : {"ddpm-posterior", "euler-ancestral:eta=0.6"}) {
      CAPTURE(target);
      CAPTURE(sampler);
      const CertificateRequest request = on(target, sampler, {kInfinity, 1.6});
      const PathCertificate found = certify_path(request, 2);
      check_same(found.kl, exact(request).kl_pq);
      CHECK(found.initial_kl.value() == 0);
      CHECK(found.summands.size() == 1);
      CHECK(found.kl.value() > 1e-4);
      CHECK(found.kl.error() < 0.05 * found.kl.value());
    }
  }
}

TEST_CASE("path levels: from no signal a bound, and the limit of little signal") {
  for (const char* target :
       {"mixture-near", "student-t:dim=3,nu=5", "gaussian:dim=2,variance=0.3"}) {
    CAPTURE(target);
    CertificateRequest request = on(target, "ddpm-posterior", {kInfinity, 3, 1.8, 1, 0.6});
    request.relative_error = 0.1;
    const PathCertificate found = certify_path(request, 2);
    CHECK(found.kl.value() + found.kl.error() >= exact(request).kl_pq.value());
    // At abar = 1e-6 the first step is nearly the same, and its kernel's divergence is above that
    // of the marginals.
    CertificateRequest near = on(target, "ddpm-posterior", {1e3, 3, 1.8, 1, 0.6});
    near.relative_error = 0.1;
    const PathCertificate little = certify_path(near, 2);
    CHECK(found.kl.value() <= little.kl.value() + little.kl.error() + found.kl.error());
  }
}

TEST_CASE("path levels: nothing happens between equal levels") {
  for (const char* sampler : {"ddpm", "li-cai", "ddpm-posterior"}) {
    CAPTURE(sampler);
    const PathCertificate twice =
        certify_path(on("mixture-near", sampler, {3, 2.4, 2.4, 1.9, 1.9, 1.5}), 2);
    const PathCertificate once = certify_path(on("mixture-near", sampler, {3, 2.4, 1.9, 1.5}), 2);
    check_same(twice.kl, once.kl);
    REQUIRE(twice.summands.size() == 5);
    CHECK(twice.summands[1].t == 5);
    CHECK(twice.summands[1].value.value() == 0);
    CHECK(twice.notes.size() == once.notes.size() + 1);
  }
}

TEST_CASE("path levels: what has no bound is refused with the reason") {
  CHECK(refusal(on("mixture-near", "ddpm", {3, 1, 0})).find("level 1 has no noise") !=
        std::string::npos);
  CHECK(refusal(on("mixture-near", "ddpm", {100, 1e-4})).find("not followed so far") !=
        std::string::npos);
  CHECK(refusal(on("student-t:dim=2,nu=1", "ddpm-posterior", {kInfinity, 1})).find("has no mean") !=
        std::string::npos);
  CertificateRequest estimated = on("mixture-near", "ddpm-posterior", {kInfinity, 1, 0.5});
  estimated.score = "affine:size=0.1";
  CHECK(refusal(estimated).find("no signal") != std::string::npos);
}

TEST_CASE("path levels: the form of a first step and of one that stands still") {
  const auto listed = listed_schedule(LevelScale::sigma, {kInfinity, 1, 1, 0.5}, "test");
  const Schedule<double> schedule(listed, 4, StepBound::whole, EndLevels::closed);
  const auto ancestral = make_sampler("euler-ancestral:eta=0.6", "test");
  const auto start = normal_start(*ancestral, make_step(schedule, 4, 1));
  REQUIRE(start);
  // abar = 1/2 at sigma = 1.
  CHECK(std::fabs(start->mean_share - std::sqrt(0.5)) < 1e-15);
  CHECK(std::fabs(start->variance - 0.5) < 1e-15);
  CHECK(stands_still(*ancestral, make_step(schedule, 3, 1)));
  CHECK_FALSE(stands_still(*ancestral, make_step(schedule, 2, 1)));
  // A sampler that scales its state moves between equal levels, too.
  CHECK_FALSE(stands_still(*make_sampler("mutant:base=ddpm,bug=state-scale,by=1.2", "test"),
                           make_step(schedule, 3, 1)));
}

}  // namespace lemmabench
