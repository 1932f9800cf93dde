#include "cases/parse_schedule.hpp"

#include "cases/spec.hpp"

namespace lemmabench {
namespace {

ScheduleKind read(Spec& spec) {
  const auto number = [&](std::string_view key, const Rational& otherwise) {
    return spec.number_or(key, otherwise);
  };
  if (spec.name() == "li-cai") {
    const LiCaiSchedule standard;
    return LiCaiSchedule{number("c0", standard.c0), number("c1", standard.c1)};
  }
  if (spec.name() == "logit") {
    const LogitSchedule standard;
    return LogitSchedule{number("from", standard.from), number("to", standard.to)};
  }
  if (spec.name() == "two-phase") {
    const TwoPhaseSchedule standard;
    return TwoPhaseSchedule{number("c0", standard.c0), number("c1", standard.c1)};
  }
  if (spec.name() == "linear") {
    const LinearSchedule standard;
    return LinearSchedule{number("first", standard.first), number("last", standard.last)};
  }
  if (spec.name() == "cosine") {
    return CosineSchedule{number("s", CosineSchedule{}.s)};
  }
  if (spec.name() == "karras") {
    const KarrasSchedule standard;
    return KarrasSchedule{number("sigma_min", standard.sigma_min),
                          number("sigma_max", standard.sigma_max), number("rho", standard.rho)};
  }
  std::vector<std::string> known;
  for (const ScheduleInfo& info : all_schedules()) {
    known.emplace_back(info.id);
  }
  throw_unknown_name(spec.origin(), "schedule", spec.name(), known);
}

}  // namespace

ScheduleKind make_schedule(std::string_view text, std::string_view origin) {
  Spec spec = Spec::parse(text, origin);
  ScheduleKind kind = read(spec);
  spec.finish();
  return kind;
}

const std::vector<ScheduleInfo>& all_schedules() {
  static const std::vector<ScheduleInfo> kAll{
      {"li-cai", "the schedule of Li & Cai",
       "abar_T = T^-c0, abar_{t-1} = abar_t + L abar_t (1-abar_t), L = c1 log T/T",
       "GMM = arXiv 2504.05300, eq. (12), which cites LC App. B.1", "c0=2, c1=9"},
      {"logit", "uniform in logit = log snr between two fixed levels",
       "logit_t = to + (from-to)(t-1)/(T-1), abar = 1/(1+e^-logit)", "derived", "from=-9, to=9"},
      {"two-phase", "geometric, then constant beta",
       "beta_1 = T^-c0, beta_t = L min(beta_1 (1+L)^t, 1), L = c1 log T/T", "SGM, ODE, LY and HO",
       "c0=2, c1=9"},
      {"linear", "DDPM's linear beta, scaled to T steps", "beta_t from first to last, times 1000/T",
       "Ho, Jain & Abbeel 2020, section 4", "first=0.0001, last=0.02"},
      {"cosine", "the cosine schedule",
       "abar_t = f(t)/f(0), f(t) = cos^2((t/T+s)/(1+s) pi/2), beta <= 0.999",
       "Nichol & Dhariwal 2021, eq. (17)", "s=0.008"},
      {"karras", "EDM's noise levels",
       "sigma^(1/rho) equispaced from sigma_max to sigma_min, abar = 1/(1+sigma^2)",
       "Karras et al. 2022, eq. (5)", "sigma_min=0.002, sigma_max=80, rho=7"},
  };
  return kAll;
}

}  // namespace lemmabench
