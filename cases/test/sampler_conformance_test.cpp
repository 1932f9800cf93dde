// What every sampler is held to, plain and with every option (cases/test/sampler_variants.hpp): a
// new one is covered by being registered. The checks return what they find, so that they can be
// tried on samplers that are wrong. Coefficients of single samplers are in sampler_test.cpp and
// sampler_rows_test.cpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "cases/step_facts.hpp"
#include "cases/test/sampler_checks.hpp"
#include "cases/test/sampler_variants.hpp"

namespace lemmabench {
namespace {

using namespace test;

// ---- all of them --------------------------------------------------------------------------------

void require_none(const Findings& findings) {
  for (const std::string& finding : findings) {
    FAIL_CHECK(finding);
  }
}

template <class Check>  // Check(variant, sampler, schedule case)
void for_all(const Check& check) {
  const PrecisionScope scope(kBits);
  for (const SamplerVariant& variant : sampler_variants()) {
    const auto sampler = make_sampler(variant.text, "test");
    for (const ScheduleCase& which : schedule_cases()) {
      CAPTURE(variant.text);
      CAPTURE(which.text);
      CAPTURE(which.steps);
      check(variant, *sampler, which);
    }
  }
}

/// A sampler that is ddpm but for one thing.
enum class Wrong { drifts, double_noise, other_text };
template <Wrong wrong>
class WrongDdpm {
 public:
  explicit WrongDdpm(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{.id = "wrong", .title = "wrong"};
    return kInfo;
  }
  std::string text() const { return "ddpm"; }
  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    State mean = (y + c.b * walk.score(c.t, y)) / c.sqrt_alpha;
    Real sd = sqrt(c.b) / c.sqrt_alpha;
    if constexpr (wrong == Wrong::drifts) {
      mean = mean + c.b * c.b * walk.state();
    } else if constexpr (wrong == Wrong::other_text) {
      sd = sd * (1 + c.b);
    } else if constexpr (is_ball<Real>) {
      sd = Ball::exactly(sd.to_double());  // a coefficient that went through a double
    }
    walk.move(mean, sd);
  }
};
template <Wrong wrong>
std::unique_ptr<Sampler> wrong_ddpm() {
  Spec spec = Spec::parse("wrong", "test");
  return std::make_unique<SamplerModel<WrongDdpm<wrong>>>(spec);
}

bool finds(const Findings& findings, std::string_view what) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const std::string& one) { return one.find(what) != std::string::npos; });
}

}  // namespace

TEST_CASE("every sampler: a zero score rescales the signal and adds the noise of the kernels") {
  const PrecisionScope scope(kBits);
  for (const SamplerVariant& variant : sampler_variants()) {
    CAPTURE(variant.text);
    const auto sampler = make_sampler(variant.text, "test");
    const StepFacts facts = observe_steps(*sampler);
    for (const ScheduleCase& which : schedule_cases()) {
      CAPTURE(which.text);
      require_none(zero_score(*sampler, facts, schedule_of(which)));
    }
  }
}

TEST_CASE("every sampler: exact on the score that is constant in its own variable") {
  for_all([](const SamplerVariant& variant, const Sampler& sampler, const ScheduleCase& which) {
    if (variant.exact) {
      CHECK_MESSAGE(!exact_scores(sampler, schedule_of(which)).empty(),
                    "exact on no constant score");
    }
  });
}

TEST_CASE("every sampler: on a linear score the error has the order that is stated") {
  const PrecisionScope scope(kBits);
  for (const SamplerVariant& variant : sampler_variants()) {
    if (variant.converges) {
      CAPTURE(variant.text);
      require_none(order_on_a_gaussian(*make_sampler(variant.text, "test"),
                                       variant.plain ? variant.info->order_single_gaussian : 0));
    }
  }
}

TEST_CASE("every sampler: balls hold the floats, and points are the affine form") {
  for_all([](const SamplerVariant&, const Sampler& sampler, const ScheduleCase& which) {
    require_none(same_in_all_arithmetics(sampler, which));
  });
}

TEST_CASE("every sampler: the law knows neither sign of a noise, and its mean knows no noise") {
  for_all([](const SamplerVariant&, const Sampler& sampler, const ScheduleCase& which) {
    if (which.steps < 41) {
      require_none(noise_signs(sampler, schedule_of(which)));
    }
  });
}

TEST_CASE("every sampler: its text is read back as the same sampler") {
  for_all([](const SamplerVariant&, const Sampler& sampler, const ScheduleCase& which) {
    if (which.steps < 41) {
      require_none(text_round_trip(sampler, schedule_of(which)));
    }
  });
}

TEST_CASE("a sampler that is wrong in one thing is found out") {
  const PrecisionScope scope(kBits);
  const ScheduleCase which{"logit:from=-3,to=3", 24};
  const Schedule<Ball> schedule = schedule_of(which);
  // Weights a thousandth too large: exact on nothing, whichever sampler it is.
  for (const SamplerVariant& variant : sampler_variants()) {
    if (variant.plain) {
      CAPTURE(variant.text);
      const auto mutant =
          make_sampler(mutant_text(variant.text, "bug=score-scale,by=1001/1000"), "test");
      CHECK(exact_scores(*mutant, schedule).empty());
    }
  }
  CHECK(exact_scores(*make_sampler("edm-stochastic:noise=1003/1000", "test"), schedule).empty());
  const auto mutant = [](const char* bug) {
    return make_sampler(mutant_text("ddpm", bug), "test");
  };
  const auto of_zero = [&](const Sampler& sampler) {
    return zero_score(sampler, observe_steps(sampler), schedule);
  };
  CHECK(finds(of_zero(*mutant("bug=state-scale,by=1001/1000,at=middle")), "signal"));
  CHECK(finds(of_zero(*mutant("bug=skip,at=last")), "arrive at level 1"));
  CHECK(finds(of_zero(*wrong_ddpm<Wrong::drifts>()), "signal"));
  // Noise of another size, held against what an honest step says of itself.
  CHECK(finds(zero_score(*mutant("bug=noise-scale,by=1001/1000"),
                         observe_steps(*make_sampler("ddpm", "test")), schedule),
              "(v + b)/alpha"));
  CHECK(finds(order_on_a_gaussian(*mutant("bug=noise-scale,by=11/10"), 0), "falls"));
  CHECK(finds(order_on_a_gaussian(*make_sampler("ddpm", "test"), 2), "stated is 2"));
  CHECK(finds(same_in_all_arithmetics(*wrong_ddpm<Wrong::double_noise>(), which),
              "coefficient of a draw"));
  CHECK(finds(text_round_trip(*wrong_ddpm<Wrong::other_text>(), schedule), "another variance"));
  CHECK(finds(
      same_law(*make_sampler("ddpm", "test"), *mutant("bug=noise-scale,by=-1001/1000"), schedule),
      "another variance"));
  CHECK(
      same_law(*make_sampler("ddpm", "test"), *mutant("bug=noise-scale,by=-1"), schedule).empty());
}

}  // namespace lemmabench
