#include "harness/engines/scheme/scheme_folds.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace lemmabench {
namespace {

/// A point of the line with the map's value and slope there.
struct MapPoint {
  double x;
  double value;
  double slope;
};

/// A stretch of x on which m rises or falls, with the points at which it is known, ascending in x.
struct Branch {
  std::vector<MapPoint> points;
  double sign;  ///< of m'

  double low() const { return std::min(points.front().value, points.back().value); }
  double high() const { return std::max(points.front().value, points.back().value); }
};

class BranchLaw {
 public:
  BranchLaw(const SchemeMap& map, const StartLaw& start, const LineMixture<double>& truth,
            const FlowDomain& domain, const LineSettings& settings)
      : map_(map), start_(start), truth_(truth) {
    cut(survey(domain, settings));
  }

  double total_variation();

 private:
  /// A value y that all quantities are asked at: the angle it has in its stretch.
  struct Place {
    double angle;
    double y;
    double excess;  ///< (q - p) sin(angle), finite at the ends of a stretch
    double height;  ///< H
  };

  std::vector<MapPoint> at(std::vector<double> points) const;
  std::vector<MapPoint> survey(const FlowDomain& domain, const LineSettings& settings) const;
  void cut(const std::vector<MapPoint>& points);
  MapPoint turn(MapPoint left, MapPoint right) const;
  /// A search for the point of a branch that has a value.
  struct Search {
    double low;
    double high;
    double x;
    double enough;  ///< a last step that need not be taken
    bool done = false;
  };
  static Search bracket(const Branch& branch, double value);
  static void advance(Search& search, const MapPoint& point, double sign, double value);
  std::vector<MapPoint> inverse(const Branch& branch, const std::vector<double>& y) const;
  static Place place(double angle, double low, double high) {
    const double half = std::sin(angle / 2);
    return {angle, low + (high - low) * half * half, 0, 0};
  }
  std::vector<Place> places(double low, double high) const;
  void fill(std::vector<Place>& places, double low, double high) const;
  void add_stretch(double low, double high, double& former, double& total) const;
  void refine(std::vector<Place>& left, std::vector<Place>& right, double low, double high) const;

  const SchemeMap& map_;
  const StartLaw& start_;
  const LineMixture<double>& truth_;
  std::vector<Branch> branches_;
};

std::vector<MapPoint> BranchLaw::at(std::vector<double> points) const {
  std::vector<double> values(points.size());
  std::vector<double> slopes(points.size());
  map_.evaluate(points.data(), points.size(), values.data(), slopes.data());
  std::vector<MapPoint> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    out.push_back({points[i], values[i], slopes[i]});
  }
  return out;
}

/// The map at the nodes of the panels that resolve start and truth, and at the ends.
std::vector<MapPoint> BranchLaw::survey(const FlowDomain& domain,
                                        const LineSettings& settings) const {
  const DyadicLine line =
      DyadicLine::covering(std::max(std::abs(domain.low), std::abs(domain.high)));
  const LegendreBasis<double> basis(settings.order);
  std::vector<double> points{domain.low};
  for (const Cell& cell : cover(line, domain.features, 0)) {
    for (const double node : basis.nodes()) {
      const double x = line.low(cell) + line.width(cell) * (1 + node) / 2;
      if (x > points.back() && x < domain.high) {
        points.push_back(x);
      }
    }
  }
  points.push_back(domain.high);
  return at(std::move(points));
}

/// The turning point between two points whose slopes have opposite signs, by bisection.
MapPoint BranchLaw::turn(MapPoint left, MapPoint right) const {
  for (int i = 0; i < 60; ++i) {
    const double middle = left.x + (right.x - left.x) / 2;
    if (!(middle > left.x) || !(middle < right.x)) {
      break;
    }
    const MapPoint point = at({middle}).front();
    ((point.slope > 0) == (left.slope > 0) ? left : right) = point;
  }
  left.slope = 0;
  return left;
}

void BranchLaw::cut(const std::vector<MapPoint>& points) {
  Branch branch{{points.front()}, points.front().slope > 0 ? 1.0 : -1.0};
  for (std::size_t i = 1; i < points.size(); ++i) {
    const bool turned = (points[i].slope > 0 ? 1.0 : -1.0) != branch.sign;
    if (turned) {
      const MapPoint end = turn(points[i - 1], points[i]);
      branch.points.push_back(end);
      branches_.push_back(branch);
      branch = {{end}, -branch.sign};
    }
    branch.points.push_back(points[i]);
  }
  branches_.push_back(std::move(branch));
}

/// The known points of a branch around a value, and where a straight line between them has it.
BranchLaw::Search BranchLaw::bracket(const Branch& branch, double value) {
  const auto after =
      std::partition_point(branch.points.begin(), branch.points.end(),
                           [&](const MapPoint& p) { return branch.sign * (p.value - value) <= 0; });
  const auto right = std::clamp(after, branch.points.begin() + 1, branch.points.end() - 1);
  const MapPoint& a = *(right - 1);
  const MapPoint& b = *right;
  const double share = b.value == a.value ? 0.5 : (value - a.value) / (b.value - a.value);
  return {a.x, b.x, a.x + (b.x - a.x) * std::clamp(share, 0.0, 1.0),
          1e-13 * (b.x - a.x) + 1e-15 * std::abs(a.x)};
}

/// One step of Newton's method from a point of the branch, kept in the bracket.
void BranchLaw::advance(Search& search, const MapPoint& point, double sign, double value) {
  const double gap = point.value - value;
  (sign * gap > 0 ? search.high : search.low) = point.x;
  double next = point.x - gap / point.slope;
  if (!(next > search.low) || !(next < search.high)) {
    next = search.low + (search.high - search.low) / 2;
  }
  search.done =
      gap == 0 || std::abs(next - point.x) <= search.enough || !(search.high - search.low > 0);
  search.x = next;
}

/// Where a branch takes these values, which lie in its range; all searches abreast.
std::vector<MapPoint> BranchLaw::inverse(const Branch& branch, const std::vector<double>& y) const {
  std::vector<Search> searches;
  searches.reserve(y.size());
  for (const double value : y) {
    searches.push_back(bracket(branch, value));
  }
  std::vector<MapPoint> out(y.size());
  for (int iteration = 0; iteration < 100; ++iteration) {
    std::vector<double> open;
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < searches.size(); ++i) {
      if (!searches[i].done) {
        open.push_back(searches[i].x);
        which.push_back(i);
      }
    }
    if (open.empty()) {
      break;
    }
    const std::vector<MapPoint> found = at(std::move(open));
    for (std::size_t n = 0; n < found.size(); ++n) {
      out[which[n]] = found[n];
      advance(searches[which[n]], found[n], branch.sign, y[which[n]]);
    }
  }
  return out;
}

/// q - p and H at these places of the stretch.
void BranchLaw::fill(std::vector<Place>& places, double low, double high) const {
  std::vector<double> y;
  std::vector<double> q(places.size(), 0);
  for (Place& place : places) {
    place.height = -truth_.cdf(place.y);
    y.push_back(place.y);
  }
  const double middle = low + (high - low) / 2;
  for (const Branch& branch : branches_) {
    const double first = branch.points.front().x;
    const double last = branch.points.back().x;
    if (!(branch.low() < middle && branch.high() > middle)) {
      const double mass = branch.high() <= middle ? start_.cdf(last) - start_.cdf(first) : 0;
      for (Place& place : places) {
        place.height += mass;
      }
      continue;
    }
    const std::vector<MapPoint> x = inverse(branch, y);
    for (std::size_t i = 0; i < places.size(); ++i) {
      q[i] += start_.density(x[i].x) / std::abs(x[i].slope);
      places[i].height += branch.sign > 0 ? start_.cdf(x[i].x) - start_.cdf(first)
                                          : start_.cdf(last) - start_.cdf(x[i].x);
    }
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i].excess = (q[i] - truth_.density(places[i].y)) * std::sin(places[i].angle);
  }
}

/// Moves each pair, between which the excess changes its sign, together by the Illinois variant of
/// regula falsi: H has a turning point there, so that 1e-9 of the stretch is far more than enough.
void BranchLaw::refine(std::vector<Place>& left, std::vector<Place>& right, double low,
                       double high) const {
  std::vector<double> of_left;
  std::vector<double> of_right;
  for (std::size_t i = 0; i < left.size(); ++i) {
    of_left.push_back(left[i].excess);
    of_right.push_back(right[i].excess);
  }
  for (int iteration = 0; iteration < 40; ++iteration) {
    std::vector<Place> middle;
    double widest = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const double width = right[i].angle - left[i].angle;
      const double share = of_left[i] / (of_left[i] - of_right[i]);
      const double angle = left[i].angle + width * std::clamp(share, 0.01, 0.99);
      middle.push_back(place(angle, low, high));
      widest = std::max(widest, width);
    }
    fill(middle, low, high);
    for (std::size_t i = 0; i < left.size(); ++i) {
      if ((middle[i].excess > 0) == (right[i].excess > 0)) {
        right[i] = middle[i];
        of_right[i] = middle[i].excess;
        of_left[i] /= 2;
      } else {
        left[i] = middle[i];
        of_left[i] = middle[i].excess;
        of_right[i] /= 2;
      }
    }
    if (widest < 1e-9) {
      break;
    }
  }
}

/// The angles that a stretch is looked at: evenly and at the images of all nodes. The outermost are
/// next to its ends, where a pole wins over everything.
std::vector<BranchLaw::Place> BranchLaw::places(double low, double high) const {
  constexpr int kAngles = 64;
  constexpr double kNext = 1e-6;
  std::vector<double> angles{kNext, std::numbers::pi - kNext};
  for (int i = 1; i < kAngles; ++i) {
    angles.push_back(std::numbers::pi * i / kAngles);
  }
  for (const Branch& branch : branches_) {
    for (const MapPoint& point : branch.points) {
      if (point.value > low && point.value < high) {
        const double angle = 2 * std::asin(std::sqrt((point.value - low) / (high - low)));
        if (angle > kNext && angle < std::numbers::pi - kNext) {
          angles.push_back(angle);
        }
      }
    }
  }
  std::sort(angles.begin(), angles.end());
  angles.erase(std::unique(angles.begin(), angles.end()), angles.end());
  std::vector<Place> out;
  out.reserve(angles.size());
  for (const double angle : angles) {
    out.push_back(place(angle, low, high));
  }
  fill(out, low, high);
  return out;
}

/// Adds the variation of H over one stretch between turning values, and over a jump to it, to
/// `total`; `former` is where H was, and is afterwards.
void BranchLaw::add_stretch(double low, double high, double& former, double& total) const {
  const std::vector<Place> inside = places(low, high);
  std::vector<Place> left;
  std::vector<Place> right;
  for (std::size_t i = 0; i + 1 < inside.size(); ++i) {
    if (inside[i].excess * inside[i + 1].excess < 0) {
      left.push_back(inside[i]);
      right.push_back(inside[i + 1]);
    }
  }
  refine(left, right, low, high);
  std::vector<Place> ends{{0, low, 0, 0}, {std::numbers::pi, high, 0, 0}};
  fill(ends, low, high);
  right.insert(right.begin(), ends.front());
  right.push_back(ends.back());
  for (const Place& place : right) {
    total += std::abs(place.height - former);
    former = place.height;
  }
}

double BranchLaw::total_variation() {
  std::vector<double> ends;
  for (const Branch& branch : branches_) {
    ends.push_back(branch.low());
    ends.push_back(branch.high());
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  double former = -truth_.cdf(ends.front());
  double total = -former;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    add_stretch(ends[i], ends[i + 1], former, total);
  }
  const double rest = truth_.upper_tail(ends.back());
  return (total + std::abs(rest - former) + rest) / 2;
}

}  // namespace

PanelStart::PanelStart(const PanelFunction<double>& law) : law_(law), before_{0} {
  const std::size_t size = law.order() + 1;
  antiderivatives_.resize(law.panels() * size);
  for (std::size_t i = 0; i < law.panels(); ++i) {
    double* series = antiderivatives_.data() + i * size;
    law.basis().antiderivative(law.coefficients(i, 0), series);
    double mass = 0;  // every Legendre polynomial is 1 at the right end
    for (std::size_t n = 0; n < size; ++n) {
      mass += series[n];
    }
    before_.push_back(before_.back() + mass * law.width(i) / 2);
  }
}

double PanelStart::cdf(double x) const {
  const std::size_t i = law_.find(x);
  if (i < law_.panels()) {
    const double t = (x - law_.low(i)) * (2 / law_.width(i)) - 1;
    const double* series = antiderivatives_.data() + i * (law_.order() + 1);
    double before = 1;
    double here = t;
    double sum = series[0] + series[1] * t;
    for (std::size_t n = 1; n < law_.order(); ++n) {
      const auto degree = static_cast<double>(n);
      const double next = ((2 * degree + 1) * t * here - degree * before) / (degree + 1);
      before = here;
      here = next;
      sum += series[n + 1] * here;
    }
    return before_[i] + sum * law_.width(i) / 2;
  }
  std::size_t left = 0;  // panels left of x, which lies in none
  while (left < law_.panels() && law_.high(left) <= x) {
    ++left;
  }
  return before_[left];
}

Estimate<double> fold_total_variation(const SchemeMap& map, const StartLaw& start,
                                      const LineMixture<double>& truth, const FlowDomain& domain,
                                      const LineSettings& settings) {
  const double value = BranchLaw(map, start, truth, domain, settings).total_variation();
  const double beyond = start.cdf(domain.low) + (1 - start.cdf(domain.high));
  return {value, std::abs(beyond) + 1e-14};
}

}  // namespace lemmabench
