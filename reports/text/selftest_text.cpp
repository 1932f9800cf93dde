#include "reports/text/selftest_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/studies/selftest/selftest.hpp"
#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

Row row_of(const std::string& kind, const KindTally& tally) {
  return {kind,
          fmt::format("{}", tally.asked),
          fmt::format("{}", tally.agreed),
          fmt::format("{}", tally.refused),
          fmt::format("{}", tally.disagreed),
          fmt::format("{}", tally.numbers),
          fmt::format("{:.2g}", tally.worst_margin)};
}

KindTally total(const SelftestResult& result) {
  KindTally out;
  for (const auto& [kind, tally] : result.kinds) {
    if (kind == kInsideOneLaw) {
      continue;  // the laws of the other kinds, seen once more
    }
    out.asked += tally.asked;
    out.agreed += tally.agreed;
    out.refused += tally.refused;
    out.disagreed += tally.disagreed;
    out.numbers += tally.numbers;
    out.worst_margin = std::max(out.worst_margin, tally.worst_margin);
  }
  return out;
}

}  // namespace

std::string finding_text(const Finding& finding, std::uint64_t seed) {
  std::string out = fmt::format("{}, question {} of seed {}: {}\n", finding.kind, finding.question,
                                seed, finding.what);
  for (const std::string& command : finding.commands) {
    out += "  " + command + "\n";
  }
  for (const std::string& number : finding.numbers) {
    out += "    " + number + "\n";
  }
  if (finding.margin > 0) {
    out += fmt::format("    {:.3g} times the stated errors\n", finding.margin);
  }
  return out + fmt::format("  again: lemmabench selftest --seed {} --question {}\n", seed,
                           finding.question);
}

std::string selftest_text(const SelftestResult& result) {
  std::vector<Row> rows{
      {"kind", "asked", "agreed", "refused", "disagreed", "numbers", "worst margin"}};
  for (const auto& [kind, tally] : result.kinds) {
    rows.push_back(row_of(kind, tally));
  }
  rows.push_back(row_of("all questions", total(result)));
  std::string out = fmt::format("{} questions of seed {}, each answered two ways\n\n",
                                result.questions, result.seed);
  out += aligned(rows);
  out += "margin: |difference|/(sum of the stated errors); above 1 is a disagreement\n";
  if (!result.refusals.empty()) {
    out += "\nrefused\n";
    for (const auto& [reason, times] : result.refusals) {
      out += fmt::format("  {:>4}  {}\n", times, reason);
    }
  }
  for (const Finding& finding : result.findings) {
    out += "\n" + finding_text(finding, result.seed);
  }
  out += result.passed() ? "\nno disagreement\n"
                         : fmt::format("\n{} findings\n", result.findings.size());
  return out;
}

}  // namespace lemmabench
