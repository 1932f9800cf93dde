// The parts of the error on a Gaussian with a mean, proved by the Gaussian law and computed by the
// line law, which knows nothing of variances and means: on an early start and long steps, so that
// no part is small against another.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "cases/target.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/test/engines/law_parts.hpp"
#include "harness/test/law_request.hpp"

using namespace lemmabench;

namespace {

struct Pair {
  LawResult proved;
  LawResult line;
};

Pair both(const std::string& sampler, const std::string& score, const LawOptions& options) {
  LawRequest request =
      request_for("gaussian:dim=1,variance=0.2,mean=2", sampler, 9, "logit:from=-1,to=3");
  request.score = score;
  const Target target = make_target(request.target, "test");
  const auto& gaussian = std::get<GaussianLaw>(target.law);
  const auto made = make_sampler(sampler, "test");
  const auto estimate = make_score(score, "test");
  return {compute_gaussian_law(gaussian, *made, *estimate, request, options),
          compute_line_law(as_mixture(gaussian), *made, *estimate, request, options)};
}

void check_same(const Quantity& proved, const Quantity& line) {
  CHECK(std::abs(proved.value() - line.value()) <= proved.error() + line.error());
  CHECK(line.error() < 1e-8);
  CHECK(proved.value() > 1e-4);
}

}  // namespace

TEST_CASE("the parts of a Gaussian law are those of the line law") {
  for (const char* sampler : {"ddpm", "ddim", "li-cai"}) {
    CAPTURE(sampler);
    const Pair laws = both(sampler, "affine:size=0.1", {.decomposition = true});
    for (const char* name : {"initialisation", "discretisation", "score", "initial_tv",
                             "initial_kl", "eps_score", "early_stopping_w2_bound"}) {
      CAPTURE(name);
      check_same(term(laws.proved, name), term(laws.line, name));
    }
  }
}

TEST_CASE("local errors of a Gaussian law are those of the line law") {
  for (const char* sampler : {"ddpm", "ddim"}) {
    CAPTURE(sampler);
    const Pair laws = both(sampler, "exact", {.decomposition = false, .local_errors = true});
    REQUIRE(laws.proved.local_errors.size() == 8);
    REQUIRE(laws.line.local_errors.size() == 8);
    for (std::size_t i = 0; i < 8; ++i) {
      CAPTURE(i);
      CHECK(laws.proved.local_errors[i].t == laws.line.local_errors[i].t);
      check_same(laws.proved.local_errors[i].value, laws.line.local_errors[i].value);
    }
  }
}
