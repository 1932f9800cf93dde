#include "harness/engines/plane/plane_law.hpp"

#include "harness/law/law.hpp"
#include "harness/test/engines/plane_cases.hpp"

using namespace lemmabench;

TEST_CASE("centres at the corners of a rectangle are the product of two lines") {
  const LawResult ours = law(kRectangle, "li-cai");
  CHECK(ours.engine == "plane");
  CHECK(ours.dim == 2);
  check_all_same(ours, law(kFactors, "li-cai"), 3e-8);
}

TEST_CASE("in 64 dimensions, and for ddpm") {
  const LawResult ours = law(with_zeros(kRectangle, 62), "ddpm");
  CHECK(ours.dim == 64);
  check_all_same(ours, law(kFactors + ",spectrum=0.3x62", "ddpm"), 1e-6);
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
