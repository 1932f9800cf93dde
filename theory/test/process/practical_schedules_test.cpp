// The schedules that practice has, each against the words of its definition written out apart from
// the library: exact rationals where the definition is rational, mpfr at 200 digits where not.
#include <doctest/doctest.h>

#include <boost/multiprecision/mpfr.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "numerics/error.hpp"
#include "numerics/exactly.hpp"
#include "theory/process/schedule.hpp"

using namespace lemmabench;

namespace {

using Wide = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<200>>;

Wide wide(const Rational& x) {
  mpq_t exact;
  mpq_init(exact);
  fmpq_get_mpq(exact, x.raw());
  Wide out;
  mpfr_set_q(out.backend().data(), exact, MPFR_RNDN);
  mpq_clear(exact);
  return out;
}

Rational rational(const Wide& x) { return Rational::parse(x.str(195, std::ios::scientific), "w"); }

/// The schedule at 700 bits holds these levels to 1e-180 (200 digits, a product of 1000 factors):
/// observed below 1e-190. Its doubles hold them to 2e-12: 1000 factors, each rounded, and at the
/// end of cosine a cos near 0; observed 5e-13 there and below 3e-14 elsewhere.
void require_levels(const ScheduleKind& kind, const std::vector<Wide>& abar) {
  const PrecisionScope scope(700);
  const long steps = static_cast<long>(abar.size());
  const Schedule<Ball> schedule(kind, steps);
  const Schedule<double> fast(kind, steps);
  const Ball least(Rational::parse("1e-180", "test"));
  const auto near = [&](const Ball& x, const Wide& y) {
    return abs(x / Ball(rational(y)) - 1).less_than(least) == Truth::certainly;
  };
  CAPTURE(text(kind));
  for (int t = 1; t <= steps; ++t) {
    CAPTURE(t);
    const auto i = static_cast<std::size_t>(t) - 1;
    REQUIRE(near(schedule.level(t).abar, abar[i]));
    REQUIRE(near(schedule.level(t).noise, 1 - abar[i]));
    REQUIRE(std::abs(fast.level(t).abar / static_cast<double>(abar[i]) - 1) < 2e-12);
    if (t > 1) {
      const Wide h = 1 - abar[i] * (1 - abar[i - 1]) / ((1 - abar[i]) * abar[i - 1]);
      REQUIRE(near(schedule.h(t), h));
      REQUIRE(std::abs(fast.h(t) / static_cast<double>(h) - 1) < 2e-12);
    }
  }
}

std::vector<Wide> products(const std::vector<Wide>& beta) {
  std::vector<Wide> out;
  Wide product = 1;
  for (const Wide& b : beta) {
    out.push_back(product *= 1 - b);
  }
  return out;
}

std::vector<Wide> at(const std::vector<Wide>& all, const std::vector<long>& indices) {
  std::vector<Wide> out;
  for (const long i : indices) {
    out.push_back(all[static_cast<std::size_t>(i)]);
  }
  return out;
}

std::string refusal(const ScheduleKind& kind, long steps, EndLevels ends = EndLevels::open) {
  try {
    Schedule<double>(kind, steps, StepBound::whole, ends);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string list_refusal(LevelScale scale, const std::vector<double>& values) {
  try {
    listed_schedule(scale, values, "mine.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

const double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("levels of training are picked as diffusers picks them") {
  using Indices = std::vector<long>;
  CHECK(picked_indices({1000, Spacing::leading}, 5) == Indices{0, 200, 400, 600, 800});
  CHECK(picked_indices({1000, Spacing::leading, 1}, 5) == Indices{1, 201, 401, 601, 801});
  CHECK(picked_indices({1000, Spacing::leading}, 3) == Indices{0, 333, 666});
  CHECK(picked_indices({1000, Spacing::trailing}, 5) == Indices{199, 399, 599, 799, 999});
  CHECK(picked_indices({1000, Spacing::trailing}, 3) == Indices{332, 666, 999});
  // 499.5 lies halfway and goes to the even 500; 249.75 and 749.25 do not.
  CHECK(picked_indices({1000, Spacing::linspace}, 5) == Indices{0, 250, 500, 749, 999});
  // 62.5 and 187.5 of 1000/16 go to 62 and 188, less 1.
  const Indices sixteen = picked_indices({1000, Spacing::trailing}, 16);
  CHECK(sixteen[0] == 61);
  CHECK(sixteen[2] == 187);
  for (const Spacing spacing : {Spacing::leading, Spacing::trailing, Spacing::linspace}) {
    for (const long steps : {2L, 7L, 100L, 999L, 1000L}) {
      const Indices indices = picked_indices({1000, spacing}, steps);
      REQUIRE(indices.size() == static_cast<std::size_t>(steps));
      for (std::size_t k = 1; k < indices.size(); ++k) {
        REQUIRE(indices[k - 1] < indices[k]);
      }
      CHECK(indices.front() >= 0);
      CHECK(indices.back() <= 999);
    }
    CHECK_THROWS_AS(picked_indices({1000, spacing}, 1001), InputError);
  }
  CHECK_THROWS_AS(picked_indices({1000, Spacing::leading, 1}, 1000), InputError);
}

TEST_CASE("scaled-linear is Stable Diffusion's table") {
  std::vector<Wide> beta;
  const Wide first = sqrt(wide(Rational(85, 100000)));
  const Wide last = sqrt(wide(Rational(12, 1000)));
  for (int i = 0; i < 1000; ++i) {
    const Wide root = first + Wide(i) / 999 * (last - first);
    beta.push_back(root * root);
  }
  const std::vector<Wide> abar = products(beta);
  // Multiplied out in 60 digits elsewhere (mpmath).
  CHECK(abs(abar[499] - Wide("0.2776696504564678140700681143219114451")) < Wide("1e-36"));
  CHECK(abs(abar[999] - Wide("0.004660098513077240403897666365925197809")) < Wide("1e-38"));
  ScaledLinearSchedule kind;
  require_levels(kind, at(abar, {0, 200, 400, 600, 800}));
  kind.train.offset = 1;
  require_levels(kind, at(abar, {1, 201, 401, 601, 801}));
  kind.train = {1000, Spacing::trailing};
  require_levels(kind, at(abar, {199, 399, 599, 799, 999}));
  kind.train = {1000, Spacing::linspace};
  require_levels(kind, at(abar, {0, 250, 500, 749, 999}));
  require_levels(kind, abar);
}

TEST_CASE("linear and cosine with levels of training are their tables, picked") {
  std::vector<Wide> beta;
  for (int i = 0; i < 1000; ++i) {
    beta.push_back(wide(Rational(1, 10000) + Rational(199, 10000) * Rational(i, 999)));
  }
  LinearSchedule linear;
  linear.train = {1000, Spacing::trailing};
  require_levels(linear, at(products(beta), {332, 666, 999}));

  const Wide pi = boost::math::constants::pi<Wide>();
  const auto f = [&](int t) {
    const Wide s = wide(Rational(8, 1000));
    const Wide root = cos((Wide(t) / 1000 + s) / (1 + s) * pi / 2);
    return Wide(root * root);
  };
  beta.clear();
  for (int t = 1; t <= 1000; ++t) {
    const Wide exact = 1 - f(t) / f(t - 1);
    beta.push_back(exact < wide(Rational(999, 1000)) ? exact : wide(Rational(999, 1000)));
  }
  CosineSchedule cosine;
  cosine.train = {1000, Spacing::linspace};
  require_levels(cosine, at(products(beta), {0, 250, 500, 749, 999}));
}

TEST_CASE("exponential has sigma in geometric progression") {
  const ExponentialSchedule kind{Rational(3, 100), Rational(29, 2)};
  std::vector<Wide> abar;
  for (int k = 0; k < 12; ++k) {
    const Wide sigma =
        wide(kind.sigma_min) * pow(wide(kind.sigma_max / kind.sigma_min), Wide(k) / 11);
    abar.push_back(1 / (1 + sigma * sigma));
  }
  require_levels(kind, abar);
}

TEST_CASE("flow is X = (1-t) X_0 + t Z, shifted, in exact rationals") {
  const PrecisionScope scope(300);
  for (const Rational& shift : {Rational(1), Rational(3), Rational(7, 5)}) {
    const FlowSchedule kind{shift, Rational(1), Rational(0)};
    const int steps = 21;
    const Schedule<Ball> schedule(kind, steps, StepBound::half, EndLevels::closed);
    for (int k = 0; k < steps; ++k) {
      const Rational u(k, steps - 1);
      const Rational t = shift * u / (Rational(1) + (shift - Rational(1)) * u);
      const Rational signal = (Rational(1) - t) * (Rational(1) - t);
      const Level<Ball>& level = schedule.level(k + 1);
      REQUIRE(level.abar.contains(signal / (signal + t * t)));
      REQUIRE(level.noise.contains(t * t / (signal + t * t)));
      if (k > 0) {
        REQUIRE((1 - level.abar * schedule.level(k).noise / (level.noise * schedule.level(k).abar))
                    .overlaps(schedule.h(k + 1)));
      }
    }
    CHECK(schedule.from_noise());
    CHECK(schedule.to_data());
    CHECK(is_exactly_one(schedule.h(2)));
    CHECK(is_exactly_one(schedule.h(steps)));
    CHECK(is_exactly_one(schedule.b(steps)));
    CHECK(is_exactly_zero(schedule.alpha(steps)));
  }
}

TEST_CASE("a list of levels is these doubles, in every scalar") {
  const PrecisionScope scope(400);
  // 0.1 and 0.3 mean the nearest doubles.
  const ListedSchedule sigma = listed_schedule(LevelScale::sigma, {14.5, 2.0, 0.3, 0.1}, "test");
  CHECK(*sigma.values == std::vector<double>{0.1, 0.3, 2.0, 14.5});
  const Schedule<Ball> by_sigma(sigma, 4);
  const auto exact = [](double x) { return Rational::from_double(x, "test"); };
  for (int t = 1; t <= 4; ++t) {
    const Rational s = exact((*sigma.values)[static_cast<std::size_t>(t) - 1]);
    REQUIRE(by_sigma.level(t).abar.contains(Rational(1) / (Rational(1) + s * s)));
    REQUIRE(by_sigma.level(t).noise.contains(s * s / (Rational(1) + s * s)));
    if (t > 1) {
      const Rational below = exact((*sigma.values)[static_cast<std::size_t>(t) - 2]);
      REQUIRE(by_sigma.h(t).contains(Rational(1) - below * below / (s * s)));
    }
  }
  const ListedSchedule abar = listed_schedule(LevelScale::abar, {0.001, 0.4, 0.99}, "test");
  const Schedule<Ball> by_abar(abar, 3);
  CHECK(by_abar.level(1).abar.contains(exact(0.99)));
  CHECK(by_abar.level(1).noise.contains(Rational(1) - exact(0.99)));
  CHECK(by_abar.h(2).contains((exact(0.99) - exact(0.4)) /
                              (exact(0.99) * (Rational(1) - exact(0.4)))));
  const ListedSchedule beta = listed_schedule(LevelScale::beta, {0.1, 0.4, 0.2}, "test");
  const Schedule<Ball> by_beta(beta, 3);
  const Rational two = (Rational(1) - exact(0.1)) * (Rational(1) - exact(0.4));
  CHECK(by_beta.level(2).abar.contains(two));
  CHECK(by_beta.level(2).noise.contains(Rational(1) - two));
  CHECK(by_beta.h(2).contains(exact(0.4) / (Rational(1) - two)));
  CHECK(own_steps(beta) == 3);
  CHECK_FALSE(own_steps(KarrasSchedule{}).has_value());
  CHECK(refusal(beta, 4).find("has 3 levels; leave --steps out") != std::string::npos);
}

TEST_CASE("ends without noise or signal and equal neighbours are exact, and asked for") {
  const PrecisionScope scope(100);
  const ListedSchedule kinds[] = {
      listed_schedule(LevelScale::sigma, {kInfinity, 2.0, 0.7, 0.7, 0.0}, "test"),
      listed_schedule(LevelScale::abar, {1, 0.5, 0.5, 0.1, 0}, "test"),
      listed_schedule(LevelScale::beta, {0, 0.3, 0, 0.5, 1}, "test")};
  const int pauses[] = {3, 3, 3};
  for (int k = 0; k < 3; ++k) {
    CAPTURE(k);
    CHECK(refusal(kinds[k], 5).find("level 1 has no noise") != std::string::npos);
    const Schedule<Ball> schedule(kinds[k], 5, StepBound::half, EndLevels::closed);
    const Schedule<double> fast(kinds[k], 5, StepBound::half, EndLevels::closed);
    CHECK(schedule.from_noise());
    CHECK(fast.from_noise());
    CHECK(schedule.to_data());
    CHECK(fast.to_data());
    CHECK(is_exactly_one(schedule.level(1).abar));
    CHECK(is_exactly_one(schedule.level(5).noise));
    for (const int t : {2, 5}) {
      CHECK(is_exactly_one(schedule.h(t)));
      CHECK(fast.h(t) == 1);
    }
    CHECK(schedule.pauses() == std::vector<int>{pauses[k]});
    CHECK(fast.pauses() == std::vector<int>{pauses[k]});
    // A rounding made anew leaves 1-h at 0 and above.
    const Schedule<double> shaken = fast.scaled([](int, int) { return 1 + 1e-15; });
    CHECK(shaken.h(2) == 1);
    CHECK(shaken.h(5) == 1);
    CHECK(shaken.level(1).noise == 0);
    CHECK(shaken.h(4) != fast.h(4));
  }
  const ListedSchedule noise = listed_schedule(LevelScale::sigma, {kInfinity, 1}, "test");
  CHECK(refusal(noise, 2).find("level 2 has no signal (abar = 0)") != std::string::npos);
  CHECK(refusal(noise, 2, EndLevels::closed).empty());
}

TEST_CASE("a list that is none is refused with the number and what it should be") {
  const double nan = std::nan("");
  const auto says = [](LevelScale scale, const std::vector<double>& values, const char* what) {
    const std::string message = list_refusal(scale, values);
    CAPTURE(message);
    CHECK(message.starts_with("mine.json: "));
    CHECK(message.find(what) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  };
  says(LevelScale::sigma, {3}, "1 levels; a schedule has 2 to");
  says(LevelScale::sigma, {3, nan, 1}, "number 2 is sigma = nan");
  says(LevelScale::sigma, {3, 2, -1}, "number 3 is sigma = -1");
  says(LevelScale::sigma, {3, 2, 1e-120}, "from 1e-100 to 1e100");
  says(LevelScale::sigma, {3, 1, 2}, "number 3 is sigma = 2: levels rise or fall all the way");
  says(LevelScale::sigma, {1, 3, 2}, "turns back");
  says(LevelScale::sigma, {3, 0, 0}, "number 2 is sigma = 0: two levels without noise");
  says(LevelScale::sigma, {kInfinity, kInfinity, 1}, "only the noisiest level may have no signal");
  says(LevelScale::abar, {0.5, 1.5}, "number 2 is abar = 1.5");
  says(LevelScale::abar, {-0.5, 0.5}, "number 1 is abar = -0.5");
  says(LevelScale::beta, {0.5, 1, 0.2}, "only the noisiest");
  says(LevelScale::beta, {0.5, 2}, "number 2 is beta = 2");
}

TEST_CASE("parameters of the schedules of practice out of range are refused") {
  ScaledLinearSchedule scaled;
  CHECK(refusal(scaled, 1001).find("--steps 1001: at most 1000") != std::string::npos);
  scaled.train.offset = 999;
  CHECK(refusal(scaled, 2).find("at most 1, the levels of training") != std::string::npos);
  scaled.train = {1};
  CHECK(refusal(scaled, 2).find("train must be") != std::string::npos);
  scaled.train = {1000, Spacing::trailing, 1};
  CHECK(refusal(scaled, 2).find("offset belongs to spacing=leading") != std::string::npos);
  CHECK(refusal(FlowSchedule{Rational(0)}, 10).find("shift") != std::string::npos);
  CHECK(refusal(FlowSchedule{Rational(1), Rational(1), Rational(1)}, 10).find("to < from") !=
        std::string::npos);
  CHECK(refusal(FlowSchedule{Rational(1), Rational(1)}, 10).find("level 10 has no signal") !=
        std::string::npos);
  CHECK(refusal(ExponentialSchedule{Rational(2), Rational(1)}, 10).find("sigma_min < sigma_max") !=
        std::string::npos);
}
