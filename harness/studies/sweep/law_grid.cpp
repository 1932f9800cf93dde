#include "harness/studies/sweep/law_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "cases/parse_schedule.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/request_text.hpp"
#include "numerics/error.hpp"

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

/// Every entry of `key`, read by `read`(word, origin); nothing if the key is missing.
template <class Read>
auto read_words(const TomlDocument& document, const toml::table& within, std::string_view key,
                Read read) {
  std::vector<decltype(read(std::string(), std::string()))> out;
  for (const toml::node* node : document.entries(within, key)) {
    add_once(out, read(document.word(key, *node), document.at(*node)));
  }
  return out;
}

template <class Read>
auto read_needed_words(const TomlDocument& document, const toml::table& within,
                       std::string_view key, Read read) {
  auto out = read_words(document, within, key, read);
  if (out.empty()) {
    document.fail(within, fmt::format("needs {} = [...]", key));
  }
  return out;
}

/// What the key says, or the one value that a request has by itself.
template <class Value>
std::vector<Value> or_default(std::vector<Value> values, const Value& otherwise) {
  return values.empty() ? std::vector<Value>{otherwise} : std::move(values);
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

}  // namespace

std::vector<std::string_view> law_grid_keys() {
  return {"targets", "schedules", "steps", "starts", "scores", "digits", "arithmetics"};
}

std::vector<std::string> read_samplers(const TomlDocument& document, const toml::table& within) {
  return read_needed_words(document, within, "samplers", canonical_sampler);
}

SweepGrid read_law_grid(const TomlDocument& document, const toml::table& within) {
  const LawRequest plain;
  SweepGrid grid;
  grid.targets = read_needed_words(document, within, "targets", canonical_target);
  grid.schedules = read_schedules(document, within);
  grid.steps = read_steps(document, within);
  grid.starts = or_default(read_words(document, within, "starts", parse_start), plain.start);
  grid.scores = or_default(read_words(document, within, "scores", canonical_score), plain.score);
  grid.digits = read_digits(document, within);
  grid.arithmetics = or_default(read_words(document, within, "arithmetics", LawArithmetic::parse),
                                plain.arithmetic);
  return grid;
}

}  // namespace lemmabench
