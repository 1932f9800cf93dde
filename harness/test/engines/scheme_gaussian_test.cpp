// The law of a scheme on Gaussians: against a propagation written the other way round, against the
// samplers of cases/ on the same levels, and by hand.
#include "harness/engines/scheme/scheme_gaussian.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "cases/test/schemes/example_schemes.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/engines/scheme/scheme_moments.hpp"
#include "numerics/error.hpp"
#include "theory/process/schedule.hpp"

using namespace lemmabench;
using namespace lemmabench::example;

namespace {

GaussianLaw gaussian(const std::string& text) {
  return std::get<GaussianLaw>(make_target(text, "test").law);
}

LawResult law(const Scheme& scheme, const std::string& target, Start start = Start::exact,
              const std::string& arithmetic = "ball") {
  LawRequest request;
  request.start = start;
  request.arithmetic = LawArithmetic::parse(arithmetic, "test");
  return scheme_gaussian_law(scheme, gaussian(target), request, LawOptions{});
}

/// Forwards instead of backwards: every row and output as a vector over (1, x_T, z).
struct Forward {
  double mean;
  double variance;
};
Forward forward(const Scheme& scheme, double w, double mu, double start_mean,
                double start_variance) {
  const SchemeColumns columns = expanded(scheme);
  const std::size_t size = 2 + scheme.draws;
  std::vector<std::vector<double>> outputs;
  std::vector<double> row;
  for (std::size_t k = 0; k <= scheme.calls(); ++k) {
    const double* c = columns.row(k);
    row.assign(size, 0);
    row[1] = c[0];
    for (std::size_t m = 0; m < scheme.draws; ++m) row[2 + m] = c[1 + columns.calls + m];
    for (std::size_t j = 0; j < k; ++j) {
      for (std::size_t i = 0; i < size; ++i) row[i] += c[1 + j] * outputs[j][i];
    }
    if (k < scheme.calls()) {
      const double noise = scheme.levels[k] * scheme.levels[k];
      std::vector<double> output = row;
      for (double& x : output) x *= std::isinf(noise) ? 0 : w / (w + noise);
      output[0] += mu * (std::isinf(noise) ? 1 : noise / (w + noise));
      outputs.push_back(output);
    }
  }
  Forward out{row[0] + row[1] * start_mean, row[1] * row[1] * start_variance};
  for (std::size_t m = 0; m < scheme.draws; ++m) out.variance += row[2 + m] * row[2 + m];
  return out;
}

TEST_CASE("every kind of scheme has the variance and mean that forward propagation gives") {
  const std::vector<double> levels = log_levels(10);
  std::vector<Scheme> schemes = {euler(levels),
                                 heun(levels),
                                 ancestral(levels),
                                 two_calls_one_noise(levels),
                                 noisy_midpoint(levels, false),
                                 noisy_midpoint(levels, true),
                                 sde_with_memory(levels),
                                 sde_with_deeper_memory(levels)};
  for (std::size_t i = schemes.size(); i-- > 0;) schemes.push_back(written_out(schemes[i]));
  for (const Scheme& scheme : schemes) {
    const double w = 0.25;
    const double mu = 0.75;
    const double truth = w + levels.back() * levels.back();
    for (const Start start : {Start::exact, Start::gaussian}) {
      const bool exact = start == Start::exact;
      const Forward end = forward(scheme, w, mu, exact ? mu : 0, 400 + (exact ? w : 0));
      const LawResult found = law(scheme, "gaussian:dim=1,variance=0.25,mean=0.75", start);
      const Quantity& e = found.relative_variance_error[0].value;
      CHECK(e.evidence() == Evidence::proved);
      CHECK(std::abs(e.value() - (end.variance / truth - 1)) < 2e-14);  // observed at most 2e-15
      // KL(q||p) = (e - log(1+e) + shift^2/w)/2 has the mean in it.
      const double shift = end.mean - mu;
      const double kl = (e.value() - std::log1p(e.value()) + shift * shift / truth) / 2;
      CHECK(std::abs(found.kl_qp.value() - kl) < 1e-14);
      const LawResult computed =
          law(scheme, "gaussian:dim=1,variance=0.25,mean=0.75", start, "double");
      const Quantity& rough = computed.relative_variance_error[0].value;
      CHECK(std::abs(rough.value() - e.value()) <= rough.error());
      CHECK(rough.error() < 1e-13);  // observed at most 3e-15
      CHECK(std::abs(computed.tv.value() - found.tv.value()) <=
            computed.tv.error() + found.tv.error());
    }
  }
}

TEST_CASE("samplers of cases/ written as schemes on the same levels have the same laws") {
  // In x = y/sqrt(abar), sigma^2 = (1-abar)/abar.
  struct Entry {
    const char* sampler;
    Scheme (*make)(const std::vector<double>&);
  };
  const Entry entries[] = {
      {"edm-heun", [](const std::vector<double>& l) { return heun(l); }},
      {"ddpm-posterior", [](const std::vector<double>& l) { return ancestral(l); }},
      {"dpmpp-2m-sde", [](const std::vector<double>& l) { return sde_with_memory(l); }}};
  const std::string target = "gaussian:spectrum=0.25x3+4x2+0.01,mean=1";
  LawRequest request;
  request.steps = 20;
  request.start = Start::exact;
  request.schedule = make_schedule("karras", "test");
  const Schedule<double> schedule(request.schedule, request.steps, StepBound::whole);
  std::vector<double> levels;
  for (int t = schedule.steps(); t >= 1; --t) {
    levels.push_back(std::sqrt(schedule.level(t).noise / schedule.level(t).abar));
  }
  for (const Entry& entry : entries) {
    CAPTURE(std::string(entry.sampler));
    const LawResult known =
        compute_gaussian_law(gaussian(target), *make_sampler(entry.sampler, "test"),
                             *make_score("exact", "test"), request, LawOptions{});
    const LawResult found = law(entry.make(levels), target);
    // The levels are rounded to doubles: relative 1e-16 a level.
    CHECK(std::abs(found.tv.value() - known.tv.value()) < 1e-13);  // observed at most 1e-14
    CHECK(std::abs(found.kl_pq.value() / known.kl_pq.value() - 1) < 1e-12);
    CHECK(std::abs(found.hellinger.value() - known.hellinger.value()) < 1e-13);
    CHECK(found.dim == 6);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(std::abs(found.relative_variance_error[i].value.value() -
                     known.relative_variance_error[i].value.value()) < 1e-12);
    }
  }
}

TEST_CASE("one step by hand, from an exact, a Gaussian and an endless start, to level 0") {
  // y_1 = x/2 + D/2 at sigma 1 on N(0, 1): D = x/2, y_1 = 3x/4, X_0 + sigma Z has variance 2.
  Scheme scheme = euler({1, 0.5});
  const auto e = [&](Start start) {
    return law(scheme, "gaussian:dim=1,variance=1", start).relative_variance_error[0].value;
  };
  CHECK(e(Start::exact).enclosure().contains(Rational(-1, 10)));      // 9/8 against 5/4
  CHECK(e(Start::gaussian).enclosure().contains(Rational(-11, 20)));  // 9/16 against 5/4
  scheme.gaussian_start_variance = 2;
  CHECK(e(Start::gaussian).enclosure().contains(Rational(-1, 10)));
  scheme.gaussian_start_variance.reset();
  scheme.levels[1] = 0;  // against N(0, 1)
  CHECK(e(Start::exact).enclosure().contains(Rational(1, 8)));
  // From noise itself D_0 is the mean: y_1 = x/2 + mu/2 with variance 1/4.
  scheme.levels[0] = std::numeric_limits<double>::infinity();
  CHECK(e(Start::exact).enclosure().contains(Rational(-3, 4)));
  CHECK(e(Start::gaussian).enclosure().contains(Rational(-3, 4)));
  const LawResult parts = law(scheme, "gaussian:dim=1,variance=1", Start::gaussian);
  CHECK(parts.parts.initialisation->value() == 0);
  CHECK(parts.parts.initial_kl->value() == 0);
}

TEST_CASE("the parts of the error are those of both starts") {
  const Scheme scheme = ancestral(log_levels(8, 5, 0.05));
  const std::string target = "gaussian:spectrum=0.25x3+4,mean=1";
  const LawResult exact = law(scheme, target, Start::exact);
  const LawResult normal = law(scheme, target, Start::gaussian);
  CHECK(normal.parts.discretisation->interval().overlaps(exact.tv.interval()));
  CHECK(exact.parts.initialisation->value() == 0);
  // TV is a metric, and a map only brings two laws nearer.
  CHECK(
      at_most(normal.tv, normal.parts.discretisation.value() + normal.parts.initialisation.value())
          .verdict == Verdict::holds);
  CHECK(at_most(normal.parts.initialisation.value(), normal.parts.initial_tv.value()).verdict ==
        Verdict::holds);
  // N(0, 25) against N(1, 25.25)x3 and N(1, 29): KL(p||q) by hand.
  const auto kl = [](double w) { return (w / 25 - 1 - std::log(w / 25) + 1 / 25.0) / 2; };
  CHECK(std::abs(normal.parts.initial_kl->value() - (3 * kl(25.25) + kl(29))) < 1e-14);
  // W2(X_0, X_0 + sigma Z) = |sqrt(w + sigma^2) - sqrt(w)| in each coordinate.
  const double narrow = std::sqrt(0.2525) - 0.5;
  const double wide = std::sqrt(4.0025) - 2;
  CHECK(std::abs(normal.parts.early_stopping_w2->value() -
                 std::sqrt(3 * narrow * narrow + wide * wide)) < 1e-14);
  CHECK(
      at_most(normal.parts.early_stopping_w2.value(), normal.parts.early_stopping_w2_bound.value())
          .verdict == Verdict::holds);
}

TEST_CASE("more digits are more digits, and a thousand levels are no trouble") {
  const Scheme scheme = sde_with_memory(log_levels(1000));
  LawRequest request;
  request.digits = 100;
  request.start = Start::exact;
  const LawResult fine =
      scheme_gaussian_law(scheme, gaussian("gaussian:dim=1,variance=0.25,mean=0.75"), request, {});
  CHECK(fine.relative_variance_error[0].value.enclosure().relative_accuracy_bits() >= 332);
  const LawResult usual = law(scheme, "gaussian:dim=1,variance=0.25,mean=0.75");
  CHECK(usual.tv.interval().contains(fine.tv.interval()));
}

TEST_CASE("an output without variance is refused") {
  Scheme scheme = euler({1, 0.5});
  scheme.rows[1] = {};
  CHECK_THROWS_AS(law(scheme, "gaussian:dim=1,variance=1"), EngineRefusal);
  CHECK_THROWS_AS(law(scheme, "gaussian:dim=1,variance=1", Start::exact, "double"), EngineRefusal);
}

}  // namespace
