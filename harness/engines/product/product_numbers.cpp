#include "harness/engines/product/product_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "harness/engines/common/decompose.hpp"
#include "harness/engines/common/informative.hpp"
#include "harness/engines/gaussian/gaussian_blocks.hpp"
#include "harness/engines/line/line_law.hpp"
#include "numerics/mp.hpp"
#include "numerics/total_variation.hpp"
#include "theory/initialisation/start_difference.hpp"
#include "theory/product/product_isotropic.hpp"
#include "theory/product/product_total_variation.hpp"

namespace lemmabench {
namespace {

/// p and q - p at points of the line.
using PairSampler = std::function<void(const double* points, std::size_t count, double* out)>;

/// A pair on panels, q - p freed of its mass: p and q are densities, but for rounding.
PanelFunction<double> pair_panels(const PanelFunction<double>& where, const LineSettings& settings,
                                  const PairSampler& sample) {
  const std::size_t order = where.order();
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < where.panels(); ++i) {
    cells.push_back(where.cell(i));
  }
  const PanelFunction<double> raw = build_panels<double>(
      where.shared_basis(), where.line(), 2, cells,
      [&](const Cell&, const double* nodes, double* out) { sample(nodes, order, out); },
      settings.panel_rule());
  const double mass = raw.integral(0);
  const double extra = raw.integral(1) / mass;
  PanelFunction<double> out(where.shared_basis(), where.line(), 2);
  std::vector<double> values(2 * order);
  for (std::size_t i = 0; i < raw.panels(); ++i) {
    for (std::size_t k = 0; k < order; ++k) {
      const double p = raw.values(i, 0)[k] / mass;
      values[k] = p;
      values[order + k] = (raw.values(i, 1)[k] / mass - extra * p) / (1 + extra);
    }
    out.append(raw.cell(i), values.data());
  }
  return out;
}

/// The panels of f, cut where those of g are finer, and those of g where f has none.
PanelFunction<double> common_panels(const PanelFunction<double>& f,
                                    const PanelFunction<double>& g) {
  std::vector<Feature> features;
  for (const PanelFunction<double>* each : {&f, &g}) {
    for (std::size_t i = 0; i < each->panels(); ++i) {
      features.push_back({each->low(i), each->high(i), each->width(i)});
    }
  }
  PanelFunction<double> out(f.shared_basis(), f.line(), 1);
  const std::vector<double> zero(f.order());
  for (const Cell& cell : cover(f.line(), features, 0)) {
    out.append(cell, zero.data());
  }
  return out;
}

/// Below this mass a panel's phases need not be resolved: B is wrong by no more.
constexpr double kSeen = 1e-12;

/// log q/p on panels at nodes that resolve its oscillations.
class PairNodes {
 public:
  PairNodes(const PanelFunction<double>& pair, double tolerance)
      : pair_(pair), tolerance_(tolerance) {}

  RatioNodes operator()(double frequency) const;

 private:
  /// Below this a density on panel i is unknown, and nobody sees it: a mass, so that laws of any
  /// width are the same to it.
  double least(std::size_t i) const { return 1e-4 * tolerance_ / pair_.width(i); }
  double half_log_ratio(double p, double difference, double least) const {
    const double ratio = difference / p;
    // Where a density is unknown it is taken at the size below which it is.
    return ratio > -0.9 && ratio < 9 ? 0.5 * std::log1p(ratio)
                                     : 0.5 * std::log(std::max(p + difference, 1e-3 * least) / p);
  }
  std::size_t parts(std::size_t panel, double frequency) const;

  const PanelFunction<double>& pair_;
  double tolerance_;
};

/// More are asked for only where log q/p is rounding, and TV is bracketed by H for it.
constexpr double kMostParts = 1e4;

/// Into how many parts a panel is cut: the Gauss-Legendre rule of n nodes takes a phase that
/// changes by n over the interval.
std::size_t PairNodes::parts(std::size_t panel, double frequency) const {
  const std::size_t order = pair_.order();
  double low = 0;
  double high = 0;
  bool any = false;
  for (std::size_t k = 0; k < order; ++k) {
    const double p = pair_.values(panel, 0)[k];
    if (p * pair_.width(panel) > kSeen) {
      const double u = half_log_ratio(p, pair_.values(panel, 1)[k], least(panel));
      low = any ? std::min(low, u) : u;
      high = any ? std::max(high, u) : u;
      any = true;
    }
  }
  const double phase = 2 * frequency * (high - low);
  return 1 + static_cast<std::size_t>(std::min(kMostParts, phase / static_cast<double>(order)));
}

RatioNodes PairNodes::operator()(double frequency) const {
  const LegendreBasis<double>& basis = pair_.basis();
  const std::size_t order = pair_.order();
  std::vector<double> local(order);
  std::vector<double> p(order);
  std::vector<double> difference(order);
  RatioNodes out;
  for (std::size_t i = 0; i < pair_.panels(); ++i) {
    const std::size_t count = parts(i, frequency);
    const double step = 2.0 / static_cast<double>(count);
    const double least = this->least(i);
    for (std::size_t part = 0; part < count; ++part) {
      for (std::size_t k = 0; k < order; ++k) {
        local[k] = -1 + step * (static_cast<double>(part) + 0.5 * (1 + basis.nodes()[k]));
      }
      basis.evaluate(pair_.coefficients(i, 0), local.data(), order, p.data());
      basis.evaluate(pair_.coefficients(i, 1), local.data(), order, difference.data());
      for (std::size_t k = 0; k < order; ++k) {
        const double q = p[k] + difference[k];
        if (p[k] > least || q > least) {
          const double known = std::max(p[k], 1e-3 * least);
          out.mass.push_back(0.25 * step * pair_.width(i) * basis.weights()[k] * known);
          out.half_log_ratio.push_back(half_log_ratio(known, difference[k], least));
        }
      }
    }
  }
  return out;
}

/// The blocks as one variance, if they are one and without a shift.
bool isotropic(const std::vector<RelativeBlock<double>>& blocks) {
  return std::all_of(blocks.begin(), blocks.end(), [&](const RelativeBlock<double>& block) {
    return block.e == blocks.front().e && block.shift == 0;
  });
}

using PairOf = PanelFunction<double> FactorEnd::*;

/// TV of a product is at least that of each factor, and 1 - TV at most the Gaussian part's int
/// sqrt(pq). A sum over panels that finds less has not seen the laws, which have spread beyond what
/// panels of both resolve: then TV lies between that and 1.
Estimate<double> at_least_of_parts(const Estimate<double>& found,
                                   const std::vector<FactorEnd>& factors, PairOf pair,
                                   const std::vector<RelativeBlock<double>>& blocks) {
  double least = blocks.empty() ? 0 : -std::expm1(log_affinity(RelativeBlocks<double>(blocks)));
  for (const FactorEnd& factor : factors) {
    least = std::max(least, half_absolute_integral(factor.*pair, 1));
  }
  least = std::min(least, 1.0);
  constexpr double kRounding = 1e-12;
  return found.value + found.error + kRounding >= least
             ? found
             : Estimate<double>{(1 + least) / 2, (1 - least) / 2 + kRounding};
}

Estimate<double> tv_by_sums(const ProductModel& model, const std::vector<FactorEnd>& factors,
                            PairOf pair, const std::vector<RelativeBlock<double>>& blocks,
                            double tolerance) {
  const std::vector<CoordinateLaw>& all = model.target.factors;
  if (all.size() == 1 && all[0].multiplicity == 1 && isotropic(blocks)) {
    long m = 0;
    for (const RelativeBlock<double>& block : blocks) {
      m += block.multiplicity;
    }
    return isotropic_product_total_variation(factors[0].*pair, m == 0 ? 0 : blocks[0].e, m);
  }
  std::vector<ProductFactor> ratios;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ratios.push_back({all[i].multiplicity, PairNodes(factors[i].*pair, tolerance)});
  }
  return product_total_variation(ratios, blocks);
}

Estimate<double> tv_of(const ProductModel& model, const std::vector<FactorEnd>& factors,
                       PairOf pair, const std::vector<RelativeBlock<double>>& blocks,
                       double tolerance) {
  return at_least_of_parts(tv_by_sums(model, factors, pair, blocks, tolerance), factors, pair,
                           blocks);
}

double sum_of(const ProductModel& model, const std::vector<FactorEnd>& factors,
              const std::function<double(const FactorEnd&)>& value) {
  double sum = 0;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    sum += static_cast<double>(model.target.factors[i].multiplicity) * value(factors[i]);
  }
  return sum;
}

/// W2^2 <= (1 - sqrt(abar_1))^2 E|X_0|^2 + (1 - abar_1) d: the coupling through X_0 itself.
double early_stopping_bound(const ProductModel& model, const std::vector<FactorEnd>& factors) {
  const auto schedule = product_levels<double>(model);
  const Level<double>& last = schedule.level(1);
  double second = sum_of(model, factors, [](const FactorEnd& f) { return f.second_moment; });
  for (const CoordinateLaw& block : model.target.gaussian.coordinates) {
    const double mean = block.mean().to_double();
    second +=
        static_cast<double>(block.multiplicity) * (block.variance().to_double() + mean * mean);
  }
  const double lost = last.noise / (1 + std::sqrt(last.abar));
  return std::sqrt(lost * lost * second + last.noise * static_cast<double>(model.target.dim()));
}

template <class Real>
std::vector<RelativeBlock<double>> in_double(const std::vector<RelativeBlock<Real>>& blocks) {
  std::vector<RelativeBlock<double>> out;
  out.reserve(blocks.size());
  for (const RelativeBlock<Real>& block : blocks) {
    out.push_back({to_double(block.e), to_double(block.shift), block.multiplicity});
  }
  return out;
}

/// The numbers of one resolution.
class ProductCombination {
 public:
  ProductCombination(const ProductModel& model, const std::vector<FactorEnd>& factors,
                     const GaussianEnd& gaussian)
      : model_(model), factors_(factors), gaussian_(gaussian) {
    mass_defect_ = sum([](const FactorEnd& f) { return f.mass_defect; });
    rounding_ =
        run_rounding<double>(model.request.steps) * sum([](const FactorEnd&) { return 1.0; });
  }

  LawNumbers<double> run();

  // The parts of the error (decompose.hpp).
  Estimate<double> initialisation() const {
    Estimate<double> out = tv(&FactorEnd::initialisation, gaussian_.initialisation);
    // Coordinate by coordinate, TV of products is at most the sum of the factors'.
    out.error +=
        out.value * slack() + sum([](const FactorEnd& f) { return f.initialisation_noise; });
    return out;
  }
  Estimate<double> discretisation() const {
    return model_.request.start == Start::exact
               ? widened(tv(&FactorEnd::total, gaussian_.total))
               : widened(tv(&FactorEnd::discretisation, gaussian_.discretisation));
  }
  void add_initial(ErrorParts<Estimate<double>>& parts) const;
  void add_early_stopping(ErrorParts<Estimate<double>>& parts) const {
    const double bound = early_stopping_bound(model_, factors_);
    parts.early_stopping_w2_bound = Estimate<double>{bound, bound * slack()};
  }
  // The product law takes exact scores only.
  Estimate<double> score() const { return {}; }
  Estimate<double> score_error() const { return {}; }

 private:
  template <class Value>
  double sum(const Value& value) const {
    return sum_of(model_, factors_, value);
  }
  Estimate<double> tv(PairOf pair, const std::vector<RelativeBlock<double>>& part) const {
    return tv_of(model_, factors_, pair, part, fine_line_settings(0).tolerance);
  }
  /// What a law of mass 1 may be off absolutely.
  double slack() const { return mass_defect_ + rounding_; }
  Estimate<double> widened(Estimate<double> number) const {
    number.error += slack();
    return number;
  }

  const ProductModel& model_;
  const std::vector<FactorEnd>& factors_;
  const GaussianEnd& gaussian_;
  double mass_defect_ = 0;
  double rounding_ = 0;
};

void ProductCombination::add_initial(ErrorParts<Estimate<double>>& parts) const {
  Estimate<double> total = tv(&FactorEnd::start, gaussian_.start);
  total.error +=
      total.value * rounding_ + sum([](const FactorEnd& f) { return f.initial.tv.error; });
  parts.initial_tv = total;
  const double kl = sum([](const FactorEnd& f) { return f.initial.kl.value; }) +
                    kl_pq(RelativeBlocks<double>(gaussian_.start));
  parts.initial_kl = Estimate<double>{
      kl, kl * rounding_ + sum([](const FactorEnd& f) { return f.initial.kl.error; })};
}

LawNumbers<double> ProductCombination::run() {
  LawNumbers<double> out;
  const RelativeBlocks<double> blocks(gaussian_.total);
  const double log_overlap = sum([](const FactorEnd& f) {
                               const double h = f.end.hellinger.value;
                               return std::log1p(-h * h);
                             }) +
                             log_affinity(blocks);
  const double hellinger = std::sqrt(-std::expm1(log_overlap));
  // 1 - H^2 is the product of the factors', so d log(1-H^2) = -sum 2 h dh/(1-h^2).
  const double off = std::exp(log_overlap) * sum([](const FactorEnd& f) {
                       const Estimate<double>& h = f.end.hellinger;
                       return 2 * h.value * h.error /
                              std::max(1 - h.value * h.value, std::numeric_limits<double>::min());
                     });
  out.distances = {
      .tv = tv(&FactorEnd::total, gaussian_.total),
      .kl_pq = {sum([](const FactorEnd& f) { return f.end.kl_pq.value; }) + kl_pq(blocks),
                sum([](const FactorEnd& f) { return f.end.kl_pq.error; })},
      .kl_qp = {sum([](const FactorEnd& f) { return f.end.kl_qp.value; }) + kl_qp(blocks),
                sum([](const FactorEnd& f) { return f.end.kl_qp.error; })},
      .hellinger = {hellinger, off > 0 ? off / (2 * hellinger) : 0}};
  out.distances.widen(slack());
  if (model_.decomposition) {
    out.parts = decompose<Estimate<double>>(*this, model_.request.start, true);
  }
  out.parts.mass_defect = Estimate<double>{mass_defect_, rounding_};
  out.score_calls = factors_.front().score_calls;
  return out;
}

}  // namespace

FactorEnd carry_factor(const ProductModel& model, const CoordinateLaw& factor,
                       const LineSettings& settings, Run run) {
  LineModel<double> line = line_model<double>(factor, model.sampler, model.score, model.request);
  if (run == Run::second) {
    line.schedule = rounded_anew(line.schedule);
  }
  line.dim = model.dim();
  line.turned = model.target.turned;
  const bool from_gaussian = model.request.start == Start::gaussian;
  const LineEnd<double> end = propagate_line(line, model.request.start, settings);
  const LineMixture<double> truth = line.marginal(1);
  const PanelFunction<double>& law = end.law;
  const double first[] = {1, 0};
  const PanelFunction<double> output = law.combined(std::span(first, law.channels()));
  // The logarithm of a ratio of such densities may spread over all doubles, which no sum resolves.
  require_resolved(std::abs(output.integral(0) - 1));
  LinePropagator<double> propagator(settings);
  const DyadicLine axis = line_of(line);
  const auto against_truth = [&](bool exact_start) {
    return [&, exact_start](const double* points, std::size_t count, double* out) {
      std::vector<double> values(count * law.channels());
      truth.density(points, count, out);
      law.evaluate(points, count, values.data());
      for (std::size_t k = 0; k < count; ++k) {
        const double added = exact_start && law.channels() > 1 ? values[count + k] : 0;
        out[count + k] = values[k] + added - out[k];
      }
    };
  };
  const PanelFunction<double> where = common_panels(law, mixture_panels(truth, axis, propagator));
  FactorEnd out{.end = line_distances(truth, output, settings),
                .initial = {},
                .total = pair_panels(where, settings, against_truth(false)),
                .discretisation = law,
                .initialisation = law,
                .start = law,
                .mass_defect = std::abs(output.integral(0) - 1),
                .second_moment = line.clean.variance() + line.clean.mean() * line.clean.mean(),
                .score_calls = end.score_calls};
  if (!model.decomposition || !from_gaussian) {
    return out;
  }
  out.discretisation = pair_panels(where, settings, against_truth(true));
  out.initialisation =
      pair_panels(law, settings, [&](const double* points, std::size_t count, double* values) {
        law.evaluate(points, count, values);
        for (std::size_t k = 0; k < count; ++k) {
          values[k] += values[count + k];
          values[count + k] = -values[count + k];
        }
      });
  const LineMixture<double> noisy = line.marginal(line.schedule.steps());
  const LineMixture<double> normal({{1.0, 0.0, 1.0}});
  const PanelFunction<double> gaussian = mixture_panels(normal, axis, propagator);
  out.initial = initial_distances(line, axis, propagator);
  out.initialisation_noise = initialisation_noise(line, out.initial);
  const StartDifference<double> difference(line.clean, line.schedule.level(line.schedule.steps()));
  out.start = pair_panels(common_panels(mixture_panels(noisy, axis, propagator), gaussian),
                          settings, [&](const double* points, std::size_t count, double* values) {
                            noisy.density(points, count, values);
                            difference(points, count, values + count);
                            for (std::size_t k = 0; k < count; ++k) {
                              values[count + k] = -values[count + k];
                            }
                          });
  return out;
}

template <class Real>
GaussianEnd carry_gaussian(const ProductModel& model) {
  const GaussianLaw& target = model.target.gaussian;
  if (target.coordinates.empty()) {
    return {};
  }
  const auto schedule = product_levels<Real>(model);
  const bool exact_start = model.request.start == Start::exact;
  const GaussianPropagation<Real> end =
      propagate_gaussian<Real>(target, model.sampler, model.score, schedule,
                               {.exact_start = model.decomposition || exact_start,
                                .path = false,
                                .local = false,
                                .threads = 1,
                                .dim = model.dim()});
  GaussianEnd out;
  out.total = in_double(
      against_truth(target, exact_start ? end.from_exact : end.from_gaussian, end.variance));
  if (model.decomposition && !exact_start) {
    out.discretisation = in_double(against_truth(target, end.from_exact, end.variance));
    out.initialisation =
        in_double(between(target, end.from_exact, end.from_gaussian, end.variance));
    out.start = in_double(start_against_truth(target, schedule.level(schedule.steps())));
  }
  return out;
}

LawNumbers<double> combine_product(const ProductModel& model, const std::vector<FactorEnd>& factors,
                                   const GaussianEnd& gaussian) {
  return ProductCombination(model, factors, gaussian).run();
}

template GaussianEnd carry_gaussian<double>(const ProductModel&);
template GaussianEnd carry_gaussian<Mp40>(const ProductModel&);

}  // namespace lemmabench
