#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cases/target.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/test/law_request.hpp"
#include "harness/test/studies/mutant_samplers.hpp"
#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

/// What is asked of the Gaussian law.
struct Ask {
  std::string target;
  std::string sampler;
  std::string schedule;
  long steps;
};

LawResult law(const Ask& ask, const Sampler& sampler, long digits, const LawOptions& options) {
  LawRequest request = request_for(ask.target, ask.sampler, ask.steps, ask.schedule);
  request.digits = digits;
  return compute_gaussian_law(std::get<GaussianLaw>(make_target(ask.target, "test").law), sampler,
                              *make_score("exact", "test"), request, options);
}

LawResult law(const Ask& ask, long digits, const LawOptions& options = {.decomposition = false}) {
  return law(ask, *make_sampler(ask.sampler, "test"), digits, options);
}

/// |x - the decimal| <= 10^-digits of it.
bool is(const Quantity& x, const char* decimal, const char* off) {
  const PrecisionScope scope(400);
  const Ball known(Rational::parse(decimal, "mpmath"));
  return x.enclosure().overlaps(
      Ball::around(known, abs(known) * Ball(Rational::parse(off, "mpmath"))));
}

/// The few digits overlap the many, of every divergence.
void require_consistent(const Ask& ask, long few, long many) {
  CAPTURE(ask.target);
  CAPTURE(ask.sampler);
  CAPTURE(ask.schedule);
  const LawResult coarse = law(ask, few);
  const LawResult fine = law(ask, many);
  CHECK(coarse.tv.enclosure().overlaps(fine.tv.enclosure()));
  CHECK(coarse.hellinger.enclosure().overlaps(fine.hellinger.enclosure()));
  CHECK(coarse.kl_pq.enclosure().overlaps(fine.kl_pq.enclosure()));
  CHECK(coarse.kl_qp.enclosure().overlaps(fine.kl_qp.enclosure()));
  CHECK(accurate_to(coarse.tv.enclosure(), few));
  CHECK(accurate_to(fine.kl_pq.enclosure(), many));
}

const std::vector<std::string> kSchedules = {"li-cai:c0=1,c1=5", "logit:from=-6,to=6",
                                             "two-phase:c0=1,c1=3", "cosine", "karras"};

/// A sampler that says it draws b/alpha and draws a quarter of it.
class QuietDdpm {
 public:
  explicit QuietDdpm(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "quiet-ddpm", .title = "half the noise", .tag = "mutant", .path_kernel = true};
    return kInfo;
  }
  std::string text() const { return "quiet-ddpm"; }
  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    walk.move((y + c.b * walk.score(c.t, y)) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha / 2);
  }
};

/// One that says its step is one kernel and takes two.
class TwoKernels {
 public:
  explicit TwoKernels(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "two-kernels", .title = "two kernels", .tag = "mutant", .path_kernel = true};
    return kInfo;
  }
  std::string text() const { return "two-kernels"; }
  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    walk.move(walk.state(), sqrt(c.b));
    const State y = walk.state();
    walk.move((y + c.b * walk.score(c.t, y)) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha);
  }
};

/// Forgets everything at the last step.
class Collapse {
 public:
  explicit Collapse(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{.id = "collapse", .title = "to 0", .tag = "mutant"};
    return kInfo;
  }
  std::string text() const { return "collapse"; }
  template <class State, class Real>
  void step(const Step<Real>&, Walk<State, Real>& walk) const {
    walk.move(Real(0) * walk.state());
  }
};

}  // namespace

// mpmath, 60 to 90 digits, schedule and recursion from theory.md sections 1.6 and 4.1; the first
// c1 is 5e-17 below the tie beta_1 (1+L)^10 = 1 and the others a little off it on both sides.
TEST_CASE("a law whose schedule has a tie is the right one to the last digit") {
  struct Known {
    const char* c1;
    const char* tv;
  };
  for (const Known& known :
       std::vector<Known>{{"1.843809913587391783856925677362147818948",
                           "0.0624850644627996826375482982373881454905219504"},
                          {"1.843809913391587783856925677362147818948",
                           "0.0624850644531947436372005629797555855568859050"},
                          {"1.84380991358739182192987606307837593243737816",
                           "0.06248506446279968450517289264044718793848"},
                          {"1.84380991358739183", "0.06248506446279968477171842315213413156459"}}) {
    const std::string schedule = std::string("two-phase:c0=1,c1=") + known.c1;
    CAPTURE(schedule);
    const LawResult found = law({"gaussian:dim=1,variance=0.3", "ddpm", schedule, 16}, 36);
    CHECK(is(found.tv, known.tv, "1e-38"));
    CHECK(accurate_to(found.tv.enclosure(), 36));
  }
}

TEST_CASE("variances that cost more bits than the digits get them") {
  // Each refused before with "a relative variance error may be -1".
  const Ask wide{"gaussian:dim=1,variance=1e40", "ddim", "logit:from=-6,to=6", 40};
  require_consistent(wide, 40, 60);
  const Ask less{"gaussian:dim=1,variance=1e20", "ddim", "logit:from=-6,to=6", 40};
  require_consistent(less, 2, 30);
}

TEST_CASE("extreme variances, spectra and means: few digits agree with many") {
  for (const char* target :
       {"gaussian:dim=1,variance=1e-40", "gaussian:dim=3,variance=1e100",
        "gaussian:dim=1000000,variance=1e-100", "gaussian:spectrum=1e20x1+1e-20x3+1x2",
        "gaussian:dim=2,variance=0.3,mean=1e10", "gaussian:spectrum=1e-6x2+1e6x1,mean=1e10/-1e5"}) {
    for (const char* sampler : {"ddpm", "ddim", "li-cai", "dpmpp-2m"}) {
      require_consistent({target, sampler, kSchedules[1], 24}, 8, 20);
    }
  }
}

TEST_CASE("every sampler on every schedule: few digits agree with many") {
  for (const SamplerInfo* info : all_samplers()) {
    const std::string name(info->id);
    const std::string one = make_sampler(name, "test")->draws().empty() ? name : name + ":draw=1";
    for (const std::string& schedule : kSchedules) {
      require_consistent({"gaussian:spectrum=1e4x2+0.3x1,mean=1/-2", one, schedule, 64}, 6, 15);
    }
  }
}

TEST_CASE("two steps have a law") {
  for (const char* sampler : {"ddpm", "ddim", "li-cai", "edm-heun"}) {
    require_consistent({"gaussian:dim=2,variance=0.3", sampler, "karras:sigma_max=2", 2}, 10, 30);
  }
}

TEST_CASE("path_kl is of the noise that is drawn, whatever the sampler says of it") {
  Spec none = Spec::parse("mutant", "test");
  const Ask ask{"gaussian:dim=5,variance=0.3", "test", "li-cai:c0=2,c1=9", 200};
  const LawResult quiet = law(ask, SamplerModel<QuietDdpm>(none), 20, {});
  REQUIRE(quiet.parts.path_kl);
  const Ball bound = quiet.parts.path_kl->enclosure() + quiet.parts.initial_kl->enclosure();
  CHECK(quiet.kl_pq.enclosure().less_than(bound) == Truth::certainly);
  // A quarter of the variance in every coordinate of every step: (1/2) (log(1+g) - g/(1+g)),
  // g = -3/4, each.
  const Ball noise = (3 - 2 * log(Ball(2))) / 2 * 5 * 199;
  CHECK(noise.less_than(quiet.parts.path_kl->enclosure()) == Truth::certainly);
  const LawResult two = law(ask, SamplerModel<TwoKernels>(none), 20, {});
  CHECK(!two.parts.path_kl);
  REQUIRE(two.notes.size() == 1);
  CHECK(two.notes.front().rfind("no path_kl: ", 0) == 0);
}

TEST_CASE("a law on one point is refused for what it is") {
  Spec none = Spec::parse("mutant", "test");
  const Ask ask{"gaussian:dim=2,variance=0.3", "test", "li-cai:c0=2,c1=9", 200};
  CHECK_THROWS_WITH_AS(law(ask, SamplerModel<Collapse>(none), 20, {}),
                       doctest::Contains("has variance 0 in a coordinate"), EngineRefusal);
}
