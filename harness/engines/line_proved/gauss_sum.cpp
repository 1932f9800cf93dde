#include "harness/engines/line_proved/gauss_sum.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "numerics/ball_functions.hpp"
#include "numerics/lanes.hpp"

namespace lemmabench {
namespace {

/// Components farther than this many deviations are left out of a value.
constexpr double kWindow = 9;
/// e^{-9^2/2}, rounded up so that the rounding of a distance does not matter.
constexpr double kOutside = 2.6e-18;

/// What P8 of docs/proved.md derives, u = 2^-53. The exponent e = (x-m)^2/(2 sd^2) has the relative
/// error 6.1 u: one u of the difference, doubled by the square, one each of the square, sd^2, the
/// quotient and the product. Within the window e <= 40.51, so that it moves the exponential by
/// 2.75e-14. The exponential itself (numerics/lanes.hpp: exact argument reduction but for 4e-17,
/// Taylor remainder 6e-18, Horner's rule with 27 roundings of terms that sum to sqrt 2) is good to
/// 7e-15, the weight and the norm to 6 u.
constexpr double kTermError = 4e-14;
/// A sum of n terms >= 0 in eight lanes: each lane adds n/8 times, then three more.
double sum_error(std::size_t terms) { return 1.2e-16 * (static_cast<double>(terms) / 8 + 12); }

constexpr double kRootTwoPi = 2.5066282746310002;

LEMMABENCH_LANE_FUNCTION void load(const double* from, LaneVector& out) {
  std::memcpy(&out, from, sizeof(LaneVector));
}
LEMMABENCH_LANE_FUNCTION void add_lanes(const LaneVector& v, double& out) {
  out = ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

/// Of an ascending list the first index with mean >= at, looked for from `from` on.
LEMMABENCH_LANE_FUNCTION void advance(const double* means, std::size_t size, double at,
                                      std::size_t& from) {
  while (from < size && means[from] < at) {
    ++from;
  }
}

LEMMABENCH_LANE_FUNCTION void density_sums_body(const double* x, std::size_t count,
                                                const double* means, const double* weights,
                                                std::size_t size, double sd, double* out,
                                                std::size_t* most_terms) {
  const double precision = 1 / (2 * (sd * sd));
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < count; ++i) {
    advance(means, size, x[i] - kWindow * sd, first);
    advance(means, size, x[i] + kWindow * sd, last);
    LaneVector sum = {};
    for (std::size_t j = first; j < last; j += kLanes) {
      LaneVector m;
      LaneVector w;
      LaneVector e;
      load(means + j, m);
      load(weights + j, w);
      const LaneVector d = x[i] - m;
      lane_exp(-((d * d) * precision), e);
      sum += w * e;
    }
    add_lanes(sum, out[i]);
    *most_terms = std::max(*most_terms, last - first);
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(density_sums,
                                (const double* x, std::size_t count, const double* means,
                                 const double* weights, std::size_t size, double sd, double* out,
                                 std::size_t* most_terms),
                                (x, count, means, weights, size, sd, out, most_terms))

/// Of every panel the sums of w e^{-z^2/2} He_k(z) (-ratio)^k/k!, z = (c - m)/sd, and for the
/// remainder that of w e^{-max(|z| - ratio, 0)^2/2} H_6(|z| + ratio); ratio = r/sd.
LEMMABENCH_LANE_FUNCTION void taylor_sums_body(const double* c, std::size_t count,
                                               const double* means, const double* weights,
                                               std::size_t size, double sd, double ratio,
                                               double* out, std::size_t* most_terms) {
  std::size_t first = 0;
  std::size_t last = 0;
  const double inverse = 1 / sd;
  for (std::size_t i = 0; i < count; ++i) {
    advance(means, size, c[i] - kWindow * sd, first);
    advance(means, size, c[i] + kWindow * sd, last);
    LaneVector sum[7] = {};
    for (std::size_t j = first; j < last; j += kLanes) {
      LaneVector m;
      LaneVector w;
      LaneVector e;
      load(means + j, m);
      load(weights + j, w);
      const LaneVector z = (c[i] - m) * inverse;
      lane_exp(-0.5 * (z * z), e);
      LaneVector before = w * e;
      LaneVector now = before * z;
      sum[0] += before;
      sum[1] += now;
      for (int k = 2; k <= 5; ++k) {
        const LaneVector next = z * now - (k - 1.0) * before;
        before = now;
        now = next;
        sum[k] += now;
      }
      const LaneVector size_of = z < 0.0 ? -z : z;
      const LaneVector near = size_of > ratio ? size_of - ratio : z - z;
      const LaneVector far = (size_of + ratio) * (size_of + ratio);
      lane_exp(-0.5 * (near * near), e);
      sum[6] += w * e * (((far + 15.0) * far + 45.0) * far + 15.0);
    }
    double scale = 1;
    for (int k = 0; k <= 5; ++k) {
      add_lanes(sum[k], out[7 * i + static_cast<std::size_t>(k)]);
      out[7 * i + static_cast<std::size_t>(k)] *= scale;
      scale *= -ratio / (k + 1);
    }
    add_lanes(sum[6], out[7 * i + 6]);
    *most_terms = std::max(*most_terms, last - first);
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(taylor_sums,
                                (const double* c, std::size_t count, const double* means,
                                 const double* weights, std::size_t size, double sd, double ratio,
                                 double* out, std::size_t* most_terms),
                                (c, count, means, weights, size, sd, ratio, out, most_terms))

}  // namespace

void UpperSum::add(double x) {
  value_ = std::nextafter(value_ + x, std::numeric_limits<double>::infinity());
}

GaussSum::GaussSum(std::vector<GaussGroup> groups) : groups_(std::move(groups)) {
  UpperSum all;
  for (GaussGroup& group : groups_) {
    sizes_.push_back(group.means.size());
    std::vector<double>& running = running_.emplace_back(1, 0.0);
    for (const double w : group.weights) {
      all.add(w);
      running.push_back(running.back() + w);
    }
    group.means.resize(group.means.size() + kLanes, group.means.back());
    group.weights.resize(group.means.size(), 0.0);
  }
  weight_bound_ = all.value();
}

std::size_t GaussSum::size() const {
  std::size_t out = 0;
  for (const std::size_t n : sizes_) {
    out += n;
  }
  return out;
}

double GaussSum::least_sd() const {
  double out = groups_.front().sd;
  for (const GaussGroup& group : groups_) {
    out = std::min(out, group.sd);
  }
  return out;
}

double GaussSum::greatest_sd() const {
  double out = groups_.front().sd;
  for (const GaussGroup& group : groups_) {
    out = std::max(out, group.sd);
  }
  return out;
}

std::vector<GaussSum::Interval> GaussSum::support(double apart) const {
  std::vector<Interval> all;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const double reach = kWindow * groups_[g].sd * (1 + 1e-12);
    for (std::size_t j = 0; j < sizes_[g]; ++j) {
      const double m = groups_[g].means[j];
      const double slack = 1e-15 * std::abs(m);
      all.push_back({m - reach - slack, m + reach + slack});
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Interval& a, const Interval& b) { return a.low < b.low; });
  std::vector<Interval> out;
  for (const Interval& next : all) {
    if (!out.empty() && next.low <= out.back().high + apart) {
      out.back().high = std::max(out.back().high, next.high);
    } else {
      out.push_back(next);
    }
  }
  return out;
}

GaussSum::Values GaussSum::density(const std::vector<double>& x) const {
  Values out;
  out.at.assign(x.size(), 0.0);
  std::vector<double> sums(x.size());
  std::size_t most_terms = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const GaussGroup& group = groups_[g];
    density_sums(x.data(), x.size(), group.means.data(), group.weights.data(), sizes_[g], group.sd,
                 sums.data(), &most_terms);
    const double norm = 1 / (group.sd * kRootTwoPi);
    for (std::size_t i = 0; i < x.size(); ++i) {
      out.at[i] += norm * sums[i];
    }
    least = std::min(least, group.sd);
  }
  out.relative = kTermError + sum_error(most_terms) + 1.2e-16 * static_cast<double>(groups_.size());
  out.absolute = 1.001 * weight_bound_ * kOutside / (least * kRootTwoPi);
  return out;
}

std::vector<GaussSum::Panel> GaussSum::panels(const std::vector<double>& centres, double r) const {
  std::vector<Panel> out(centres.size());
  std::vector<double> sums(7 * centres.size());
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const GaussGroup& group = groups_[g];
    const double ratio = r / group.sd;
    std::size_t most_terms = 0;
    taylor_sums(centres.data(), centres.size(), group.means.data(), group.weights.data(), sizes_[g],
                group.sd, ratio, sums.data(), &most_terms);
    const double norm = 1 / (group.sd * kRootTwoPi);
    // P9 of docs/proved.md: H_k(9) ratio^k/k!, H_k with the absolute values of the coefficients of
    // He_k, sums over k = 1..5 to at most 8.5 (4 ratio) for ratio <= 1/4, and the recurrence adds
    // fewer than 30 roundings to each.
    const double relative = (1 + 8.6 * (4 * ratio)) * (kTermError + sum_error(most_terms) + 1e-14);
    const double outside = 140 * 1.001 * weight_bound_ * kOutside * norm;
    const double power = std::pow(ratio, 6) / 720 * (1 + 1e-12);
    // Left out of the remainder: H_6(9.25) e^{-8.75^2/2} <= 1.9e-11.
    const double rest_outside = 1.9e-11 * weight_bound_;
    for (std::size_t i = 0; i < centres.size(); ++i) {
      const double* sum = sums.data() + 7 * i;
      for (int k = 0; k < 6; ++k) {
        out[i].term[k] += norm * sum[k];
      }
      out[i].rest += norm * power * (sum[6] * (1 + 1e-12) + rest_outside);
      out[i].error += relative * norm * sum[0] + outside;
    }
  }
  return out;
}

double GaussSum::mass_bound(double low, double high) const {
  // P(Z >= z) for z = 2, 4, 6, 9, 11, 13, rounded up: what is so far away has at most that much
  // inside.
  constexpr double kTails[][2] = {{2, 1},    {4, 0.0228},   {6, 3.2e-5},
                                  {9, 1e-9}, {11, 1.2e-19}, {13, 2e-28}};
  double out = 6.2e-39 * weight_bound_;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    for (const auto& [reach, tail] : kTails) {
      out += tail * weight_near(g, low, high, reach);
    }
  }
  return out * (1 + 1e-12);
}

double GaussSum::density_bound(double x) const {
  // e^{-z^2/2} for z = 9, 11, 13, 15, rounded up.
  constexpr double kTails[][2] = {{9, 1}, {11, 2.6e-18}, {13, 5.4e-27}, {15, 2.1e-37}};
  double out = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    double sum = 1.4e-49 * weight_bound_;
    for (const auto& [reach, tail] : kTails) {
      sum += tail * weight_near(g, x, x, reach);
    }
    out += sum / (groups_[g].sd * kRootTwoPi);
  }
  return out * (1 + 1e-12);
}

double GaussSum::weight_near(std::size_t g, double low, double high, double reach) const {
  const GaussGroup& group = groups_[g];
  const double far = reach * group.sd * (1 + 1e-12);
  const auto begin = group.means.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(sizes_[g]);
  const auto from = std::lower_bound(begin, end, low - far - 1e-15 * std::abs(low)) - begin;
  const auto to = std::upper_bound(begin, end, high + far + 1e-15 * std::abs(high)) - begin;
  if (to - from <= 64) {
    double sum = 0;
    for (auto j = from; j < to; ++j) {
      sum += group.weights[static_cast<std::size_t>(j)];
    }
    return sum * (1 + 1e-13);
  }
  const std::vector<double>& running = running_[g];
  const double rounding = 2.3e-16 * static_cast<double>(sizes_[g] + 4) * running.back();
  return running[static_cast<std::size_t>(to)] - running[static_cast<std::size_t>(from)] + rounding;
}

Ball GaussSum::mass_below(double x) const {
  Ball out;
  const Ball at = Ball::exactly(x);
  const Ball root_two = sqrt(Ball(2));
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const GaussGroup& group = groups_[g];
    const Ball scale = -1 / (Ball::exactly(group.sd) * root_two);
    const double near = (kWindow + 0.01) * group.sd;
    for (std::size_t j = 0; j < sizes_[g]; ++j) {
      const double m = group.means[j];
      const Ball w = Ball::exactly(group.weights[j]);
      if (std::abs(x - m) <= near) {
        out += w * erfc((at - Ball::exactly(m)) * scale) / 2;
      } else if (m < x) {
        out += w;
      }
    }
  }
  // The others have at most P(Z >= 9) on the wrong side.
  return Ball::around(out, Ball::exactly(1.2e-19 * weight_bound_));
}

}  // namespace lemmabench
