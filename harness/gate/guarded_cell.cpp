#include "harness/gate/guarded_cell.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/files.hpp"
#include "harness/gate/baseline_json.hpp"
#include "harness/gate/gate_output.hpp"
#include "harness/plugin/answer_file.hpp"
#include "harness/plugin/guarded_law.hpp"

namespace lemmabench {

bool cell_needs_guard(const GateCell& cell, const std::string& sampler) {
  LawRequest request;
  request.sampler = sampler;
  return (cell.kind == CellKind::claim || cell.kind == CellKind::certificate) &&
         needs_guard(request);
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
  return changes_from_json(guarded_answer(sampler, arguments, answer.path()),
                           "--sampler " + sampler);
}

}  // namespace lemmabench
