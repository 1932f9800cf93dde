#include "harness/studies/regression/regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <chrono>
#include <cmath>

#include "harness/io/progress.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/store.hpp"
#include "harness/studies/claims/verification.hpp"
#include "harness/studies/regression/guarded_cell.hpp"
#include "harness/studies/regression/sequential_test.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

/// At least 11 draws stand behind an averaged law; Student's quantiles for 10 degrees of freedom
/// then grow faster towards small errors than its own.
constexpr double kLeastFreedom = 10;
constexpr double kDrawsConfidence = 0.99;

AlphaSpending spending_of(const Baseline& baseline) {
  const auto sampled =
      std::count_if(baseline.cells.begin(), baseline.cells.end(),
                    [](const BaselineCell& one) { return one.cell.kind == CellKind::certificate; });
  return {baseline.alpha, std::max<long>(1, sampled)};
}

/// What turns the 99 % half-widths of averages over random times into half-widths that all hold
/// together with probability 1 - alpha.
double widening_of(const Baseline& baseline) {
  long sampled = 0;
  for (const BaselineCell& one : baseline.cells) {
    if (one.cell.kind != CellKind::certificate) {
      sampled += std::count_if(
          one.answer.numbers.begin(), one.answer.numbers.end(),
          [](const Measurement& m) { return m.value.evidence() == Evidence::sampled; });
    }
  }
  if (sampled == 0) return 1;
  const boost::math::students_t student(kLeastFreedom);
  const double share = baseline.alpha / (2 * static_cast<double>(sampled));
  return boost::math::quantile(boost::math::complement(student, share / 2)) /
         boost::math::quantile(student, (1 + kDrawsConfidence) / 2);
}

/// The cell put to the sampler whose baseline is written.
CellAnswer baseline_answer(const GateCell& cell, const std::string& sampler,
                           const AlphaSpending& spending, int threads,
                           const std::optional<ChildLimits>& guard) {
  if (cell_needs_guard(cell, sampler, guard)) {
    return timed_answer([&](CellAnswer& out) {
      out = guarded_cell_answer(cell, spending.alpha / static_cast<double>(spending.cells), sampler,
                                threads, *guard);
    });
  }
  if (cell.kind != CellKind::certificate) {
    return answer_cell(cell, sampler, threads, guard);
  }
  return timed_answer([&](CellAnswer& out) {
    const double accuracy = look_accuracy(cell.margin, kMostLooks);
    out.numbers.push_back({"kl bound", certificate_kl(cell, sampler, 0, accuracy,
                                                      spending.baseline_level(), threads)});
  });
}

/// Of the constants of an order only the one of the whole number nearest to it says something.
void keep_natural_constant(CellAnswer& answer) {
  const auto order = std::find_if(answer.numbers.begin(), answer.numbers.end(),
                                  [](const Measurement& m) { return m.name == "order"; });
  if (order == answer.numbers.end()) return;
  const std::string kept =
      fmt::format("constant of order {}", std::clamp(std::lround(order->value.value()), 1L, 3L));
  std::erase_if(answer.numbers, [&](const Measurement& m) {
    return m.name.starts_with("constant of order") && m.name != kept;
  });
}

/// Why an answer says nothing a baseline could hold a sampler to; empty if it does.
std::string useless(const CellAnswer& answer) {
  return answer.verdict == Verdict::inconclusive ? answer.verdict_reason : answer.failure;
}

std::vector<const BaselineCell*> matching_cells(const Baseline& baseline,
                                                const std::string& globs) {
  std::vector<const BaselineCell*> out;
  for (const BaselineCell& one : baseline.cells) {
    if (matches_globs(one.cell.id(), globs)) {
      out.push_back(&one);
    }
  }
  if (out.empty() && !baseline.cells.empty()) {
    throw InputError(fmt::format("--only '{}': matches no cell of the baseline, e.g. not '{}'",
                                 quoted(globs), baseline.cells.front().cell.id()));
  }
  return out;
}

std::vector<Change> failure(const CellAnswer& answer) {
  return {{"", ChangeKind::failed, true, {}, {}, answer.failure}};
}

std::vector<Change> certificate_changes(const Baseline& baseline, const BaselineCell& old,
                                        const std::string& sampler, const GateOptions& options) {
  Change change;
  const CellAnswer answer = timed_answer([&](CellAnswer& out) {
    const Measurement& before = old.answer.numbers.front();
    change = sequential_test(before.name, before.value, old.cell.margin, spending_of(baseline),
                             options, [&](int look, double accuracy, double level) {
                               return certificate_kl(old.cell, sampler, look, accuracy, level,
                                                     options.threads);
                             });
    out.numbers.push_back({before.name, *change.after});
  });
  return answer.failed() ? failure(answer) : std::vector<Change>{change};
}

std::vector<Change> all_changes(const Baseline& baseline, const BaselineCell& old,
                                const std::string& sampler, const GateOptions& options) {
  if (cell_needs_guard(old.cell, sampler, options.guard)) {
    std::vector<Change> out;
    const AlphaSpending spending = spending_of(baseline);
    const CellAnswer answer = timed_answer([&](CellAnswer&) {
      out = guarded_changes(old, spending.alpha / static_cast<double>(spending.cells), sampler,
                            options);
    });
    return answer.failed() ? failure(answer) : out;
  }
  if (old.cell.kind == CellKind::certificate) {
    return certificate_changes(baseline, old, sampler, options);
  }
  return compare_answers(old.answer, answer_cell(old.cell, sampler, options.threads, options.guard),
                         options, widening_of(baseline));
}

}  // namespace

bool GateReport::passed() const { return !cells.empty() && first_failure() == nullptr; }

long GateReport::count(ChangeKind kind) const {
  long out = 0;
  for (const CellReport& cell : cells) {
    out += kind == ChangeKind::unchanged
               ? cell.unchanged
               : std::count_if(cell.changes.begin(), cell.changes.end(),
                               [&](const Change& change) { return change.kind == kind; });
  }
  return out;
}

const CellReport* GateReport::first_failure() const {
  const auto found = std::find_if(cells.begin(), cells.end(),
                                  [](const CellReport& cell) { return cell.failed(); });
  return found == cells.end() ? nullptr : &*found;
}

Baseline make_baseline(const std::vector<GateCell>& cells, const std::string& sampler, int threads,
                       double alpha, const std::optional<ChildLimits>& guard) {
  Baseline out;
  out.sampler = canonical_sampler(sampler, "--sampler");
  out.version = store_version();
  out.alpha = alpha;
  const AlphaSpending spending{
      alpha, std::max<long>(1, std::count_if(cells.begin(), cells.end(), [](const GateCell& cell) {
                              return cell.kind == CellKind::certificate;
                            }))};
  ProgressBar bar("cells", cells.size());
  auto answers = parallel_map(cells.size(), threads, [&](std::size_t i) {
    CellAnswer answer = baseline_answer(cells[i], out.sampler, spending, 1, guard);
    bar.advance();
    return answer;
  });
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string id = cells[i].id();
    if (const std::string reason = useless(answers[i]); !reason.empty()) {
      out.left_out.push_back(id + ": " + reason);
      out.complete = out.complete && (answers[i].refused || !answers[i].failed());
    } else {
      keep_natural_constant(answers[i]);
      if (!answers[i].no_order.empty()) {
        out.left_out.push_back(fmt::format("{}: the order: {}", id, answers[i].no_order));
      }
      out.cells.push_back({cells[i], std::move(answers[i])});
    }
  }
  if (out.cells.empty()) {
    throw InputError(fmt::format("--sampler {}: no cell of the plan takes it, e.g. {}", sampler,
                                 out.left_out.empty() ? "there is none" : out.left_out.front()));
  }
  return out;
}

CellReport compare_cell(const Baseline& baseline, const BaselineCell& cell,
                        const std::string& sampler, const GateOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  CellReport out;
  out.cell = &cell.cell;
  std::vector<Change> all = all_changes(baseline, cell, sampler, options);
  for (Change& change : all) {
    if (change.kind == ChangeKind::unchanged) {
      ++out.unchanged;
    } else {
      out.changes.push_back(std::move(change));
    }
  }
  std::stable_sort(out.changes.begin(), out.changes.end(),
                   [](const Change& a, const Change& b) { return a.failure && !b.failure; });
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

GateReport run_gate(const Baseline& baseline, const std::string& sampler,
                    const GateOptions& options) {
  GateReport out;
  out.sampler = canonical_sampler(sampler, "--sampler");
  out.baseline_sampler = baseline.sampler;
  out.baseline_version = baseline.version;
  out.exact = options.exact;
  const std::vector<const BaselineCell*> cells = matching_cells(baseline, options.cells);
  if (options.stop_at_first_failure) {
    for (const BaselineCell* one : cells) {
      out.cells.push_back(compare_cell(baseline, *one, out.sampler, options));
      if (out.cells.back().failed()) break;
    }
    return out;
  }
  GateOptions alone = options;
  alone.threads = 1;
  ProgressBar bar("cells", cells.size());
  out.cells = parallel_map(cells.size(), options.threads, [&](std::size_t i) {
    CellReport report = compare_cell(baseline, *cells[i], out.sampler, alone);
    bar.advance();
    return report;
  });
  return out;
}

}  // namespace lemmabench
