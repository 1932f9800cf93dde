#include <doctest/doctest.h>

#include <algorithm>

#include "theory/claims/assumptions.hpp"
#include "theory/claims/claim.hpp"
#include "theory/test/product_case.hpp"

/// Claims on targets made to break them. Every claim here is true, so that "violated" is a bug of
/// ours; what cannot be decided must say why, and nothing may end the program.
namespace lemmabench {
namespace {

Case gaussian(const char* variance, const char* mean = "0", long dim = 1) {
  return test::product_case(std::string("N(") + mean + ", " + variance + ")",
                            {{{{"1", mean, variance}}, dim}});
}

Case two_modes(const char* mean, const char* variance) {
  const std::string low = std::string("-") + mean;
  return test::product_case(std::string("modes at +-") + mean + ", variance " + variance,
                            {{{{"1/2", low, variance}, {"1/2", mean, variance}}, 1}});
}

void never_violated(const std::vector<std::string>& ids, const std::vector<Case>& cases) {
  for (const Case& subject : cases) {
    for (const Claim& claim : all_claims()) {
      const bool wanted = std::find(ids.begin(), ids.end(), claim.id) != ids.end();
      if (!wanted) {
        continue;
      }
      CAPTURE(subject.name);
      CAPTURE(claim.id);
      test::NoLaboratory none;
      const Outcome outcome = evaluate_claim(claim, subject, {}, none);
      CAPTURE(outcome.reason);
      CHECK(outcome.verdict != Verdict::violated);
      CHECK_FALSE(outcome.reason.empty());
      CHECK_FALSE(worth(outcome) == "proved on an unknown part");
      if (outcome.verdict == Verdict::holds) {
        CHECK(outcome.coverage.has_value());
      }
    }
  }
}

}  // namespace

TEST_CASE("extremes: Gaussians from 1e-60 to 1e40, a thousand dimensions, N(0, 1) itself") {
  never_violated(
      {"F1", "F4", "F9", "F9-sigma", "T1", "T2", "T3", "T5", "T6", "T7", "T8", "I1", "E1"},
      {gaussian("1e-60"), gaussian("1e-30"), gaussian("1e-17"), gaussian("1"), gaussian("1e20"),
       gaussian("1e40"), gaussian("1", "50"), gaussian("0.3", "0", 1000)});
}

// F9-sigma: Sigma = abar lambda/w grows like T^7 as long as the noise that is left, T^{-7}, is
// above lambda, though it is never above 1.
TEST_CASE("extremes: a constant that grows because larger T sees smaller scales refutes nothing") {
  test::NoLaboratory none;
  for (const Claim& claim : all_claims()) {
    if (claim.id == "F9-sigma") {
      const Outcome outcome = evaluate_claim(claim, gaussian("1e-30"), {}, none);
      CHECK(outcome.verdict == Verdict::inconclusive);
      CHECK(outcome.reason.starts_with("the noise at the end, about T^-7, hides the variance"));
      // Far above the noise that is left it does not grow: C = c1-c0 - log(1/lambda)/log T.
      CHECK(evaluate_claim(claim, gaussian("1e-4"), {}, none).verdict == Verdict::holds);
    }
  }
  const TargetCase target = *gaussian("1e-14").target();
  CHECK_FALSE(before_resolution(target, 128).empty());  // 100 T^{-7} = 1.8e-13
  CHECK(before_resolution(target, 256).empty());        // 1.4e-15
}

TEST_CASE("extremes: narrow modes far apart leave the identities of family F true or open") {
  never_violated({"F1", "F4"}, {two_modes("50", "1e-8"), two_modes("1", "1e-16")});
}

// More of these, and what only a budget ends, in claims_extremes_slow_test.cpp.
TEST_CASE("extremes: I1 on mixtures that are one Gaussian, or nearly") {
  never_violated({"I1"}, {two_modes("0", "1"), two_modes("1e-8", "1"), two_modes("1/2", "3/4"),
                          two_modes("1", "1e-60")});
}

// Half-way between two modes narrower than the noise, -log p_tau(x_tau) more than doubles where tau
// is halved (see T5's symbols): with c = 1/2 the claim is refuted, with c = 1/4 it is not.
TEST_CASE("extremes: T5 holds between narrow modes with c = 1/4, and c = 1/2 is too much") {
  test::NoLaboratory none;
  for (const Claim& claim : all_claims()) {
    if (claim.id == "T5") {
      const Case subject = two_modes("1e-5", "1e-16");
      CHECK(evaluate_claim(claim, subject, {}, none).verdict != Verdict::violated);
    }
  }
}

}  // namespace lemmabench
