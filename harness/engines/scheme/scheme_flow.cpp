#include "harness/engines/scheme/scheme_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/engines/scheme/scheme_folds.hpp"
#include "numerics/divergence_integrands.hpp"
#include "numerics/error.hpp"
#include "numerics/total_variation.hpp"

namespace lemmabench {
namespace {

constexpr double kReach = 8.8;         // P(|Z| > 8.8) = 1.4e-18
constexpr double kFarthest = 36;       // beyond it a density is below 1e-280
constexpr double kBeyond = 1e-18;      // mass of the truth that may lie beyond the domain
constexpr double kBeyondSeen = 1e-15;  // more than that is a part of KL(p||q) that is not known
constexpr std::size_t kSurvey = 2000;  // points at which the map is looked at first

struct Range {
  double low;
  double high;
};

/// From the lowest mean less `reach` deviations to the highest and as many more.
Range range_of(const LineMixture<double>& law, double reach) {
  Range out{HUGE_VAL, -HUGE_VAL};
  for (const auto& [weight, mean, variance] : law.components()) {
    out.low = std::min(out.low, mean - reach * std::sqrt(variance));
    out.high = std::max(out.high, mean + reach * std::sqrt(variance));
  }
  return out;
}

struct MapEnd {
  double value;
  double slope;
};

MapEnd map_at(const SchemeMap& map, double x) {
  MapEnd out{};
  map.evaluate(&x, 1, &out.value, &out.slope);
  if (!std::isfinite(out.value) || !std::isfinite(out.slope)) {
    throw EngineRefusal(fmt::format(
        "the scheme sends x_T = {:.4g} to no finite number; its coefficients overflow", x));
  }
  return out;
}

/// Goes outwards from the reach of the start until the truth has no mass beyond m, or m turns.
double domain_end(const SchemeMap& map, const LineMixture<double>& start,
                  const LineMixture<double>& truth, bool upper) {
  const auto end = [&](double reach) {
    const Range range = range_of(start, reach);
    return upper ? range.high : range.low;
  };
  double out = end(kReach);
  MapEnd last = map_at(map, out);
  const bool rises = last.slope > 0;
  for (int beyond_start = 1; kReach + beyond_start <= kFarthest; ++beyond_start) {
    const double reach = kReach + beyond_start;
    const double beyond = upper == rises ? truth.upper_tail(last.value) : truth.cdf(last.value);
    const MapEnd next = map_at(map, end(reach));
    if (beyond <= kBeyond || (next.slope > 0) != rises || next.slope == 0) {
      break;
    }
    out = end(reach);
    last = next;
  }
  return out;
}

/// The width at which everything between m = low and m = high is seen, in units of m.
double finest(const LineMixture<double>& truth, double low, double high) {
  double out = HUGE_VAL;
  for (const auto& [weight, mean, variance] : truth.components()) {
    const double sd = std::sqrt(variance);
    if (mean - kReach * sd < high && mean + kReach * sd > low) {
      out = std::min(out, 1.5 * sd);
    }
  }
  return out;
}

/// Makes the integrands at the nodes of a cell and watches for folds.
class FlowIntegrands {
 public:
  FlowIntegrands(const SchemeMap& map, const LineMixture<double>& start,
                 const LineMixture<double>& truth, const LineSettings& settings)
      : map_(map),
        start_(start),
        truth_(truth),
        unknown_(settings.negligible),
        order_(static_cast<std::size_t>(settings.order)),
        values_(order_),
        slopes_(order_),
        q_(order_),
        p_(order_) {}

  /// out: q - r, and the integrands of KL(p||q), KL(q||p) and H^2.
  void operator()(const double* nodes, double* out);

  /// Whether the map was seen to rise in one place and to fall in another, both with mass.
  bool turns() const { return rises_ && falls_; }
  /// Whether it was seen to stand still with mass, which is then an atom of the output.
  bool stands() const { return stands_; }
  bool moves() const { return rises_ || falls_; }

 private:
  const SchemeMap& map_;
  const LineMixture<double>& start_;
  const LineMixture<double>& truth_;
  double unknown_;
  std::size_t order_;
  std::vector<double> values_;
  std::vector<double> slopes_;
  std::vector<double> q_;
  std::vector<double> p_;
  bool rises_ = false;
  bool falls_ = false;
  bool stands_ = false;
};

void FlowIntegrands::operator()(const double* nodes, double* out) {
  map_.evaluate(nodes, order_, values_.data(), slopes_.data());
  start_.density(nodes, order_, q_.data());
  truth_.density(values_.data(), order_, p_.data());
  for (std::size_t k = 0; k < order_; ++k) {
    const double q = q_[k];
    const double slope = std::abs(slopes_[k]);
    const double r = p_[k] * slope;
    const bool seen = q > unknown_ || r > unknown_;
    rises_ = rises_ || (seen && slopes_[k] > 0);
    falls_ = falls_ || (seen && slopes_[k] < 0);
    stands_ = stands_ || (seen && slopes_[k] == 0);
    out[k] = q - r;
    if (seen && q > 0 && slope > 0) {
      const DivergenceIntegrands<double> at = divergence_integrands(
          r, q, [&] { return truth_.log_density(values_[k]) + std::log(slope); });
      for (std::size_t i = 0; i < 3; ++i) {
        out[(1 + i) * order_ + k] = at[i];
      }
    } else {
      for (std::size_t i = 0; i < 3; ++i) {
        out[(1 + i) * order_ + k] = 0;
      }
    }
  }
}

/// What lies beyond the domain: mass of the start and of the truth, and log q/p at the ends.
struct Beyond {
  double start;
  double truth;
  double ratio;
};

Beyond beyond(const SchemeMap& map, const LineMixture<double>& start,
              const LineMixture<double>& truth, double low, double high) {
  Beyond out{start.cdf(low) + start.upper_tail(high), 0, 0};
  std::vector<double> ends;
  for (const double x : {low, high}) {
    const MapEnd at = map_at(map, x);
    ends.push_back(at.value);
    out.ratio = std::max(out.ratio, std::abs(start.log_density(x) - truth.log_density(at.value) -
                                             std::log(std::abs(at.slope))));
  }
  out.truth = truth.cdf(std::min(ends[0], ends[1])) + truth.upper_tail(std::max(ends[0], ends[1]));
  return out;
}

/// Beyond the domain truth and start are compared by their masses alone; a logarithm of their ratio
/// is not known there.
LawDistances<double> monotone_distances(const PanelFunction<double>& integrands,
                                        const Beyond& rest) {
  const double square = std::max(0.0, integrands.integral(3) + rest.truth / 2);
  const double root = std::sqrt(square);
  // Of H^2 what is missed counts against the root of it.
  const double missed = rest.start + 1e-15;
  const double lost = rest.truth > kBeyondSeen ? HUGE_VAL : rest.truth * (1 + rest.ratio);
  LawDistances<double> out{
      .tv = {half_absolute_integral(integrands, 0) + rest.truth / 2, rest.start},
      .kl_pq = {integrands.integral(1) - rest.truth + rest.start, lost},
      .kl_qp = {integrands.integral(2) + rest.truth - rest.start, rest.start * (1 + rest.ratio)},
      .hellinger = {root, missed / std::max(root, std::sqrt(missed))}};
  return out;
}

/// Looks at the map on the domain and adds where the truth, seen through it, changes how fast.
void add_features_of_truth(const SchemeMap& map, const LineMixture<double>& truth,
                           FlowDomain& domain) {
  std::vector<double> points(kSurvey + 1);
  std::vector<double> values(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(kSurvey);
    points[i] = domain.low + (domain.high - domain.low) * share;
  }
  map.evaluate(points.data(), points.size(), values.data(), nullptr);
  for (std::size_t i = 0; i < kSurvey; ++i) {
    const double low = std::min(values[i], values[i + 1]);
    const double high = std::max(values[i], values[i + 1]);
    if (!std::isfinite(high - low)) {
      map_at(map, points[i]);
    }
    const double width = (points[i + 1] - points[i]) * finest(truth, low, high) / (high - low);
    if (width < domain.high - domain.low) {
      domain.features.push_back({points[i], points[i + 1], width});
    }
  }
}

}  // namespace

FlowDomain flow_domain(const SchemeMap& map, const LineMixture<double>& start,
                       const LineMixture<double>& truth) {
  FlowDomain out{domain_end(map, start, truth, false), domain_end(map, start, truth, true), {}};
  for (const auto& [weight, mean, variance] : start.components()) {
    const double sd = std::sqrt(variance);
    out.features.push_back(
        {std::max(out.low, mean - kReach * sd), std::min(out.high, mean + kReach * sd), 1.5 * sd});
  }
  add_features_of_truth(map, truth, out);
  return out;
}

FlowDomain panel_domain(const SchemeMap& map, const PanelFunction<double>& law,
                        const LineMixture<double>& truth) {
  FlowDomain out{law.low(0), law.high(law.panels() - 1), {}};
  for (std::size_t i = 0; i < law.panels(); ++i) {
    out.features.push_back({law.low(i), law.high(i), law.width(i)});
  }
  // What lies between the panels belongs to the line as well.
  out.features.push_back({out.low, out.high, out.high - out.low});
  add_features_of_truth(map, truth, out);
  return out;
}

FlowLaw flow_law(const SchemeMap& map, const LineMixture<double>& start,
                 const LineMixture<double>& truth, const LineSettings& settings) {
  const FlowDomain domain = flow_domain(map, start, truth);
  const DyadicLine line =
      DyadicLine::covering(std::max(std::abs(domain.low), std::abs(domain.high)));
  const std::vector<Cell> cells = cover(line, domain.features, 0);
  FlowIntegrands integrands(map, start, truth, settings);
  FlowLaw out;
  try {
    const PanelFunction<double> panels = build_panels<double>(
        std::make_shared<LegendreBasis<double>>(settings.order), line, 4, cells,
        [&](const Cell&, const double* nodes, double* values) { integrands(nodes, values); },
        settings.panel_rule());
    if (!integrands.turns() && !integrands.stands()) {
      const Beyond rest =
          beyond(map, start, truth, line.low(cells.front()), line.high(cells.back()));
      out.distances = monotone_distances(panels, rest);
      out.mass_defect = std::abs(panels.integral(0) - (rest.truth - rest.start));
      return out;
    }
  } catch (const NumericalFailure&) {
    // Distribution functions do without panels.
  }
  if (!integrands.moves()) {
    throw EngineRefusal(
        "the scheme's output is one point, whatever it starts from: TV and Hellinger distance are "
        "1; there is nothing to compute");
  }
  out.density = integrands.turns() ? FlowDensity::folded : FlowDensity::unresolved;
  out.distances.tv = fold_total_variation(map, MixtureStart(start), truth, domain, settings);
  return out;
}

}  // namespace lemmabench
