#include "theory/radial/radial_flow.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace lemmabench {
namespace {

/// sum_{i <= n} x_i y_{n-i}.
Ball convolution(const std::vector<Ball>& x, const std::vector<Ball>& y, std::size_t n) {
  Ball sum;
  arb_dot(sum.raw(), nullptr, 0, x.front().raw(), 1, y[n].raw(), -1, static_cast<slong>(n + 1),
          PrecisionScope::bits());
  return sum;
}

/// A component as series in s, v = v_0 + s, against the one that is largest at (r_0, v_0).
struct Odds {
  std::vector<Ball> steeper;  ///< (beta_base - beta_k)/2
  std::vector<Ball> higher;   ///< of log w_k - (d/2) log W_k
  std::vector<Ball> slope;    ///< i times the exponent's coefficient i
  std::vector<Ball> odds;     ///< of the exponential
};

/// 1/(W + s), and the coefficients of -(d/2) log(W + s) beyond the first.
std::vector<Ball> precision_series(const Ball& variance, std::size_t size) {
  std::vector<Ball> beta{1 / variance};
  while (beta.size() < size) {
    beta.push_back(-(beta.back() * beta.front()));
  }
  return beta;
}

/// The series of g along a path whose q is made known one coefficient at a time.
class PrecisionAlong {
 public:
  PrecisionAlong(const ScaleMixtureLaw& law, const Ball& abar, const Ball& q, const Ball& v,
                 int order)
      : size_(static_cast<std::size_t>(order) + 1) {
    const Ball half_dim = Ball(law.dim) / 2;
    std::vector<Ball> variance;
    std::vector<Ball> factor;
    std::size_t base = 0;
    double largest = 0;
    for (std::size_t k = 0; k < law.atoms.size(); ++k) {
      variance.push_back(abar * Ball(law.atoms[k].variance) + v);
      factor.push_back(log(Ball(law.atoms[k].weight)) - log(variance[k]) * half_dim);
      // Which one is the largest is a choice: any gives enclosures.
      const double exponent = factor[k].to_double() - (q / (2 * variance[k])).to_double();
      if (k == 0 || exponent > largest) {
        base = k;
        largest = exponent;
      }
    }
    base_ = precision_series(variance[base], size_);
    for (std::size_t k = 0; k < law.atoms.size(); ++k) {
      if (k != base) {
        add(precision_series(variance[k], size_), factor[k] - factor[base], half_dim);
      }
    }
  }

  /// Coefficient n of g, from those of q up to n; ask for n = 0, 1, ... in turn.
  Ball next(const std::vector<Ball>& q) {
    const std::size_t n = sum_.size();
    Ball total(n == 0 ? 1 : 0);
    Ball excess;
    for (Odds& k : others_) {
      const Ball exponent = convolution(k.steeper, q, n) + k.higher[n];
      k.slope.push_back(exponent * static_cast<int>(n));
      if (n == 0) {
        k.odds.push_back(exp(exponent));
      } else {
        Ball sum;  // n o_n = sum_{1 <= j <= n} j e_j o_{n-j}
        arb_dot(sum.raw(), nullptr, 0, k.slope[1].raw(), 1, k.odds[n - 1].raw(), -1,
                static_cast<slong>(n), PrecisionScope::bits());
        k.odds.push_back(sum / static_cast<int>(n));
      }
      total += k.odds[n];
      excess -= convolution(k.odds, k.steeper, n);
    }
    sum_.push_back(total);
    Ball mean = 2 * excess;  // of beta_k - beta_base, times the sum of the odds
    for (std::size_t j = 0; j < n; ++j) {
      mean -= mean_[j] * sum_[n - j];
    }
    mean_.push_back(mean / sum_.front());
    return base_[n] + mean_[n];
  }

 private:
  void add(const std::vector<Ball>& beta, const Ball& higher, const Ball& half_dim) {
    Odds k;
    for (std::size_t n = 0; n < size_; ++n) {
      k.steeper.push_back((base_[n] - beta[n]) / 2);
      // d/ds (log w - (d/2) log(W+s)) = -(d/2) beta.
      k.higher.push_back(n == 0 ? higher
                                : half_dim * (base_[n - 1] - beta[n - 1]) / static_cast<int>(n));
    }
    others_.push_back(std::move(k));
  }

  std::size_t size_;
  std::vector<Ball> base_;
  std::vector<Odds> others_;
  std::vector<Ball> sum_;
  std::vector<Ball> mean_;
};

/// A scale mixture along a ray at all of a range of noise variances.
class RayField {
 public:
  RayField(const ScaleMixtureLaw& law, const Ball& abar) : law_(law), abar_(abar) {}

  std::size_t size() const { return law_.atoms.size(); }
  double narrowest(const Ball& v) const {
    double narrowest = HUGE_VAL;
    for (const ScaleMixtureLaw::Atom& atom : law_.atoms) {
      narrowest = std::min(narrowest, (abar_ * Ball(atom.variance) + v).to_double());
    }
    return narrowest;
  }
  Jet<Ball> series(const Ball& r, const Ball& v, int order, const Ball& speed) const {
    return flow_series(law_, abar_, r, v, order, speed);
  }

  class At {
   public:
    At(const ScaleMixtureLaw& law, const Ball& abar, const Ball& times)
        : mixture_(law, abar, times) {}
    Ball score(const Ball& r) const { return -mixture_.at(square(r)).precision() * r; }
    Ball score_derivative(const Ball& r) const {
      const Ball q = square(r);
      const auto at = mixture_.at(q);
      return q * at.precision_variance() - at.precision();
    }

   private:
    BallScaleMixture<> mixture_;
  };
  At at(const Ball& times) const { return At(law_, abar_, times); }

 private:
  const ScaleMixtureLaw& law_;
  const Ball& abar_;
};

}  // namespace

Jet<Ball> flow_series(const ScaleMixtureLaw& law, const Ball& abar, const Ball& r0, const Ball& v0,
                      int order, const Ball& speed) {
  std::vector<Ball> r{r0};
  std::vector<Ball> q{square(r0)};
  std::vector<Ball> g;
  PrecisionAlong precision(law, abar, q.front(), v0, std::max(order - 1, 0));
  for (int k = 0; k < order; ++k) {
    const auto n = static_cast<std::size_t>(k);
    g.push_back(precision.next(q));
    r.push_back(convolution(g, r, n) * speed / (k + 1));
    q.push_back(convolution(r, r, n + 1));
  }
  return Jet<Ball>(std::move(r), order);
}

Ball flow(const ScaleMixtureLaw& law, const Ball& abar, const Ball& r0, const Ball& from,
          const Ball& to, const FlowOptions& options) {
  return validated_flow(RayField(law, abar), r0, from, to, options);
}

}  // namespace lemmabench
