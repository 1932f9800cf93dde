#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/expression/expression.hpp"

namespace lemmabench {

/// A coefficient of a stage and where the file gives it ("mine.toml:7: y").
struct Coefficient {
  Expression value;
  std::string text;
  std::string origin;
};

/// A score call s_{t+offset}(point) of a step.
struct ScoreCall {
  int offset = 0;         ///< -1, 0 or 1
  std::size_t point = 0;  ///< as Stage::points
};

/// One stage: a linear combination of known vectors, then noise.
struct Stage {
  template <class Index>
  struct Term {
    Index of;
    Coefficient times;
  };
  std::string name;  ///< of the point it makes; "Y_{t-1}" for the last
  /// Point 0 is Y_t, point k the k-th stage's.
  std::vector<Term<std::size_t>> points;
  std::vector<Term<std::size_t>> scores;  ///< indices into StageList::calls
  std::optional<Coefficient> noise;       ///< standard deviation of fresh noise; none if 0
  /// Nothing before this stage's point is used after it: its noise ends a kernel.
  bool ends_kernel = false;
};

/// A whole step t -> t-1.
struct StageList {
  std::vector<Stage> stages;
  std::vector<ScoreCall> calls;  ///< each score is asked for once

  bool deterministic() const;
  /// The step as formulas, e.g. "mid = (1/sqrt(alpha)) y + ...; Y_{t-1} = ...".
  std::string formula() const;
};

/// A sampler as a file gives it (docs/own_sampler.md).
struct ExpressionSteps {
  std::string title;
  std::string source;
  StageList step;                  ///< t < T, and t = T where `first` is empty
  std::optional<StageList> first;  ///< t = T

  const StageList& at(bool first_step) const { return first_step && first ? *first : step; }
};

/// Reads the file. Throws InputError with file:line for malformed TOML, unknown keys and symbols,
/// names used before they are made or never, and a step that looks back to t+1 where t = T has no
/// stages of its own.
ExpressionSteps parse_expression_steps(std::string_view document, const std::string& file);

}  // namespace lemmabench
