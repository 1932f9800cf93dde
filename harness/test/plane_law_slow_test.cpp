#include "harness/law_json.hpp"
#include "harness/test/plane_cases.hpp"

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
