#include "reports/json/goodness_of_fit_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "cases/schemes/scheme_name.hpp"
#include "harness/records/quantity_json.hpp"
#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

constexpr long kGoodnessOfFitDigits = 15;

/// Of an error, which is an estimate: more of it is rounding.
double two_digits(double x) { return std::stod(fmt::format("{:.1e}", x)); }

/// What the samples are held against, as options.
std::string law_options(const JudgeRequest& asked) {
  if (!asked.against.empty()) return " --against " + shell_word(asked.against);
  std::string out = " --target " + shell_word(asked.target);
  if (!asked.sampler.empty()) out += " --sampler " + shell_word(asked.sampler);
  if (asked.steps > 0 && !names_scheme(asked.sampler)) {
    out += fmt::format(" --steps {} --schedule {}", asked.steps, shell_word(text(asked.schedule)));
  }
  if (!asked.sampler.empty()) out += fmt::format(" --start {}", name(asked.start));
  if (!asked.level.empty()) out += " --noise-level " + shell_word(asked.level);
  return out;
}

std::string command_text(const SampleJudgement& judgement, const std::string& samples) {
  const JudgeRequest& asked = judgement.request;
  return fmt::format("lemmabench judge {}{} --alpha {} --seed {} --pairs {}", shell_word(samples),
                     law_options(asked), asked.alpha, asked.seed, asked.pairs);
}

/// What the samples are held against.
void put_law(nlohmann::ordered_json& json, const SampleJudgement& judgement) {
  const JudgeRequest& asked = judgement.request;
  if (!asked.against.empty()) {
    json["against"] = asked.against;
    return;
  }
  json["target"] = asked.target;
  if (!asked.sampler.empty()) {
    json["sampler"] = asked.sampler;
    json["schedule"] = names_scheme(asked.sampler) ? nlohmann::ordered_json(nullptr)
                                                   : nlohmann::ordered_json(text(asked.schedule));
    json["steps"] = asked.steps;
    json["start"] = name(asked.start);
    json["engine"] = judgement.engine;
    json["distribution_error"] = two_digits(judgement.distribution_error);
  }
  json["level"] = {{"name", judgement.level.name},
                   {"abar", judgement.level.level.abar},
                   {"noise", judgement.level.level.noise}};
}

}  // namespace

std::string judgement_json(const SampleJudgement& judgement, const std::string& samples) {
  const JudgeRequest& asked = judgement.request;
  nlohmann::ordered_json json;
  json["samples"] = samples;
  json["rows"] = judgement.rows;
  json["dim"] = judgement.dim;
  put_law(json, judgement);
  json["alpha"] = asked.alpha;
  json["seed"] = asked.seed;
  json["reference_rows"] = judgement.reference_rows;
  json["reference"] = judgement.reference_is;
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
                             {"reference_rows", test.reference_rows},
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
