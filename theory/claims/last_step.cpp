#include "theory/claims/last_step.hpp"

#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

LastStepBlock make_block(const CoordinateLaw& law, long multiplicity,
                         const Schedule<Ball>& schedule) {
  const BallMixture<> at1(law, schedule.level(1));
  const BallMixture<> at2(law, schedule.level(2));
  const BallMixture<> at3(law, schedule.level(3));
  return {multiplicity, at1, at2, score_slope(at1), score_slope(at2), score_slope(at3)};
}

}  // namespace

Ball lattice_point(const Ball& u, const Ball& spacing) {
  Ball cell = u / spacing;
  arb_floor(cell.raw(), cell.raw(), PrecisionScope::bits());
  return cell * spacing;
}

LastStep::LastStep(const ProductLaw& law, const ScheduleKind& kind, long steps)
    : steps_(steps), dim_(law.dim()) {
  const Schedule<Ball> schedule(kind, steps);
  b_ = schedule.b(2);
  alpha_ = schedule.alpha(2);
  noise_ = schedule.level(2).noise;
  b1_ = schedule.b(3);
  alpha1_ = schedule.alpha(3);
  for (const CoordinateLaw& coordinate : law.coordinates) {
    long left = coordinate.multiplicity;
    if (blocks_.empty()) {
      blocks_.push_back(make_block(coordinate, 1, schedule));
      --left;
    }
    if (left > 0) {
      blocks_.push_back(make_block(coordinate, left, schedule));
    }
  }
}

Ball LastStep::noise_sd() const { return sqrt(b_ / alpha_); }

Ball LastStep::clip_radius(const Ball& clip) const {
  const Ball scale = Ball(dim_) * log(Ball(steps_)) / noise_;
  return clip * b_ * scale * sqrt(scale);
}

Ball LastStep::mid_noise(const Ball& kappa) const { return kappa * b_ * clip_radius(Ball(1)); }

Ball LastStep::least_slope(const LastStepBlock& block) const {
  return (1 - b_ * block.slope2.fall / 2) / sqrt(alpha_);
}

Ball LastStep::most_slope(const LastStepBlock& block) const {
  return (1 + b_ * block.slope2.rise / 2) / sqrt(alpha_);
}

Ball LastStep::ddim(const LastStepBlock& block, const Ball& y) const {
  return (y + b_ * block.at2.at(y).score() / 2) / sqrt(alpha_);
}

Ball LastStep::first_score(const LastStepBlock& block, const Ball& y, const Tampering& how) const {
  const Ball exact = block.at2.at(y).score();
  if (!how.spacing) {
    return exact;
  }
  const Ball u = (y + b_ * exact / 2) / sqrt(alpha_);
  return exact - how.pull * sqrt(alpha_) / b_ * (u - lattice_point(u, *how.spacing));
}

Ball LastStep::tampered_ddim(const LastStepBlock& block, const Ball& y,
                             const Tampering& how) const {
  return (y + b_ * first_score(block, y, how) / 2) / sqrt(alpha_);
}

std::vector<Ball> LastStep::li_cai_mean(std::span<const Ball> y, const Tampering& how,
                                        const std::optional<Ball>& radius) const {
  const Ball root = sqrt(alpha_);
  std::vector<Ball> first;
  std::vector<Ball> correction;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    first.push_back(first_score(blocks_[i], y[i], how));
    Ball mid = (y[i] + b_ * first.back() / 2) / root;
    if (i == 0 && how.mid_shift) {
      mid += *how.mid_shift;
    }
    Ball second = blocks_[i].at1.at(mid).score();
    if (i == 0 && how.push) {
      second += *how.push;
    }
    correction.push_back(second / root - first.back());
  }
  Ball kept(1);
  if (radius) {
    kept = smaller(Ball(1), *radius / length(correction));
  }
  std::vector<Ball> out;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    out.push_back((y[i] + b_ * first[i] + b_ * kept * correction[i]) / root);
  }
  return out;
}

Ball LastStep::length(std::span<const Ball> v) const {
  Ball sum;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    sum += Ball(blocks_[i].multiplicity) * square(v[i]);
  }
  return sqrt(sum);
}

Ball LastStep::lattice_error(const Tampering& how) const {
  const Ball& l = *how.spacing;
  Ball sum;
  for (const LastStepBlock& block : blocks_) {
    const Ball least = least_slope(block);
    const Ball bend = most_slope(block) / least;
    const Ball uneven = density_variation(block.at2) * l / least;
    const Ball mean_square = Ball::hull((1 - uneven) / (3 * bend), bend * (1 + uneven) / 3);
    sum += Ball(block.multiplicity) * mean_square;
  }
  return square(how.pull * l / b_) * alpha_ / Ball(steps_) * sum;
}

Ball LastStep::lattice_mass(const LastStepBlock& block, const Ball& spacing,
                            const Ball& delta) const {
  return 2 * delta * (most_slope(block) + spacing * density_variation(block.at2)) /
         least_slope(block);
}

Ball LastStep::ddpm_shift(const Tampering& how) const {
  return how.pull * *how.spacing * sqrt(Ball(dim_));
}

Ball LastStep::li_cai_shift(const Tampering& how) const {
  Ball sum;
  for (const LastStepBlock& block : blocks_) {
    sum += Ball(block.multiplicity) * square(block.slope1.lipschitz());
  }
  return how.pull / 2 * *how.spacing * b_ / alpha_ * sqrt(sum);
}

Ball LastStep::momentum_shift(const Tampering& how) const {
  Ball sum;
  for (const LastStepBlock& block : blocks_) {
    const Ball factor = 1 + b_ / b1_ + b_ * alpha1_ * block.slope3.lipschitz() / 2;
    sum += Ball(block.multiplicity) * square(factor);
  }
  return how.pull * *how.spacing * sqrt(sum);
}

Ball LastStep::shift_distance(const Ball& shift) const {
  return erf(shift / (2 * sqrt(Ball(2)) * noise_sd()));
}

Ball LastStep::output_size(const Tampering& how) const {
  // Minkowski in L2; |s(z)| <= (|z| + max_k |m_k|)/min_k v_k for any mixture.
  const LastStepBlock& block = first();
  const Ball root = sqrt(alpha_);
  const Ball x = sqrt(mixture_second_moment(block.at2));
  const Ball pulled = (x + farthest_mean(block.at2)) / least_variance(block.at2);
  Ball mid = (x + b_ * pulled / 2) / root;
  if (how.spacing) {
    mid += how.pull / 2 * *how.spacing;
  }
  const Ball second = (mid + farthest_mean(block.at1)) / least_variance(block.at1);
  return (x + b_ / root * second) / root + noise_sd();
}

}  // namespace lemmabench
