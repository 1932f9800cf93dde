#include "harness/path_step.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cases/step.hpp"
#include "numerics/error.hpp"
#include "numerics/log_functions.hpp"

namespace lemmabench {
namespace {

double noise_to_signal(const Level<double>& level) { return level.noise / level.abar; }

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

/// (d/2) (rho - 1 - log rho), rho = b/variance; 0 where they differ by rounding alone.
double variance_term(const Step<double>& c, double variance) {
  const double excess = (c.b - variance) / variance;
  return std::fabs(excess) <= 1e-12 ? 0 : -0.5 * static_cast<double>(c.dim) * log1p_minus(excess);
}

}  // namespace

/// One step of a sampler from a batch of samples of X_t.
class PathWalk final : public Walk<Displacement, double> {
 public:
  PathWalk(const PathStep& step, const std::vector<Lanes>& y, const std::vector<Lanes>& start_score,
           std::uint64_t first, const PathScore* estimate)
      : step_(step), y_(y), start_score_(start_score), first_(first), estimate_(estimate) {}

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
    out = out / there;
    if (estimate_ == nullptr) {
      return out;
    }
    const LevelMoments<double> moments{estimate_->rms[static_cast<std::size_t>(t - 1)], 0, 0,
                                       step_.coefficients_.dim};
    return estimate_->estimate.estimate(moments, x, out);
  }

  Displacement add_noise(const Displacement& x, const double& sd) override {
    Displacement z;
    z.offset.resize(y_.size());
    // The only one a step may draw; streams from `further` on belong to the samples of X_t.
    if (std::exchange(drawn_, true)) {
      refuse();
    }
    random_normals(step_.keys().key(SampleStream::intermediate), first_, groups(), dim(),
                   z.offset.data());
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
    if (mean_ || !(sd > 0)) {
      refuse();
    }
    mean_ = mean;
    sd_ = sd;
  }
  void move(const Displacement&) override { refuse(); }

  /// Psi(x)/sqrt(alpha) as a displacement.
  const Displacement& mean() const {
    if (!mean_) {
      refuse();
    }
    return *mean_;
  }
  /// The kernel's standard deviation.
  double sd() const { return sd_; }

 private:
  std::size_t dim() const { return step_.setting_.clean.dim(); }
  std::size_t groups() const { return y_.size() / dim(); }
  [[noreturn]] void refuse() const {
    throw EngineRefusal(
        fmt::format("--sampler {}: the path certificate takes samplers whose step is one kernel "
                    "with noise, y -> N(Psi(y)/sqrt(alpha), s^2), such as ddpm and li-cai",
                    step_.setting_.sampler.text()));
  }

  const PathStep& step_;
  const std::vector<Lanes>& y_;
  const std::vector<Lanes>& start_score_;
  std::uint64_t first_;
  const PathScore* estimate_;
  bool drawn_ = false;
  std::optional<Displacement> mean_;
  double sd_ = 0;
};

PathStep::PathStep(const Setting& setting, int t, int substeps, bool check)
    : setting_(setting),
      coefficients_(make_step(setting.schedule, t, static_cast<long>(setting.clean.dim()))),
      flow_(setting.clean, noise_to_signal(setting.schedule.level(t)), flow_length(coefficients_),
            substeps),
      score_calls_(7L * substeps * (check ? 3 : 1) + (setting.sampler.info().score_calls - 1) *
                                                         (setting.score == nullptr ? 1L : 2L)) {
  if (check) {
    finer_.emplace_back(setting.clean, flow_.start().tau(), flow_length(coefficients_),
                        2 * substeps);
  }
  for (int level = t - 1; level <= std::min(t + 1, setting.schedule.steps()); ++level) {
    marginals_.emplace(level,
                       setting.clean.marginal(noise_to_signal(setting.schedule.level(level))));
  }
}

double PathStep::signal(int t) const { return std::sqrt(setting_.schedule.level(t).abar); }

SampleKeys PathStep::keys() const {
  return {.seed = setting_.seed, .step = static_cast<std::uint64_t>(coefficients_.t)};
}

PathStep::Kernel PathStep::step_kernel(const std::vector<Lanes>& y,
                                       const std::vector<Lanes>& start_score, std::uint64_t first,
                                       const PathScore* estimate) const {
  PathWalk walk(*this, y, start_score, first, estimate);
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
  return {std::move(psi.offset), coefficients_.alpha * walk.sd() * walk.sd()};
}

PathStep::Block PathStep::run(std::uint64_t first, std::size_t groups) const {
  std::vector<Lanes> y(groups * setting_.clean.dim());
  setting_.clean.sample(keys(), flow_.start().tau(), first, groups, y.data());
  std::vector<Lanes> score(y.size());
  flow_.start().score(y.data(), groups, score.data());
  const Kernel exact = step_kernel(y, score, first, nullptr);
  std::vector<Lanes> phi(y.size());
  flow_.displacement(y.data(), score.data(), groups, phi.data());
  const double scale = signal(coefficients_.t);
  const double variance = exact.variance;
  Block out;
  out.variance_term = variance_term(coefficients_, variance);
  const Scaled flow{phi, scale};
  const Scaled psi{exact.displacement, 1};
  if (setting_.score == nullptr) {
    out.summand = energies(flow, psi, variance, groups);
  } else {
    const Kernel estimated = step_kernel(y, score, first, setting_.score);
    const Scaled hat{estimated.displacement, 1};
    out.summand = energies(flow, hat, variance, groups);
    out.discretisation = energies(flow, psi, variance, groups);
    out.score = energies(psi, hat, variance, groups);
  }
  if (!finer_.empty()) {
    std::vector<Lanes> finer(y.size());
    finer_.front().displacement(y.data(), score.data(), groups, finer.data());
    // The finer flow has 2^-6 of the error itself.
    const double whole = scale * (64.0 / 63.0);
    out.flow_error = energies({phi, whole}, {finer, whole}, variance, groups);
  }
  return out;
}

RunningMoments PathStep::energies(const Scaled& a, const Scaled& b, double variance,
                                  std::size_t groups) const {
  const std::size_t dim = setting_.clean.dim();
  RunningMoments out;
  for (std::size_t g = 0; g < groups; ++g) {
    LaneVector sum = {};
    for (std::size_t i = g * dim; i < (g + 1) * dim; ++i) {
      const LaneVector gap = a.scale * a.vectors[i].v - b.scale * b.vectors[i].v;
      sum += gap * gap;
    }
    for (std::size_t l = 0; l < kLanes; ++l) {
      out.add(sum[l] / (2 * variance));
    }
  }
  return out;
}

}  // namespace lemmabench
