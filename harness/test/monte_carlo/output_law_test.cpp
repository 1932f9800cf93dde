#include "harness/monte_carlo/judge/output_law.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "harness/monte_carlo/goodness_of_fit/kolmogorov.hpp"
#include "harness/monte_carlo/judge/judge.hpp"
#include "harness/monte_carlo/judge/line_output.hpp"
#include "harness/test/monte_carlo/scheme_cases.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr const char* kSchedule = "logit:from=-6,to=3";

ParticleQuestion question(const std::string& target, const std::string& sampler,
                          Start start = Start::gaussian) {
  return {target, sampler, "exact", make_schedule(kSchedule, "test"), start, nullptr};
}

ParticleQuestion question(const std::string& target, Scheme scheme, Start start) {
  return {target,         "test.json", "exact",
          ScheduleKind{}, start,       std::make_shared<const Scheme>(std::move(scheme))};
}

PointTable particles(const ParticleQuestion& asked, long steps, std::size_t count) {
  return ParticleSampler(asked).run(steps, 3, 0, count, false, 1).samples;
}

std::vector<double> along(const PointTable& points, const std::vector<double>& u) {
  std::vector<double> out(points.rows);
  for (std::size_t r = 0; r < points.rows; ++r) {
    for (std::size_t i = 0; i < u.size(); ++i) out[r] += u[i] * points.values[r * u.size() + i];
  }
  return out;
}

/// Both are held against one another: the particles that run and the law that is computed. At n =
/// 4000 the band at 1e-4 is 0.035; the seed is fixed.
void check_agree(const ParticleQuestion& asked, long steps, const std::string& engine) {
  CAPTURE(asked.target);
  CAPTURE(asked.sampler);
  const OutputLaw output = output_law(asked, steps, 1);
  REQUIRE(output.engine == engine);
  const PointTable samples = particles(asked, steps, 4000);
  std::vector<double> u(output.law->dim(), 0);
  u[0] = 1;
  const auto cdf = output.law->projection(u.data());
  REQUIRE(cdf.has_value());
  CHECK(kolmogorov_distance(along(samples, u), *cdf) < band(4000, 1e-4));
  const PointTable draws = output.law->draw(4000, JudgeDraw::reference, 1, 1);
  CHECK(kolmogorov_distance(along(draws, u), *cdf) < band(4000, 1e-4));
  if (const auto radius = output.law->radius()) {
    std::vector<double> radii(4000);
    for (std::size_t r = 0; r < 4000; ++r) {
      for (std::size_t i = 0; i < u.size(); ++i) {
        radii[r] += samples.values[r * u.size() + i] * samples.values[r * u.size() + i];
      }
      radii[r] = std::sqrt(radii[r]);
    }
    CHECK(kolmogorov_distance(radii, *radius) < band(4000, 1e-4));
  }
  CHECK(output.law->distribution_error() <= kMostDistributionError);
}

TEST_CASE("output law: on Gaussian targets that of the particles, exactly") {
  for (const Start start : {Start::gaussian, Start::exact}) {
    for (const char* sampler : {"ddpm", "dpmpp-2m-sde", "gupta-midpoint:draws=3"}) {
      check_agree(question("gaussian:dim=2,variance=0.3", sampler, start), 8, "gaussian law");
    }
    check_agree(question("gaussian:spectrum=0.25x1+4x2,mean=0.7", "ddpm", start), 8,
                "gaussian law");
    for (const Scheme& scheme :
         {test::ddpm_scheme(kSchedule, 8), test::euler_scheme(20, 0.05, 6)}) {
      check_agree(question("gaussian:dim=3,variance=0.3,mean=0.7", scheme, start), 0,
                  "gaussian law");
    }
  }
}

TEST_CASE("output law: on the line that of the particles") {
  for (const Start start : {Start::gaussian, Start::exact}) {
    check_agree(question("mixture-three", "ddpm", start), 8, "line law");
    for (const Scheme& scheme :
         {test::ddpm_scheme(kSchedule, 8), test::euler_scheme(20, 0.05, 24)}) {
      check_agree(question("mixture-three", scheme, start), 0, "line law");
    }
  }
  check_agree(question("mixture-three", "dpmpp-2m"), 24, "line law");
  Scheme memory = test::ddpm_scheme(kSchedule, 8);
  memory.rows[5].push_back({SchemeSource::output, 3, 0.2});
  check_agree(question("mixture-three", memory, Start::exact), 0, "line law");
}

TEST_CASE(
    "output law: elsewhere, and where an engine refuses, it is particles, and a note says why") {
  const auto note = [](const ParticleQuestion& asked, long steps) {
    const OutputLaw output = output_law(asked, steps, 1);
    CHECK(output.engine == "particles");
    CHECK(!output.law->projection(nullptr).has_value());
    REQUIRE(!output.notes.empty());
    return output.notes.back();
  };
  CHECK(note(question("student-t:dim=3,nu=5", "ddpm"), 8).find("is not known") !=
        std::string::npos);
  CHECK(note(question("gaussian:dim=2,variance=0.3", "li-cai:clip=1"), 24).find("clip") !=
        std::string::npos);
  CHECK(note(question("mixture-three", "gupta-midpoint:draws=2"), 12).find("random") !=
        std::string::npos);
  Scheme memory = test::ddpm_scheme(kSchedule, 8);
  memory.rows[5].push_back({SchemeSource::output, 2, 0.1});
  memory.rows[5].push_back({SchemeSource::output, 1, 0.1});
  CHECK(note(question("mixture-three", memory, Start::exact), 0).find("remembers") !=
        std::string::npos);
}

// cdf(quantile(p)) is p to rounding.
TEST_CASE("line output: quantiles invert the distribution function") {
  const OutputLaw output = output_law(question("mixture-three", "ddpm"), 8, 1);
  const auto& law = dynamic_cast<const LineOutput&>(*output.law);
  CHECK(law.distribution_error() < 1e-9);
  for (const double p : {1e-9, 1e-3, 0.1, 0.5, 0.77, 0.999, 1 - 1e-9}) {
    CAPTURE(p);
    CHECK(std::fabs(law.cdf(law.quantile(p)) - p) < 1e-13);
  }
  double before = -1e9;
  for (int i = 1; i < 1000; ++i) {
    const double x = law.quantile(i / 1000.0);
    CHECK(x >= before);
    before = x;
  }
}

// A density off by 1e-3 in the coarser run is an error of 1e-3 and more.
TEST_CASE("line output: what the two runs differ by is in the error") {
  const OutputLaw output = output_law(question("mixture-three", "ddpm"), 8, 1);
  const auto& law = dynamic_cast<const LineOutput&>(*output.law);
  const auto near =
      std::make_shared<const JudgedLaw>(make_target("mixture-three", "test"), output.end.level);
  const double larger[] = {1.001};
  const LineOutput off(law.density(), law.density().combined(larger), 0, near);
  CHECK(off.distribution_error() > 2e-3);
  CHECK(LineOutput(law.density(), law.density(), 0, near).distribution_error() < 1e-9);
}

// X_0 + sigma Z is sqrt(1 + sigma^2) times the variance-preserving X at abar = 1/(1 + sigma^2). The
// table is interpolated: observed 1e-9.
TEST_CASE("radius law: at a level of X_0 + sigma Z") {
  for (const char* text : {"student-t:dim=3,nu=5", "shell:dim=4,radius=1",
                           "gaussian:dim=3,variance=0.3", "mixture-three"}) {
    CAPTURE(text);
    const Target target = make_target(text, "test");
    for (const double sigma : {0.05, 1.5}) {
      const double total = 1 + sigma * sigma;
      const auto own = radius_law(target, {1, sigma * sigma});
      const auto usual = radius_law(target, {1 / total, sigma * sigma / total});
      REQUIRE(own.has_value());
      for (const double r : {0.1, 0.5, 1.0, 2.0, 5.0}) {
        CHECK(std::fabs((*own)(r) - (*usual)(r / std::sqrt(total))) < 1e-7);
      }
    }
  }
}

JudgeRequest request_of(const std::string& target, const std::string& sampler, long steps) {
  JudgeRequest request;
  request.target = target;
  request.sampler = sampler;
  request.schedule = make_schedule(kSchedule, "test");
  request.steps = steps;
  request.pairs = 300;
  return request;
}

// The point of it: at 8 steps the right code is rejected by the target and accepted by its own law;
// wrong code is rejected by both.
TEST_CASE("judge: the right code at few steps is rejected by the target, not by its own law") {
  const PointTable right = particles(question("mixture-three", "ddpm"), 8, 4000);
  JudgeRequest request = request_of("mixture-three", "", 8);
  CHECK(judge_samples(right, request, 1).rejected);
  request = request_of("mixture-three", "ddpm", 8);
  const SampleJudgement accepted = judge_samples(right, request, 1);
  CHECK(!accepted.rejected);
  CHECK(accepted.engine == "line law");
  CHECK(accepted.reference_is == "exact draws of its output");
  for (const VariationBound& bound : accepted.bounds) CHECK(bound.value == 0);
  for (const char* bug : {"score-level,by=1", "noise-scale,by=1.1", "skip,at=last"}) {
    CAPTURE(bug);
    const PointTable wrong =
        particles(question("mixture-three", std::string("mutant:base=ddpm,bug=") + bug), 8, 4000);
    CHECK(judge_samples(wrong, request, 1).rejected);
  }
}

TEST_CASE("judge: where the law of a sampler is not known its particles stand in") {
  const std::string target = "student-t:dim=3,nu=5";
  const JudgeRequest request = request_of(target, "ddpm", 8);
  const SampleJudgement accepted =
      judge_samples(particles(question(target, "ddpm"), 8, 2000), request, 2);
  CHECK(!accepted.rejected);
  CHECK(accepted.reference_is == "particles of the sampler");
  CHECK(accepted.reference_rows == 8000);
  const PointTable wrong =
      particles(question(target, "mutant:base=ddpm,bug=noise-scale,by=1.2"), 8, 2000);
  CHECK(judge_samples(wrong, request, 1).rejected);
}

// The particles of `lemmabench particles` at the same seed are independent of those that they are
// held against: were they the same, every distance would be smaller than chance makes it.
TEST_CASE("judge: particles of one seed are not held against themselves") {
  const ParticleQuestion asked = question("student-t:dim=3,nu=5", "ddpm");
  const ParticleSampler sampler(asked);
  const PointTable own = sampler.run(8, 1, 0, 500, false, 1).samples;
  const OutputLaw output = output_law(asked, 8, 1);
  const PointTable other = output.law->draw(500, JudgeDraw::reference, 1, 1);
  const PointTable third = output.law->draw(500, JudgeDraw::subsample, 1, 1);
  CHECK(own.values.front() != other.values.front());
  CHECK(third.values.front() != other.values.front());
  for (std::size_t i = 0; i < own.values.size(); ++i) {
    CHECK(std::find(own.values.begin(), own.values.end(), other.values[i]) == own.values.end());
  }
}

}  // namespace
}  // namespace lemmabench
