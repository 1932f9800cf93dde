#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "theory/process/vector_law.hpp"

/// What must be true of any law of vectors, whatever it is made of: checks that return what they
/// find, with the tolerance derived where they are made. For the conformance suites.
namespace lemmabench::test {

using Point = std::vector<double>;
using Findings = std::vector<std::string>;

inline std::vector<Lanes> packed(const std::vector<Point>& points, std::size_t dim) {
  const std::size_t groups = (points.size() + kLanes - 1) / kLanes;
  std::vector<Lanes> out(groups * dim);
  for (std::size_t s = 0; s < groups * kLanes; ++s) {
    const Point& p = points[std::min(s, points.size() - 1)];
    for (std::size_t i = 0; i < dim; ++i) {
      out[s / kLanes * dim + i].v[s % kLanes] = p[i];
    }
  }
  return out;
}

inline std::vector<double> log_densities(const VectorMarginal& p, const std::vector<Point>& at) {
  const std::vector<Lanes> points = packed(at, at[0].size());
  std::vector<Lanes> out(points.size() / at[0].size());
  p.log_density(points.data(), out.size(), out.data());
  std::vector<double> values(at.size());
  for (std::size_t s = 0; s < at.size(); ++s) {
    values[s] = out[s / kLanes][s % kLanes];
  }
  return values;
}

inline std::vector<Point> scores(const VectorMarginal& p, const std::vector<Point>& at) {
  const std::size_t dim = at[0].size();
  const std::vector<Lanes> points = packed(at, dim);
  std::vector<Lanes> out(points.size());
  p.score(points.data(), points.size() / dim, out.data());
  std::vector<Point> values(at.size(), Point(dim));
  for (std::size_t s = 0; s < at.size(); ++s) {
    for (std::size_t i = 0; i < dim; ++i) {
      values[s][i] = out[s / kLanes * dim + i][s % kLanes];
    }
  }
  return values;
}

inline std::vector<Point> samples(const VectorLaw& law, double tau, std::uint64_t seed,
                                  std::size_t count) {
  const std::size_t dim = law.dim();
  std::vector<Lanes> drawn((count + kLanes - 1) / kLanes * dim);
  law.sample({seed, 1}, tau, 0, drawn.size() / dim, drawn.data());
  std::vector<Point> out(count, Point(dim));
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t i = 0; i < dim; ++i) {
      out[s][i] = drawn[s / kLanes * dim + i][s % kLanes];
    }
  }
  return out;
}

inline double square_distance(const Point& a, const Point& b) {
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    out += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return out;
}

inline Point moved(Point x, const Point& direction, double by) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] += by * direction[i];
  }
  return x;
}

/// Lengths of a law: the median distance of two samples, and of one coordinate.
struct Size {
  double radius = 1;      ///< of the whole law
  double coordinate = 1;  ///< radius/sqrt(d)
};

inline Size size_of(const VectorLaw& law) {
  const std::vector<Point> some = samples(law, 0, 5, 64);
  std::vector<double> distances;
  for (std::size_t k = 0; k + 1 < some.size(); k += 2) {
    distances.push_back(std::sqrt(square_distance(some[k], some[k + 1])));
  }
  std::nth_element(distances.begin(), distances.begin() + 16, distances.end());
  return {distances[16], distances[16] / std::sqrt(static_cast<double>(law.dim()))};
}

/// f'(0) of values at -2h, -h, h, 2h: the truncation error is h^4 f^(5)/30.
inline double central_difference(double down2, double down, double up, double up2, double h) {
  return (8 * (up - down) - (up2 - down2)) / (12 * h);
}

/// A derivative by central differences at h and h/2, and what it may be off by: their difference,
/// some 15 times the truncation error of the second, and the rounding of values of size `scale` by
/// 16 units each in the last place, 1.5 times each over h/2.
struct Derivative {
  double value = 0;
  double error = 0;
};

template <class Function>  // double(double)
Derivative derivative(const Function& f, double h, double scale) {
  const double down = f(-h);
  const double up = f(h);
  const double inner_down = f(-h / 2);
  const double inner_up = f(h / 2);
  const double coarse = central_difference(f(-2 * h), down, up, f(2 * h), h);
  const double fine = central_difference(down, inner_down, inner_up, up, h / 2);
  return {fine, std::abs(coarse - fine) + 3 / h * 16 * 1.2e-16 * scale};
}

/// What the two lengths in log p_tau are: smoothing makes it smooth over `smooth`, and parts of the
/// law that lie `radius` apart hand over to each other within smooth^2/radius.
struct Lengths {
  double smooth;
  double step;
};
inline Lengths lengths_of(const VectorLaw& law, const Size& size, double tau) {
  const double smooth = std::sqrt(tau + law.core_variance());
  return {smooth, smooth * smooth / (smooth + size.radius) / 64};
}

inline double magnitude(double x, std::size_t dim) {
  return std::abs(x) + static_cast<double>(dim);
}

/// A direction without a pattern, and the first and last axes.
inline std::vector<Point> directions(std::size_t dim) {
  Point free(dim);
  double norm = 0;
  for (std::size_t i = 0; i < dim; ++i) {
    free[i] = std::sin(1.7 * static_cast<double>(i + 1) * static_cast<double>(i + 2));
    norm += free[i] * free[i];
  }
  for (double& x : free) {
    x /= std::sqrt(norm);
  }
  std::vector<Point> out{free, Point(dim), Point(dim)};
  out[1].front() = 1;
  out[2].back() = 1;
  return out;
}

/// The score is the gradient of log p_tau.
inline Findings score_is_gradient(const VectorLaw& law, const Size& size, double tau) {
  Findings out;
  const auto p = law.marginal(tau);
  const Lengths lengths = lengths_of(law, size, tau);
  const std::vector<Point> points = samples(law, tau, 7, kLanes);
  const std::vector<Point> score = scores(*p, points);
  for (std::size_t s = 0; s < points.size(); ++s) {
    const double scale = magnitude(log_densities(*p, {points[s]})[0], law.dim());
    for (const Point& u : directions(law.dim())) {
      const Derivative slope =
          derivative([&](double by) { return log_densities(*p, {moved(points[s], u, by)})[0]; },
                     lengths.step, scale);
      double ours = 0;
      double size_of_score = 1 / lengths.smooth;
      for (std::size_t i = 0; i < u.size(); ++i) {
        ours += u[i] * score[s][i];
        size_of_score += std::abs(score[s][i]);
      }
      if (!(slope.error < 1e-4 * size_of_score)) {
        out.push_back(fmt::format("tau {:.3g}: differences of log p say nothing: {:.3g} +- {:.3g}",
                                  tau, slope.value, slope.error));
      } else if (!(std::abs(ours - slope.value) <= slope.error)) {
        out.push_back(
            fmt::format("tau {:.3g}: the score {:.15g} is not the slope {:.15g} +- {:.3g}", tau,
                        ours, slope.value, slope.error));
      }
    }
  }
  return out;
}

/// p_tau is one law smoothed by tau: d/dtau log p = (laplacian log p + |score|^2)/2.
inline Findings heat_equation(const VectorLaw& law, const Size& size, double tau) {
  Findings out;
  const auto p = law.marginal(tau);
  const Lengths lengths = lengths_of(law, size, tau);
  const double k = std::min(tau / 8, lengths.step * lengths.step * 64);
  const std::vector<Point> points = samples(law, tau, 9, 3);
  const std::vector<double> steps{-2 * k, -k, -k / 2, k / 2, k, 2 * k};
  std::vector<std::vector<double>> by_level;
  for (const double step : steps) {
    by_level.push_back(log_densities(*law.marginal(tau + step), points));
  }
  const std::vector<Point> score = scores(*p, points);
  for (std::size_t s = 0; s < points.size(); ++s) {
    const double scale = magnitude(by_level[0][s], law.dim());
    const auto value = [&](double by) {
      return by_level[static_cast<std::size_t>(std::find(steps.begin(), steps.end(), by) -
                                               steps.begin())][s];
    };
    const Derivative left = derivative(value, k, scale);
    double right = 0;
    double error = left.error;
    double total = static_cast<double>(law.dim()) / (lengths.smooth * lengths.smooth);
    for (std::size_t i = 0; i < law.dim(); ++i) {
      Point axis(law.dim());
      axis[i] = 1;
      // A score is rounded relative to 1/tau times the distances in it.
      const double rounding = std::abs(score[s][i]) + (size.radius + std::abs(points[s][i])) /
                                                          (lengths.smooth * lengths.smooth);
      const Derivative curve =
          derivative([&](double by) { return scores(*p, {moved(points[s], axis, by)})[0][i]; },
                     lengths.step, rounding);
      right += (curve.value + score[s][i] * score[s][i]) / 2;
      total += score[s][i] * score[s][i];
      error += curve.error / 2;
    }
    if (!(error < 1e-3 * total)) {
      out.push_back(fmt::format("tau {:.3g}: d/dtau log p is known to {:.3g} of {:.3g} only", tau,
                                error, total));
    } else if (!(std::abs(left.value - right) <= error)) {
      out.push_back(
          fmt::format("tau {:.3g}: d/dtau log p = {:.12g}, the score says {:.12g} +- {:.3g}", tau,
                      left.value, right, error));
    }
  }
  return out;
}

/// The samples at tau/8 and the density at tau + radius^2 fit: with X of law p_a,
///   p_{a+b}(x) (2 pi b)^{d/2} = E exp(-|x-X|^2/(2b)),
/// a number in [0, 1] whose mean over n samples is known to sqrt(2 V L/n) + 3 L/n with probability
/// 1 - 3 e^-L, V their variance (Audibert, Munos & Szepesvari 2009); L = 22, so that one of a
/// hundred thousand runs of a hundred such checks fails by chance. Catches a density that does not
/// integrate to 1 in any dimension.
inline Findings samples_fit_density(const VectorLaw& law, const Size& size, double tau) {
  constexpr std::size_t kSamples = 8192;
  constexpr double kLog = 22;
  Findings out;
  const double added = size.radius * size.radius;
  const std::vector<Point> drawn = samples(law, tau / 8, 11, kSamples);
  const auto p = law.marginal(tau / 8 + added);
  const auto half = static_cast<double>(law.dim()) / 2;
  for (const Point& x : samples(law, tau, 13, 3)) {
    const double ours =
        std::exp(log_densities(*p, {x})[0] + half * std::log(2 * std::acos(-1.0) * added));
    double sum = 0;
    double squares = 0;
    for (const Point& y : drawn) {
      const double term = std::exp(-square_distance(x, y) / (2 * added));
      sum += term;
      squares += term * term;
    }
    const double n = kSamples;
    const double mean = sum / n;
    const double width =
        std::sqrt(2 * std::max(squares / n - mean * mean, 0.0) * kLog / n) + 3 * kLog / n;
    if (!(std::abs(ours - mean) <= width)) {
      out.push_back(
          fmt::format("tau {:.3g}: the density is {:.6g} where samples say {:.6g} +- {:.2g}", tau,
                      ours, mean, width));
    }
  }
  return out;
}

/// Mean and variances of the coordinates as the score knows them: by Tweedie's formula E[X_0|y] = y
/// + tau s(y), at y = 0 for tau -> infinity, and tau times its derivative there.
struct Moments {
  Point mean;
  Point variance;
};
inline Moments tweedie_moments(const VectorLaw& law, double tau) {
  const std::size_t dim = law.dim();
  const auto p = law.marginal(tau);
  const double h = std::sqrt(tau);
  Moments out{scores(*p, {Point(dim)})[0], Point(dim)};
  for (std::size_t i = 0; i < dim; ++i) {
    out.mean[i] *= tau;
    Point up(dim);
    Point down(dim);
    up[i] = h;
    down[i] = -h;
    const std::vector<Point> s = scores(*p, {up, down});
    out.variance[i] = ((2 * h + tau * s[0][i]) - tau * s[1][i]) * tau / (2 * h);
  }
  return out;
}

}  // namespace lemmabench::test
