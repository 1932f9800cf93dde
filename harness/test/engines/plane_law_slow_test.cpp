#include "harness/law/law.hpp"
#include "harness/records/law_json.hpp"
#include "harness/test/engines/plane_cases.hpp"

using namespace lemmabench;

TEST_CASE("centres at the corners of a rectangle are the product of two lines, terms and all") {
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

TEST_CASE("off the origin one coordinate has a mean, whose error bounds what TV leaves out") {
  // A start at abar_T = 0.12, so that N(0, I) is far from the mean of the third coordinate.
  const auto at = [](const std::string& target) {
    LawRequest request = request_of(target, "li-cai");
    request.schedule = make_schedule("logit:from=-2,to=2", "test");
    return compute_law(request, kPlain);
  };
  const LawResult ours = at("cloud:means=1/0.7/3;1/-0.7/3;-1/0.7/3;-1/-0.7/3,variances=0.3");
  const LawResult product = at(kFactors + ",spectrum=0.3x1,mean=3");
  CHECK(ours.engine == "plane");
  check_same(ours.kl_pq, product.kl_pq, 1e-6);
  check_same(ours.hellinger, product.hellinger, 1e-6);
  CHECK(std::abs(ours.tv.value() - product.tv.value()) <= ours.tv.error() + product.tv.error());
  CHECK(std::abs(ours.tv.value() - product.tv.value()) > 1e-3);
}

TEST_CASE("what the start adds keeps its own accuracy when hardly anything is left of it") {
  LawOptions all = kPlain;
  all.decomposition = true;
  const auto initialisation = [&](const std::string& target) {
    LawRequest request = request_of(target, "li-cai");
    request.schedule = make_schedule("li-cai:c0=2,c1=9", "test");
    request.steps = 100;
    return term(compute_law(request, all), "initialisation").value();
  };
  const double exact = initialisation(
      "product:weights=1/2;1/2,means=-1/1,variances=0.1/0.1,weights2=1/2;1/2,means2=-0.8/0.8,"
      "variances2=0.1/0.1");
  CHECK(exact < 1e-10);
  CHECK(std::abs(initialisation("cloud:means=1/0.8;1/-0.8;-1/0.8;-1/-0.8,variances=0.1") - exact) <
        1e-6 * exact);
}

TEST_CASE("three centres that are no product, against a grid so fine that it has converged") {
  // Spacing 0.09 with orders 18 and 24: both give these digits, TV to 1e-9.
  LawRequest request = request_of("cloud:means=0/2;1.7/-1;-1.7/-1,variances=0.25", "li-cai");
  request.schedule = make_schedule("li-cai:c0=2,c1=9", "test");
  request.steps = 100;
  const LawResult ours = compute_law(request, kPlain);
  CHECK(std::abs(ours.tv.value() - 3.300252e-3) <= ours.tv.error() + 1e-9);
  CHECK(std::abs(ours.kl_pq.value() - 5.39054158e-5) <= ours.kl_pq.error());
  CHECK(std::abs(ours.hellinger.value() - 3.68237850e-3) <= ours.hellinger.error());
  CHECK(ours.tv.error() < 1e-7);     // observed 3e-8, true 2e-9
  CHECK(ours.kl_pq.error() < 5e-9);  // observed 1.5e-9, true 1.3e-10
}
