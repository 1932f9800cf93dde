#include "cases/score_estimate.hpp"

#include <array>
#include <utility>

#include "cases/scores/affine_score.hpp"
#include "cases/scores/exact_score.hpp"
#include "cases/scores/wave_score.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// Wraps a score class with one template `estimate` into a ScoreEstimate.
template <class S>
class ScoreModel final : public ScoreEstimate {
 public:
  explicit ScoreModel(Spec& spec) : score_(spec) {}
  const ScoreInfo& info() const override { return S::info(); }
  std::string text() const override { return score_.text(); }
  bool exact() const override { return score_.exact(); }
  bool relative_error_is_universal() const override { return score_.relative_error_is_universal(); }
  Rational relative_error_squared() const override { return score_.relative_error_squared(); }

#define LEMMABENCH_ESTIMATE(State, Real)                                            \
  State estimate(const LevelMoments<Real>& moments, const State& x, const State& s) \
      const override {                                                              \
    return score_.template estimate<State, Real>(moments, x, s);                    \
  }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_ESTIMATE)
#undef LEMMABENCH_ESTIMATE

 private:
  S score_;
};

struct ScoreEntry {
  const ScoreInfo* info;
  std::unique_ptr<ScoreEstimate> (*make)(Spec&);
};

template <class S>
ScoreEntry score_entry() {
  return {&S::info(), [](Spec& spec) -> std::unique_ptr<ScoreEstimate> {
            return std::make_unique<ScoreModel<S>>(spec);
          }};
}

const std::array<ScoreEntry, 3>& score_entries() {
  static const std::array<ScoreEntry, 3> kEntries{
      score_entry<ExactEstimate>(), score_entry<AffineEstimate>(), score_entry<WaveEstimate>()};
  return kEntries;
}

}  // namespace

std::unique_ptr<ScoreEstimate> make_score(std::string_view text, std::string_view origin) {
  Spec spec = Spec::parse(text, origin);
  std::vector<std::string> known;
  for (const ScoreEntry& e : score_entries()) {
    if (e.info->id == spec.name()) {
      auto score = e.make(spec);
      spec.finish();
      return score;
    }
    known.emplace_back(e.info->id);
  }
  throw_unknown_name(origin, "score", spec.name(), known);
}

std::vector<const ScoreInfo*> all_scores() {
  std::vector<const ScoreInfo*> out;
  for (const ScoreEntry& e : score_entries()) {
    out.push_back(e.info);
  }
  return out;
}

}  // namespace lemmabench
