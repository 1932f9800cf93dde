#include "theory/mixture/plane_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/lanes.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {
namespace {

/// A mixture as the kernel below reads it.
struct Centres {
  const PlaneMixture::Component* components;
  const double* log_factors;
  std::size_t count;
  double precision;
};

/// Shares of the centres at (x, y), and log p as the largest logit and the sum above it.
LEMMABENCH_LANE_FUNCTION void shares_of(const Centres& centres, const LaneVector& x,
                                        const LaneVector& y, Lanes* shares, LaneVector& largest,
                                        LaneVector& sum) {
  largest = x - x - 1e300;
  for (std::size_t k = 0; k < centres.count; ++k) {
    const LaneVector dx = x - centres.components[k].x;
    const LaneVector dy = y - centres.components[k].y;
    const LaneVector logit =
        centres.log_factors[k] - (0.5 * centres.precision) * (dx * dx + dy * dy);
    largest = logit > largest ? logit : largest;
    shares[k].v = logit;
  }
  sum = x - x;
  for (std::size_t k = 0; k < centres.count; ++k) {
    const LaneVector below = shares[k].v - largest;
    lane_exp(below, shares[k].v);
    sum += shares[k].v;
  }
}

/// One group of points with tangents; out may be in.
LEMMABENCH_LANE_FUNCTION void score_of(const Centres& centres, const Lanes* in, Lanes* shares,
                                       Lanes* out) {
  const LaneVector x = in[0].v;
  const LaneVector y = in[1].v;
  LaneVector largest;
  LaneVector sum;
  shares_of(centres, x, y, shares, largest, sum);
  const LaneVector inverse = 1.0 / sum;
  LaneVector mx = x - x;
  LaneVector my = mx;
  for (std::size_t k = 0; k < centres.count; ++k) {
    mx += shares[k].v * centres.components[k].x;
    my += shares[k].v * centres.components[k].y;
  }
  mx *= inverse;
  my *= inverse;
  LaneVector xx = x - x;
  LaneVector xy = xx;
  LaneVector yy = xx;
  for (std::size_t k = 0; k < centres.count; ++k) {
    const LaneVector dx = centres.components[k].x - mx;
    const LaneVector dy = centres.components[k].y - my;
    xx += shares[k].v * dx * dx;
    xy += shares[k].v * dx * dy;
    yy += shares[k].v * dy * dy;
  }
  const double r = centres.precision;
  xx = r * (xx * inverse * r - 1.0);
  xy = r * (xy * inverse * r);
  yy = r * (yy * inverse * r - 1.0);
  out[0].v = r * (mx - x);
  out[1].v = r * (my - y);
  for (std::size_t tangent = 2; tangent < kPlaneWidth; tangent += 2) {
    const LaneVector a = in[tangent].v;
    const LaneVector b = in[tangent + 1].v;
    out[tangent].v = xx * a + xy * b;
    out[tangent + 1].v = xy * a + yy * b;
  }
}

/// Up to eight numbers; the last is repeated.
LEMMABENCH_LANE_FUNCTION void load(const double* from, std::size_t filled, Lanes& out) {
  if (filled == kLanes) {
    std::memcpy(&out, from, sizeof out);
    return;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    out.v[lane] = from[std::min(lane, filled - 1)];
  }
}

LEMMABENCH_LANE_FUNCTION void plane_scores_body(const Centres& centres, const double* points,
                                                std::size_t count, Lanes* shares, double* out) {
  Lanes group[kPlaneWidth];
  for (std::size_t start = 0; start < count; start += kLanes) {
    const std::size_t filled = std::min(kLanes, count - start);
    for (std::size_t row = 0; row < kPlaneWidth; ++row) {
      load(points + row * count + start, filled, group[row]);
    }
    score_of(centres, group, shares, group);
    for (std::size_t row = 0; row < kPlaneWidth; ++row) {
      std::memcpy(out + row * count + start, &group[row], filled * sizeof(double));
    }
  }
}

/// largest + log(sum): the logarithms are left to the caller.
LEMMABENCH_LANE_FUNCTION void plane_logits_body(const Centres& centres, const double* points,
                                                std::size_t count, Lanes* shares, double* largest,
                                                double* sum) {
  for (std::size_t start = 0; start < count; start += kLanes) {
    const std::size_t filled = std::min(kLanes, count - start);
    Lanes x;
    Lanes y;
    load(points + start, filled, x);
    load(points + count + start, filled, y);
    Lanes most;
    Lanes total;
    shares_of(centres, x.v, y.v, shares, most.v, total.v);
    for (std::size_t lane = 0; lane < filled; ++lane) {
      largest[start + lane] = most.v[lane];
      sum[start + lane] = total.v[lane];
    }
  }
}

LEMMABENCH_FOR_EACH_VECTOR_UNIT(plane_scores,
                                (const Centres& centres, const double* points, std::size_t count,
                                 Lanes* shares, double* out),
                                (centres, points, count, shares, out))
LEMMABENCH_FOR_EACH_VECTOR_UNIT(plane_logits,
                                (const Centres& centres, const double* points, std::size_t count,
                                 Lanes* shares, double* largest, double* sum),
                                (centres, points, count, shares, largest, sum))

}  // namespace

PlaneMixture::PlaneMixture(std::vector<Component> components, double variance)
    : components_(std::move(components)), variance_(variance) {
  double total = 0;
  for (const Component& component : components_) {
    if (!(component.weight > 0)) {
      throw InputError("mixture in the plane: weights must be above 0");
    }
    total += component.weight;
    log_factors_.push_back(std::log(component.weight / (2 * pi<double>() * variance)));
  }
  if (!(std::abs(total - 1) < 1e-12) || !(variance > 0)) {
    throw InputError("mixture in the plane: weights must sum to 1 and the variance be above 0");
  }
}

PlaneMixture PlaneMixture::at_level(const Level<double>& level) const {
  const double scale = std::sqrt(level.abar);
  std::vector<Component> out = components_;
  for (Component& component : out) {
    component.x *= scale;
    component.y *= scale;
  }
  return {std::move(out), level.abar * variance_ + level.noise};
}

PlaneMixture PlaneMixture::smoothed(double added_variance) const {
  return {components_, variance_ + added_variance};
}

double PlaneMixture::second_moment() const {
  double sum = 2 * variance_;
  for (const Component& c : components_) {
    sum += c.weight * (c.x * c.x + c.y * c.y);
  }
  return sum;
}

void PlaneMixture::log_density(const double* points, std::size_t count, double* out) const {
  const Centres centres{components_.data(), log_factors_.data(), components_.size(), 1 / variance_};
  std::vector<Lanes> shares(components_.size());
  std::vector<double> sum(count);
  plane_logits(centres, points, count, shares.data(), out, sum.data());
  for (std::size_t i = 0; i < count; ++i) {
    out[i] += std::log(sum[i]);
  }
}

double PlaneMixture::density(double x, double y) const {
  const double point[] = {x, y};
  double out = 0;
  log_density(point, 1, &out);
  return std::exp(out);
}

void PlaneMixture::score(const double* points, std::size_t count, double* out) const {
  const Centres centres{components_.data(), log_factors_.data(), components_.size(), 1 / variance_};
  std::vector<Lanes> shares(components_.size());
  plane_scores(centres, points, count, shares.data(), out);
}

}  // namespace lemmabench
