#include "harness/monte_carlo/judge/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/monte_carlo/judge/other_samples.hpp"
#include "harness/monte_carlo/judge/output_law.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

void check(const PointTable& samples, const JudgeRequest& request, const Target& target) {
  require_fit_setting(request);
  if (!request.sampler.empty() && !request.level.empty()) {
    throw InputError(
        fmt::format("--noise-level {}: the output of a sampler is at its own last level; leave "
                    "--noise-level or --sampler out",
                    request.level));
  }
  require_enough_rows(samples, "samples");
  if (static_cast<long>(samples.columns) != target.dim()) {
    throw InputError(fmt::format("samples: {} numbers a row, but --target {} has dimension {}",
                                 samples.columns, target.label(), target.dim()));
  }
}

SampleJudgement judged(PointTable samples, const ReferenceLaw& law, const JudgeRequest& request,
                       int threads) {
  return {goodness_of_fit(std::move(samples), law, request, threads), request, {}, {}};
}

SampleJudgement against_output(PointTable samples, const JudgeRequest& request, int threads) {
  const OutputLaw output = output_law(
      {request.target, request.sampler, "exact", request.schedule, request.start, request.scheme},
      request.steps, threads);
  SampleJudgement out = judged(std::move(samples), *output.law, request, threads);
  out.request.sampler = output.sampler;
  out.request.steps = output.steps;
  out.level = output.end;
  out.engine = output.engine;
  out.notes.insert(out.notes.end(), output.notes.begin(), output.notes.end());
  return out;
}

/// Rows of `a` that stand in `b` too, number for number.
std::size_t common_rows(const PointTable& a, const PointTable& b) {
  const auto rows = [](const PointTable& table) {
    std::vector<std::vector<double>> out(table.rows);
    for (std::size_t r = 0; r < table.rows; ++r) {
      const auto at = table.values.begin() + static_cast<std::ptrdiff_t>(r * table.columns);
      out[r].assign(at, at + static_cast<std::ptrdiff_t>(table.columns));
    }
    std::sort(out.begin(), out.end());
    return out;
  };
  const auto own = rows(a);
  const auto other = rows(b);
  return static_cast<std::size_t>(std::count_if(own.begin(), own.end(), [&](const auto& row) {
    return std::binary_search(other.begin(), other.end(), row);
  }));
}

}  // namespace

SampleJudgement judge_samples(PointTable samples, const JudgeRequest& request, int threads) {
  const Target target = make_target(request.target, "--target");
  if (!request.sampler.empty()) {
    check(samples, request, target);
    return against_output(std::move(samples), request, threads);
  }
  const NamedLevel level = read_level(request.level, request.schedule, request.steps);
  check(samples, request, target);
  SampleJudgement out =
      judged(std::move(samples), JudgedLaw(target, level.level), request, threads);
  out.level = level;
  out.engine = "target";
  return out;
}

SampleJudgement judge_against(PointTable samples, PointTable others, const JudgeRequest& request,
                              const std::string& named, int threads) {
  require_fit_setting(request);
  if (samples.columns != others.columns) {
    throw InputError(
        fmt::format("--against {}: it has {} numbers a row and {} has {}; samples of one dimension "
                    "are compared",
                    request.against, others.columns, named, samples.columns));
  }
  require_enough_rows(samples, named);
  require_enough_rows(others, "--against " + request.against);
  const std::size_t common = common_rows(samples, others);
  SampleJudgement out = judged(std::move(samples), OtherSamples(std::move(others), request.against),
                               request, threads);
  out.engine = "samples";
  if (common > 0) {
    out.notes.push_back(
        fmt::format("{} rows of {} stand in {} too; the p-values suppose that the two are "
                    "independent",
                    common, named, request.against));
  }
  return out;
}

}  // namespace lemmabench
