#include "harness/studies/mutation/hunt.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "harness/io/progress.hpp"
#include "numerics/memo.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

bool usable(const CellAnswer& answer) {
  return !answer.failed() && answer.verdict != Verdict::inconclusive;
}

/// Puts cells to samplers. What a base answers is computed when first asked for.
class Answers {
 public:
  explicit Answers(const std::optional<ChildLimits>& guard) : guard_(guard) {}

  CellAnswer of(const std::string& sampler, const GateCell& cell) const {
    return answer_cell(cell, sampler, 1, guard_);
  }
  std::shared_ptr<const CellAnswer> of_base(const std::string& base, const GateCell& cell) {
    return bases_.get(cell.key(base), [&] { return of(base, cell); });
  }

 private:
  std::optional<ChildLimits> guard_;
  Memo<CellAnswer> bases_{std::numeric_limits<std::size_t>::max()};
};

/// The score calls of a law, 0 of another answer.
long score_calls(const CellAnswer& answer) {
  const auto found =
      std::find_if(answer.numbers.begin(), answer.numbers.end(),
                   [](const Measurement& number) { return number.name == "score_calls"; });
  return found == answer.numbers.end() ? 0 : static_cast<long>(found->value.value());
}

/// One mutant, cell by cell until it is caught.
MutantOutcome hunt(const MutantRecord& record, const std::vector<GateCell>& plan, Answers& answers,
                   bool exact) {
  MutantOutcome out;
  out.record = record;
  for (const GateCell& cell : plan) {
    if (cell.kind == CellKind::certificate) {
      continue;
    }
    const auto base = answers.of_base(record.base, cell);
    if (!usable(*base)) {
      continue;
    }
    const CellAnswer answer = answers.of(record.mutant, cell);
    ++out.cells;
    out.score_calls += score_calls(answer);
    out.seconds += answer.seconds;
    if (answer.refused || answer.verdict == Verdict::inconclusive) {
      continue;
    }
    out.caught = first_difference(cell, *base, answer, exact);
    if (out.caught) {
      break;
    }
  }
  return out;
}

/// What the witness of a survivor sees; nothing if the base itself has no answer there.
std::optional<MutantCatch> witnessed(const MutantRecord& record, const Answers& answers) {
  const CellAnswer base = answers.of(record.base, *record.witness);
  return usable(base)
             ? first_difference(*record.witness, base, answers.of(record.mutant, *record.witness))
             : std::nullopt;
}

/// An equal on all laws and orders of the plan, or up to the first false alarm.
EqualOutcome pass(const EqualRecord& record, const std::vector<GateCell>& plan, Answers& answers) {
  EqualOutcome out{record, 0, {}};
  for (const GateCell& cell : plan) {
    if (cell.kind != CellKind::law && cell.kind != CellKind::order) {
      continue;
    }
    const auto base = answers.of_base(record.base, cell);
    if (!usable(*base)) {
      continue;
    }
    ++out.cells;
    out.flagged = first_difference(cell, *base, answers.of(record.equal, cell));
    if (out.flagged) {
      break;
    }
  }
  return out;
}

}  // namespace

std::optional<MutantCatch> first_difference(const GateCell& cell, const CellAnswer& base,
                                            const CellAnswer& mutant, bool exact) {
  GateOptions options;
  options.exact = exact;
  for (Change& change : compare_answers(base, mutant, options)) {
    if (change.failure) {
      return MutantCatch{cell.id(),     std::move(change.quantity), change.kind,
                         change.reason, std::move(change.before),   std::move(change.after)};
    }
  }
  return std::nullopt;
}

MutantRun hunt_mutants(const MutantBank& bank, const std::vector<GateCell>& plan, int threads,
                       bool exact, const std::optional<ChildLimits>& guard) {
  const auto start = std::chrono::steady_clock::now();
  MutantRun out;
  out.bank = bank.name;
  out.exact = exact;
  Answers answers(guard);
  ProgressBar bar("mutants", bank.records.size());
  out.outcomes = parallel_map(bank.records.size(), threads, [&](std::size_t i) {
    const MutantRecord& record = bank.records[i];
    MutantOutcome outcome = hunt(record, plan, answers, exact);
    if (record.witness && !outcome.caught) {
      outcome.seen = witnessed(record, answers);
    }
    bar.advance();
    return outcome;
  });
  out.equals = parallel_map(bank.equals.size(), threads,
                            [&](std::size_t i) { return pass(bank.equals[i], plan, answers); });
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

std::size_t MutantRun::caught() const {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(),
                    [](const MutantOutcome& outcome) { return outcome.caught.has_value(); }));
}

bool MutantRun::passed() const {
  const bool enough =
      static_cast<double>(caught()) >= kLeastCaught * static_cast<double>(outcomes.size());
  return enough &&
         std::all_of(outcomes.begin(), outcomes.end(),
                     [](const MutantOutcome& outcome) { return outcome.as_recorded(); }) &&
         std::none_of(equals.begin(), equals.end(),
                      [](const EqualOutcome& outcome) { return outcome.flagged.has_value(); });
}

}  // namespace lemmabench
