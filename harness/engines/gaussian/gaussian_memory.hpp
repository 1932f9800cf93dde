#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "numerics/affine_form.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// What a sampler remembers from step to step, as the law of (Y, M_0, M_1, ...): per block, the
/// state Y and the remembered vectors M_k are jointly Gaussian. Nothing is stored, and nothing
/// costs anything, while nothing is remembered.
template <class Real>
class GaussianMemory {
 public:
  using Column = std::vector<Real>;
  using Form = AffineForm<Real>;

  /// Y' = a Y + sum_k b_k M_k + ... (`next`) and M_k' = a_k Y + sum_l b_kl M_l + ...
  /// (`remembered[k]`; M_k' = M_k if none), with noises in common; `variance` and `mean` are those
  /// of Y (an empty mean is 0). Returns what the M_k add to the variance and to the mean of Y':
  ///   sum_k b_k (2 a Cov(Y, M_k) + sum_l b_l Cov(M_k, M_l))  and  sum_k b_k E M_k,
  /// per block; empty = 0. All forms are settled. Cost: the cube of the slots in use, per block.
  struct Gain {
    Column variance;
    Column mean;
  };
  Gain advance(const Form& next, const std::vector<std::optional<Form>>& remembered,
               const Column& variance, const Column& mean) {
    Gain gain;
    const std::size_t slots = std::max(slots_, remembered.size());
    if (slots == 0) {
      return gain;
    }
    const std::size_t blocks = next.blocks();
    grow(slots, blocks);
    for (std::size_t i = 0; i < blocks; ++i) {
      advance_block(i, next, remembered, variance[i], at(mean, i), gain);
    }
    return gain;
  }

 private:
  /// A form in one block, without its offset and noises: state Y + sum_l memory[l] M_l.
  struct Row {
    Real state;
    Column memory;
  };

  static Real at(const Column& column, std::size_t i) {
    return column.empty() ? Real(0) : column[i];
  }

  void grow(std::size_t slots, std::size_t blocks) {
    slots_ = slots;
    fit(mean_, blocks);
    fit(with_state_, blocks);
    between_.resize(slots);
    for (std::vector<Column>& row : between_) {
      fit(row, blocks);
    }
  }
  void fit(std::vector<Column>& columns, std::size_t blocks) {
    columns.resize(slots_);
    for (Column& column : columns) {
      column.resize(blocks, Real(0));
    }
  }

  Row row_of(const Form& form, std::size_t i) const {
    Row out{form.slope[i], Column(slots_, Real(0))};
    for (std::size_t l = 0; l < form.memory.size(); ++l) {
      out.memory[l] = at(form.memory[l], i);
    }
    return out;
  }
  /// M_k itself.
  Row kept(std::size_t k) const {
    Row out{Real(0), Column(slots_, Real(0))};
    out.memory[k] = Real(1);
    return out;
  }

  /// Cov((Y, M), row), from Cov of (Y, M) in block i.
  Row covariances(const Row& row, std::size_t i, const Real& variance) const {
    Row out{variance * row.state, Column(slots_, Real(0))};
    for (std::size_t l = 0; l < slots_; ++l) {
      out.state += with_state_[l][i] * row.memory[l];
      out.memory[l] = with_state_[l][i] * row.state;
      for (std::size_t k = 0; k < slots_; ++k) {
        out.memory[l] += between_[l][k][i] * row.memory[k];
      }
    }
    return out;
  }
  Real product(const Row& a, const Row& b) const {
    Real out = a.state * b.state;
    for (std::size_t l = 0; l < slots_; ++l) {
      out += a.memory[l] * b.memory[l];
    }
    return out;
  }
  /// Of the noises that two forms have in common.
  static Real common_noise(const Form& a, const Form& b, std::size_t i) {
    Real out(0);
    for (std::size_t k = 0; k < std::min(a.noise.size(), b.noise.size()); ++k) {
      out += at(a.noise[k], i) * at(b.noise[k], i);
    }
    return out;
  }

  void advance_block(std::size_t i, const Form& next,
                     const std::vector<std::optional<Form>>& remembered, const Real& variance,
                     const Real& mean, Gain& gain) {
    const auto form = [&](std::size_t k) -> const Form* {
      return k < remembered.size() && remembered[k] ? &*remembered[k] : nullptr;
    };
    const Row of_state = row_of(next, i);
    add_gain(i, of_state, gain);
    std::vector<Row> rows;
    std::vector<Row> covariance;
    Column means;
    for (std::size_t k = 0; k < slots_; ++k) {
      rows.push_back(form(k) != nullptr ? row_of(*form(k), i) : kept(k));
      covariance.push_back(covariances(rows[k], i, variance));
      means.push_back(rows[k].state * mean);
      for (std::size_t l = 0; l < slots_; ++l) {
        means[k] += rows[k].memory[l] * mean_[l][i];
      }
      if (form(k) != nullptr) {
        means[k] += at(form(k)->offset, i);
      }
    }
    for (std::size_t k = 0; k < slots_; ++k) {
      mean_[k][i] = means[k];
      with_state_[k][i] = product(of_state, covariance[k]);
      if (form(k) != nullptr) {
        with_state_[k][i] += common_noise(next, *form(k), i);
      }
      for (std::size_t l = 0; l <= k; ++l) {
        Real& both = between_[k][l][i];
        both = product(rows[l], covariance[k]);
        if (form(k) != nullptr && form(l) != nullptr) {
          both += common_noise(*form(k), *form(l), i);
        }
        between_[l][k][i] = both;
      }
    }
  }

  void add_gain(std::size_t i, const Row& of_state, Gain& gain) const {
    Real variance(0);
    Real mean(0);
    for (std::size_t k = 0; k < slots_; ++k) {
      Real inner = of_state.state * with_state_[k][i] * 2;
      for (std::size_t l = 0; l < slots_; ++l) {
        inner += between_[k][l][i] * of_state.memory[l];
      }
      variance += of_state.memory[k] * inner;
      mean += of_state.memory[k] * mean_[k][i];
    }
    gain.variance.push_back(variance);
    gain.mean.push_back(mean);
  }

  std::size_t slots_ = 0;
  std::vector<Column> mean_;                  // E M_k, by slot and block
  std::vector<Column> with_state_;            // Cov(Y, M_k)
  std::vector<std::vector<Column>> between_;  // Cov(M_k, M_l)
};

}  // namespace lemmabench
