#include "harness/monte_carlo/certificate/end_steps.hpp"

#include <utility>
#include <vector>

#include "cases/walk.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/ball.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

/// One step on a form with three coefficients: of the state, of E[X_0], and of a score that is told
/// from both (between equal levels it may be any).
template <class Real>
class OneStepWalk final : public Walk<AffineForm<Real>, Real> {
 public:
  using State = AffineForm<Real>;
  enum class Scores { normal, any };

  explicit OneStepWalk(Scores scores, int level) : scores_(scores), level_(level) {}

  State state() override {
    known_ = known_ && kernels_ == 0;
    return unit(0);
  }
  State score(int t, const State& y) override {
    known_ = known_ && (scores_ == Scores::any || t == level_);
    return scores_ == Scores::normal ? Real(-1) * y : unit(2);
  }
  State score_at(const Level<Real>&, const State&) override {
    known_ = known_ && scores_ == Scores::any;
    return unit(2);
  }
  State data_mean() override { return unit(1); }
  State clip(const State& u, const Real&) override {
    known_ = false;
    return u;
  }
  State clamp(const State& u, const Real&) override {
    known_ = false;
    return u;
  }
  void remember(int, const State&) override {}
  State recall(int) override {
    known_ = false;
    return unit(0);
  }
  State add_noise(const State& y, const Real&) override {
    known_ = false;
    return y;
  }
  // The sign of a coefficient does not matter (cases/kernel_walk.hpp).
  void move(const State& mean, const Real& coefficient) override {
    end(mean, coefficient * coefficient);
  }
  void move(const State& mean) override { end(mean, Real(0)); }

  /// The step was one kernel, all of whose mean is known by the form.
  bool known() const { return known_; }
  int kernels() const { return kernels_; }
  const State& mean() const { return mean_; }
  const Real& variance() const { return variance_; }

 private:
  void end(const State& mean, Real variance) {
    known_ = known_ && kernels_ == 0;
    ++kernels_;
    mean_ = mean;
    mean_.settle();
    variance_ = std::move(variance);
  }
  static State unit(std::size_t k) {
    State out;
    out.slope.assign(3, Real(0));
    out.slope[k] = Real(1);
    return out;
  }

  Scores scores_;
  int level_;
  bool known_ = true;
  int kernels_ = 0;
  State mean_ = unit(0);
  Real variance_{0};
};

}  // namespace

template <class Real>
std::optional<NormalStart<Real>> normal_start(const Sampler& sampler, const Step<Real>& c) {
  OneStepWalk<Real> walk(OneStepWalk<Real>::Scores::normal, c.t);
  sampler.step(c, walk);
  if (!walk.known() || walk.kernels() != 1 || !walk.mean().offset.empty()) {
    return std::nullopt;
  }
  const Real& kept = walk.mean().slope[0];
  return NormalStart<Real>{walk.mean().slope[1], kept * kept + walk.variance()};
}

bool stands_still(const Sampler& sampler, const Step<double>& c) {
  OneStepWalk<double> walk(OneStepWalk<double>::Scores::any, c.t);
  sampler.step(c, walk);
  const std::vector<double>& mean = walk.mean().slope;
  return walk.known() && walk.variance() == 0 && mean[0] == 1 && mean[1] == 0 && mean[2] == 0 &&
         walk.mean().offset.empty();
}

template std::optional<NormalStart<double>> normal_start(const Sampler&, const Step<double>&);
template std::optional<NormalStart<Ball>> normal_start(const Sampler&, const Step<Ball>&);

}  // namespace lemmabench
