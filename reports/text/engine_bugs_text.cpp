#include "reports/text/engine_bugs_text.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

std::string outcome(const EngineBug& bug) {
  if (bug.caught()) {
    return bug.caught_by;
  }
  return bug.recorded ? "SURVIVES" : "NOT JUDGED YET";
}

/// "120 of 121 caught (99.2 %)."; of those that were judged, and how many were not.
std::string conclusion(const EngineBugs& bank) {
  const std::size_t judged = bank.judged();
  if (judged == 0) {
    return fmt::format("none of {} judged yet: {}.", bank.bugs.size(), kEngineBugsCommand);
  }
  const double share = 100 * static_cast<double>(bank.caught()) / static_cast<double>(judged);
  if (judged == bank.bugs.size()) {
    return fmt::format("{} of {} caught ({:.1f} %).", bank.caught(), judged, share);
  }
  return fmt::format(
      "{} of {} judged are caught ({:.1f} %); {} of {} are not judged yet: {} --missing.",
      bank.caught(), judged, share, bank.bugs.size() - judged, bank.bugs.size(),
      kEngineBugsCommand);
}

}  // namespace

std::string engine_bugs_text(const EngineBugs& bank) {
  std::vector<Row> rows{{"id", "file", "the mistake", "caught by"}};
  std::string below;
  for (const EngineBug& bug : bank.bugs) {
    rows.push_back({bug.id, bug.file, bug.title, outcome(bug)});
    if (!bug.caught() && bug.recorded) {
      below += bug.survives.empty() ? fmt::format("UNEXPLAINED SURVIVOR {}\n", bug.id)
                                    : fmt::format("survivor {}: {}\n", bug.id, bug.survives);
    }
  }
  return fmt::format("{}\n{}{}\nOutcomes: {}.\nRepeat one: {} {}\n", aligned(rows), below,
                     conclusion(bank), kWhoseOutcomes, kEngineBugsCommand, bank.bugs.front().id);
}

}  // namespace lemmabench
