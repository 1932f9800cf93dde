#include "cases/vector_law.hpp"

#include <fmt/format.h>

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "numerics/error.hpp"
#include "theory/mixture/vector_mixture.hpp"
#include "theory/product/product_vectors.hpp"
#include "theory/radial/law_marginal.hpp"
#include "theory/radial/radial_vectors.hpp"

namespace lemmabench {
namespace {

using Law = std::shared_ptr<const VectorLaw>;

Law as_vectors(const GaussianLaw& target) {
  std::vector<double> mean;
  std::vector<double> variance;
  for (const CoordinateLaw& block : target.coordinates) {
    mean.insert(mean.end(), static_cast<std::size_t>(block.multiplicity), block.mean().to_double());
    variance.insert(variance.end(), static_cast<std::size_t>(block.multiplicity),
                    block.variance().to_double());
  }
  const std::size_t dim = mean.size();
  if (target.coordinates.size() == 1) {
    variance.resize(1);
  }
  return std::make_shared<VectorMixture>(dim, std::vector<double>{1.0}, std::move(mean),
                                         std::move(variance));
}

std::shared_ptr<const VectorMixture> line_vectors(const CoordinateLaw& target) {
  std::vector<double> weights;
  std::vector<double> means;
  std::vector<double> variances;
  for (const CoordinateLaw::Component& part : target.components) {
    weights.push_back(part.weight.to_double());
    means.push_back(part.mean.to_double());
    variances.push_back(part.variance.to_double());
  }
  return std::make_shared<VectorMixture>(1, std::move(weights), std::move(means),
                                         std::move(variances));
}

Law as_vectors(const CoordinateLaw& target) { return line_vectors(target); }

Law as_vectors(const CloudTarget& target) { return target.source->load(); }

Law as_vectors(const ProductLaw& target) {
  std::vector<ProductVectors::Factor> factors;
  for (const CoordinateLaw& coordinate : target.coordinates) {
    factors.push_back(
        {line_vectors(coordinate), static_cast<std::size_t>(coordinate.multiplicity)});
  }
  return std::make_shared<ProductVectors>(std::move(factors));
}

/// W of X_0 = sqrt(W) G as a function of a uniform number.
struct ScaleQuantile {
  using Result = std::function<double(double)>;
  Result operator()(const StudentLaw& x) const {
    // 1/W is Gamma(nu/2, nu/2). In double: within 2e-15 of the quantile in long double.
    using InDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    return [half = x.nu.to_double() / 2](double u) {
      return half / boost::math::gamma_p_inv(half, u, InDouble());
    };
  }
  Result operator()(const LaplaceLaw& x) const {
    return [mean = x.variance.to_double()](double u) { return -mean * std::log(u); };
  }
  Result operator()(const ScaleMixtureLaw& x) const {
    std::vector<std::pair<double, double>> steps;  // where the share of an atom ends, its scale
    Rational share;
    for (const ScaleMixtureLaw::Atom& atom : x.atoms) {
      share = share + atom.weight;
      steps.emplace_back(share.to_double(), atom.variance.to_double());
    }
    return [steps](double u) {
      for (const auto& [end, scale] : steps) {
        if (u < end) {
          return scale;
        }
      }
      return steps.back().second;
    };
  }
  Result operator()(const ShellLaw&) const { return {}; }
};

Law as_vectors(const RadialLaw& target) {
  RadialVectors::Parts parts;
  parts.dim = static_cast<std::size_t>(target.dim());
  parts.marginal = [target](const Level<double>& level) {
    return radial_marginal(target, level, 1);
  };
  parts.scale = std::visit(ScaleQuantile{}, target.law);
  parts.has_mean = target.has_mean();
  if (const std::optional<Rational> radius = target.sphere()) {
    parts.shell = radius->to_double();
  }
  return std::make_shared<RadialVectors>(std::move(parts));
}

}  // namespace

Law vector_law(const Target& target) {
  if (target.dim() > kMaxVectorDim) {
    throw EngineRefusal(
        fmt::format("--target {}: dimension {} is above {}, the most that is sampled as vectors",
                    target.label(), target.dim(), kMaxVectorDim));
  }
  return std::visit([](const auto& law) { return as_vectors(law); }, target.law);
}

}  // namespace lemmabench
