#pragma once

#include <stdexcept>

#include "theory/claims/claim.hpp"
#include "theory/test/product_case.hpp"

/// The cases on which the tests of families T and I evaluate claims.
namespace lemmabench::test {

inline Case shifted_gaussian() { return product_case("gauss-shifted", {{{{"1", "1", "1/2"}}, 3}}); }
inline Case far_mixture() {
  return product_case("mixture-far", {{{{"1/2", "-2", "0.16"}, {"1/2", "2", "0.16"}}, 1}});
}
inline Case student(long dim, const char* nu) {
  const std::string name = "student-t:dim=" + std::to_string(dim) + ",nu=" + nu;
  return {name, name, TargetCase{"", RadialLaw{StudentLaw{dim, Rational::parse(nu, "nu")}}}};
}

/// The case that a control names.
inline Case case_named(const std::string& name) {
  for (const Case& c : {gauss_flat(), gauss_spread(), shifted_gaussian(), mixture_near(),
                        mixture_three(), far_mixture(), student(1, "2.1"), two_scale_line(),
                        two_scale_sixteen(), hypercube_four()}) {
    if (c.name == name) {
      return c;
    }
  }
  throw std::logic_error("no case named " + name);
}

inline const Claim& claim_with(const std::vector<Claim>& claims, const std::string& id) {
  for (const Claim& claim : claims) {
    if (claim.id == id) {
      return claim;
    }
  }
  throw std::logic_error("no claim " + id);
}

}  // namespace lemmabench::test
