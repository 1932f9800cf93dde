#include "cases/vector_law.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

VectorMixture as_vectors(const GaussianTarget& target) {
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
  return {dim, {1.0}, std::move(mean), std::move(variance)};
}

VectorMixture as_vectors(const MixtureTarget& target) {
  std::vector<double> weights;
  std::vector<double> means;
  std::vector<double> variances;
  for (const MixtureTarget::Component& part : target.components) {
    weights.push_back(part.weight.to_double());
    means.push_back(part.mean.to_double());
    variances.push_back(part.variance.to_double());
  }
  return {1, std::move(weights), std::move(means), std::move(variances)};
}

VectorMixture as_vectors(const CloudTarget& target) { return *target.law; }

template <class Law>
concept HasVectors = requires(const Law& law) {
  as_vectors(law);
};

}  // namespace

VectorMixture vector_law(const Target& target) {
  if (target.dim() > kMaxVectorDim) {
    throw EngineRefusal(
        fmt::format("--target {}: dimension {} is above {}, the most that is sampled as vectors",
                    target.label(), target.dim(), kMaxVectorDim));
  }
  return std::visit(
      [&](const auto& law) -> VectorMixture {
        if constexpr (HasVectors<std::decay_t<decltype(law)>>) {
          return as_vectors(law);
        } else {
          throw EngineRefusal(
              fmt::format("--target {}: is no finite Gaussian mixture, and the path certificate "
                          "takes gaussian, mixture and cloud; use `lemmabench law`",
                          target.label()));
        }
      },
      target.law);
}

}  // namespace lemmabench
