#include "harness/studies/sweep/law_grid.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "harness/monte_carlo/certificate/certificate_law.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr long kMaxDigits = 1000;

template <class Value, class Same>
void add_once(std::vector<Value>& values, Value value, Same same) {
  if (std::none_of(values.begin(), values.end(),
                   [&](const Value& other) { return same(other, value); })) {
    values.push_back(std::move(value));
  }
}

template <class Value>
void add_once(std::vector<Value>& values, Value value) {
  add_once(values, std::move(value), std::equal_to<Value>());
}

/// Every entry of `key` in canonical text; `otherwise` if the key is missing and there is a
/// default.
std::vector<std::string> names(
    const TomlDocument& document, const toml::table& within, std::string_view key,
    std::optional<std::string> otherwise,
    const std::function<std::string(const std::string& text, const std::string& origin)>& read) {
  std::vector<std::string> out;
  for (const toml::node* node : document.entries(within, key)) {
    add_once(out, read(document.word(key, *node), document.at(*node)));
  }
  if (out.empty()) {
    if (!otherwise) {
      document.fail(within, fmt::format("needs {} = [...]", key));
    }
    out.push_back(*otherwise);
  }
  return out;
}

std::string canonical_target(const std::string& text, const std::string& origin) {
  std::string canonical = make_target(text, origin).text();
  for (const Target& known : catalogue_targets()) {
    if (known.text() == canonical) {
      return known.name;
    }
  }
  return canonical;
}

std::string one_of(const std::string& text, const std::string& origin, std::string_view key,
                   const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), text) == known.end()) {
    throw InputError(fmt::format("{}: '{}' is no entry of {}; use {}", origin, quoted(text), key,
                                 fmt::join(known, " or ")));
  }
  return text;
}

std::vector<ScheduleKind> read_schedules(const TomlDocument& document, const toml::table& within) {
  std::vector<ScheduleKind> out;
  for (const toml::node* node : document.entries(within, "schedules")) {
    add_once(out, make_schedule(document.word("schedules", *node), document.at(*node)),
             [](const ScheduleKind& a, const ScheduleKind& b) { return text(a) == text(b); });
  }
  if (out.empty()) {
    out.emplace_back(LiCaiSchedule{});
  }
  return out;
}

/// round(from factor^k) as long as that is at most `to`.
std::vector<long> geometric_steps(const TomlDocument& document, const toml::table& range) {
  const auto entry = [&](std::string_view key) -> const toml::node& {
    const toml::node* node = range.get(key);
    if (node == nullptr) {
      document.fail(range,
                    "steps needs from, to and factor, as in { from = 64, to = 4096, factor "
                    "= 2 }");
    }
    return *node;
  };
  if (range.size() != 3) {
    document.fail(range, "steps takes from, to and factor and nothing else");
  }
  const long from = document.whole("steps.from", entry("from"), 2, kMaxSteps);
  const long to = document.whole("steps.to", entry("to"), from, kMaxSteps);
  const auto factor = entry("factor").value<double>();
  if (!factor || !(*factor >= 1.01 && *factor <= 1e6)) {
    document.fail(entry("factor"), "steps.factor must be a number from 1.01 to 1e6");
  }
  std::vector<long> out;
  for (double exact = static_cast<double>(from); std::llround(exact) <= to; exact *= *factor) {
    add_once(out, static_cast<long>(std::llround(exact)));
  }
  return out;
}

std::vector<long> read_steps(const TomlDocument& document, const toml::table& within) {
  const toml::node* node = within.get("steps");
  if (node == nullptr) {
    document.fail(within, "needs steps = [...]");
  }
  if (const toml::table* range = node->as_table()) {
    return geometric_steps(document, *range);
  }
  std::vector<long> out;
  for (const toml::node* entry : document.entries(within, "steps")) {
    add_once(out, document.whole("steps", *entry, 2, kMaxSteps));
  }
  return out;
}

std::vector<long> read_digits(const TomlDocument& document, const toml::table& within) {
  std::vector<long> out;
  for (const toml::node* entry : document.entries(within, "digits")) {
    add_once(out, document.whole("digits", *entry, 0, kMaxDigits));
  }
  return out.empty() ? std::vector<long>{0} : out;
}

std::vector<Start> read_starts(const TomlDocument& document, const toml::table& within) {
  std::vector<Start> out;
  for (const std::string& start :
       names(document, within, "starts", "gaussian", [](const auto&text, const auto&origin) {
         return one_of(text, origin, "starts", {"gaussian", "exact"});
       })) {
    out.push_back(start == "exact" ? Start::exact : Start::gaussian);
  }
  return out;
}

}  // namespace

std::vector<std::string_view> law_grid_keys() {
  return {"targets", "schedules", "steps", "starts", "scores", "digits", "arithmetics"};
}

std::vector<std::string> read_samplers(const TomlDocument& document, const toml::table& within) {
  return names(
      document, within, "samplers", std::nullopt,
      [](const auto& name, const auto& origin) { return make_sampler(name, origin)->text(); });
}

SweepGrid read_law_grid(const TomlDocument& document, const toml::table& within) {
  SweepGrid grid;
  grid.targets = names(document, within, "targets", std::nullopt, canonical_target);
  grid.schedules = read_schedules(document, within);
  grid.steps = read_steps(document, within);
  grid.starts = read_starts(document, within);
  grid.scores =
      names(document, within, "scores", "exact",
            [](const auto& name, const auto& origin) { return make_score(name, origin)->text(); });
  grid.digits = read_digits(document, within);
  grid.arithmetics =
      names(document, within, "arithmetics", LawRequest{}.arithmetic, checked_arithmetic);
  return grid;
}

}  // namespace lemmabench
