#include "harness/engines/line_proved/proved_hellinger.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/engines/line_proved/gauss_sum.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Panels are this much narrower than the least deviation, so that what is left of a Taylor
/// polynomial of degree 5 is some 1e-12 of the density.
constexpr double kPanelsADeviation = 64;
constexpr double kMostRootPanels = 2e6;
constexpr int kDegree = 5;
constexpr long kRootBits = 80;

/// The polynomial of a panel, in units of its half width.
struct PanelJets {
  Jet<Ball> centre;
  Jet<Ball> around;
  Ball relative;  ///< the density is the polynomial times 1 +- this; infinite if that says nothing
};

PanelJets jets_of(const GaussSum::Panel& panel) {
  std::vector<Ball> at;
  std::vector<Ball> all;
  const Ball unit = Ball::around(0, 1);
  for (int k = 0; k <= kDegree; ++k) {
    at.push_back(Ball::exactly(panel.term[k]));
    Ball sum;
    for (int j = kDegree; j >= k; --j) {
      long choose = 1;
      for (int i = 1; i <= k; ++i) {
        choose = choose * (j - k + i) / i;
      }
      sum = sum * unit + Ball::exactly(panel.term[j]) * Ball(choose);
    }
    all.push_back(sum);
  }
  const Ball off = Ball::exactly(panel.rest) + Ball::exactly(panel.error);
  const Ball relative = off / lower_end(all.front());
  const bool says =
      all.front().positive() == Truth::certainly && relative.less_than(Ball(1)) == Truth::certainly;
  return {Jet<Ball>(std::move(at), kDegree), Jet<Ball>(std::move(all), kDegree + 1),
          says ? upper_end(relative) : Ball::exactly(HUGE_VAL)};
}

/// At least the mass that a density has on its panel.
Ball most_of(const GaussSum::Panel& panel, const Ball& half) {
  Ball out = Ball::exactly(panel.rest) + Ball::exactly(panel.error);
  for (const double term : panel.term) {
    out += abs(Ball::exactly(term));
  }
  return out * half * 2;
}

/// Panels that cover what the supports of both laws cover together.
std::vector<double> centres_of(const GaussSum& p, const GaussSum& q, double half) {
  std::vector<GaussSum::Interval> all = p.support(0);
  for (const GaussSum::Interval& at : q.support(0)) {
    all.push_back(at);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
  std::vector<double> out;
  for (const GaussSum::Interval& at : all) {
    const double from = std::floor(at.low / (2 * half));
    const double to = std::ceil(at.high / (2 * half));
    // Centres are exact doubles: fewer than 2^50 panels from 0.
    if (!(std::max(std::abs(from), std::abs(to)) < 1e15) ||
        !(static_cast<double>(out.size()) + to - from <= kMostRootPanels)) {
      throw NumericalFailure("the Hellinger distance would take more than 2000000 panels");
    }
    for (double k = from; k < to; ++k) {
      const double centre = (2 * k + 1) * half;
      if (out.empty() || centre > out.back()) {
        out.push_back(centre);
      }
    }
  }
  return out;
}

}  // namespace

Ball series_integral(const Jet<Ball>& centre, const Jet<Ball>& around, const Ball& r) {
  const int n = centre.order();
  Ball sum;
  Ball power = r * 2;
  for (int k = 0; k <= n; ++k) {
    if (k % 2 == 0) {
      sum += centre.coefficient(k) * power / (k + 1);
    }
    power *= r;
  }
  return Ball::around(sum, around.coefficient(n + 1).magnitude_upper() * power / (n + 2));
}

Ball root_of_square(const Ball& square) {
  return Ball::hull(sqrt(larger(lower_end(square), Ball(0))),
                    sqrt(larger(upper_end(square), Ball(0))));
}

Ball proved_hellinger(const RoundedLaw& p, const RoundedLaw& q) {
  const PrecisionScope scope(kRootBits);
  const double narrow = std::min(p.law.least_sd(), q.law.least_sd());
  const double half = std::exp2(std::floor(std::log2(narrow / kPanelsADeviation)));
  const Ball width = Ball::exactly(half);
  const std::vector<double> centres = centres_of(p.law, q.law, half);
  const std::vector<GaussSum::Panel> of_p = p.law.panels(centres, half);
  const std::vector<GaussSum::Panel> of_q = q.law.panels(centres, half);
  Ball shared;   // int sqrt(p q) where it is enclosed
  Ball missing;  // at most that where it is not
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const PanelJets a = jets_of(of_p[i]);
    const PanelJets b = jets_of(of_q[i]);
    // sqrt(1 + x) is within |x| of 1.
    const Ball off = Ball::around(1, a.relative) * Ball::around(1, b.relative);
    const Ball part =
        off.finite()
            ? series_integral(sqrt(a.centre * b.centre), sqrt(a.around * b.around), Ball(1)) * off
            : off;
    if (part.finite()) {
      shared += part * width;
    } else {
      missing += sqrt(most_of(of_p[i], width) * most_of(of_q[i], width));
    }
  }
  missing += Ball::exactly(p.law.mass_outside()) + Ball::exactly(q.law.mass_outside());
  const Ball all = (p.law.mass_below(1e300) + q.law.mass_below(1e300)) / 2;
  const Ball square = Ball::hull(all - shared - upper_end(missing), all - shared);
  return Ball::around(root_of_square(square),
                      sqrt(Ball::exactly(p.defect) / 2) + sqrt(Ball::exactly(q.defect) / 2));
}

}  // namespace lemmabench
