#include "harness/sweep_grid.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

#include "cases/sampler.hpp"
#include "cases/schedules.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::array<std::string_view, 8> kKeys{"targets", "samplers", "schedules", "steps",
                                                "starts",  "scores",   "digits",    "arithmetics"};
constexpr long kMaxDigits = 1000;

/// The document with what messages need.
struct Document {
  toml::table table;
  std::string file;

  std::string at(const toml::node& node) const {
    return fmt::format("{}:{}", file, node.source().begin.line);
  }
  [[noreturn]] void fail(const toml::node& node, std::string_view message) const {
    throw InputError(fmt::format("{}: {}", at(node), message));
  }
};

Document parse(std::string_view text, const std::string& file) {
  try {
    return {toml::parse(text, file), file};
  } catch (const toml::parse_error& error) {
    throw InputError(
        fmt::format("{}:{}: {}", file, error.source().begin.line, quoted(error.description())));
  }
}

/// The key with the most letters in common at the start: enough for eight keys that all differ in
/// their first two or three letters.
std::string_view nearest_key(std::string_view given) {
  const auto common = [&](std::string_view key) {
    const auto [end, unused] = std::mismatch(given.begin(), given.end(), key.begin(), key.end());
    static_cast<void>(unused);
    return end - given.begin();
  };
  return *std::max_element(kKeys.begin(), kKeys.end(), [&](std::string_view a, std::string_view b) {
    return common(a) < common(b);
  });
}

void check_keys(const Document& document) {
  for (const auto& [key, node] : document.table) {
    if (std::find(kKeys.begin(), kKeys.end(), key.str()) == kKeys.end()) {
      throw InputError(fmt::format("{}:{}: unknown key '{}'; nearest: {} (all: {})", document.file,
                                   key.source().begin.line, quoted(key.str()),
                                   nearest_key(key.str()), fmt::join(kKeys, ", ")));
    }
  }
}

/// The entries of a list; a value without a list is a list of one. Empty if the key is missing.
std::vector<const toml::node*> entries(const Document& document, std::string_view key) {
  std::vector<const toml::node*> out;
  const toml::node* node = document.table.get(key);
  if (node == nullptr) {
    return out;
  }
  if (const toml::array* list = node->as_array()) {
    for (const toml::node& entry : *list) {
      out.push_back(&entry);
    }
    if (out.empty()) {
      document.fail(*node, fmt::format("{} is an empty list", key));
    }
  } else {
    out.push_back(node);
  }
  return out;
}

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

std::string word(const Document& document, std::string_view key, const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  if (!text) {
    document.fail(node, fmt::format("{} must be text in quotes, or a list of them", key));
  }
  return *text;
}

long whole(const Document& document, std::string_view key, const toml::node& node, long least,
           long most) {
  const auto value = node.value_exact<int64_t>();
  if (!value || *value < least || *value > most) {
    document.fail(node, fmt::format("{} must be a whole number from {} to {}", key, least, most));
  }
  return static_cast<long>(*value);
}

/// Every entry of `key` in canonical text; `otherwise` if the key is missing and there is a
/// default.
std::vector<std::string> names(
    const Document& document, std::string_view key, std::optional<std::string> otherwise,
    const std::function<std::string(const std::string& text, const std::string& origin)>& read) {
  std::vector<std::string> out;
  for (const toml::node* node : entries(document, key)) {
    add_once(out, read(word(document, key, *node), document.at(*node)));
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

std::vector<ScheduleKind> read_schedules(const Document& document) {
  std::vector<ScheduleKind> out;
  for (const toml::node* node : entries(document, "schedules")) {
    add_once(out, make_schedule(word(document, "schedules", *node), document.at(*node)),
             [](const ScheduleKind& a, const ScheduleKind& b) { return text(a) == text(b); });
  }
  if (out.empty()) {
    out.emplace_back(LiCaiSchedule{});
  }
  return out;
}

/// round(from factor^k) as long as that is at most `to`.
std::vector<long> geometric_steps(const Document& document, const toml::table& range) {
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
  const long from = whole(document, "steps.from", entry("from"), 2, kMaxSteps);
  const long to = whole(document, "steps.to", entry("to"), from, kMaxSteps);
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

std::vector<long> read_steps(const Document& document) {
  const toml::node* node = document.table.get("steps");
  if (node == nullptr) {
    throw InputError(fmt::format("{}:1: needs steps = [...]", document.file));
  }
  if (const toml::table* range = node->as_table()) {
    return geometric_steps(document, *range);
  }
  std::vector<long> out;
  for (const toml::node* entry : entries(document, "steps")) {
    add_once(out, whole(document, "steps", *entry, 2, kMaxSteps));
  }
  return out;
}

std::vector<long> read_digits(const Document& document) {
  std::vector<long> out;
  for (const toml::node* entry : entries(document, "digits")) {
    add_once(out, whole(document, "digits", *entry, 0, kMaxDigits));
  }
  return out.empty() ? std::vector<long>{0} : out;
}

std::vector<Start> read_starts(const Document& document) {
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
  const Document document = parse(text, file);
  check_keys(document);
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
  grid.arithmetics = names(document, "arithmetics", LawRequest{}.arithmetic,
                           [](const auto& name, const auto& origin) {
                             return one_of(name, origin, "arithmetics", {"ball", "mp", "double"});
                           });
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
