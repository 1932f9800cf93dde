#include "harness/laws/plane_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/laws/plane_total_variation.hpp"
#include "numerics/divergence_integrands.hpp"

namespace lemmabench {
namespace {

using Blocks = std::vector<RelativeBlock<double>>;

/// int change * reference over the grid of a law.
double mass(const PlaneLaw& law, const std::vector<double>& change) {
  const std::vector<double> density = density_on(law.grid, law.reference);
  double sum = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    sum += density[i] * change[i];
  }
  return sum * law.grid.h * law.grid.h;
}

class PlaneComputation {
 public:
  PlaneComputation(const PlaneModel& model, const GaussianEnd& gaussian, const LawRequest& request,
                   const LawOptions& options, const PlaneSettings& settings)
      : model_(model),
        gaussian_(gaussian),
        exact_start_(request.start == Start::exact),
        both_(options.decomposition && !exact_start_),
        decomposition_(options.decomposition),
        settings_(settings) {}

  LawNumbers<double> run(double early_stopping_bound);

 private:
  PlaneLaw start_law() const;
  LawDistances<double> distances(const PlanePair& pair, const Blocks& blocks) const;
  Estimate<double> tv(const PlanePair& pair, const Blocks& blocks) const;
  void add_parts(const PlaneLaw& start, const PlaneLaw& end);
  void add(std::string name, double value, double error = 0) {
    out_.terms.emplace_back(std::move(name), value);
    out_.terms_unknown.push_back(error);
  }

  const PlaneModel& model_;
  const GaussianEnd& gaussian_;
  bool exact_start_;
  bool both_;
  bool decomposition_;
  PlaneSettings settings_;
  LawNumbers<double> out_;
};

/// Ratio 0: the start asked for. Ratio 1, if both are: what the exact start p_{X_T} adds to N(0,
/// I).
PlaneLaw PlaneComputation::start_law() const {
  const PlaneMixture truth = model_.marginal(model_.schedule.steps());
  PlaneLaw out{grid_of(truth, settings_), truth, {}};
  const PlaneGrid& grid = out.grid;
  std::vector<double> total(grid.size(), 1);
  std::vector<double> added(grid.size(), 0);
  if (!exact_start_) {
    std::vector<double> points(2 * grid.nx);
    std::vector<double> logarithms(grid.nx);
    for (std::size_t j = 0; j < grid.ny; ++j) {
      for (std::size_t i = 0; i < grid.nx; ++i) {
        points[i] = grid.x(i);
        points[grid.nx + i] = grid.y(j);
      }
      truth.log_density(points.data(), grid.nx, logarithms.data());
      for (std::size_t i = 0; i < grid.nx; ++i) {
        const double square = grid.x(i) * grid.x(i) + grid.y(j) * grid.y(j);
        const double log_ratio = -square / 2 - std::log(2 * pi<double>()) - logarithms[i];
        total[j * grid.nx + i] = std::exp(log_ratio);
        added[j * grid.nx + i] = -std::expm1(log_ratio);
      }
    }
  }
  out.ratios.push_back(std::move(total));
  if (both_) {
    out.ratios.push_back(std::move(added));
  }
  return out;
}

Estimate<double> PlaneComputation::tv(const PlanePair& pair, const Blocks& blocks) const {
  double shift = 0;
  double e = 0;
  long m = 0;
  for (const RelativeBlock<double>& block : blocks) {
    shift += block.shift;
    e = block.e;
    m += block.multiplicity;
  }
  Estimate<double> out = plane_total_variation(pair, e, m, settings_);
  out.error += std::sqrt(shift / (2 * pi<double>()));
  return out;
}

/// p is the reference of the pair.
LawDistances<double> PlaneComputation::distances(const PlanePair& pair,
                                                 const Blocks& blocks) const {
  const std::vector<double> density = density_on(pair.grid, pair.reference);
  double sums[3] = {};
  const double highest = *std::max_element(density.begin(), density.end());
  for (std::size_t i = 0; i < density.size(); ++i) {
    const double p = density[i];
    if (p > settings_.negligible * highest) {
      const double q = p * std::max(1 + pair.change[i], 1e-3 * settings_.negligible);
      const auto at = divergence_integrands(p, q, [&] { return std::log(p); });
      for (std::size_t kind = 0; kind < 3; ++kind) {
        sums[kind] += pair.grid.h * pair.grid.h * at[kind];
      }
    }
  }
  const RelativeBlocks<double> rest(blocks);
  const Estimate<double> total = tv(pair, blocks);
  const double log_overlap = std::log1p(-sums[2]) + log_affinity(rest);
  return {.tv = total.value,
          .kl_pq = sums[0] + kl_pq(rest),
          .kl_qp = sums[1] + kl_qp(rest),
          .hellinger = std::sqrt(-std::expm1(log_overlap)),
          .tv_unknown = total.error};
}

void PlaneComputation::add_parts(const PlaneLaw& start, const PlaneLaw& end) {
  if (!both_) {
    add("initialisation", 0);
    add("discretisation", out_.distances.tv, out_.distances.tv_unknown);
    return;
  }
  std::vector<double> exact = end.ratios[0];
  std::vector<double> back = end.ratios[1];
  // What the start adds has no mass; that of rounding and of the grid's border never decays.
  const double drift = mass(end, back);
  for (double& x : back) {
    x -= drift;
  }
  std::vector<double> off = exact;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    exact[i] += back[i];
    off[i] = exact[i] - 1;
    back[i] = -back[i];
  }
  const Estimate<double> initialisation =
      tv({end.grid, end.reference, std::move(exact), std::move(back)}, gaussian_.initialisation);
  const Estimate<double> discretisation =
      tv({end.grid, end.reference, {}, std::move(off)}, gaussian_.discretisation);
  std::vector<double> change = start.ratios[1];
  for (double& x : change) {
    x = -x;
  }
  const LawDistances<double> initial =
      distances({start.grid, start.reference, {}, std::move(change)}, gaussian_.start);
  add("initialisation", initialisation.value, initialisation.error + std::abs(drift));
  add("discretisation", discretisation.value, discretisation.error);
  add("initial_tv", initial.tv, initial.tv_unknown);
  add("initial_kl", initial.kl_pq);
}

LawNumbers<double> PlaneComputation::run(double early_stopping_bound) {
  const PlaneLaw start = start_law();
  PlaneWalk walk(model_, start, settings_);
  for (int t = model_.schedule.steps(); t >= 2; --t) {
    walk.step(t);
  }
  const PlaneLaw& end = walk.law();
  PlanePair pair{end.grid, end.reference, {}, end.ratios[0]};
  for (double& x : pair.change) {
    x -= 1;
  }
  const double defect = std::abs(mass(end, pair.change));
  // log p and the Jacobian are rounded once a step, in the same way at any resolution: 1e-15 where
  // the mass is (observed 6e-15 a step in TV).
  constexpr double kRounding = 2e-14;
  out_.mass_defect = defect + kRounding * static_cast<double>(model_.schedule.steps() - 1);
  out_.distances = distances(pair, gaussian_.total);
  out_.score_calls = walk.score_calls();
  if (decomposition_) {
    add_parts(start, end);
    add("score", 0);
    add("eps_score", 0);
    add("early_stopping_w2_bound", early_stopping_bound);
  }
  add("mass_defect", defect);
  return std::move(out_);
}

}  // namespace

LawNumbers<double> compute_plane_numbers(const PlaneModel& model, const GaussianEnd& gaussian,
                                         const LawRequest& request, const LawOptions& options,
                                         double early_stopping_bound,
                                         const PlaneSettings& settings) {
  return PlaneComputation(model, gaussian, request, options, settings).run(early_stopping_bound);
}

}  // namespace lemmabench
