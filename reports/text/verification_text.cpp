#include "reports/text/verification_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kFewClaims = 2;
constexpr std::size_t kTextWidth = 100;

/// `text` broken at spaces into lines of at most kTextWidth, each indented.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    if (column > 0 && indent + column + 1 + word.size() > kTextWidth) {
      out += "\n" + std::string(indent, ' ');
      column = 0;
    }
    if (column > 0) {
      out += " ";
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string field(const std::string& label, const std::string& text) {
  constexpr std::size_t kLabel = 14;
  return fmt::format("  {:<{}}{}\n", label, kLabel, wrapped(text, kLabel + 2));
}

std::string counts(const ClaimSummary& summary) {
  std::string out = fmt::format("{}/{}", summary.holds, summary.applicable());
  return out;
}

std::string claim_line(const Ledger& ledger, const ClaimSummary& summary) {
  const LedgerRow& worst = ledger.rows[summary.worst];
  const std::string constant = summary.constant ? short_value(*summary.constant) : "";
  std::string verdict(name(summary.verdict));
  if (summary.verdict == Verdict::violated && summary.claim->finding != 0) {
    verdict += fmt::format(" [{}]", summary.claim->finding);
  }
  return fmt::format(
      "{:<14} {:<13} {:>7} {:>7} {:>9}  {:<12} {:<22} {:<12} {}\n", verdict, summary.claim->id,
      counts(summary), fmt::format("{}/{}", summary.proved, summary.applicable()),
      fmt::format("{}/{}", summary.on_instances, summary.applicable()), margin_text(worst.outcome),
      worst.subject->name, constant, summary.claim->title);
}

std::string row_line(const LedgerRow& row) {
  const Outcome& o = row.outcome;
  const std::string constant = o.constant ? "C = " + short_value(*o.constant) : "";
  return fmt::format("  {:<14} {:<24} {:<25} {:<13} {:<14} {}\n", name(o.verdict),
                     row.subject->name, worth(o), margin_text(o), constant, o.place);
}

/// The rows of a claim, and in one line a reason the cases to which it does not apply.
std::string row_lines(const std::vector<const LedgerRow*>& rows) {
  std::string out;
  std::vector<std::pair<std::string, std::string>> inapplicable;  // reason, cases
  for (const LedgerRow* row : rows) {
    if (row->outcome.verdict != Verdict::not_applicable) {
      out += row_line(*row);
      continue;
    }
    const std::string& reason = row->outcome.reason;
    const auto same = std::find_if(inapplicable.begin(), inapplicable.end(),
                                   [&](const auto& entry) { return entry.first == reason; });
    if (same == inapplicable.end()) {
      inapplicable.emplace_back(reason, row->subject->name);
    } else {
      same->second += ", " + row->subject->name;
    }
  }
  constexpr std::size_t kIndent = 17;
  for (const auto& [reason, cases] : inapplicable) {
    out += fmt::format("  {:<14} {}\n", name(Verdict::not_applicable),
                       wrapped(reason + ": " + cases, kIndent));
  }
  return out;
}

std::string row_details(const LedgerRow& row) {
  const Outcome& o = row.outcome;
  const std::string how = worth(o);
  std::string out = fmt::format("\n{} {} on {}{}: {}\n", row.claim->id, name(o.verdict),
                                row.subject->name, how.empty() ? "" : " (" + how + ")", o.reason);
  if (o.coverage) {
    out += field("looked at", coverage_text(*o.coverage));
  }
  if (!o.place.empty()) {
    out += field("where", o.place);
  }
  if (o.comparisons > 0) {
    out += field("left", short_quantity(o.left));
    out += field("right", short_quantity(o.right));
  }
  if (o.resolution) {
    out += field("resolution", resolution_text(*o.resolution));
  }
  for (const Trend& trend : o.trends) {
    out += field("trend", fmt::format("{}: {}", trend.fixed, trend.reason));
  }
  for (const std::string& note : o.notes) {
    out += field("note", note);
  }
  return out + field("repeat", row.command);
}

/// The rows of a claim, worst first.
std::vector<const LedgerRow*> rows_of(const Ledger& ledger, const Claim& claim) {
  std::vector<const LedgerRow*> rows;
  for (const LedgerRow& row : ledger.rows) {
    if (row.claim == &claim) {
      rows.push_back(&row);
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const LedgerRow* a, const LedgerRow* b) {
    return worse(a->outcome, b->outcome);
  });
  return rows;
}

std::string totals_text(const Ledger& ledger) {
  const LedgerTotals t = ledger.totals();
  return fmt::format(
      "\n{} claims, {} verdicts: {} hold, {} violated, {} inconclusive; {} not applicable.\n"
      "{} of {} verdicts proved, {} more proved on the instances looked at; {} comparisons.\n",
      ledger.claims.size(), t.verdicts(), t.holds, t.violated, t.inconclusive, t.not_applicable,
      t.proved, t.verdicts(), t.on_instances, t.comparisons);
}

/// One line a claim with how many of its twins were caught, and the twins below it.
std::string controls_text(const Ledger& ledger) {
  std::string out =
      "Negative controls: altered claims that are false; each must come out violated.\n";
  std::size_t caught = 0;
  std::size_t claims = 0;
  for (std::size_t first = 0; first < ledger.controls.size();) {
    const Claim* claim = ledger.controls[first].claim;
    std::size_t last = first;
    std::size_t caught_here = 0;
    std::string lines;
    for (; last < ledger.controls.size() && ledger.controls[last].claim == claim; ++last) {
      const ControlRow& row = ledger.controls[last];
      caught_here += row.caught() ? 1 : 0;
      lines += fmt::format("  {:<11} {} (on {})\n", row.caught() ? "caught" : "NOT CAUGHT",
                           row.control->title, row.control->case_name);
      if (!row.caught()) {
        lines += fmt::format("              came out {}: {}\n", name(row.outcome.verdict),
                             row.outcome.reason);
      }
    }
    out += fmt::format("\n{:<13} {} of {} caught   {}\n{}", claim->id, caught_here, last - first,
                       claim->title, lines);
    caught += caught_here;
    ++claims;
    first = last;
  }
  return out + fmt::format("\n{} of {} negative controls of {} claims caught.\n", caught,
                           ledger.controls.size(), claims);
}

}  // namespace

std::string short_bound(const Ball& x) {
  // Rounded up, as a bound is: to_decimal's error at 0 digits kept.
  return x.finite() ? to_decimal(Ball::around(Ball(0), x), 1).error : "unbounded";
}

std::string coverage_text(const Coverage& coverage) {
  return coverage.is_whole() ? "everything: " + coverage.what()
                             : fmt::format("{} {}", coverage.count(), coverage.what());
}

std::string resolution_text(const Resolution& resolution) {
  return fmt::format(
      "the sides differ by at most {} there, where {} is asked; anywhere by at most {}",
      short_bound(resolution.difference), short_bound(resolution.asked),
      short_bound(resolution.anywhere));
}

bool printable(const Quantity& quantity) {
  try {
    quantity.decimal(1);
    return true;
  } catch (const NumericalFailure&) {
    return false;
  }
}

std::string short_value(const Quantity& quantity) {
  return printable(quantity) ? quantity.decimal(4).value : "unbounded";
}

std::string short_quantity(const Quantity& quantity) {
  if (!printable(quantity)) {
    return fmt::format("no bound that could be printed ({})", name(quantity.evidence()));
  }
  const DecimalEnclosure d = quantity.decimal(8);
  return fmt::format("{} +- {} ({})", d.value, d.error, name(quantity.evidence()));
}

std::string margin_text(const Outcome& outcome) {
  if (outcome.verdict == Verdict::not_applicable || outcome.comparisons == 0) {
    return "";
  }
  if (std::isinf(outcome.margin)) {
    return outcome.margin > 0 ? "exact" : "none";
  }
  if (outcome.margin_unit == MarginUnit::digits) {
    return fmt::format("{:.0f} digits", std::floor(outcome.margin));
  }
  if (outcome.margin_unit == MarginUnit::exponent) {
    return fmt::format("C ~ n^{:.2g}", 0 - outcome.margin);
  }
  // e^margin, as a factor right/left; beyond 10^6 a power of ten reads better.
  const double tens = outcome.margin / std::log(10.0);
  return std::abs(tens) < 6 ? fmt::format("x {:.3g}", std::exp(outcome.margin))
                            : fmt::format("x 10^{:.0f}", std::floor(tens));
}

std::string ledger_text(const Ledger& ledger, bool by_case) {
  if (ledger.request.controls) {
    return controls_text(ledger);
  }
  std::string out =
      fmt::format("{:<14} {:<13} {:>7} {:>7} {:>9}  {:<12} {:<22} {:<12} {}\n", "verdict", "claim",
                  "holds", "proved", "instances", "margin", "worst case", "smallest C", "title");
  const bool rows = by_case || ledger.claims.size() <= kFewClaims;
  for (const ClaimSummary& summary : ledger.claims) {
    out += claim_line(ledger, summary);
    if (rows) {
      out += row_lines(rows_of(ledger, *summary.claim));
    }
  }
  for (const ClaimSummary& summary : ledger.claims) {
    for (const LedgerRow* row : rows_of(ledger, *summary.claim)) {
      const Verdict verdict = row->outcome.verdict;
      const bool single = ledger.rows.size() == 1;
      if (verdict == Verdict::violated || verdict == Verdict::inconclusive || single) {
        out += row_details(*row);
      }
    }
  }
  return out + totals_text(ledger);
}

std::string claim_text(const Claim& claim) {
  std::string out = fmt::format("{} ({}, claim of family {}: {})\n{}\n", claim.id, name(claim.kind),
                                claim.family(), family_title(claim.family()), claim.title);
  out += field("statement", claim.statement);
  if (!claim.symbols.empty()) {
    out += field("symbols", claim.symbols);
  }
  out += field("status", std::string(name(claim.source)));
  out += field("source", claim.reference);
  for (const Hypothesis& hypothesis : claim.hypotheses) {
    out += field("hypothesis", hypothesis.text);
  }
  for (const Parameter& parameter : claim.parameters) {
    out += field("parameter",
                 fmt::format("{} = {}: {}", parameter.id, parameter.value, parameter.meaning));
  }
  out += field("left", claim.left);
  out += field("right", claim.right);
  out += field("covers", claim.covers);
  out += field("falsified by", claim.falsifier);
  for (const Control& control : claim.controls) {
    out += field("control", fmt::format("{} (on {})", control.title, control.case_name));
  }
  if (claim.finding != 0) {
    out += field("finding", fmt::format("number {} of docs/findings.md refutes this statement",
                                        claim.finding));
  }
  if (!claim.corrects.empty()) {
    out += field("corrects", claim.corrects);
  }
  out += field("defined in", std::string(defined_in(claim)));
  return out + field("run", fmt::format("lemmabench verify --claims '{}'", claim.id));
}

}  // namespace lemmabench
