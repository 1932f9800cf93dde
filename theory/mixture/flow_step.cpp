#include "theory/mixture/flow_step.hpp"

#include <cmath>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"
#include "theory/mixture/mixture_integrals.hpp"

namespace lemmabench {
namespace {

/// F(y) of the law at the end of the step, through the tail that is the smaller at the start.
class Tail {
 public:
  Tail(const BallMixture<>& from, const BallMixture<>& to, const Ball& x) : to_(to) {
    level_ = cdf(from, x);
    low_ = level_.to_double() < 0.5;  // both tails give the same root: chosen for accuracy
    if (!low_) {
      level_ = upper_tail(from, x);
    }
  }
  /// F_to(y) - F_from(x), signed so that it increases with y.
  Ball excess(const Ball& y) const { return low_ ? at(y) - level_ : level_ - at(y); }
  /// Newton's step towards the root of the logarithm of the tail, which is nearly a parabola where
  /// the tail itself is far from linear.
  Ball logarithmic_step(const Ball& y) const {
    EvaluationBudget::spend(static_cast<double>(to_.size()));
    const Ball tail = at(y);
    const Ball step = log(tail / level_) * tail / to_.at(y).density();
    return low_ ? -step : step;
  }

 private:
  Ball at(const Ball& y) const { return low_ ? cdf(to_, y) : upper_tail(to_, y); }

  const BallMixture<>& to_;
  Ball level_;
  bool low_ = true;
};

constexpr int kGuesses = 40;
constexpr int kShrinks = 6;

}  // namespace

FlowStep::FlowStep(const CoordinateLaw& law, const Ball& abar, const Ball& from, const Ball& to)
    : variance_drop_(from - to), from_(law, abar, from), to_(law, abar, to) {}

Ball FlowStep::at(const Ball& x) const {
  const Tail tail(from_, to_, x);
  const double sd = sqrt(to_.variance(0)).to_double();
  // dx/dv = -S/2: an Euler step, then Newton's method on points. A guess, taken at midpoints; what
  // is returned has been verified below.
  Ball y = (x + from_.at(x).score() * variance_drop_ / 2).midpoint();
  for (int i = 0; i < kGuesses; ++i) {
    const Ball step = tail.logarithmic_step(y);
    y = (y + step).midpoint();
    if (std::abs(step.to_double()) < 1e-10 * sd) {
      break;
    }
  }
  // A box that Newton's operator y - excess(y)/p(box) maps into itself holds the root.
  const Ball excess = tail.excess(y);
  Ball box = Ball::around(y, 16 * (excess / to_.at(y).density()).magnitude_upper());
  for (int i = 0; i < kShrinks; ++i) {
    const Ball next = y - excess / to_.at(box).density();
    if (box.contains(next)) {
      return next;
    }
    box = Ball::around(y, 16 * (next - y).magnitude_upper());
  }
  throw NumericalFailure("the flow over one step could not be enclosed by Newton's method");
}

Ball FlowStep::operator()(const Ball& x) const {
  if (x.exact()) {
    return at(x);
  }
  return Ball::hull(at(lower_end(x)), at(upper_end(x)));
}

Jet<Ball> FlowStep::series(const Ball& x0, const Ball& image, int order) const {
  const auto n = static_cast<std::size_t>(order);
  std::vector<Ball> eta(n + 1);
  eta[0] = image;
  if (n == 0) {
    return Jet<Ball>(std::move(eta), 0);
  }
  const Jet<Ball> above = from_.at(Jet<Ball>::variable(x0, order - 1)).log_density();
  const Jet<Ball> below = to_.at(Jet<Ball>::variable(image, order - 1)).log_density();
  // y' = e^g, g(s) = log p_from(x_0 + s) - log p_to(y), y = image + eta_1 s + eta_2 s^2 + ...; the
  // difference of logarithms keeps the dependence of the two sides on boxes small.
  std::vector<Ball> g(n);
  std::vector<Ball> slope(n);                                     // y'
  std::vector<std::vector<Ball>> power(n, std::vector<Ball>(n));  // (eta^j)_k
  for (std::size_t k = 0; k < n; ++k) {
    g[k] = above.coefficient(static_cast<int>(k));
    if (k == 0) {
      g[0] -= below.value();
      slope[0] = exp(g[0]);
    }
    for (std::size_t j = 1; j <= k; ++j) {
      power[j][k] = j == 1 ? eta[k] : Ball(0);
      for (std::size_t i = 1; j > 1 && i <= k + 1 - j; ++i) {
        power[j][k].add_product(eta[i], power[j - 1][k - i]);
      }
      g[k] -= below.coefficient(static_cast<int>(j)) * power[j][k];
    }
    for (std::size_t j = 1; j <= k; ++j) {
      slope[k] += g[j] * slope[k - j] * static_cast<int>(j) / static_cast<int>(k);
    }
    eta[k + 1] = slope[k] / static_cast<int>(k + 1);
  }
  return Jet<Ball>(std::move(eta), order);
}

}  // namespace lemmabench
