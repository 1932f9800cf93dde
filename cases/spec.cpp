#include "cases/spec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMaxSpecLength = 100000;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (true) {
    const std::size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end - start));
    if (end == std::string_view::npos) {
      return parts;
    }
    start = end + 1;
  }
}

/// Edit distance in O(|a| |b|), where swapping two neighbours counts as one edit (optimal string
/// alignment): "ddmp" is nearer to "ddpm" than to "ddim".
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> former(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::swap(before, former);
    std::swap(former, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = former[j] + (a[i] == b[j] ? 0 : 1);
      row[j + 1] = std::min({row[j] + 1, former[j + 1] + 1, substituted});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

Spec::Spec(std::string name, Values values, std::string origin, Origins origins)
    : name_(std::move(name)),
      values_(std::move(values)),
      origin_(std::move(origin)),
      origins_(std::move(origins)) {}

Spec Spec::parse(std::string_view text, std::string_view origin) {
  if (text.size() > kMaxSpecLength) {
    throw InputError(fmt::format("{}: longer than {} characters; put it into a TOML file", origin,
                                 kMaxSpecLength));
  }
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  if (name.empty()) {
    throw InputError(fmt::format("{}: '{}' has no name; write name or name:key=value,key=value",
                                 origin, quoted(text)));
  }
  Values values;
  if (colon != std::string_view::npos) {
    for (const std::string& pair : split(text.substr(colon + 1), ',')) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size()) {
        throw InputError(
            fmt::format("{}: '{}' in '{}' is not key=value", origin, quoted(pair), quoted(text)));
      }
      if (!values.emplace(pair.substr(0, equals), std::vector{pair.substr(equals + 1)}).second) {
        throw InputError(fmt::format("{}: key '{}' stands twice in '{}'", origin,
                                     quoted(pair.substr(0, equals)), quoted(text)));
      }
    }
  }
  return Spec(name, std::move(values), std::string(origin));
}

std::vector<std::string> Spec::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, items] : values_) {
    out.push_back(key);
  }
  return out;
}

std::string Spec::where(std::string_view key) const {
  const auto found = origins_.find(key);
  const std::string& origin = found == origins_.end() ? origin_ : found->second;
  return fmt::format("{}: {}: {}", origin, quoted(name_), key);
}

void Spec::fail_at(std::string_view key, std::string_view message) const {
  throw InputError(fmt::format("{}: {}", where(key), message));
}

void Spec::fail(std::string_view message) const {
  throw InputError(fmt::format("{}: {}: {}", origin_, quoted(name_), message));
}

const std::vector<std::string>& Spec::items(std::string_view key) {
  asked_[std::string(key)] = true;
  const auto found = values_.find(key);
  if (found == values_.end()) {
    fail(fmt::format("needs {}=...", key));
  }
  return found->second;
}

const std::string& Spec::text(std::string_view key) {
  const std::vector<std::string>& all = items(key);
  if (all.size() != 1) {
    fail(fmt::format("{} is one value, not a list of {}", key, all.size()));
  }
  return all.front();
}

Rational Spec::number(std::string_view key) { return Rational::parse(text(key), where(key)); }

Rational Spec::number_or(std::string_view key, const Rational& otherwise) {
  asked_[std::string(key)] = true;
  return has(key) ? number(key) : otherwise;
}

long Spec::integer(std::string_view key, long least, long most) {
  const Rational value = number(key);
  if (fmpz_is_one(fmpq_denref(value.raw())) == 0 || value < Rational(least) ||
      value > Rational(most)) {
    throw InputError(fmt::format("{}: '{}' is not a whole number from {} to {}", where(key),
                                 quoted(text(key)), least, most));
  }
  return fmpz_get_si(fmpq_numref(value.raw()));
}

long Spec::integer_or(std::string_view key, long least, long most, long otherwise) {
  asked_[std::string(key)] = true;
  return has(key) ? integer(key, least, most) : otherwise;
}

std::vector<std::string> Spec::parts(std::string_view key, char separator) {
  const std::vector<std::string>& all = items(key);
  if (all.size() != 1) {
    return all;
  }
  std::string_view list = all.front();
  if (separator != '/' || list.find(';') == std::string_view::npos) {
    return split(list, separator);
  }
  // A list of one fraction is told from two numbers by a last semicolon: `1/3;`.
  if (list.back() == ';') {
    list.remove_suffix(1);
  }
  return split(list, ';');
}

std::vector<Rational> Spec::numbers(std::string_view key) {
  std::vector<Rational> out;
  for (const std::string& part : parts(key, '/')) {
    out.push_back(Rational::parse(part, where(key)));
  }
  return out;
}

std::string Spec::word(std::string_view key) { return text(key); }

void Spec::finish() const {
  for (const auto& [key, value] : values_) {
    if (asked_.find(key) == asked_.end()) {
      std::vector<std::string> known;
      for (const auto& [name, unused] : asked_) {
        known.push_back(name);
      }
      fail(fmt::format("has no key '{}'{}", quoted(key),
                       known.empty() ? "; it takes none"
                                     : fmt::format("; it takes {}", fmt::join(known, ", "))));
    }
  }
}

std::string join_list(const std::vector<Rational>& entries) {
  std::vector<std::string> texts;
  bool fractions = false;
  for (const Rational& entry : entries) {
    texts.push_back(entry.text());
    fractions = fractions || texts.back().find('/') != std::string::npos;
  }
  const std::string list = fmt::format("{}", fmt::join(texts, fractions ? ";" : "/"));
  return fractions && texts.size() == 1 ? list + ";" : list;
}

void throw_unknown_name(std::string_view origin, std::string_view kind, std::string_view given,
                        std::vector<std::string> known, std::string_view hint) {
  const std::string_view wanted = given.substr(0, 64);
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::stable_sort(known.begin(), known.end(), [&](const std::string& a, const std::string& b) {
    return edit_distance(wanted, a) < edit_distance(wanted, b);
  });
  known.resize(std::min<std::size_t>(known.size(), 3));
  throw InputError(fmt::format(
      "{}: unknown {} '{}'; nearest: {} ({})", origin, kind, quoted(given), fmt::join(known, ", "),
      hint.empty() ? fmt::format("`lemmabench list {}s` shows all", kind) : std::string(hint)));
}

}  // namespace lemmabench
