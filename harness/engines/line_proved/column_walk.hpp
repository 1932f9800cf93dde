#pragma once

#include <utility>
#include <vector>

#include "cases/sampler.hpp"
#include "numerics/ball.hpp"
#include "theory/mixture/ball_mixture.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// What the proofs on mixtures run a sampler's own steps on (docs/proved.md, P1 and P15): a state
/// whose column holds whatever real numbers stand for a vector, of which a sampler takes real
/// combinations, and the score of the mixture, which each kind of column evaluates in its way.
class ColumnWalk : public Walk<AffineForm<Ball>, Ball> {
 public:
  using Form = AffineForm<Ball>;

  Form score(int t, const Form& y) override { return score_at(schedule_.level(t), y); }
  Form score_at(const Level<Ball>& level, const Form& y) override;
  /// The numbers that stand for the state.
  const std::vector<Ball>& column() const { return state_.slope; }

 protected:
  /// Refers to law and schedule.
  ColumnWalk(const CoordinateLaw& law, const Schedule<Ball>& schedule, std::vector<Ball> start)
      : law_(law), schedule_(schedule) {
    state_.slope = std::move(start);
  }

  /// Of a column of points: the score at each.
  virtual void score_of(const BallMixture<>& mixture, const std::vector<Ball>& at,
                        std::vector<Ball>& out) const;
  /// The column alone. Throws EngineRefusal for what has more than a column, and InputError for one
  /// of another length: neither was made of states and scores by + and real factors.
  Form plain(Form y) const;

  Form state_;

 private:
  const CoordinateLaw& law_;
  const Schedule<Ball>& schedule_;
};

}  // namespace lemmabench
