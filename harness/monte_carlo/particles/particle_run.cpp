#include "harness/monte_carlo/particles/particle_run.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cases/step.hpp"
#include "harness/monte_carlo/particles/particle_blocks.hpp"
#include "harness/monte_carlo/particles/particle_walk.hpp"
#include "numerics/parallel.hpp"
#include "numerics/random_normals.hpp"

namespace lemmabench {
namespace {

// Random numbers of what is no step of the sampler: the draws of the times.
constexpr std::uint64_t kDrawStream = ParticleWalk::kStream - 1;

/// Consecutive particles of one draw of the times.
struct Task {
  const Sampler* sampler = nullptr;
  std::uint64_t number = 0;        ///< of the first particle, for its random numbers
  std::size_t first = 0, end = 0;  ///< places in the output's order
};

/// What is to be run, and which row each place is.
struct Plan {
  std::vector<std::unique_ptr<Sampler>> drawn;
  std::vector<Task> tasks;
  std::vector<std::size_t> order;  ///< the row of each place; empty: itself
};

void add_tasks(Plan& plan, const Sampler& sampler, std::size_t first, std::size_t end,
               std::size_t task_size, std::uint64_t& number) {
  for (std::size_t start = first; start < end; start += task_size) {
    plan.tasks.push_back({&sampler, number, start, std::min(end, start + task_size)});
    number += task_size;
  }
}

Plan make_plan(const ParticleSetting& setting, std::size_t count) {
  const std::size_t task_size = block_groups(setting.clean.dim()) * kLanes * kBlocksPerTask;
  Plan plan;
  std::uint64_t number = setting.first;
  const std::vector<std::string> draws = setting.sampler.draws();
  if (draws.empty()) {
    add_tasks(plan, setting.sampler, 0, count, task_size, number);
    return plan;
  }
  std::vector<std::vector<std::size_t>> rows(draws.size());
  for (std::size_t i = 0; i < count; ++i) {
    const double u = random_uniform({setting.seed, kDrawStream, 0}, setting.first + i);
    rows[static_cast<std::size_t>(u * static_cast<double>(draws.size()))].push_back(i);
  }
  for (std::size_t k = 0; k < draws.size(); ++k) {
    plan.drawn.push_back(make_sampler(draws[k], "--sampler"));
    const std::size_t first = plan.order.size();
    plan.order.insert(plan.order.end(), rows[k].begin(), rows[k].end());
    add_tasks(plan, *plan.drawn.back(), first, plan.order.size(), task_size, number);
  }
  return plan;
}

std::vector<Lanes> start_points(const ParticleSetting& setting, std::uint64_t first,
                                std::size_t groups) {
  const std::size_t dim = setting.clean.dim();
  const int last = setting.schedule.steps();
  std::vector<Lanes> out(groups * dim);
  if (setting.start == Start::gaussian || setting.schedule.from_noise()) {  // which are one there
    random_normals({setting.seed, ParticleWalk::kStream, static_cast<std::uint64_t>(last + 1)},
                   first, groups, dim, out.data());
    return out;
  }
  const Level<double>& level = setting.schedule.level(last);
  setting.clean.sample({setting.seed, kExactStartStep}, level.noise / level.abar, first, groups,
                       out.data());
  for (Lanes& x : out) {
    x.v *= std::sqrt(level.abar);
  }
  return out;
}

/// The steps t = T..2 of all blocks of a task, level by level: what a marginal costs is shared.
std::vector<std::unique_ptr<ParticleWalk>> run_task(const ParticleSetting& setting,
                                                    const Task& task, MarginalCache& marginals,
                                                    bool keep_means) {
  const std::size_t dim = setting.clean.dim();
  const std::size_t groups = block_groups(dim);
  std::vector<std::unique_ptr<ParticleWalk>> walks;
  for (std::size_t done = 0; done < task.end - task.first; done += groups * kLanes) {
    const std::size_t left = (task.end - task.first - done + kLanes - 1) / kLanes;
    const std::uint64_t number = task.number + done;
    walks.push_back(std::make_unique<ParticleWalk>(
        ParticleWalk::Setting{setting.schedule, setting.seed, setting.score}, marginals, dim,
        number, start_points(setting, number, std::min(groups, left))));
  }
  const Schedule<double>& schedule = setting.schedule;
  for (int t = schedule.steps(); t >= 2; --t) {
    const Level<double>& above = schedule.level(std::min(t + 1, schedule.steps()));
    marginals.forget_above(above.noise / above.abar);
    const Step<double> c = make_step(schedule, t, static_cast<long>(dim));
    for (const auto& walk : walks) {
      walk->begin(c, keep_means && t == 2);
      task.sampler->step(c, *walk);
    }
  }
  return walks;
}

}  // namespace

ParticleRun run_particles(const ParticleSetting& setting, std::size_t count, bool keep_means,
                          int threads) {
  const std::size_t dim = setting.clean.dim();
  const Plan plan = make_plan(setting, count);
  ParticleRun out;
  out.samples = {count, dim, std::vector<double>(count * dim)};
  if (keep_means) {
    out.means = out.samples;
  }
  std::vector<double> last_sd(plan.tasks.size());
  parallel_for(plan.tasks.size(), threads, [&](std::size_t k) {
    const Task& task = plan.tasks[k];
    MarginalCache marginals(setting.clean);
    std::size_t first = task.first;
    for (const auto& walk : run_task(setting, task, marginals, keep_means)) {
      write_rows(walk->points(), dim, plan.order, first, task.end, out.samples);
      if (keep_means && walk->last_sd() > 0) {
        write_rows(walk->last_mean(), dim, plan.order, first, task.end, out.means);
      }
      first += walk->points().size() / dim * kLanes;
      last_sd[k] = walk->last_sd();
    }
  });
  require_finite(out.samples.values, setting.sampler.text());
  // Where draws differ in it there is no one kernel.
  const bool same =
      std::all_of(last_sd.begin(), last_sd.end(), [&](double sd) { return sd == last_sd.front(); });
  out.last_sd = same ? last_sd.front() : 0;
  if (!(out.last_sd > 0)) {
    out.means = {};
  }
  return out;
}

}  // namespace lemmabench
