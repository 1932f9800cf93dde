#include "theory/process/vector_law.hpp"

#include <cmath>
#include <vector>

#include "numerics/log_functions.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

void VectorLaw::initial_summands(const Level<double>& level, const Lanes* x, std::size_t groups,
                                 double* out) const {
  const double signal = std::sqrt(level.abar);
  const std::size_t d = dim();
  std::vector<Lanes> y(groups * d);
  std::vector<Lanes> square(groups);
  for (std::size_t i = 0; i < groups * d; ++i) {
    y[i].v = x[i].v / signal;
    square[i / d].v += x[i].v * x[i].v;
  }
  std::vector<Lanes> logarithm(groups);
  marginal(level.noise / level.abar)->log_density(y.data(), groups, logarithm.data());
  const double constant = static_cast<double>(d) * std::log(2 * pi<double>() / level.abar) / 2;
  for (std::size_t s = 0; s < groups * kLanes; ++s) {
    // log r = log p_t(x) - log N(x; 0, I), and p_t(x) = p(y)/sqrt(abar)^d.
    const double ratio =
        logarithm[s / kLanes][s % kLanes] + constant + square[s / kLanes][s % kLanes] / 2;
    // w - log(1 + w) with w = 1/r - 1.
    out[s] = -log1p_minus(std::expm1(-ratio));
  }
}

}  // namespace lemmabench
