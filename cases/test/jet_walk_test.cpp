#include <doctest/doctest.h>

#include "cases/samplers/ddpm.hpp"
#include "cases/samplers/li_cai.hpp"
#include "cases/samplers/li_cai_momentum.hpp"
#include "numerics/jet.hpp"

/// A sampler's step as a power series in b, with the sampler's own code.
namespace lemmabench {
namespace {

using Series = Jet<Ball>;

/// One step from a fixed y on N(0, lambda) at noise 1-abar_t, levels t-1, t, t+1 at equal b.
class SeriesWalk final : public Walk<Series, Series> {
 public:
  explicit SeriesWalk(int order) : b_(Series::variable(Ball(0), order)) {}

  Step<Series> step() const {
    Step<Series> c;
    c.t = 5;
    c.steps = 10;
    c.abar = Ball(Rational(1, 2));
    c.noise = Ball(Rational(1, 2));
    c.b = b_;
    c.h = b_ / c.noise;
    c.alpha = 1 - b_;
    c.sqrt_alpha = sqrt(c.alpha);
    c.noise_next = 1 - c.abar / c.alpha;
    c.b1 = b_;
    c.sqrt_alpha1 = c.sqrt_alpha;
    return c;
  }
  /// abar at level 5 + n.
  Series abar(int n) const { return Ball(Rational(1, 2)) * pow(1 - b_, n); }

  Series state() override { return Series(3); }
  Series score(int t, const Series& y) override {
    return -y / (abar(t - 5) * Ball(lambda) + 1 - abar(t - 5));
  }
  Series add_noise(const Series& y, const Series&) override { return y; }
  Series clip(const Series& u, const Series&) override { return u; }
  void move(const Series& mean, const Series&) override { mean_ = mean; }
  void move(const Series& mean) override { mean_ = mean; }

  /// The exact map over sqrt(alpha): sqrt((w - 2b)/w) y/sqrt(alpha), w = abar lambda + 1 - abar.
  Series exact() const {
    const Ball w = Ball(Rational(1, 2)) * Ball(lambda) + Ball(Rational(1, 2));
    return sqrt(1 - b_ * 2 / w) * Ball(3) / sqrt(1 - b_);
  }
  const Series& mean() const { return mean_; }

  static inline const Rational lambda{1, 3};

 private:
  Series b_;
  Series mean_;
};

template <class S>
int order_of_one_step(const char* text) {
  const PrecisionScope scope(128);
  Spec spec = Spec::parse(text, "test");
  const S sampler(spec);
  SeriesWalk walk(6);
  sampler.template step<Series, Series>(walk.step(), walk);
  const Series error = walk.mean() - walk.exact();
  int order = 0;
  while (error.coefficient(order).contains_zero()) {
    ++order;
  }
  return order;
}

TEST_CASE("the samplers' own code gives the order of one step in b") {
  CHECK(order_of_one_step<Ddpm>("ddpm") == 2);
  // With beta = b/w: 1 - beta - beta^2/2 - beta^3/2 - beta^4/2 against sqrt(1 - 2 beta) =
  // 1 - beta - beta^2/2 - beta^3/2 - 5 beta^4/8 (super-convergent on one Gaussian).
  CHECK(order_of_one_step<LiCai>("li-cai:clip=1,kappa=1/2") == 4);
  CHECK(order_of_one_step<LiCaiMomentum>("li-cai-momentum:clip=1") == 3);
}

}  // namespace
}  // namespace lemmabench
