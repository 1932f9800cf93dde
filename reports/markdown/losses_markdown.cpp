#include "reports/markdown/losses_markdown.hpp"

#include <fmt/format.h>

#include "reports/markdown/escaped.hpp"
#include "reports/text/losses_text.hpp"

namespace lemmabench {

std::string losses_markdown(const LossTable& table) {
  std::string out =
      "| step | bounds | power of d | at the worst point | attained by | in expectation | attained "
      "by | left for TV |\n|---|---|--:|--:|---|--:|---|--:|\n";
  for (const LossStep& step : table.steps) {
    const PowerOfDimension* worst = largest(step.worst);
    const PowerOfDimension* mean = largest(step.mean);
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {:.2f} |\n", escaped(step.id), escaped(step.quantity),
        claimed_text(step), step.worst.empty() ? "" : power_text(worst),
        step.worst.empty() ? "" : attained_text(worst), step.mean.empty() ? "" : power_text(mean),
        step.mean.empty() ? "" : attained_text(mean), step.running);
  }
  return out;
}

}  // namespace lemmabench
