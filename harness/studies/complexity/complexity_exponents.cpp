#include "harness/studies/complexity/complexity_exponents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "theory/bounds/bounds.hpp"
#include "theory/process/natural_scale.hpp"

namespace lemmabench {
namespace {

/// An interval wider than this on either side does not tell 1/2 from 1.
constexpr double kResolution = 0.25;

/// The theorem that speaks of a sampler; null if none does.
const Theorem* theorem_of(const std::string& sampler) {
  if (sampler == "li-cai" || sampler == "li-cai-momentum") return &theorem("lc-sde");
  if (sampler == "ddpm") return &theorem("ly-ddpm");
  return nullptr;
}

const MainTheorem* main_theorem_of(const std::string& sampler) {
  if (sampler == "li-cai" || sampler == "li-cai-momentum") return &main_theorem_li_cai();
  if (sampler == "ddpm") return &main_theorem_ddpm();
  return nullptr;
}

bool is_rung(long steps) { return (steps & (steps - 1)) == 0; }

void judge(AtlasExponent& out) {
  const double bound = out.bound.to_double();
  if (out.fit.refused()) {
    out.reason = out.fit.refusal;
  } else if (!out.known()) {
    out.reason = "the error does not certainly fall with T";
  } else if (!out.fit.asymptotic) {
    out.reason = out.fit.range_reason;
  } else if (out.high - out.low > 2 * kResolution) {
    out.reason = fmt::format("the interval [{:.3f}, {:.3f}] is too wide", out.low, out.high);
  } else if (out.low > bound) {
    out.verdict = BoundVerdict::violates;
    out.reason = fmt::format("the interval [{:.3f}, {:.3f}] lies above {}", out.low, out.high,
                             out.bound.text());
  } else {
    out.verdict = BoundVerdict::consistent;
    out.reason = fmt::format("the interval [{:.3f}, {:.3f}] {} {}", out.low, out.high,
                             out.high <= bound ? "lies below" : "contains", out.bound.text());
  }
}

AtlasExponent labelled(const Atlas& atlas, std::size_t family, const std::string& sampler) {
  AtlasExponent out;
  out.family = family;
  out.sampler = sampler;
  out.bounded = atlas.plan.families[family].bounded();
  out.theorem = theorem_of(sampler)->id;
  return out;
}

/// 1/k from TV ~ C h^k on the rungs of the ladder (the T near each T* crowd together, which is no
/// use for local orders).
AtlasExponent in_accuracy(const Atlas& atlas, const AtlasCurve& curve) {
  AtlasExponent out = labelled(atlas, curve.family, curve.sampler);
  const AtlasFamily& family = atlas.plan.families[curve.family];
  out.variable = "1/eps";
  out.at = fmt::format("{} = {}", family.variable, family.members[curve.member].at);
  out.bound = theorem_of(curve.sampler)->accuracy;
  std::vector<ScalingPoint> points;
  for (const StepsPoint& point : curve.complexity.points) {
    if (is_rung(point.steps) && point.steps >= 3) {
      points.push_back(scaling_point(point.steps, point.tv));
    }
  }
  out.fit = fit_exponent(points, natural_model(atlas.plan.schedule));
  if (out.known()) {
    out.value = 1 / out.fit.order;
    out.low = 1 / out.fit.high;
    out.high = 1 / out.fit.low;
  }
  judge(out);
  return out;
}

/// T* in the unit of the schedule's step.
double step_units(const Atlas& atlas, double steps) {
  return 1 / scale(natural_model(atlas.plan.schedule), steps);
}

/// The curves of one family and sampler, by rising d.
std::vector<const AtlasCurve*> curves_of(const Atlas& atlas, std::size_t family,
                                         const std::string& sampler) {
  std::vector<const AtlasCurve*> out;
  for (const AtlasCurve& curve : atlas.curves) {
    if (curve.family == family && curve.sampler == sampler) out.push_back(&curve);
  }
  std::sort(out.begin(), out.end(),
            [](const AtlasCurve* a, const AtlasCurve* b) { return a->dim < b->dim; });
  return out;
}

AtlasExponent in_dimension(const Atlas& atlas, std::size_t family, const std::string& sampler,
                           std::size_t eps) {
  AtlasExponent out = labelled(atlas, family, sampler);
  out.variable = "d";
  out.at = fmt::format("eps = {:g}", atlas.plan.eps[eps].to_double());
  out.bound = theorem_of(sampler)->factors.front().dim;
  std::vector<ScalingPoint> points;
  for (const AtlasCurve* curve : curves_of(atlas, family, sampler)) {
    if (eps >= curve->complexity.least.size()) continue;
    const LeastSteps& least = curve->complexity.least[eps];
    // At the bottom of the ladder T* says what the schedule needs, not what the error does.
    if (least.capped || least.steps <= least_steps(atlas.plan.schedule)) continue;
    const auto steps = static_cast<double>(least.steps);
    // T* is the true crossing rounded up, or known to a bracket.
    const double rounding = 1 + static_cast<double>(least.steps - least.at_least);
    // fit_exponent counts in h = 1/x and needs x >= 3; a constant factor leaves the order alone.
    points.push_back({4 * static_cast<double>(curve->dim), step_units(atlas, steps),
                      step_units(atlas, steps) - step_units(atlas, steps - rounding),
                      least.evidence});
  }
  out.fit = fit_exponent(points, ScalingModel::power);
  if (out.known()) {
    out.value = -out.fit.order;
    out.low = -out.fit.high;
    out.high = -out.fit.low;
  }
  judge(out);
  return out;
}

/// log of the ratio of the accelerated sampler's error to ddpm's at the rungs both have.
struct Comparison {
  double log_ratio = 0;
  double error = 0;  ///< ddpm's
};

std::vector<Comparison> compare(const AtlasCurve& fast, const AtlasCurve& plain) {
  std::vector<Comparison> out;
  for (const StepsPoint& a : fast.complexity.points) {
    if (!is_rung(a.steps)) continue;
    for (const StepsPoint& b : plain.complexity.points) {
      if (a.steps == b.steps && a.tv.value() > 0 && b.tv.value() > 0) {
        out.push_back({std::log(a.tv.value() / b.tv.value()), b.tv.value()});
      }
    }
  }
  return out;
}

void find_crossing(const std::vector<Comparison>& points, AtlasCrossing& out) {
  out.largest = points.front().error;
  out.always_fewer = std::all_of(points.begin(), points.end(),
                                 [](const Comparison& p) { return p.log_ratio < 0; });
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Comparison& a = points[i - 1];
    const Comparison& b = points[i];
    if (a.log_ratio >= 0 && b.log_ratio < 0) {
      const double share = a.log_ratio / (a.log_ratio - b.log_ratio);
      out.eps = a.error * std::pow(b.error / a.error, share);
    }
  }
}

}  // namespace

std::string_view name(BoundVerdict verdict) {
  switch (verdict) {
    case BoundVerdict::consistent:
      return "consistent with the bound";
    case BoundVerdict::violates:
      return "violates the bound";
    case BoundVerdict::not_asymptotic:
      return "not in the asymptotic range";
  }
  return "";
}

double AtlasExponent::slack() const { return bound.to_double() - value; }

std::vector<AtlasExponent> atlas_exponents(const Atlas& atlas) {
  std::vector<AtlasExponent> out;
  for (std::size_t f = 0; f < atlas.plan.families.size(); ++f) {
    const AtlasFamily& family = atlas.plan.families[f];
    for (const std::string& sampler : family.samplers) {
      if (theorem_of(sampler) == nullptr || curves_of(atlas, f, sampler).empty()) continue;
      for (const AtlasCurve* curve : curves_of(atlas, f, sampler)) {
        out.push_back(in_accuracy(atlas, *curve));
      }
      if (family.variable != "d" || family.members.size() < 2) continue;
      for (std::size_t e = 0; e < atlas.plan.eps.size(); ++e) {
        out.push_back(in_dimension(atlas, f, sampler, e));
      }
    }
  }
  return out;
}

std::vector<AtlasCrossing> atlas_crossings(const Atlas& atlas) {
  std::vector<AtlasCrossing> out;
  for (const AtlasCurve& fast : atlas.curves) {
    if (fast.sampler != "li-cai" && fast.sampler != "li-cai-momentum") continue;
    const auto plain =
        std::find_if(atlas.curves.begin(), atlas.curves.end(), [&](const AtlasCurve& other) {
          return other.family == fast.family && other.member == fast.member &&
                 other.sampler == "ddpm";
        });
    if (plain == atlas.curves.end()) continue;
    const std::vector<Comparison> points = compare(fast, *plain);
    if (points.empty()) continue;
    AtlasCrossing crossing;
    crossing.family = fast.family;
    crossing.member = fast.member;
    crossing.sampler = fast.sampler;
    crossing.bound = 1 / std::sqrt(static_cast<double>(fast.dim));
    find_crossing(points, crossing);
    out.push_back(crossing);
  }
  return out;
}

std::vector<AtlasConstant> atlas_constants(const Atlas& atlas) {
  std::vector<AtlasConstant> out;
  for (std::size_t c = 0; c < atlas.curves.size(); ++c) {
    const AtlasCurve& curve = atlas.curves[c];
    const MainTheorem* claim = main_theorem_of(curve.sampler);
    if (claim == nullptr || curve.complexity.points.empty()) continue;
    AtlasConstant row;
    row.curve = c;
    row.claim = claim->claim;
    for (const StepsPoint& point : curve.complexity.points) {
      const Quantity constant = implied_constant(*claim, point.tv, point.steps, curve.dim, true);
      if (row.at_steps == 0 || constant.value() > row.largest.value()) {
        row.largest = constant;
        row.at_steps = point.steps;
      }
      if (!is_rung(point.steps)) continue;
      row.growing = row.rungs > 0 && at_most(constant, row.last).verdict == Verdict::violated;
      row.last = constant;
      ++row.rungs;
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace lemmabench
