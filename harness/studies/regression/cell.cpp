#include "harness/studies/regression/cell.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "harness/law/law.hpp"
#include "harness/records/request_text.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "numerics/error.hpp"
#include "numerics/order_fit.hpp"
#include "theory/claims/claim.hpp"
#include "theory/process/natural_scale.hpp"

namespace lemmabench {
namespace {

LawResult law_of(const GateCell& cell, const std::string& sampler, long steps, LawOptions options) {
  LawRequest request = cell.request;
  request.sampler = sampler;
  request.steps = steps;
  options.decomposition = false;
  options.local_errors = cell.local_errors;
  if (!options.local_errors) {
    return compute_law(request, options);
  }
  try {
    return compute_law(request, options);
  } catch (const InputError&) {
    // Samplers whose single steps do not lead from level to level have no local errors. (To ask
    // for its info() would load the code of a header into this process.)
    options.local_errors = false;
    return compute_law(request, options);
  }
}

void answer_law(const GateCell& cell, const std::string& sampler, const LawOptions& options,
                CellAnswer& out) {
  const LawResult law = law_of(cell, sampler, cell.request.steps, options);
  out.numbers = {{"tv", law.tv},
                 {"kl_pq", law.kl_pq},
                 {"kl_qp", law.kl_qp},
                 {"hellinger", law.hellinger},
                 {"score_calls", Proved{Ball(law.score_calls)}}};
  for (std::size_t i = 0; i < law.relative_variance_error.size(); ++i) {
    out.numbers.push_back({fmt::format("variance error {}", i + 1),
                           law.relative_variance_error[i].value, Sense::detail});
  }
  for (const LocalError& local : law.local_errors) {
    out.numbers.push_back({fmt::format("local error {}", local.t), local.value, Sense::detail});
  }
}

/// The order in the schedule's own step, by no one's choice of a window, and the constants that
/// belong to the whole orders.
void answer_order(const GateCell& cell, const std::string& sampler, const LawOptions& options,
                  CellAnswer& out) {
  std::vector<ScalingPoint> points;
  for (const long steps : cell.steps) {
    const LawResult law = law_of(cell, sampler, steps, options);
    out.numbers.push_back({fmt::format("tv T={}", steps), law.tv});
    points.push_back(scaling_point(steps, law.tv));
  }
  const ExponentFit fit = fit_exponent(points, natural_model(cell.request.schedule));
  // Without an order it is a number that is missing where the baseline has it.
  if (fit.refused()) {
    out.no_order = fit.refusal;
    return;
  }
  if (!(fit.half_width() < kMostOrderError)) {
    out.no_order = fmt::format(
        "{:.3g} +- {:.2g} does not tell one whole order from the next: {}; more steps, or starts = "
        "\"exact\", may",
        fit.order, fit.half_width(), fit.range_reason);
    return;
  }
  out.numbers.push_back(
      {"order", Quantity::computed(fit.order, fit.half_width()), Sense::higher_is_better});
  for (const int order : {1, 2, 3}) {
    const ConstantEstimate constant = constant_at(fit, order);
    out.numbers.push_back({fmt::format("constant of order {}", order),
                           Quantity::computed(constant.value, constant.error)});
  }
}

const Claim& claim_named(const std::string& id) {
  for (const Claim& claim : all_claims()) {
    if (claim.id == id) {
      return claim;
    }
  }
  throw InputError(fmt::format("claim '{}': no such claim; `lemmabench list claims` has all", id));
}

const Case& case_named(const std::string& name) {
  for (const Case& subject : claim_cases()) {
    if (subject.name == name) {
      return subject;
    }
  }
  throw InputError(fmt::format("case '{}': no such case; `lemmabench list cases` has all", name));
}

void answer_claim(const GateCell& cell, const std::string& sampler, CellAnswer& out) {
  ExactLaboratory laboratory;
  const Outcome outcome = evaluate_claim(claim_named(cell.claim), case_named(cell.subject),
                                         Effort{}, laboratory, {{"sampler", sampler}});
  // A claim whose evaluation did not end, because its sampler gave up, has no verdict to compare.
  if (outcome.verdict == Verdict::not_applicable ||
      (outcome.verdict == Verdict::inconclusive && !outcome.coverage)) {
    throw EngineRefusal(outcome.reason);
  }
  out.verdict = outcome.verdict;
  out.verdict_reason = outcome.reason;
  if (outcome.constant) {
    out.numbers.push_back({"smallest constant", *outcome.constant});
  }
}

}  // namespace

std::string_view name(CellKind kind) {
  switch (kind) {
    case CellKind::law:
      return "law";
    case CellKind::order:
      return "order";
    case CellKind::claim:
      return "claim";
    case CellKind::certificate:
      return "certificate";
  }
  return "";
}

std::string GateCell::id() const {
  if (kind == CellKind::claim) {
    return fmt::format("claim {} on {}", claim, subject);
  }
  std::string out = fmt::format("{} {} T={}", name(kind), request.target,
                                kind == CellKind::order ? steps.front() : request.steps);
  if (kind == CellKind::order) {
    for (std::size_t i = 1; i < steps.size(); ++i) {
      out += fmt::format("/{}", steps[i]);
    }
  }
  out += " " + text(request.schedule);
  if (request.start == Start::exact) {
    out += " start=exact";
  }
  if (request.score != "exact") {
    out += " score=" + request.score;
  }
  if (request.digits > 0) {
    out += fmt::format(" digits={}", request.digits);
  }
  if (request.arithmetic != LawRequest{}.arithmetic) {
    out += " arithmetic=" + request.arithmetic.text();
  }
  return out;
}

std::string GateCell::key(const std::string& sampler) const {
  if (kind == CellKind::claim) {
    return fmt::format("claim {} {} {}", claim, shell_word(subject), shell_word(sampler));
  }
  LawRequest asked = request;
  asked.sampler = sampler;
  return fmt::format("{} {} steps={} local={} margin={}", name(kind), canonical_text(asked),
                     fmt::join(steps, ","), local_errors, margin);
}

CellAnswer timed_answer(const std::function<void(CellAnswer&)>& fill) {
  CellAnswer out;
  const auto start = std::chrono::steady_clock::now();
  try {
    fill(out);
  } catch (const EngineRefusal& refusal) {
    out.failure = refusal.what();
    out.refused = true;
  } catch (const std::exception& error) {
    out.failure = error.what();
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

CellAnswer answer_cell(const GateCell& cell, const std::string& sampler, int threads,
                       const std::optional<ChildLimits>& guard) {
  const LawOptions options{.threads = threads, .guard = guard};
  return timed_answer([&](CellAnswer& out) {
    switch (cell.kind) {
      case CellKind::law:
        return answer_law(cell, sampler, options, out);
      case CellKind::order:
        return answer_order(cell, sampler, options, out);
      case CellKind::claim:
        return answer_claim(cell, sampler, out);
      case CellKind::certificate:
        throw std::logic_error("a certificate is asked for by the sequential test");
    }
  });
}

}  // namespace lemmabench
