#include "harness/engines/scheme/pair_band.hpp"

#include <algorithm>
#include <numbers>

namespace lemmabench {

std::vector<double> UniformGrid::points() const {
  std::vector<double> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(at(i));
  }
  return out;
}

void Band::append(std::size_t first, const double* values, std::size_t count) {
  firsts_.push_back(first);
  values_.insert(values_.end(), values, values + count);
  offsets_.push_back(values_.size());
}

Band Band::transposed(std::size_t columns) const {
  std::vector<std::size_t> first(columns, rows());
  std::vector<std::size_t> end(columns, 0);
  for (std::size_t i = 0; i < rows(); ++i) {
    const Row row = this->row(i);
    for (std::size_t j = row.first; j < row.first + row.count; ++j) {
      first[j] = std::min(first[j], i);
      end[j] = i + 1;
    }
  }
  Band out;
  out.firsts_.resize(columns);
  out.offsets_.assign(1, 0);
  for (std::size_t j = 0; j < columns; ++j) {
    out.firsts_[j] = end[j] > 0 ? first[j] : 0;
    out.offsets_.push_back(out.offsets_.back() + (end[j] > 0 ? end[j] - first[j] : 0));
  }
  out.values_.assign(out.offsets_.back(), 0);
  for (std::size_t i = 0; i < rows(); ++i) {
    const Row row = this->row(i);
    for (std::size_t n = 0; n < row.count; ++n) {
      const std::size_t j = row.first + n;
      out.values_[out.offsets_[j] + i - out.firsts_[j]] = row.values[n];
    }
  }
  return out;
}

GaussianSpreader::GaussianSpreader(const UniformGrid& grid, double sd, double reach)
    : grid_(grid),
      norm_(1 / (sd * std::sqrt(2 * std::numbers::pi))),
      decay_(grid.step / sd * (grid.step / sd)),
      half_(static_cast<long>(std::ceil(reach * sd / grid.step))) {
  for (long j = 0; j <= half_; ++j) {
    const auto distance = static_cast<double>(j);
    shape_.push_back(std::exp(-distance * distance * decay_ / 2));
  }
}

void GaussianSpreader::add(double mean, double weight, double* out, long offset) const {
  const long middle = centre(mean);
  const double shift = (mean - grid_.low) / grid_.step - static_cast<double>(middle);
  const double top = weight * norm_ * std::exp(-shift * shift * decay_ / 2);
  const double rise = std::exp(shift * decay_);
  const double fall = 1 / rise;
  double* at = out + (middle - offset);
  at[0] += top;
  double up = top;
  double down = top;
  for (long j = 1; j <= half_; ++j) {
    up *= rise;
    down *= fall;
    at[j] += up * shape_[static_cast<std::size_t>(j)];
    at[-j] += down * shape_[static_cast<std::size_t>(j)];
  }
}

}  // namespace lemmabench
