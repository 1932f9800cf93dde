#pragma once

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "harness/law/law.hpp"
#include "harness/monte_carlo/particles/particles.hpp"
#include "harness/test/law_request.hpp"

// Questions to the particles whose answers are known exactly.
namespace lemmabench::test {

inline ParticleRequest request_of(const std::string& target, const std::string& sampler,
                                  std::vector<long> steps, const std::string& schedule) {
  ParticleRequest out;
  out.target = target;
  out.sampler = sampler;
  out.steps = std::move(steps);
  out.schedule = make_schedule(schedule, "test");
  out.samples = 2000;
  return out;
}

inline LawResult exact_law(const ParticleRequest& asked, long steps) {
  LawRequest request = request_for(asked.target, asked.sampler, steps);
  request.schedule = asked.schedule;
  request.score = asked.score;
  request.arithmetic = LawArithmetic::in_double();
  return compute_law(request, {.decomposition = false});
}

/// TV of N(0, v I) and N(0, w I) in d dimensions, by the law of |x|^2.
inline double gaussian_tv(double v, double w, double dim) {
  const double low = std::min(v, w);
  const double high = std::max(v, w);
  const double square = dim * low * high * std::log(high / low) / (high - low);
  const boost::math::chi_squared law(dim);
  return cdf(law, square / low) - cdf(law, square / high);
}

/// Of isotropic Gaussian targets: TV with noise added to both laws.
inline double exact_tv(const ParticleRequest& asked, double variance, double dim, double extra) {
  const Level<double> level = Schedule<double>(asked.schedule, asked.steps[0]).level(1);
  const double w = level.abar * variance + level.noise;
  const double v =
      w * (1 + exact_law(asked, asked.steps[0]).relative_variance_error[0].value.value());
  return gaussian_tv(v + extra, w + extra, dim);
}

}  // namespace lemmabench::test
