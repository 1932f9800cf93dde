#include "harness/engines/gaussian/gaussian_propagation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cases/memory_slots.hpp"
#include "cases/step.hpp"
#include "harness/engines/common/local_errors.hpp"
#include "harness/engines/gaussian/gaussian_memory.hpp"
#include "harness/engines/gaussian/gaussian_path.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/parallel.hpp"
#include "numerics/scalar.hpp"
#include "theory/process/forward.hpp"

namespace lemmabench {
namespace {

/// E||s*(X)||^2 = sum_i m_i/w_i at a level; what score estimates are relative to.
template <class Real>
LevelMoments<Real> moments_at(const GaussianLaw& target, const Level<Real>& level) {
  using std::sqrt;
  LevelMoments<Real> moments{Real(0), Real(0), Real(0), target.dim()};
  for (const CoordinateLaw& block : target.coordinates) {
    moments.score_rms += Real(static_cast<int>(block.multiplicity)) *
                         expected_squared_score(level, from_rational<Real>(block.variance()));
  }
  moments.score_rms = sqrt(moments.score_rms);
  return moments;
}

// The inner loops below assign into numbers that exist (x = a; x *= b), not x = a * b: a ball above
// 128 bits has its mantissa on the heap, and temporaries cost as much as the arithmetic.

/// p_t in every block of a chunk: N(centre, w) per coordinate; an empty centre is 0.
template <class Real>
struct Marginal {
  int t = 0;
  std::vector<Real> w;
  std::vector<Real> score_slope;  ///< -1/w
  std::vector<Real> centre;
};

/// A law carried along, per block: its variance in the form that suits the scalar, and its mean
/// (empty = 0).
///
/// Floats carry the excess u = v - w over the marginal of the current level: rounding is relative
/// to what a step changes, not to v. Balls carry v: as tight, in a third of the operations.
template <class Real>
struct TrackedLaw {
  std::vector<Real> variance;
  std::vector<Real> mean;
  GaussianMemory<Real> memory = {};
};

/// The walk of a chunk of blocks, all at once, so that what depends on t only is done once for all.
template <class Real>
class GaussianWalk final : public Walk<AffineForm<Real>, Real> {
 public:
  using State = AffineForm<Real>;
  using Column = std::vector<Real>;
  static constexpr bool kCarriesVariance = is_ball<Real>;
  /// Laws that share every affine form: started from N(0, I), from p_{X_T}, and restarted from
  /// exact p_t at every step.
  enum Track : std::size_t { kGaussian, kExact, kLocal };

  GaussianWalk(const GaussianLaw& target, std::span<const CoordinateLaw> blocks,
               const Schedule<Real>& schedule, const ScoreEstimate& score,
               const std::vector<LevelMoments<Real>>& moments, const PropagationOptions& options)
      : target_(target),
        schedule_(schedule),
        score_(score),
        moments_(moments),
        // Of the whole target, whichever blocks are this thread's: what is not done for means that
        // are 0 leaves other radii, and bytes must not depend on the number of threads.
        centred_(std::all_of(target.coordinates.begin(), target.coordinates.end(),
                             [](const CoordinateLaw& block) { return block.mean().sign() == 0; })),
        path_(blocks.size(), options.path) {
    for (const CoordinateLaw& block : blocks) {
      variance_.push_back(from_rational<Real>(block.variance()));
      mean_.push_back(from_rational<Real>(block.mean()));
    }
    fill_marginal(schedule.steps(), here_);
    laws_.assign(options.local ? 3 : (options.exact_start ? 2 : 1), at_truth());
    // N(0, 1) against w_T = abar_T lambda + 1-abar_T: u = abar_T (1 - lambda).
    laws_[kGaussian].mean.clear();
    for (std::size_t i = 0; i < size(); ++i) {
      laws_[kGaussian].variance[i] =
          kCarriesVariance ? Real(1) : schedule.level(schedule.steps()).abar * (1 - variance_[i]);
    }
  }

  std::size_t size() const { return variance_.size(); }

  void begin_step(const Step<Real>& c) {
    step_ = &c;
    path_.begin_step();
    fill_marginal(c.t - 1, below_);
    if (laws_.size() > kLocal) {
      laws_[kLocal] = at_truth();
    }
  }

  /// Moves to level t-1; an excess is referred to it by w_t - w_{t-1} = b (1 - w_{t-1}).
  void end_step() {
    path_.end_step();
    for (std::size_t i = 0; !kCarriesVariance && i < size(); ++i) {
      Real& change = scratch_;
      change = 1;
      change -= below_.w[i];
      change *= step_->b;
      for (TrackedLaw<Real>& law : laws_) {
        law.variance[i] += change;
      }
    }
    std::swap(above_, here_);
    std::swap(here_, below_);
  }

  State state() override {
    State y;
    y.slope.assign(size(), Real(1));
    return y;
  }

  State score(int t, const State& y) override {
    ++score_calls_;
    State s = exact_score(find(t), y);
    if (!score_.exact()) {
      s = score_.estimate(moments_[static_cast<std::size_t>(t) - 1], y, s);
    }
    return s;
  }

  State score_at(const Level<Real>& level, const State& y) override {
    ++score_calls_;
    fill_marginal(level, other_);
    other_.t = 0;
    State s = exact_score(other_, y);
    if (!score_.exact()) {
      s = score_.estimate(moments_at(target_, level), y, s);
    }
    return s;
  }

  State data_mean() override {
    if (!score_.exact()) {
      return Walk<State, Real>::data_mean();  // refuses
    }
    State out;
    out.slope.assign(size(), Real(0));
    if (!centred_) {
      out.offset = mean_;
    }
    return out;
  }

  void remember(int slot, const State& y) override {
    require_memory_slot(slot);
    const auto at = static_cast<std::size_t>(slot);
    next_memory_.resize(std::max(next_memory_.size(), at + 1));
    next_memory_[at] = y;
    next_memory_[at]->settle();
  }

  State recall(int slot) override {
    require_memory_slot(slot);
    const auto at = static_cast<std::size_t>(slot);
    if (at >= kept_.size() || !kept_[at]) {
      throw_nothing_remembered(slot);
    }
    State m;
    m.slope.assign(size(), Real(0));
    m.memory.resize(at + 1);
    m.memory[at].assign(size(), Real(1));
    return m;
  }

  State add_noise(const State& y, const Real& sd) override {
    State out = y;
    out.settle();
    out.noise.resize(std::max(out.noise.size(), drawn_ + 1));
    out.noise[drawn_++].assign(size(), sd);
    return out;
  }

  State clip(const State&, const Real&) override {
    throw EngineRefusal(
        "--sampler: clipping is not affine, and the Gaussian law takes affine steps only; leave "
        "clip out, or use a mixture target");
  }
  State clamp(const State&, const Real&) override {
    throw EngineRefusal(
        "--sampler: clamping coordinates is not affine, and the Gaussian law takes affine steps "
        "only; as `product:weights=1,means=0,variances=1,copies=D` the same target has a computed "
        "law, and `lemmabench particles` takes samples");
  }

  void move(const State& mean, const Real& sd) override { settle_and_advance(mean, sd * sd); }
  void move(const State& mean) override { settle_and_advance(mean, Real(0)); }

  /// A law against p_t of the current level, in block i: e = (v-w)/w = u/w.
  BlockLaw<Real> deviation(Track track, std::size_t i) const {
    const TrackedLaw<Real>& law = laws_[track];
    const Real mean = law.mean.empty() ? Real(0) : law.mean[i];
    Real excess = law.variance[i];
    if constexpr (kCarriesVariance) {
      if (arb_is_zero(excess.raw()) != 0) {
        return {Real(-1), deviation_of_mean(mean, i)};  // exactly: a ball around -1 would not tell
      }
      excess -= here_.w[i];
    }
    return {excess / here_.w[i], deviation_of_mean(mean, i)};
  }
  bool has(Track track) const { return track < laws_.size(); }
  const Real& variance(std::size_t i) const { return here_.w[i]; }
  Real path(std::size_t i) const { return path_.total(i); }
  bool has_path() const { return path_.exists(); }
  long score_calls() const { return score_calls_; }

 private:
  Real deviation_of_mean(const Real& mean, std::size_t i) const {
    return here_.centre.empty() ? mean : Real(mean - here_.centre[i]);
  }

  /// Makes `out` the marginal of level t, in the storage it has.
  void fill_marginal(int t, Marginal<Real>& out) const {
    fill_marginal(schedule_.level(t), out);
    out.t = t;
  }

  void fill_marginal(const Level<Real>& level, Marginal<Real>& out) const {
    using std::sqrt;
    out.w.resize(size());
    out.score_slope.resize(size());
    for (std::size_t i = 0; i < size(); ++i) {
      Real& w = out.w[i];  // abar lambda + 1-abar
      w = level.abar;
      w *= variance_[i];
      w += level.noise;
      Real& slope = out.score_slope[i];
      slope = -1;
      slope /= w;
    }
    if (!centred_) {
      const Real signal = sqrt(level.abar);
      out.centre.clear();
      for (const Real& mu : mean_) {
        out.centre.push_back(signal * mu);
      }
    }
  }

  TrackedLaw<Real> at_truth() const {
    return {.variance = kCarriesVariance ? here_.w : Column(size(), Real(0)), .mean = here_.centre};
  }

  /// The marginals a step asks for are t-1, t and t+1; any other is made anew.
  const Marginal<Real>& find(int t) {
    for (const Marginal<Real>* known : {&here_, &below_, &above_}) {
      if (known->t == t) {
        return *known;
      }
    }
    fill_marginal(t, other_);
    return other_;
  }

  /// s*(y) = -(y - centre)/w on an affine form.
  State exact_score(const Marginal<Real>& p, const State& y) const {
    State s = y;
    if (!p.centre.empty()) {
      s.settle();
      s.offset.resize(size(), Real(0));
    }
    for (std::size_t i = 0; i < size(); ++i) {
      const Real& slope = p.score_slope[i];
      s.slope[i] *= slope;
      for (Column& column : s.memory) {
        if (!column.empty()) {
          column[i] *= slope;
        }
      }
      if (!p.centre.empty()) {
        s.offset[i] -= p.centre[i];
      }
      if (!s.offset.empty()) {
        s.offset[i] *= slope;
      }
      for (Column& column : s.noise) {
        column[i] *= slope;
      }
    }
    return s;
  }

  /// The kernel y -> N(slope y + offset, noise): v' = slope^2 v + noise, and for the excess at the
  /// same level u' = slope^2 u + (slope-1)(slope+1) w + noise.
  void settle_and_advance(const State& mean, const Real& noise) {
    if (!mean.scaled) {
      advance(mean, noise);
      return;
    }
    State settled = mean;
    settled.settle();
    advance(settled, noise);
  }

  void advance(const State& mean, const Real& noise) {
    std::array<typename GaussianMemory<Real>::Gain, 3> remembered;
    for (std::size_t k = 0; k < laws_.size(); ++k) {
      TrackedLaw<Real>& law = laws_[k];
      remembered[k] = law.memory.advance(mean, next_memory_, whole_variance(law), law.mean);
    }
    kept_.resize(std::max(kept_.size(), next_memory_.size()), false);
    for (std::size_t k = 0; k < next_memory_.size(); ++k) {
      kept_[k] = kept_[k] || next_memory_[k];
    }
    next_memory_.clear();
    for (std::size_t i = 0; i < size(); ++i) {
      const Real& slope = mean.slope[i];
      Real& squared = second_scratch_;
      Real& gain = scratch_;
      gain = noise;
      for (const Column& z : mean.noise) {
        gain += z[i] * z[i];
      }
      if (!kCarriesVariance) {
        gain += (slope - 1) * (slope + 1) * here_.w[i];
      }
      squared = slope;
      squared *= slope;
      for (std::size_t k = 0; k < laws_.size(); ++k) {
        Real& variance = laws_[k].variance[i];
        variance *= squared;
        variance += gain;
        if (!remembered[k].variance.empty()) {
          variance += remembered[k].variance[i];
        }
      }
    }
    for (std::size_t k = 0; k < laws_.size(); ++k) {
      advance_mean(mean, remembered[k].mean, laws_[k].mean);
    }
    path_.add_kernel(*step_, here_.w, here_.centre, mean, noise);
    drawn_ = 0;
  }

  /// Var Y itself, made only where something is remembered.
  Column whole_variance(const TrackedLaw<Real>& law) const {
    if (kept_.empty() && next_memory_.empty()) {
      return {};
    }
    Column out = law.variance;
    for (std::size_t i = 0; !kCarriesVariance && i < size(); ++i) {
      out[i] += here_.w[i];
    }
    return out;
  }

  void advance_mean(const State& form, const Column& remembered, Column& mean) const {
    if (mean.empty() && form.offset.empty() && remembered.empty()) {
      return;
    }
    mean.resize(size(), Real(0));
    for (std::size_t i = 0; i < size(); ++i) {
      mean[i] *= form.slope[i];
      if (!form.offset.empty()) {
        mean[i] += form.offset[i];
      }
      if (!remembered.empty()) {
        mean[i] += remembered[i];
      }
    }
  }

  const GaussianLaw& target_;
  const Schedule<Real>& schedule_;
  const ScoreEstimate& score_;
  const std::vector<LevelMoments<Real>>& moments_;
  Column variance_;
  Column mean_;
  bool centred_;
  GaussianPath<Real> path_;
  const Step<Real>* step_ = nullptr;
  Marginal<Real> above_;
  Marginal<Real> here_;
  Marginal<Real> below_;
  Marginal<Real> other_;
  std::vector<TrackedLaw<Real>> laws_;
  std::vector<std::optional<State>> next_memory_;  ///< what the present kernel remembers, by slot
  std::vector<bool> kept_;                         ///< the slots that something was remembered in
  std::size_t drawn_ = 0;
  Real scratch_{};
  Real second_scratch_{};
  long score_calls_ = 0;
};

template <class Real>
using LocalRows = std::vector<std::vector<BlockLaw<Real>>>;  // [step][block of the chunk]

/// A chunk through the whole schedule; fills the local errors if they are wanted.
template <class Real>
void run_chunk(GaussianWalk<Real>& walk, const Sampler& sampler, const Schedule<Real>& schedule,
               long dim, LocalRows<Real>* local) {
  for (int t = schedule.steps(); t >= 2; --t) {
    const Step<Real> c = make_step(schedule, t, dim);
    walk.begin_step(c);
    sampler.step(c, walk);
    walk.end_step();
    if (local != nullptr) {
      local->emplace_back();
      for (std::size_t i = 0; i < walk.size(); ++i) {
        local->back().push_back(walk.deviation(GaussianWalk<Real>::kLocal, i));
      }
    }
  }
}

template <class Real>
struct Chunk {
  std::unique_ptr<GaussianWalk<Real>> walk;
  LocalRows<Real> local;
};

template <class Real>
void collect(const Chunk<Real>& chunk, const GaussianLaw& target, GaussianPropagation<Real>& out) {
  using Walk = GaussianWalk<Real>;
  const Walk& walk = *chunk.walk;
  for (std::size_t i = 0; i < walk.size(); ++i) {
    const long multiplicity = target.coordinates[out.variance.size()].multiplicity;
    out.from_gaussian.push_back(walk.deviation(Walk::kGaussian, i));
    if (walk.has(Walk::kExact)) {
      out.from_exact.push_back(walk.deviation(Walk::kExact, i));
    }
    out.variance.push_back(walk.variance(i));
    out.path_kl += Real(static_cast<int>(multiplicity)) * walk.path(i);
  }
  out.has_path = out.has_path && walk.has_path();
  out.score_calls = walk.score_calls();
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
GaussianPropagation<Real> propagate_gaussian(const GaussianLaw& target, const Sampler& sampler,
                                             const ScoreEstimate& score,
                                             const Schedule<Real>& schedule,
                                             const PropagationOptions& options) {
  require_local_errors(sampler, options.local);
  std::vector<LevelMoments<Real>> moments;
  for (int t = 1; t <= schedule.steps() && !score.exact(); ++t) {
    moments.push_back(moments_at(target, schedule.level(t)));
  }
  PropagationOptions wanted = options;
  wanted.path = options.path && sampler.info().path_kernel;
  const std::size_t blocks = target.coordinates.size();
  const std::size_t chunk_count =
      std::min(blocks, static_cast<std::size_t>(std::max(options.threads, 1)));
  std::vector<Chunk<Real>> chunks(chunk_count);
  const long bits = PrecisionScope::bits();
  parallel_for(chunk_count, options.threads, [&](std::size_t k) {
    at_callers_precision<Real>(bits, [&] {
      const std::size_t first = k * blocks / chunk_count;
      const std::size_t last = (k + 1) * blocks / chunk_count;
      const std::span<const CoordinateLaw> mine(&target.coordinates[first], last - first);
      chunks[k].walk =
          std::make_unique<GaussianWalk<Real>>(target, mine, schedule, score, moments, wanted);
      run_chunk(*chunks[k].walk, sampler, schedule, options.dim > 0 ? options.dim : target.dim(),
                wanted.local ? &chunks[k].local : nullptr);
    });
  });
  GaussianPropagation<Real> out;
  out.has_path = wanted.path;
  for (const Chunk<Real>& chunk : chunks) {
    collect(chunk, target, out);
  }
  return out;
}

#define LEMMABENCH_INSTANTIATE(Real)                                                   \
  template GaussianPropagation<Real> propagate_gaussian<Real>(                         \
      const GaussianLaw&, const Sampler&, const ScoreEstimate&, const Schedule<Real>&, \
      const PropagationOptions&);
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
