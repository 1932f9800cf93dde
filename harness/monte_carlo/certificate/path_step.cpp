#include "harness/monte_carlo/certificate/path_step.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cases/kernel_walk.hpp"
#include "cases/step.hpp"
#include "numerics/clip_vectors.hpp"
#include "numerics/error.hpp"
#include "numerics/log_functions.hpp"

namespace lemmabench {
namespace {

// Of a block whose flow is checked.
constexpr std::size_t kCheckedGroups = 4;

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
class PathWalk final : public KernelWalk<Displacement, double> {
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

  Displacement clip(const Displacement& u, const double& radius) override {
    Displacement out = settled(u);
    clip_vectors(out.offset, dim(), radius);
    return out;
  }
  Displacement clamp(const Displacement& u, const double& bound) override {
    Displacement out = settled(u);
    clamp_coordinates(out.offset, bound);
    return out;
  }

  using KernelWalk<Displacement, double>::move;
  void move(const Displacement&) override {
    if (mean_ || step_.setting_.sampler.info().deterministic) {
      refuse();
    }
    throw EngineRefusal(fmt::format(
        "--sampler {}: its step from t = {} has no noise, and the path certificate divides by the "
        "noise of every step; `lemmabench particles` takes it",
        step_.setting_.sampler.text(), step_.coefficients_.t));
  }

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
  /// The same vectors with nothing left to the state.
  Displacement settled(const Displacement& u) const {
    Displacement out = u;
    out.scale = 0;
    out.offset.resize(y_.size());
    const double scale = u.scale * step_.signal(step_.coefficients_.t);
    for (std::size_t i = 0; i < y_.size(); ++i) {
      out.offset[i].v += scale * y_[i].v;
    }
    return out;
  }
  Displacement with_noise(const Displacement& x, const double& sd) override {
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
  void move_with_noise(const Displacement& mean, const double& sd) override {
    if (mean_) {
      refuse();
    }
    mean_ = mean;
    sd_ = sd;
  }
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

PathStep::PathStep(const Setting& setting, int t, const PathFlows& flows)
    : setting_(setting),
      coefficients_(make_step(setting.schedule, t, static_cast<long>(setting.clean.dim()))),
      score_calls_(1 + (setting.sampler.info().score_calls - 1) *
                           (setting.score == nullptr ? 1L : 2L)) {
  const auto prepare = [&](std::optional<VectorFlow>& flow, FlowMethod method, int substeps) {
    flow.emplace(setting.clean, method, noise_to_signal(setting.schedule.level(t)),
                 flow_length(coefficients_), substeps);
    score_calls_ += VectorFlow::score_calls(method, substeps);
  };
  if (flows.coarse > 0) {
    prepare(coarse_, FlowMethod::kutta, flows.coarse);
  }
  if (flows.fine > 0) {
    prepare(fine_, FlowMethod::butcher, flows.fine);
  }
  if (flows.check) {
    const long before = score_calls_;
    prepare(finer_, FlowMethod::butcher, 2 * flows.fine);
    check_calls_ = std::exchange(score_calls_, before) - before;
  }
}

double PathStep::score_calls(std::size_t groups) const {
  return static_cast<double>(kLanes) *
         (static_cast<double>(score_calls_) * static_cast<double>(groups) +
          static_cast<double>(check_calls_) *
              static_cast<double>(std::min(groups, kCheckedGroups)));
}

const VectorMarginal& PathStep::marginal(int t) const {
  std::unique_ptr<VectorMarginal>& found = marginals_[t];
  if (!found) {
    found = setting_.clean.marginal(noise_to_signal(setting_.schedule.level(t)));
  }
  return *found;
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

std::vector<Lanes> PathStep::displacement(const VectorFlow& flow, const Batch& batch) const {
  std::vector<Lanes> out(batch.points.size());
  flow.displacement(batch.points.data(), batch.score.data(),
                    batch.points.size() / setting_.clean.dim(), out.data());
  return out;
}

PathStep::Block PathStep::run(std::uint64_t first, std::size_t groups) const {
  Batch batch;
  batch.points.resize(groups * setting_.clean.dim());
  const VectorMarginal& here = marginal(coefficients_.t);
  setting_.clean.sample(keys(), here.tau(), first, groups, batch.points.data());
  batch.score.resize(batch.points.size());
  here.score(batch.points.data(), groups, batch.score.data());
  const Kernel exact = step_kernel(batch.points, batch.score, first, nullptr);
  batch.variance = exact.variance;
  if (coarse_) {
    batch.coarse = displacement(*coarse_, batch);
  }
  if (fine_) {
    batch.fine = displacement(*fine_, batch);
  }
  Block out;
  out.variance_term = variance_term(coefficients_, exact.variance);
  if (setting_.score == nullptr) {
    out.summand = summands(batch, exact.displacement);
  } else {
    const Kernel estimated = step_kernel(batch.points, batch.score, first, setting_.score);
    out.summand = summands(batch, estimated.displacement);
    out.discretisation = summands(batch, exact.displacement);
    for (const double x :
         energies({exact.displacement, 1}, {estimated.displacement, 1}, exact.variance)) {
      out.score.add(x);
    }
  }
  if (finer_) {
    // The finer flow has 2^-6 of the error itself.
    const double whole = signal(coefficients_.t) * (64.0 / 63.0);
    for (const double x :
         energies({*batch.fine, whole}, {displacement(*finer_, batch), whole}, exact.variance)) {
      out.flow_error.add(x);
    }
  }
  return out;
}

/// At the first few samples: an order of magnitude is all that is asked for.
RunningMoments PathStep::flow_error(Batch batch) const {
  const std::size_t length = std::min(batch.points.size(), kCheckedGroups * setting_.clean.dim());
  for (std::vector<Lanes>* part : {&batch.points, &batch.score, &*batch.fine}) {
    part->resize(length);
  }
  // The finer flow has 2^-6 of the error itself.
  const double whole = signal(coefficients_.t) * (64.0 / 63.0);
  const std::vector<Lanes> finer = displacement(*finer_, batch);
  RunningMoments out;
  for (const double x : energies({*batch.fine, whole}, {finer, whole}, batch.variance)) {
    out.add(x);
  }
  return out;
}

FlowMoments PathStep::summands(const Batch& batch, const std::vector<Lanes>& psi) const {
  FlowMoments out;
  const auto of = [&](const std::vector<Lanes>& flow) {
    return energies({flow, signal(coefficients_.t)}, {psi, 1}, batch.variance);
  };
  const std::vector<double> coarse = batch.coarse ? of(*batch.coarse) : std::vector<double>();
  const std::vector<double> fine = batch.fine ? of(*batch.fine) : std::vector<double>();
  for (std::size_t s = 0; s < fine.size(); ++s) {
    out.fine.add(fine[s]);
    if (!coarse.empty()) {
      out.correction.add(fine[s] - coarse[s]);
    }
  }
  for (std::size_t s = 0; fine.empty() && s < coarse.size(); ++s) {
    out.coarse.add(coarse[s]);
  }
  return out;
}

std::vector<double> PathStep::energies(const Scaled& a, const Scaled& b, double variance) const {
  const std::size_t dim = setting_.clean.dim();
  std::vector<double> out;
  out.reserve(a.vectors.size() / dim * kLanes);
  for (std::size_t start = 0; start < a.vectors.size(); start += dim) {
    LaneVector sum = {};
    for (std::size_t i = start; i < start + dim; ++i) {
      const LaneVector gap = a.scale * a.vectors[i].v - b.scale * b.vectors[i].v;
      sum += gap * gap;
    }
    for (std::size_t l = 0; l < kLanes; ++l) {
      out.push_back(sum[l] / (2 * variance));
    }
  }
  return out;
}

}  // namespace lemmabench
