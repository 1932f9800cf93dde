#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "cases/target.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

PathCertificate certificate(const std::string& target) {
  CertificateRequest request;
  request.target = target;
  request.sampler = "li-cai";
  request.steps = 100;
  request.schedule = LiCaiSchedule{};
  request.relative_error = 0.02;
  request.level = 0.9999;
  return certify_path(request, 2);
}

// Variances (1, 0.1) and (0.1, 1) about (1, 0) and (-1, 0), and the same turned by the rotation
// (0.6, 0.8; -0.8, 0.6): 0.1 I + u u^T with u = sqrt(0.9) times an axis, sqrt(0.9) = 0.948683...
TEST_CASE("a rotated mixture has the certificate of the unrotated one") {
  const PathCertificate plain = certificate("cloud:means=1/0;-1/0,variances=1/0.1;0.1/1");
  const PathCertificate turned = certificate(
      "cloud:means=0.6/0.8;-0.6/-0.8,variances=0.1,factors=0.56920997883031/0.75894663844041;"
      "-0.75894663844041/0.56920997883031");
  CHECK(std::fabs(plain.path_kl.value() - turned.path_kl.value()) <=
        plain.path_kl.error() + turned.path_kl.error());
  CHECK(std::fabs(plain.initial_kl.value() - turned.initial_kl.value()) <=
        plain.initial_kl.error() + turned.initial_kl.error());
  CHECK(turned.path_kl.error() < 0.021 * turned.path_kl.value());
  // Without the factors it is another law.
  const PathCertificate other = certificate("cloud:means=0.6/0.8;-0.6/-0.8,variances=0.1");
  CHECK(std::fabs(plain.path_kl.value() - other.path_kl.value()) >
        2 * (plain.path_kl.error() + other.path_kl.error()));
}

TEST_CASE("factors read from a spec") {
  const std::string text = "cloud:means=1/0;-1/0,variances=0.5,factors=1/1;0/2";
  CHECK(make_target(text, "t").label() == text);
  const auto refusal = [](const std::string& target) -> std::string {
    try {
      make_target(target, "t");
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK(refusal("cloud:means=1/0;-1/0,variances=0.5,factors=1/1/1;0/2/1").find("factors") !=
        std::string::npos);
  CHECK(refusal("cloud:means=1/0;-1/0,variances=0.5,factors=1/1").find("same number") !=
        std::string::npos);
}

}  // namespace
}  // namespace lemmabench
