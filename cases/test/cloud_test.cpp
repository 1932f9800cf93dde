#include "cases/targets/cloud.hpp"

#include <doctest/doctest.h>

#include <string>

#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "numerics/error.hpp"
#include "theory/mixture/vector_mixture.hpp"

namespace lemmabench {
namespace {

template <class Body>
std::string refusal(Body body) {
  try {
    body();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string target_refusal(const std::string& text) {
  return refusal([&] { make_target(text, "t"); });
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos && message.find('\n') == std::string::npos;
}

/// The law of a target that is a mixture of vectors.
VectorMixture vector_mixture(const Target& target) {
  return dynamic_cast<const VectorMixture&>(*vector_law(target));
}

TEST_CASE("a cloud is read and prints back") {
  const Target target = make_target("cloud:means=-1/0/2;1/0/-2,variances=0.25", "t");
  CHECK(target.dim() == 3);
  CHECK(target.text() == "cloud:means=-1/0/2;1/0/-2,variances=0.25");
  const VectorMixture law = vector_mixture(target);
  CHECK(law.size() == 2);
  CHECK(law.shared());
  CHECK(law.weight(1) == 0.5);
  CHECK(law.mean(0)[2] == 2);
  const VectorMixture each =
      vector_mixture(make_target("cloud:means=0/1;2/3,variances=0.25/4,weights=1/4;3/4", "t"));
  CHECK(each.weight(1) == 0.75);
  CHECK(each.variance(1, 0) == 4);
  const VectorMixture rows =
      vector_mixture(make_target("cloud:means=0/1;2/3,variances=1/2;3/4", "t"));
  CHECK(rows.variance(0, 1) == 2);
  CHECK(rows.variance(1, 0) == 3);
}

TEST_CASE("TOML takes arrays of arrays") {
  const Target target = parse_target_toml(
      "law = \"cloud\"\nmeans = [[-1, 0.5], [1, 0]]\nvariances = [[0.1, 0.2], [0.3, 0.4]]\n",
      "case.toml");
  const VectorMixture law = vector_mixture(target);
  CHECK(law.mean(0)[1] == 0.5);
  CHECK(law.variance(1, 1) == 0.4);
  CHECK(says(refusal([] {
               parse_target_toml(
                   "law = \"mixture\"\nweights = [[1, 2], [1, 2]]\nmeans = [0, 1]\n"
                   "variances = [1, 1]\n",
                   "case.toml");
             }),
             "weights must be a number, a string, or a list of them"));
}

TEST_CASE("gaussians and mixtures on the line are vector laws") {
  const VectorMixture spread = vector_mixture(make_target("gaussian:spectrum=0.25x2+4x1", "t"));
  CHECK(spread.dim() == 3);
  CHECK(spread.variance(0, 2) == 4);
  CHECK(vector_mixture(make_target("gaussian:dim=3,variance=2", "t")).shared());
  CHECK(vector_mixture(make_target("mixture-three", "t")).size() == 3);
  CHECK(says(refusal([] { vector_law(make_target("gaussian:dim=5000,variance=1", "t")); }),
             "dimension 5000 is above 4096"));
}

TEST_CASE("bad clouds are refused in one line") {
  CHECK(says(target_refusal("cloud:means=1/2;3,variances=1"), "centres of 2 and 1 coordinates"));
  CHECK(says(target_refusal("cloud:means=1;2,variances=0"), "0 is not above 0"));
  CHECK(says(target_refusal("cloud:means=1;2,variances=1/2/3"), "give one, one a centre"));
  CHECK(says(target_refusal("cloud:means=1;2,variances=1,weights=0.5/0.4"), "sum to 0.9"));
  CHECK(says(target_refusal("cloud:means=1;2,variances=1,weights=1"), "has 1 entries for 2"));
  CHECK(says(target_refusal("cloud:file=a.txt,bandwidth=1"), "must be a .npy or a .csv file"));
  CHECK(says(target_refusal("cloud:file=none.npy,bandwidth=1"), "cannot read the file 'none.npy'"));
  CHECK(says(target_refusal("cloud:file=none.npy,bandwidth=0"), "must be above 0"));
}

}  // namespace
}  // namespace lemmabench
