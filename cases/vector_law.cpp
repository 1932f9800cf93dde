#include "cases/vector_law.hpp"

#include <fmt/format.h>

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <utility>
#include <variant>
#include <vector>

#include "numerics/error.hpp"
#include "theory/mixture/vector_mixture.hpp"
#include "theory/product/product_vectors.hpp"
#include "theory/radial/radial_vectors.hpp"

namespace lemmabench {
namespace {

using Law = std::shared_ptr<const VectorLaw>;

Law as_vectors(const GaussianTarget& target) {
  std::vector<double> mean;
  std::vector<double> variance;
  for (const GaussianTarget::Block& block : target.blocks) {
    mean.insert(mean.end(), static_cast<std::size_t>(block.multiplicity), block.mean.to_double());
    variance.insert(variance.end(), static_cast<std::size_t>(block.multiplicity),
                    block.variance.to_double());
  }
  const std::size_t dim = mean.size();
  if (target.blocks.size() == 1) {
    variance.resize(1);
  }
  return std::make_shared<VectorMixture>(dim, std::vector<double>{1.0}, std::move(mean),
                                         std::move(variance));
}

std::shared_ptr<const VectorMixture> line_vectors(const MixtureTarget& target) {
  std::vector<double> weights;
  std::vector<double> means;
  std::vector<double> variances;
  for (const MixtureTarget::Component& part : target.components) {
    weights.push_back(part.weight.to_double());
    means.push_back(part.mean.to_double());
    variances.push_back(part.variance.to_double());
  }
  return std::make_shared<VectorMixture>(1, std::move(weights), std::move(means),
                                         std::move(variances));
}

Law as_vectors(const MixtureTarget& target) { return line_vectors(target); }

Law as_vectors(const CloudTarget& target) { return target.source->load(); }

Law as_vectors(const ProductTarget& target) {
  std::vector<ProductVectors::Factor> factors;
  for (const ProductTarget::Factor& factor : target.factors) {
    factors.push_back({line_vectors(factor.law), static_cast<std::size_t>(factor.copies)});
  }
  for (const GaussianTarget::Block& block : target.gaussian.blocks) {
    GaussianTarget one{{block}};
    one.blocks[0].multiplicity = 1;
    factors.push_back({as_vectors(one), static_cast<std::size_t>(block.multiplicity)});
  }
  return std::make_shared<ProductVectors>(std::move(factors));
}

/// W of X_0 = sqrt(W) G as a function of a uniform number.
struct ScaleQuantile {
  using Result = std::function<double(double)>;
  static Result two(const Rational& weight, const Rational& first, const Rational& second) {
    return [w = weight.to_double(), a = first.to_double(), b = second.to_double()](double u) {
      return u < w ? a : b;
    };
  }
  Result operator()(const StudentRadius& x) const {
    // 1/W is Gamma(nu/2, nu/2). In double: within 2e-15 of the quantile in long double.
    using InDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    return [half = x.nu.to_double() / 2](double u) {
      return half / boost::math::gamma_p_inv(half, u, InDouble());
    };
  }
  Result operator()(const LaplaceRadius& x) const {
    return [mean = x.variance.to_double()](double u) { return -mean * std::log(u); };
  }
  Result operator()(const TwoScaleRadius& x) const { return two(x.weight, x.first, x.second); }
  Result operator()(const ContaminatedRadius& x) const {
    return two(x.fraction, x.variance, Rational(1));
  }
  Result operator()(const ShellRadius&) const { return {}; }
};

Law as_vectors(const RadialTarget& target) {
  RadialVectors::Parts parts;
  parts.dim = static_cast<std::size_t>(target.dim);
  parts.marginal = [target](const Level<double>& level) { return target.marginal(level, 1); };
  parts.scale = std::visit(ScaleQuantile{}, target.law);
  parts.has_mean = target.has_mean();
  if (const auto* shell = std::get_if<ShellRadius>(&target.law)) {
    parts.shell = shell->radius.to_double();
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
