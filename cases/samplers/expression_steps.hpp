#pragma once

#include <map>
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

/// A vector of a step: its own point `index` (0 is Y_t, k the k-th stage's), or, if `earlier`, the
/// `index`-th of StageList::earlier.
struct VectorRef {
  std::size_t index = 0;
  bool earlier = false;

  friend bool operator==(const VectorRef&, const VectorRef&) = default;
};

/// A point that an earlier step made: NAME(t+lag), of the step that started `lag` levels above.
struct EarlierPoint {
  std::string name;
  int lag = 1;
  std::string origin;  ///< where the file first asks for it
};

/// A score call of a step: s_{t+offset}(point), or, with a level, at a level of the file's own.
struct ScoreCall {
  int offset = 0;                    ///< -1, 0 or 1
  std::optional<std::size_t> level;  ///< index into ExpressionSteps::levels
  VectorRef point;

  friend bool operator==(const ScoreCall&, const ScoreCall&) = default;
};

/// How a stage cuts its sum off before its noise.
enum class Cut {
  none,
  clip,  ///< to the ball |u| <= R: R u/|u| beyond (Walk::clip)
  clamp  ///< every coordinate to [-c, c] (Walk::clamp)
};

/// One stage: a linear combination of known vectors, cut off if it says so, then noise.
struct Stage {
  template <class Index>
  struct Term {
    Index of;
    Coefficient times;
  };
  std::string name;  ///< of the point it makes; "Y_{t-1}" for the last
  std::vector<Term<VectorRef>> points;
  std::vector<Term<std::size_t>> scores;  ///< indices into StageList::calls
  Cut cut = Cut::none;
  std::optional<Coefficient> bound;  ///< R or c
  std::optional<Coefficient> noise;  ///< standard deviation of fresh noise; none if 0
  /// Nothing before this stage's point is used after it: its noise ends a kernel.
  bool ends_kernel = false;
};

/// A whole step t -> t-1.
struct StageList {
  std::string key;                    ///< "stage", "first", "second", "third" or "last"
  std::vector<Stage> stages;          ///< at least one
  std::vector<ScoreCall> calls;       ///< each score is asked for once
  std::vector<EarlierPoint> earlier;  ///< each vector of an earlier step once

  bool deterministic() const;
  /// The index of the point called `name`, "y" being Y_t, if this step makes one.
  std::optional<std::size_t> find(std::string_view name) const;
};

/// A level between those of the schedule, by one number of it.
struct OwnLevel {
  enum class Unit { noise, abar, sigma, lambda };
  std::string name;
  Unit unit = Unit::noise;
  Coefficient value;
};

/// A sampler as a file gives it (docs/own_sampler.md).
struct ExpressionSteps {
  std::string title;
  std::string source;
  std::vector<OwnLevel> levels;
  std::vector<StageList> starts;  ///< the first steps t = T, T-1, T-2, as many as have their own
  StageList step;
  std::optional<StageList> last;  ///< t = 2
  /// The points that later steps ask for, and the longest lag.
  std::map<std::string, int> remembered;

  /// The stages of the step from level t of `steps`. A run so short that a step is both among the
  /// first and the last takes it as one of the first.
  const StageList& at(int t, int steps) const {
    const auto done = static_cast<std::size_t>(steps - t);
    if (done < starts.size()) {
      return starts[done];
    }
    return t == 2 && last ? *last : step;
  }
  std::vector<const StageList*> lists() const;
  bool deterministic() const;
  /// All of it as formulas, e.g. "mid = (1/sqrt(alpha)) y + ...; Y_{t-1} = ...".
  std::string formula() const;
};

/// Reads the file. Throws InputError with file:line for malformed TOML, unknown keys and symbols,
/// names used before they are made or never, and a step that looks back to a level or a vector
/// that it does not have before it in some run.
ExpressionSteps parse_expression_steps(std::string_view document, const std::string& file);

}  // namespace lemmabench
