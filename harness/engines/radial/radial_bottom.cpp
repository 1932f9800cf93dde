#include "harness/engines/radial/radial_bottom.hpp"

#include <cmath>

namespace lemmabench {
RadialBottom::RadialBottom(const LegendreBasis<double>& basis, const RadialNoise& noise, long dim)
    : basis_(basis), noise_(noise), half_dim_(0.5 * static_cast<double>(dim)) {
  for (const double x : basis.nodes()) {
    nodes_.push_back(0.5 * std::log(0.5 * (1 + x)) - std::log(noise.in_sigma(0)));
  }
}

void RadialBottom::gather(const double* log_mean, const double* weights, std::size_t count,
                          double* moments) const {
  for (std::size_t k = 0; k < count; ++k) {
    const double x = 2 * noise_.power(log_mean[k]) - 1;
    for_legendre(nodes_.size(), x,
                 [&](std::size_t n, double value) { moments[n] += weights[k] * value; });
  }
}

// The Lagrange polynomial of node l is w_l sum_n (2n+1)/2 P_n(x_l) P_n: discrete orthogonality.
std::vector<double> RadialBottom::weights_of(const std::vector<double>& moments) const {
  std::vector<double> out;
  for (std::size_t l = 0; l < nodes_.size(); ++l) {
    double sum = 0;
    for_legendre(nodes_.size(), basis_.nodes()[l], [&](std::size_t n, double value) {
      sum += (static_cast<double>(n) + 0.5) * moments[n] * value;
    });
    out.push_back(basis_.weights()[l] * sum);
  }
  return out;
}

void RadialBottom::spread(const double* at_nodes, const double* points, double* out) const {
  const std::size_t order = nodes_.size();
  std::vector<double> values(order);
  std::vector<double> series(order);
  std::vector<double> local(order);
  for (std::size_t l = 0; l < order; ++l) {
    values[l] = at_nodes[l] * std::pow(noise_.power(nodes_[l]), -half_dim_);
    local[l] = 2 * noise_.power(points[l]) - 1;
  }
  basis_.coefficients(values.data(), series.data());
  basis_.evaluate(series.data(), local.data(), order, out);
  for (std::size_t l = 0; l < order; ++l) {
    out[l] *= std::pow(noise_.power(points[l]), half_dim_);
  }
}

}  // namespace lemmabench
