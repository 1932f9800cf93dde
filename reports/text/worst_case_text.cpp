#include "reports/text/worst_case_text.hpp"

#include <fmt/format.h>

#include "harness/records/quantity_text.hpp"
#include "harness/studies/worst_case/summary.hpp"
#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

using Row = std::vector<std::string>;

std::string exponent_text(const WorstExponent& exponent) {
  return fmt::format("{:.3f}", exponent.exponent.value());
}

Row row(const WorstFamily& family, const WorstSearch& search, long steps) {
  Row out{family.id,
          search.other_dim > 0 ? fmt::format("{} to {}", search.dim, search.other_dim)
                               : fmt::format("{}", search.dim),
          fmt::format("{}", steps)};
  if (!search.worst || search.worst->rungs.empty()) {
    out.insert(out.end(), {"-", "-", "-", "-", "-", "none of the laws could be computed"});
    return out;
  }
  const WorstInstance& found = *search.worst;
  out.push_back(fmt::format("{:.6g}", found.rungs.front().tv.value()));
  out.push_back(fmt::format("{:.3e}", found.rungs.front().constant.value()));
  out.push_back(search.exponent      ? exponent_text(*search.exponent)
                : found.dim_exponent ? exponent_text(*found.dim_exponent)
                                     : "-");
  out.push_back(found.step_exponents.empty() ? "-" : exponent_text(found.step_exponents.back()));
  out.push_back(found.fit && !found.fit->refused()
                    ? fmt::format("{:.2f} +- {:.1g}", found.fit->order, found.fit->half_width())
                    : "-");
  out.push_back(found.target);
  return out;
}

std::string exponent_line(std::string_view what, const std::optional<NamedExponent>& found) {
  if (!found) {
    return "";
  }
  return fmt::format("  {}: {} from d = {:g} to {:g} ({}{})\n", what,
                     quantity_text(found->exponent.exponent, 4), found->exponent.from,
                     found->exponent.to, found->family,
                     found->target.empty() ? "" : ", " + found->target);
}

std::string summary_text(const WorstCaseResult& result) {
  const WorstCaseSummary summary = summarise(result);
  std::string out = "\nlargest constants\n";
  for (const NamedConstant& found : summary.constants) {
    out += fmt::format("  d = {}: C = {:.3e}, TV = {}  {}\n", found.dim, found.constant.value(),
                       quantity_text(found.tv, 6), found.target);
  }
  out += "largest orders in d; the theorem allows 5/2\n";
  out += exponent_line("of the largest TV of a family", summary.envelope);
  out += exponent_line("of an instance above, to 2 d", summary.local);
  out += exponent_line("searched for", summary.searched);
  return out;
}

std::string refusals_text(const WorstCaseResult& result) {
  std::map<std::string, long> refusals;
  long evaluations = 0;
  long rejected = 0;
  const auto count = [&](const WorstSearch& search) {
    evaluations += search.evaluations;
    rejected += search.rejected;
    for (const auto& [message, times] : search.refusals) {
      refusals[message] += times;
    }
  };
  for (const WorstFamily& family : result.families) {
    for (const WorstSearch& search : family.constants) {
      count(search);
    }
    if (family.dim_exponent) {
      count(*family.dim_exponent);
    }
  }
  std::string out =
      fmt::format("\n{} evaluations, {} rejected by the second moment\n", evaluations, rejected);
  for (const auto& [message, times] : refusals) {
    out += fmt::format("{} without a law: {}\n", times, message);
  }
  return out;
}

}  // namespace

std::string worst_case_text(const WorstCaseResult& result) {
  std::vector<Row> rows{
      {"family", "d", "T", "TV", "C", "order in d", "in 1/T", "in log T/T", "worst target found"}};
  for (const WorstFamily& family : result.families) {
    for (const WorstSearch& search : family.constants) {
      rows.push_back(row(family, search, result.request.steps));
    }
    if (family.dim_exponent) {
      rows.push_back(row(family, *family.dim_exponent, result.request.steps));
    }
  }
  return fmt::format("{} with {}: {}\n{}\n\n", result.request.sampler,
                     text(result.request.schedule), kWorstObjective, kWorstMomentBound) +
         aligned(rows) + summary_text(result) + refusals_text(result);
}

}  // namespace lemmabench
