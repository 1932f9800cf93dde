#include "reports/json/goodness_of_fit_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "harness/records/quantity_json.hpp"
#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

constexpr long kGoodnessOfFitDigits = 15;

std::string command_text(const SampleJudgement& judgement, const std::string& samples) {
  const JudgeRequest& asked = judgement.request;
  std::string out =
      fmt::format("lemmabench judge {} --target {}", shell_word(samples), shell_word(asked.target));
  if (asked.steps > 0) {
    out += fmt::format(" --steps {} --schedule {}", asked.steps, shell_word(text(asked.schedule)));
  }
  if (!asked.level.empty()) out += " --noise-level " + shell_word(asked.level);
  return out +
         fmt::format(" --alpha {} --seed {} --pairs {}", asked.alpha, asked.seed, asked.pairs);
}

}  // namespace

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
    put_quantity(entry, gap.difference, kGoodnessOfFitDigits);
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
