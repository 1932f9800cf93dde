#include "harness/engines/line_proved/map_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "harness/engines/line_proved/proved_hellinger.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/jet.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

/// Terms of Psi on a chart. Any number gives enclosures.
constexpr int kOrder = 6;
constexpr std::size_t kChunk = 8;
/// Of the first charts; a power of 2, so that all ends are doubles.
constexpr double kFirstRadius = 0.125;
/// So that ends of charts are doubles, up to 16 from 0.
constexpr int kMostChartHalvings = 45;
/// The mass of the start that a chart may give up, and one as small as charts are: their root is
/// what the Hellinger distance loses.
constexpr double kGap = 1e-20;
constexpr double kSteepGap = 1e-14;
/// How closely int sqrt(p q) is found on a chart: to this, or to a share of what the total
/// variation is found to. A closer one would soon cost more than all else.
constexpr double kRootError = 4e-12;
constexpr double kRootShare = 0.01;

[[noreturn]] void throw_folds(double at) {
  throw EngineRefusal(fmt::format(
      "--arithmetic ball: all steps together were not shown to be a map that increases near {:.6g} "
      "of the start, and one that folds the line is not followed; more steps fold less, and "
      "without "
      "--arithmetic the law is computed where it can be",
      at));
}

/// Psi on a chart. Where it was not shown to increase (too steep to be enclosed, most often), the
/// chart is a gap: what starts there is given up.
enum class Course { increases, unknown, falls };

/// What is known of p(Psi) Psi' - q on a chart.
struct OnChart {
  int sign = 0;
  double most = HUGE_VAL;  ///< of int |p(Psi) Psi' - q|; in a gap of int q
  Ball root;               ///< int sqrt(p(Psi) Psi' q); 0 in a gap
  double root_error = 0;   ///< its radius
};

struct ChartPiece {
  Chart chart;
  int depth = 0;
  Course course = Course::unknown;
  std::vector<OnChart> of;  ///< one a start

  bool gap() const { return course != Course::increases; }
  double low() const { return chart.centre - chart.radius; }
  double high() const { return chart.centre + chart.radius; }
};

/// The probability below x, enclosed.
Ball mass_below(const BallMixture<>& law, const Ball& x) {
  Ball out;
  for (std::size_t k = 0; k < law.size(); ++k) {
    out += law.weight(k) * erfc((law.mean(k) - x) / sqrt(law.variance(k) * 2)) / 2;
  }
  return out;
}

/// The mass of a law of the start on a chart.
Ball mass_of(const BallMixture<>& start, const Chart& chart) {
  return mass_below(start, Ball::exactly(chart.centre + chart.radius)) -
         mass_below(start, Ball::exactly(chart.centre - chart.radius));
}

/// p(Psi) Psi' and its logarithm, from a series of Psi.
struct Image {
  Image(const BallMixture<>& p, const Jet<Ball>& psi) {
    const auto at = p.at(psi);
    const Jet<Ball> slope = psi.differentiated();
    density = at.density() * slope;
    log_density = at.log_density() + log(slope);
  }
  Jet<Ball> density;
  Jet<Ball> log_density;
};

/// Proves what it can of charts.
class ChartJudge {
 public:
  ChartJudge(const BallMixture<>& end, const std::vector<BallMixture<>>& starts)
      : end_(end), starts_(starts) {}

  void look(ChartPiece& piece, const ChartFunction& psi) const {
    const Chart& chart = piece.chart;
    piece.of.assign(starts_.size(), {});
    const Ball slope = on_chart(psi, chart, 1);
    if (slope.finite() && slope.positive() == Truth::certainly) {
      piece.course = Course::increases;
    } else if (slope.finite() && (-slope).positive() == Truth::certainly) {
      piece.course = Course::falls;
    }
    if (piece.gap()) {
      for (std::size_t s = 0; s < starts_.size(); ++s) {
        piece.of[s].most = upper_double(mass_of(starts_[s], chart).magnitude_upper());
      }
      return;
    }
    // P16: m = p(Psi) Psi' at the centre, n - 1 terms, and the next on the chart.
    const int n = static_cast<int>(psi.terms.size());
    const Jet<Ball> centre(psi.terms, n - 1);
    std::vector<Ball> box;
    for (int k = 0; k <= n; ++k) {
      box.push_back(on_chart(psi, chart, k));
    }
    const Jet<Ball> around(std::move(box), n);
    const Image image(end_, centre);
    const Image image_around(end_, around);
    const Ball r = Ball::exactly(chart.radius);
    const Ball x = Ball::exactly(chart.centre);
    for (std::size_t s = 0; s < starts_.size(); ++s) {
      const auto start = starts_[s].at(Jet<Ball>::variable(x, n - 2));
      const auto start_around = starts_[s].at(Jet<Ball>::variable(Ball::around(x, r), n - 1));
      const Jet<Ball> gap = image.density - start.density();
      const Jet<Ball> gap_around = image_around.density - start_around.density();
      Ball rest = gap_around.coefficient(n - 1).magnitude_upper();
      for (int k = n - 2; k >= 1; --k) {
        rest = rest * r + gap.coefficient(k).magnitude_upper();
      }
      rest *= r;
      const Ball middle = gap.coefficient(0);
      piece.of[s].most = upper_double((middle.magnitude_upper() + rest) * r * 2);
      // Of sums of logarithms: products of wide balls would not know that they are positive.
      piece.of[s].root =
          series_integral(exp((image.log_density + start.log_density()) / 2),
                          exp((image_around.log_density + start_around.log_density()) / 2), r);
      if (!piece.of[s].root.finite()) {
        // Cauchy and Schwarz, as p has at most the mass 1.
        piece.of[s].root = Ball::hull(0, sqrt(mass_of(starts_[s], chart).magnitude_upper()));
      }
      piece.of[s].root_error = upper_double(piece.of[s].root.radius());
      if (rest.less_than(middle.magnitude_lower()) == Truth::certainly) {
        piece.of[s].sign = middle.positive() == Truth::certainly ? 1 : -1;
      }
    }
  }

 private:
  const BallMixture<>& end_;
  const std::vector<BallMixture<>>& starts_;
};

/// The charts and what was found on them.
class ChartSurvey {
 public:
  ChartSurvey(const ComposedMap& map, const ChartJudge& judge, std::size_t starts, long bits,
              int threads, long most_charts)
      : map_(map),
        judge_(judge),
        starts_(starts),
        bits_(bits),
        threads_(threads),
        most_charts_(most_charts) {}

  /// Covers [low, high], whole numbers of charts.
  std::vector<ChartPiece> run(double low, double high, double tolerance) {
    std::vector<ChartPiece> open;
    for (double at = low; at < high; at += 2 * kFirstRadius) {
      open.push_back({.chart = {at + kFirstRadius, kFirstRadius}, .of = {}});
    }
    double small = tolerance / 256;
    while (!open.empty()) {
      look(open);
      for (ChartPiece& piece : open) {
        done_.push_back(std::move(piece));
      }
      open = to_halve(small);
      if (open.empty() && undecided() > tolerance) {
        small /= 4;
        open = to_halve(small);
      }
    }
    std::sort(done_.begin(), done_.end(), [](const ChartPiece& a, const ChartPiece& b) {
      return a.chart.centre < b.chart.centre;
    });
    return std::move(done_);
  }
  long charts() const { return charts_; }

 private:
  void look(std::vector<ChartPiece>& pieces) {
    charts_ += static_cast<long>(pieces.size());
    if (charts_ > most_charts_) {
      throw EngineRefusal(fmt::format(
          "--arithmetic ball: more than {} pieces of the start would be needed to decide the sign "
          "of p - q: the width asked for is too small for this law; ask for a larger --width",
          most_charts_));
    }
    const std::size_t chunks = (pieces.size() + kChunk - 1) / kChunk;
    parallel_for(chunks, threads_, [&](std::size_t chunk) {
      const PrecisionScope scope(bits_);
      const std::size_t from = chunk * kChunk;
      const std::size_t to = std::min(from + kChunk, pieces.size());
      std::vector<Chart> charts;
      for (std::size_t i = from; i < to; ++i) {
        charts.push_back(pieces[i].chart);
      }
      const std::vector<ChartFunction> psi = map_.on_charts(charts, kOrder);
      for (std::size_t i = from; i < to; ++i) {
        judge_.look(pieces[i], psi[i - from]);
      }
    });
  }

  /// What a chart may leave unknown, or give up. Where Psi falls, halving would not help.
  static double most_of(const ChartPiece& piece, double small) {
    if (!piece.gap() || piece.course == Course::falls) {
      return small;
    }
    return std::min(small, piece.depth == kMostChartHalvings ? kSteepGap : kGap);
  }

  /// Takes out of what is done the charts that are not, and halves them.
  std::vector<ChartPiece> to_halve(double small) {
    std::vector<ChartPiece> out;
    std::vector<ChartPiece> kept;
    for (ChartPiece& piece : done_) {
      const double most = most_of(piece, small);
      const bool good = std::all_of(piece.of.begin(), piece.of.end(), [&](const OnChart& f) {
        return (f.sign != 0 || f.most <= most) &&
               f.root_error <= std::max(kRootShare * small, kRootError);
      });
      if (good) {
        kept.push_back(std::move(piece));
        continue;
      }
      if (piece.course == Course::falls || piece.depth == kMostChartHalvings) {
        throw_folds(piece.chart.centre);
      }
      const double r = piece.chart.radius / 2;
      for (const double centre : {piece.chart.centre - r, piece.chart.centre + r}) {
        out.push_back({.chart = {centre, r}, .depth = piece.depth + 1, .of = {}});
      }
    }
    done_ = std::move(kept);
    return out;
  }

  double undecided() const {
    double worst = 0;
    for (std::size_t s = 0; s < starts_; ++s) {
      double sum = 0;
      for (const ChartPiece& piece : done_) {
        sum += piece.of[s].sign == 0 ? piece.of[s].most : 0;
      }
      worst = std::max(worst, sum);
    }
    return worst;
  }

  const ComposedMap& map_;
  const ChartJudge& judge_;
  std::size_t starts_;
  long bits_;
  int threads_;
  long most_charts_;
  std::vector<ChartPiece> done_;
  long charts_ = 0;
};

/// Psi at points that are asked for, each once.
class Edges {
 public:
  void want(double x) { at_.emplace(x, Ball()); }
  void find(const ComposedMap& map, long bits, int threads) {
    std::vector<double> points;
    for (const auto& edge : at_) {
      points.push_back(edge.first);
    }
    const std::size_t chunks = (points.size() + kChunk - 1) / kChunk;
    const auto found = parallel_map(chunks, threads, [&](std::size_t chunk) {
      const PrecisionScope scope(bits);
      const std::size_t from = chunk * kChunk;
      const std::size_t to = std::min(from + kChunk, points.size());
      return map.at({points.begin() + static_cast<std::ptrdiff_t>(from),
                     points.begin() + static_cast<std::ptrdiff_t>(to)});
    });
    for (std::size_t i = 0; i < points.size(); ++i) {
      at_[points[i]] = found[i / kChunk][i % kChunk];
    }
  }
  const Ball& at(double x) const { return at_.at(x); }

 private:
  std::map<double, Ball> at_;
};

/// Neighbours of one kind: charts of one sign, or gaps.
struct ChartRun {
  double low;
  double high;
  int sign;
  bool gap;
};

std::vector<ChartRun> runs_of(const std::vector<ChartPiece>& pieces, std::size_t start) {
  std::vector<ChartRun> out;
  for (const ChartPiece& piece : pieces) {
    const ChartRun next{piece.low(), piece.high(), piece.of[start].sign, piece.gap()};
    if (!out.empty() && out.back().sign == next.sign && out.back().gap == next.gap) {
      out.back().high = next.high;
    } else {
      out.push_back(next);
    }
  }
  return out;
}

/// Whole numbers around every mean +- 9.5 deviations of every law, roughly: what lies outside is
/// counted, so that any would do.
std::pair<double, double> range_of(const std::vector<BallMixture<>>& laws) {
  double low = 0;
  double high = 0;
  for (const BallMixture<>& law : laws) {
    for (std::size_t k = 0; k < law.size(); ++k) {
      const double reach = 9.5 * std::sqrt(law.variance(k).to_double());
      low = std::min(low, std::floor(law.mean(k).to_double() - reach));
      high = std::max(high, std::ceil(law.mean(k).to_double() + reach));
    }
  }
  return {low, high};
}

}  // namespace

std::vector<MapDistance> map_distances(const ComposedMap& map, const BallMixture<>& end,
                                       const std::vector<BallMixture<>>& starts, double tolerance,
                                       long bits, int threads, long most_charts) {
  const auto [low, high] = range_of(starts);
  const ChartJudge judge(end, starts);
  ChartSurvey survey(map, judge, starts.size(), bits, threads, most_charts);
  const std::vector<ChartPiece> pieces = survey.run(low, high, tolerance);
  std::vector<std::vector<ChartRun>> runs;
  Edges edges;
  for (std::size_t s = 0; s < starts.size(); ++s) {
    runs.push_back(runs_of(pieces, s));
    for (const ChartRun& run : runs.back()) {
      edges.want(run.low);
      edges.want(run.high);
    }
  }
  edges.find(map, bits, threads);
  std::vector<MapDistance> out;
  for (std::size_t s = 0; s < starts.size(); ++s) {
    const auto p_below = [&](double x) { return mass_below(end, edges.at(x)); };
    const auto q_below = [&](double x) { return mass_below(starts[s], Ball::exactly(x)); };
    // P17: q outside of the charts and p outside of what these are mapped to. What is given up at
    // an end of the charts is outside as well, wherever Psi sends it.
    if (runs[s].front().gap) {
      runs[s].erase(runs[s].begin());
    }
    if (!runs[s].empty() && runs[s].back().gap) {
      runs[s].pop_back();
    }
    if (runs[s].empty()) {
      throw_folds(0);
    }
    const double first = runs[s].front().low;
    const double last = runs[s].back().high;
    Ball p_outside = 1 - (p_below(last) - p_below(first));
    Ball q_outside = 1 - (q_below(last) - q_below(first));
    Ball known;
    for (const ChartRun& run : runs[s]) {
      const Ball of_p = p_below(run.high) - p_below(run.low);
      const Ball of_q = q_below(run.high) - q_below(run.low);
      if (run.gap) {
        if (edges.at(run.low).less_than(edges.at(run.high)) != Truth::certainly) {
          throw_folds(run.low);
        }
        p_outside += of_p;
        q_outside += of_q;
      } else if (run.sign != 0) {
        known += (of_p - of_q) * run.sign;
      }
    }
    Ball unknown;
    Ball root;
    for (const ChartPiece& piece : pieces) {
      root += piece.of[s].root;
      if (!piece.gap() && piece.of[s].sign == 0) {
        unknown += Ball::exactly(piece.of[s].most);
      }
    }
    const Ball least = known + p_outside - q_outside;
    const Ball most = known + p_outside + q_outside + unknown;
    // P19: what was given up adds at most the root of its mass.
    const Ball square = Ball::hull(1 - root - sqrt(q_outside.magnitude_upper()), 1 - root);
    out.push_back({Ball::hull(lower_end(least), upper_end(most)) / 2, root_of_square(square),
                   upper_double(unknown + q_outside), q_outside, survey.charts()});
  }
  return out;
}

}  // namespace lemmabench
