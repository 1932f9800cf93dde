#include "harness/engines/product/product_law.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "harness/law/law.hpp"
#include "harness/records/law_json.hpp"
#include "harness/test/engines/law_parts.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

LawRequest request_of(const std::string& target, const std::string& sampler) {
  return request_for(target, sampler, 20, "li-cai:c0=2,c1=3");
}

void check_same(const Quantity& ours, const Quantity& theirs) {
  CHECK(std::abs(ours.value() - theirs.value()) <= ours.error() + theirs.error());
  CHECK(ours.error() <= 1e-8);
}

std::string refusal(const LawRequest& request, const LawOptions& options = {}) {
  try {
    compute_law(request, options);
  } catch (const EngineRefusal& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a product of Gaussians is the proved Gaussian law, terms and all") {
  for (const char* sampler : {"li-cai"}) {
    const LawResult ours = compute_law(
        request_of("product:weights=0.5/0.5,means=0.5/0.5,variances=0.5/0.5,copies=6,spectrum=2x4",
                   sampler),
        {});
    const LawResult proved =
        compute_law(request_of("gaussian:spectrum=0.5x6+2x4,mean=0.5/0", sampler), {});
    CHECK(ours.engine == "product");
    CHECK(ours.dim == 10);
    check_same(ours.tv, proved.tv);
    check_same(ours.kl_pq, proved.kl_pq);
    check_same(ours.kl_qp, proved.kl_qp);
    check_same(ours.hellinger, proved.hellinger);
    for (const char* name : {"initialisation", "discretisation", "initial_tv", "initial_kl",
                             "early_stopping_w2_bound"}) {
      CAPTURE(name);
      check_same(term(ours, name), term(proved, name));
    }
  }
}

TEST_CASE("one coordinate is the line law, digit for digit") {
  const LawOptions plain{.decomposition = false};
  const LawResult line = compute_law(
      request_of("mixture:weights=1/2;1/2,means=-1/1,variances=0.1/0.1", "ddpm"), plain);
  for (const char* target :
       {"hypercube:dim=1,separation=1,variance=0.1", "two-point:dim=1,separation=1,variance=0.1"}) {
    const LawResult ours = compute_law(request_of(target, "ddpm"), plain);
    CHECK(ours.tv.value() == line.tv.value());
    CHECK(ours.kl_pq.value() == line.kl_pq.value());
  }
}

TEST_CASE("two modes: the integral over the ball and the inversion of log q/p agree") {
  const LawOptions plain{.decomposition = false};
  const LawResult ball =
      compute_law(request_of("two-point:dim=5,separation=2,variance=1/4", "li-cai"), plain);
  // The same law; blocks of different variance would be inverted, and these nearly agree.
  const LawResult inverted = compute_law(
      request_of("product:weights=1/2;1/2,means=-2/2,variances=0.25/0.25,spectrum=0.25x3+"
                 "0.2500000000001x1",
                 "li-cai"),
      plain);
  CHECK(ball.tv.value() > 1e-3);
  CHECK(std::abs(ball.tv.value() - inverted.tv.value()) <=
        ball.tv.error() + inverted.tv.error() + 1e-11);
  CHECK(ball.tv.error() < 1e-9);
}

TEST_CASE("the same bytes on one thread and on two, and between the bounds") {
  LawOptions two;
  two.threads = 2;
  const LawRequest request = request_of("hypercube:dim=64,separation=1,variance=0.1", "li-cai");
  const LawResult law = compute_law(request, {});
  CHECK(law_json(law) == law_json(compute_law(request, two)));
  const double h = law.hellinger.value();
  CHECK(law.tv.value() > h * h);
  CHECK(law.tv.value() < h * std::sqrt(2 - h * h));
  CHECK(law.tv.value() * law.tv.value() < law.kl_pq.value() / 2);
  LawRequest exact = request;
  exact.start = Start::exact;
  check_same(compute_law(exact, {}).tv, term(law, "discretisation"));
}

TEST_CASE("what couples the coordinates is refused, and says why") {
  const std::string cube = "hypercube:dim=3,separation=1,variance=0.1";
  CHECK(refusal(request_of(cube, "li-cai:clip=1")).find("clip") != std::string::npos);
  CHECK(refusal(request_of(cube, "li-cai-momentum:clip=1")).find("clip") != std::string::npos);
  CHECK(refusal(request_of(cube, "li-cai:kappa=1")).find("kappa=0") != std::string::npos);
  LawRequest estimated = request_of(cube, "ddpm");
  estimated.score = "affine:size=0.01";
  CHECK(refusal(estimated).find("exact score") != std::string::npos);
  CHECK(refusal(request_of(cube, "ddpm"), {.local_errors = true}).find("local") !=
        std::string::npos);
  LawRequest digits = request_of(cube, "ddpm");
  digits.digits = 20;
  CHECK_THROWS_AS(compute_law(digits, {}), InputError);
}

TEST_CASE("a cloud on one line is the product it is after a rotation") {
  const LawOptions plain{.decomposition = false};
  const LawResult straight =
      compute_law(request_of("two-point:dim=3,separation=2,variance=0.25", "li-cai"), plain);
  // mu = (2/3)(1, 2, 2) has length 2.
  const std::string mu = "0.66666666666666667/1.3333333333333333/1.3333333333333333";
  const LawResult turned = compute_law(
      request_of("cloud:means=" + mu +
                     ";-0.66666666666666667/-1.3333333333333333/-1.3333333333333333,variances=0.25",
                 "li-cai"),
      plain);
  CHECK(turned.engine == "product");
  check_same(turned.tv, straight.tv);
  check_same(turned.kl_pq, straight.kl_pq);
  // Off the origin: one Gaussian coordinate has a mean.
  const LawResult off = compute_law(
      request_of("cloud:means=3/-1/0.5;3/1/0.5;3/0.2/0.5,weights=0.25/0.25/0.5,variances=0.25",
                 "ddpm"),
      plain);
  const LawResult product = compute_law(
      request_of("product:weights=0.25/0.25/0.5,means=-1/1/0.2,variances=0.25/0.25/0.25,"
                 "spectrum=0.25x1+0.25x1,mean=3/0.5",
                 "ddpm"),
      plain);
  check_same(off.tv, product.tv);
  check_same(off.kl_qp, product.kl_qp);
  CHECK(refusal(request_of("cloud:means=0/0/0;1/1/0;1/0/0;0/0/1,variances=1", "ddpm"))
            .find("certificate") != std::string::npos);
  CHECK(refusal(request_of("cloud:means=0/0;1/1,variances=1/2", "ddpm")).find("certificate") !=
        std::string::npos);
}

TEST_CASE("a product takes memory as a line does: a Gaussian one is the proved law") {
  for (const char* sampler : {"dpmpp-2m", "ddim"}) {
    const LawResult ours =
        compute_law(request_of("product:weights=1,means=0.5,variances=0.5,copies=3", sampler), {});
    const LawResult proved =
        compute_law(request_of("gaussian:spectrum=0.5x3,mean=0.5", sampler), {});
    CHECK(ours.engine == "product");
    check_same(ours.tv, proved.tv);
    check_same(ours.hellinger, proved.hellinger);
  }
  CHECK(refusal(request_of("product:weights=1,means=0.5,variances=0.5,copies=3", "dpmpp-2m-sde"))
            .find("Gaussian target") != std::string::npos);
}

// What a formula says of d is of the whole space, also in one coordinate or in the Gaussian part.
TEST_CASE("a file's sampler that uses d has the d of the product") {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("lemmabench-d-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(path) << "[[stage]]\ny = \"1/sqrt(alpha)\"\ns = \"b/sqrt(alpha)\"\n"
                         "z = \"sqrt(b/alpha)*d/4\"\n";
  const auto law = [&](const std::string& target) {
    return compute_law(request_of(target, path.string()), {});
  };
  const LawResult proved = law("gaussian:spectrum=0.5x3+2");
  const LawResult ours =
      law("product:weights=0.5/0.5,means=0/0,variances=0.5/0.5,copies=3,spectrum=2");
  std::filesystem::remove(path);
  check_same(ours.tv, proved.tv);
  check_same(ours.kl_qp, proved.kl_qp);
}
