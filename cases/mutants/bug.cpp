#include "cases/mutants/bug.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr std::array<std::string_view, 12> kCoefficients{
    "abar", "noise",       "noise_next", "alpha",           "sqrt_alpha", "b",
    "h",    "sqrt_alpha1", "b1",         "sqrt_alpha_next", "b_next",     "one"};
constexpr std::array<std::string_view, 4> kSteps{"every", "first", "middle", "last"};

/// Which keys a kind takes.
struct Takes {
  bool of = false;
  bool instead = false;
  bool on = false;
  enum class Amount { none, factor, whole, bits, above_zero } by = Amount::none;
};

Takes takes(BugKind kind) {
  using Amount = Takes::Amount;
  switch (kind) {
    case BugKind::scale:
      return {.of = true, .by = Amount::factor};
    case BugKind::swap:
      return {.of = true, .instead = true};
    case BugKind::shift:
      return {.by = Amount::whole};
    case BugKind::round:
    case BugKind::float_schedule:
      return {.by = Amount::bits};
    case BugKind::score_level:
    case BugKind::score_grid:
    case BugKind::noise_bracket:
      return {.on = true, .by = Amount::whole};
    case BugKind::score_scale:
    case BugKind::noise_scale:
      return {.on = true, .by = Amount::factor};
    case BugKind::score_stale:
    case BugKind::score_cached:
    case BugKind::noise_squared:
    case BugKind::noise_late:
    case BugKind::noise_shared:
      return {.on = true};
    case BugKind::clip:
      return {.on = true, .by = Amount::above_zero};
    case BugKind::overshoot:
    case BugKind::state_scale:
    case BugKind::recall_scale:
      return {.by = Amount::factor};
    case BugKind::skip:
    case BugKind::repeat:
      return {};
  }
  return {};
}

BugKind read_kind(Spec& spec) {
  const std::string wanted = spec.word("bug");
  std::vector<std::string> known;
  for (const BugInfo& info : bug_kinds()) {
    if (info.id == wanted) {
      return info.kind;
    }
    known.emplace_back(info.id);
  }
  throw_unknown_name(spec.where("bug"), "bug", wanted, known, "docs/mutants.md describes them");
}

Coefficient read_coefficient(Spec& spec, std::string_view key, bool one) {
  const std::string wanted = spec.word(key);
  const auto end = kCoefficients.end() - (one ? 0 : 1);
  const auto found = std::find(kCoefficients.begin(), end, wanted);
  if (found == end) {
    throw_unknown_name(spec.where(key), "coefficient", wanted, {kCoefficients.begin(), end},
                       "those of cases/walk.hpp");
  }
  return static_cast<Coefficient>(found - kCoefficients.begin());
}

BugSteps read_steps(Spec& spec) {
  const std::string wanted = spec.has("at") ? spec.word("at") : std::string(kSteps[0]);
  const auto found = std::find(kSteps.begin(), kSteps.end(), wanted);
  if (found == kSteps.end()) {
    spec.fail_at("at", fmt::format("'{}' is not every, first, middle or last", wanted));
  }
  return static_cast<BugSteps>(found - kSteps.begin());
}

Rational read_amount(Spec& spec, Takes::Amount amount) {
  switch (amount) {
    case Takes::Amount::none:
      return Rational(1);
    case Takes::Amount::factor:
      return spec.number("by");
    case Takes::Amount::whole:
      return Rational(spec.integer("by", -1000, 1000));
    case Takes::Amount::bits:
      return Rational(spec.integer("by", 2, 1000));
    case Takes::Amount::above_zero:
      break;
  }
  Rational radius = spec.number("by");
  if (radius.sign() <= 0) {
    spec.fail_at("by", "the radius must be above 0");
  }
  return radius;
}

}  // namespace

const std::vector<BugInfo>& bug_kinds() {
  static const std::vector<BugInfo> kKinds{
      {BugKind::scale, "scale", "coefficient `of` times `by`", "of, by"},
      {BugKind::swap, "swap", "coefficient `for` in place of `of`", "of, for"},
      {BugKind::shift, "shift", "the coefficients of step t + `by`, the score of level t", "by"},
      {BugKind::round, "round", "every coefficient rounded to `by` bits", "by"},
      {BugKind::float_schedule, "float-schedule",
       "abar kept in `by` bits, 1-abar and 1-alpha by subtraction", "by"},
      {BugKind::score_level, "score-level", "the score of level t + `by`", "by, on"},
      {BugKind::score_grid, "score-grid",
       "the score of level t + `by` in place of one between the levels", "by, on"},
      {BugKind::score_scale, "score-scale", "the score times `by`", "by, on"},
      {BugKind::score_stale, "score-stale", "the score where the kernel started", "on"},
      {BugKind::score_cached, "score-cached", "the kernel's first score once more", "on"},
      {BugKind::noise_scale, "noise-scale", "the noise times `by`; 0 drops it", "by, on"},
      {BugKind::noise_squared, "noise-squared", "the variance where the sd belongs", "on"},
      {BugKind::noise_bracket, "noise-bracket",
       "the noise times sqrt(alpha)^`by`: 1 takes it out of the bracket, -1 puts it in", "by, on"},
      {BugKind::noise_late, "noise-late",
       "the noises before the n-th added together with it, after the score call", "on"},
      {BugKind::noise_shared, "noise-shared",
       "one draw for all noises up to the n-th, added with it", "on"},
      {BugKind::clip, "clip", "every score clipped to radius `by`", "by, on"},
      {BugKind::overshoot, "overshoot", "the last term `by` times once more: mean + by (mean - y)",
       "by"},
      {BugKind::state_scale, "state-scale", "the state times `by` before the step", "by"},
      {BugKind::recall_scale, "recall-scale", "what is recalled of earlier steps times `by`", "by"},
      {BugKind::skip, "skip", "the step left out", ""},
      {BugKind::repeat, "repeat", "the step done twice", ""}};
  return kKinds;
}

std::string_view name(Coefficient coefficient) {
  return kCoefficients[static_cast<std::size_t>(coefficient)];
}

std::vector<Coefficient> scalable_coefficients() {
  std::vector<Coefficient> out;
  for (std::size_t i = 0; i + 1 < kCoefficients.size(); ++i) {
    out.push_back(static_cast<Coefficient>(i));
  }
  return out;
}

const BugInfo& Bug::info() const {
  return *std::find_if(bug_kinds().begin(), bug_kinds().end(),
                       [this](const BugInfo& info) { return info.kind == kind; });
}

Bug Bug::read(Spec& spec) {
  Bug out;
  out.kind = read_kind(spec);
  const Takes wanted = takes(out.kind);
  if (wanted.of) out.of = read_coefficient(spec, "of", false);
  if (wanted.instead) out.instead = read_coefficient(spec, "for", true);
  if (wanted.on) out.on = static_cast<int>(spec.integer_or("on", 1, 1000, 0));
  const bool late = out.kind == BugKind::noise_late || out.kind == BugKind::noise_shared;
  if (late && out.on < 2) {
    spec.fail("needs on=N, N >= 2: the noise that takes the others in");
  }
  out.by = read_amount(spec, wanted.by);
  out.at = read_steps(spec);
  const bool whole_step = out.kind == BugKind::skip || out.kind == BugKind::repeat;
  if (whole_step && out.at == BugSteps::every) {
    spec.fail("needs at=first, middle or last");
  }
  return out;
}

std::string Bug::text() const {
  const Takes wanted = takes(kind);
  std::string out = fmt::format("bug={}", info().id);
  if (wanted.of) out += fmt::format(",of={}", name(of));
  if (wanted.instead) out += fmt::format(",for={}", name(instead));
  if (wanted.by != Takes::Amount::none) out += ",by=" + by.text();
  if (on > 0) out += fmt::format(",on={}", on);
  if (at != BugSteps::every) out += fmt::format(",at={}", kSteps[static_cast<std::size_t>(at)]);
  return out;
}

bool Bug::acts(int t, int steps) const {
  switch (at) {
    case BugSteps::every:
      return true;
    case BugSteps::first:
      return t == steps;
    case BugSteps::middle:
      return t == (steps + 2) / 2;
    case BugSteps::last:
      return t == 2;
  }
  return false;
}

}  // namespace lemmabench
