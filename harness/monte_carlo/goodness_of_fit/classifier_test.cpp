#include "harness/monte_carlo/goodness_of_fit/classifier_test.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <numeric>
#include <utility>

#include "numerics/log_gamma.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kAllProducts = 16;
constexpr Eigen::Index kMostCorrelated = 400;

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

class Features {
 public:
  Features(std::size_t dim, bool density) : dim_(dim), density_(density) {}

  Eigen::Index count() const {
    const std::size_t squares = dim_ <= kAllProducts ? dim_ * (dim_ + 1) / 2 : dim_;
    return static_cast<Eigen::Index>(dim_ + squares + (density_ ? 1 : 0));
  }
  void of(const Described& from, std::size_t row, Vector& out) const {
    const double* x = &from.points.values[row * dim_];
    Eigen::Index f = 0;
    for (std::size_t i = 0; i < dim_; ++i) out[f++] = x[i];
    for (std::size_t i = 0; i < dim_; ++i) {
      for (std::size_t j = dim_ <= kAllProducts ? 0 : i; j <= i; ++j) out[f++] = x[i] * x[j];
    }
    if (density_) out[f] = from.log_density[row];
  }

 private:
  std::size_t dim_;
  bool density_;
};

struct Class {
  Vector mean;
  Vector variance;
};

Class summary(const Features& features, const Described& from, std::size_t rows) {
  Class out{Vector::Zero(features.count()), Vector::Zero(features.count())};
  Vector f(features.count());
  for (std::size_t r = 0; r < rows; ++r) {
    features.of(from, r, f);
    const Vector gap = f - out.mean;
    out.mean += gap / static_cast<double>(r + 1);
    out.variance += gap.cwiseProduct(f - out.mean);
  }
  out.variance /= static_cast<double>(rows);
  return out;
}

void add_correlations(const Features& features, const Described& from, std::size_t rows,
                      const Class& about, const Vector& scale, Matrix& out) {
  Vector f(features.count());
  for (std::size_t r = 0; r < rows; ++r) {
    features.of(from, r, f);
    f = (f - about.mean).cwiseProduct(scale);
    out.selfadjointView<Eigen::Lower>().rankUpdate(f);
  }
}

/// Fisher's discriminant of the first `rows` rows of each.
Vector discriminant(const Features& features, const Described& samples, std::size_t sample_rows,
                    const Described& draws, std::size_t draw_rows) {
  const Class a = summary(features, samples, sample_rows);
  const Class b = summary(features, draws, draw_rows);
  const Vector spread = ((a.variance + b.variance) / 2).cwiseSqrt();
  const Vector scale =
      spread.unaryExpr([](double s) { return s > 0 && std::isfinite(s) ? 1 / s : 0.0; });
  const Vector gap = (a.mean - b.mean).cwiseProduct(scale);
  if (features.count() > kMostCorrelated) return gap.cwiseProduct(scale);
  Matrix correlation = Matrix::Zero(features.count(), features.count());
  add_correlations(features, samples, sample_rows, a, scale, correlation);
  add_correlations(features, draws, draw_rows, b, scale, correlation);
  const auto rows = static_cast<double>(sample_rows + draw_rows);
  correlation /= rows;
  correlation.diagonal().array() += 1e-3 + static_cast<double>(features.count()) / rows;
  return correlation.selfadjointView<Eigen::Lower>().ldlt().solve(gap).cwiseProduct(scale);
}

std::vector<double> scores(const Features& features, const Described& from, std::size_t first,
                           std::size_t last, const Vector& weights) {
  std::vector<double> out;
  Vector f(features.count());
  for (std::size_t r = first; r < last; ++r) {
    features.of(from, r, f);
    out.push_back(weights.dot(f));
  }
  return out;
}

struct Event {
  double threshold = 0;
  bool above = true;

  std::size_t hits(const std::vector<double>& of) const {
    return static_cast<std::size_t>(
        std::count_if(of.begin(), of.end(), [this](double s) { return (s > threshold) == above; }));
  }
};

/// The half-line of scores that a holds most more often than b.
Event best_event(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  Event out;
  double most = -1;
  std::size_t j = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    while (j < b.size() && b[j] <= a[i]) ++j;
    const double gap = static_cast<double>(i + 1) / static_cast<double>(a.size()) -
                       static_cast<double>(j) / static_cast<double>(b.size());
    if (std::fabs(gap) > most) {
      most = std::fabs(gap);
      out = {a[i], gap < 0};
    }
  }
  return out;
}

double log_choose(std::size_t n, std::size_t k) {
  const auto of = [](std::size_t x) { return log_gamma(static_cast<double>(x) + 1); };
  return of(n) - of(k) - of(n - k);
}

}  // namespace

double EventCounts::p() const {
  return hypergeometric_tail(sample_hits, samples, sample_hits + law_hits, samples + draws);
}

double EventCounts::total_variation(double miss) const {
  return std::max(0.0, proportion_at_least(sample_hits, samples, miss / 2) -
                           proportion_at_most(law_hits, draws, miss / 2));
}

EventCounts chosen_event(const Described& samples, const Described& draws) {
  const bool density = !samples.log_density.empty() && !draws.log_density.empty();
  const Features features(samples.points.columns, density);
  const std::size_t a = samples.points.rows / 2;
  const std::size_t b = draws.points.rows / 2;
  const Vector weights = discriminant(features, samples, a, draws, b);
  const Event event =
      best_event(scores(features, samples, 0, a, weights), scores(features, draws, 0, b, weights));
  const auto sample_scores = scores(features, samples, a, samples.points.rows, weights);
  const auto draw_scores = scores(features, draws, b, draws.points.rows, weights);
  return {event.hits(sample_scores), sample_scores.size(), event.hits(draw_scores),
          draw_scores.size()};
}

double event_floor(std::size_t samples, std::size_t draws, double p) {
  const boost::math::normal normal;
  const double quantiles = boost::math::quantile(boost::math::complement(normal, p)) +
                           boost::math::quantile(normal, 0.8);
  return quantiles / 2 *
         std::sqrt(1 / static_cast<double>(samples) + 1 / static_cast<double>(draws));
}

double hypergeometric_tail(std::size_t least, std::size_t drawn, std::size_t marked,
                           std::size_t total) {
  const std::size_t most = std::min(drawn, marked);
  const std::size_t fewest = drawn + marked > total ? drawn + marked - total : 0;
  if (least <= fewest) return 1;
  if (least > most) return 0;
  const auto probability = [&](std::size_t k) {
    return std::exp(log_choose(marked, k) + log_choose(total - marked, drawn - k) -
                    log_choose(total, drawn));
  };
  // P(X = k+1)/P(X = k)
  const auto ratio = [&](std::size_t k) {
    return static_cast<double>(marked - k) * static_cast<double>(drawn - k) /
           (static_cast<double>(k + 1) * static_cast<double>(total + k + 1 - marked - drawn));
  };
  // Away from the mean, where terms fall.
  double sum = 0;
  if (static_cast<double>(least) * static_cast<double>(total) >
      static_cast<double>(drawn) * static_cast<double>(marked)) {
    double term = probability(least);
    for (std::size_t k = least; k <= most && term > 0; ++k) {
      sum += term;
      term *= ratio(k);
    }
    return std::min(1.0, sum);
  }
  double term = probability(least - 1);
  for (std::size_t k = least - 1; term > 0; --k) {
    sum += term;
    if (k == fewest) break;
    term /= ratio(k - 1);
  }
  return std::max(0.0, 1 - sum);
}

double proportion_at_least(std::size_t hits, std::size_t trials, double miss) {
  if (hits == 0) return 0;
  return boost::math::ibeta_inv(static_cast<double>(hits), static_cast<double>(trials - hits + 1),
                                miss);
}

double proportion_at_most(std::size_t hits, std::size_t trials, double miss) {
  if (hits == trials) return 1;
  return boost::math::ibetac_inv(static_cast<double>(hits + 1), static_cast<double>(trials - hits),
                                 miss);
}

}  // namespace lemmabench
