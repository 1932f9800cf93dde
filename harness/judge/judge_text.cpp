#include "harness/judge/judge_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/cli/aligned.hpp"
#include "harness/cli/law_text.hpp"
#include "harness/quantity_json.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

constexpr long kDigits = 15;

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

std::string command_text(const SampleJudgement& judgement, const std::string& samples) {
  const JudgeRequest& asked = judgement.request;
  std::string out =
      fmt::format("lemmabench judge {} --target {}", shell_word(samples), shell_word(asked.target));
  if (asked.steps > 0) {
    out += fmt::format(" --steps {} --schedule {}", asked.steps, shell_word(text(asked.schedule)));
  }
  if (!asked.level.empty()) out += " --level " + shell_word(asked.level);
  return out +
         fmt::format(" --alpha {} --seed {} --pairs {}", asked.alpha, asked.seed, asked.pairs);
}

std::string percent(double confidence) { return fmt::format("{:.6g} %", 100 * confidence); }

}  // namespace

std::string judgement_text(const SampleJudgement& judgement, const std::string& samples) {
  const JudgeRequest& asked = judgement.request;
  std::string out =
      fmt::format("{} against {} at level {}\n", samples, asked.target, judgement.level.name);
  out +=
      fmt::format("  {} rows, d = {}, against {} exact draws; alpha = {}, seed {}\n\n",
                  judgement.rows, judgement.dim, judgement.reference_rows, asked.alpha, asked.seed);
  out += verdict_text(judgement) + "\n\n";
  out += tests_text(judgement);
  out += fmt::format("\nmoments furthest from the law's, sampled (each line {} for all its kind)\n",
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

std::string judgement_json(const SampleJudgement& judgement, const std::string& samples) {
  const JudgeRequest& asked = judgement.request;
  nlohmann::ordered_json json;
  json["samples"] = samples;
  json["rows"] = judgement.rows;
  json["dim"] = judgement.dim;
  json["target"] = asked.target;
  json["level"] = {{"name", judgement.level.name},
                   {"abar", judgement.level.level.abar},
                   {"noise", judgement.level.level.noise}};
  json["alpha"] = asked.alpha;
  json["seed"] = asked.seed;
  json["reference_rows"] = judgement.reference_rows;
  json["bandwidth"] = judgement.bandwidth;
  json["verdict"] = judgement.rejected ? "rejected" : "accepted";
  json["evidence"] = name(Evidence::sampled);
  for (const SampleTest& test : judgement.tests) {
    json["tests"].push_back({{"name", test.name},
                             {"statistic", test.statistic},
                             {"p", test.p},
                             {"adjusted_p", test.adjusted_p},
                             {"rejects", test.rejects},
                             {"rows", test.rows},
                             {"null", test.null},
                             {"floor", test.floor},
                             {"floor_of", test.floor_of}});
  }
  for (const MomentGap& gap : judgement.moments) {
    nlohmann::ordered_json entry{{"of", gap.of}};
    put_quantity(entry, gap.difference, kDigits);
    entry["confidence"] = 1 - asked.alpha / static_cast<double>(judgement.tests.size());
    entry["standard_errors"] = gap.z;
    json["moments"].push_back(std::move(entry));
  }
  for (const VariationBound& bound : judgement.bounds) {
    json["tv_at_least"].push_back({{"by", bound.by},
                                   {"value", bound.value},
                                   {"confidence", bound.confidence},
                                   {"evidence", name(Evidence::sampled)}});
  }
  json["notes"] = judgement.notes;
  json["version"] = version::number;
  json["command"] = command_text(judgement, samples) + " --format json";
  return json.dump(2) + "\n";
}

}  // namespace lemmabench
