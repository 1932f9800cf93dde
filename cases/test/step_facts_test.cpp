#include "cases/step_facts.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "cases/free_walk.hpp"
#include "cases/mutants/mutant_sampler.hpp"
#include "cases/sampler.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "numerics/sampler_misuse.hpp"

namespace lemmabench {
namespace {

StepFacts facts_of(const std::string& text) {
  const auto sampler = make_sampler(text, "test");
  const std::vector<std::string> draws = sampler->draws();
  return draws.empty() ? observe_steps(*sampler)
                       : observe_steps(*make_sampler(draws.front(), "test"));
}

// Every row of the table, whoever adds one: what it says of itself is what it does.
TEST_CASE("every compiled sampler is what it says it is") {
  for (const SamplerInfo* info : all_samplers()) {
    const std::string id(info->id);
    CAPTURE(id);
    const StepFacts facts = facts_of(id);
    CHECK(facts.answered);
    CHECK(false_declaration(*info, facts).empty());
    CHECK(info->path_kernel == is_path_kernel(facts));
    CHECK(info->memory == facts.remembers);
    CHECK(info->deterministic == !facts.noise);
    // 0: not the same for all steps (the first step of li-huang-ode takes one score, others two).
    CHECK((info->score_calls == 0 || facts.score_calls == 0 ||
           info->score_calls == facts.score_calls));
    CHECK((info->single_steps || info->memory || facts.score_calls == 0));
    CHECK(!(info->memory && info->single_steps));
  }
}

TEST_CASE("options change what a step does, and that is seen") {
  CHECK(is_path_kernel(facts_of("li-cai")));
  const StepFacts noisy = facts_of("li-cai:kappa=1/2");
  CHECK(noisy.intermediate);
  CHECK(is_path_kernel(noisy));
  CHECK_FALSE(facts_of("edm-stochastic").one_kernel);
  CHECK_FALSE(facts_of("edm-stochastic:churn=0").noise);
  CHECK(facts_of("dpmpp-2m").remembers);
  CHECK_FALSE(is_path_kernel(facts_of("ddpm-posterior")));
  CHECK_FALSE(is_path_kernel(facts_of("mutant:base=ddpm,bug=noise-scale,by=1/2")));
  // -Z is a noise as good as Z.
  CHECK(is_path_kernel(facts_of("mutant:base=ddpm,bug=noise-scale,by=-1")));
}

/// ddpm with noise `Kind` and what it says of itself.
enum class Kind { honest, half_noise, late_vector, kept_vector };

template <Kind kind>
class Own {
 public:
  explicit Own(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{.id = "own", .title = "own", .path_kernel = true};
    return kInfo;
  }
  std::string text() const { return "own"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    State mean = (y + c.b * walk.score(c.t, y)) / c.sqrt_alpha;
    if constexpr (kind == Kind::late_vector) {
      walk.move(mean);
      mean = walk.state() + c.b * y;  // of the kernel before
    }
    if constexpr (kind == Kind::kept_vector) {
      static thread_local State kept = y;
      mean = mean + c.b * kept;
      kept = y;
    }
    const Real right = sqrt(c.b) / c.sqrt_alpha;
    walk.move(mean, kind == Kind::half_noise ? Real(sqrt(c.b) / 2) : right);
  }
};

template <Kind kind>
std::unique_ptr<Sampler> own() {
  Spec spec = Spec::parse("own", "test");
  return std::make_unique<SamplerModel<Own<kind>>>(spec);
}

// The instance of the issue: path_kernel = true with the noise sqrt(b)/2.
TEST_CASE("a false declaration is found") {
  const auto honest = own<Kind::honest>();
  CHECK(false_declaration(honest->info(), observe_steps(*honest)).empty());
  const auto liar = own<Kind::half_noise>();
  const StepFacts facts = observe_steps(*liar);
  CHECK_FALSE(is_path_kernel(facts));
  CHECK(false_declaration(liar->info(), facts)
            .starts_with("says path_kernel = true, but its noise is not sqrt(b/alpha) in the step "
                         "from t = 13 of 13"));
  SamplerInfo info = honest->info();
  const StepFacts honest_facts = observe_steps(*honest);
  info.deterministic = true;
  CHECK(false_declaration(info, honest_facts) ==
        "says deterministic = true, but its steps draw noise");
  info = honest->info();
  info.score_calls = 2;
  CHECK(false_declaration(info, honest_facts) == "says score_calls = 2, but a step calls 1");
  info.score_calls = 0;
  CHECK(false_declaration(info, honest_facts).empty());
  info = {.id = "x", .title = "x", .score_calls = 0, .path_kernel = true};
  CHECK(false_declaration(info, facts_of("ddim")) ==
        "says path_kernel = true, but its steps draw no noise");
  CHECK(false_declaration(info, facts_of("dpmpp-2m-sde")) ==
        "says path_kernel = true, but its steps remember earlier ones");
}

// An engine would read the numbers of such a vector as a function of the present state.
TEST_CASE("a vector of another kernel or of another step is refused") {
  CHECK_THROWS_AS(observe_steps(*own<Kind::late_vector>()), SamplerMisuse);
  CHECK_THROWS_AS(observe_steps(*own<Kind::kept_vector>()), SamplerMisuse);
  // Kernels of their own, and memory carried on as it should be, are not.
  for (const char* text : {"edm-stochastic", "dpmpp-2m", "dpmpp-2m-sde", "jiao-li:draw=0"}) {
    CHECK_NOTHROW(static_cast<void>(facts_of(text)));
  }
}

// The same as a file, where the polynomial vanishes at every level that is tried.
TEST_CASE("a file's noise is tried at levels without a pattern") {
  const auto file = [](const std::string& z) {
    return parse_expression_sampler(
        "[[stage]]\ny = \"1/sqrt(alpha)\"\ns = \"b/sqrt(alpha)\"\nz = \"" + z + "\"\n",
        "mine.toml");
  };
  CHECK(file("sqrt(b/alpha)")->info().path_kernel);
  CHECK(file("-sqrt(b)/sqrt(alpha)")->info().path_kernel);
  CHECK(file("sqrt(h*noise/alpha)")->info().path_kernel);
  CHECK_FALSE(file("sqrt(b)/2")->info().path_kernel);
  CHECK_FALSE(
      file("sqrt(b/alpha)*(1 + (t-17)*(t-29)*(t-41)*(t-53)*(t-65)*(t-77))")->info().path_kernel);
}

}  // namespace
}  // namespace lemmabench
