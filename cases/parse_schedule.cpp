#include "cases/parse_schedule.hpp"

#include <fmt/format.h>

#include <optional>

#include "cases/levels_file.hpp"
#include "cases/spec.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

Spacing read_spacing(Spec& spec) {
  const std::string word = spec.word("spacing");
  for (const Spacing spacing : {Spacing::leading, Spacing::trailing, Spacing::linspace}) {
    if (word == name(spacing)) {
      return spacing;
    }
  }
  spec.fail_at("spacing", fmt::format("'{}' is none of leading, trailing, linspace", quoted(word)));
}

/// The levels of training; without any (`otherwise` = 0) there is nothing to pick from.
Training read_training(Spec& spec, long otherwise) {
  Training out;
  out.levels = spec.integer_or("train", 2, kMaxTrainingLevels, otherwise);
  for (const char* key : {"spacing", "offset"}) {
    if (out.levels == 0 && spec.has(key)) {
      spec.fail_at(key, "says how to pick from levels of training; give train=1000 as well");
    }
  }
  if (spec.has("spacing")) {
    out.spacing = read_spacing(spec);
  }
  out.offset = spec.integer_or("offset", 0, kMaxTrainingLevels - 1, 0);
  return out;
}

std::optional<LevelScale> read_column(Spec& spec) {
  if (!spec.has("column")) {
    return std::nullopt;
  }
  const std::string word = spec.word("column");
  for (const LevelScale scale : {LevelScale::sigma, LevelScale::abar, LevelScale::beta}) {
    if (word == name(scale)) {
      return scale;
    }
  }
  spec.fail_at("column", fmt::format("'{}' is none of sigma, abar, beta", quoted(word)));
}

ScheduleKind read_listed(Spec& spec) {
  const std::string file = spec.word("file");
  const std::optional<LevelScale> column = read_column(spec);
  const std::string hash = spec.has("hash") ? spec.word("hash") : "";
  spec.finish();
  return read_levels_file(file, column, hash, fmt::format("{}: levels", spec.origin()));
}

[[noreturn]] void refuse_name(const Spec& spec) {
  std::vector<std::string> known;
  for (const ScheduleInfo& info : all_schedules()) {
    known.emplace_back(info.id);
  }
  throw_unknown_name(spec.origin(), "schedule", spec.name(), known);
}

/// The schedules that practice has beside those of the theory.
ScheduleKind read_practical(Spec& spec) {
  const auto number = [&](std::string_view key, const Rational& otherwise) {
    return spec.number_or(key, otherwise);
  };
  if (spec.name() == "linear") {
    const LinearSchedule standard;
    return LinearSchedule{number("first", standard.first), number("last", standard.last),
                          read_training(spec, 0)};
  }
  if (spec.name() == "scaled-linear") {
    const ScaledLinearSchedule standard;
    return ScaledLinearSchedule{number("first", standard.first), number("last", standard.last),
                                read_training(spec, standard.train.levels)};
  }
  if (spec.name() == "cosine") {
    return CosineSchedule{number("s", CosineSchedule{}.s), read_training(spec, 0)};
  }
  if (spec.name() == "karras") {
    const KarrasSchedule standard;
    return KarrasSchedule{number("sigma_min", standard.sigma_min),
                          number("sigma_max", standard.sigma_max), number("rho", standard.rho)};
  }
  if (spec.name() == "exponential") {
    const ExponentialSchedule standard;
    return ExponentialSchedule{number("sigma_min", standard.sigma_min),
                               number("sigma_max", standard.sigma_max)};
  }
  if (spec.name() == "flow") {
    const FlowSchedule standard;
    return FlowSchedule{number("shift", standard.shift), number("from", standard.from),
                        number("to", standard.to)};
  }
  if (spec.name() == "levels") {
    return read_listed(spec);
  }
  refuse_name(spec);
}

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
  return read_practical(spec);
}

}  // namespace

ScheduleKind make_schedule(std::string_view text, std::string_view origin) {
  Spec spec = Spec::parse(text, origin);
  ScheduleKind kind = read(spec);
  spec.finish();
  return kind;
}

ScheduleKind recorded_schedule(const std::string& text, std::string_view origin) {
  try {
    return make_schedule(text, origin);
  } catch (const InputError& error) {
    Spec spec = Spec::parse(text, origin);
    if (spec.name() != "levels" || !spec.has("hash")) {
      throw;
    }
    ListedSchedule lost;
    lost.file = spec.word("file");
    lost.scale = read_column(spec).value_or(LevelScale::sigma);
    lost.hash = spec.word("hash");
    lost.trouble = error.what();
    return lost;
  }
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
       "Ho, Jain & Abbeel 2020, section 4",
       "first=0.0001, last=0.02; train=1000, spacing=leading|trailing|linspace, offset=0: T of "
       "the levels of training, unscaled"},
      {"scaled-linear", "Stable Diffusion's beta, T of the levels of training",
       "beta_i = (sqrt(first) + i/(train-1) (sqrt(last)-sqrt(first)))^2, abar_i = prod_{j<=i} "
       "(1-beta_j); leading: i = k floor(train/T) + offset, trailing: round(train - k train/T) - "
       "1, "
       "linspace: round(k (train-1)/(T-1))",
       "Rombach et al. 2022; read in diffusers",
       "first=0.00085, last=0.012, train=1000, spacing=leading, offset=0"},
      {"cosine", "the cosine schedule",
       "abar_t = f(t)/f(0), f(t) = cos^2((t/T+s)/(1+s) pi/2), beta <= 0.999",
       "Nichol & Dhariwal 2021, eq. (17)", "s=0.008; train, spacing, offset as for linear"},
      {"karras", "EDM's noise levels",
       "sigma^(1/rho) equispaced from sigma_max to sigma_min, abar = 1/(1+sigma^2)",
       "Karras et al. 2022, eq. (5)", "sigma_min=0.002, sigma_max=80, rho=7"},
      {"exponential", "sigma in geometric progression",
       "log sigma equispaced from log sigma_max to log sigma_min, abar = 1/(1+sigma^2)",
       "k-diffusion, get_sigmas_exponential", "sigma_min=0.002, sigma_max=80"},
      {"flow", "flow matching with a shift, in variance-preserving form",
       "u uniform from `from` to `to`, t = shift u/(1+(shift-1) u), abar = (1-t)^2/((1-t)^2+t^2)",
       "Esser et al. 2024", "shift=1, from=0.999, to=0.001"},
      {"levels", "levels of one's own, from a file",
       "sigma (abar = 1/(1+sigma^2)), abar, or beta_1..beta_T (abar_t = prod_{s<=t} (1-beta_s)) "
       "from .json, .csv or .npy; T is how many there are",
       "docs/schedules.md", "file=FILE, column=sigma|abar|beta, hash=HASH (of the content meant)"},
  };
  return kAll;
}

}  // namespace lemmabench
