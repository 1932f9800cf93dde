#include "harness/studies/regression/guarded_cell.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/io/files.hpp"
#include "harness/plugin/answer_file.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/request_text.hpp"
#include "harness/studies/regression/baseline_json.hpp"
#include "harness/studies/regression/changes_json.hpp"

namespace lemmabench {
namespace {

/// A string of TOML; JSON's escapes are TOML's.
std::string toml_string(std::string_view text) { return nlohmann::json(text).dump(); }

/// A plan of one claim or certificate (parse_gate_plan).
std::string plan_of(const GateCell& cell) {
  if (cell.kind == CellKind::claim) {
    return fmt::format("[[claim]]\nclaims = {}\ncases = {}\n", toml_string(cell.claim),
                       toml_string(cell.subject));
  }
  const LawRequest& request = cell.request;
  return fmt::format(
      "[[certificate]]\ntargets = {}\nsteps = {}\nschedules = {}\nstarts = {}\nscores = {}\n"
      "margin = {}\n",
      toml_string(request.target), request.steps, toml_string(text(request.schedule)),
      toml_string(name(request.start)), toml_string(request.score), cell.margin);
}

}  // namespace

bool cell_needs_guard(const GateCell& cell, const std::string& sampler,
                      const std::optional<ChildLimits>& guard) {
  return (cell.kind == CellKind::claim || cell.kind == CellKind::certificate) &&
         needs_guard(sampler, guard);
}

std::vector<Change> guarded_changes(const BaselineCell& cell, double alpha,
                                    const std::string& sampler, const GateOptions& options) {
  Baseline alone;
  alone.sampler = sampler;
  alone.alpha = alpha;
  alone.cells.push_back(cell);
  const AnswerFile question, answer;
  write_file_atomically(question.path(), baseline_json(alone));
  std::vector<std::string> arguments{"compare",
                                     "--sampler",
                                     sampler,
                                     "--baseline",
                                     question.path(),
                                     "--json",
                                     answer.path(),
                                     "--threads",
                                     fmt::format("{}", options.threads),
                                     "--tolerance",
                                     fmt::format("{}", options.tolerance),
                                     "--ignore",
                                     options.ignore,
                                     "--quiet"};
  if (options.exact) arguments.emplace_back("--exact");
  return changes_from_json(guarded_answer(sampler, arguments, answer.path(), options.guard.value()),
                           "--sampler " + sampler);
}

CellAnswer guarded_cell_answer(const GateCell& cell, double alpha, const std::string& sampler,
                               int threads, const ChildLimits& limits) {
  const AnswerFile question(".toml"), answer;
  write_file_atomically(question.path(), plan_of(cell));
  const std::string written = guarded_answer(
      sampler,
      {"compare", "--sampler", sampler, "--cells", question.path(), "--write", answer.path(),
       "--alpha", fmt::format("{}", alpha), "--threads", fmt::format("{}", threads), "--quiet"},
      answer.path(), limits);
  return baseline_from_json(written, "--sampler " + sampler).cells.at(0).answer;
}

}  // namespace lemmabench
