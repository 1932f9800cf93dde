// Fewer digits on the radius are quicker and as true: what is said of a law with some digits holds
// the numbers found with all of them.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "harness/law/law.hpp"
#include "harness/studies/selftest/comparison.hpp"
#include "harness/test/law_request.hpp"

namespace lemmabench {
namespace {

struct Case {
  const char* target;
  const char* sampler;
  long steps;
  const char* schedule;
  Start start = Start::gaussian;
};

// Its score goes over from one scale to another within a fraction of a kernel's width.
const Case kSteep{"contaminated:dim=3,fraction=0.05,variance=844", "euler-ancestral:eta=0.767", 6,
                  "karras:sigma_min=0.0609,sigma_max=152,rho=7.888", Start::exact};

// With 4 digits the discretisation error of the first was 4.39e-7 +- 7.20e-9 for 4.2188248e-7, the
// Hellinger distance of the second 0.8642000 +- 8.1e-7 for 0.864182963788 and its KL(p||q) 6.048 +-
// 0.006 for 6.00507; the initial divergence of the third, with 7, was 16 stated errors off.
const Case kCases[] = {
    {"contaminated:dim=247,fraction=0.05,variance=6.26", "dpm-solver-2", 36,
     "logit:from=-8.292,to=-6.6288"},
    {"contaminated:dim=8,fraction=0.05,variance=811", "heroism-2", 13,
     "karras:sigma_min=0.000379,sigma_max=39.9,rho=3.024"},
    {"two-scale:dim=3,weight=1/3,variances=0.2/2", "ddim", 12, "logit:from=-3,to=3"},
    // What is not seen of int sqrt(pq) was taken as rounding, whatever the digits.
    {"contaminated:dim=7,fraction=0.05,variance=3330", "ddim", 2, "two-phase:c0=2.678,c1=0.6866"},
    {"contaminated:dim=2,fraction=0.05,variance=9", "heroism-1", 12, "cosine:s=0.008"},
    {"student-t:dim=3,nu=5", "ddpm-posterior", 12, "logit:from=-3,to=3"},
    // KL(p||q) with 6 digits was 0.692118114 +- 5.6e-7 for 0.69211697475: panels that are left out
    // at few digits were taken as if nothing could be there.
    kSteep,
};

LawResult law_of(const Case& which, long digits) {
  LawRequest request = request_for(which.target, which.sampler, which.steps, which.schedule);
  request.digits = digits;
  request.start = which.start;
  return compute_law(request, LawOptions{.threads = 1});
}

}  // namespace

TEST_CASE("the radial law with few digits holds what it says with all") {
  for (const Case& which : kCases) {
    CAPTURE(std::string(which.target));
    const LawResult all = law_of(which, 12);
    for (const long digits : {2, 3, 4, 6, 7, 9}) {
      CAPTURE(digits);
      const LawResult few = law_of(which, digits);
      CHECK(few.tv.error() <= std::pow(10, static_cast<double>(-digits)));
      for (const Compared& one : same_law(few, all)) {
        CHECK_MESSAGE(one.agrees, one.what << ": " << one.left << " against " << one.right);
      }
    }
  }
}

// The trapezoid rule was spaced by the map's slope at one end of its window, and the law was off by
// 1e-8 in mass; observed 9e-15.
TEST_CASE("a map that is steep in the middle of a kernel's window is resolved") {
  const LawResult all = law_of(kSteep, 12);
  CHECK(all.tv.error() < 1e-12);
  CHECK(all.parts.mass_defect->value() < 1e-13);
  CHECK(std::abs(all.kl_pq.value() - 0.69211697475) < 1e-10);
}

}  // namespace lemmabench
