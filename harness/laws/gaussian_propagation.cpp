#include "harness/laws/gaussian_propagation.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "cases/step.hpp"
#include "harness/parallel.hpp"
#include "numerics/error.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

/// E||s*_t(X_t)||^2 = sum_i m_i/w_{t,i} for all levels; what score estimates are relative to.
template <class Real>
std::vector<LevelMoments<Real>> level_moments(const GaussianTarget& target,
                                              const Schedule<Real>& schedule) {
  using std::sqrt;
  std::vector<LevelMoments<Real>> out;
  out.reserve(static_cast<std::size_t>(schedule.steps()));
  for (int t = 1; t <= schedule.steps(); ++t) {
    const Level<Real>& level = schedule.level(t);
    LevelMoments<Real> moments{Real(0), Real(0), Real(0), target.dim()};
    for (const GaussianTarget::Block& block : target.blocks) {
      const Real w = level.abar * from_rational<Real>(block.variance) + level.noise;
      moments.score_rms += Real(static_cast<int>(block.multiplicity)) / w;
    }
    moments.score_rms = sqrt(moments.score_rms);
    out.push_back(std::move(moments));
  }
  return out;
}

/// p_t in one block: N(centre, w) per coordinate.
template <class Real>
struct Marginal {
  int t = 0;
  Real w;
  Real inverse_w;
  Real centre;
};

/// The law of the state against the current level: relative variance error and mean.
template <class Real>
struct TrackedLaw {
  Real e;
  Real mean;
};

/// The walk of one block: state is an affine form of the state its kernel started from.
template <class Real>
class GaussianWalk final : public Walk<AffineForm<Real>, Real> {
 public:
  using State = AffineForm<Real>;
  /// Laws carried along together, since they share every affine form: started from N(0, I), from
  /// p_{X_T}, and restarted from exact p_t at every step.
  enum Track : std::size_t { kGaussian, kExact, kLocal };

  GaussianWalk(const GaussianTarget::Block& block, const Schedule<Real>& schedule,
               const ScoreEstimate& score, const std::vector<LevelMoments<Real>>& moments,
               const PropagationOptions& options)
      : schedule_(schedule),
        score_(score),
        moments_(moments),
        variance_(from_rational<Real>(block.variance)),
        mean_(from_rational<Real>(block.mean)),
        centred_(block.mean.sign() == 0),
        has_path_(options.path),
        laws_(options.local ? 3 : 2) {
    const int last = schedule.steps();
    here_ = marginal(last);
    for (TrackedLaw<Real>& law : laws_) {
      law = {Real(0), here_.centre};
    }
    // N(0, 1) against w_T = abar_T lambda + 1-abar_T: v/w - 1 = abar_T (1 - lambda)/w_T.
    laws_[kGaussian] = {schedule.level(last).abar * (1 - variance_) * here_.inverse_w, Real(0)};
  }

  void begin_step(const Step<Real>& c) {
    step_ = &c;
    below_ = marginal(c.t - 1);
    if (laws_.size() > kLocal) {
      laws_[kLocal] = {Real(0), here_.centre};
    }
  }

  /// Refers the laws to level t-1 and moves there.
  void end_step() {
    const Step<Real>& c = *step_;
    const Real change = c.b * (1 - below_.w);  // w_t - w_{t-1}
    for (TrackedLaw<Real>& law : laws_) {
      law.e = (here_.w * law.e + change) * below_.inverse_w;
    }
    above_ = std::move(here_);
    here_ = std::move(below_);
  }

  State state() override { return {Real(1), Real(0), {}}; }

  State score(int t, const State& y) override {
    ++score_calls_;
    State s = exact_score(find(t), y);
    if (!score_.exact()) {
      s = score_.estimate(moments_[static_cast<std::size_t>(t) - 1], y, s);
    }
    return s;
  }

  State add_noise(const State& y, const Real& sd) override {
    State fresh{Real(0), Real(0), std::vector<Real>(drawn_ + 1, Real(0))};
    fresh.noise[drawn_++] = sd;
    return y + fresh;
  }

  State clip(const State&, const Real&) override {
    throw EngineRefusal(
        "--sampler: clipping is not affine, and the Gaussian law takes affine steps only; leave "
        "clip out, or use a mixture target");
  }

  void move(const State& mean, const Real& sd) override { advance(mean, sd * sd); }
  void move(const State& mean) override { advance(mean, Real(0)); }

  /// A law against p_t of the current level.
  BlockLaw<Real> deviation(Track track) const {
    return {laws_[track].e, laws_[track].mean - here_.centre};
  }
  const Real& variance() const { return here_.w; }
  const Real& path() const { return path_; }
  bool has_path() const { return has_path_; }
  long score_calls() const { return score_calls_; }

 private:
  Marginal<Real> marginal(int t) const {
    using std::sqrt;
    const Level<Real>& level = schedule_.level(t);
    Marginal<Real> out;
    out.t = t;
    out.w = level.abar * variance_ + level.noise;
    out.inverse_w = 1 / out.w;
    out.centre = centred_ ? Real(0) : Real(sqrt(level.abar) * mean_);
    return out;
  }

  /// The marginals a step asks for are t-1, t and t+1; any other is made anew.
  const Marginal<Real>& find(int t) {
    for (const Marginal<Real>* known : {&here_, &below_, &above_}) {
      if (known->t == t) {
        return *known;
      }
    }
    other_ = marginal(t);
    return other_;
  }

  /// s*(y) = -(y - centre)/w on an affine form.
  State exact_score(const Marginal<Real>& p, const State& y) const {
    const Real factor = -p.inverse_w;
    State s = factor * y;
    if (!centred_) {
      s.offset += p.centre * p.inverse_w;
    }
    return s;
  }

  void advance(const State& mean, Real noise) {
    for (const Real& z : mean.noise) {
      noise += z * z;
    }
    const Real& slope = mean.slope;
    const Real squared = slope * slope;
    const Real defect = (slope - 1) * (slope + 1) + noise * here_.inverse_w;
    for (TrackedLaw<Real>& law : laws_) {
      law.e = squared * law.e + defect;
      law.mean = slope * law.mean + mean.offset;
    }
    // With an intermediate noise the step is no kernel y -> N(Psi(y), b/alpha).
    has_path_ = has_path_ && mean.noise.empty();
    if (has_path_) {
      add_path_term(mean);
    }
    drawn_ = 0;
  }

  /// E|Phi - Psi|^2/(2b) under p_t, both at fixed signal: Phi(x) = c + phi (x-c) with
  /// phi = sqrt((w-2b)/w), and Psi(x) = a x + o, a = sqrt(alpha) slope.
  void add_path_term(const State& mean) {
    using std::sqrt;
    const Step<Real>& c = *step_;
    const Real fraction = c.b * here_.inverse_w;
    const Real a = c.sqrt_alpha * mean.slope;
    const Real gap = sqrt(1 - fraction * 2) - a;
    path_ += gap * gap / (fraction * 2);
    if (!centred_ || !score_.exact()) {
      const Real shift = here_.centre * (1 - a) - c.sqrt_alpha * mean.offset;
      path_ += shift * shift / (c.b * 2);
    }
  }

  const Schedule<Real>& schedule_;
  const ScoreEstimate& score_;
  const std::vector<LevelMoments<Real>>& moments_;
  Real variance_;
  Real mean_;
  bool centred_;
  bool has_path_;
  const Step<Real>* step_ = nullptr;
  Marginal<Real> above_;
  Marginal<Real> here_;
  Marginal<Real> below_;
  Marginal<Real> other_;
  std::vector<TrackedLaw<Real>> laws_;
  std::size_t drawn_ = 0;
  Real path_{0};
  long score_calls_ = 0;
};

/// Blocks first..last-1 through the whole schedule; the step coefficients are made once for all.
template <class Real>
struct Chunk {
  std::deque<GaussianWalk<Real>> walks;  // walks do not move
  std::vector<std::vector<BlockLaw<Real>>> local;  // [step][block of the chunk]

  void run(const Sampler& sampler, const Schedule<Real>& schedule, long dim,
           const PropagationOptions& options) {
    using Walk = GaussianWalk<Real>;
    for (int t = schedule.steps(); t >= 2; --t) {
      const Step<Real> c = make_step(schedule, t, dim);
      std::vector<BlockLaw<Real>> row;
      for (Walk& walk : walks) {
        walk.begin_step(c);
        sampler.step(c, walk);
        walk.end_step();
        if (options.local) {
          row.push_back(walk.deviation(Walk::kLocal));
        }
      }
      if (options.local) {
        local.push_back(std::move(row));
      }
    }
  }
};

template <class Real>
void collect(const Chunk<Real>& chunk, const GaussianTarget& target,
             GaussianPropagation<Real>& out) {
  using Walk = GaussianWalk<Real>;
  for (const Walk& walk : chunk.walks) {
    const long multiplicity = target.blocks[out.variance.size()].multiplicity;
    out.from_gaussian.push_back(walk.deviation(Walk::kGaussian));
    out.from_exact.push_back(walk.deviation(Walk::kExact));
    out.variance.push_back(walk.variance());
    out.path_kl += Real(static_cast<int>(multiplicity)) * walk.path();
    out.has_path = out.has_path && walk.has_path();
    out.score_calls = walk.score_calls();
  }
  out.local.resize(chunk.local.size());
  for (std::size_t k = 0; k < chunk.local.size(); ++k) {
    out.local[k].insert(out.local[k].end(), chunk.local[k].begin(), chunk.local[k].end());
  }
}

/// Ball precision is a property of the thread: the chunk takes that of the caller along.
template <class Real, class Body>
void at_callers_precision(long bits, Body body) {
  if constexpr (is_ball<Real>) {
    const PrecisionScope scope(bits);
    body();
  } else {
    body();
  }
}

}  // namespace

template <class Real>
GaussianPropagation<Real> propagate_gaussian(const GaussianTarget& target, const Sampler& sampler,
                                             const ScoreEstimate& score,
                                             const Schedule<Real>& schedule,
                                             const PropagationOptions& options) {
  const std::vector<LevelMoments<Real>> moments =
      score.exact() ? std::vector<LevelMoments<Real>>() : level_moments(target, schedule);
  PropagationOptions wanted = options;
  wanted.path = options.path && sampler.info().path_kernel;
  const std::size_t blocks = target.blocks.size();
  const std::size_t chunk_count =
      std::min(blocks, static_cast<std::size_t>(std::max(options.threads, 1)));
  std::vector<Chunk<Real>> chunks(chunk_count);
  const long bits = PrecisionScope::bits();
  parallel_for(chunk_count, options.threads, [&](std::size_t k) {
    at_callers_precision<Real>(bits, [&] {
      for (std::size_t i = k * blocks / chunk_count; i < (k + 1) * blocks / chunk_count; ++i) {
        chunks[k].walks.emplace_back(target.blocks[i], schedule, score, moments, wanted);
      }
      chunks[k].run(sampler, schedule, target.dim(), wanted);
    });
  });
  GaussianPropagation<Real> out;
  out.has_path = wanted.path;
  for (const Chunk<Real>& chunk : chunks) {
    collect(chunk, target, out);
  }
  return out;
}

#define LEMMABENCH_INSTANTIATE(Real)                                      \
  template GaussianPropagation<Real> propagate_gaussian<Real>(            \
      const GaussianTarget&, const Sampler&, const ScoreEstimate&,        \
      const Schedule<Real>&, const PropagationOptions&);
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
