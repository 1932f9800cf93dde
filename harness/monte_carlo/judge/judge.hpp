#pragma once

#include <memory>
#include <string>

#include "cases/points/point_file.hpp"
#include "cases/schemes/scheme.hpp"
#include "harness/monte_carlo/goodness_of_fit/goodness_of_fit.hpp"
#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// One question to the judge; with the samples and the version, all that its bytes depend on.
struct JudgeRequest : FitSetting {
  std::string target;  ///< empty if samples are held against others
  /// As read_level reads it: the samples are of the target at this level. Empty with a sampler.
  std::string level;
  std::string sampler;  ///< the samples are of its output; empty: of the target itself
  std::shared_ptr<const Scheme> scheme;  ///< ParticleQuestion::scheme
  Start start = Start::gaussian;         ///< of the sampler
  ScheduleKind schedule;
  long steps = 0;  ///< 0: not given
  /// The name of other samples that they are held against, in the place of all of this.
  std::string against;
};

/// What samples made elsewhere say of the law they were to have. All of it is sampled.
struct SampleJudgement : FitResult {
  JudgeRequest request;  ///< the sampler in its canonical text, with a scheme's own steps
  NamedLevel level;      ///< of the target or of the sampler's end
  /// What the draws come from: "target", of a sampler "gaussian law", "line law" or "particles"
  /// (harness/monte_carlo/judge/output_law.hpp), or "samples".
  std::string engine;
};

/// Holds samples against p_t of a target, or, if the request names a sampler, against the law of
/// that sampler's output at these steps (output_law.hpp), by goodness_of_fit(). Same bytes on any
/// number of threads.
///
/// Throws InputError: a dimension other than the target's, a level together with a sampler, and
/// what goodness_of_fit, read_level, vector_law and output_law refuse.
SampleJudgement judge_samples(PointTable samples, const JudgeRequest& request, int threads);

/// Holds samples against those of another file, `others`, which request.against names: two samples,
/// of any sizes. Every p-value is of the pool divided at random, of an inequality for two samples
/// or of Fisher's exact test, so that its level holds at any sizes; the bounds are of the total
/// variation between the two laws. `named` is the first file, for messages. Throws InputError:
/// different dimensions, fewer than kLeastJudged rows in either, a setting out of range.
SampleJudgement judge_against(PointTable samples, PointTable others, const JudgeRequest& request,
                              const std::string& named, int threads);

}  // namespace lemmabench
