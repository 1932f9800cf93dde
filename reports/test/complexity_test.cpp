#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "cases/target.hpp"
#include "harness/io/files.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"
#include "reports/json/complexity_json.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

constexpr const char* kPlan = R"(
eps = ["1e-2", "1e-1", "1e-3"]
samplers = ["li-cai", "ddpm"]
cap = 4000000
[[family]]
id = "flat"
title = "flat Gaussian"
target = "gaussian:dim={},variance=0.3"
dims = [1, 4, 16, 64, 256]
)";

/// C d^a (log T/T)^k with k = 2 for li-cai and 1 for ddpm.
AtlasLaw power_law(double dim_power) {
  return [dim_power](const LawRequest& request) {
    LawResult out;
    out.request = request;
    out.engine = "made up";
    out.dim = make_target(request.target, "test").dim();
    const auto steps = static_cast<double>(request.steps);
    const double h = std::log(steps) / steps;
    const double order = request.sampler == "ddpm" ? 1 : 2;
    const double scale = std::pow(static_cast<double>(out.dim), dim_power);
    const double tv = std::min(1.0, 0.5 * scale * std::pow(h, order));
    out.tv = Quantity::computed(tv, 1e-14);
    return out;
  };
}

const AtlasExponent& find(const std::vector<AtlasExponent>& all, const std::string& sampler,
                          const std::string& variable, const std::string& at) {
  for (const AtlasExponent& one : all) {
    if (one.sampler == sampler && one.variable == variable && one.at == at) return one;
  }
  FAIL("no exponent of " << sampler << " in " << variable << " at " << at);
  return all.front();
}

std::string bytes_of_run(int jobs) {
  const Scratch scratch;
  Store store(scratch / "a.sqlite");
  run_atlas(parse_atlas_plan(kPlan, "test.toml"), store, jobs, power_law(1));
  return read_file(scratch / "a.sqlite");
}

}  // namespace

TEST_CASE("atlas: T* is the least T of a known law, and the eps are sorted") {
  const Scratch scratch;
  Store store(scratch / "a.sqlite");
  const AtlasPlan plan = parse_atlas_plan(kPlan, "test.toml");
  CHECK(plan.eps.front() == Rational(1, 10));
  const Atlas atlas = run_atlas(plan, store, 1, power_law(1));
  REQUIRE(atlas.curves.size() == 10);
  for (const AtlasCurve& curve : atlas.curves) {
    for (const LeastSteps& least : curve.complexity.least) {
      if (least.capped) continue;
      const auto tv = [&](long steps) {
        LawRequest request = plan.request(plan.families[0], plan.families[0].members[curve.member],
                                          curve.sampler, steps);
        return power_law(1)(request).tv.value();
      };
      CHECK(tv(least.steps) <= least.eps.to_double());
      if (least.steps > 79) CHECK(tv(least.steps - 1) > least.eps.to_double());
    }
  }
}

TEST_CASE("atlas: exponents of a known law are found and judged against the bound") {
  const Scratch scratch;
  Store store(scratch / "a.sqlite");
  const Atlas atlas = run_atlas(parse_atlas_plan(kPlan, "test.toml"), store, 1, power_law(1));
  const auto exponents = atlas_exponents(atlas);
  const AtlasExponent& in_eps = find(exponents, "li-cai", "1/eps", "d = 16");
  CHECK(std::abs(in_eps.value - 0.5) < 1e-6);
  CHECK(in_eps.verdict == BoundVerdict::consistent);
  CHECK(in_eps.bound == Rational(1, 2));
  // TV ~ d h^2 makes T*/log T* ~ d^{1/2}; whole numbers T* of 100 and more leave a per cent.
  const AtlasExponent& in_dim = find(exponents, "li-cai", "d", "eps = 0.001");
  CHECK(std::abs(in_dim.value - 0.5) < 0.02);
  CHECK(in_dim.verdict == BoundVerdict::consistent);
  CHECK(in_dim.bound == Rational(5, 4));
  CHECK(find(exponents, "ddpm", "1/eps", "d = 16").bound == Rational(1));
}

TEST_CASE("atlas: a law that grows too fast with d violates the bound (false twin)") {
  const Scratch scratch;
  Store store(scratch / "a.sqlite");
  // d^3 h^2: T*/log T* ~ d^{3/2} > d^{5/4}.
  const Atlas atlas = run_atlas(parse_atlas_plan(kPlan, "test.toml"), store, 1, power_law(3));
  const auto exponents = atlas_exponents(atlas);
  const AtlasExponent& found = find(exponents, "li-cai", "d", "eps = 0.01");
  CHECK(found.verdict == BoundVerdict::violates);
  CHECK(found.slack() < -0.2);
}

TEST_CASE("atlas: the crossing with ddpm is where the errors are equal") {
  const Scratch scratch;
  Store store(scratch / "a.sqlite");
  const AtlasLaw crossing = [](const LawRequest& request) {
    LawResult out = power_law(0)(request);
    const auto steps = static_cast<double>(request.steps);
    // 40 h^2 against h: equal where h = 1/40, and the error is 1/40.
    const double h = std::log(steps) / steps;
    out.tv = Quantity::computed(request.sampler == "ddpm" ? h : 40 * h * h, 1e-14);
    return out;
  };
  const Atlas atlas = run_atlas(parse_atlas_plan(kPlan, "test.toml"), store, 1, crossing);
  const auto found = atlas_crossings(atlas);
  REQUIRE(found.size() == 5);
  for (const AtlasCrossing& one : found) {
    REQUIRE(one.eps.has_value());
    CHECK(std::abs(*one.eps * 40 - 1) < 0.02);
    CHECK_FALSE(one.always_fewer);
  }
  CHECK_CLOSE(found[2].bound, 0.25, Bound::relative(1e-15), "1/sqrt(16)");
}

TEST_CASE("atlas: the store has the same bytes on one job, on two, and after a kill") {
  const std::string whole = bytes_of_run(1);
  CHECK(bytes_of_run(2) == whole);
  const Scratch scratch;
  const AtlasPlan plan = parse_atlas_plan(kPlan, "test.toml");
  std::atomic<int> calls{0};
  const AtlasLaw dying = [&](const LawRequest& request) {
    if (++calls > 20) throw std::bad_alloc();
    return power_law(1)(request);
  };
  {
    Store store(scratch / "a.sqlite");
    CHECK_THROWS_AS(run_atlas(plan, store, 2, dying), std::bad_alloc);
  }
  Store store(scratch / "a.sqlite");
  const Atlas atlas = run_atlas(plan, store, 1, power_law(1));
  CHECK(atlas.resumed >= 20);
  CHECK(read_file(scratch / "a.sqlite") == whole);
}

TEST_CASE("atlas: reading a store back gives what measuring gave, and nothing for other plans") {
  const Scratch scratch;
  const AtlasPlan plan = parse_atlas_plan(kPlan, "test.toml");
  std::string measured;
  {
    Store store(scratch / "a.sqlite");
    measured = atlas_json(run_atlas(plan, store, 2, power_law(1))).dump();
  }
  const auto cells = read_store(scratch / "a.sqlite");
  CHECK(atlas_json(read_atlas(plan, cells)).dump() == measured);
  const AtlasPlan other = parse_atlas_plan(
      "eps = \"0.1\"\nsamplers = \"ddim\"\ncap = 999\n[[family]]\nid = \"x\"\ntitle = \"x\"\n"
      "target = \"gaussian:dim={},variance=2\"\ndims = [1]\n",
      "other.toml");
  CHECK(read_atlas(other, cells).curves.empty());
}

TEST_CASE("atlas: a law that fails ends its curve and nothing else") {
  const Scratch scratch;
  Store store(scratch / "a.sqlite");
  const AtlasLaw failing = [](const LawRequest& request) {
    LawResult out = power_law(1)(request);
    if (out.dim == 4 && request.steps > 1000) throw NumericalFailure("no more digits");
    return out;
  };
  const Atlas atlas = run_atlas(parse_atlas_plan(kPlan, "test.toml"), store, 1, failing);
  std::size_t failed = 0;
  for (const AtlasCurve& curve : atlas.curves) {
    if (curve.failure.empty()) {
      CHECK(curve.complexity.least.size() == 3);
    } else {
      ++failed;
      CHECK(curve.failure == "no more digits");
      CHECK(curve.complexity.points.size() >= 3);  // the rungs 128, 256, 512
    }
  }
  CHECK(failed == 2);
}

TEST_CASE("atlas: what a plan may not say is refused with its line") {
  const auto message = [](const std::string& text) {
    try {
      parse_atlas_plan(text, "p.toml");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const std::string head = "eps = [\"0.1\"]\nsamplers = \"ddpm\"\ncap = 999\n";
  const std::string family = "[[family]]\nid = \"a\"\ntitle = \"t\"\n";
  const std::string body = "target = \"gaussian:dim={},variance=1\"\ndims = [1]\n";
  CHECK(message(head + family + body) == "accepted");
  CHECK(message(family + body).find("p.toml:1: needs eps") == 0);
  CHECK(message("eps = [\"2\"]\n").find("p.toml:1: eps = 2 must be above 0 and below 1") == 0);
  CHECK(message(head).find("p.toml:1: needs family") == 0);
  CHECK(message(head + family).find("p.toml:4: needs target") == 0);
  CHECK(message(head + family + "target = \"gauss-flat\"\ndims = [1]\n").find("p.toml:8: target") ==
        0);
  CHECK(message(head + family + body + family + body).find("stands twice") != std::string::npos);
  CHECK(message(head + family + body + "colour = 3\n").find("p.toml:9: unknown key 'colour'") == 0);
  // li-cai's schedule starts at T = 79: below it nothing can be searched.
  CHECK(message(head + family + body + "cap = 50\n").find("p.toml:9: cap must be") == 0);
  CHECK(message(head + family + body + "resolution = 0.1\n").find("p.toml:9: resolution must") ==
        0);
  CHECK(
      message(head + family + body + "arithmetic = \"bal\"\n")
          .find("p.toml:9: arithmetic 'bal' is none of ball, ball:W, mp, double, certificate:R") ==
      0);
  CHECK(message(head + family + body + "certificate = \"0.9\"\n")
            .find("p.toml:9: certificate: the relative error 0.9 must be above 0 and at most") ==
        0);
  CHECK(message(head + family + "target = \"gaussian:dim={},variance=1\"\ndims = [1, 1]\n")
            .find("p.toml:8: 1 stands twice") == 0);
}

TEST_CASE("atlas: the built-in plans can be read and name targets there are") {
  for (const char* name : {"quick", "full"}) {
    const AtlasPlan plan = built_in_atlas_plan(name);
    CHECK(plan.families.size() >= 2);
    CHECK(plan.eps.size() >= 4);
  }
  CHECK_THROWS_AS(built_in_atlas_plan("huge"), InputError);
}

}  // namespace lemmabench
