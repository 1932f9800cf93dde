#pragma once

#include <toml++/toml.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lemmabench {

/// A TOML document with the name of its file, for readers whose messages say file:line. Every
/// function throws InputError.
struct TomlDocument {
  toml::table table;
  std::string file;

  /// Parses `text`; malformed TOML is refused with its line.
  static TomlDocument parse(std::string_view text, const std::string& file);

  /// "file:line" of a node.
  std::string at(const toml::node& node) const;
  [[noreturn]] void fail(const toml::node& node, std::string_view message) const;

  /// Refuses a key of `within` that is not among `known`, naming the nearest.
  void check_keys(const toml::table& within, const std::vector<std::string_view>& known) const;

  /// The entries of a list; a value without a list is a list of one. Empty if the key is missing.
  std::vector<const toml::node*> entries(const toml::table& within, std::string_view key) const;

  /// Text in quotes; `key` names it in the message.
  std::string word(std::string_view key, const toml::node& node) const;
  /// The text in quotes that `within` must have under `key`.
  std::string needed_word(const toml::table& within, std::string_view key) const;
  /// A whole number from `least` to `most`.
  long whole(std::string_view key, const toml::node& node, long least, long most) const;
};

}  // namespace lemmabench
