#include "harness/path_step.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cases/step.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

double noise_to_signal(const Level<double>& level) { return level.noise / level.abar; }

RandomKey key_of(std::uint64_t seed, PathStream stream, int t) {
  return {.seed = seed,
          .stream = static_cast<std::uint64_t>(stream),
          .step = static_cast<std::uint64_t>(t)};
}

/// The length of the flow in tau: from v = 1-abar to v - 2b at fixed signal.
double flow_length(const Step<double>& c) {
  if (c.h >= 0.5) {
    throw EngineRefusal(fmt::format(
        "--schedule: h_{} = {:.3g} is not below 1/2, so the flow of the path certificate would "
        "pass noise 0; take more steps",
        c.t, c.h));
  }
  return -2 * c.b / c.abar;
}

}  // namespace

std::vector<Lanes> sample_path(const VectorMixture& clean, double tau, std::uint64_t seed, int t,
                               std::uint64_t first, std::size_t groups) {
  const std::size_t dim = clean.dim();
  std::vector<Lanes> y(groups * dim);
  random_normals(key_of(seed, PathStream::point, t), first, groups, dim, y.data());
  const RandomKey choice = key_of(seed, PathStream::component, t);
  for (std::size_t s = 0; s < groups * kLanes; ++s) {
    const std::size_t k = clean.component(random_uniform(choice, first + s));
    const double* mean = clean.mean(k);
    Lanes* row = &y[s / kLanes * dim];
    const std::size_t l = s % kLanes;
    double sd = std::sqrt(clean.variance(k, 0) + tau);
    for (std::size_t i = 0; i < dim; ++i) {
      if (!clean.shared()) {
        sd = std::sqrt(clean.variance(k, i) + tau);
      }
      row[i].v[l] = mean[i] + sd * row[i].v[l];
    }
  }
  return y;
}

/// One step of a sampler from a batch of samples of X_t.
class PathWalk final : public Walk<Displacement, double> {
 public:
  PathWalk(const PathStep& step, const std::vector<Lanes>& y, const std::vector<Lanes>& start_score,
           std::uint64_t first)
      : step_(step), y_(y), start_score_(start_score), first_(first) {}

  Displacement state() override { return {.scale = 1, .offset = {}}; }

  Displacement score(int t, const Displacement& x) override {
    // In the coordinate of level t: y' = x'/signal'.
    const double here = step_.signal(step_.coefficients_.t);
    const double there = step_.signal(t);
    Displacement out;
    if (t == step_.coefficients_.t && x.scale == 1 && x.offset.empty()) {
      out.offset = start_score_;
    } else {
      std::vector<Lanes> point(y_.size());
      const double scale = x.scale * (here / there);
      for (std::size_t i = 0; i < point.size(); ++i) {
        point[i].v = scale * y_[i].v;
      }
      for (std::size_t i = 0; i < x.offset.size(); ++i) {
        point[i].v += x.offset[i].v / there;
      }
      out.offset.resize(y_.size());
      step_.marginal(t).score(point.data(), groups(), out.offset.data());
    }
    return out / there;
  }

  Displacement add_noise(const Displacement& x, const double& sd) override {
    Displacement z;
    z.offset.resize(y_.size());
    RandomKey key = key_of(step_.setting_.seed, PathStream::intermediate, step_.coefficients_.t);
    key.stream += drawn_++;
    random_normals(key, first_, groups(), dim(), z.offset.data());
    return x + sd * std::move(z);
  }

  Displacement clip(const Displacement& u, const double& radius) override {
    Displacement out = u;
    out.scale = 0;
    out.offset.resize(y_.size());
    const double scale = u.scale * step_.signal(step_.coefficients_.t);
    for (std::size_t g = 0; g < groups(); ++g) {
      LaneVector square = {};
      for (std::size_t i = g * dim(); i < (g + 1) * dim(); ++i) {
        out.offset[i].v += scale * y_[i].v;
        square += out.offset[i].v * out.offset[i].v;
      }
      LaneVector factor;
      for (std::size_t l = 0; l < kLanes; ++l) {
        const double norm = std::sqrt(square[l]);
        factor[l] = norm <= radius ? 1 : radius / norm;
      }
      for (std::size_t i = g * dim(); i < (g + 1) * dim(); ++i) {
        out.offset[i].v *= factor;
      }
    }
    return out;
  }

  void move(const Displacement& mean, const double& sd) override {
    const Step<double>& c = step_.coefficients_;
    const double wanted = std::sqrt(c.b) / c.sqrt_alpha;
    if (mean_ || !(std::fabs(sd - wanted) <= 1e-12 * wanted)) {
      refuse();
    }
    mean_ = mean;
  }
  void move(const Displacement&) override { refuse(); }

  /// Psi(x)/sqrt(alpha) as a displacement.
  const Displacement& mean() const {
    if (!mean_) {
      refuse();
    }
    return *mean_;
  }

 private:
  std::size_t dim() const { return step_.setting_.clean.dim(); }
  std::size_t groups() const { return y_.size() / dim(); }
  [[noreturn]] void refuse() const {
    throw EngineRefusal(
        fmt::format("--sampler {}: the path certificate takes samplers whose step is one kernel of "
                    "noise variance b/alpha, y -> N(Psi(y)/sqrt(alpha), b/alpha)",
                    step_.setting_.sampler.text()));
  }

  const PathStep& step_;
  const std::vector<Lanes>& y_;
  const std::vector<Lanes>& start_score_;
  std::uint64_t first_;
  std::uint64_t drawn_ = 0;
  std::optional<Displacement> mean_;
};

PathStep::PathStep(const Setting& setting, int t, int substeps, bool check)
    : setting_(setting),
      coefficients_(make_step(setting.schedule, t, static_cast<long>(setting.clean.dim()))),
      flow_(setting.clean, noise_to_signal(setting.schedule.level(t)), flow_length(coefficients_),
            substeps),
      score_calls_(7L * substeps * (check ? 3 : 1) + setting.sampler.info().score_calls - 1) {
  if (check) {
    finer_.emplace_back(setting.clean, flow_.start().tau(), flow_length(coefficients_),
                        2 * substeps);
  }
  for (int level = t - 1; level <= std::min(t + 1, setting.schedule.steps()); ++level) {
    marginals_.emplace(
        level, SmoothedMixture(setting.clean, noise_to_signal(setting.schedule.level(level))));
  }
}

double PathStep::signal(int t) const { return std::sqrt(setting_.schedule.level(t).abar); }

std::vector<Lanes> PathStep::step_displacement(const std::vector<Lanes>& y,
                                               const std::vector<Lanes>& start_score,
                                               std::uint64_t first) const {
  PathWalk walk(*this, y, start_score, first);
  setting_.sampler.step(coefficients_, walk);
  Displacement psi = coefficients_.sqrt_alpha * walk.mean();
  // 1/sqrt(alpha) times sqrt(alpha) is 1 up to rounding, which must not be multiplied by x.
  const double excess = psi.scale - 1;
  if (std::fabs(excess) > 16 * std::numeric_limits<double>::epsilon()) {
    const double scale = excess * signal(coefficients_.t);
    psi.offset.resize(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      psi.offset[i].v += scale * y[i].v;
    }
  }
  return std::move(psi.offset);
}

PathStep::Block PathStep::run(std::uint64_t first, std::size_t groups) const {
  const std::vector<Lanes> y = sample_path(setting_.clean, flow_.start().tau(), setting_.seed,
                                           coefficients_.t, first, groups);
  std::vector<Lanes> score(y.size());
  flow_.start().score(y.data(), groups, score.data());
  const std::vector<Lanes> psi = step_displacement(y, score, first);
  std::vector<Lanes> phi(y.size());
  flow_.displacement(y.data(), score.data(), groups, phi.data());
  const double scale = signal(coefficients_.t);
  Block out;
  out.summand = energies({phi, scale}, {psi, 1}, groups);
  if (!finer_.empty()) {
    std::vector<Lanes> finer(y.size());
    finer_.front().displacement(y.data(), score.data(), groups, finer.data());
    // The finer flow has 2^-6 of the error itself.
    const double whole = scale * (64.0 / 63.0);
    out.flow_error = energies({phi, whole}, {finer, whole}, groups);
  }
  return out;
}

RunningMoments PathStep::energies(const Scaled& a, const Scaled& b, std::size_t groups) const {
  const std::size_t dim = setting_.clean.dim();
  RunningMoments out;
  for (std::size_t g = 0; g < groups; ++g) {
    LaneVector sum = {};
    for (std::size_t i = g * dim; i < (g + 1) * dim; ++i) {
      const LaneVector gap = a.scale * a.vectors[i].v - b.scale * b.vectors[i].v;
      sum += gap * gap;
    }
    for (std::size_t l = 0; l < kLanes; ++l) {
      out.add(sum[l] / (2 * coefficients_.b));
    }
  }
  return out;
}

}  // namespace lemmabench
