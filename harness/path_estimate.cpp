#include "harness/path_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "harness/parallel.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr std::uint64_t kPilotSamples = 256;
constexpr std::uint64_t kBlocksPerJob = 8;
// Every so many blocks the flow is also integrated in twice as many substeps.
constexpr std::uint64_t kCheckEvery = 32;
constexpr int kMostSubsteps = 64;
// The flow's share of the error asked for, and the samples'.
constexpr double kFlowShare = 0.05;
constexpr double kSampleShare = 0.9;
constexpr double kGrowth = 8;

/// Consecutive blocks of one step.
struct Job {
  std::size_t step = 0;
  std::uint64_t first_block = 0;
  std::uint64_t blocks = 0;
};

class PathEstimator {
 public:
  PathEstimator(const PathStep::Setting& setting, const PathAccuracy& accuracy, int threads)
      : setting_(setting),
        accuracy_(accuracy),
        threads_(threads),
        groups_(path_block_groups(setting.clean.dim())) {
    for (int t = setting.schedule.steps(); t >= 2; --t) {
      estimates_.push_back({.t = t});
    }
  }

  std::vector<SummandEstimate> run() {
    choose_substeps();
    while (half_width(parts(), accuracy_.level) + bias() > accuracy_.relative_error * total()) {
      draw_more();
    }
    return std::move(estimates_);
  }

 private:
  std::uint64_t block_samples() const { return groups_ * kLanes; }
  std::uint64_t pilot_blocks() const {
    return (kPilotSamples + block_samples() - 1) / block_samples();
  }
  double total() const {
    double sum = 0;
    for (const SummandEstimate& e : estimates_) {
      sum += e.value();
    }
    return sum;
  }
  double bias() const {
    double sum = 0;
    for (const SummandEstimate& e : estimates_) {
      sum += e.flow_bias();
    }
    return sum;
  }
  std::vector<RunningMoments> parts() const {
    std::vector<RunningMoments> out;
    for (const SummandEstimate& e : estimates_) {
      out.push_back(e.summand);
    }
    return out;
  }

  SummandEstimate run_job(const Job& job) const;
  void run_jobs(const std::vector<Job>& jobs);
  void choose_substeps();
  void draw_more();

  const PathStep::Setting& setting_;
  PathAccuracy accuracy_;
  int threads_;
  std::size_t groups_;
  std::vector<SummandEstimate> estimates_;
};

SummandEstimate PathEstimator::run_job(const Job& job) const {
  SummandEstimate out = {.t = estimates_[job.step].t, .substeps = estimates_[job.step].substeps};
  const auto run = [&](const PathStep& step, std::uint64_t block) {
    out.add(step.run(block * block_samples(), groups_));
    out.samples += block_samples();
    out.score_calls +=
        static_cast<double>(step.score_calls()) * static_cast<double>(block_samples());
  };
  const auto checked = [](std::uint64_t block) { return block % kCheckEvery == 0; };
  const std::uint64_t end = job.first_block + job.blocks;
  const PathStep plain(setting_, out.t, out.substeps, false);
  for (std::uint64_t block = job.first_block; block < end; ++block) {
    if (checked(block)) {
      run(PathStep(setting_, out.t, out.substeps, true), block);
    } else {
      run(plain, block);
    }
  }
  return out;
}

/// Adds what the jobs find, in their order.
void PathEstimator::run_jobs(const std::vector<Job>& jobs) {
  const auto results =
      parallel_map(jobs.size(), threads_, [&](std::size_t j) { return run_job(jobs[j]); });
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    SummandEstimate& sum = estimates_[jobs[j].step];
    sum.add(results[j]);
  }
}

/// The pilot. On one block the substeps of a step's flow are raised until its error takes no more
/// than its share, or no more than that of an average step where the summand is small.
void PathEstimator::choose_substeps() {
  std::vector<std::size_t> open(estimates_.size());
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i] = i;
  }
  while (!open.empty()) {
    std::vector<Job> jobs;
    for (const std::size_t i : open) {
      jobs.push_back({.step = i, .first_block = 0, .blocks = 1});
    }
    run_jobs(jobs);
    const double average = total() / static_cast<double>(estimates_.size());
    std::vector<std::size_t> still;
    for (const std::size_t i : open) {
      SummandEstimate& e = estimates_[i];
      const double allowed = kFlowShare * accuracy_.relative_error * (e.summand.mean + average) / 2;
      if (e.flow_bias() <= allowed) {
        continue;
      }
      if (e.substeps >= kMostSubsteps) {
        throw NumericalFailure(fmt::format(
            "the exact flow of step {} is not accurate enough in {} substeps", e.t, e.substeps));
      }
      // The error falls like substeps^-6.
      const double factor = std::min(4.0, 1.05 * std::pow(e.flow_bias() / allowed, 1.0 / 6));
      e = {.t = e.t, .substeps = static_cast<int>(std::ceil(factor * e.substeps))};
      still.push_back(i);
    }
    open = std::move(still);
  }
  std::vector<Job> rest;
  for (std::size_t i = 0; pilot_blocks() > 1 && i < estimates_.size(); ++i) {
    rest.push_back({.step = i, .first_block = 1, .blocks = pilot_blocks() - 1});
  }
  run_jobs(rest);
}

/// Neyman's allocation n_t ~ sd_t/sqrt(cost_t) for the half width asked for, at most kGrowth times
/// what there is.
void PathEstimator::draw_more() {
  const std::vector<RunningMoments> now = parts();
  double error = 0;
  double weight = 0;
  double drawn = 0;
  std::vector<double> ratio;
  for (const SummandEstimate& e : estimates_) {
    const double cost = std::sqrt(e.score_calls / static_cast<double>(e.samples));
    // A pilot that saw no large summand must not starve its step.
    const double sd =
        std::sqrt(std::max(e.summand.variance(), e.summand.mean * e.summand.mean / 4));
    error += e.summand.mean_variance();
    weight += sd * cost;
    ratio.push_back(sd / cost);
    drawn += static_cast<double>(e.samples);
  }
  if (drawn > accuracy_.max_samples) {
    throw NumericalFailure(fmt::format(
        "--relative-error {}: not reached with {:.3g} samples, the most allowed; {:.2g} was",
        accuracy_.relative_error, accuracy_.max_samples,
        (half_width(now, accuracy_.level) + bias()) / total()));
  }
  const double quantile = half_width(now, accuracy_.level) / std::sqrt(error);
  const double goal = std::max(accuracy_.relative_error * total() - bias(),
                               accuracy_.relative_error * total() / 2) *
                      kSampleShare / quantile;
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < estimates_.size(); ++i) {
    const auto have = static_cast<double>(estimates_[i].samples);
    const double want = std::min(ratio[i] * weight / (goal * goal), kGrowth * have);
    const auto from = estimates_[i].samples / block_samples();
    const auto to =
        static_cast<std::uint64_t>(std::ceil(want / static_cast<double>(block_samples())));
    for (std::uint64_t b = from; b < to; b += kBlocksPerJob) {
      jobs.push_back({.step = i, .first_block = b, .blocks = std::min(kBlocksPerJob, to - b)});
    }
  }
  if (jobs.empty()) {  // the estimate moved a little: one block more everywhere
    for (std::size_t i = 0; i < estimates_.size(); ++i) {
      jobs.push_back({i, estimates_[i].samples / block_samples(), 1});
    }
  }
  run_jobs(jobs);
}

}  // namespace

void SummandEstimate::add(const PathStep::Block& block) {
  summand.add(block.summand);
  discretisation.add(block.discretisation);
  score.add(block.score);
  flow_error.add(block.flow_error);
  variance_term = block.variance_term;
}

void SummandEstimate::add(const SummandEstimate& other) {
  summand.add(other.summand);
  discretisation.add(other.discretisation);
  score.add(other.score);
  flow_error.add(other.flow_error);
  variance_term = other.variance_term;
  samples += other.samples;
  score_calls += other.score_calls;
}

double flow_bias(double summand, double flow_error) {
  return 2 * std::sqrt(summand * flow_error) + flow_error;
}

double half_width(const std::vector<RunningMoments>& parts, double level) {
  double variance = 0;
  double welch = 0;
  for (const RunningMoments& part : parts) {
    const double share = part.mean_variance();
    variance += share;
    welch += part.count > 1 ? share * share / (part.count - 1) : 0;
  }
  if (!(welch > 0)) {
    return 0;
  }
  const boost::math::students_t law(variance * variance / welch);
  return quantile(complement(law, (1 - level) / 2)) * std::sqrt(variance);
}

std::size_t path_block_groups(std::size_t dim) { return std::clamp<std::size_t>(2048 / dim, 1, 8); }

std::vector<SummandEstimate> estimate_path(const PathStep::Setting& setting,
                                           const PathAccuracy& accuracy, int threads) {
  return PathEstimator(setting, accuracy, threads).run();
}

}  // namespace lemmabench
