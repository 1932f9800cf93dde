#include "reports/text/losses_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

/// "T7, k = 2 at the worst point, two-modes: the reason", a line for each family that has none.
std::string left_out(const LossStep& step, const std::vector<PowerOfDimension>& powers,
                     const char* side) {
  std::string out;
  for (const PowerOfDimension& each : powers) {
    if (!each.known()) {
      out += fmt::format("  {}, {}, {}: {}\n", step.id, side, each.family, each.not_evaluated);
    }
  }
  return out;
}

std::string family_lines(const LossTable& table) {
  std::vector<Row> rows;
  for (const LossFamily& family : table.families) {
    rows.push_back({"  " + family.id, family.title, family.target});
  }
  return aligned(rows);
}

}  // namespace

std::string power_text(const PowerOfDimension* power) {
  return power == nullptr
             ? "not evaluated"
             : fmt::format("{:.2f} [{:.2f}, {:.2f}]", power->power, power->low, power->high);
}

std::string attained_text(const PowerOfDimension* power) {
  return power == nullptr ? "-" : power->family;
}

std::string claimed_text(const LossStep& step) { return step.claimed.text(); }

std::string losses_text(const LossTable& table) {
  std::vector<Row> rows{{"step", "bounds", "power of d", "at the worst point", "attained by",
                         "in expectation", "attained by", "left for TV"}};
  std::string missing;
  for (const LossStep& step : table.steps) {
    const PowerOfDimension* worst = largest(step.worst);
    const PowerOfDimension* mean = largest(step.mean);
    rows.push_back(
        {step.id, step.quantity, claimed_text(step), step.worst.empty() ? "" : power_text(worst),
         step.worst.empty() ? "" : attained_text(worst), step.mean.empty() ? "" : power_text(mean),
         step.mean.empty() ? "" : attained_text(mean), fmt::format("{:.2f}", step.running)});
    missing += left_out(step, step.worst, "worst point") + left_out(step, step.mean, "expectation");
  }
  std::string out = fmt::format(
      "Powers of d, step by step: {} at T = {}, d = {}; the bound of TV claims {}\n\n{}",
      table.request.sampler, table.request.steps, fmt::join(table.request.dims, ", "),
      table.claimed.text(), aligned(rows));
  out += fmt::format(
      "\nThe largest power over the families, the slope between the last two d, with what the "
      "slopes of the upper half and the errors of the values leave open:\n{}",
      family_lines(table));
  if (!missing.empty()) {
    out += "\nNot evaluated:\n" + missing;
  }
  return out;
}

}  // namespace lemmabench
