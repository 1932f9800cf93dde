#include "harness/engines/line_proved/proved_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Ends and centres of panels are exact doubles as long as they are fewer than 2^50 panels from 0.
void require_exact(double end, double half) {
  if (!(std::abs(end) < 1e15 * half)) {
    throw NumericalFailure(
        "the two laws are too narrow for where they lie: panels of their difference would be no "
        "doubles");
  }
}

/// Decides the sign of p - q panel by panel.
class Survey {
 public:
  Survey(const GaussSum& p, const GaussSum& q, double tolerance, long most_panels)
      : p_(p), q_(q), most_panels_(most_panels) {
    const double narrow = std::min(p.least_sd(), q.least_sd());
    half_ = std::exp2(std::floor(std::log2(narrow / 4)));
    std::vector<GaussSum::Interval> all = p.support(0);
    for (const GaussSum::Interval& at : q.support(0)) {
      all.push_back(at);
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
    for (const GaussSum::Interval& at : all) {
      // Whole panels, whose ends and centres are doubles.
      const double low = std::floor(at.low / (2 * half_)) * (2 * half_);
      const double high = std::ceil(at.high / (2 * half_)) * (2 * half_);
      if (!covered_.empty() && low <= covered_.back().high) {
        covered_.back().high = std::max(covered_.back().high, high);
      } else {
        covered_.push_back({low, high});
      }
    }
    double length = 0;
    for (const GaussSum::Interval& at : covered_) {
      length += at.high - at.low;
    }
    per_length_ = tolerance / length;
  }

  std::vector<SignStretch> run() {
    std::vector<double> centres;
    for (const GaussSum::Interval& at : covered_) {
      const double count = (at.high - at.low) / (2 * half_);
      charge(count);
      for (double k = 0; k < count; ++k) {
        centres.push_back(at.low + (2 * k + 1) * half_);
      }
    }
    while (!centres.empty()) {
      require_exact(covered_.front().low, half_);
      require_exact(covered_.back().high, half_);
      centres = look(centres);
      half_ /= 2;
      charge(static_cast<double>(centres.size()));
    }
    std::sort(stretches_.begin(), stretches_.end(),
              [](const SignStretch& a, const SignStretch& b) { return a.low < b.low; });
    return merged();
  }
  long panels() const { return panels_; }

 private:
  void charge(double count) {
    if (static_cast<double>(panels_) + count > static_cast<double>(most_panels_)) {
      throw NumericalFailure(fmt::format(
          "the sign of p - q is not decided on {:.2g} panels: the two laws agree too closely for "
          "the width asked for, or are too narrow; ask for a larger --width",
          static_cast<double>(most_panels_)));
    }
    panels_ += static_cast<long>(count);
  }

  /// Decides what can be decided at this width and returns the centres of the halves of the rest.
  std::vector<double> look(const std::vector<double>& centres) {
    const std::vector<GaussSum::Panel> p = p_.panels(centres, half_);
    const std::vector<GaussSum::Panel> q = q_.panels(centres, half_);
    std::vector<double> halves;
    for (std::size_t i = 0; i < centres.size(); ++i) {
      const double middle = p[i].term[0] - q[i].term[0];
      const double rounding = p[i].error + q[i].error;
      double around = p[i].rest + q[i].rest + rounding;
      for (int k = 1; k < 6; ++k) {
        around += std::abs(p[i].term[k] - q[i].term[k]);
      }
      around *= 1 + 1e-13;
      const SignStretch here{centres[i] - half_, centres[i] + half_,
                             middle > around ? 1 : (middle < -around ? -1 : 0),
                             2 * half_ * (std::abs(middle) + around) * (1 + 1e-13)};
      // Where rounding alone hides the sign, smaller panels will not show it.
      const bool hidden = std::abs(middle) <= rounding && around <= 4 * rounding;
      if (here.sign != 0 || here.most <= per_length_ * 2 * half_ || hidden) {
        stretches_.push_back(here);
      } else {
        halves.push_back(centres[i] - half_ / 2);
        halves.push_back(centres[i] + half_ / 2);
      }
    }
    return halves;
  }

  /// Neighbours of one kind as one.
  std::vector<SignStretch> merged() const {
    std::vector<SignStretch> out;
    for (const SignStretch& next : stretches_) {
      if (!out.empty() && out.back().sign == next.sign && out.back().high == next.low) {
        out.back().high = next.high;
        out.back().most = (out.back().most + next.most) * (1 + 1e-15);
      } else {
        out.push_back(next);
      }
    }
    return out;
  }

  const GaussSum& p_;
  const GaussSum& q_;
  long most_panels_;
  double half_ = 0;
  double per_length_ = 0;
  std::vector<GaussSum::Interval> covered_;
  std::vector<SignStretch> stretches_;
  long panels_ = 0;
};

/// P(|N(0, variance)| >= distance), rounded up; 1 for distance <= 0.
double beyond(double distance, double variance) {
  if (!(distance > 0)) {
    return 1;
  }
  return upper_double(erfc(Ball::exactly(distance) / sqrt(2 * Ball::exactly(variance))));
}

}  // namespace

ProvedDistance proved_total_variation(const GaussSum& p, const GaussSum& q, double tolerance,
                                      long most_panels) {
  Survey survey(p, q, tolerance, most_panels);
  std::vector<SignStretch> stretches = survey.run();
  const auto known = std::count_if(stretches.begin(), stretches.end(),
                                   [](const SignStretch& s) { return s.sign != 0; });
  if (static_cast<double>(known) * static_cast<double>(p.size() + q.size()) > 2e8) {
    throw NumericalFailure(fmt::format(
        "p - q changes its sign {} times, as far as doubles tell: the two laws agree too closely "
        "for the width asked for; ask for a larger --width",
        known));
  }
  Ball sum;
  Ball on_set;
  std::vector<double> edges;
  UpperSum unknown;
  unknown.add(p.mass_outside());
  unknown.add(q.mass_outside());
  const auto below = [&](double x) { return p.mass_below(x) - q.mass_below(x); };
  for (const SignStretch& stretch : stretches) {
    if (stretch.sign == 0) {
      unknown.add(stretch.most);
    } else {
      const Ball part = below(stretch.high) - below(stretch.low);
      sum += stretch.sign > 0 ? part : -part;
      if (stretch.sign > 0) {
        on_set += part;
        edges.push_back(stretch.low);
        edges.push_back(stretch.high);
      }
    }
  }
  // What is not known lies between 0 and `unknown`.
  const Ball half = Ball::exactly(unknown.value()) / 2;
  return {Ball::around((sum + half) / 2, half / 2),
          on_set,
          std::move(edges),
          survey.panels(),
          unknown.value(),
          std::move(stretches)};
}

Ball total_variation_of(const RoundedLaw& p, const RoundedLaw& q, double tolerance) {
  const Ball between = proved_total_variation(p.law, q.law, tolerance).total_variation;
  return Ball::around(between, (Ball::exactly(p.defect) + Ball::exactly(q.defect)) / 2);
}

double crossing_bound(const GaussSum& p, const GaussSum& q, const std::vector<double>& edges,
                      double drift, double variance) {
  const double reach = drift + 12 * std::sqrt(variance);
  const double half = std::exp2(std::floor(
      std::log2(std::min(std::min(p.least_sd(), q.least_sd()), std::sqrt(variance)) / 4)));
  std::vector<double> centres;
  for (const double edge : edges) {
    require_exact(std::abs(edge) + reach, half);
    const double from = std::floor((edge - reach) / (2 * half));
    const double to = std::ceil((edge + reach) / (2 * half));
    for (double k = from; k < to; ++k) {
      const double centre = (2 * k + 1) * half;
      if (centres.empty() || centre > centres.back()) {
        centres.push_back(centre);
      }
    }
  }
  const std::vector<GaussSum::Panel> of_p = p.panels(centres, half);
  const std::vector<GaussSum::Panel> of_q = q.panels(centres, half);
  UpperSum out;
  for (std::size_t i = 0; i < centres.size(); ++i) {
    double most = of_p[i].rest + of_q[i].rest + of_p[i].error + of_q[i].error;
    for (int k = 0; k < 6; ++k) {
      most += std::abs(of_p[i].term[k] - of_q[i].term[k]);
    }
    const auto next = std::lower_bound(edges.begin(), edges.end(), centres[i]);
    double distance = next == edges.end() ? HUGE_VAL : *next - centres[i];
    if (next != edges.begin()) {
      distance = std::min(distance, centres[i] - *(next - 1));
    }
    // A little nearer than it is, for the rounding of the difference.
    const double near = distance * (1 - 1e-12) - 1e-15 * std::abs(centres[i]) - half - drift;
    out.add(2 * half * most * (1 + 1e-12) * beyond(near, variance));
  }
  out.add(4e-33 * (p.weight_bound() + q.weight_bound()));  // P(|N(0, 1)| >= 12), elsewhere
  return out.value();
}

}  // namespace lemmabench
