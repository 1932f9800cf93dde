#pragma once

#include <stdexcept>
#include <string>

namespace lemmabench {

/// What the user gave cannot be used: an unknown name, a malformed number, a value out of range.
/// The message is one line and says what is wrong, where (flag or file:line) and what would be
/// right. The command line ends with exit code 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The input is sound but this engine cannot take it (for instance a score that is not affine on
/// the Gaussian law). The message names an engine that can, if there is one. Exit code 2.
class EngineRefusal : public InputError {
 public:
  using InputError::InputError;
};

/// A numerical method could not reach what was asked of it within its stated caps (precision,
/// nodes, steps). Not the user's fault and not a verdict: exit code 3.
class NumericalFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace lemmabench
