#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/target.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/line_proved/proved_law.hpp"

namespace lemmabench {

/// Numbers of a test, the same ones every time.
class Numbers {
 public:
  explicit Numbers(int seed) : state_(0x9e3779b97f4a7c15ULL * static_cast<unsigned>(seed + 1)) {}
  double between(double low, double high) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + (high - low) * static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  int whole(int low, int high) { return low + static_cast<int>(between(0, 1) * (high - low + 1)); }

 private:
  unsigned long long state_;
};

/// One question, asked of the proved and of the computed line law.
struct ProvedCase {
  std::string target = "mixture-near";
  std::string sampler = "ddpm";
  double most_widths = 1;  ///< what the proof may take of the width, which is a goal
  std::string schedule = "logit:from=-4,to=4";
  long steps = 20;
  Start start = Start::gaussian;
  std::string score = "exact";
  bool decomposition = true;

  LawRequest request(const std::string& width) const {
    LawRequest out;
    out.schedule = make_schedule(schedule, "test");
    out.steps = steps;
    out.start = start;
    out.score = score;
    out.arithmetic = LawArithmetic::ball_to(Rational::parse(width, "test"), "test");
    return out;
  }
  CoordinateLaw mixture() const { return std::get<CoordinateLaw>(make_target(target, "test").law); }
  LawResult proved(const std::string& width) const {
    return compute_proved_line_law(mixture(), *make_sampler(sampler, "test"),
                                   *make_score(score, "test"), request(width),
                                   {.decomposition = decomposition});
  }
  LawResult computed(long digits = 0) const {
    LawRequest asked = request("1e-6");
    asked.arithmetic = {};
    asked.digits = digits;
    return compute_line_law(mixture(), *make_sampler(sampler, "test"), *make_score(score, "test"),
                            asked, {.decomposition = decomposition});
  }
};

/// One component: every total variation meets the Gaussian law's balls, by arithmetic that shares
/// nothing with the proof on mixtures.
inline void check_is_gaussian(const std::string& sampler) {
  CAPTURE(sampler);
  const ProvedCase c{.target = "mixture:weights=1,means=0.3,variances=0.25",
                     .sampler = sampler,
                     .schedule = "logit:from=-4,to=4",
                     .steps = 30};
  const LawResult line = c.proved("1e-9");
  const auto gaussian = make_target("gaussian:dim=1,variance=0.25,mean=0.3", "test");
  LawRequest request = c.request("1e-9");
  request.arithmetic = LawArithmetic::ball();
  const LawResult exact =
      compute_gaussian_law(std::get<GaussianLaw>(gaussian.law), *make_sampler(c.sampler, "test"),
                           *make_score("exact", "test"), request, {});
  CHECK(line.tv.evidence() == Evidence::proved);
  CHECK(line.tv.enclosure().overlaps(exact.tv.enclosure()));
  CHECK(line.tv.error() < 1e-9);
  CHECK(line.parts.initialisation->enclosure().overlaps(exact.parts.initialisation->enclosure()));
  CHECK(line.parts.discretisation->enclosure().overlaps(exact.parts.discretisation->enclosure()));
  CHECK(line.parts.initial_tv->enclosure().overlaps(exact.parts.initial_tv->enclosure()));
}

/// Two to four modes, close and far, narrow and wide; a sampler with noise; a short schedule.
inline ProvedCase random_proved_case(int seed) {
  Numbers numbers(seed);
  const int modes = numbers.whole(2, 4);
  std::string weights;
  std::string means;
  std::string variances;
  int left = 100;
  for (int k = 0; k < modes; ++k) {
    const int weight = k + 1 == modes ? left : numbers.whole(1, left - (modes - k - 1));
    left -= weight;
    const char* slash = k == 0 ? "" : "/";
    weights += fmt::format("{}{}", slash, weight / 100.0);
    means += fmt::format("{}{:.3f}", slash, numbers.between(-2.5, 2.5));
    variances += fmt::format("{}{:.3f}", slash, std::exp(numbers.between(-3, 0.5)));
  }
  const char* samplers[] = {"ddpm", "li-cai", "jain-zhang", "ddpm-posterior"};
  return {
      .target = fmt::format("mixture:weights={},means={},variances={}", weights, means, variances),
      .sampler = samplers[numbers.whole(0, 3)],
      .schedule =
          fmt::format("logit:from=-{:.2f},to={:.2f}", numbers.between(2, 5), numbers.between(2, 5)),
      .steps = numbers.whole(25, 45),
      .start = numbers.whole(0, 2) == 0 ? Start::exact : Start::gaussian};
}

/// The same with a sampler without noise.
inline ProvedCase random_map_case(int seed) {
  ProvedCase out = random_proved_case(seed);
  const char* samplers[] = {"ddim",         "ddim-coefficient", "li-huang-ode", "heroism-2",
                            "dpm-solver-2", "edm-heun",         "dpmpp-2m"};
  out.sampler = samplers[seed % 7];
  return out;
}

/// Every total variation that both have: the computed one, with its error, meets the interval.
inline LawResult check_contains(const ProvedCase& c, const std::string& width, long digits = 0) {
  CAPTURE(c.target);
  CAPTURE(c.sampler);
  CAPTURE(c.schedule);
  CAPTURE(c.steps);
  LawResult proved = c.proved(width);
  const LawResult computed = c.computed(digits);
  const auto meets = [](const Quantity& enclosed, const Quantity& value) {
    CHECK(enclosed.evidence() == Evidence::proved);
    CHECK(enclosed.enclosure().overlaps(value.interval()));
  };
  meets(proved.tv, computed.tv);
  if (proved.hellinger.evidence() == Evidence::proved) {
    meets(proved.hellinger, computed.hellinger);
  }
  CHECK(2 * proved.tv.error() <= c.most_widths * Rational::parse(width, "test").to_double());
  for (const auto part :
       {&LawParts::initialisation, &LawParts::discretisation, &LawParts::initial_tv}) {
    if (proved.parts.*part && computed.parts.*part) {
      meets(*(proved.parts.*part), *(computed.parts.*part));
    }
  }
  return proved;
}

}  // namespace lemmabench
