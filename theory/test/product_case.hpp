#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "theory/claims/case.hpp"
#include "theory/claims/laboratory.hpp"

namespace lemmabench::test {

/// A case from exact decimals, for claims that ask no laboratory: every coordinate is a list of
/// {weight, mean, variance}, with its multiplicity.
struct CoordinateText {
  std::vector<std::vector<std::string>> components;
  long multiplicity = 1;
};

inline Case product_case(std::string name, const std::vector<CoordinateText>& coordinates) {
  ProductLaw law;
  for (const CoordinateText& coordinate : coordinates) {
    CoordinateLaw& out = law.coordinates.emplace_back();
    out.multiplicity = coordinate.multiplicity;
    for (const auto& c : coordinate.components) {
      out.components.push_back({Rational::parse(c[0], "weight"), Rational::parse(c[1], "mean"),
                                Rational::parse(c[2], "variance")});
    }
  }
  return {name, name, TargetCase{name, std::move(law)}};
}

/// Cases of cases/catalogue under their names.
inline Case gauss_flat() { return product_case("gauss-flat", {{{{"1", "0", "0.3"}}, 5}}); }
inline Case gauss_spread() {
  return product_case("gauss-spread", {{{{"1", "0", "0.25"}}, 2}, {{{"1", "0", "4"}}, 2}});
}
inline Case mixture_three() {
  return product_case(
      "mixture-three",
      {{{{"0.5", "-1.5", "0.09"}, {"0.3", "0.4", "0.16"}, {"0.2", "1.8", "0.04"}}, 1}});
}
inline Case mixture_near() {
  return product_case("mixture-near", {{{{"1/2", "-1", "0.5"}, {"1/2", "1", "0.5"}}, 1}});
}

/// `weight` N(0, first I) + (1-weight) N(0, second I) in R^d, under the name that --target takes.
inline Case two_scale_case(long dim, const std::string& weight, const std::string& first,
                           const std::string& second) {
  const Rational w = Rational::parse(weight, "weight");
  const std::string name = "two-scale:dim=" + std::to_string(dim) + ",weight=" + weight +
                           ",variances=" + first + "/" + second;
  const ScaleMixtureLaw law{dim,
                            {{w, Rational::parse(first, "variance")},
                             {Rational(1) - w, Rational::parse(second, "variance")}}};
  return {name, name, TargetCase{name, RadialLaw{law}}};
}
/// Those of the ledger that controls are put on.
inline Case two_scale_line() { return two_scale_case(1, "0.5", "0.05", "1"); }
inline Case two_scale_sixteen() { return two_scale_case(16, "0.5", "0.1", "4"); }

/// The vertices of {-1, 1}^4 with noise of variance 0.1, one of the ledger's.
inline Case hypercube_four() {
  return product_case("hypercube:dim=4,separation=1,variance=0.1",
                      {{{{"1/2", "-1", "0.1"}, {"1/2", "1", "0.1"}}, 4}});
}

/// A laboratory for claims that must not need one.
class NoLaboratory final : public Laboratory {
 public:
  const LawResult& law(const LawRequest&, const LawOptions&) override { refuse(); }
  Jet<Jet<Ball>> step_map(const std::string&, const NestedStep&, const Jet<Jet<Ball>>&,
                          const NestedScore&) override {
    refuse();
  }
  Jet<Ball> step_map(const std::string&, const JetStep&, const Jet<Ball>&,
                     const JetScore&) override {
    refuse();
  }

 private:
  [[noreturn]] static void refuse() { throw std::logic_error("this claim asks no laboratory"); }
};

}  // namespace lemmabench::test
