#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>

#include "cases/memory_slots.hpp"
#include "cases/walk.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/finite.hpp"
#include "numerics/sampler_misuse.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// What one step of a sampler did.
template <class Real>
struct StepRecord {
  int kernels = 0;        ///< moves
  int noisy_kernels = 0;  ///< of these with noise
  int noises = 0;         ///< intermediate ones
  int clips = 0;          ///< and clamps
  int score_calls = 0;
  bool remembers = false;
  bool recalls = false;
  std::optional<Real> sd;  ///< of the last noisy kernel
};

/// A walk on which vectors mean nothing: whatever the walk hands out (the state, a score, what is
/// clipped or recalled) is a number without a pattern in the component of the present kernel, so
/// that a vector with another component is one that was kept from another kernel, step or walk.
/// An engine would take its numbers for a function of the present state. It also keeps what the
/// step does (StepRecord). A step costs as many operations on kKernels numbers as it has.
///
/// With `kept`, the slots that earlier steps of a run have remembered something in, a step that
/// recalls from another is a SamplerMisuse, and what this step remembers is added.
template <class Real>
class FreeWalk final : public Walk<AffineForm<Real>, Real> {
 public:
  using State = AffineForm<Real>;

  explicit FreeWalk(std::set<int>* kept = nullptr) : kept_(kept) { ++epoch(); }

  State state() override { return fresh(); }
  State score(int, const State& y) override {
    require_own(y);
    ++record_.score_calls;
    return fresh();
  }
  State score_at(const Level<Real>&, const State& y) override {
    require_own(y);
    ++record_.score_calls;
    return fresh();
  }
  void remember(int slot, const State& y) override {
    require_memory_slot(slot);
    require_own(y);
    record_.remembers = true;
    next_.insert(slot);
  }
  State recall(int slot) override {
    require_memory_slot(slot);
    if (kept_ != nullptr && kept_->count(slot) == 0) {
      throw_nothing_remembered(slot);
    }
    record_.recalls = true;
    return fresh();
  }
  State add_noise(const State& y, const Real& sd) override {
    require_own(y);
    ++record_.noises;
    return y + sd * fresh();
  }
  State clip(const State& u, const Real&) override {
    require_own(u);
    ++record_.clips;
    return fresh();
  }
  State clamp(const State& u, const Real&) override {
    require_own(u);
    ++record_.clips;
    return fresh();
  }
  void move(const State& mean, const Real& sd) override {
    end_kernel(mean);
    ++record_.noisy_kernels;
    record_.sd = sd;
  }
  void move(const State& mean) override { end_kernel(mean); }

  const StepRecord<Real>& record() const { return record_; }

 private:
  /// A prime: no walk with few kernels a step comes back to the component it had a step ago.
  static constexpr std::size_t kKernels = 17;

  static std::uint64_t& epoch() {
    static thread_local std::uint64_t epoch = 0;
    return epoch;
  }

  State fresh() {
    // Numbers without a pattern, at most 2^20 (Knuth's multiplicative congruence).
    seed_ = seed_ * 6364136223846793005ULL + 1442695040888963407ULL;
    State out;
    out.slope.assign(kKernels, Real(0));
    out.slope[epoch() % kKernels] = Real(static_cast<int>(seed_ >> 44) + 1);
    return out;
  }

  void require_own(const State& y) const {
    if (y.blocks() != kKernels) {
      throw_foreign_vectors();
    }
    for (std::size_t k = 0; k < kKernels; ++k) {
      if (k != epoch() % kKernels && is_finite(y.slope[k]) && certainly_not_zero(y.slope[k])) {
        throw_foreign_vectors();
      }
    }
  }
  static bool certainly_not_zero(const Real& x) {
    if constexpr (is_ball<Real>) {
      return !x.contains_zero();
    } else {
      return x != 0;
    }
  }

  void end_kernel(const State& mean) {
    require_own(mean);
    ++record_.kernels;
    ++epoch();
    if (kept_ != nullptr) {
      kept_->insert(next_.begin(), next_.end());
    }
    next_.clear();
  }

  StepRecord<Real> record_;
  std::set<int>* kept_;
  std::set<int> next_;  ///< what the present kernel remembers
  std::uint64_t seed_ = 1;
};

}  // namespace lemmabench
