#include "harness/laws/plane_law.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "cases/schedules.hpp"
#include "harness/law.hpp"
#include "harness/law_json.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

LawRequest request_of(const std::string& target, const std::string& sampler) {
  LawRequest request;
  request.target = target;
  request.sampler = sampler;
  request.schedule = make_schedule("li-cai:c0=2,c1=3", "test");
  request.steps = 20;
  return request;
}

constexpr LawOptions kPlain{.decomposition = false, .local_errors = false, .threads = 2};

LawResult law(const std::string& target, const std::string& sampler,
              const LawOptions& options = kPlain) {
  return compute_law(request_of(target, sampler), options);
}

const Quantity& term(const LawResult& result, const std::string& name) {
  for (const Term& each : result.terms) {
    if (each.name == name) {
      return each.value;
    }
  }
  throw InputError("no term " + name);
}

void check_same(const Quantity& ours, const Quantity& theirs, double most_error) {
  CAPTURE(ours.value());
  CAPTURE(theirs.value());
  CHECK(std::abs(ours.value() - theirs.value()) <= ours.error() + theirs.error());
  CHECK(ours.error() <= most_error);
}

void check_all_same(const LawResult& ours, const LawResult& theirs, double most_error) {
  check_same(ours.tv, theirs.tv, most_error);
  check_same(ours.kl_pq, theirs.kl_pq, most_error);
  check_same(ours.kl_qp, theirs.kl_qp, most_error);
  check_same(ours.hellinger, theirs.hellinger, most_error);
}

std::string refusal(const LawRequest& request, const LawOptions& options = kPlain) {
  try {
    compute_law(request, options);
  } catch (const EngineRefusal& error) {
    return error.what();
  }
  return "accepted";
}

// Centres at the corners of a rectangle: independent coordinates.
const std::string kRectangle = "cloud:means=1/0.7;1/-0.7;-1/0.7;-1/-0.7,variances=0.3";
const std::string kFactors =
    "product:weights=1/2;1/2,means=-1/1,variances=0.3/0.3,weights2=1/2;1/2,means2=-0.7/0.7,"
    "variances2=0.3/0.3";

std::string with_zeros(const std::string& rectangle, int count) {
  std::string out = rectangle;
  for (std::size_t at = 0; (at = out.find_first_of(";,", at)) != std::string::npos;) {
    std::string zeros;
    for (int i = 0; i < count; ++i) {
      zeros += "/0";
    }
    out.insert(at, zeros);
    at += zeros.size() + 1;
    if (out[at - 1] == ',') {
      break;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("centres at the corners of a rectangle are the product of two lines") {
  LawOptions all = kPlain;
  all.decomposition = true;
  const LawResult ours = law(kRectangle, "li-cai", all);
  const LawResult product = law(kFactors, "li-cai", all);
  CHECK(ours.engine == "plane");
  CHECK(product.engine == "product");
  CHECK(ours.dim == 2);
  CHECK(ours.score_calls == product.score_calls);
  check_all_same(ours, product, 3e-8);
  for (const char* name : {"initialisation", "discretisation", "initial_tv", "initial_kl",
                           "early_stopping_w2_bound"}) {
    CAPTURE(name);
    check_same(term(ours, name), term(product, name), 3e-8);
  }
}

TEST_CASE("in 64 dimensions, and for ddpm") {
  const LawResult ours = law(with_zeros(kRectangle, 62), "ddpm");
  CHECK(ours.dim == 64);
  check_all_same(ours, law(kFactors + ",spectrum=0.3x62", "ddpm"), 1e-6);
}

TEST_CASE("two kernels a step and none with noise") {
  check_all_same(law(kRectangle, "li-huang-sde"), law(kFactors, "li-huang-sde"), 1e-5);
  check_all_same(law(kRectangle, "li-huang-ode"), law(kFactors, "li-huang-ode"), 1e-5);
}

TEST_CASE("turning the centres leaves the numbers alone") {
  // Columns of an orthogonal matrix: (1, 2, 2)/3 and (2, 1, -2)/3; centres (0, 0), (3, 0), (0.6,
  // 3).
  const LawResult flat =
      law("cloud:means=0/0/0;3/0/0;0.6/3/0,weights=0.2/0.3/0.5,variances=0.5", "li-cai");
  const LawResult turned =
      law("cloud:means=0/0/0;1/2/2;2.2/1.4/-1.6,weights=0.2/0.3/0.5,variances=0.5", "li-cai");
  CHECK(turned.engine == "plane");
  check_all_same(turned, flat, 1e-6);
  CHECK(std::abs(turned.kl_pq.value() - flat.kl_pq.value()) < 1e-9);
  // Off the origin: the third coordinate has a mean, which N(0, I) does not know.
  const LawResult off =
      law("cloud:means=0/0/2;3/0/2;0.6/3/2,weights=0.2/0.3/0.5,variances=0.5", "li-cai");
  CHECK(off.kl_pq.value() > flat.kl_pq.value());
  CHECK(off.tv.error() > std::abs(off.tv.value() - flat.tv.value()));
}

TEST_CASE("the same bytes on one thread and on two, and between the bounds") {
  LawOptions one{.decomposition = true, .local_errors = false, .threads = 1};
  LawOptions two = one;
  two.threads = 2;
  const std::string target = "cloud:means=0/0;2/0;1/1.5,variances=0.4";
  const LawResult result = law(target, "li-cai", one);
  CHECK(law_json(result) == law_json(law(target, "li-cai", two)));
  const double h = result.hellinger.value();
  CHECK(result.tv.value() > h * h);
  CHECK(result.tv.value() < h * std::sqrt(2 - h * h));
  LawRequest exact = request_of(target, "li-cai");
  exact.start = Start::exact;
  check_same(compute_law(exact, kPlain).tv, term(result, "discretisation"), 3e-8);
}

TEST_CASE("what the plane law cannot do is refused, and says why") {
  CHECK(refusal(request_of(kRectangle, "li-cai:clip=1")).find("clip") != std::string::npos);
  CHECK(refusal(request_of(kRectangle, "li-cai:kappa=1")).find("kappa=0") != std::string::npos);
  LawRequest estimated = request_of(kRectangle, "ddpm");
  estimated.score = "affine:size=0.01";
  CHECK(refusal(estimated).find("exact score") != std::string::npos);
  LawOptions local = kPlain;
  local.local_errors = true;
  CHECK(refusal(request_of(kRectangle, "ddpm"), local).find("local") != std::string::npos);
  LawRequest digits = request_of(kRectangle, "ddpm");
  digits.digits = 20;
  CHECK_THROWS_AS(compute_law(digits, kPlain), InputError);
  CHECK(refusal(request_of("cloud:means=0/0/0;1/0/0;0/1/0;0/0/1,variances=1", "ddpm"))
            .find("certificate") != std::string::npos);
  CHECK(refusal(request_of("cloud:means=0/0;9000/0;0/1,variances=0.01", "ddpm"))
            .find("too far apart") != std::string::npos);
}
