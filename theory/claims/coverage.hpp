#pragma once

#include <string>

namespace lemmabench {

/// How much of what a statement is about an evaluation has looked at.
///
/// A statement speaks of every T, every t, every typical x, every law. Only an evaluation that
/// leaves none of them out proves the statement on its case; one that looks at some of them proves
/// those instances, however surely. Neither is the default: an evaluator returns a Coverage, and
/// has to say which it is.
class Coverage {
 public:
  /// Everything the statement is about on this case; `how` says why nothing is left out.
  static Coverage whole(std::string how);
  /// `count` instances of more; `of` says what is counted, and over what each of them reaches:
  /// "values of T, every t". Throws std::logic_error for a count below 1.
  static Coverage instances(long count, std::string of);

  bool is_whole() const { return count_ == 0; }
  /// The number of instances; 0 when the whole is covered.
  long count() const { return count_; }
  /// `how` or `of`.
  const std::string& what() const { return what_; }

 private:
  Coverage(long count, std::string what) : count_(count), what_(std::move(what)) {}

  long count_;
  std::string what_;
};

}  // namespace lemmabench
