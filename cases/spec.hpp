#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/rational.hpp"

namespace lemmabench {

/// What a user wrote for a target, sampler, schedule or score: `name:key=value,key=value`, where a
/// value is a number, a word, or a list separated by `/`.
///
/// A spec remembers where it came from (a flag, or file:line) so that every message can name it,
/// and refuses keys nobody read: call finish() when all known keys were taken.
class Spec {
 public:
  /// The items of a value: one as the user wrote it (a list is still joined by `/`), or the
  /// elements of a TOML array, which need no separator and may be fractions.
  using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

  /// Parses `text`. `origin` is what messages start with, e.g. "--target". Throws InputError if the
  /// name is empty, a key has no value or stands twice, or the text exceeds 100,000 characters.
  static Spec parse(std::string_view text, std::string_view origin);
  /// Where each key was read, e.g. "case.toml:4"; keys without an entry have the spec's origin.
  using Origins = std::map<std::string, std::string, std::less<>>;
  /// For readers of other formats (TOML): a spec with the same meaning.
  Spec(std::string name, Values values, std::string origin, Origins origins = {});

  const std::string& name() const { return name_; }
  const std::string& origin() const { return origin_; }
  bool has(std::string_view key) const { return values_.find(key) != values_.end(); }

  /// All keys, for a reader that hands them on.
  std::vector<std::string> keys() const;

  /// The value of `key` as an exact number; throws InputError if it is missing or malformed.
  Rational number(std::string_view key);
  Rational number_or(std::string_view key, const Rational& otherwise);
  /// A whole number from `least` to `most`.
  long integer(std::string_view key, long least, long most);
  long integer_or(std::string_view key, long least, long most, long otherwise);
  /// A list `a/b/c`, where `1/3` is two entries; a list that holds fractions is separated by `;`
  /// instead, as in `1/3;2/3` (`1/3;` if it is the only entry), or is a TOML array.
  std::vector<Rational> numbers(std::string_view key);
  std::string word(std::string_view key);
  /// The items of a value: the elements of a TOML array, or the inline text split at `separator`
  /// (at `;` in place of `/` if there is one).
  std::vector<std::string> parts(std::string_view key, char separator);

  /// Throws InputError naming the first key that was never asked for, and the keys that exist.
  void finish() const;
  /// InputError with the origin and name in front.
  [[noreturn]] void fail(std::string_view message) const;
  /// The same about one value: starts with where(key).
  [[noreturn]] void fail_at(std::string_view key, std::string_view message) const;
  /// "origin: name: key" for messages about one value.
  std::string where(std::string_view key) const;

 private:
  std::string name_;
  Values values_;
  std::map<std::string, bool, std::less<>> asked_;
  std::string origin_;
  Origins origins_;

  const std::vector<std::string>& items(std::string_view key);
  const std::string& text(std::string_view key);
};

/// Joins list entries so that Spec reads them back: with `/`, or with `;` if one is a fraction.
std::string join_list(const std::vector<Rational>& entries);

/// "origin: unknown <kind> 'x'; nearest: a, b, c (<hint>)": the error for a name nobody has, with
/// the names nearest in edit distance. Throws InputError always. The hint says where all are; by
/// default
/// "`lemmabench list <kind>s` shows all".
[[noreturn]] void throw_unknown_name(std::string_view origin, std::string_view kind,
                                     std::string_view given, std::vector<std::string> known,
                                     std::string_view hint = "");

}  // namespace lemmabench
