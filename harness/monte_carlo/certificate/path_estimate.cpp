#include "harness/monte_carlo/certificate/path_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <optional>

#include "numerics/error.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

// The pilot: so many samples by the coarse flow and so many by the fine one, or all by the latter.
constexpr std::uint64_t kCoarsePilot = 192;
constexpr std::uint64_t kFinePilot = 64;
constexpr std::uint64_t kBlocksPerJob[] = {2, 8};  // by PathDraw: a fine sample costs more
// Of the blocks by the fine flow, every so many are also integrated in twice as many substeps.
constexpr std::uint64_t kCheckEvery = 16;
// At most so many samples by the coarse flow alone to one by both.
constexpr double kMostCoarse = 32;
constexpr int kMostSubsteps = 64;
// The flow's share of the error asked for, and the samples'.
constexpr double kFlowShare = 0.05;
constexpr double kSampleShare = 0.96;
constexpr double kGrowth = 4;
// Steps on either side whose variances are averaged for the allocation.
constexpr std::size_t kNeighbours = 2;

/// Consecutive blocks of one step.
struct Job {
  std::size_t step = 0;
  PathDraw draw = PathDraw::fine;
  std::uint64_t first_block = 0;
  std::uint64_t blocks = 0;
};

/// The least deviation of one sample that is believed: a pilot that saw no large summand must not
/// starve its step.
double deviation_floor(const RunningMoments& moments) { return std::fabs(moments.mean) / 4; }

double deviation(const RunningMoments& moments) {
  return std::max(std::sqrt(moments.variance()), deviation_floor(moments));
}

/// Samples of one kind of one step, as Neyman's allocation sees them.
struct Stream {
  std::size_t step;
  PathDraw draw;
  double deviation;
  double cost;  // of a sample
};

class PathEstimator {
 public:
  PathEstimator(const PathStep::Setting& setting, const PathAccuracy& accuracy, int threads)
      : setting_(setting),
        accuracy_(accuracy),
        threads_(threads),
        groups_(path_block_groups(setting.clean.dim())) {
    const int first = setting.schedule.from_noise() ? 1 : 0;
    for (int t = setting.schedule.steps() - first; t >= 2; --t) {
      if (setting.schedule.h(t) > 0) {
        estimates_.push_back({.t = t});
      }
    }
  }

  std::vector<SummandEstimate> run() {
    choose_flows();
    finish_pilot();
    while (half_width(parts(), accuracy_.level) + bias() > accuracy_.relative_error * total()) {
      draw_more();
    }

    return std::move(estimates_);
  }

 private:
  std::uint64_t block_samples() const { return groups_ * kLanes; }
  std::uint64_t blocks_of(double samples) const {
    return static_cast<std::uint64_t>(std::ceil(samples / static_cast<double>(block_samples())));
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
      const std::vector<RunningMoments> one = e.parts(e.summand);
      out.insert(out.end(), one.begin(), one.end());
    }
    return out;
  }

  SummandEstimate run_job(const Job& job) const;
  void run_jobs(const std::vector<Job>& jobs);
  void choose_flows();
  int wanted_substeps(const SummandEstimate& e, double average) const;
  static int wanted_coarse_substeps(const SummandEstimate& e);
  void finish_pilot();
  void draw_to(std::size_t step, PathDraw draw, double samples, std::vector<Job>& jobs) const;
  double smoothed_deviation(std::size_t i) const;
  std::vector<Stream> streams() const;
  void draw_more();

  const PathStep::Setting& setting_;
  PathAccuracy accuracy_;
  int threads_;
  std::size_t groups_;
  std::vector<SummandEstimate> estimates_;
};

SummandEstimate PathEstimator::run_job(const Job& job) const {
  const SummandEstimate& about = estimates_[job.step];
  SummandEstimate out = {.t = about.t};
  // The two kinds' samples have numbers, and so randomness, of their own.
  const std::uint64_t start = job.draw == PathDraw::coarse ? std::uint64_t{1} << 48 : 0;
  const auto run = [&](const PathStep& step, std::uint64_t block) {
    out.add(step.run(start + block * block_samples(), groups_));
    out.of(job.draw).samples += block_samples();
    out.of(job.draw).score_calls += step.score_calls(groups_);
  };
  const auto checked = [&](std::uint64_t block) {
    return job.draw == PathDraw::fine && block % kCheckEvery == 0;
  };
  PathFlows flows = {.coarse = about.coarse_substeps,
                     .fine = job.draw == PathDraw::fine ? about.substeps : 0,
                     .check = false};
  std::optional<PathStep> plain;
  for (std::uint64_t block = job.first_block; block < job.first_block + job.blocks; ++block) {
    if (checked(block)) {
      PathFlows with_check = flows;
      with_check.check = true;
      run(PathStep(setting_, out.t, with_check), block);
    } else {
      if (!plain) {
        plain.emplace(setting_, out.t, flows);
      }
      run(*plain, block);
    }
  }
  return out;
}

/// Adds what the jobs find, in their order.
void PathEstimator::run_jobs(const std::vector<Job>& jobs) {
  const auto results =
      parallel_map(jobs.size(), threads_, [&](std::size_t j) { return run_job(jobs[j]); });
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    estimates_[jobs[j].step].add(results[j]);
  }
}

/// On one block, the flows of every step.
void PathEstimator::choose_flows() {
  std::vector<std::size_t> open(estimates_.size());
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i] = i;
  }
  while (!open.empty()) {
    std::vector<Job> jobs;
    for (const std::size_t i : open) {
      jobs.push_back({.step = i, .draw = PathDraw::fine, .first_block = 0, .blocks = 1});
    }
    run_jobs(jobs);
    double average = 0;
    for (const SummandEstimate& e : estimates_) {
      average += e.summand.fine.mean / static_cast<double>(estimates_.size());
    }
    std::vector<std::size_t> still;
    for (const std::size_t i : open) {
      SummandEstimate& e = estimates_[i];
      const int fine = wanted_substeps(e, average);
      const int coarse = wanted_coarse_substeps(e);
      if (fine != e.substeps || coarse > e.coarse_substeps) {
        e = {.t = e.t, .substeps = fine, .coarse_substeps = std::max(1, coarse)};
        still.push_back(i);
      } else {
        e.coarse_substeps = coarse;
      }
    }
    open = std::move(still);
  }
}

/// The substeps of the fine flow are raised until its error takes no more than its share, or no
/// more than that of an average step where the summand is small.
int PathEstimator::wanted_substeps(const SummandEstimate& e, double average) const {
  const double mean = e.summand.fine.mean;
  const double bias = flow_bias(mean, e.flow_error);
  const double allowed = kFlowShare * accuracy_.relative_error * (mean + average) / 2;
  if (bias <= allowed) {
    return e.substeps;
  }
  if (e.substeps >= kMostSubsteps) {
    throw NumericalFailure(fmt::format(
        "the exact flow of step {} is not accurate enough in {} substeps", e.t, e.substeps));
  }
  // The error falls like substeps^-6.
  const double factor = std::min(4.0, 1.05 * std::pow(bias / allowed, 1.0 / 6));
  return static_cast<int>(std::ceil(factor * e.substeps));
}

/// As many, twice as many or no substeps of the coarse flow, by what sqrt(V_C c_C) + sqrt(V_{F-C}
/// c_F) comes to against sqrt(V_F c_F), with V_C = V_F: all from the same samples, lest one that
/// saw a large summand be given up for one that did not.
int PathEstimator::wanted_coarse_substeps(const SummandEstimate& e) {
  if (e.coarse_substeps == 0) {
    return 0;
  }
  const double share = deviation(e.summand.correction) / deviation(e.summand.fine);
  const auto calls = [](FlowMethod method, int substeps) {
    // With the two scores of the step.
    return static_cast<double>(VectorFlow::score_calls(method, substeps) + 2);
  };
  const double fine = calls(FlowMethod::butcher, e.substeps);
  const auto work = [&](int coarse, double correction) {
    const double cheap = calls(FlowMethod::kutta, coarse);
    return std::sqrt(cheap) + correction * std::sqrt(fine + cheap);
  };
  const double now = work(e.coarse_substeps, share);
  // The difference falls like substeps^-4, and a little less early on.
  const double twice = work(2 * e.coarse_substeps, share / 8);
  if (twice < now && twice < std::sqrt(fine)) {
    return 2 * e.coarse_substeps;
  }
  return now < std::sqrt(fine) ? e.coarse_substeps : 0;
}

/// Jobs for the blocks that are missing to so many samples.
void PathEstimator::draw_to(std::size_t step, PathDraw draw, double samples,
                            std::vector<Job>& jobs) const {
  const std::uint64_t end = blocks_of(samples);
  const std::uint64_t most = kBlocksPerJob[static_cast<std::size_t>(draw)];
  for (auto b = estimates_[step].of(draw).samples / block_samples(); b < end; b += most) {
    jobs.push_back({step, draw, b, std::min(most, end - b)});
  }
}

void PathEstimator::finish_pilot() {
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < estimates_.size(); ++i) {
    const bool two_levels = estimates_[i].coarse_substeps > 0;
    draw_to(i, PathDraw::fine, kFinePilot + (two_levels ? 0 : kCoarsePilot), jobs);
    draw_to(i, PathDraw::coarse, two_levels ? kCoarsePilot : 0, jobs);
  }
  run_jobs(jobs);
}

std::vector<Stream> PathEstimator::streams() const {
  std::vector<Stream> out;
  for (std::size_t i = 0; i < estimates_.size(); ++i) {
    const SummandEstimate& e = estimates_[i];
    const double fine = e.of(PathDraw::fine).cost();
    if (e.coarse_substeps > 0) {
      out.push_back({i, PathDraw::coarse, smoothed_deviation(i), e.of(PathDraw::coarse).cost()});
      out.push_back({i, PathDraw::fine, deviation(e.summand.correction), fine});
    } else {
      out.push_back({i, PathDraw::fine, smoothed_deviation(i), fine});
    }
  }
  return out;
}

/// The deviation of step i by the mean variance of five neighbours: a step whose few samples missed
/// what is rare would else get few more, and the estimate be too low.
double PathEstimator::smoothed_deviation(std::size_t i) const {
  const std::size_t first = i < kNeighbours ? 0 : i - kNeighbours;
  const std::size_t last = std::min(i + kNeighbours, estimates_.size() - 1);
  double sum = 0;
  for (std::size_t j = first; j <= last; ++j) {
    sum += estimates_[j].parts(estimates_[j].summand).front().variance();
  }
  const double least = deviation_floor(estimates_[i].parts(estimates_[i].summand).front());
  return std::max(std::sqrt(sum / static_cast<double>(last - first + 1)), least);
}

/// Neyman's allocation n ~ deviation/sqrt(cost) for the half width asked for, at most kGrowth times
/// what there is.
void PathEstimator::draw_more() {
  const std::vector<RunningMoments> now = parts();
  const double width = half_width(now, accuracy_.level);
  double error = 0;
  for (const RunningMoments& part : now) {
    error += part.mean_variance();
  }
  double drawn = 0;
  for (const SummandEstimate& e : estimates_) {
    drawn += static_cast<double>(e.samples());
  }
  if (drawn > accuracy_.max_samples) {
    throw NumericalFailure(fmt::format(
        "--relative-error {}: not reached with {:.3g} samples, the most allowed; {:.2g} was",
        accuracy_.relative_error, accuracy_.max_samples, (width + bias()) / total()));
  }
  const double goal = std::max(accuracy_.relative_error * total() - bias(),
                               accuracy_.relative_error * total() / 2) *
                      kSampleShare * std::sqrt(error) / width;
  const std::vector<Stream> all = streams();
  double weight = 0;
  for (const Stream& s : all) {
    weight += s.deviation * std::sqrt(s.cost);
  }
  std::vector<Job> jobs;
  double coarse = 0;  // what the step's other stream, the one before, is to have
  for (const Stream& s : all) {
    const double have = static_cast<double>(estimates_[s.step].of(s.draw).samples);
    const double best = s.deviation / std::sqrt(s.cost) * weight / (goal * goal);
    const double least = s.draw == PathDraw::fine ? coarse / kMostCoarse : 0;
    const double want = std::min(std::max(best, least), kGrowth * have);
    coarse = s.draw == PathDraw::coarse ? want : 0;
    draw_to(s.step, s.draw, want, jobs);
  }
  if (jobs.empty()) {  // the estimate moved a little: one block more everywhere
    for (const Stream& s : all) {
      jobs.push_back({s.step, s.draw, estimates_[s.step].of(s.draw).samples / block_samples(), 1});
    }
  }
  run_jobs(jobs);
}

}  // namespace

std::vector<RunningMoments> SummandEstimate::parts(const FlowMoments& moments) const {
  return coarse_substeps > 0 ? std::vector<RunningMoments>{moments.coarse, moments.correction}
                             : std::vector<RunningMoments>{moments.fine};
}

double SummandEstimate::mean(const FlowMoments& moments) const {
  return coarse_substeps > 0 ? moments.coarse.mean + moments.correction.mean : moments.fine.mean;
}

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
  for (std::size_t i = 0; i < 2; ++i) {
    drawn[i].samples += other.drawn[i].samples;
    drawn[i].score_calls += other.drawn[i].score_calls;
  }
}

double flow_bias(double summand, const RunningMoments& flow_error) {
  const double most = flow_error.mean + 3 * std::sqrt(flow_error.mean_variance());
  return 2 * std::sqrt(std::max(summand, 0.0) * most) + most;
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
