#pragma once

#include <memory>
#include <vector>

#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// Independent coordinates: `copies` of each one-dimensional law, in this order. The score is that
/// of each coordinate by itself.
class ProductVectors final : public VectorLaw {
 public:
  struct Factor {
    std::shared_ptr<const VectorLaw> law;  ///< of dimension 1
    std::size_t copies = 1;
  };
  explicit ProductVectors(std::vector<Factor> factors);

  std::size_t dim() const override { return dim_; }
  std::vector<double> mean() const override;
  std::unique_ptr<VectorMarginal> marginal(double tau) const override;
  void sample(const SampleKeys& keys, double tau, std::uint64_t first, std::size_t groups,
              Lanes* out) const override;

 private:
  std::vector<Factor> factors_;
  std::size_t dim_ = 0;
};

}  // namespace lemmabench
