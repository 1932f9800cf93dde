#include "harness/monte_carlo/particles/particle_walk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/clip_vectors.hpp"
#include "numerics/random_normals.hpp"

namespace lemmabench {
namespace {

double noise_to_signal(const Level<double>& level) { return level.noise / level.abar; }

/// sqrt(E||s*||^2) at a level, from those of the schedule by interpolation in logarithms.
double score_rms(const Schedule<double>& schedule, const std::vector<double>& rms,
                 const Level<double>& level) {
  const double tau = noise_to_signal(level);
  int below = 1;  // the last level with no more noise, if there is one
  int above = schedule.steps();
  while (above - below > 1) {
    const int middle = (below + above) / 2;
    (noise_to_signal(schedule.level(middle)) <= tau ? below : above) = middle;
  }
  const double high = noise_to_signal(schedule.level(above));
  const double low = noise_to_signal(schedule.level(below));
  const double at_high = rms[static_cast<std::size_t>(above - 1)];
  const double at_low = rms[static_cast<std::size_t>(below - 1)];
  const double part = std::clamp(std::log(tau / low) / std::log(high / low), 0.0, 1.0);
  return at_low * std::pow(at_high / at_low, part);
}

/// out = scale base + weight offset; out may be either.
LEMMABENCH_LANE_FUNCTION void combine_body(double scale, const Lanes* base, double weight,
                                           const Lanes* offset, std::size_t length, Lanes* out) {
  for (std::size_t i = 0; i < length; ++i) {
    out[i].v = scale * base[i].v + weight * offset[i].v;
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(combine,
                                (double scale, const Lanes* base, double weight,
                                 const Lanes* offset, std::size_t length, Lanes* out),
                                (scale, base, weight, offset, length, out))

/// out = scale base; out may be base.
LEMMABENCH_LANE_FUNCTION void rescale_body(double scale, const Lanes* base, std::size_t length,
                                           Lanes* out) {
  for (std::size_t i = 0; i < length; ++i) {
    out[i].v = scale * base[i].v;
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(rescale,
                                (double scale, const Lanes* base, std::size_t length, Lanes* out),
                                (scale, base, length, out))

}  // namespace

const VectorMarginal& MarginalCache::at(double tau) {
  std::unique_ptr<VectorMarginal>& found = made_[tau];
  if (!found) {
    found = clean_.marginal(tau);
  }
  return *found;
}

void MarginalCache::forget_above(double tau) { made_.erase(made_.upper_bound(tau), made_.end()); }

ParticleWalk::ParticleWalk(const Setting& setting, MarginalCache& marginals, std::size_t dim,
                           std::uint64_t first, std::vector<Lanes> points)
    : setting_(setting),
      marginals_(marginals),
      dim_(dim),
      first_(first),
      points_(std::move(points)),
      scratch_(points_.size()) {}

void ParticleWalk::begin(const Step<double>& c, bool keep) {
  t_ = c.t;
  drawn_ = 0;
  keep_ = keep;
  last_sd_ = 0;
}

void ParticleWalk::settle(const Displacement& y, double factor, Lanes* out) const {
  if (y.offset.empty()) {
    rescale(factor * y.scale, points_.data(), points_.size(), out);
  } else {
    combine(factor * y.scale, points_.data(), factor, y.offset.data(), points_.size(), out);
  }
}

std::vector<Lanes> ParticleWalk::settled(const Displacement& y) const {
  std::vector<Lanes> out(points_.size());
  settle(y, 1, out.data());
  return out;
}

Displacement ParticleWalk::score(int t, const Displacement& y) {
  return score_at(setting_.schedule.level(t), y);
}

Displacement ParticleWalk::score_at(const Level<double>& level, const Displacement& y) {
  const double per_signal = 1 / std::sqrt(level.abar);
  const std::size_t length = points_.size();
  settle(y, per_signal, scratch_.data());
  Displacement out;
  out.offset.resize(length);
  marginals_.at(noise_to_signal(level)).score(scratch_.data(), groups(), out.offset.data());
  rescale(per_signal, out.offset.data(), length, out.offset.data());
  return setting_.score == nullptr ? out : estimated(level, y, std::move(out));
}

Displacement ParticleWalk::estimated(const Level<double>& level, const Displacement& y,
                                     Displacement exact) {
  const LevelMoments<double> moments{score_rms(setting_.schedule, setting_.score->rms, level), 0, 0,
                                     static_cast<long>(dim_)};
  return setting_.score->estimate.estimate(moments, y, exact);
}

void ParticleWalk::draw_normals(Lanes* out) {
  const RandomKey key{setting_.seed, kStream + drawn_, static_cast<std::uint64_t>(t_)};
  random_normals(key, first_, groups(), dim_, out);
  ++drawn_;
}

Displacement ParticleWalk::with_noise(const Displacement& y, const double& sd) {
  Displacement z;
  z.offset.resize(points_.size());
  draw_normals(z.offset.data());
  return y + sd * std::move(z);
}

Displacement ParticleWalk::clip(const Displacement& u, const double& radius) {
  Displacement out{.scale = 0, .offset = settled(u)};
  clip_vectors(out.offset, dim_, radius);
  return out;
}

Displacement ParticleWalk::clamp(const Displacement& u, const double& bound) {
  Displacement out{.scale = 0, .offset = settled(u)};
  clamp_coordinates(out.offset, bound);
  return out;
}

void ParticleWalk::move_with_noise(const Displacement& mean, const double& sd) {
  move(mean);
  if (keep_) {
    last_mean_ = points_;
  }
  last_sd_ = sd;
  draw_normals(scratch_.data());
  combine(sd, scratch_.data(), 1, points_.data(), points_.size(), points_.data());
}

void ParticleWalk::move(const Displacement& mean) {
  memory_.end_kernel();
  settle(mean, 1, points_.data());
  last_sd_ = 0;
}

}  // namespace lemmabench
