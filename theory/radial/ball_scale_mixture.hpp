#pragma once

#include <concepts>
#include <cstddef>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/complex_ball.hpp"
#include "numerics/jet.hpp"
#include "theory/process/posterior_average.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {

template <class V, class S>
class ScalePoint;

/// The law of X = sqrt(a) X_0 + sqrt(v) Z in R^d in the unnormalised coordinates of theory.md
/// section 1, for X_0 a finite scale mixture sum_k w_k N(0, V_k I_d), as enclosures and as a
/// function of q = |x|^2:
///   p_v(x) = sum_k w_k (2 pi W_k)^{-d/2} e^{-q/(2 W_k)},   W_k = a V_k + v.
/// With v = 1-abar_t it is the law of X_t.
///
/// V is what v is: Ball, or Jet<Ball>, Jet<Jet<Ball>>, Jet<ComplexBall> for a series in v. The
/// precision is the thread's at construction; cost: one log and one quotient a component, whatever
/// d is. Nothing throws; v <= -a min V_k gives infinite balls.
template <class V = Ball>
class BallScaleMixture {
 public:
  BallScaleMixture(const ScaleMixtureLaw& law, const Ball& abar, const V& noise);
  /// The law of X_t.
  BallScaleMixture(const ScaleMixtureLaw& law,
                   const Level<Ball>& level) requires std::same_as<V, Ball>
      : BallScaleMixture(law, level.abar, level.noise) {}

  long dim() const { return dim_; }
  std::size_t size() const { return components_.size(); }
  const Ball& abar() const { return abar_; }
  const V& noise() const { return noise_; }
  /// w_k, W_k and 1/W_k.
  const Ball& weight(std::size_t k) const { return components_[k].weight; }
  const V& variance(std::size_t k) const { return components_[k].variance; }
  const V& precision(std::size_t k) const { return components_[k].precision; }
  /// V_k of the data, exactly; W_k = W_j when and only when V_k = V_j.
  const Rational& data_variance(std::size_t k) const { return components_[k].data_variance; }

  /// Everything at q = |x|^2. S is Ball (a point or a box), Jet<Ball> (a series in q or along a
  /// path), ComplexBall (rigorous integration), or a series over these; where V is not Ball, S must
  /// be V. The mixture must outlive the result, so a temporary one is refused.
  template <class S>
  ScalePoint<V, S> at(const S& q) const& {
    return ScalePoint<V, S>(*this, q);
  }
  template <class S>
  ScalePoint<V, S> at(const S& q) const&& = delete;

 private:
  template <class, class>
  friend class ScalePoint;

  struct Component {
    Rational data_variance;  ///< V_k
    Ball weight;
    V variance;               ///< W_k
    V precision;              ///< beta_k = 1/W_k
    V shrinkage;              ///< sqrt(a) V_k/W_k: the mean of X_0 given x and k is that times x
    V clean_variance;         ///< V_k v/W_k, the variance of each of its coordinates
    V noise_variance;         ///< a V_k/W_k, that of Z given x and k
    V log_factor;             ///< log w_k - (d/2) log W_k
    double rough_factor = 0;  ///< doubles of log_factor and precision: which one is largest?
    double rough_precision = 0;
  };

  long dim_;
  Ball abar_;
  V noise_;
  std::vector<Component> components_;
};

/// Density, score and posterior of a BallScaleMixture at one q = |x|^2, a box of q, or a series.
/// With r_k the posterior weights of the components and beta = 1/W under them,
///   grad log p_v(x) = -g x,  g = E beta,
/// and log p as a function of q is a cumulant generating function of -beta/2: its derivatives are
///   d/dq log p = -g/2,  d^2/dq^2 log p = kappa_2/4,  d^3/dq^3 log p = -kappa_3/8,
/// kappa_2 = Var beta and kappa_3 = E(beta-g)^3. grad^2 log p has the eigenvalue -g on what is
/// orthogonal to x (d-1 times) and -(g - q kappa_2) along x. [D]
///
/// Exponents are linear in q, and only their differences are taken, so that nothing underflows
/// however far out x is. On wide boxes of q posterior weights stay within [0, 1]. Cost at 130 bits:
/// about 1 us a component for Ball.
template <class V, class S>
class ScalePoint {
 public:
  ScalePoint(const BallScaleMixture<V>& mixture, const S& q);

  /// log p_v(x) as a density on R^d. For complex S continued from the real line, and infinite where
  /// the ball may meet the cut of the logarithm or a zero of p_v.
  S log_density() const {
    return exponent() + log(sum_) - log(2 * Ball::pi()) * scalar(mixture_.dim()) / 2;
  }
  /// p_v(x) (2 pi)^{d/2}.
  S scaled_density() const { return exp(exponent()) * sum_; }

  /// r_k, the posterior probability of component k.
  const S& weight(std::size_t k) const { return weights_[k]; }

  /// g = E beta.
  S precision() const { return average(&Component::precision); }
  /// kappa_2 = Var beta.
  S precision_variance() const { return spread(&Component::precision); }
  /// kappa_3 = E(beta - g)^3.
  S precision_third() const;

  /// E[X_0 | x] = shrinkage() x.
  S shrinkage() const { return average(&Component::shrinkage); }
  /// Cov(X_0 | x) across x, and along x.
  S clean_variance_across() const { return average(&Component::clean_variance); }
  S clean_variance_along() const {
    return clean_variance_across() + spread(&Component::shrinkage) * q_;
  }
  /// Sigma = Cov(Z | x) across x, and along x, where Z given x and k is
  /// N(sqrt(v) x/W_k, (a V_k/W_k) I).
  S noise_variance_across() const { return average(&Component::noise_variance); }
  S noise_variance_along() const {
    return noise_variance_across() + spread(&Component::precision) * q_ * mixture_.noise_;
  }
  /// tr Sigma.
  S noise_trace() const {
    return noise_variance_across() * scalar(mixture_.dim()) +
           spread(&Component::precision) * q_ * mixture_.noise_;
  }

 private:
  using Component = typename BallScaleMixture<V>::Component;

  static Ball scalar(long n) { return Ball(n); }
  const Component& component(std::size_t k) const { return mixture_.components_[k]; }
  std::size_t find_dominant() const;
  /// e_j(q) - e_k(q), e the exponents of the components' densities times their weights.
  S gap(std::size_t j, std::size_t k) const;
  S exponent() const;
  /// r_k on a box of q: 1/sum_j exp(e_j - e_k), which never exceeds 1, from both ends of the gaps
  /// (a ball that holds 1 and e^1000 holds 0 too).
  void weights_on_box();
  /// sum_k r_k f_k, as f_dominant + sum r_k (f_k - f_dominant).
  S average(V Component::*f) const;
  /// sum_{k<j} r_k r_j (f_k - f_j)^2.
  S spread(V Component::*f) const;

  const BallScaleMixture<V>& mixture_;
  S q_;
  std::size_t dominant_;
  std::vector<S> weights_;
  S sum_;  ///< of all odds, that of the dominant component being 1
};

template <class V>
BallScaleMixture<V>::BallScaleMixture(const ScaleMixtureLaw& law, const Ball& abar, const V& noise)
    : dim_(law.dim), abar_(abar), noise_(noise) {
  using posterior::middle;
  const Ball root = sqrt(abar);
  const Ball half_dim = Ball(law.dim) / 2;
  components_.reserve(law.atoms.size());
  for (const ScaleMixtureLaw::Atom& atom : law.atoms) {
    const Ball variance(atom.variance);
    Component& k = components_.emplace_back();
    k.data_variance = atom.variance;
    k.weight = Ball(atom.weight);
    k.variance = noise + abar * variance;
    k.precision = 1 / k.variance;
    k.shrinkage = k.precision * (root * variance);
    k.clean_variance = k.precision * noise * variance;
    k.noise_variance = k.precision * (abar * variance);
    k.log_factor = log(k.weight) - log(k.variance) * half_dim;
    k.rough_factor = middle(k.log_factor);
    k.rough_precision = middle(k.precision);
  }
}

template <class V, class S>
ScalePoint<V, S>::ScalePoint(const BallScaleMixture<V>& mixture, const S& q)
    : mixture_(mixture), q_(q), dominant_(find_dominant()), weights_(mixture.size()), sum_(1) {
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    if (k == dominant_) {
      weights_[k] = S(1);
    } else {
      weights_[k] = exp(gap(k, dominant_));
      sum_ += weights_[k];
    }
  }
  if (mixture_.size() == 1) {
    return;
  }
  if constexpr (std::same_as<S, Ball>) {
    if (!q_.exact()) {
      weights_on_box();
      return;
    }
  }
  const S scale = 1 / sum_;
  for (S& r : weights_) {
    r *= scale;
  }
}

template <class V, class S>
void ScalePoint<V, S>::weights_on_box() {
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    Ball least(1);
    Ball most(1);
    for (std::size_t j = 0; j < mixture_.size(); ++j) {
      if (j != k) {
        const Ball difference = gap(j, k);
        least += exp(lower_end(difference));
        most += exp(upper_end(difference));
      }
    }
    weights_[k] = Ball::hull(1 / most, 1 / least);
  }
}

template <class V, class S>
std::size_t ScalePoint<V, S>::find_dominant() const {
  const double at = posterior::middle(q_);
  std::size_t best = 0;
  double best_value = 0;
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    const double value = component(k).rough_factor - at * component(k).rough_precision / 2;
    if (k == 0 || value > best_value) {
      best = k;
      best_value = value;
    }
  }
  return best;
}

template <class V, class S>
S ScalePoint<V, S>::gap(std::size_t j, std::size_t k) const {
  const V steeper = (component(k).precision - component(j).precision) / 2;
  const V higher = component(j).log_factor - component(k).log_factor;
  return q_ * steeper + higher;
}

template <class V, class S>
S ScalePoint<V, S>::exponent() const {
  const Component& c = component(dominant_);
  return q_ * (c.precision / -2) + c.log_factor;
}

template <class V, class S>
S ScalePoint<V, S>::average(V Component::*f) const {
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
S ScalePoint<V, S>::spread(V Component::*f) const {
  S sum(0);
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      const V difference = component(k).*f - component(j).*f;
      sum += weights_[k] * weights_[j] * posterior::squared(difference);
    }
  }
  return sum;
}

template <class V, class S>
S ScalePoint<V, S>::precision_third() const {
  S sum(0);
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    S deviation(0);  // beta_k - g = sum_j r_j (beta_k - beta_j)
    for (std::size_t j = 0; j < mixture_.size(); ++j) {
      if (j != k) {
        deviation += weights_[j] * (component(k).precision - component(j).precision);
      }
    }
    sum += weights_[k] * deviation * posterior::squared(deviation);
  }
  return sum;
}

}  // namespace lemmabench
