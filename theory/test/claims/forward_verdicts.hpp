#pragma once

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "theory/claims/claim.hpp"
#include "theory/test/product_case.hpp"

/// What the tests of family F share: the rest of the catalogue's cases, and verdicts.
namespace lemmabench::test {

inline Case mixture_far() {
  return product_case("mixture-far", {{{{"1/2", "-2", "0.16"}, {"1/2", "2", "0.16"}}, 1}});
}
inline Case mixture_unbalanced() {
  return product_case("mixture-unbalanced", {{{{"0.99", "0", "1"}, {"0.01", "3", "0.04"}}, 1}});
}
inline Case gauss_shifted() { return product_case("gauss-shifted", {{{{"1", "1", "1/2"}}, 3}}); }
inline Case gauss_power_law() {
  std::vector<CoordinateText> coordinates;
  for (int k = 1; k <= 8; ++k) {
    coordinates.push_back({{{"1", "0", "1/" + std::to_string(k * k)}}, 1});
  }
  return product_case("gauss-power-law", coordinates);
}

/// The one of these cases that has the name, as the controls of claims give it.
inline Case catalogue_case(std::string_view name) {
  for (Case& known : std::vector<Case>{gauss_flat(), gauss_spread(), gauss_shifted(),
                                       gauss_power_law(), mixture_near(), mixture_three(),
                                       mixture_far(), mixture_unbalanced(), two_scale_sixteen()}) {
    if (known.name == name) {
      return std::move(known);
    }
  }
  throw std::logic_error("no case " + std::string(name));
}

inline Outcome judge(const Claim& claim, const Case& subject,
                     const std::map<std::string, std::string>& twist = {}) {
  NoLaboratory none;
  return evaluate_claim(claim, subject, {}, none, twist);
}

/// The claim holds on the cases.
inline void holds(const Claim& claim, Evidence evidence, const std::vector<Case>& cases) {
  CAPTURE(claim.id);
  for (const Case& subject : cases) {
    CAPTURE(subject.name);
    const Outcome outcome = judge(claim, subject);
    CAPTURE(outcome.reason);
    CHECK(outcome.verdict == Verdict::holds);
    CHECK(outcome.evidence == evidence);
  }
}

/// The controls whose case's name starts with `prefix` are violated.
inline void controls_are_caught(const Claim& claim, std::string_view prefix) {
  CAPTURE(claim.id);
  int caught = 0;
  for (const Control& control : claim.controls) {
    if (control.case_name.starts_with(prefix)) {
      CAPTURE(control.title);
      CHECK(judge(claim, catalogue_case(control.case_name), control.overrides).verdict ==
            Verdict::violated);
      ++caught;
    }
  }
  CHECK(caught > 0);
}

}  // namespace lemmabench::test
