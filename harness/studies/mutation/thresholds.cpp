#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "cases/mutants/mutant_sampler.hpp"
#include "cases/sampler.hpp"
#include "cases/target.hpp"
#include "harness/io/progress.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/studies/mutation/hunt.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

/// The law a threshold is measured on, and what the sampler itself gives there.
struct Scale {
  std::string engine;
  const GateCell* cell = nullptr;
  std::optional<ChildLimits> guard;
  CellAnswer base;

  CellAnswer answer(const std::string& sampler) const {
    return answer_cell(*cell, sampler, 1, guard);
  }
};

template <class Law>
void add_scale(std::vector<Scale>& out, const std::string& engine, const std::string& sampler,
               const std::vector<GateCell>& plan, const std::optional<ChildLimits>& guard) {
  for (const GateCell& cell : plan) {
    if (cell.kind != CellKind::law || cell.request.steps < kThresholdSteps ||
        !std::holds_alternative<Law>(make_target(cell.request.target, "plan").law)) {
      continue;
    }
    Scale scale{engine, &cell, guard, {}};
    scale.base = scale.answer(sampler);
    if (!scale.base.failed()) {
      out.push_back(std::move(scale));
      return;
    }
  }
}

bool caught(const Scale& scale, const std::string& sampler, Coefficient of, const Rational& by) {
  Bug bug;
  bug.kind = BugKind::scale;
  bug.of = of;
  bug.by = by;
  const std::string mutant = mutant_text(sampler, bug.text());
  return first_difference(*scale.cell, scale.base, scale.answer(mutant)).has_value();
}

/// 1 + 10^-k.
Rational factor(int k) { return Rational(1) + Rational::parse(fmt::format("1e-{}", k), "factor"); }

/// The largest k that is caught: what is caught at k is taken to be caught below it.
int finest(const Scale& scale, const std::string& sampler, Coefficient of) {
  int seen = 0;
  int unseen = kFinest + 1;
  while (unseen - seen > 1) {
    const int k = (seen + unseen) / 2;
    (caught(scale, sampler, of, factor(k)) ? seen : unseen) = k;
  }
  return seen;
}

}  // namespace

std::string one_draw(const std::string& sampler) {
  const std::vector<std::string> draws = make_sampler(sampler, "--sampler")->draws();
  return draws.empty() ? sampler : canonical_sampler(draws.front(), "--sampler");
}

std::vector<DetectionThreshold> detection_thresholds(const std::string& sampler,
                                                     const std::vector<GateCell>& plan,
                                                     const std::optional<ChildLimits>& guard) {
  const std::string subject = one_draw(sampler);
  std::vector<Scale> scales;
  add_scale<GaussianLaw>(scales, "gaussian", subject, plan, guard);
  add_scale<CoordinateLaw>(scales, "line", subject, plan, guard);
  std::vector<DetectionThreshold> out;
  for (const Coefficient of : scalable_coefficients()) {
    for (const Scale& scale : scales) {
      if (caught(scale, subject, of, Rational(2))) {
        out.push_back({subject, of, scale.engine, scale.cell->id(), finest(scale, subject, of)});
      }
    }
  }
  return out;
}

void add_thresholds(MutantRun& run, const std::vector<GateCell>& plan, int threads,
                    const std::optional<ChildLimits>& guard) {
  std::vector<std::string> samplers;
  for (const MutantOutcome& outcome : run.outcomes) {
    std::string id(make_sampler(outcome.record.base, "--bank")->info().id);
    if (std::find(samplers.begin(), samplers.end(), id) == samplers.end()) {
      samplers.push_back(std::move(id));
    }
  }
  ProgressBar bar("thresholds", samplers.size());
  const auto found = parallel_map(samplers.size(), threads, [&](std::size_t i) {
    auto out = detection_thresholds(samplers[i], plan, guard);
    bar.advance();
    return out;
  });
  for (const std::vector<DetectionThreshold>& of_sampler : found) {
    run.thresholds.insert(run.thresholds.end(), of_sampler.begin(), of_sampler.end());
  }
}

}  // namespace lemmabench
