#include "harness/studies/claims/verification.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "cases/spec.hpp"
#include "harness/io/progress.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

/// The default digits of Effort are not repeated on the command line.
std::string command_for(const LedgerRequest& request, const Claim& claim, const Case& subject) {
  std::string out = fmt::format("lemmabench verify --claims '{}'", claim.id);
  const bool own = !request.targets.empty();
  out += fmt::format(" {} '{}'", own ? "--target" : "--cases", subject.name);
  if (request.effort.full) {
    out += " --suite full";
  }
  if (request.effort.digits != Effort{}.digits) {
    out += fmt::format(" --digits {}", request.effort.digits);
  }
  return out;
}

std::vector<const Claim*> matching_claims(const LedgerRequest& request) {
  std::vector<const Claim*> out;
  std::vector<std::string> known;
  for (const Claim& claim : all_claims()) {
    known.push_back(claim.id);
    if (matches_globs(claim.id, request.claims)) {
      out.push_back(&claim);
    }
  }
  if (out.empty()) {
    throw_unknown_name("--claims", "claim", request.claims, known);
  }
  return out;
}

std::vector<const Case*> matching_cases(const LedgerRequest& request,
                                        const std::vector<Case>& own) {
  std::vector<const Case*> out;
  for (const Case& subject : own.empty() ? claim_cases() : own) {
    if (!own.empty() || matches_globs(subject.name, request.cases)) {
      out.push_back(&subject);
    }
  }
  if (out.empty()) {
    std::vector<std::string> known;
    for (const Case& subject : claim_cases()) {
      known.push_back(subject.name);
    }
    throw_unknown_name("--cases", "case", request.cases, known,
                       "`lemmabench list cases` shows all");
  }
  return out;
}

/// 0 for the worst verdict.
int severity(Verdict verdict) {
  switch (verdict) {
    case Verdict::violated:
      return 0;
    case Verdict::inconclusive:
      return 1;
    case Verdict::holds:
      return 2;
    case Verdict::not_applicable:
      break;
  }
  return 3;
}

void evaluate_rows(Ledger& ledger, Laboratory& laboratory) {
  ProgressBar bar("claims", ledger.rows.size());
  parallel_for(ledger.rows.size(), ledger.request.threads, [&](std::size_t i) {
    LedgerRow& row = ledger.rows[i];
    const auto start = std::chrono::steady_clock::now();
    const bool leave_out = !ledger.request.effort.full && ledger.request.targets.empty();
    const std::string left_out =
        leave_out ? left_to_full_suite(*row.claim, *row.subject) : std::string();
    if (left_out.empty()) {
      row.outcome = evaluate_claim(*row.claim, *row.subject, ledger.request.effort, laboratory);
    } else {
      row.outcome.verdict = Verdict::not_applicable;
      row.outcome.reason = left_out;
    }
    row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    bar.advance();
  });
}

void count(ClaimSummary& summary, const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::holds:
      ++summary.holds;
      break;
    case Verdict::violated:
      ++summary.violated;
      break;
    case Verdict::inconclusive:
      ++summary.inconclusive;
      break;
    case Verdict::not_applicable:
      ++summary.not_applicable;
      return;
  }
  summary.proved += outcome.proves() ? 1 : 0;
  summary.on_instances += outcome.proves_instances() ? 1 : 0;
}

ClaimSummary summarise(const Claim& claim, const std::vector<LedgerRow>& rows) {
  ClaimSummary out;
  out.claim = &claim;
  bool first = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].claim != &claim) {
      continue;
    }
    const Outcome& outcome = rows[i].outcome;
    count(out, outcome);
    if (first || worse(outcome, rows[out.worst].outcome)) {
      out.worst = i;
      first = false;
    }
    if (outcome.constant && (!out.constant || out.constant->value() < outcome.constant->value())) {
      out.constant = outcome.constant;
      out.constant_row = i;
    }
  }
  out.verdict = rows[out.worst].outcome.verdict;
  return out;
}

/// Claims by verdict, worst first; within one verdict the order of theory.md section 6.
void summarise_all(Ledger& ledger, const std::vector<const Claim*>& claims) {
  for (const Claim* claim : claims) {
    ledger.claims.push_back(summarise(*claim, ledger.rows));
  }
  std::stable_sort(ledger.claims.begin(), ledger.claims.end(), [](const auto& a, const auto& b) {
    return severity(a.verdict) < severity(b.verdict);
  });
}

/// The case a control names; a record that names none there is wrong itself.
const Case& case_named(const std::string& name) {
  for (const Case& subject : claim_cases()) {
    if (subject.name == name) {
      return subject;
    }
  }
  throw NumericalFailure("a control names the case '" + name + "', which does not exist");
}

void evaluate_controls(Ledger& ledger, const std::vector<const Claim*>& claims,
                       Laboratory& laboratory) {
  const LedgerRequest& request = ledger.request;
  for (const Claim* claim : claims) {
    for (const Control& control : claim->controls) {
      if (matches_globs(control.case_name, request.cases)) {
        ledger.controls.push_back({claim, &control, {}});
      }
    }
  }
  if (ledger.controls.empty()) {
    throw InputError(
        fmt::format("--cases: none of the negative controls of '{}' is on the cases '{}'",
                    quoted(request.claims), quoted(request.cases)));
  }
  ProgressBar bar("controls", ledger.controls.size());
  parallel_for(ledger.controls.size(), ledger.request.threads, [&](std::size_t i) {
    ControlRow& row = ledger.controls[i];
    row.outcome = evaluate_claim(*row.claim, case_named(row.control->case_name),
                                 ledger.request.effort, laboratory, row.control->overrides);
    bar.advance();
  });
}

}  // namespace

bool matches_globs(const std::string& name, const std::string& globs) {
  // A case name may hold commas itself ("li-cai:c0=2,c1=9"), so the whole text is tried first.
  if (fnmatch(globs.c_str(), name.c_str(), 0) == 0) {
    return true;
  }
  bool named = false;
  bool exclusions_only = !globs.empty();
  std::istringstream list(globs);
  for (std::string glob; std::getline(list, glob, ',');) {
    const bool excludes = glob.starts_with('!');
    if (fnmatch(glob.c_str() + (excludes ? 1 : 0), name.c_str(), 0) == 0) {
      if (excludes) return false;
      named = true;
    }
    exclusions_only = exclusions_only && excludes;
  }
  return named || exclusions_only;
}

bool worse(const Outcome& a, const Outcome& b) {
  if (a.verdict != b.verdict) {
    return severity(a.verdict) < severity(b.verdict);
  }
  return a.margin < b.margin;
}

int Ledger::exit_code(bool accept_findings) const {
  for (const ControlRow& row : controls) {
    if (!row.caught()) {
      return 1;
    }
  }
  bool checked = !controls.empty();
  for (const ClaimSummary& summary : claims) {
    const bool expected = accept_findings && summary.claim->finding != 0;
    if (summary.inconclusive > 0 || (summary.violated > 0 && !expected)) {
      return 1;
    }
    checked = checked || summary.applicable() > 0;
  }
  return checked ? 0 : 1;  // a run that checked nothing is no pass
}

LedgerTotals Ledger::totals() const {
  LedgerTotals out;
  for (const ClaimSummary& s : claims) {
    out.holds += s.holds;
    out.violated += s.violated;
    out.inconclusive += s.inconclusive;
    out.not_applicable += s.not_applicable;
    out.proved += s.proved;
    out.on_instances += s.on_instances;
  }
  for (const LedgerRow& row : rows) {
    out.comparisons += row.outcome.comparisons;
  }
  return out;
}

Ledger run_ledger(const LedgerRequest& request) {
  ExactLaboratory laboratory;
  return run_ledger(request, laboratory);
}

Ledger run_ledger(const LedgerRequest& request, Laboratory& laboratory) {
  Ledger ledger;
  ledger.request = request;
  const std::vector<const Claim*> claims = matching_claims(request);
  if (request.controls) {
    evaluate_controls(ledger, claims, laboratory);
    return ledger;
  }
  for (const std::string& target : request.targets) {
    ledger.own_cases.push_back(make_target_case(target, "--target"));
  }
  const std::vector<const Case*> cases = matching_cases(request, ledger.own_cases);
  std::vector<const Claim*> used;
  for (const Claim* claim : claims) {
    for (const Case* subject : cases) {
      if (in_domain(*claim, *subject)) {
        ledger.rows.push_back({claim, subject, {}, 0, command_for(request, *claim, *subject)});
        if (used.empty() || used.back() != claim) {
          used.push_back(claim);
        }
      }
    }
  }
  if (ledger.rows.empty()) {
    throw InputError(fmt::format("--cases: none of the claims '{}' is about the cases '{}'",
                                 quoted(request.claims), quoted(request.cases)));
  }
  evaluate_rows(ledger, laboratory);
  summarise_all(ledger, used);
  return ledger;
}

}  // namespace lemmabench
