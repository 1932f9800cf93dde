// What a sampler's TOML file can say beyond one step on the levels of the schedule: memory, stages
// of the first and the last steps, levels of its own, cut-off sums, min and max. Against the
// compiled samplers, against textbook formulas, and every refusal with its line.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "cases/expression/parse_expression.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "cases/step.hpp"
#include "cases/test/point_walk.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/sampler_misuse.hpp"

using namespace lemmabench;
using lemmabench::test::PointWalk;

namespace {

std::string example(const std::string& name) {
  return LEMMABENCH_SOURCE_DIR "/examples/own_toml/" + name + ".toml";
}

/// Any smooth score; nothing is asked of it.
double some_score(const Level<double>& level, double y) {
  return -y / (0.4 + level.noise) + 0.3 * std::sin(y + level.abar);
}

/// The kernels of a whole run on one point.
std::vector<PointWalk::Kernel> run_of(const Sampler& sampler, const Schedule<double>& schedule,
                                      double start = 0.7) {
  PointWalk walk(start, schedule, some_score);
  for (int t = schedule.steps(); t >= 2; --t) {
    sampler.step(make_step(schedule, t, 1), walk);
  }
  return walk.record().kernels;
}

double farthest_apart(const std::vector<PointWalk::Kernel>& a,
                      const std::vector<PointWalk::Kernel>& b) {
  REQUIRE(a.size() == b.size());
  double out = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    out = std::max({out, std::fabs(a[k].mean - b[k].mean), std::fabs(a[k].sd - b[k].sd)});
  }
  return out;
}

Schedule<double> levels(const std::string& text, long steps) {
  return Schedule<double>(make_schedule(text, "test"), steps, StepBound::whole, EndLevels::closed);
}

std::unique_ptr<Sampler> file(const std::string& document) {
  return parse_expression_sampler(document, "mine.toml");
}

std::string refusal(const std::string& document) {
  try {
    static_cast<void>(file(document));
  } catch (const InputError& error) {
    return error.what();
  }
  return "taken";
}

/// What the step from level t of 40 says.
std::string failure(const std::string& document, int t = 20) {
  const auto own = file(document);
  const Schedule<double> schedule = levels("karras", 40);
  PointWalk walk(0.7, schedule, some_score);
  try {
    own->step(make_step(schedule, t, 1), walk);
  } catch (const InputError& error) {
    return error.what();
  }
  return "taken";
}

double at(const std::string& text, const Step<double>& c) {
  return parse_expression(text, "test").value(c);
}

/// The stages written as [[*]], once for every key.
std::string for_keys(const std::string& stages, const std::vector<std::string>& keys) {
  std::string out;
  for (const std::string& key : keys) {
    out += stages;
    for (std::size_t k = out.find("[[*]]"); k != std::string::npos; k = out.find("[[*]]")) {
      out.replace(k, 5, "[[" + key + "]]");
    }
  }
  return out;
}

/// DPM-Solver++(3M) as in k-diffusion's dpmpp_3m_sde with eta = 0, in x and sigma.
class ThirdOrder {
 public:
  double step(double x, double sigma, double next) {
    const Level<double> level{1 / (1 + sigma * sigma), sigma * sigma / (1 + sigma * sigma)};
    const double y = x * std::sqrt(level.abar);
    const double denoised = (y + level.noise * some_score(level, y)) / std::sqrt(level.abar);
    const double h = std::log(sigma / next);
    const double phi_2 = std::expm1(-h) / h + 1;
    const double phi_3 = phi_2 / h - 0.5;
    double out = std::exp(-h) * x - std::expm1(-h) * denoised;
    if (lengths_.size() > 1) {
      const double r0 = lengths_[0] / h;
      const double r1 = lengths_[1] / h;
      const double d10 = (denoised - old_[0]) / r0;
      const double d11 = (old_[0] - old_[1]) / r1;
      const double d1 = d10 + (d10 - d11) * r0 / (r0 + r1);
      const double d2 = (d10 - d11) / (r0 + r1);
      out += phi_2 * d1 - phi_3 * d2;
    } else if (lengths_.size() == 1) {
      out += phi_2 * (denoised - old_[0]) / (lengths_[0] / h);
    }
    old_.insert(old_.begin(), denoised);
    lengths_.insert(lengths_.begin(), h);
    return out;
  }

 private:
  std::vector<double> old_;
  std::vector<double> lengths_;
};

}  // namespace

TEST_CASE("files with memory and levels of their own are the compiled samplers") {
  // 30 steps, with differences of data predictions; observed at most 3e-14.
  const Schedule<double> schedule = levels("karras:sigma_min=0.05,sigma_max=20", 31);
  for (const char* name : {"dpmpp-2m", "dpmpp-2m-sde", "dpm-solver-2"}) {
    CAPTURE(name);
    const auto compiled = make_sampler(name, "test");
    const auto own = make_sampler(example(name), "test");
    CHECK(farthest_apart(run_of(*own, schedule), run_of(*compiled, schedule)) < 1e-12);
    CHECK(own->info().memory == compiled->info().memory);
    CHECK(own->info().single_steps == compiled->info().single_steps);
    CHECK(own->info().deterministic == compiled->info().deterministic);
    CHECK(own->info().score_calls == compiled->info().score_calls);
  }
  // What is not the same is seen: another sampler differs by far more.
  CHECK(farthest_apart(run_of(*make_sampler(example("dpmpp-2m"), "test"), schedule),
                       run_of(*make_sampler("ddim-coefficient", "test"), schedule)) > 1e-3);
}

TEST_CASE("a file with memory of two vectors is the third-order solver of its source") {
  const Schedule<double> schedule = levels("karras:sigma_min=0.05,sigma_max=20", 31);
  const auto sigma = [&](int t) {
    return std::sqrt(schedule.level(t).noise / schedule.level(t).abar);
  };
  const auto kernels = run_of(*make_sampler(example("dpmpp-3m"), "test"), schedule);
  ThirdOrder theirs;
  double x = 0.7 / std::sqrt(schedule.level(31).abar);
  for (int t = 31; t >= 2; --t) {
    x = theirs.step(x, sigma(t), sigma(t - 1));
    const double y = x * std::sqrt(schedule.level(t - 1).abar);
    // phi_3 is a difference of numbers of order 1 over h^2 = 1/25; observed at most 2e-14.
    CHECK(std::fabs(kernels[static_cast<std::size_t>(31 - t)].mean - y) < 1e-12);
  }
}

TEST_CASE("the last step has stages of its own, down to a level without noise") {
  const Schedule<double> schedule = levels("flow:from=0.99,to=0", 20);
  const auto own = make_sampler(example("heun-to-zero"), "test");
  CHECK(farthest_apart(run_of(*own, schedule),
                       run_of(*make_sampler("edm-heun", "test"), schedule)) < 1e-13);
  const auto marked = file(
      "[[stage]]\ny = 1\n[[first]]\ny = 2\n[[second]]\ny = 3\n[[third]]\ny = 5\n"
      "[[last]]\ny = 7\n");
  const auto slopes = [&](long steps) {
    std::vector<double> out;
    double before = 1;
    for (const PointWalk::Kernel& kernel :
         run_of(*marked, levels("logit:from=-1/4,to=1/4", steps), 1.0)) {
      out.push_back(kernel.mean / before);
      before = kernel.mean;
    }
    return out;
  };
  CHECK(slopes(7) == std::vector<double>{2, 3, 5, 1, 1, 7});
  CHECK(slopes(5) == std::vector<double>{2, 3, 5, 7});
  // Where a step is among the first and the last, it is one of the first.
  CHECK(slopes(4) == std::vector<double>{2, 3, 5});
  CHECK(slopes(2) == std::vector<double>{2});
}

TEST_CASE("a vector of an earlier step is that of its step, whatever kernels end between") {
  // The state doubles every step, so that every step has vectors of its own: from level t it is
  // 2^(8-t), and m = t 2^(8-t). What is recalled is added in the step from level 2 alone.
  const Schedule<double> schedule = levels("logit:from=-1,to=1", 8);
  const auto last_mean = [&](const std::string& body, const std::string& recalled) {
    return run_of(*file(for_keys(body, {"stage", "first", "second", "third"}) +
                        "[[last]]\nname = \"m\"\ny = \"t\"\n[[last]]\nm = 1\n\"" + recalled +
                        "\" = 1000\n"),
                  schedule, 1.0)
        .back()
        .mean;
  };
  const double own_part = 2 * 64;
  const std::string plain = "[[*]]\nname = \"m\"\ny = \"t\"\n[[*]]\ny = 2\nm = 0\n";
  CHECK(last_mean(plain, "y(t+1)") == own_part + 1000 * 32);
  CHECK(last_mean(plain, "m(t+1)") == own_part + 1000 * 3 * 32);
  CHECK(last_mean(plain, "m(t+2)") == own_part + 1000 * 4 * 16);
  CHECK(last_mean(plain, "m(t+3)") == own_part + 1000 * 5 * 8);
  // The same with a noise that ends a kernel after m and before the end (its draw is 0 here).
  const std::string split =
      "[[*]]\nname = \"m\"\ny = \"t\"\n[[*]]\nname = \"n\"\ny = 1\nm = 0\nz = 1\n[[*]]\nn = 2\n";
  CHECK(last_mean(split, "y(t+1)") == own_part + 1000 * 32);
  CHECK(last_mean(split, "m(t+1)") == own_part + 1000 * 3 * 32);
  CHECK(last_mean(split, "m(t+2)") == own_part + 1000 * 4 * 16);
  CHECK(last_mean(split, "m(t+3)") == own_part + 1000 * 5 * 8);
  CHECK(last_mean(split, "n(t+2)") == own_part + 1000 * 16);
}

TEST_CASE("clip and clamp cut a stage's sum off before its noise") {
  const Schedule<double> schedule = levels("karras", 40);
  const Step<double> c = make_step(schedule, 20, 1);
  for (const std::string cut : {"clip", "clamp"}) {
    CAPTURE(cut);
    const auto own = file("[[stage]]\nname = \"m\"\ny = 10\n" + cut +
                          " = \"1/4\"\n[[stage]]\nm = 1\nz = \"3\"\n");
    PointWalk walk(-1, schedule, some_score);
    own->step(c, walk);
    CHECK(walk.record().kernels.back().mean == -0.25);
    CHECK(walk.record().kernels.back().sd == 3);
    CHECK(walk.record().radii == std::vector<double>{0.25});
    CHECK(own->info().formula.find(cut + "_(1/4){(10) y}") != std::string_view::npos);
  }
  CHECK(failure("[[stage]]\ny = 1\nclamp = \"-h\"\n") ==
        "mine.toml:3: clamp: '-h' is below 0, and nothing is cut off there at t = 20 of 40");
  CHECK(refusal("[[stage]]\ny = 1\nclip = 1\nclamp = 1\n") ==
        "mine.toml:3: a stage takes one of clip and clamp; give the other one a stage of its own");
  CHECK(refusal("[[stage]]\nname = \"clamp\"\ny = 1\n[[stage]]\ny = 1\n").find("is taken") !=
        std::string::npos);
}

TEST_CASE("levels of a file's own, in every unit") {
  const Schedule<double> schedule = levels("karras", 40);
  const Step<double> c = make_step(schedule, 20, 1);
  const auto noise_of = [&](const std::string& level) {
    const auto own =
        file("[level.half]\n" + level + "\n[[stage]]\ny = 1\n\"s(half, y)\" = \"b\"\n");
    PointWalk walk(0.7, schedule, some_score);
    own->step(c, walk);
    REQUIRE(walk.record().noise.size() == 1);
    return walk.record().noise.front();
  };
  const double variance = c.noise / c.abar;
  CHECK(noise_of("noise = \"(noise + noise_next)/2\"") == (c.noise + c.noise_next) / 2);
  // A handful of roundings.
  CHECK(std::fabs(noise_of("abar = \"abar\"") - c.noise) < 1e-15);
  CHECK(std::fabs(noise_of("sigma = \"sigma/2\"") - variance / (4 + variance)) < 1e-15);
  CHECK(std::fabs(noise_of("lambda = \"-log(sigma/2)\"") - variance / (4 + variance)) < 1e-15);
  const auto level = [](const std::string& text, const std::string& used = "half") {
    return "[level.half]\n" + text + "\n[[stage]]\ny = 1\n\"s(" + used + ", y)\" = \"b\"\n";
  };
  CHECK(failure(level("sigma = \"-sigma\"")) ==
        "mine.toml:2: sigma: '-sigma' is not above 0, as the sigma of a level is at t = 20 of 40");
  CHECK(failure(level("noise = \"1 + h\"")) ==
        "mine.toml:2: noise: '1 + h' is not between 0 and 1, as a level's is at t = 20 of 40");
  CHECK(failure(level("abar = \"0*h\"")) ==
        "mine.toml:2: abar: '0*h' is not between 0 and 1, as a level's is at t = 20 of 40");
  CHECK(refusal(level("sigma = 1", "hafl")) ==
        "mine.toml:5: 's(hafl, y)' is no score; write s(t, y), s(t-1, NAME), s(t+1, NAME) or "
        "s(LEVEL, NAME) with a level of the file's own, [level.LEVEL]");
  CHECK(refusal(level("sigma = 1", "t")) == "mine.toml: the level half is never used");
  CHECK(refusal(level("sigma = 1\nnoise = 1")) ==
        "mine.toml:1: level half needs one number: noise (1 - abar), abar, sigma "
        "(sqrt(noise/abar)) or lambda (-log(sigma))");
  CHECK(refusal(level("snr = 1")) ==
        "mine.toml:2: unknown key 'snr'; nearest: abar, sigma, noise (a level is given by noise, "
        "abar, sigma or lambda)");
  CHECK(refusal("[level.t]\nsigma = 1\n[[stage]]\ny = 1\n") ==
        "mine.toml:1: 't' is no name for a level; take at most 40 letters and digits, other than "
        "t");
  CHECK(refusal(level("sigma = \"sigma1\"")) ==
        "mine.toml:2: sigma: looks back to t+1, which the first step t = T does not have; give "
        "mine.toml its stages as [[first]]");
}

TEST_CASE("what looks back farther than a run goes is refused, and says what is missing") {
  const std::string point = "name = \"D\"\ny = 1\n";
  const auto stages = [&](const std::string& key, const std::string& use) {
    return "[[" + key + "]]\n" + point + "[[" + key + "]]\nD = 1\n" + use;
  };
  CHECK(refusal(stages("stage", "\"D(t+1)\" = 1\n")) ==
        "mine.toml:6: D(t+1): looks back to t+1, which the first step t = T does not have; give "
        "mine.toml its stages as [[first]]");
  CHECK(refusal(stages("stage", "\"D(t+2)\" = 1\n") + stages("first", "")) ==
        "mine.toml:6: D(t+2): looks back to t+2, which the second step t = T-1 does not have; give "
        "mine.toml its stages as [[second]]");
  CHECK(refusal(stages("stage", "") + stages("first", "") + stages("second", "y = \"b2\"\n")) ==
        "mine.toml:16: y: the second step t = T-1 has no level t+2: use t+1 and below in "
        "[[second]]");
  CHECK(refusal(stages("stage", "\"D(t+1)\" = 1\n") + "[[first]]\ny = 1\n") ==
        "mine.toml:6: D(t+1): [[first]] makes no point 'D', and in a run of 3 levels the step "
        "there is the step before this one; give it a stage of that name");
  CHECK(refusal(stages("stage", "\"D(t+1)\" = 1\n") + stages("first", "") + "[[last]]\ny = 1\n" +
                "\"E(t+1)\" = 1\n") ==
        "mine.toml:14: E(t+1): unknown vector 'E'; nearest: D, y (NAME(t+1) is the point of the "
        "stage with that name in the step before; y(t+1) is where that step started)");
  CHECK(refusal(stages("stage", "\"D(t+4)\" = 1\n")) ==
        "mine.toml:6: 'D(t+4)' is no vector of an earlier step; write NAME(t+1), NAME(t+2) or "
        "NAME(t+3), NAME being y or a stage's name");
  CHECK(refusal(stages("stage", "") + stages("second", "")) ==
        "mine.toml:6: [[second]] needs [[first]] before it");
  CHECK(refusal("[[stage]]\ny = \"sigma3\"\n") ==
        "mine.toml:2: y: looks back to t+3, which the first step t = T does not have; give "
        "mine.toml its stages as [[first]]");
  // Kept for later steps alone is used.
  CHECK(refusal("[[stage]]\nname = \"D\"\ny = 1\n[[stage]]\ny = 1\n\"D(t+1)\" = 1\n[[first]]\n" +
                point + "[[first]]\ny = 1\n") == "taken");
  std::string many;
  for (const char* name : {"a", "b", "c", "d"}) {
    many += std::string("[[*]]\nname = \"") + name + "\"\ny = 1\n";
  }
  const std::string all =
      for_keys(many + "[[*]]\na = 1\nb = 1\nc = 1\nd = 1\n", {"stage", "first", "second", "third"});
  CHECK(refusal(all) == "taken");
  CHECK(refusal(all + "[[last]]\ny = 1\n\"a(t+3)\" = 1\n\"b(t+3)\" = 1\n\"c(t+3)\" = 1\n"
                      "\"d(t+3)\" = 1\n") == "taken");
  CHECK(refusal(all + "[[last]]\ny = 1\n\"a(t+3)\" = 1\n\"b(t+3)\" = 1\n\"c(t+3)\" = 1\n"
                      "\"d(t+3)\" = 1\n\"y(t+1)\" = 1\n") ==
        "mine.toml: remembers too much: every NAME takes its longest t+k and one more, here 18 in "
        "all; at most 16");
  CHECK(refusal("") == "mine.toml:1: needs at least one [[stage]]");
}

TEST_CASE("a recall before anything was remembered, and a slot that there is not") {
  const Schedule<double> schedule = levels("karras", 5);
  PointWalk walk(0.7, schedule, some_score);
  CHECK_THROWS_WITH_AS(static_cast<void>(walk.recall(3)),
                       "recalls what no earlier step has remembered (slot 3); the first steps of a "
                       "run have fewer steps before them",
                       SamplerMisuse);
  CHECK_THROWS_WITH_AS(walk.remember(16, walk.state()),
                       "remembers or recalls in slot 16; a walk has slots 0 to 15", SamplerMisuse);
  CHECK_THROWS_AS(static_cast<void>(walk.recall(-1)), SamplerMisuse);
}

TEST_CASE("min and max of formulas") {
  const Schedule<double> schedule = levels("karras", 40);
  const Step<double> c = make_step(schedule, 20, 1);
  CHECK(at("min(2, 1/3) + max(2, 1/3)", c) == 2 + 1.0 / 3);
  CHECK(at("max(-h, h)", c) == c.h);
  CHECK(at("min(b, min(h, 1))", c) == std::min(c.b, c.h));
  CHECK(std::isnan(at("min(log(-1), 1)", c)));
  CHECK(std::isnan(at("max(1, log(-1))", c)));
  const auto why = [](const std::string& text) {
    try {
      static_cast<void>(parse_expression(text, "mine.toml:7: y"));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  CHECK(why("min(b)") == "mine.toml:7: y: 'min(b)' at column 6: expected ','");
  CHECK(why("minb").find("unknown symbol 'minb'") != std::string::npos);

  // Balls: a side that is certain is taken whole, one that is not is enclosed with the other.
  const PrecisionScope scope(128);
  Step<Ball> ball =
      make_step(Schedule<Ball>(make_schedule("karras", "test"), 40, StepBound::whole), 20, 1);
  ball.b = Ball::around(Ball(1), Ball(Rational(1, 8)));
  const auto of = [&](const std::string& text) { return parse_expression(text, "t").value(ball); };
  CHECK(of("min(b, 2)").contains(Rational(9, 8)));
  CHECK_FALSE(of("min(b, 2)").contains(Rational(3, 2)));
  CHECK(of("min(b, 1)").contains(Rational(7, 8)));
  CHECK(of("min(b, 1)").contains(Rational(1)));
  CHECK_FALSE(of("min(b, 1)").contains(Rational(9, 8)));
  CHECK(of("max(b, 1)").contains(Rational(9, 8)));
  CHECK(of("max(b, 1)").contains(Rational(1)));
  CHECK_FALSE(of("max(b, 1)").contains(Rational(7, 8)));
}

TEST_CASE("symbols of the steps before, in units of practice") {
  const Schedule<double> schedule = levels("cosine", 40);
  const Step<double> c = make_step(schedule, 20, 1);
  const auto sigma = [&](int t) {
    return std::sqrt(schedule.level(t).noise / schedule.level(t).abar);
  };
  const auto near = [](double a, double b) { return std::fabs(a - b) <= 4e-15 * std::fabs(b); };
  CHECK(near(at("sigma", c), sigma(20)));
  CHECK(near(at("sigma_next", c), sigma(19)));
  CHECK(near(at("sigma1", c), sigma(21)));
  CHECK(near(at("sigma2", c), sigma(22)));
  CHECK(near(at("sigma3", c), sigma(23)));
  CHECK(near(at("h1", c), schedule.h(21)));
  CHECK(at("h2", c) == schedule.h(22));
  CHECK(at("h3", c) == schedule.h(23));
  CHECK(at("b2", c) == schedule.b(22));
  CHECK(at("b3", c) == schedule.b(23));
  CHECK(at("alpha2", c) == schedule.alpha(22));
  CHECK(at("alpha3", c) == schedule.alpha(23));
  CHECK(at("log1p(h)", c) == std::log1p(c.h));
  CHECK(at("expm1(h)", c) == std::expm1(c.h));
}
