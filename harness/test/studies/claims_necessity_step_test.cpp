#include <doctest/doctest.h>

#include <cmath>

#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "theory/claims/necessity.hpp"

// The claims of necessity write the last step out in balls (theory/claims/last_step.hpp). Here that
// is compared with the samplers' own code, run on a point with the same tampered scores.
namespace lemmabench {
namespace {

const Case& case_of(const std::string& name) {
  const auto& cases = claim_cases();
  return *std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == name; });
}

struct Bench {
  LastStep balls;
  Tampering how;
  double push;

  explicit Bench(const std::string& name)
      : balls(make_last_step(*case_of(name).target())),
        how{.spacing = lattice_spacing(balls, 0), .push = Ball(1000)},
        push(1000) {}

  /// s_2 with the lattice, s_1 with the push: what a sampler asks for.
  double score(int t, double x) const {
    const Ball at = Ball::exactly(x);
    if (t == 2) {
      return balls.first_score(balls.first(), at, how).to_double();
    }
    REQUIRE(t == 1);
    return balls.first().at1.at(at).score().to_double() + push;
  }

  test::PointWalk::Kernel run(const std::string& sampler, double y) const {
    const Schedule<double> schedule(necessity_schedule(), kNecessitySteps);
    const Step<double> c = make_step(schedule, 2, 1);
    test::PointWalk walk(y, [this](int t, double x) { return score(t, x); });
    make_sampler(sampler, "test")->step(c, walk);
    REQUIRE(walk.record().kernels.size() == 1);
    return walk.record().kernels.front();
  }
};

TEST_CASE("the last step in balls is the samplers' own") {
  const PrecisionScope precision(128);
  const Bench bench("mixture-three");
  for (const double y : {-1.7321, -0.3217, 0.5712, 2.0101}) {
    const std::vector<Ball> at{Ball::exactly(y)};
    const auto plain = bench.run("li-cai", y);
    CHECK(std::abs(plain.mean -
                   bench.balls.li_cai_mean(at, bench.how, std::nullopt)[0].to_double()) < 1e-12);
    CHECK(std::abs(plain.sd - bench.balls.noise_sd().to_double()) < 1e-15);
    const auto clipped = bench.run("li-cai:clip=1/2", y);
    const Ball radius = bench.balls.clip_radius(Ball(Rational(1, 2)));
    CHECK(std::abs(clipped.mean - bench.balls.li_cai_mean(at, bench.how, radius)[0].to_double()) <
          1e-12);
    CHECK(std::abs(plain.mean - clipped.mean) > 0.1);
    const auto ddim = bench.run("ddim", y);
    const Ball lattice = bench.balls.tampered_ddim(bench.balls.first(), at[0], bench.how);
    CHECK(std::abs(ddim.mean - lattice.to_double()) < 1e-12);
    CHECK(std::abs(off_lattice(lattice, *bench.how.spacing).to_double()) < 1e-30);
  }
}

TEST_CASE("clip radius and intermediate noise are the samplers' own, in any dimension") {
  const PrecisionScope precision(128);
  for (const char* name : {"mixture-near", "gauss-near-singular"}) {
    const LastStep balls = make_last_step(*case_of(name).target());
    const Schedule<double> schedule(necessity_schedule(), kNecessitySteps);
    const Step<double> c = make_step(schedule, 2, balls.dim());
    test::PointWalk walk(0.3, [](int, double x) { return -x; });
    make_sampler("li-cai:clip=2,kappa=3", "test")->step(c, walk);
    const double radius = balls.clip_radius(Ball(2)).to_double();
    CHECK(std::abs(walk.record().radii.at(0) / radius - 1) < 1e-12);
    // With the clip on, sigma = kappa b R scales with C_clip; the claims take C_clip = 1.
    const double sigma = balls.mid_noise(Ball(3)).to_double();
    CHECK(std::abs(walk.record().intermediate.at(0) / (2 * sigma) - 1) < 1e-12);
  }
}

}  // namespace
}  // namespace lemmabench
