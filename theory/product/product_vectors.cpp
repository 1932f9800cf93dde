#include "theory/product/product_vectors.hpp"

#include <algorithm>
#include <utility>

namespace lemmabench {
namespace {

class ProductMarginal final : public VectorMarginal {
 public:
  ProductMarginal(const std::vector<ProductVectors::Factor>& factors, std::size_t dim, double tau)
      : VectorMarginal(tau), dim_(dim) {
    for (const ProductVectors::Factor& factor : factors) {
      parts_.push_back({factor.law->marginal(tau), factor.copies});
    }
  }

  // A coordinate of a group is a group of points of the line: the copies of a factor are one batch.
  void score(const Lanes* points, std::size_t groups, Lanes* out) const override {
    for (std::size_t g = 0; g < groups; ++g) {
      std::size_t start = g * dim_;
      for (const Part& part : parts_) {
        part.marginal->score(points + start, part.copies, out + start);
        start += part.copies;
      }
    }
  }
  void log_density(const Lanes* points, std::size_t groups, Lanes* out) const override {
    std::vector<Lanes> logarithms(dim_);
    for (std::size_t g = 0; g < groups; ++g) {
      std::size_t start = 0;
      for (const Part& part : parts_) {
        part.marginal->log_density(points + g * dim_ + start, part.copies, &logarithms[start]);
        start += part.copies;
      }
      out[g] = Lanes{};
      for (const Lanes& one : logarithms) {
        out[g].v += one.v;
      }
    }
  }

 private:
  struct Part {
    std::unique_ptr<VectorMarginal> marginal;
    std::size_t copies;
  };
  std::size_t dim_;
  std::vector<Part> parts_;
};

}  // namespace

ProductVectors::ProductVectors(std::vector<Factor> factors) : factors_(std::move(factors)) {
  for (const Factor& factor : factors_) {
    dim_ += factor.copies;
  }
}

std::vector<double> ProductVectors::mean() const {
  std::vector<double> out;
  for (const Factor& factor : factors_) {
    out.insert(out.end(), factor.copies, factor.law->mean().front());
  }
  return out;
}

std::unique_ptr<VectorMarginal> ProductVectors::marginal(double tau) const {
  return std::make_unique<ProductMarginal>(factors_, dim_, tau);
}

void ProductVectors::sample(const SampleKeys& keys, double tau, std::uint64_t first,
                            std::size_t groups, Lanes* out) const {
  // A group of eight samples in dim coordinates takes the numbers of dim groups of the line.
  std::vector<Lanes> line;
  for (std::size_t g = 0; g < groups; ++g) {
    std::size_t start = 0;
    for (const Factor& factor : factors_) {
      line.resize(factor.copies);
      const std::uint64_t from = (first + g * kLanes) * dim_ + start * kLanes;
      factor.law->sample(keys, tau, from, factor.copies, line.data());
      std::copy(line.begin(), line.end(), out + g * dim_ + start);
      start += factor.copies;
    }
  }
}

}  // namespace lemmabench
