#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "harness/monte_carlo/goodness_of_fit/reference_law.hpp"
#include "harness/monte_carlo/particles/particle_sampler.hpp"

namespace lemmabench {

/// The law of a sampler's output by its particles alone. Their numbers are far from those that
/// `lemmabench particles` makes, so that its samples are independent of them at the same seed.
class ParticleOutput final : public ReferenceLaw {
 public:
  /// `near` is a law whose log density a classifier may look at.
  ParticleOutput(std::shared_ptr<const ParticleSampler> sampler, long steps,
                 std::shared_ptr<const JudgedLaw> near)
      : sampler_(std::move(sampler)), steps_(steps), near_(std::move(near)) {}

  std::size_t dim() const override { return sampler_->dim(); }
  std::string rows_are() const override { return "particles of the sampler"; }
  PointTable draw(std::size_t rows, JudgeDraw purpose, std::uint64_t seed,
                  int threads) const override {
    constexpr std::uint64_t kFirst = std::uint64_t{1} << 48U;
    constexpr std::uint64_t kApart = std::uint64_t{1} << 40U;
    const auto which =
        static_cast<std::uint64_t>(purpose) - static_cast<std::uint64_t>(JudgeDraw::reference);
    return sampler_->run(steps_, seed, kFirst + which * kApart, rows, false, threads).samples;
  }
  std::vector<double> log_density(const PointTable& points, int threads) const override {
    return near_->log_density(points, threads);
  }

 private:
  std::shared_ptr<const ParticleSampler> sampler_;
  long steps_;
  std::shared_ptr<const JudgedLaw> near_;
};

}  // namespace lemmabench
