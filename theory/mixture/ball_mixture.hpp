#pragma once

#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/complex_ball.hpp"
#include "numerics/jet.hpp"
#include "theory/process/posterior_average.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

template <class V, class S>
class MixturePoint;

/// The law of X = sqrt(a) X_0 + sqrt(v) Z on the line in the unnormalised coordinates of theory.md
/// section 1, for X_0 a finite Gaussian mixture sum_k w_k N(m_k, V_k), as enclosures:
///   p_v(x) = sum_k w_k N(x; sqrt(a) m_k, W_k),   W_k = a V_k + v.
/// With v = 1-abar_t it is the law of X_t; other v are its neighbours at the same signal.
///
/// V is what v is: Ball, or Jet<Ball>, Jet<Jet<Ball>>, Jet<ComplexBall> for a series in v.
/// Densities, scores and posteriors are asked of at(x). The precision is the thread's at
/// construction; cost: one log and one quotient a component. Nothing throws; v <= -a min V_k gives
/// infinite balls.
template <class V = Ball>
class BallMixture {
 public:
  BallMixture(const CoordinateLaw& law, const Ball& abar, const V& noise);
  /// The law of X_t.
  BallMixture(const CoordinateLaw& law, const Level<Ball>& level) requires std::same_as<V, Ball>
      : BallMixture(law, level.abar, level.noise) {}

  std::size_t size() const { return components_.size(); }
  const Ball& abar() const { return abar_; }
  const Ball& root_abar() const { return root_abar_; }
  const V& noise() const { return noise_; }
  const Ball& weight(std::size_t k) const { return components_[k].weight; }
  /// sqrt(a) m_k, W_k and 1/W_k.
  const Ball& mean(std::size_t k) const { return components_[k].mean; }
  const V& variance(std::size_t k) const { return components_[k].variance; }
  const V& precision(std::size_t k) const { return components_[k].precision; }
  /// V_k of the data, exactly: W_k = W_j when and only when V_k = V_j, and likewise for <. Balls
  /// cannot tell: two that are equal need not be the same number, nor two that differ another.
  const Rational& data_variance(std::size_t k) const { return components_[k].data_variance; }

  /// Everything at x. S is Ball (a point or a box), Jet<Ball> (a series in x or along a path),
  /// ComplexBall (rigorous integration), or a series over these; where V is not Ball, S must be V.
  /// The mixture must outlive the result, so a temporary one is refused.
  template <class S>
  MixturePoint<V, S> at(const S& x) const& {
    return MixturePoint<V, S>(*this, x);
  }
  template <class S>
  MixturePoint<V, S> at(const S& x) const&& = delete;

 private:
  template <class, class>
  friend class MixturePoint;

  /// constant + slope x.
  struct Line {
    V constant;
    V slope;
  };
  struct Component {
    Rational data_variance;  ///< V_k
    Ball weight;
    Ball mean;                ///< sqrt(a) m_k
    V variance;               ///< W_k
    V precision;              ///< 1/W_k
    Line score;               ///< u_k = (sqrt(a) m_k - x)/W_k
    Line clean_mean;          ///< E_k = (m_k v + sqrt(a) V_k x)/W_k, the mean of X_0 given x, k
    V clean_variance;         ///< V_k v/W_k, its variance
    V noise_variance;         ///< a V_k/W_k, the variance of Z given x, k
    V log_factor;             ///< log w_k - log(W_k)/2
    V log_factor_at_0;        ///< log_factor - mean^2/(2 W_k)
    double rough_factor = 0;  ///< doubles of log_factor, mean, precision: which one is largest?
    double rough_mean = 0;
    double rough_precision = 0;
  };

  Ball abar_;
  Ball root_abar_;
  V noise_;
  std::vector<Component> components_;
};

/// The density, score and posterior of a BallMixture at one x, a box of x, or a series.
///
/// The posterior weights are computed once, relative to the component that is largest at the middle
/// of x, so nothing underflows however far out x is; differences of exponents are taken as
/// polynomials in x before any enclosure can widen them. Complex results are holomorphic where they
/// are finite (they are infinite where p may vanish), except log_density's, see there. On wide
/// boxes the enclosures are still those of plain interval arithmetic: use series and
/// taylor_enclosure. Cost at 130 bits: about 1 us a component for Ball, 10 us for series of
/// order 10.
template <class V, class S>
class MixturePoint {
 public:
  MixturePoint(const BallMixture<V>& mixture, const S& x);

  /// log p_v(x), not for complex S.
  S log_density() const { return exponent() + log(sum_) - log(2 * Ball::pi()) / 2; }
  /// The same continued from the real line: infinite (when `analytic`) where the ball may meet a
  /// zero of p_v. z must contain a real point or lie in a zero-free neighbourhood of the line, as
  /// it does when numerics/ball_integral.hpp asks.
  ComplexBall log_density(bool analytic) const requires std::same_as<S, ComplexBall> {
    return exponent() + log(sum_, analytic) - log(2 * Ball::pi()) / 2;
  }
  S density() const { return exp(exponent()) * sum_ / sqrt(2 * Ball::pi()); }

  /// r_k, the posterior probability of component k.
  const S& weight(std::size_t k) const { return weights_[k]; }

  /// S_v(x) = sum_k r_k u_k, u_k = (sqrt(a) m_k - x)/W_k.
  S score() const { return average(&Component::score); }
  /// S_v'(x) = -sum_k r_k/W_k + sum_{k<j} r_k r_j (u_k - u_j)^2.
  S score_derivative() const { return spread(&Component::score) - average(&Component::precision); }
  /// E[X_0 | x] = sum_k r_k E_k.
  S posterior_mean() const { return average(&Component::clean_mean); }
  /// Cov(X_0 | x) = sum_k r_k V_k v/W_k + sum_{k<j} r_k r_j (E_k - E_j)^2.
  S posterior_variance() const {
    return average(&Component::clean_variance) + spread(&Component::clean_mean);
  }
  /// Sigma = Cov(Z | x) = sum_k r_k a V_k/W_k + v sum_{k<j} r_k r_j (u_k - u_j)^2, from the laws
  /// N(-sqrt(v) u_k, a V_k/W_k) of Z given x and k.
  S noise_variance() const {
    return average(&Component::noise_variance) + spread(&Component::score) * mixture_.noise_;
  }
  /// E_k and V_k v/W_k: given x, X_0 is the mixture sum_k r_k N(E_k, V_k v/W_k).
  S component_mean(std::size_t k) const { return line(component(k).clean_mean); }
  const V& component_variance(std::size_t k) const { return component(k).clean_variance; }

 private:
  using Component = typename BallMixture<V>::Component;
  using Line = typename BallMixture<V>::Line;

  const Component& component(std::size_t k) const { return mixture_.components_[k]; }
  S line(const Line& f) const { return x_ * f.slope + f.constant; }
  S difference(const Line& f, const Line& g) const {
    return x_ * (f.slope - g.slope) + (f.constant - g.constant);
  }
  /// The exponent of the dominant component's density times its weight, without log(2 pi)/2.
  S exponent() const;
  /// exp(exponent of k - exponent of the dominant component).
  S odds(std::size_t k) const;
  std::size_t find_dominant() const;
  /// sum_k r_k f_k, as f_dominant + sum r_k (f_k - f_dominant).
  S average(Line Component::*f) const;
  S average(V Component::*f) const;
  /// sum_{k<j} r_k r_j (f_k - f_j)^2.
  S spread(Line Component::*f) const;

  const BallMixture<V>& mixture_;
  S x_;
  std::size_t dominant_;
  std::vector<S> weights_;
  S sum_;  ///< of all odds, that of the dominant component being 1
};

template <class V>
BallMixture<V>::BallMixture(const CoordinateLaw& law, const Ball& abar, const V& noise)
    : abar_(abar), root_abar_(sqrt(abar)), noise_(noise) {
  using posterior::middle;
  components_.reserve(law.components.size());
  for (const CoordinateLaw::Component& c : law.components) {
    const Ball mean(c.mean);
    const Ball variance(c.variance);
    Component& k = components_.emplace_back();
    k.data_variance = c.variance;
    k.weight = Ball(c.weight);
    k.mean = root_abar_ * mean;
    k.variance = noise + abar * variance;
    k.precision = 1 / k.variance;
    k.score = {k.precision * k.mean, -k.precision};
    k.clean_mean = {k.precision * noise * mean, k.precision * (root_abar_ * variance)};
    k.clean_variance = k.precision * noise * variance;
    k.noise_variance = k.precision * (abar * variance);
    k.log_factor = log(k.weight) - log(k.variance) / 2;
    k.log_factor_at_0 = k.log_factor - k.precision * (k.mean * k.mean / 2);
    k.rough_factor = middle(k.log_factor);
    k.rough_mean = middle(k.mean);
    k.rough_precision = middle(k.precision);
  }
}

template <class V, class S>
MixturePoint<V, S>::MixturePoint(const BallMixture<V>& mixture, const S& x)
    : mixture_(mixture), x_(x), dominant_(find_dominant()), weights_(mixture.size()), sum_(1) {
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    if (k == dominant_) {
      weights_[k] = S(1);
    } else {
      weights_[k] = odds(k);
      sum_ += weights_[k];
    }
  }
  if (mixture_.size() > 1) {
    const S scale = 1 / sum_;
    for (S& r : weights_) {
      r *= scale;
    }
  }
}

template <class V, class S>
std::size_t MixturePoint<V, S>::find_dominant() const {
  const double at = posterior::middle(x_);
  std::size_t best = 0;
  double best_value = 0;
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    const double off = at - component(k).rough_mean;
    const double value = component(k).rough_factor - off * off * component(k).rough_precision / 2;
    if (k == 0 || value > best_value) {
      best = k;
      best_value = value;
    }
  }
  return best;
}

template <class V, class S>
S MixturePoint<V, S>::exponent() const {
  const Component& c = component(dominant_);
  return posterior::squared(S(x_ - c.mean)) * (c.precision / -2) + c.log_factor;
}

template <class V, class S>
S MixturePoint<V, S>::odds(std::size_t k) const {
  const Component& c = component(k);
  const Component& base = component(dominant_);
  const V quadratic = (base.precision - c.precision) / 2;
  const V linear = c.score.constant - base.score.constant;
  const V constant = c.log_factor_at_0 - base.log_factor_at_0;
  return exp((x_ * quadratic + linear) * x_ + constant);
}

template <class V, class S>
S MixturePoint<V, S>::average(Line Component::*f) const {
  const Line& base = component(dominant_).*f;
  S sum = line(base);
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    if (k != dominant_) {
      sum += weights_[k] * difference(component(k).*f, base);
    }
  }
  return sum;
}

template <class V, class S>
S MixturePoint<V, S>::average(V Component::*f) const {
  const V& base = component(dominant_).*f;
  S sum(base);
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    if (k != dominant_) {
      sum += weights_[k] * (component(k).*f - base);
    }
  }
  return sum;
}

template <class V, class S>
S MixturePoint<V, S>::spread(Line Component::*f) const {
  S sum(0);
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      const S gap = difference(component(k).*f, component(j).*f);
      sum += weights_[k] * weights_[j] * posterior::squared(gap);
    }
  }
  return sum;
}

}  // namespace lemmabench
