#pragma once

#include <functional>
#include <memory>

#include "theory/process/vector_law.hpp"
#include "theory/radial/radial_marginal.hpp"

namespace lemmabench {

/// A rotation-invariant law as vectors: X_0 = sqrt(W) G, or uniform on a sphere. The score is
/// g(|x|) x with the g of a RadialMarginal.
class RadialVectors final : public VectorLaw {
 public:
  struct Parts {
    std::size_t dim = 1;
    std::function<std::unique_ptr<RadialMarginal>(const Level<double>&)> marginal;
    /// The quantile function of W; empty for the sphere.
    std::function<double(double)> scale;
    double shell = 0;  ///< the sphere's radius over sqrt(dim)
    bool has_mean = true;
  };
  explicit RadialVectors(Parts parts);

  std::size_t dim() const override { return parts_.dim; }
  std::vector<double> mean() const override;
  std::unique_ptr<VectorMarginal> marginal(double tau) const override;
  void sample(const SampleKeys& keys, double tau, std::uint64_t first, std::size_t groups,
              Lanes* out) const override;

 private:
  Parts parts_;
};

/// KL(p || N(0, I)) of a marginal, int p (e^x - 1 - x) with x the log of N over p, by Gauss's rule
/// on panels. Where the second moment is so heavy that some of it lies beyond all doubles of the
/// marginal's grid, d/2 times what is missed of it is added. Infinite without a second moment.
/// `panels` in each of the marginal's widths: computing with two values of it measures the error.
double kl_to_standard_normal(const RadialMarginal& marginal, std::size_t panels);

}  // namespace lemmabench
