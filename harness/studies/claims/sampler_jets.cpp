#include "harness/studies/claims/sampler_jets.hpp"

#include <fmt/format.h>

#include <optional>

#include "cases/sampler.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// A walk of one step whose points and coefficients are series.
template <class Real>
class SeriesWalk final : public Walk<Jet<Real>, Jet<Real>> {
 public:
  using Series = Jet<Real>;

  SeriesWalk(const Series& start, const SeriesScore<Real>& score) : start_(start), score_(score) {}

  Series state() override { return start_; }
  Series score(int t, const Series& y) override { return score_(t, y); }
  Series add_noise(const Series&, const Series&) override {
    throw EngineRefusal("an intermediate noise leaves no map x -> Psi_t(x); leave kappa out");
  }
  Series clip(const Series&, const Series&) override {
    throw EngineRefusal("clipping has no Taylor series where it sets in; leave clip out");
  }
  void move(const Series& mean, const Series&) override { mean_ = mean; }
  void move(const Series& mean) override { mean_ = mean; }

  const std::optional<Series>& mean() const { return mean_; }

 private:
  const Series& start_;
  const SeriesScore<Real>& score_;
  std::optional<Series> mean_;
};

template <class Real>
Step<Jet<Real>> coefficients(const SeriesStep<Real>& step) {
  Step<Jet<Real>> c;
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

template <class Real>
Jet<Real> sampler_step_map(const std::string& sampler, const SeriesStep<Real>& step,
                           const Jet<Real>& x, const SeriesScore<Real>& score) {
  const auto made = make_sampler(sampler, "--sampler");
  if (!made->info().path_kernel) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: its step is not one kernel y -> N(Psi(y)/sqrt(alpha), b/alpha)", sampler));
  }
  const Step<Jet<Real>> c = coefficients(step);
  SeriesWalk<Real> walk(x, score);
  made->step(c, walk);
  return *walk.mean() * c.sqrt_alpha;
}

template Jet<Ball> sampler_step_map<Ball>(const std::string&, const JetStep&, const Jet<Ball>&,
                                          const JetScore&);
template Jet<Jet<Ball>> sampler_step_map<Jet<Ball>>(const std::string&, const NestedStep&,
                                                    const Jet<Jet<Ball>>&, const NestedScore&);

}  // namespace lemmabench
