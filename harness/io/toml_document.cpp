#include "harness/io/toml_document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

/// The key with the most letters in common at the start: enough for a few keys that differ in their
/// first letters.
std::string_view nearest_key(std::string_view given, const std::vector<std::string_view>& known) {
  const auto common = [&](std::string_view key) {
    const auto [end, unused] = std::mismatch(given.begin(), given.end(), key.begin(), key.end());
    static_cast<void>(unused);
    return end - given.begin();
  };
  return *std::max_element(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
    return common(a) < common(b);
  });
}

}  // namespace

TomlDocument TomlDocument::parse(std::string_view text, const std::string& file) {
  try {
    return {toml::parse(text, file), file};
  } catch (const toml::parse_error& error) {
    throw InputError(
        fmt::format("{}:{}: {}", file, error.source().begin.line, quoted(error.description())));
  }
}

std::string TomlDocument::at(const toml::node& node) const {
  return fmt::format("{}:{}", file, node.source().begin.line);
}

void TomlDocument::fail(const toml::node& node, std::string_view message) const {
  throw InputError(fmt::format("{}: {}", at(node), message));
}

void TomlDocument::check_keys(const toml::table& within,
                              const std::vector<std::string_view>& known) const {
  for (const auto& [key, node] : within) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
      throw InputError(fmt::format("{}:{}: unknown key '{}'; nearest: {} (all: {})", file,
                                   key.source().begin.line, quoted(key.str()),
                                   nearest_key(key.str(), known), fmt::join(known, ", ")));
    }
  }
}

std::vector<const toml::node*> TomlDocument::entries(const toml::table& within,
                                                     std::string_view key) const {
  std::vector<const toml::node*> out;
  const toml::node* node = within.get(key);
  if (node == nullptr) {
    return out;
  }
  if (const toml::array* list = node->as_array()) {
    for (const toml::node& entry : *list) {
      out.push_back(&entry);
    }
    if (out.empty()) {
      fail(*node, fmt::format("{} is an empty list", key));
    }
  } else {
    out.push_back(node);
  }
  return out;
}

std::string TomlDocument::word(std::string_view key, const toml::node& node) const {
  const auto text = node.value_exact<std::string>();
  if (!text) {
    fail(node, fmt::format("{} must be text in quotes, or a list of them", key));
  }
  return *text;
}

std::string TomlDocument::needed_word(const toml::table& within, std::string_view key) const {
  const toml::node* node = within.get(key);
  if (node == nullptr) {
    fail(within, fmt::format("needs {} = ...", key));
  }
  return word(key, *node);
}

long TomlDocument::whole(std::string_view key, const toml::node& node, long least,
                         long most) const {
  const auto value = node.value_exact<int64_t>();
  if (!value || *value < least || *value > most) {
    fail(node, fmt::format("{} must be a whole number from {} to {}", key, least, most));
  }
  return static_cast<long>(*value);
}

}  // namespace lemmabench
