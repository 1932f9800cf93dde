#include "theory/product/product_total_variation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "numerics/complex.hpp"
#include "numerics/error.hpp"
#include "numerics/log_functions.hpp"

namespace lemmabench {
namespace {

using C = Complex<double>;

/// Relative change at which a sum stops.
constexpr double kTolerance = 1e-11;
/// What a coordinate's law may lack in mass. Both are scaled to mass 1 on their panels, so what is
/// missing is below the floor of the nodes; one that is not resolved lacks nearly all.
constexpr double kMostLost = 1e-8;
/// Laws that share no more than this are apart as far as a double shows.
constexpr double kNoOverlap = 1e-14;
/// Sines that one sum may cost: about 0.05 s.
constexpr double kMostWork = 1e6;

/// log(1+z) for complex z, relatively accurate for small z.
C log1p(const C& z) {
  if (!(taxicab(z) < 0.5)) {  // what is no number has no series either
    return log(z + 1);
  }
  const C excess = log1p_excess_series<C>(z, [](const C& term) { return taxicab(term) < 1e-18; });
  return z * (excess + 1);
}

/// log(1+z) - z.
C log1p_minus(const C& z) {
  if (!(taxicab(z) < 0.5)) {
    return log(z + 1) - z;
  }
  return z * log1p_excess_series<C>(z, [&](const C& term) {
           return taxicab(term) < 1e-18 * std::max(1e-300, taxicab(z));
         });
}

/// x^3/6 (1 + y/20 (1 + y/42 ...)), y = -x^2 for sin and x^2 for sinh.
double third_order(double x, double y) {
  double term = x * y / 6;
  double sum = 0;
  for (int n = 4; std::abs(term) > 1e-18 * std::abs(sum); n += 2) {
    sum += term;
    term *= y / (n * (n + 1));
  }
  return sum;
}

double sin_minus(double x) { return std::abs(x) > 0.6 ? std::sin(x) - x : third_order(x, -x * x); }

double sinh_minus(double x) { return std::abs(x) > 0.6 ? std::sinh(x) - x : third_order(x, x * x); }

/// A factor as B needs it: with g = sqrt(pq) at the nodes.
struct FactorNodes {
  std::vector<double> root_mass;       ///< of g
  std::vector<double> half_log_ratio;  ///< u
  double defect = 0;                   ///< (1/2) int (sqrt q - sqrt p)^2
  double third = 0;                    ///< int 2 g (sinh u - u)
  double second = 0;                   ///< E_g (2u)^2, where log q/p is more than rounding
};

/// The formulas below have the first order taken off, which is right for laws of mass 1 only.
void require_mass(double mass) {
  if (!(std::abs(mass - 1) < kMostLost)) {
    throw NumericalFailure(fmt::format(
        "a coordinate's law has mass {:.6g} where it is compared: it spreads beyond, or is finer "
        "than, what the engine resolves; `lemmabench particles` takes samples of it",
        mass));
  }
}

FactorNodes prepare(RatioNodes nodes) {
  FactorNodes out;
  double seen = 0;
  double mass_of_p = 0;
  double mass_of_q = 0;
  for (std::size_t j = 0; j < nodes.mass.size(); ++j) {
    const double mass = nodes.mass[j];
    const double u = nodes.half_log_ratio[j];
    const double change = std::expm1(u);
    const double root = std::exp(u);
    out.root_mass.push_back(mass * root);
    mass_of_p += mass;
    mass_of_q += out.root_mass[j] * root;
    out.defect += mass * change * change / 2;
    out.third += 2 * out.root_mass[j] * sinh_minus(u);
    if (mass > 1e-13) {
      seen += out.root_mass[j];
      out.second += out.root_mass[j] * 4 * u * u;
    }
  }
  require_mass(mass_of_p);
  require_mass(mass_of_q);
  out.second /= seen;
  out.half_log_ratio = std::move(nodes.half_log_ratio);
  return out;
}

/// B(1/2 + iy) - 1 for one pair on the line. E_p[r^w - 1 - w (r-1)], w = 1/2 - iy, in which the
/// first order is left out because its mean is 0; with theta = 2 y u:
///   real  -2 e^u sin^2(theta/2) - (e^u - 1)^2/2,
///   imag  -e^u ((sin theta - theta) - 2 y (sinh u - u)).
C affinity_less_one(const FactorNodes& nodes, double y) {
  double squares = 0;
  double sines = 0;
  for (std::size_t j = 0; j < nodes.root_mass.size(); ++j) {
    const double half = y * nodes.half_log_ratio[j];
    const double sine = std::sin(half);
    const double excess =
        std::abs(half) > 0.3 ? 2 * (sine * std::cos(half) - half) : sin_minus(2 * half);
    squares += nodes.root_mass[j] * sine * sine;
    sines += nodes.root_mass[j] * excess;
  }
  return {-2 * squares - nodes.defect, y * nodes.third - sines};
}

/// log B(1/2 + iy) of a Gaussian block (gaussian_divergences.hpp), the first order in e taken off.
C log_affinity_of(const RelativeBlock<double>& block, double y) {
  const C s{0.5, y};
  const C bend = lemmabench::log1p_minus(block.e) * s - log1p_minus(block.e * s);
  const C pull = C{(0.25 + y * y) * block.shift, 0} / (block.e * s + 1);
  return 0.5 * (static_cast<double>(block.multiplicity) * bend - pull);
}

/// sqrt of the variance of L under sqrt(pq), its mean taken as 0 (it is of third order).
double spread(std::span<const ProductFactor> factors, const std::vector<FactorNodes>& nodes,
              RelativeBlocks<double> blocks) {
  double sum = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    sum += static_cast<double>(factors[i].copies) * nodes[i].second;
  }
  for (const RelativeBlock<double>& block : blocks) {
    const double below = 1 + block.e / 2;
    sum += static_cast<double>(block.multiplicity) * block.e * block.e / (2 * below * below) +
           block.shift * (1 + block.e) / (below * below * below);
  }
  return std::sqrt(sum);
}

class Inversion {
 public:
  Inversion(std::span<const ProductFactor> factors, RelativeBlocks<double> blocks)
      : factors_(factors), blocks_(blocks) {
    resolve(0);
    spread_ = spread(factors_, nodes_, blocks_);
  }

  double spread_of_ratio() const { return spread_; }
  /// log int sqrt(pq).
  double log_overlap() { return log_affinity(0).re; }
  Estimate<double> sum(double period);

 private:
  void resolve(double frequency) {
    nodes_.clear();
    for (const ProductFactor& factor : factors_) {
      nodes_.push_back(prepare(factor.nodes(frequency)));
    }
    resolved_ = frequency;
  }
  C log_affinity(double y);

  std::span<const ProductFactor> factors_;
  RelativeBlocks<double> blocks_;
  std::vector<FactorNodes> nodes_;
  double resolved_ = 0;
  double work_ = 0;
  double spread_ = 0;
};

C Inversion::log_affinity(double y) {
  if (y > resolved_) {
    resolve(1.5 * y);
  }
  C sum;
  for (std::size_t i = 0; i < factors_.size(); ++i) {
    work_ += static_cast<double>(nodes_[i].root_mass.size());
    sum = sum + static_cast<double>(factors_[i].copies) * log1p(affinity_less_one(nodes_[i], y));
  }
  for (const RelativeBlock<double>& block : blocks_) {
    sum = sum + log_affinity_of(block, y);
  }
  return sum;
}

/// 1 - (1 - e^{-x})/x.
double remaining_weight(double x) {
  if (x > 0.5) {
    return 1 + std::expm1(-x) / x;
  }
  double term = x / 2;
  double sum = 0;
  for (int n = 3; std::abs(term) > 1e-18 * sum; ++n) {
    sum += term;
    term *= -x / n;
  }
  return sum;
}

/// A term of the sum: its weight and Re B.
struct SeriesTerm {
  double weight;
  double affinity;
};

/// sum a_k (1 - sigma(k/K) Re B_k) over k = 1..K with sigma(x) = e^{-36 x^8}, less what the plain
/// sum has: sum a_k (1 - sigma) Re B_k.
double filter_correction(const std::vector<SeriesTerm>& terms, std::size_t count) {
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double x = static_cast<double>(k + 1) / static_cast<double>(count);
    sum -= std::expm1(-36 * std::pow(x, 8)) * terms[k].weight * terms[k].affinity;
  }
  return sum;
}

Estimate<double> Inversion::sum(double period) {
  work_ = 0;
  resolved_ = -1;  // what an earlier period asked for is finer than the first terms need
  const double quarter = period / 4;
  double left = remaining_weight(quarter);  // sum of the a_k to come
  double plain = -std::expm1(log_affinity(0).re) * (1 - left);
  std::vector<SeriesTerm> terms;
  Estimate<double> last{plain + left, left};
  for (std::size_t count = 32; work_ < kMostWork; count *= 2) {
    while (terms.size() < count) {
      const auto k = static_cast<double>(terms.size() + 1);
      const double y = 2 * pi<double>() * k / period;
      const bool even = terms.size() % 2 == 1;
      const double sign = even ? -std::expm1(-quarter) : 1 + std::exp(-quarter);
      const double weight = 2 / period * sign / (0.25 + y * y);
      const C b = log_affinity(y);
      const double half_sine = std::sin(b.im / 2);
      plain -= weight * (std::expm1(b.re) * std::cos(b.im) - 2 * half_sine * half_sine);
      left -= weight;
      terms.push_back({weight, std::exp(b.re) * std::cos(b.im)});
    }
    const double value = plain + std::max(left, 0.0) + filter_correction(terms, count);
    last = {value, std::abs(value - last.value)};
    if (last.error <= kTolerance * value) {
      return last;
    }
  }
  // Cut off where an extremum of L at 0 makes it slow. The power of K is not derived there: for
  // K^-1/2 what is left would be 1/(sqrt(2) - 1) = 2.4 times the last change. (Observed 1.05.)
  last.error *= 3;
  return last;
}

}  // namespace

Estimate<double> product_total_variation(std::span<const ProductFactor> factors,
                                         RelativeBlocks<double> blocks) {
  require_domain(blocks);
  Inversion inversion(factors, blocks);
  if (inversion.spread_of_ratio() == 0) {
    return {};
  }
  // 0 <= int min(p, q) <= int sqrt(pq).
  const double overlap = std::exp(inversion.log_overlap());
  if (overlap < kNoOverlap) {
    return {1 - overlap / 2, overlap / 2 + std::numeric_limits<double>::epsilon()};
  }
  double period = 20 * inversion.spread_of_ratio();
  Estimate<double> value = inversion.sum(period);
  double change = 0;
  constexpr int kMostDoublings = 6;
  for (int i = 0; i < kMostDoublings; ++i) {
    period *= 2;
    const Estimate<double> next = inversion.sum(period);
    change = std::abs(next.value - value.value);
    const bool settled = change <= 2 * (next.error + value.error) + 1e-13 * next.value;
    value = {next.value, next.error};
    if (settled) {
      break;
    }
  }
  const double rounding = 64 * std::numeric_limits<double>::epsilon() * value.value;
  return {value.value, value.error + change + rounding};
}

}  // namespace lemmabench
