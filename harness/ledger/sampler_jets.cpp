#include "harness/ledger/sampler_jets.hpp"

#include <fmt/format.h>

#include <optional>

#include "cases/sampler.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// A walk of one step whose points and coefficients are series.
class JetWalk final : public Walk<Jet<Ball>, Jet<Ball>> {
 public:
  JetWalk(const Jet<Ball>& start, const JetScore& score) : start_(start), score_(score) {}

  Jet<Ball> state() override { return start_; }
  Jet<Ball> score(int t, const Jet<Ball>& y) override { return score_(t, y); }
  Jet<Ball> add_noise(const Jet<Ball>&, const Jet<Ball>&) override {
    throw EngineRefusal("an intermediate noise leaves no map x -> Psi_t(x); leave kappa out");
  }
  Jet<Ball> clip(const Jet<Ball>&, const Jet<Ball>&) override {
    throw EngineRefusal("clipping has no Taylor series where it sets in; leave clip out");
  }
  void move(const Jet<Ball>& mean, const Jet<Ball>&) override { mean_ = mean; }
  void move(const Jet<Ball>& mean) override { mean_ = mean; }

  const std::optional<Jet<Ball>>& mean() const { return mean_; }

 private:
  const Jet<Ball>& start_;
  const JetScore& score_;
  std::optional<Jet<Ball>> mean_;
};

Step<Jet<Ball>> coefficients(const JetStep& step) {
  Step<Jet<Ball>> c;
  c.t = step.t;
  c.steps = step.steps;
  c.dim = step.dim;
  c.abar = step.abar;
  c.noise = step.noise;
  c.b = step.b;
  c.alpha = 1 - step.b;
  c.sqrt_alpha = sqrt(c.alpha);
  c.noise_next = (step.noise - step.b) / c.alpha;  // 1 - abar_t/alpha_t
  c.h = step.b / step.noise;
  if (!c.first()) {
    c.b1 = step.b1;
    c.sqrt_alpha1 = sqrt(1 - step.b1);
  }
  return c;
}

}  // namespace

Jet<Ball> sampler_step_map(const std::string& sampler, const JetStep& step, const Jet<Ball>& x,
                           const JetScore& score) {
  const auto made = make_sampler(sampler, "--sampler");
  if (!made->info().path_kernel) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: its step is not one kernel y -> N(Psi(y)/sqrt(alpha), b/alpha)", sampler));
  }
  const Step<Jet<Ball>> c = coefficients(step);
  JetWalk walk(x, score);
  made->step(c, walk);
  return *walk.mean() * c.sqrt_alpha;
}

}  // namespace lemmabench
