#include "theory/claims/typicality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

/// Family T: typical sets and moments (theory.md section 6).
namespace lemmabench {
namespace {

constexpr long kLeastSteps = 128;

std::string not_gaussian_or_line(const Case& subject) {
  const TargetCase& target = *subject.target();
  if (target.gaussian() || target.line_mixture()) {
    return "";
  }
  return target.student() != nullptr ? "the target is no finite mixture of Gaussians"
                                     : "a mixture in more than one dimension";
}

std::string large_second_moment(const Case& subject) {
  const TargetCase& target = *subject.target();
  Rational moment;
  if (const StudentLaw* student = target.student()) {
    if (!(Rational(2) < student->nu)) {
      return fmt::format("E||X_0||^2 is infinite (nu = {})", student->nu.text());
    }
    moment = Rational(student->dim) * student->nu / (student->nu - Rational(2));
  } else {
    moment = target.product()->second_moment();
  }
  return moment <= Rational(kLeastSteps)
             ? ""
             : fmt::format("E||X_0||^2 = {} exceeds {}", moment.text(), kLeastSteps);
}

}  // namespace

Hypothesis gaussian_or_line() {
  return {"a Gaussian in R^d or a Gaussian mixture on the line", not_gaussian_or_line};
}

Hypothesis second_moment_bound() {
  return {"E||X_0||^2 <= T^{c_R} with c_R = 1, from T = 128 on", large_second_moment};
}

Parameter theta_parameter() {
  return {"theta", "2", "x is typical when -log p_t(x) <= theta d log T"};
}

std::vector<long> typicality_ladder(const Trial& trial) {
  std::vector<long> out;
  for (long steps = kLeastSteps; steps <= trial.pick(1024L, 4096L); steps *= 2) {
    out.push_back(steps);
  }
  return out;
}

std::vector<long> sampled_levels(long steps, long count) {
  const long stride = std::max(1L, steps / count);
  std::vector<long> out;
  for (long t = 1; t < steps; t += stride) {
    out.push_back(t);
  }
  out.push_back(steps);
  return out;
}

TypicalLevels::TypicalLevels(const Trial& trial, long steps, long count)
    : log_steps_(log(Ball(steps))), bound_(trial.ball("theta") * log_steps_) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const CoordinateLaw& law = trial.target().product()->coordinates.front();
  t_ = sampled_levels(steps, trial.pick(count, 4 * count));
  for (const long t : t_) {
    sets_.emplace_back(law, schedule.level(static_cast<int>(t)), bound_);
  }
}

std::vector<SupremumCell> TypicalLevels::cells() const {
  std::vector<SupremumCell> out;
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    for (const Ball& box : sets_[i].boxes(16)) {
      out.push_back({static_cast<long>(i), box});
    }
  }
  return out;
}

Place TypicalLevels::place(const Supremum& found, long steps, std::string_view part) const {
  return {.part = part,
          .steps = steps,
          .t = t_[static_cast<std::size_t>(found.where.label)],
          .x = found.where.box};
}

std::vector<Claim> typicality_claims() {
  std::vector<Claim> all;
  for (const auto topic : {typical_mass_claims, typical_moment_claims, typical_singular_claims,
                           typical_flow_claims, typical_local_claims}) {
    std::vector<Claim> records = topic();
    std::move(records.begin(), records.end(), std::back_inserter(all));
  }
  // In the order of the statements; a corrected twin stays behind what it corrects.
  std::stable_sort(all.begin(), all.end(),
                   [](const Claim& a, const Claim& b) { return a.id[1] < b.id[1]; });
  return all;
}

}  // namespace lemmabench
