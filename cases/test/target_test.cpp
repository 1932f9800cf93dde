#include "cases/target.hpp"

#include <doctest/doctest.h>

#include <string>

#include "numerics/error.hpp"

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

std::string toml_refusal(const std::string& document) {
  try {
    parse_target_toml(document, "case.toml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos && message.find('\n') == std::string::npos;
}

}  // namespace

TEST_CASE("rotation-invariant targets are read exactly, print back and are refused precisely") {
  for (const char* text : {"student-t:dim=10,nu=3", "student-t:dim=4096,nu=2.05",
                           "laplace:dim=3,variance=2", "two-scale:dim=7,weight=1/3,variances=0.1/4",
                           "contaminated:dim=2,fraction=0.05,variance=9", "shell:dim=5,radius=2"}) {
    const Target target = make_target(text, "--target");
    CHECK(target.text() == text);
    CHECK(target.dim() == std::get<RadialLaw>(target.law).dim());
  }
  CHECK(make_target("laplace:dim=3", "t").text() == "laplace:dim=3,variance=1");
  CHECK(says(refusal("student-t:dim=4097,nu=3"), "dim"));
  CHECK(says(refusal("student-t:dim=2,nu=1/2"), "0.5 is not within 1 and 1000"));
  CHECK(says(refusal("two-scale:dim=2,weight=1,variances=1/2"), "1 is not between 0 and 1"));
  CHECK(says(refusal("two-scale:dim=2,weight=0.5,variances=1"), "1 given; two-scale takes two"));
  CHECK(says(refusal("contaminated:dim=2,fraction=0.1,variance=0"), "variance"));
  CHECK(says(refusal("shell:dim=2,nu=3"), "nu"));
}

TEST_CASE("inline targets are read exactly and print back") {
  const Target spread = make_target("gaussian:spectrum=0.25x2+4x2", "t");
  CHECK(spread.dim() == 4);
  CHECK(spread.text() == "gaussian:spectrum=0.25x2+4x2");
  const auto& blocks = std::get<GaussianLaw>(spread.law).coordinates;
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[1].variance() == Rational(4));
  CHECK(blocks[0].multiplicity == 2);
  CHECK(make_target("gaussian:dim=5,variance=0.3", "t").text() == "gaussian:spectrum=0.3x5");
  const Target mixture = make_target("mixture:weights=1/3;2/3,means=-1/1,variances=0.1/0.2", "t");
  CHECK(std::get<CoordinateLaw>(mixture.law).components[0].weight == Rational(1, 3));
  CHECK(make_target(mixture.text(), "t").text() == mixture.text());
}

TEST_CASE("a single fraction in a list prints and reads back") {
  const Target target = make_target("gaussian:spectrum=1/9x2,mean=1/3;", "--target");
  CHECK(std::get<GaussianLaw>(target.law).coordinates.front().mean() == Rational(1, 3));
  CHECK(make_target(target.text(), "--target").text() == target.text());
}

TEST_CASE("bad targets are refused in one line that says what would be right") {
  CHECK(says(refusal("gausian:dim=2,variance=1"), "unknown target 'gausian'; nearest: gaussian"));
  CHECK(says(refusal("gauss-flta"), "nearest: gauss-flat"));
  CHECK(says(refusal("gaussian:dim=0,variance=1"), "not a whole number from 1"));
  CHECK(says(refusal("gaussian:dim=2.5,variance=1"), "not a whole number"));
  CHECK(says(refusal("gaussian:dim=2,variance=0"), "variance 0 is not above 0"));
  CHECK(says(refusal("gaussian:dim=2,variance=-1"), "not above 0"));
  CHECK(says(refusal("gaussian:dim=2,variance=nan"), "'nan' is not a number"));
  CHECK(says(refusal("gaussian:dim=2,variance=inf"), "is not a number"));
  CHECK(says(refusal("gaussian:dim=2"), "needs variance="));
  CHECK(says(refusal("gaussian:dim=2,variance=1,size=3"), "has no key 'size'"));
  CHECK(says(refusal("gaussian:dim=2,dim=3,variance=1"), "stands twice"));
  CHECK(says(refusal("gaussian:spectrum=1x0"), "multiplicity 0"));
  CHECK(says(refusal("gaussian:spectrum=1x2,mean=1/2/3"), "3 means for 1 blocks"));
  CHECK(says(refusal("gaussian:spectrum=1x2,dim=3"), "not both"));
  CHECK(says(refusal("mixture:weights=0.5/0.4,means=0/1,variances=1/1"),
             "weights: sum to 0.9, which is 0.1 below 1"));
  CHECK(says(refusal("mixture:weights=0.5/0.6,means=0/1,variances=1/1"), "0.1 above 1"));
  CHECK(says(refusal("mixture:weights=1.5/-0.5,means=0/1,variances=1/1"), "not above 0"));
  CHECK(says(refusal("mixture:weights=1,means=0/1,variances=1"), "2 means"));
  CHECK(says(refusal("mixture:weights=1,means=0,variances=0"), "variances: 0 is not above 0"));
  CHECK(says(refusal(""), "has no name"));
  CHECK(says(refusal("nowhere.toml"), "cannot read the file 'nowhere.toml'"));
}

TEST_CASE("TOML targets name the line of what is wrong") {
  const Target good = parse_target_toml(
      "title = \"t\"\nlaw = \"mixture\"\nweights = [\"1/3\", \"2/3\"]\nmeans = [-1, 0.5]\n"
      "variances = [1, 0.1]\n",
      "case.toml");
  CHECK(good.title == "t");
  // A TOML float is its shortest decimal: 0.1 is one tenth.
  CHECK(std::get<CoordinateLaw>(good.law).components[1].variance == Rational(1, 10));
  CHECK(says(toml_refusal("law = \"gaussian\"\ndim = \n"), "case.toml:2:"));
  CHECK(says(toml_refusal("dim = 3\n"), "needs law"));
  CHECK(says(toml_refusal("law = \"gaussian\"\ndim = 2\nvariance = [1, [2]]\n"), "case.toml:3:"));
  CHECK(says(toml_refusal("law = \"gaussian\"\ndim = 2\nvariance = inf\n"), "is not a number"));
  CHECK(says(toml_refusal("law = \"gaussian\"\ndim = 2\n\nvariance = -1\n"),
             "case.toml:4: gaussian: variance: variance -1 is not above 0"));
  CHECK(says(toml_refusal("law = \"gaussain\"\n"), "nearest: gaussian"));
  CHECK(says(toml_refusal("law = \"gaussian\"\nvariance = []\ndim=1\n"), "empty list"));
}
