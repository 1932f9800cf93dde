#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "harness/monte_carlo/certificate/path_step.hpp"
#include "numerics/error.hpp"
#include "theory/mixture/vector_mixture.hpp"
#include "theory/radial/law_marginal.hpp"

// The certificate on laws that are no mixtures, with other noise variances and estimated scores.
namespace lemmabench {
namespace {

CertificateRequest request_of(const std::string& target, const std::string& sampler, long steps) {
  CertificateRequest request;
  request.target = target;
  request.sampler = sampler;
  request.steps = steps;
  request.schedule = LiCaiSchedule{};
  request.relative_error = 0.03;
  request.level = 0.9999;
  return request;
}

/// Whether two intervals at level 0.9999 meet.
void check_same(const Quantity& a, const Quantity& b) {
  CHECK(std::fabs(a.value() - b.value()) <= a.error() + b.error());
}

TEST_CASE("a two-scale law is the same as a radial law and as a cloud") {
  const PathCertificate radial =
      certify_path(request_of("two-scale:dim=3,weight=1/4,variances=0.1/4", "li-cai", 100), 2);
  const PathCertificate cloud = certify_path(
      request_of("cloud:means=0/0/0;0/0/0,variances=0.1/4,weights=1/4;3/4", "li-cai", 100), 2);
  check_same(radial.path_kl, cloud.path_kl);
  check_same(radial.initial_kl, cloud.initial_kl);
  CHECK(radial.initial_kl.evidence() == Evidence::computed);
  CHECK(radial.initial_kl.error() < 1e-9 * radial.initial_kl.value());
}

TEST_CASE("a product is the same as the cloud of all its components") {
  const PathCertificate product = certify_path(
      request_of("product:weights=1/2;1/2,means=-1/1,variances=0.1/0.1,copies=2,spectrum=0.5x1",
                 "li-cai", 100),
      2);
  const PathCertificate cloud =
      certify_path(request_of("cloud:means=-1/-1/0;-1/1/0;1/-1/0;1/1/0,"
                              "variances=0.1/0.1/0.5;0.1/0.1/0.5;0.1/0.1/0.5;0.1/0.1/0.5",
                              "li-cai", 100),
                   2);
  CHECK(product.dim == 3);
  check_same(product.path_kl, cloud.path_kl);
  check_same(product.initial_kl, cloud.initial_kl);
}

TEST_CASE("the coordinates of a product are independent") {
  const auto law = vector_law(make_target(
      "product:weights=1/2;1/2,means=-1/1,variances=0.1/0.1,copies=2,spectrum=0.5x2", "t"));
  std::vector<Lanes> y(1000 * 4);
  law->sample({1, 1}, 0.2, 0, 1000, y.data());
  const double variance[] = {1.3, 1.3, 0.7, 0.7};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t s = 0; s < 8000; ++s) {
        sum += y[s / kLanes * 4 + i][s % kLanes] * y[s / kLanes * 4 + j][s % kLanes] / 8000;
      }
      // Deviations of a correlation are 1/sqrt(8000) = 0.011, sqrt(2) more of a variance.
      CHECK(std::fabs(sum / std::sqrt(variance[i] * variance[j]) - (i == j ? 1 : 0)) < 0.06);
    }
  }
}

TEST_CASE("a radial law's vectors have its score, its density and its second moment") {
  for (const char* text : {"student-t:dim=5,nu=6", "laplace:dim=5,variance=2", "shell:dim=5",
                           "contaminated:dim=5,fraction=0.1,variance=9"}) {
    CAPTURE(text);
    const Target target = make_target(text, "t");
    const auto law = vector_law(target);
    const double tau = 0.3;
    const auto marginal = law->marginal(tau);
    std::vector<Lanes> y(1000 * 5);
    law->sample({1, 1}, tau, 0, 1000, y.data());
    double sum = 0;
    for (const Lanes& value : y) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        sum += value[l] * value[l];
      }
    }
    // E|y|^2/d = E W + tau; 8000 samples of fourth moment at most 30 E^2.
    const double abar = 1 / (1 + tau);
    const double truth =
        radial_marginal(std::get<RadialLaw>(target.law), {abar, 1 - abar}, 1)->second_moment() /
        abar;
    CHECK(std::fabs(sum / 40000 / truth - 1) < 0.1);
    std::vector<Lanes> score(5);
    marginal->score(y.data(), 1, score.data());
    const double h = 1e-3;
    for (const std::size_t i : {0UL, 4UL}) {
      Lanes at[4];
      const double shift[4] = {h, -h, 2 * h, -2 * h};
      for (std::size_t j = 0; j < 4; ++j) {
        std::vector<Lanes> moved(y.begin(), y.begin() + 5);
        moved[i].v += shift[j];
        marginal->log_density(moved.data(), 1, &at[j]);
      }
      for (std::size_t l = 0; l < kLanes; ++l) {
        const double near = (at[0][l] - at[1][l]) / (2 * h);
        const double far = (at[2][l] - at[3][l]) / (4 * h);
        CHECK(std::fabs((4 * near - far) / 3 - score[i][l]) < 1e-8);
      }
    }
    // The density integrates to 1: E[q/p] = 1 for another density q of known mass.
    std::vector<Lanes> log_p(1000);
    marginal->log_density(y.data(), 1000, log_p.data());
    double mass = 0;
    for (std::size_t s = 0; s < 8000; ++s) {
      double square = 0;
      for (std::size_t i = 0; i < 5; ++i) {
        const double one = y[s / kLanes * 5 + i][s % kLanes];
        square += one * one;
      }
      const double log_q = -square / 0.8 - 2.5 * std::log(0.8 * 3.141592653589793);
      mass += std::exp(log_q - log_p[s / kLanes][s % kLanes]) / 8000;
    }
    CHECK(std::fabs(mass - 1) < 0.15);  // observed at most 0.05
  }
}

// On N(0, v I), ddpm-posterior has Psi = (1 - b/w) x and the flow sqrt(1 - 2b/w) x; with
// rho = b/(alpha s^2) = 1 + b/(alpha (1-abar_{t-1})) the summand is known.
TEST_CASE("another noise variance adds its own divergence and changes the divisor") {
  const VectorMixture clean(3, {1}, {0, 0, 0}, {0.5});
  const Schedule<double> schedule(LiCaiSchedule{}, 100);
  const auto sampler = make_sampler("ddpm-posterior", "t");
  for (const int t : {20, 60, 95}) {
    const Step<double> c = make_step(schedule, t, 3);
    const double w = c.abar * 0.5 + c.noise;
    const double rho = 1 + c.b / (c.alpha * c.noise_next);
    // sqrt(1 - 2f) - (1 - f), which does not cancel.
    const double f = c.b / w;
    const double gap = -f * f / (std::sqrt(1 - 2 * f) + 1 - f);
    const PathStep::Block block =
        PathStep({clean, *sampler, schedule, 1}, t, {.fine = 2}).run(0, 2000);
    const RunningMoments& summand = block.summand.fine;
    CHECK(std::fabs(block.variance_term / (1.5 * (rho - 1 - std::log(rho))) - 1) < 1e-10);
    const double truth = gap * gap * 3 * w * rho / (2 * c.b);
    CHECK(std::fabs(summand.mean - truth) < 5 * std::sqrt(summand.mean_variance()));
  }
  const PathCertificate all =
      certify_path(request_of("gaussian:dim=3,variance=0.5", "ddpm-posterior", 100), 2);
  CHECK(all.variance_kl > 0);
  CHECK(all.path_kl.value() > all.variance_kl);
  const PathCertificate plain =
      certify_path(request_of("gaussian:dim=3,variance=0.5", "ddpm", 100), 2);
  CHECK(plain.variance_kl == 0);
}

// On N(0, v I) a gain e in ddpm's score moves Psi by -b e x/w.
TEST_CASE("an estimated score is told from the step, and the parts bound the whole") {
  const std::string target = "gaussian:dim=4,variance=0.3";
  CertificateRequest request = request_of(target, "ddpm", 100);
  const PathCertificate exact = certify_path(request, 2);
  CHECK_FALSE(exact.score_kl);
  request.score = "affine:size=1/10";
  const PathCertificate estimated = certify_path(request, 2);
  REQUIRE(estimated.score_kl);
  const Schedule<double> schedule(request.schedule, 100);
  double score = 0;
  double whole = 0;
  for (int t = 2; t <= 100; ++t) {
    const Step<double> c = make_step(schedule, t, 4);
    const double w = c.abar * 0.3 + c.noise;
    const double gap = std::sqrt(1 - 2 * c.b / w) - (1 - 1.1 * c.b / w);
    score += 4 * c.b * 0.01 / (2 * w);
    whole += gap * gap * 4 * w / (2 * c.b);
  }
  CHECK(std::fabs(estimated.score_kl->value() - score) <= estimated.score_kl->error());
  CHECK(std::fabs(estimated.path_kl.value() - whole) <= estimated.path_kl.error());
  check_same(*estimated.discretisation_kl, exact.path_kl);
  CHECK(estimated.path_kl.value() <=
        2 * (estimated.discretisation_kl->value() + estimated.score_kl->value()));
  CHECK(exact.notes.size() + 1 == estimated.notes.size());
}

}  // namespace
}  // namespace lemmabench
