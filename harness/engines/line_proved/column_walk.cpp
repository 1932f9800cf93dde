#include "harness/engines/line_proved/column_walk.hpp"

#include "numerics/error.hpp"
#include "numerics/sampler_misuse.hpp"

namespace lemmabench {

AffineForm<Ball> ColumnWalk::score_at(const Level<Ball>& level, const Form& y) {
  const Form at = plain(y);
  Form out;
  out.slope.resize(at.blocks());
  score_of(BallMixture<>(law_, level), at.slope, out.slope);
  return out;
}

void ColumnWalk::score_of(const BallMixture<>& mixture, const std::vector<Ball>& at,
                          std::vector<Ball>& out) const {
  for (std::size_t i = 0; i < at.size(); ++i) {
    out[i] = mixture.at(at[i]).score();
  }
}

AffineForm<Ball> ColumnWalk::plain(Form y) const {
  y.settle();
  if (y.blocks() != state_.blocks()) {
    throw_foreign_vectors();
  }
  if (!y.offset.empty() || !y.memory.empty() || !y.noise.empty()) {
    throw EngineRefusal(
        "--arithmetic ball: the proved law of a mixture takes samplers that add up states and "
        "scores, and this one adds a constant; leave --arithmetic out for the computed law");
  }
  return y;
}

}  // namespace lemmabench
