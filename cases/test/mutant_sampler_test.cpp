// Every planted bug against the update it stands for, written out by hand, on one point.
#include "cases/mutants/mutant_sampler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "cases/mutants/rounded_bits.hpp"
#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"

using namespace lemmabench;
using lemmabench::test::PointWalk;

namespace {

// A dozen roundings of 1.1e-16 on numbers of order 1; observed at most 3e-16.
constexpr double kRounding = 2e-15;

void require_near(double got, double wanted) {
  INFO("got ", got, ", wanted ", wanted);
  CHECK(std::abs(got - wanted) <= kRounding);
}

double level_score(const Level<double>& level, double x) {
  return -std::sin(x + 0.3) / (0.4 * level.abar + level.noise);
}

struct Bench {
  Schedule<double> schedule{LiCaiSchedule{Rational(1), Rational(5)}, 100};
  static constexpr int kT = 60;
  static constexpr double kStart = 0.8;

  PointWalk::Record run(const std::string& sampler, int t = kT) const {
    PointWalk walk(kStart, schedule, level_score);
    make_sampler(sampler, "test")->step(make_step(schedule, t, 1), walk);
    return walk.record();
  }
  Step<double> at(int t = kT) const { return make_step(schedule, t, 1); }
  double score(int t, double x) const { return level_score(schedule.level(t), x); }
  /// The one kernel of ddpm with coefficients of the test's.
  void require_ddpm(const std::string& bug, double slope, double root, double sd,
                    int t = kT) const {
    CAPTURE(bug);
    const PointWalk::Record record = run("mutant:base=ddpm," + bug, t);
    REQUIRE(record.kernels.size() == 1);
    require_near(record.kernels[0].mean, (kStart + slope * score(t, kStart)) / root);
    require_near(record.kernels[0].sd, sd / root);
  }
};

/// One bug of every kind, of an amount that matters.
const std::vector<std::string> kOneOfEachKind{"bug=scale,of=b,by=2",
                                              "bug=swap,of=abar,for=alpha",
                                              "bug=shift,by=-1",
                                              "bug=round,by=24",
                                              "bug=float-schedule,by=24",
                                              "bug=score-level,by=1,on=1",
                                              "bug=score-grid,by=0",
                                              "bug=score-scale,by=-1,on=2",
                                              "bug=score-stale,on=2",
                                              "bug=score-cached",
                                              "bug=noise-scale,by=0,at=last",
                                              "bug=noise-squared",
                                              "bug=noise-bracket,by=1,on=2",
                                              "bug=noise-late,on=2",
                                              "bug=noise-shared,on=2",
                                              "bug=clip,by=0.5",
                                              "bug=overshoot,by=1",
                                              "bug=state-scale,by=1/3,at=first",
                                              "bug=recall-scale,by=0",
                                              "bug=skip,at=middle",
                                              "bug=repeat,at=first"};

const std::vector<std::string> kOfNoAmount{
    "bug=scale,of=b,by=1",    "bug=scale,of=b1,by=1", "bug=shift,by=0",
    "bug=score-level,by=0",   "bug=score-scale,by=1", "bug=noise-scale,by=1",
    "bug=noise-bracket,by=0", "bug=overshoot,by=0",   "bug=state-scale,by=1",
    "bug=recall-scale,by=1",  "bug=clip,by=1e9",      "bug=skip,at=first",
    "bug=round,by=53",        "bug=swap,of=b,for=b"};

void require_refused(const std::string& sampler, const std::string& message) {
  CAPTURE(sampler);
  try {
    make_sampler(sampler, "--sampler");
    FAIL_CHECK("was taken");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find(message) != std::string::npos);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    INFO(error.what());
  }
}

}  // namespace

TEST_CASE("the name of a mutant gives the same mutant again") {
  std::set<std::string> kinds;
  for (const std::string& bug : kOneOfEachKind) {
    for (const char* base : {"ddpm", "li-cai:clip=2;kappa=1/3"}) {
      const std::string text = "mutant:base=" + std::string(base) + "," + bug;
      const auto made = make_sampler(text, "test");
      CHECK(made->text() == text);
      CHECK(made->info().id == text);
      CHECK(made->info().tag == "mutant");
    }
    kinds.insert(bug.substr(0, bug.find(',')));
  }
  CHECK(kinds.size() == bug_kinds().size());
}

TEST_CASE("a bug of no amount changes no byte of any sampler") {
  const Bench bench;
  for (const SamplerInfo* info : all_samplers()) {
    for (const std::string& bug : kOfNoAmount) {
      const std::string mutant = "mutant:base=" + std::string(info->id) + "," + bug;
      CAPTURE(mutant);
      for (const int t : {2, 60, 99}) {
        const PointWalk::Record right = bench.run(std::string(info->id), t);
        const PointWalk::Record wrong = bench.run(mutant, t);
        REQUIRE(wrong.kernels.size() == right.kernels.size());
        for (std::size_t k = 0; k < right.kernels.size(); ++k) {
          CHECK(wrong.kernels[k].mean == right.kernels[k].mean);
          CHECK(wrong.kernels[k].sd == right.kernels[k].sd);
        }
        CHECK(wrong.levels == right.levels);
      }
    }
  }
}

TEST_CASE("bugs of the coefficients do to ddpm what they say") {
  const Bench bench;
  const Step<double> c = bench.at();
  const Step<double> next = bench.at(59);
  const double root = c.sqrt_alpha;
  bench.require_ddpm("bug=scale,of=b,by=2", 2 * c.b, root, std::sqrt(2 * c.b));
  bench.require_ddpm("bug=swap,of=b,for=b_next", next.b, root, std::sqrt(next.b));
  bench.require_ddpm("bug=swap,of=sqrt_alpha,for=one", c.b, 1, std::sqrt(c.b));
  bench.require_ddpm("bug=shift,by=-1", next.b, next.sqrt_alpha, std::sqrt(next.b));
  const auto shorter = static_cast<double>(static_cast<float>(c.b));
  bench.require_ddpm("bug=round,by=24", shorter, static_cast<float>(root), std::sqrt(shorter));
  // There is no step from level 1 and none from level 101: nothing changes there.
  const Step<double> last = bench.at(2);
  bench.require_ddpm("bug=shift,by=-1", last.b, last.sqrt_alpha, std::sqrt(last.b), 2);
  bench.require_ddpm("bug=swap,of=b,for=b_next", last.b, last.sqrt_alpha, std::sqrt(last.b), 2);
  const Step<double> first = bench.at(100);
  bench.require_ddpm("bug=shift,by=1", first.b, first.sqrt_alpha, std::sqrt(first.b), 100);
}

TEST_CASE("abar in single precision loses 1-alpha to cancellation") {
  const Bench bench;
  const Step<double> c = bench.at();
  const auto signal = static_cast<float>(c.abar);
  const auto before = static_cast<float>(c.abar / c.alpha);
  const float alpha = signal / before;
  const float b = 1 - alpha;
  CHECK(std::abs(b - c.b) > 1e-9);  // 24 bits of alpha near 1, not of b
  bench.require_ddpm("bug=float-schedule,by=24", b, std::sqrt(alpha),
                     std::sqrt(static_cast<double>(b)));
}

TEST_CASE("bugs of the walk do to ddpm what they say") {
  const Bench bench;
  const Step<double> c = bench.at();
  const double y = Bench::kStart;
  const double mean = (y + c.b * bench.score(60, y)) / c.sqrt_alpha;
  const double sd = std::sqrt(c.b) / c.sqrt_alpha;
  const auto require = [&](const std::string& bug, double wanted_mean, double wanted_sd) {
    CAPTURE(bug);
    const PointWalk::Record record = bench.run("mutant:base=ddpm," + bug);
    require_near(record.kernels.back().mean, wanted_mean);
    require_near(record.kernels.back().sd, wanted_sd);
  };
  require("bug=score-level,by=1", (y + c.b * bench.score(61, y)) / c.sqrt_alpha, sd);
  require("bug=score-scale,by=-1", (y - c.b * bench.score(60, y)) / c.sqrt_alpha, sd);
  require("bug=clip,by=1/10", (y - c.b / 10) / c.sqrt_alpha, sd);
  require("bug=noise-scale,by=1/2", mean, sd / 2);
  require("bug=noise-scale,by=0", mean, 0);
  require("bug=noise-squared", mean, sd * sd);
  require("bug=noise-bracket,by=1", mean, std::sqrt(c.b));
  require("bug=noise-bracket,by=-1", mean, sd / c.sqrt_alpha);
  require("bug=overshoot,by=1", 2 * mean - y, sd);
  const double half = y / 2;
  require("bug=state-scale,by=1/2", (half + c.b * bench.score(60, half)) / c.sqrt_alpha, sd);
}

TEST_CASE("a bug may concern one score call or one noise alone") {
  const Bench bench;
  const Step<double> c = bench.at();
  const double y = Bench::kStart;
  const double mid = (y + c.b / 2 * bench.score(60, y)) / c.sqrt_alpha;
  const auto require = [&](const std::string& bug, double second) {
    CAPTURE(bug);
    const PointWalk::Record record = bench.run("mutant:base=li-cai," + bug);
    require_near(record.kernels[0].mean, (y + c.b / c.sqrt_alpha * second) / c.sqrt_alpha);
  };
  require("bug=score-level,by=1,on=2", bench.score(60, mid));
  require("bug=score-scale,by=-1,on=2", -bench.score(59, mid));
  require("bug=score-stale,on=2", bench.score(59, y));
  require("bug=score-cached,on=2", bench.score(60, y));
  // li-huang-sde: half the noise before the score, half of it after.
  const auto noises = [&](const std::string& bug) {
    const PointWalk::Record record = bench.run("mutant:base=li-huang-sde," + bug);
    return std::vector<double>{record.kernels[0].sd, record.kernels[1].sd};
  };
  const double half = std::sqrt(c.b / 2);
  const double after = half / c.sqrt_alpha;
  const auto require_noises = [&](const std::string& bug, double first, double second) {
    CAPTURE(bug);
    require_near(noises(bug)[0], first);
    require_near(noises(bug)[1], second);
  };
  require_noises("bug=noise-bracket,by=1,on=2", half, half);
  require_noises("bug=noise-scale,by=3,on=1", 3 * half, after);
  require_noises("bug=noise-late,on=2", 0, std::hypot(half, after));
  require_noises("bug=noise-shared,on=2", 0, half + after);
}

TEST_CASE("scores between levels, memory and intermediate noise take bugs too") {
  const Bench bench;
  const PointWalk::Record grid = bench.run("mutant:base=dpm-solver-2,bug=score-grid,by=-1");
  CHECK(grid.noise ==
        std::vector<double>{bench.schedule.level(60).noise, bench.schedule.level(59).noise});
  const PointWalk::Record blurred = bench.run("mutant:base=li-cai:kappa=1,bug=noise-late,on=2");
  const PointWalk::Record right = bench.run("li-cai:kappa=1");
  CHECK(blurred.intermediate.empty());
  require_near(blurred.kernels[0].sd, std::hypot(right.intermediate[0], right.kernels[0].sd));
  const PointWalk::Record forgot = bench.run("mutant:base=dpmpp-2m,bug=recall-scale,by=2");
  CHECK(forgot.kernels[0].mean == bench.run("dpmpp-2m").kernels[0].mean);  // recalls 0
}

TEST_CASE("a bug may strike in one step alone") {
  const Bench bench;
  const std::string skip = "mutant:base=ddpm,bug=skip,at=";
  CHECK(bench.run(skip + "first", 100).kernels.empty());
  CHECK(bench.run(skip + "first", 99).kernels.size() == 1);
  CHECK(bench.run(skip + "middle", 51).kernels.empty());
  CHECK(bench.run(skip + "middle", 50).kernels.size() == 1);
  CHECK(bench.run(skip + "last", 2).kernels.empty());
  CHECK(bench.run(skip + "last", 3).kernels.size() == 1);
  CHECK(bench.run("mutant:base=ddpm,bug=repeat,at=last", 2).levels == std::vector<int>{2, 2});
}

TEST_CASE("every draw of random times has the bug") {
  const auto mutant =
      make_sampler("mutant:base=jiao-li:draws=2;seed=3,bug=noise-scale,by=2", "test");
  CHECK(mutant->draws() ==
        std::vector<std::string>{"mutant:base=jiao-li:draw=0;seed=3,bug=noise-scale,by=2",
                                 "mutant:base=jiao-li:draw=1;seed=3,bug=noise-scale,by=2"});
}

TEST_CASE("a wrong name of a mutant is refused in one line") {
  require_refused("mutant", "needs base=...");
  require_refused("mutant:base=ddpm", "needs bug=...");
  require_refused("mutant:base=ddmp,bug=skip,at=last", "unknown sampler 'ddmp'; nearest: ddpm");
  require_refused("mutant:base=ddpm,bug=skips", "unknown bug 'skips'; nearest: skip");
  require_refused("mutant:base=ddpm,bug=skip", "needs at=first, middle or last");
  require_refused("mutant:base=ddpm,bug=skip,at=end", "'end' is not every, first, middle or last");
  require_refused("mutant:base=ddpm,bug=scale,of=beta,by=2", "unknown coefficient 'beta'");
  require_refused("mutant:base=ddpm,bug=scale,of=one,by=2", "unknown coefficient 'one'");
  require_refused("mutant:base=ddpm,bug=scale,of=b", "needs by=...");
  require_refused("mutant:base=ddpm,bug=scale,of=b,by=2,on=1", "has no key 'on'");
  require_refused("mutant:base=ddpm,bug=round,by=1", "not a whole number from 2 to 1000");
  require_refused("mutant:base=ddpm,bug=clip,by=0", "the radius must be above 0");
  require_refused("mutant:base=ddpm,bug=noise-late", "needs on=N, N >= 2");
  require_refused("mutant:base=mutant:base=ddpm,bug=skip,at=last", "a mutant has one bug");
  require_refused("mutant:base=./mine.hpp,bug=skip,at=last", "a process of its own");
}

TEST_CASE("rounding to bits is that of the shorter format on every scalar") {
  for (const char* text : {"0.1", "-1/3", "1e-20", "123456.789", "0.5"}) {
    const Rational exact = Rational::parse(text, "test");
    const auto wanted = static_cast<double>(static_cast<float>(exact.to_double()));
    CHECK(rounded_to_bits(from_rational<double>(exact), 24) == wanted);
    CHECK(to_double(rounded_to_bits(from_rational<Mp40>(exact), 24)) == wanted);
    CHECK(to_double(rounded_to_bits(from_rational<Mp80>(exact), 24)) == wanted);
    const Ball ball = rounded_to_bits(from_rational<Ball>(exact), 24);
    CHECK(ball.exact());
    CHECK(ball.to_double() == wanted);
  }
  CHECK(rounded_to_bits(0.0, 24) == 0);
}

TEST_CASE("rounding a ball to bits encloses what every point of it is rounded to") {
  const auto parse = [](const char* text) { return Rational::parse(text, "test"); };
  // 5/16 = 0.0101 in binary is half-way between 1/4 and 3/8 with two bits.
  const Ball tie(Rational(5, 16));
  CHECK(rounded_to_bits(tie, 2).contains(Rational(1, 4)));  // to even
  CHECK(rounded_to_bits(tie, 2).exact());
  for (const char* radius : {"1e-30", "1e-9", "0.01"}) {
    CAPTURE(radius);
    const Ball around = Ball::around(tie, Ball(parse(radius)));
    const Ball rounded = rounded_to_bits(around, 2);
    CHECK(rounded.contains(Rational(1, 4)));
    CHECK(rounded.contains(Rational(3, 8)));
    CHECK_FALSE(rounded.contains(Rational(1, 8)));
    // Off the tie all points are rounded to one number.
    const Ball above = Ball::around(tie + Ball(parse(radius)) * 2, Ball(parse(radius)));
    CHECK(rounded_to_bits(above, 2).exact());
    CHECK(rounded_to_bits(above, 2).contains(Rational(3, 8)));
  }
  // A ball wider than the spacing of the format.
  const Ball wide = rounded_to_bits(Ball::around(Ball(1), Ball(Rational(1, 2))), 4);
  CHECK(wide.contains(Rational(1, 2)));
  CHECK(wide.contains(Rational(3, 2)));
  CHECK_FALSE(rounded_to_bits(Ball(1) / Ball(0), 8).finite());
}
