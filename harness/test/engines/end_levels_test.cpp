// A last level without noise, a first one without signal and equal neighbours on the radial, the
// product and the plane law: each against another engine where two know one law.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "harness/law/law.hpp"
#include "harness/test/engines/law_parts.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

const double kInfinity = std::numeric_limits<double>::infinity();
/// No signal, equal neighbours, no noise.
const std::vector<double> kAll{kInfinity, 4, 2, 1.2, 1.2, 0.7, 0.4, 0.2, 0};

LawRequest on(const std::string& target, const std::string& sampler,
              const std::vector<double>& sigmas) {
  LawRequest out;
  out.target = target;
  out.sampler = sampler;
  out.schedule = listed_schedule(LevelScale::sigma, sigmas, "test");
  out.steps = static_cast<long>(sigmas.size());
  return out;
}

LawResult law(const std::string& target, const std::string& sampler,
              const std::vector<double>& sigmas = kAll) {
  return compute_law(on(target, sampler, sigmas), {.decomposition = true, .threads = 2});
}

std::string refusal(const LawRequest& request) {
  try {
    compute_law(request, {.decomposition = false});
  } catch (const EngineRefusal& error) {
    const std::string said = error.what();
    CHECK(said.find('\n') == std::string::npos);
    return said;
  }
  return "accepted";
}

/// Within both stated errors, of which ours is no excuse.
void check_same(const Quantity& ours, const Quantity& theirs, double most_error) {
  CHECK(std::abs(ours.value() - theirs.value()) <= ours.error() + theirs.error());
  CHECK(ours.error() <= most_error);
}

void check_same(const LawResult& ours, const LawResult& theirs, double most_error) {
  CAPTURE(ours.engine);
  CAPTURE(theirs.engine);
  check_same(ours.tv, theirs.tv, most_error);
  check_same(ours.kl_qp, theirs.kl_qp, most_error);
  // A narrow output is not known where p is: its error says so, or that it is unknown.
  if (ours.kl_pq.finite() && theirs.kl_pq.finite()) {
    check_same(ours.kl_pq, theirs.kl_pq, std::max(most_error, 1e-4));
  }
  check_same(ours.hellinger, theirs.hellinger, most_error);
  check_same(term(ours, "discretisation"), theirs.parts.discretisation.value(), most_error);
  CHECK(ours.tv.value() > 1e-3);
}

/// What is 0 because X_T is N(0, I) and X_1 is X_0.
void check_ends(const LawResult& law) {
  for (const char* name :
       {"initialisation", "initial_tv", "initial_kl", "early_stopping_w2_bound"}) {
    CAPTURE(name);
    CHECK(term(law, name).value() == 0);
    CHECK(term(law, name).error() == 0);
  }
}

const std::vector<std::string> kSamplers{"ddim-coefficient", "ddpm-posterior",
                                         "euler-ancestral:eta=0.6"};

}  // namespace

TEST_CASE("end levels: one scale is a Gaussian in every dimension") {
  for (const std::string dim : {"1", "2", "5", "40"}) {
    for (const std::string& sampler : kSamplers) {
      CAPTURE(dim);
      CAPTURE(sampler);
      const LawResult radial =
          law("two-scale:dim=" + dim + ",weight=1/3,variances=0.3/0.3", sampler);
      const LawResult exact = law("gaussian:variance=0.3,dim=" + dim, sampler);
      CHECK(radial.engine == "radial");
      CHECK(exact.tv.evidence() == Evidence::proved);
      check_same(radial, exact, 1e-8);
      CHECK(radial.kl_pq.finite());
      check_ends(radial);
      CHECK(radial.notes.size() == 2);  // no noise at the end, equal levels
      CHECK(radial.notes == exact.notes);
    }
  }
}

TEST_CASE("end levels: in one dimension the radial law is that of the line") {
  for (const std::string& sampler : kSamplers) {
    CAPTURE(sampler);
    check_same(law("two-scale:dim=1,weight=1/4,variances=0.1/2", sampler),
               law("mixture:weights=1/4;3/4,means=0/0,variances=0.1/2", sampler), 1e-8);
  }
}

TEST_CASE("end levels: a product of Gaussians is one, and of one factor the line") {
  const std::string twice = "weights=1/3;2/3,means=1/1,variances=0.2/0.2";
  for (const std::string& sampler : kSamplers) {
    CAPTURE(sampler);
    const LawResult product = law("product:" + twice + ",copies=3,spectrum=2x4", sampler);
    CHECK(product.engine == "product");
    check_same(product, law("gaussian:spectrum=0.2x3+2x4,mean=1/0", sampler), 1e-7);
    check_ends(product);
  }
}

TEST_CASE("end levels: centres at the corners of a rectangle are a product") {
  for (const std::string& sampler : kSamplers) {
    CAPTURE(sampler);
    const LawResult plane = law("cloud:means=1/0.7;1/-0.3;-1/0.7;-1/-0.3,variances=0.3", sampler);
    CHECK(plane.engine == "plane");
    check_same(plane,
               law("product:weights=1/2;1/2,means=-1/1,variances=0.3/0.3,weights2=1/2;1/2,"
                   "means2=-0.3/0.7,variances2=0.3/0.3",
                   sampler),
               1e-5);
    check_ends(plane);
  }
}

// Each end is what its neighbourhood tends to. At sigma = 1e-7 the coefficients have a relative
// sqrt(1-h) = 3e-7 more (ddim-coefficient; observed 2e-8 in TV) or its square; at 1e4 the first
// step is off by abar = 1e-8 (observed 1.4e-8).
TEST_CASE("end levels: no noise and no signal are the limits of little") {
  for (const std::string target :
       {"student-t:dim=3,nu=3", "laplace:dim=1", "laplace:dim=4,variance=2",
        "contaminated:dim=20,fraction=0.1,variance=9"}) {
    CAPTURE(target);
    const auto tv = [&](const std::string& sampler, double first, double last) {
      const LawResult out = law(target, sampler, {first, 3, 1, 1, 0.3, last});
      CHECK(out.tv.error() < 1e-10);
      return out.tv.value();
    };
    const double ancestral = tv("euler-ancestral", kInfinity, 0);
    CHECK(std::abs(tv("euler-ancestral", 1e4, 0) - ancestral) < 1e-7);
    CHECK(std::abs(tv("euler-ancestral", kInfinity, 1e-7) - ancestral) < 1e-10);
    CHECK(std::abs(tv("ddim-coefficient", kInfinity, 1e-7) - tv("ddim-coefficient", kInfinity, 0)) <
          1e-7);
    // The control: ends that are seen.
    CHECK(std::abs(tv("euler-ancestral", kInfinity, 0.1) - ancestral) > 1e-3);
    CHECK(std::abs(tv("euler-ancestral", 30, 0) - ancestral) > 1e-4);
  }
  const double shell = law("shell:dim=3", "euler-ancestral", {kInfinity, 3, 1, 0.3}).tv.value();
  const double little = law("shell:dim=3", "euler-ancestral", {1e4, 3, 1, 0.3}).tv.value();
  CHECK(std::abs(shell - little) < 1e-7);
}

TEST_CASE("end levels: without a second moment the starts are the same and KL infinite") {
  const LawResult heavy = law("student-t:dim=3,nu=2", "ddpm-posterior");
  check_ends(heavy);
  CHECK(heavy.kl_pq.extent() == Extent::infinite);
  LawRequest exact = on("student-t:dim=3,nu=2", "ddpm-posterior", kAll);
  exact.start = Start::exact;
  const LawResult same = compute_law(exact, {.decomposition = true});
  CHECK(same.tv.value() == heavy.tv.value());
  CHECK(same.kl_pq.extent() == Extent::infinite);
}

TEST_CASE("end levels: what has no density or mean is refused with the reason") {
  CHECK(refusal(on("shell:dim=3", "ddpm", {2, 1, 0})).find("lies on a sphere and has no density") !=
        std::string::npos);
  CHECK(refusal(on("student-t:dim=3,nu=1", "ddpm-posterior", {kInfinity, 1, 0.5}))
            .find("has no mean") != std::string::npos);
  CHECK(refusal(on("student-t:dim=3,nu=1", "ddpm-posterior", {9, 1, 0})) == "accepted");
  for (const char* target : {"laplace:dim=3", "student-t:dim=3,nu=3", "laplace:dim=1"}) {
    CAPTURE(target);
    LawRequest estimated = on(target, "ddpm", {2, 1, 0});
    estimated.score = "affine:size=0.01";
    const std::string said = refusal(estimated);
    const bool refused = std::string(target) == "laplace:dim=3";
    CHECK((said.find("infinite at level 1") != std::string::npos) == refused);
    CHECK((said == "accepted") != refused);
    estimated = on(target, "ddpm-posterior", {kInfinity, 1, 0.5});
    estimated.score = "affine:size=0.01";
    CHECK(refusal(estimated).find("no data prediction at a level without signal") !=
          std::string::npos);
  }
}
