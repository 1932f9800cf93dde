#include "reports/text/goodness_of_fit_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cases/schemes/scheme_name.hpp"
#include "harness/records/quantity_text.hpp"
#include "harness/records/request_text.hpp"
#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

std::string verdict_text(const SampleJudgement& judgement) {
  if (!judgement.rejected) {
    return "accepted: no deviation seen; a smaller one than the floors may be there";
  }
  std::string out;
  for (const SampleTest& test : judgement.tests) {
    if (test.rejects) out += (out.empty() ? "rejected by " : ", ") + test.name;
  }
  return out;
}

std::string tests_text(const SampleJudgement& judgement) {
  std::vector<Row> rows{{"test", "statistic", "p", "7 p", "", "seen with 80 %, from"}};
  for (const SampleTest& test : judgement.tests) {
    rows.push_back({test.name, fmt::format("{:.4g}", test.statistic), fmt::format("{:.3g}", test.p),
                    fmt::format("{:.3g}", test.adjusted_p), test.rejects ? "rejects" : "",
                    fmt::format("{:.3g} {}", test.floor, test.floor_of)});
  }
  return aligned(rows);
}

/// "mixture-three at level data", "the output of ddpm on mixture-three" or "b.npy".
std::string law_text(const SampleJudgement& judgement) {
  const JudgeRequest& asked = judgement.request;
  if (!asked.against.empty()) return asked.against;
  if (asked.sampler.empty())
    return fmt::format("{} at level {}", asked.target, judgement.level.name);
  const std::string steps =
      names_scheme(asked.sampler)
          ? fmt::format("N = {} steps, at {}", asked.steps, judgement.level.name)
          : fmt::format("T = {}, {}", asked.steps, text(asked.schedule));
  return fmt::format("the output of {} on {}\n  {}, start {}", asked.sampler, asked.target, steps,
                     name(asked.start));
}

/// "exact draws of its output (line law, its distribution function known to 1e-11)".
std::string reference_text(const SampleJudgement& judgement) {
  std::string out = fmt::format("{} {}", judgement.reference_rows, judgement.reference_is);
  if (judgement.request.sampler.empty() || judgement.engine == "particles") return out;
  out += fmt::format(" ({}", judgement.engine);
  if (judgement.distribution_error > 0) {
    out += fmt::format(", distribution function to {:.0e}", judgement.distribution_error);
  }
  return out + ")";
}

std::string percent(double confidence) { return fmt::format("{:.6g} %", 100 * confidence); }

}  // namespace

std::string judgement_text(const SampleJudgement& judgement, const std::string& samples) {
  const JudgeRequest& asked = judgement.request;
  std::string out = fmt::format("{} against {}\n", samples, law_text(judgement));
  out += fmt::format("  {} rows, d = {}, against {}; alpha = {}, seed {}\n\n", judgement.rows,
                     judgement.dim, reference_text(judgement), asked.alpha, asked.seed);
  out += verdict_text(judgement) + "\n\n";
  out += tests_text(judgement);
  out += fmt::format("\nmoments furthest from {}, sampled (each line {} for all its kind)\n",
                     asked.against.empty() ? "the law's" : "the other file's",
                     percent(1 - asked.alpha / static_cast<double>(judgement.tests.size())));
  std::vector<Row> moments;
  moments.reserve(judgement.moments.size());
  for (const MomentGap& gap : judgement.moments) {
    moments.push_back({"  " + gap.of, quantity_text(gap.difference, 6),
                       fmt::format("{:.1f} standard errors", gap.z)});
  }
  out += aligned(moments);
  out += fmt::format("\ntotal variation, sampled (all tests, moments and bounds together {})\n",
                     percent(1 - asked.alpha));
  std::vector<Row> bounds;
  bounds.reserve(judgement.bounds.size());
  for (const VariationBound& bound : judgement.bounds) {
    bounds.push_back({"  TV >=", fmt::format("{:.4g}", bound.value), bound.by});
  }
  out += aligned(bounds);
  for (const std::string& note : judgement.notes) out += "\nnote: " + note + "\n";
  return out;
}

}  // namespace lemmabench
