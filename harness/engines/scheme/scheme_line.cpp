#include "harness/engines/scheme/scheme_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "cases/schemes/scheme_facts.hpp"
#include "harness/engines/common/two_runs.hpp"
#include "harness/engines/line/embedded.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/line/line_numbers.hpp"
#include "harness/engines/scheme/scheme_flow.hpp"
#include "harness/engines/scheme/scheme_folds.hpp"
#include "harness/engines/scheme/scheme_markov.hpp"
#include "harness/engines/scheme/scheme_pairs.hpp"
#include "harness/engines/scheme/scheme_rounding.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

/// Everything that both runs have in common.
struct Model {
  const Scheme& scheme;
  LineMixture<double> clean;
  LineMixture<double> exact_start;
  LineMixture<double> gaussian_start;
  LineMixture<double> truth;
  SchemeChain chain;
  SchemeFacts facts;
  Start start;
  bool decomposition;

  const LineMixture<double>& asked_start() const {
    return start == Start::exact ? exact_start : gaussian_start;
  }
  double rounding() const { return run_rounding<double>(static_cast<long>(scheme.calls())); }
};

/// One computation with its own settings, and with coefficients rounded anew or not.
class Run {
 public:
  Run(const Model& model, const LineSettings& settings, bool anew, double refinement)
      : model_(model),
        settings_(settings),
        refinement_(refinement),
        propagator_(settings),
        scheme_(anew ? rounded_anew(model.scheme) : model.scheme),
        chain_(anew ? rounded_anew(model.chain) : model.chain) {}

  struct Outcome {
    LawNumbers<double> numbers;
    FlowDensity density = FlowDensity::resolved;
  };
  Outcome run();

 private:
  void add_starts(ErrorParts<Estimate<double>>& parts) const;
  void run_flow(Outcome& out);
  void run_density(Outcome& out);
  /// What the law of the last state ends as.
  struct Ended {
    PanelFunction<double> law;  ///< of the output; of the last state if that has no density
    LawDistances<double> distances;
    double defect;
    FlowDensity density;
  };
  Ended end(const ChainMaps& maps, PanelFunction<double> law);
  void require_output(const ChainMaps& maps) const;
  PanelFunction<double> density(const ChainMaps& maps, const LineMixture<double>& start);
  LawDistances<double> distances(const PanelFunction<double>& law) const;

  const Model& model_;
  LineSettings settings_;
  double refinement_;
  LinePropagator<double> propagator_;
  Scheme scheme_;
  SchemeChain chain_;
};

PanelFunction<double> Run::density(const ChainMaps& maps, const LineMixture<double>& start) {
  return model_.facts.most_remembered == 0
             ? markov_density(chain_, maps, start, propagator_)
             : pair_density(chain_, maps, start, propagator_, refinement_);
}

LawDistances<double> Run::distances(const PanelFunction<double>& law) const {
  LawDistances<double> out = line_distances(model_.truth, law, settings_);
  const double rounding = model_.rounding();
  out.widen(std::abs(law.integral(0) - 1) + rounding);
  out.kl_pq.error += rounding * std::abs(out.kl_pq.value);
  out.kl_qp.error += rounding * std::abs(out.kl_qp.value);
  return out;
}

/// The Gaussian start against the exact one.
void Run::add_starts(ErrorParts<Estimate<double>>& parts) const {
  const bool same = model_.scheme.starts_from_noise() && model_.scheme.start_variance() == 1;
  if (model_.start == Start::exact || same) {
    parts.initial_tv = Estimate<double>{};
    parts.initial_kl = Estimate<double>{};
    return;
  }
  const DyadicLine line = line_of_start(model_.exact_start);
  const DyadicLine other = line_of_start(model_.gaussian_start);
  const PanelFunction<double> law = mixture_panels(
      model_.gaussian_start, line.half_width() > other.half_width() ? line : other, propagator_);
  LawDistances<double> found = line_distances(model_.exact_start, law, settings_);
  found.widen(std::abs(law.integral(0) - 1) + run_rounding<double>(1));
  parts.initial_tv = found.tv;
  parts.initial_kl = found.kl_pq;
}

void Run::run_flow(Outcome& out) {
  const SchemeMap map = composed_map(scheme_, model_.clean);
  const auto law_from = [&](const LineMixture<double>& start) {
    FlowLaw law = flow_law(map, start, model_.truth, settings_);
    law.distances.widen(law.mass_defect + model_.rounding());
    return law;
  };
  const FlowLaw law = law_from(model_.asked_start());
  out.density = law.density;
  out.numbers.distances = law.distances;
  ErrorParts<Estimate<double>>& parts = out.numbers.parts;
  parts.mass_defect = Estimate<double>{law.mass_defect, model_.rounding()};
  if (!model_.decomposition) {
    return;
  }
  if (model_.start == Start::exact) {
    parts.initialisation = Estimate<double>{};
    parts.discretisation = law.distances.tv;
    return;
  }
  const FlowLaw exact = law_from(model_.exact_start);
  parts.discretisation = exact.distances.tv;
  if (law.density == FlowDensity::resolved && exact.density == FlowDensity::resolved) {
    parts.initialisation = parts.initial_tv;  // a one-to-one map changes no distance
  }
}

/// The law of the output and its distances: that of the last state, or of its image under the rows
/// that follow it without noise.
Run::Ended Run::end(const ChainMaps& maps, PanelFunction<double> law) {
  Ended out{std::move(law), {}, 0, FlowDensity::resolved};
  out.defect = std::abs(out.law.integral(0) - 1);
  if (chain_.rows.back().noise > 0) {
    out.distances = distances(out.law);
    return out;
  }
  const std::size_t last = maps.last_state(chain_);
  const SchemeMap map = maps.of_state(last).only(maps.part(chain_.rows.size() - 1, last));
  const auto values = [&](const std::vector<double>& points) {
    std::vector<double> found(points.size());
    map.evaluate(points.data(), points.size(), found.data(), nullptr);
    return found;
  };
  WorkBudget budget("line");
  try {
    PanelFunction<double> image = carried(out.law, values, 0, static_cast<long>(map.calls()),
                                          out.law.line(), propagator_, budget);
    out.distances = distances(image);
    out.law = std::move(image);
  } catch (const EngineRefusal&) {
    // It folds, or is too rough for panels: distribution functions do not mind.
    out.density = FlowDensity::folded;
    out.distances.tv = fold_total_variation(map, PanelStart(out.law), model_.truth,
                                            panel_domain(map, out.law, model_.truth), settings_);
    out.distances.tv.error += out.defect + model_.rounding();
  }
  return out;
}

void Run::run_density(Outcome& out) {
  const ChainMaps maps(scheme_, chain_, model_.clean);
  require_output(maps);
  const Ended law = end(maps, density(maps, model_.asked_start()));
  out.density = law.density;
  out.numbers.distances = law.distances;
  out.numbers.distances.widen(
      dropped_variation(chain_, model_.clean, model_.asked_start(), model_.truth));
  ErrorParts<Estimate<double>>& parts = out.numbers.parts;
  parts.mass_defect = Estimate<double>{law.defect, model_.rounding()};
  if (!model_.decomposition) {
    return;
  }
  if (model_.start == Start::exact) {
    parts.initialisation = Estimate<double>{};
    parts.discretisation = out.numbers.distances.tv;
    return;
  }
  const Ended exact = end(maps, density(maps, model_.exact_start));
  parts.discretisation = exact.distances.tv;
  if (law.density == FlowDensity::resolved && exact.density == FlowDensity::resolved) {
    parts.initialisation = Estimate<double>{law_variation(law.law, exact.law),
                                            law.defect + exact.defect + 2 * model_.rounding()};
  }
}

/// Refuses an output that no law on the line is made for.
void Run::require_output(const ChainMaps& maps) const {
  if (chain_.rows.back().noise > 0) {
    return;
  }
  const std::size_t states = maps.depends(chain_.rows.size() - 1).size();
  if (states == 0) {
    throw EngineRefusal(
        "the scheme's output is one point, whatever it starts from: TV and Hellinger distance are "
        "1; there is nothing to compute");
  }
  if (states > 1) {
    throw EngineRefusal(
        "the output adds no noise and depends on two states, and the law on the line has no way to "
        "carry both to one; on a Gaussian target `lemmabench law` has it, and samples of it on any "
        "are `lemmabench particles`");
  }
}

Run::Outcome Run::run() {
  Outcome out;
  out.numbers.score_calls = static_cast<long>(model_.scheme.calls());
  ErrorParts<Estimate<double>>& parts = out.numbers.parts;
  if (model_.decomposition) {
    add_starts(parts);
    const double last = model_.scheme.levels.back();
    parts.score = Estimate<double>{};
    parts.eps_score = Estimate<double>{};
    parts.early_stopping_w2_bound = Estimate<double>{last, last * run_rounding<double>(1)};
  }
  model_.facts.kind == SchemeKind::deterministic ? run_flow(out) : run_density(out);
  return out;
}

void require_reach(const SchemeFacts& facts) {
  if (facts.kind == SchemeKind::deeper_memory) {
    throw EngineRefusal(fmt::format(
        "the scheme adds noise and remembers {} earlier states, and the law on the line carries "
        "one beside the present; on a Gaussian target `lemmabench law` has it, and samples of it "
        "on "
        "any are `lemmabench particles`",
        facts.most_remembered));
  }
}

Model model_of(const Scheme& scheme, const CoordinateLaw& target, const LawRequest& request,
               const LawOptions& options) {
  LineMixture<double> clean = line_mixture(target);
  SchemeChain chain = make_chain(scheme);
  SchemeFacts facts = scheme_facts(scheme, chain);
  require_reach(facts);
  return {scheme,
          clean,
          noisy_mixture(clean, scheme.levels.front()),
          LineMixture<double>({{1, 0, scheme.start_variance()}}),
          noisy_mixture(clean, scheme.levels.back()),
          std::move(chain),
          facts,
          request.start,
          options.decomposition};
}

/// The finer run and the coarser one. Where two states are carried on grids, these are refined
/// while the runs differ: the model's answer may bend on a finer scale than the grids were made
/// for.
std::vector<Run::Outcome> two_runs(const Model& model, int threads) {
  constexpr double kRefinement = 0.65;
  constexpr double kCoarser = 0.85;
  constexpr double kFactor = 1.5;
  constexpr double kEnough = 1e-11;
  constexpr int kMostTries = 4;
  const std::array<LineSettings, 2> settings = {fine_line_settings(0), coarse_line_settings(0)};
  double refinement = kRefinement;
  for (int tries = 1;; ++tries) {
    auto runs = parallel_map(2, threads, [&](std::size_t i) {
      const bool coarse = i == 1;
      return Run(model, settings[i], coarse, coarse ? kCoarser * refinement : refinement).run();
    });
    const double difference =
        std::abs(runs[0].numbers.distances.tv.value - runs[1].numbers.distances.tv.value);
    if (model.facts.most_remembered == 0 || difference <= kEnough || tries == kMostTries) {
      return runs;
    }
    refinement *= kFactor;
  }
}

/// Takes back what a deterministic law without a density has no numbers for.
void require_density(FlowDensity density, LawResult& out) {
  if (density == FlowDensity::resolved) {
    return;
  }
  const std::string reason =
      density == FlowDensity::folded
          ? "the map from x_T to the output folds, and the density behind a fold is unbounded; TV "
            "sums over its branches"
          : "the output has no density, or one too rough for panels; TV comes from distribution "
            "functions";
  for (Quantity* each : {&out.kl_pq, &out.kl_qp, &out.hellinger}) {
    *each = Quantity::unknown(Evidence::computed, reason);
  }
  out.notes.push_back(reason);
}

}  // namespace

LawResult scheme_line_law(const Scheme& scheme, const CoordinateLaw& target,
                          const LawRequest& request, const LawOptions& options) {
  if (request.digits < 0 || request.digits > kMaxSchemeLineDigits) {
    throw InputError(fmt::format(
        "--digits {}: the law of a scheme on the line is computed in double, to {} digits; a "
        "Gaussian target has as many as you like",
        request.digits, kMaxSchemeLineDigits));
  }
  const Model model = model_of(scheme, target, request, options);
  const auto runs = two_runs(model, options.threads);
  LawResult out;
  out.engine = "line";
  out.arithmetic = "double";
  out.dim = 1;
  judge_runs(runs[1].numbers, runs[0].numbers, out);
  out.notes.push_back("the scheme is " + model.facts.text());
  require_density(std::max(runs[0].density, runs[1].density), out);
  return out;
}

}  // namespace lemmabench
