#include "reports/text/heavy_tails_text.hpp"

#include <fmt/format.h>

#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

std::string number(const Quantity& quantity) { return fmt::format("{:.4g}", quantity.value()); }

std::string number(const std::optional<Quantity>& quantity) {
  return quantity ? number(*quantity) : "infinite";
}

/// The upper end of an enclosure that may be wide.
std::string upper_end(const std::optional<Quantity>& quantity) {
  return quantity ? fmt::format("{:.4g}", quantity->value() + quantity->error()) : "infinite";
}

/// The least likely to be typical of the levels at the largest T.
const HeavyTailMass& largest_mass(const HeavyTailRow& row) {
  const HeavyTailMass* out = &row.masses.back();
  for (const HeavyTailMass& mass : row.masses) {
    const bool larger =
        mass.outside && (!out->outside || mass.outside->value() > out->outside->value());
    if (mass.steps == out->steps && larger) {
      out = &mass;
    }
  }
  return *out;
}

/// holds only if every comparison of the row does.
std::string verdict(const HeavyTailRow& row) {
  Verdict out = row.applicable ? Verdict::holds : Verdict::not_applicable;
  const auto add = [&](const Judgement& judgement) {
    if (judgement.verdict != out && out != Verdict::violated) {
      out = judgement.verdict;
    }
  };
  for (const HeavyTailStart& start : row.starts) {
    add(start.judgement);
  }
  for (const HeavyTailMass& mass : row.masses) {
    add(mass.judgement);
  }
  return std::string(name(out));
}

std::vector<std::string> cells(const HeavyTailRow& row) {
  const HeavyTailStart& start = row.starts.back();
  const HeavyTailMass& mass = largest_mass(row);
  std::vector<std::string> out{
      fmt::format("{}", row.dim),
      row.nu.text(),
      number(row.second_moment),
      number(start.tv),
      upper_end(start.kl),
      number(start.kl_bound),
      row.start_order.refused()
          ? "-"
          : fmt::format("{:.3f} +- {:.2g}", row.start_order.order, row.start_order.half_width()),
      fmt::format("{:.3g}", row.derived_order),
      mass.outside ? number(mass.outside) : "-",
      number(mass.bound)};
  if (row.laws.empty() || !row.laws.back().failure.empty()) {
    out.insert(out.end(), {"-", "-"});
  } else {
    out.push_back(number(row.laws.back().total));
    out.push_back(number(row.laws.back().initialisation));
  }
  out.push_back(verdict(row));
  return out;
}

}  // namespace

std::string heavy_tails_text(const HeavyTailResult& result) {
  const HeavyTailRequest& request = result.request;
  std::vector<std::vector<std::string>> rows{
      {"d", "nu", "E|X_0|^2/d", "TV start", "KL start <=", "its bound", "TV order", "derived",
       "P(not typical)", "its bound", "TV total", "of the start", "I1, I2, T1"}};
  for (const HeavyTailRow& row : result.rows) {
    rows.push_back(cells(row));
  }
  std::string out = fmt::format(
      "Student-t data, {} with {}: start against N(0, I) and typical sets (theta = {}) at T = {}",
      request.sampler, text(ScheduleKind(request.schedule)), request.theta.text(),
      request.steps.back());
  if (!request.law_steps.empty()) {
    out += fmt::format(", total at T = {}", request.law_steps.back());
  }
  return out +
         "\nTV order: of the start in 1/T; derived: c0 min(1, nu/2), with a factor log T at nu = "
         "2\n\n" +
         aligned(rows);
}

}  // namespace lemmabench
