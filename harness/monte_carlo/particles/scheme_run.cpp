#include "harness/monte_carlo/particles/scheme_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <variant>
#include <vector>

#include "harness/monte_carlo/particles/particle_blocks.hpp"
#include "harness/monte_carlo/particles/scheme_plan.hpp"
#include "numerics/error.hpp"
#include "numerics/lanes.hpp"
#include "numerics/parallel.hpp"
#include "numerics/random_normals.hpp"

namespace lemmabench {
namespace {

// Streams that no VectorLaw, no judge and no ParticleWalk takes.
constexpr std::uint64_t kDrawStream = std::uint64_t{1} << 60U;
constexpr std::uint64_t kStartStream = kDrawStream + 1;

constexpr double kMostSigma = 1e10;
constexpr std::size_t kMostSchemeNumbers = std::size_t{1} << 27;  // of eight particles
constexpr std::size_t kTaskLanes = std::size_t{1} << 20;  // 64 MB a thread, if a block has less
// D(0) at so much noise is E X_0 but for |X_0|^2 over it.
constexpr double kEndlessTau = 1e24;

/// out += factor x.
LEMMABENCH_LANE_FUNCTION void add_multiple_body(double factor, const Lanes* x, std::size_t length,
                                                Lanes* out) {
  for (std::size_t i = 0; i < length; ++i) {
    out[i].v += factor * x[i].v;
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(add_multiple,
                                (double factor, const Lanes* x, std::size_t length, Lanes* out),
                                (factor, x, length, out))

/// out = y + factor out.
LEMMABENCH_LANE_FUNCTION void denoise_body(const Lanes* y, double factor, std::size_t length,
                                           Lanes* out) {
  for (std::size_t i = 0; i < length; ++i) {
    out[i].v = y[i].v + factor * out[i].v;
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(denoise,
                                (const Lanes* y, double factor, std::size_t length, Lanes* out),
                                (y, factor, length, out))

/// E X_0, a number a coordinate: what the model answers at an infinite level.
std::vector<double> data_mean(const Target& target, const VectorLaw& clean) {
  std::vector<double> out(clean.dim());
  if (std::holds_alternative<RadialLaw>(target.law)) return out;  // centred, moments or not
  const std::vector<Lanes> origin(clean.dim());
  std::vector<Lanes> score(clean.dim());
  clean.marginal(kEndlessTau)->score(origin.data(), 1, score.data());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = kEndlessTau * score[i][0];
  return out;
}

/// What all blocks share.
struct Run {
  const SchemeRunSetting& setting;
  const SchemePlan& plan;
  std::vector<double> mean;  ///< E X_0, where the first level is infinite

  std::size_t dim() const { return setting.clean.dim(); }
};

/// Consecutive particles on their way through the rows.
class Block {
 public:
  Block(const Run& run, std::uint64_t first, std::size_t groups)
      : run_(run),
        first_(first),
        groups_(groups),
        length_(groups * run.dim()),
        kept_(run.plan.slots * length_) {
    if (run_.plan.start != SchemePlan::kNowhere) make_start(at(run_.plan.start));
  }

  /// Row k; `model` is the marginal at its level, null for the output and at an infinite level.
  void row(std::size_t k, const VectorMarginal* model, bool keep_mean) {
    const SchemePlan::Row& row = run_.plan.rows[k];
    for (const SchemePlan::Draw& draw : row.made) {
      normals(kDrawStream, draw.index, at(draw.slot));
    }
    Lanes* y = at(row.slot);
    std::fill(y, y + length_, Lanes{});
    for (std::size_t i = 0; i < row.terms.size(); ++i) {
      if (keep_mean && i + row.fresh == row.terms.size()) mean_.assign(y, y + length_);
      add_multiple(row.terms[i].coefficient, at(row.terms[i].slot), length_, y);
    }
    if (row.output != SchemePlan::kNowhere) answer(model, y, at(row.output));
    if (k + 1 == run_.plan.rows.size()) points_.assign(y, y + length_);
  }

  const std::vector<Lanes>& points() const { return points_; }
  /// Of the output row with `keep_mean`, before its fresh draws; empty if it has none.
  const std::vector<Lanes>& mean() const { return mean_; }

 private:
  Lanes* at(std::size_t slot) { return kept_.data() + slot * length_; }

  void normals(std::uint64_t stream, std::uint64_t step, Lanes* out) const {
    random_normals({run_.setting.seed, stream, step}, first_, groups_, run_.dim(), out);
  }

  void make_start(Lanes* out) const {
    const Scheme& scheme = run_.setting.scheme;
    const bool exact = run_.setting.start == Start::exact;
    if (exact && !scheme.starts_from_noise()) {
      const double sigma = scheme.levels.front();
      run_.setting.clean.sample({run_.setting.seed, kExactStartStep}, sigma * sigma, first_,
                                groups_, out);
      return;
    }
    normals(kStartStream, 0, out);
    const double sd = exact ? 1 : std::sqrt(scheme.start_variance());
    for (std::size_t i = 0; i < length_; ++i) out[i].v *= sd;
  }

  void answer(const VectorMarginal* model, const Lanes* y, Lanes* out) const {
    if (model == nullptr) {
      for (std::size_t i = 0; i < length_; ++i) {
        out[i].v = LaneVector{} + run_.mean[i % run_.dim()];
      }
      return;
    }
    model->score(y, groups_, out);
    denoise(y, model->tau(), length_, out);
  }

  const Run& run_;
  std::uint64_t first_;
  std::size_t groups_;
  std::size_t length_;
  std::vector<Lanes> kept_;
  std::vector<Lanes> points_;
  std::vector<Lanes> mean_;
};

void require_levels(const SchemeRunSetting& setting) {
  for (const double sigma : setting.scheme.levels) {
    if (std::isfinite(sigma) && sigma > kMostSigma) {
      throw EngineRefusal(fmt::format(
          "--sampler {}: the level {:.4g} is above {:.0e}, where doubles no longer hold "
          "the data beside the noise",
          setting.name, sigma, kMostSigma));
    }
  }
}

void require_memory(const SchemeRunSetting& setting, const SchemePlan& plan) {
  const std::size_t most = kMostSchemeNumbers / (kLanes * setting.clean.dim());
  if (plan.slots > most) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: its rows ask for {} vectors at once, and in {} dimensions {} fit into "
        "memory; written as a recursion (docs/audit.md) a scheme needs a few",
        setting.name, plan.slots, setting.clean.dim(), most));
  }
}

/// Fewer than usual where so many would not fit into memory.
std::size_t groups_of_block(const SchemePlan& plan, std::size_t dim) {
  const std::size_t most =
      kMostSchemeNumbers / (kLanes * dim * std::max<std::size_t>(1, plan.slots));
  return std::clamp<std::size_t>(most, 1, block_groups(dim));
}

/// Blocks of a task: fewer where each keeps many vectors.
std::size_t blocks_of_task(const SchemePlan& plan, std::size_t block_lanes) {
  const std::size_t lanes = std::max<std::size_t>(1, plan.slots) * block_lanes;
  return std::clamp<std::size_t>(kTaskLanes / lanes, 1, kBlocksPerTask);
}

/// All rows of all blocks of a task, row by row: what a marginal costs is shared.
void run_blocks(const Run& run, std::vector<std::unique_ptr<Block>>& blocks, bool keep_means) {
  const Scheme& scheme = run.setting.scheme;
  for (std::size_t k = 0; k < run.plan.rows.size(); ++k) {
    std::unique_ptr<VectorMarginal> model;
    if (run.plan.rows[k].output != SchemePlan::kNowhere && std::isfinite(scheme.levels[k])) {
      model = run.setting.clean.marginal(scheme.levels[k] * scheme.levels[k]);
    }
    for (const auto& block : blocks) {
      block->row(k, model.get(), keep_means && k + 1 == run.plan.rows.size());
    }
  }
}

}  // namespace

ParticleRun run_scheme(const SchemeRunSetting& setting, std::size_t count, bool keep_means,
                       int threads) {
  require_levels(setting);
  const SchemePlan plan = plan_scheme(setting.scheme);
  require_memory(setting, plan);
  Run run{setting, plan, {}};
  if (setting.scheme.starts_from_noise()) run.mean = data_mean(setting.target, setting.clean);
  const std::size_t dim = run.dim();
  const std::size_t groups = groups_of_block(plan, dim);
  const std::size_t task_size = blocks_of_task(plan, groups * dim) * groups * kLanes;
  ParticleRun out;
  out.samples = {count, dim, std::vector<double>(count * dim)};
  out.last_sd = plan.last_sd;
  const bool means = keep_means && plan.last_sd > 0;
  if (means) out.means = out.samples;
  parallel_for((count + task_size - 1) / task_size, threads, [&](std::size_t task) {
    const std::size_t first = task * task_size;
    const std::size_t end = std::min(count, first + task_size);
    std::vector<std::unique_ptr<Block>> blocks;
    for (std::size_t at = first; at < end; at += groups * kLanes) {
      const std::size_t left = (end - at + kLanes - 1) / kLanes;
      blocks.push_back(std::make_unique<Block>(run, setting.first + at, std::min(groups, left)));
    }
    run_blocks(run, blocks, means);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const std::size_t at = first + b * groups * kLanes;
      write_rows(blocks[b]->points(), dim, {}, at, end, out.samples);
      if (means) write_rows(blocks[b]->mean(), dim, {}, at, end, out.means);
    }
  });
  require_finite(out.samples.values, setting.name);
  return out;
}

}  // namespace lemmabench
