#include <doctest/doctest.h>

#include <string>

#include "cases/target.hpp"
#include "cases/targets/mixture.hpp"
#include "numerics/error.hpp"
#include "theory/targets/product_law.hpp"

using namespace lemmabench;

namespace {

std::string refusal(const std::string& text) {
  try {
    make_target(text, "--target");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

bool says(const std::string& text, const std::string& part) {
  return refusal(text).find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("products are read exactly and print back") {
  for (const char* text :
       {"product:weights=1/3;2/3,means=-1/1,variances=0.1/0.1,copies=8,spectrum=0.5x10",
        "product:weights=1,means=0,variances=2,copies=3,"
        "weights2=0.3/0.7,means2=1/2,variances2=1/3;0.2,copies2=1,spectrum=1x2+3x1,mean=0/1",
        "hypercube:dim=64,separation=1,variance=0.1", "two-point:dim=64,separation=2,variance=0.25",
        "two-point:dim=2,separation=2,variance=0.25,along=0.5"}) {
    const Target target = make_target(text, "t");
    CHECK(target.text() == text);
    CHECK(make_target(target.text(), "t").dim() == target.dim());
  }
}

TEST_CASE("the kinds mean the products they say") {
  const auto cube =
      std::get<ProductLaw>(make_target("hypercube:dim=5,separation=3,variance=0.5", "t").law);
  REQUIRE(cube.coordinates.size() == 1);
  CHECK(cube.coordinates[0].multiplicity == 5);
  CHECK(mixture_text(cube.coordinates[0]) ==
        "mixture:weights=0.5/0.5,means=-3/3,variances=0.5/0.5");
  CHECK(cube.dim() == 5);
  const auto modes = std::get<ProductLaw>(
      make_target("two-point:dim=5,separation=3,variance=0.5,along=2", "t").law);
  CHECK(mixture_text(modes.coordinates[0]) == "mixture:weights=0.5/0.5,means=-3/3,variances=2/2");
  CHECK(modes.coordinates[0].multiplicity == 1);
  REQUIRE(modes.coordinates.size() == 2);
  CHECK(modes.coordinates[1].gaussian());
  CHECK(modes.coordinates[1].variance() == Rational(1, 2));
  CHECK(modes.coordinates[1].multiplicity == 4);
  const auto two = std::get<ProductLaw>(
      make_target("product:weights=1,means=0,variances=2,copies=3,"
                  "weights2=0.3/0.7,means2=1/2,variances2=1/3;1/5,spectrum=1x2",
                  "t")
          .law);
  REQUIRE(two.coordinates.size() == 3);
  CHECK(two.coordinates[1].multiplicity == 1);
  CHECK(two.dim() == 6);
}

TEST_CASE("products are refused where they are wrong") {
  CHECK(says("product:weights=1/2;1/3,means=-1/1,variances=1/1", "weights: sum to 5/6"));
  CHECK(says("product:weights=1,means=0,variances=1,weights2=1,means2=0,variances2=0",
             "variances2: 0 is not above 0"));
  CHECK(says("product:weights=1,means=0,variances=1,copies=0", "copies"));
  CHECK(says("product:weights=1,means=0,variances=1,mean=2", "mean"));
  CHECK(says("product:weights=1,means=0,variances=1,copies=1000000000,spectrum=1x1",
             "1000000001 dimensions"));
  CHECK(says("hypercube:dim=3,separation=-1,variance=1", "separation: -1 is below 0"));
  CHECK(says("hypercube:dim=3,separation=1,variance=0", "variance: 0 is not above 0"));
  CHECK(says("two-point:dim=0,separation=1,variance=1", "dim"));
}
