#include "theory/mixture/mixture_bounds.hpp"

#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

/// P(z0 <= Z sqrt(2) <= z1) through the tail in which both ends lie, if they do. Both forms hold
/// for all z0 <= z1: the midpoint only chooses the one that cancels less.
Ball normal_interval(const Ball& z0, const Ball& z1) {
  if (z0.midpoint().positive() == Truth::certainly) {
    return (erfc(z0) - erfc(z1)) / 2;
  }
  return (erfc(-z1) - erfc(-z0)) / 2;
}

/// A component of the largest variance.
std::size_t widest(const BallMixture<>& mixture) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < mixture.size(); ++k) {
    if (mixture.data_variance(best) < mixture.data_variance(k)) {
      best = k;
    }
  }
  return best;
}

/// (max_k u_k - min_k u_k)^2/4 for components of one variance v: ((max m - min m)/v)^2/4.
Ball equal_variance_spread(const BallMixture<>& mixture) {
  Ball low = mixture.mean(0);
  Ball high = low;
  for (std::size_t k = 1; k < mixture.size(); ++k) {
    low = smaller(low, mixture.mean(k));
    high = larger(high, mixture.mean(k));
  }
  return square((high - low) * mixture.precision(0)) / 4;
}

/// An upper bound of r_j (u_j - u_K)^2 over the line, v_j < v_K; infinite where the precision does
/// not tell the two apart.
Ball narrow_summand(const BallMixture<>& mixture, std::size_t j, std::size_t wide) {
  const Ball a = (mixture.precision(j) - mixture.precision(wide)) / 2;
  // The maximum of (x-m_K)^2/(2 v_K) - (x-m_j)^2/(2 v_j) is (m_j - m_K)^2/(2 (v_K - v_j)).
  const Ball gap = mixture.variance(wide) - mixture.variance(j);
  const Ball peak = log(mixture.weight(j) / mixture.weight(wide)) +
                    log(mixture.variance(wide) * mixture.precision(j)) / 2 +
                    square(mixture.mean(j) - mixture.mean(wide)) / (2 * gap);
  return 4 * a * larger(peak, Ball(1));
}

}  // namespace

Ball mixture_mean(const BallMixture<>& mixture) {
  Ball out;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    out.add_product(mixture.weight(k), mixture.mean(k));
  }
  return out;
}

Ball mixture_second_moment(const BallMixture<>& mixture) {
  Ball out;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    out.add_product(mixture.weight(k), square(mixture.mean(k)) + mixture.variance(k));
  }
  return out;
}

Ball interval_probability(const BallMixture<>& mixture, const Ball& low, const Ball& high) {
  Ball out;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const Ball scale = sqrt(2 * mixture.variance(k));
    out.add_product(mixture.weight(k), normal_interval((low - mixture.mean(k)) / scale,
                                                       (high - mixture.mean(k)) / scale));
  }
  return out;
}

Ball normal_interval_probability(const Ball& sd, const Ball& low, const Ball& high) {
  const Ball scale = sqrt(Ball(2)) * sd;
  return normal_interval(low / scale, high / scale);
}

Ball density_variation(const BallMixture<>& mixture) {
  Ball out;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    out.add_product(mixture.weight(k), sqrt(2 * mixture.precision(k) / Ball::pi()));
  }
  return out;
}

Ball least_variance(const BallMixture<>& mixture) {
  Ball out = mixture.variance(0);
  for (std::size_t k = 1; k < mixture.size(); ++k) {
    out = smaller(out, mixture.variance(k));
  }
  return out;
}

Ball farthest_mean(const BallMixture<>& mixture) {
  Ball out;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    out = larger(out, abs(mixture.mean(k)));
  }
  return out;
}

Ball SlopeBounds::lipschitz() const { return larger(fall, rise); }

SlopeBounds score_slope(const BallMixture<>& mixture) {
  const std::size_t wide = widest(mixture);
  bool equal = true;
  Ball spread;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    if (mixture.data_variance(k) == mixture.data_variance(wide)) {
      spread += square((mixture.mean(k) - mixture.mean(wide)) * mixture.precision(wide));
    } else {
      equal = false;
      spread += narrow_summand(mixture, k, wide);
    }
  }
  if (equal) {
    spread = equal_variance_spread(mixture);
  }
  return {1 / least_variance(mixture), larger(spread - mixture.precision(wide), Ball(0))};
}

}  // namespace lemmabench
