#pragma once

#include <cstddef>
#include <vector>

#include "numerics/ball.hpp"

namespace lemmabench {

/// sum_j w_j N(m_j, sd^2) with one deviation, w_j > 0, all three exact doubles; means ascending.
struct GaussGroup {
  double sd = 1;
  std::vector<double> means;
  std::vector<double> weights;
};

/// A finite Gaussian mixture on the line whose numbers are exact doubles: what the proof of
/// docs/proved.md carries from level to level. Its weights need not sum to 1.
///
/// Values are sums of exponentials of doubles with an error bound known beforehand (P8 of
/// docs/proved.md). It assumes IEEE doubles rounded to nearest and products and sums that are not
/// contracted, which the build sees to (-ffp-contract=off, no -ffast-math). Components farther than
/// 9 deviations are left out and bounded.
class GaussSum {
 public:
  GaussSum() = default;
  explicit GaussSum(std::vector<GaussGroup> groups);

  const std::vector<GaussGroup>& groups() const { return groups_; }
  std::size_t size() const;
  /// Of group g: its lists are padded.
  std::size_t size_of(std::size_t g) const { return sizes_[g]; }
  /// An upper bound of sum_j w_j.
  double weight_bound() const { return weight_bound_; }
  double least_sd() const;
  double greatest_sd() const;

  /// Disjoint intervals, ascending, that hold every m_j +- 9 sd, `apart` from each other at least.
  struct Interval {
    double low = 0;
    double high = 0;
  };
  std::vector<Interval> support(double apart) const;
  /// An upper bound of the mass outside of support().
  double mass_outside() const { return 2.4e-19 * weight_bound_; }

  struct Values {
    std::vector<double> at;  ///< the density at each point
    double relative = 0;     ///< |at - true| <= relative * at + absolute, at every point
    double absolute = 0;
  };
  /// The density at ascending points.
  Values density(const std::vector<double>& x) const;

  /// The Taylor polynomial of the density at c, scaled to [c - r, c + r]: term k is
  /// f^(k)(c) r^k/k! for k = 0..5, `rest` bounds the remainder on the whole panel, and `error` what
  /// rounding and the window do to all of it together.
  struct Panel {
    double term[6] = {};
    double rest = 0;
    double error = 0;
  };
  /// At ascending centres. Requires r <= least_sd()/4.
  std::vector<Panel> panels(const std::vector<double>& centres, double r) const;

  /// An upper bound of the mass in [low, high] for low <= high, within a factor of about 2 where
  /// there is any.
  double mass_bound(double low, double high) const;
  /// An upper bound of the density at x, far too large near the means and tight enough beyond them.
  double density_bound(double x) const;
  /// The mass below x, enclosed. A ball operation a component, an erfc for those within 9
  /// deviations.
  Ball mass_below(double x) const;

 private:
  /// An upper bound of the weight of the components of group g within `reach` deviations of
  /// [low, high].
  double weight_near(std::size_t g, double low, double high, double reach) const;

  std::vector<GaussGroup> groups_;            ///< padded to whole lanes with weights 0
  std::vector<std::size_t> sizes_;            ///< of each group without the padding
  std::vector<std::vector<double>> running_;  ///< of each group sum_{i<j} w_i, rounded anyhow
  double weight_bound_ = 0;
};

/// A sum of numbers >= 0 that is never too small.
class UpperSum {
 public:
  void add(double x);
  double value() const { return value_; }

 private:
  double value_ = 0;
};

}  // namespace lemmabench
