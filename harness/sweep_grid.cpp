#include "harness/sweep_grid.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

#include "cases/sampler.hpp"
#include "cases/schedules.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "harness/certificate_law.hpp"
#include "harness/toml_document.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::array<std::string_view, 8> kKeys{"targets", "samplers", "schedules", "steps",
                                                "starts",  "scores",   "digits",    "arithmetics"};
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
    const TomlDocument& document, std::string_view key, std::optional<std::string> otherwise,
    const std::function<std::string(const std::string& text, const std::string& origin)>& read) {
  std::vector<std::string> out;
  for (const toml::node* node : document.entries(document.table, key)) {
    add_once(out, read(document.word(key, *node), document.at(*node)));
  }
  if (out.empty()) {
    if (!otherwise) {
      throw InputError(fmt::format("{}:1: needs {} = [...]", document.file, key));
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

std::vector<ScheduleKind> read_schedules(const TomlDocument& document) {
  std::vector<ScheduleKind> out;
  for (const toml::node* node : document.entries(document.table, "schedules")) {
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

std::vector<long> read_steps(const TomlDocument& document) {
  const toml::node* node = document.table.get("steps");
  if (node == nullptr) {
    throw InputError(fmt::format("{}:1: needs steps = [...]", document.file));
  }
  if (const toml::table* range = node->as_table()) {
    return geometric_steps(document, *range);
  }
  std::vector<long> out;
  for (const toml::node* entry : document.entries(document.table, "steps")) {
    add_once(out, document.whole("steps", *entry, 2, kMaxSteps));
  }
  return out;
}

std::vector<long> read_digits(const TomlDocument& document) {
  std::vector<long> out;
  for (const toml::node* entry : document.entries(document.table, "digits")) {
    add_once(out, document.whole("digits", *entry, 0, kMaxDigits));
  }
  return out.empty() ? std::vector<long>{0} : out;
}

std::vector<Start> read_starts(const TomlDocument& document) {
  std::vector<Start> out;
  for (const std::string& start :
       names(document, "starts", "gaussian", [](const auto&text, const auto&origin) {
         return one_of(text, origin, "starts", {"gaussian", "exact"});
       })) {
    out.push_back(start == "exact" ? Start::exact : Start::gaussian);
  }
  return out;
}

void check_size(const SweepGrid& grid, const std::string& file) {
  double cells = 1;
  for (const std::size_t count :
       {grid.targets.size(), grid.samplers.size(), grid.schedules.size(), grid.steps.size(),
        grid.starts.size(), grid.scores.size(), grid.digits.size(), grid.arithmetics.size()}) {
    cells *= static_cast<double>(count);
  }
  if (cells > static_cast<double>(kMaxCells)) {
    throw InputError(
        fmt::format("{}:1: {:.0f} cells; at most {} are taken", file, cells, kMaxCells));
  }
}

}  // namespace

SweepGrid parse_sweep_grid(std::string_view text, const std::string& file) {
  const TomlDocument document = TomlDocument::parse(text, file);
  document.check_keys(document.table, {kKeys.begin(), kKeys.end()});
  SweepGrid grid;
  grid.targets = names(document, "targets", std::nullopt, canonical_target);
  grid.samplers = names(
      document, "samplers", std::nullopt,
      [](const auto& name, const auto& origin) { return make_sampler(name, origin)->text(); });
  grid.schedules = read_schedules(document);
  grid.steps = read_steps(document);
  grid.starts = read_starts(document);
  grid.scores = names(document, "scores", "exact", [](const auto& name, const auto& origin) {
    return make_score(name, origin)->text();
  });
  grid.digits = read_digits(document);
  grid.arithmetics = names(document, "arithmetics", LawRequest{}.arithmetic, checked_arithmetic);
  check_size(grid, file);
  return grid;
}

std::vector<LawRequest> sweep_requests(const SweepGrid& grid) {
  std::vector<LawRequest> out{LawRequest{}};
  // Each list in turn multiplies what there is; the last one runs fastest.
  const auto multiply = [&out](const auto& values, auto set) {
    std::vector<LawRequest> product;
    for (const LawRequest& request : out) {
      for (const auto& value : values) {
        product.push_back(request);
        set(product.back(), value);
      }
    }
    out = std::move(product);
  };
  multiply(grid.targets, [](LawRequest& r, const std::string& v) { r.target = v; });
  multiply(grid.samplers, [](LawRequest& r, const std::string& v) { r.sampler = v; });
  multiply(grid.arithmetics, [](LawRequest& r, const std::string& v) { r.arithmetic = v; });
  multiply(grid.digits, [](LawRequest& r, long v) { r.digits = v; });
  multiply(grid.scores, [](LawRequest& r, const std::string& v) { r.score = v; });
  multiply(grid.starts, [](LawRequest& r, Start v) { r.start = v; });
  multiply(grid.schedules, [](LawRequest& r, const ScheduleKind& v) { r.schedule = v; });
  multiply(grid.steps, [](LawRequest& r, long v) { r.steps = v; });
  return out;
}

}  // namespace lemmabench
