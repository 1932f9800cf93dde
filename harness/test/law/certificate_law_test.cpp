// What a certificate bounds, and how wide its intervals are, against the formulas.
#include "harness/monte_carlo/certificate/certificate_law.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "harness/monte_carlo/certificate/path_estimate.hpp"
#include "harness/test/law_request.hpp"
#include "test/support/accuracy.hpp"

using namespace lemmabench;

namespace {

LawRequest request_from(Start start) {
  LawRequest out = request_for("gaussian:dim=2,variance=0.3", "ddpm", 10, "logit:from=-1,to=2");
  out.start = start;
  out.arithmetic = LawArithmetic::certificate(Rational(1, 10), "test");
  return out;
}

}  // namespace

TEST_CASE("certificate: a law is bounded from above by the start's and the path's divergence") {
  for (const Start start : {Start::gaussian, Start::exact}) {
    const LawResult law = certificate_law(request_from(start), {});
    CHECK(law.tv.extent() == Extent::bounded_above);
    CHECK(law.kl_pq.extent() == Extent::bounded_above);
    CHECK(law.hellinger.extent() == Extent::bounded_above);
    CHECK(law.kl_qp.extent() == Extent::unknown);
    const double path = law.parts.path_kl.value().value();
    const double initial = law.parts.initial_kl.value().value();
    CHECK((start == Start::exact ? initial == 0 : initial > 0.01));
    const double kl = law.kl_pq.bound().value();
    CHECK_CLOSE(kl, path + initial, Bound::relative(1e-14), "a sum of two");
    CHECK_CLOSE(law.tv.bound().value(), std::sqrt(kl / 2), Bound::relative(1e-14), "Pinsker");
    CHECK_CLOSE(law.hellinger.bound().value(), std::sqrt(1 - std::exp(-kl / 2)),
                Bound::relative(1e-10), "1 - e^-x of x above 1e-3 loses three digits");
  }
}

TEST_CASE("certificate: half a width is Student's quantile of both sides") {
  RunningMoments five;
  for (const double x : {1.0, 2.0, 3.0, 4.0, 5.0}) five.add(x);
  // Variance 5/2, of the mean 1/2; the 97.5 % point with four degrees of freedom is 2.776445.
  CHECK_CLOSE(half_width({five}, 0.95), 2.776445 * std::sqrt(0.5), Bound::relative(1e-6),
              "seven digits of Student's quantile");
  // Two parts alike: twice the variance, eight degrees of freedom, 2.306004.
  CHECK_CLOSE(half_width({five, five}, 0.95), 2.306004, Bound::relative(1e-6),
              "seven digits of Student's quantile");
}

TEST_CASE("certificate: an interval has the samples' width and what the flow is off") {
  CertificateRequest request;
  request.target = "gaussian:dim=2,variance=0.3";
  request.sampler = "ddpm";
  request.schedule = make_schedule("logit:from=-1,to=2", "test");
  request.steps = 10;
  request.relative_error = 0.3;
  const PathCertificate found = certify_path(request, 1);
  // The same estimate again: its samples are a function of the seed.
  const Target target = make_target(request.target, "test");
  const auto sampler = make_sampler(request.sampler, "test");
  const auto clean = vector_law(target);
  const Schedule<double> schedule(request.schedule, request.steps);
  const PathStep::Setting setting{*clean, *sampler, schedule, request.seed};
  const auto estimates = estimate_path(setting,
                                       {.relative_error = request.relative_error,
                                        .level = request.level,
                                        .max_samples = request.max_samples},
                                       1);
  std::vector<RunningMoments> parts;
  double bias = 0;
  for (const SummandEstimate& e : estimates) {
    for (const RunningMoments& part : e.parts(e.summand)) parts.push_back(part);
    bias += e.flow_bias();
  }
  CHECK(bias > 0);
  CHECK_CLOSE(found.flow_error, bias, Bound::relative(1e-12), "the same sum");
  CHECK_CLOSE(found.path_kl.error(), half_width(parts, request.level) + bias, Bound::relative(1e-8),
              "radii are kept to 30 bits");
}
