#include "harness/engines/plane/plane_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "harness/engines/common/decompose.hpp"
#include "harness/engines/plane/plane_total_variation.hpp"
#include "numerics/divergence_integrands.hpp"

namespace lemmabench {
namespace {

using Blocks = std::vector<RelativeBlock<double>>;

/// Of p_{X_T}/N(0, I) - 1, in the mean: two log densities of size 3 where the mass is, each rounded
/// to a unit of the last place or two. Both runs have such noise, and absolute values add it up.
constexpr double kStartNoise = 2e-15;

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

  // The parts of the error (decompose.hpp), after run() has propagated the law itself.
  Estimate<double> initialisation();
  Estimate<double> discretisation() const;
  void add_initial(ErrorParts<Estimate<double>>& parts) const;
  void add_early_stopping(ErrorParts<Estimate<double>>& parts) const {
    parts.early_stopping_w2_bound =
        Estimate<double>{early_stopping_bound_, early_stopping_bound_ * slack_};
  }
  // The plane law takes exact scores only.
  Estimate<double> score() const { return {}; }
  Estimate<double> score_error() const { return {}; }

 private:
  PlaneLaw start_law() const;
  LawDistances<double> distances(const PlanePair& pair, const Blocks& blocks) const;
  Estimate<double> tv(const PlanePair& pair, const Blocks& blocks) const;
  Estimate<double> widened(Estimate<double> number, double error) const {
    number.error += error;
    return number;
  }
  double largest_log_ratio(const PlanePair& pair) const;
  void split_end(const PlaneLaw& end);

  const PlaneModel& model_;
  const GaussianEnd& gaussian_;
  bool exact_start_;
  bool both_;
  bool decomposition_;
  PlaneSettings settings_;
  double early_stopping_bound_ = 0;
  double slack_ = 0;  ///< what a law of mass 1 may be off absolutely
  std::optional<PlaneLaw> start_;
  // q = the law of Y_1, p = the law of X_1, by what they differ.
  std::optional<PlanePair> from_truth_;  ///< from p to the output law of the exact start
  std::optional<PlanePair> from_exact_;  ///< from that to the output law of N(0, I)
  double drift_ = 0;                     ///< mass that the exact start added and must not have
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
  return {.tv = total,
          .kl_pq = {sums[0] + kl_pq(rest), 0},
          .kl_qp = {sums[1] + kl_qp(rest), 0},
          .hellinger = {std::sqrt(-std::expm1(log_overlap)), 0}};
}

/// The largest |log q/p| where the law q has mass that counts.
double PlaneComputation::largest_log_ratio(const PlanePair& pair) const {
  const std::vector<double> density = density_on(pair.grid, pair.reference);
  const double highest = *std::max_element(density.begin(), density.end());
  double largest = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    const double ratio = 1 + pair.change[i];
    if (ratio > 0 && density[i] * ratio > settings_.negligible * highest) {
      largest = std::max(largest, std::abs(std::log(ratio)));
    }
  }
  return largest;
}

/// The output law taken apart into what the exact start gives and what N(0, I) changes of it.
void PlaneComputation::split_end(const PlaneLaw& end) {
  std::vector<double> off = end.ratios[0];
  for (double& x : off) {
    x -= 1;
  }
  if (!both_) {
    from_truth_ = PlanePair{end.grid, end.reference, {}, std::move(off)};
    return;
  }
  std::vector<double> exact = end.ratios[0];
  std::vector<double> back = end.ratios[1];
  // What the start adds has no mass; that of rounding and of the grid's border never decays.
  drift_ = mass(end, back);
  for (double& x : back) {
    x -= drift_;
  }
  for (std::size_t i = 0; i < exact.size(); ++i) {
    exact[i] += back[i];
    off[i] = exact[i] - 1;
    back[i] = -back[i];
  }
  from_truth_ = PlanePair{end.grid, end.reference, {}, std::move(off)};
  from_exact_ = PlanePair{end.grid, end.reference, std::move(exact), std::move(back)};
}

Estimate<double> PlaneComputation::initialisation() {
  const Estimate<double> value = tv(*from_exact_, gaussian_.initialisation);
  return widened(value, std::abs(drift_) + value.value * slack_ + kStartNoise);
}

Estimate<double> PlaneComputation::discretisation() const {
  return widened(tv(*from_truth_, exact_start_ ? gaussian_.total : gaussian_.discretisation),
                 slack_);
}

void PlaneComputation::add_initial(ErrorParts<Estimate<double>>& parts) const {
  std::vector<double> change = start_->ratios[1];
  for (double& x : change) {
    x = -x;
  }
  const LawDistances<double> initial =
      distances({start_->grid, start_->reference, {}, std::move(change)}, gaussian_.start);
  parts.initial_tv = widened(initial.tv, initial.tv.value * slack_ + kStartNoise);
  // As the noise of initial_distances() on the line.
  parts.initial_kl =
      widened(initial.kl_pq, initial.kl_pq.value * slack_ +
                                 2 * kStartNoise * std::sqrt(2 * std::abs(initial.kl_pq.value)) +
                                 2 * kStartNoise * kStartNoise);
}

LawNumbers<double> PlaneComputation::run(double early_stopping_bound) {
  early_stopping_bound_ = early_stopping_bound;
  start_ = start_law();
  PlaneWalk walk(model_, *start_, settings_);
  int t = model_.schedule.steps();
  if (model_.schedule.from_noise()) {
    walk.step_from_noise();
    --t;
  }
  for (; t >= 2; --t) {
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
  const double rounding = kRounding * static_cast<double>(model_.schedule.steps() - 1);
  slack_ = defect + rounding;
  out_.distances = distances(pair, gaussian_.total);
  out_.distances.widen(slack_);
  // Mass that the grid has lost counts in int q log(q/p) with what log q/p was where it lay.
  out_.distances.kl_qp.error += defect * largest_log_ratio(pair);
  out_.score_calls = walk.score_calls();
  if (decomposition_) {
    split_end(end);
    out_.parts = decompose<Estimate<double>>(*this, both_ ? Start::gaussian : Start::exact, true);
  }
  out_.parts.mass_defect = Estimate<double>{defect, rounding};
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
